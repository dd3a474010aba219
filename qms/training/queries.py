"""Who was trained as what, and what it qualifies for."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, joinedload, raiseload

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.paging import PER_PAGE, start
from qms.domain.competence import AuditorRole, Qualification, Validity
from qms.offices.models import Office
from qms.training.models import Training

VALIDITIES: Final = {"until": Validity.UNTIL, "without_end": Validity.NONE, "unknown": Validity.UNKNOWN}


def by_key(office: Office, key: str) -> Training | None:
    """A training kept by the office, with its person."""
    found = select(Training).where(Training.office_id == office.id, Training.key == key)
    return db.session.scalar(found.options(joinedload(Training.person), joinedload(Training.office)))


def _kept(office_id: int, person_id: int | None) -> tuple[ColumnElement[bool], ...]:
    of_office = (Training.office_id == office_id,)
    return of_office if person_id is None else (*of_office, Training.person_id == person_id)


def count(office_id: int, person_id: int | None = None) -> int:
    """How many trainings the office keeps, of one person if given."""
    return db.session.scalar(select(func.count()).select_from(Training).where(*_kept(office_id, person_id))) or 0


def page(office_id: int, number: int, person_id: int | None = None) -> list[Training]:
    """One page of the trainings, the newest first; of one person if given."""
    found = select(Training).where(*_kept(office_id, person_id)).order_by(Training.held_on.desc(), Training.id.desc())
    shown = (joinedload(Training.person), raiseload("*", sql_only=True))
    return list(db.session.scalars(found.limit(PER_PAGE).offset(start(number)).options(*shown)))


def replaced(ids: Collection[int]) -> frozenset[int]:
    """Those of the trainings that a later one of the same person, as the same, has taken the place of."""
    later = aliased(Training)
    is_followed = exists().where(
        later.office_id == Training.office_id,
        later.person_id == Training.person_id,
        later.trained_as == Training.trained_as,
        later.held_on > Training.held_on,
    )
    return frozenset(db.session.scalars(select(Training.id).where(Training.id.in_(ids), is_followed)))


def qualifications(office_id: int | None, person_ids: Collection[int]) -> dict[int, list[Qualification]]:
    """What each person is trained for as an auditor; `office_id` None looks in every office that keeps it.

    A lent auditor's training is kept by the office that lends, so this one question crosses the walls, and gives
    back nothing but what a rule needs. A course for internal auditors qualifies for leading an audit too: who leads
    is the choice of the office, which appoints its auditors.
    """
    found: dict[int, list[Qualification]] = defaultdict(list)
    of_people = select(Training).where(Training.person_id.in_(person_ids), Training.trained_as == "auditor")
    if office_id is not None:
        of_people = of_people.where(Training.office_id == office_id)
    with scoped(EVERY_OFFICE):
        for training in db.session.scalars(of_people.options(raiseload("*", sql_only=True))):
            found[training.person_id].append(_qualification(training))
    return dict(found)


def _qualification(training: Training) -> Qualification:
    return Qualification(
        role=AuditorRole.LEAD,
        edition=training.edition_code,
        held_on=training.held_on,
        validity=VALIDITIES[training.validity],
        valid_until=training.valid_until,
    )
