"""The certificates of offices, each with the audits and limits that its cycle is read from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from qms.audits.models import INTERNAL, OPEN_STATES, Audit
from qms.certificates.models import Certificate
from qms.certificates.queries import is_of_quality
from qms.core.db import db
from qms.cycle.course import TRANSITION, Course, open_deadlines
from qms.domain import periods
from qms.domain.calendar import add_months
from qms.domain.certification import (
    RESTORATION_MONTHS,
    CertFacts,
    CertificateStatus,
    InternalAudits,
    certificate_end,
    status,
)
from qms.domain.deadlines import Deadline, days_left
from qms.domain.editions import standard_of
from qms.domain.periods import Gap
from qms.offices import queries as offices
from qms.standards.models import Edition

# Nothing is asked for once the time to restore a certificate is over; a month more, since months differ in length.
_LATEST_INTEREST: Final = RESTORATION_MONTHS + 1


@dataclass(frozen=True)
class Standing:
    """How an office stands with its certificate on a day.

    `certificate` is the number of the one in use; `ends_on` is the last valid day, the edition's where that comes
    before the printed one.
    """

    status: CertificateStatus
    certificate: str | None = None
    ends_on: date | None = None
    days_left: int | None = None


@dataclass(frozen=True)
class CertificateState(Standing):
    """The same with the nearest thing the cycle asks for, overdue ones first."""

    next_step: Deadline | None = None


# Written once, because building a statement takes longer than running it.
_OF_OFFICES: Final = (
    select(Certificate)
    .where(Certificate.office_id.in_(bindparam("office_ids", expanding=True)))
    .options(
        joinedload(Certificate.edition),
        joinedload(Certificate.office),
        selectinload(Certificate.earlier_suspensions),
        raiseload("*", sql_only=True),
    )
)
_AT_WORK: Final = _OF_OFFICES.where(Certificate.valid_until >= bindparam("since")).order_by(Certificate.valid_from)
_EVERY: Final = _OF_OFFICES.order_by(Certificate.valid_from.desc())
_BODY_AUDITS: Final = (
    select(Audit)
    .where(
        Audit.office_id.in_(bindparam("office_ids", expanding=True)),
        Audit.kind.in_(TRANSITION),
        Audit.state != "cancelled",
        Audit.starts_on >= bindparam("since"),
    )
    .order_by(Audit.starts_on, Audit.id)
    .options(raiseload("*", sql_only=True))
)


_INTERNAL_AUDITS: Final = (
    select(
        Audit.office_id,
        func.min(Audit.starts_on).filter(Audit.state.in_(OPEN_STATES)),
        func.max(Audit.ends_on).filter(Audit.state == "finished"),
    )
    .where(
        Audit.office_id.in_(bindparam("office_ids", expanding=True)),
        Audit.kind.in_(INTERNAL),
        Audit.starts_on >= bindparam("since"),
    )
    .group_by(Audit.office_id)
)


def courses(office_ids: Collection[int], *, today: date) -> list[Course]:
    """The certificates that may still ask for something, each office's in order."""
    asked = {"office_ids": list(office_ids), "since": add_months(today, -_LATEST_INTEREST)}
    return _with_audits(list(db.session.scalars(_AT_WORK, asked)))


def history(office_id: int) -> list[Course]:
    """Every certificate the office had, the newest first."""
    return histories([office_id])[office_id]


def histories(office_ids: Collection[int]) -> dict[int, list[Course]]:
    """The same of several offices."""
    by_office: dict[int, list[Course]] = {office_id: [] for office_id in office_ids}
    for course in _with_audits(list(db.session.scalars(_EVERY, {"office_ids": list(office_ids)}))):
        by_office[course.certificate.office_id].append(course)
    return by_office


def state_of(office_ids: Collection[int], today: date) -> dict[int, Standing]:
    """How every office stands, in one query that reads no audit and no limit: the dates of certificates say it all."""
    found = dict.fromkeys(office_ids, Standing(CertificateStatus.IN_PREPARATION))
    latest = _latest(office_ids, today)
    followers = _followers(latest)
    for certificate in latest:  # one still to begin gives way to the one in use
        found[certificate.office_id] = _standing(certificate, followers.get(certificate.id), today)
    return found


def _standing(certificate: Any, followed_on: date | None, today: date) -> Standing:  # noqa: ANN401 - one of `_latest`
    facts = CertFacts(
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        edition_ends_on=certificate.certificates_until,
        suspended_on=certificate.suspended_on,
        resumed_on=certificate.restored_on,
        withdrawn_on=certificate.withdrawn_on,
        superseded_on=followed_on,
    )
    end = certificate_end(facts)
    ends_on = end.due_on if end else certificate.valid_until
    return Standing(status(facts, today), certificate.number, ends_on, days_left(ends_on, today))


def state(course: Course, today: date) -> CertificateState:
    """What one certificate's course comes to on a day."""
    ends_on = course.end.due_on
    steps = sorted(open_deadlines(course, today), key=lambda deadline: deadline.due_on)
    return CertificateState(
        status=course.status(today),
        certificate=course.certificate.number,
        ends_on=ends_on,
        days_left=days_left(ends_on, today),
        next_step=steps[0] if steps else None,
    )


def current(courses_newest_first: list[Course], today: date) -> Course | None:
    """The certificate in use: the newest that has begun, else the first that will; to ISO 9001 where there is one."""
    of_quality = [course for course in courses_newest_first if course.is_of_quality] or courses_newest_first
    begun = [course for course in of_quality if course.certificate.valid_from <= today]
    return next(iter(begun or of_quality[-1:]), None)


def beside(courses_newest_first: list[Course], shown: Course, today: date) -> list[Course]:
    """The certificates in use to other standards, one each."""
    rows: dict[str, list[Course]] = defaultdict(list)
    for course in courses_newest_first:
        rows[course.certificate.standard].append(course)
    others = (row for standard, row in sorted(rows.items()) if standard != shown.certificate.standard)
    return [found for row in others if (found := current(row, today))]


def gaps(courses: Iterable[Course], standard: str) -> list[Gap]:
    """The days between certificates to a standard on which the office can have had none."""
    return periods.gaps(each.certificate.period for each in courses if each.certificate.standard == standard)


def _latest(office_ids: Collection[int], today: date) -> Sequence[Any]:
    """Per office, the dates of the newest certificate that has begun and of those still to begin."""
    begun = (
        select(Certificate.office_id, func.max(Certificate.valid_from).label("valid_from"))
        .where(Certificate.office_id.in_(office_ids), is_of_quality(), Certificate.valid_from <= today)
        .group_by(Certificate.office_id)
        .subquery()
    )
    found = (
        select(
            Certificate.id,
            Certificate.office_id,
            Certificate.number,
            Certificate.edition_code,
            Certificate.decided_on,
            Certificate.valid_from,
            Certificate.valid_until,
            Certificate.suspended_on,
            Certificate.restored_on,
            Certificate.withdrawn_on,
            Edition.certificates_until,
        )
        .join(Edition, Edition.code == Certificate.edition_code)
        .outerjoin(begun, begun.c.office_id == Certificate.office_id)
        .where(
            Certificate.office_id.in_(office_ids),
            is_of_quality(),
            begun.c.valid_from.is_(None) | (Certificate.valid_from >= begun.c.valid_from),
        )
        .order_by(Certificate.valid_from.desc(), Certificate.decided_on, Certificate.id)
    )
    return db.session.execute(found).all()


def _with_audits(certificates: list[Certificate]) -> list[Course]:
    office_ids = {certificate.office_id for certificate in certificates}
    if not office_ids:
        return []
    audits = _body_audits(office_ids, min(certificate.decided_on for certificate in certificates))
    internal = _internal_audits(audits, min(certificate.decided_on for certificate in certificates))
    limits = offices.limits(office_ids)
    followers = _followers(certificates)
    return [
        Course(
            each,
            followers.get(each.id),
            tuple(audits[each.office_id]),
            limits[each.office_id],
            internal.get(each.office_id, InternalAudits()),
        )
        for each in certificates
    ]


def _followers(certificates: Sequence[Any]) -> dict[int, date]:
    """Per certificate, the first day of the one that came after it in the same office, to the same standard."""
    rows: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for certificate in sorted(certificates, key=lambda each: (each.valid_from, each.decided_on, each.id)):
        rows[certificate.office_id, standard_of(certificate.edition_code)].append(certificate)
    return {earlier.id: later.valid_from for row in rows.values() for earlier, later in pairwise(row)}


def _body_audits(office_ids: Collection[int], since: date) -> dict[int, list[Audit]]:
    """Audits of the body that were not cancelled, the earliest first."""
    by_office: dict[int, list[Audit]] = defaultdict(list)
    for audit in db.session.scalars(_BODY_AUDITS, {"office_ids": list(office_ids), "since": since}):
        by_office[audit.office_id].append(audit)
    return by_office


def _internal_audits(body_audits: Mapping[int, list[Audit]], since: date) -> dict[int, InternalAudits]:
    """Of the offices to which a body still comes; no others are asked about their internal audits."""
    office_ids = [
        office_id for office_id, found in body_audits.items() if any(audit.state in OPEN_STATES for audit in found)
    ]
    rows = db.session.execute(_INTERNAL_AUDITS, {"office_ids": office_ids, "since": since})
    return {office_id: InternalAudits(open_on, held_on) for office_id, open_on, held_on in rows}
