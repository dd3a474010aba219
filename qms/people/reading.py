"""How people get their letters: who reads those of somebody who is away, and what each person chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qms.core.db import db
from qms.people.models import Absence, Person


def away(office_id: int, on: date) -> dict[int, int | None]:
    """Who is away from the office on the day, and who reads their letters; None where nobody was named."""
    return away_of([office_id], on)[office_id]


def away_of(office_ids: Collection[int], on: date) -> dict[int, dict[int, int | None]]:
    """The same of several offices."""
    substitute = aliased(Person)
    rows = db.session.execute(
        select(Absence.office_id, Absence.person_id, substitute.id)
        .outerjoin(substitute, (substitute.id == Absence.substitute_id) & substitute.deactivated_at.is_(None))
        .where(Absence.office_id.in_(office_ids), Absence.from_on <= on, Absence.until_on >= on)
        .order_by(Absence.id)
    )
    found: dict[int, dict[int, int | None]] = {office_id: {} for office_id in office_ids}
    for office_id, person_id, substitute_id in rows:
        found[office_id][person_id] = substitute_id
    return found


@dataclass(frozen=True)
class Habit:
    """How a person wants the reminders of a day."""

    letters_at: time
    wants_digest: bool


def habits(ids: Collection[int]) -> dict[int, Habit]:
    """The choices of these people."""
    rows = db.session.execute(select(Person.id, Person.letters_at, Person.wants_digest).where(Person.id.in_(ids)))
    return {person_id: Habit(letters_at, wants_digest) for person_id, letters_at, wants_digest in rows}
