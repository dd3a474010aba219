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
    substitute = aliased(Person)
    rows = db.session.execute(
        select(Absence.person_id, substitute.id)
        .outerjoin(substitute, (substitute.id == Absence.substitute_id) & substitute.deactivated_at.is_(None))
        .where(Absence.office_id == office_id, Absence.from_on <= on, Absence.until_on >= on)
        .order_by(Absence.id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class Habit:
    """How a person wants the reminders of a day."""

    letters_at: time
    wants_digest: bool


def habits(ids: Collection[int]) -> dict[int, Habit]:
    """The choices of these people."""
    rows = db.session.execute(select(Person.id, Person.letters_at, Person.wants_digest).where(Person.id.in_(ids)))
    return {person_id: Habit(letters_at, wants_digest) for person_id, letters_at, wants_digest in rows}
