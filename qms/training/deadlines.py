"""When a training has to be renewed: its printed end (T1), or the office's own limit where none is printed (T2)."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from qms.core.db import db
from qms.domain.deadlines import Deadline, Kind, Rule
from qms.domain.limits import NOT_SET, Limit, Unit, due_on
from qms.domain.standing import Who
from qms.offices.models import OfficeLimit
from qms.people.models import Appointment, Person
from qms.standards.models import Edition
from qms.training.models import Training

KINDS: Final = frozenset({Kind.QUALIFICATION})

_later = aliased(Training)
_HAS_LATER: Final = exists().where(
    _later.office_id == Training.office_id,
    _later.person_id == Training.person_id,
    _later.trained_as == Training.trained_as,
    _later.edition_code == Training.edition_code,
    or_(_later.held_on > Training.held_on, and_(_later.held_on == Training.held_on, _later.id > Training.id)),
)
_HOLDS_POST: Final = exists().where(
    Appointment.office_id == Training.office_id,
    Appointment.person_id == Training.person_id,
    or_(
        and_(Training.trained_as == "auditor", Appointment.post == Who.AUDITOR),
        and_(Training.trained_as == "proxy", Appointment.post.in_((Who.PROXY, Who.DEPUTY))),
    ),
    Appointment.from_on <= bindparam("today"),
    or_(Appointment.until_on.is_(None), Appointment.until_on >= bindparam("today")),
)
# Each person's latest training for a post they hold now, by an edition in use. Those without a printed end are looked
# at whenever their day comes: there are no more of them than people in these posts. Written once, because building it
# takes longer than running it.
_TO_RENEW: Final = (
    select(
        Training.office_id,
        Training.key,
        Training.title,
        Training.certificate_number,
        Training.held_on,
        Training.valid_until,
        Training.person_id,
        Person.name,
        OfficeLimit.value,
        OfficeLimit.unit,
        OfficeLimit.counts_back,
        OfficeLimit.tolerance,
    )
    .join(Person, Person.id == Training.person_id)
    .join(Edition, Edition.code == Training.edition_code)
    .outerjoin(OfficeLimit, and_(OfficeLimit.office_id == Training.office_id, OfficeLimit.name == "refresher"))
    .where(
        Training.office_id.in_(bindparam("office_ids", expanding=True)),
        or_(Training.valid_until.is_(None), Training.valid_until.between(bindparam("first"), bindparam("last"))),
        Person.deactivated_at.is_(None),
        Edition.status != "historical",
        ~_HAS_LATER,
        _HOLDS_POST,
    )
)


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """The trainings to renew, each person's latest as auditor or proxy, while they hold such a post."""
    asked = {"office_ids": list(office_ids), "first": first, "last": last, "today": today}
    renewals = [_renewal(training) for training in db.session.execute(_TO_RENEW, asked)]
    return [renewal for renewal in renewals if renewal and first <= renewal.due_on <= last]


def _renewal(training: Any) -> Deadline | None:  # noqa: ANN401 - a row of `_TO_RENEW`
    """None where the office set no limit for what has no printed end."""
    if training.valid_until is not None:
        return _deadline(training, training.valid_until, rule=Rule.QUALIFICATION_END)
    limit = _refresher(training)
    due = due_on(limit, training.held_on)
    return _deadline(training, due, rule=Rule.REFRESHER, limit=limit) if due else None


def _refresher(training: Any) -> Limit:  # noqa: ANN401 - as above
    if training.unit is None:
        return NOT_SET
    return Limit(training.value, Unit(training.unit), counts_back=training.counts_back, tolerance=training.tolerance)


def _deadline(training: Any, due: date, *, rule: Rule, limit: Limit | None = None) -> Deadline:  # noqa: ANN401 - as above
    return Deadline(
        kind=Kind.QUALIFICATION,
        office_id=training.office_id,
        subject=f"training:{training.key}",
        title=f"{training.name}, {training.title}",
        number=training.certificate_number,
        due_on=due,
        rule=rule,
        counted_from=training.held_on if limit else due,
        answers=(training.person_id,),
        limit=limit,
        url_key=training.key,
    )
