"""How people get their letters: who reads those of somebody who is away, and what each person chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import aliased, raiseload

from qms.core.db import db
from qms.people.models import Absence, Person


def away(office_id: int, on: date) -> dict[int, int | None]:
    """Who is away from the office on the day, and who reads their letters; None where nobody was named."""
    return away_of([office_id], on)[office_id]


_substitute = aliased(Person)
_AWAY: Final = (
    select(Absence.office_id, Absence.person_id, _substitute.id)
    .outerjoin(_substitute, (_substitute.id == Absence.substitute_id) & _substitute.deactivated_at.is_(None))
    .where(
        Absence.office_id.in_(bindparam("office_ids", expanding=True)),
        Absence.from_on <= bindparam("day", type_=Date),
        Absence.until_on >= bindparam("day", type_=Date),
    )
    .order_by(Absence.id)
)


def away_of(office_ids: Collection[int], on: date) -> dict[int, dict[int, int | None]]:
    """The same of several offices."""
    rows = db.session.execute(_AWAY, {"office_ids": list(office_ids), "day": on})
    found: dict[int, dict[int, int | None]] = {office_id: {} for office_id in office_ids}
    for office_id, person_id, substitute_id in rows:
        found[office_id][person_id] = substitute_id
    return found


@dataclass(frozen=True)
class Habit:
    """How a person wants the letters that come by themselves; `wants_status` None: as their post has it."""

    letters_at: time
    wants_digest: bool
    wants_weekly: bool
    wants_status: bool | None

    @property
    def is_weekly(self) -> bool:
        """Whether what can wait comes once a week."""
        return self.wants_digest and self.wants_weekly

    def has_status(self, *, is_given: bool) -> bool:
        """Whether letters that tell how things stand come; `is_given` says whether the person's post brings them."""
        return is_given if self.wants_status is None else self.wants_status


def habits(ids: Collection[int]) -> dict[int, Habit]:
    """The choices of these people."""
    columns = (Person.letters_at, Person.wants_digest, Person.wants_weekly, Person.wants_status)
    rows = db.session.execute(select(Person.id, *columns).where(Person.id.in_(ids)))
    return {row[0]: Habit(*row[1:]) for row in rows}


def coordinators() -> list[Person]:
    """Everybody who coordinates the offices."""
    found = select(Person).where(Person.is_coordinator, Person.deactivated_at.is_(None)).order_by(Person.id)
    return list(db.session.scalars(found.options(raiseload("*", sql_only=True))))


def take_reminders_weekly(person: Person) -> None:
    """The fewest letters with reminders that still let no due day pass in silence."""
    person.wants_digest = person.wants_weekly = True


def takes_reminders_weekly(person: Person) -> bool:
    return person.wants_digest and person.wants_weekly


def give_up_status(person: Person) -> None:
    """No more letters that tell how things stand."""
    person.wants_status = False


def gave_up_status(person: Person) -> bool:
    return person.wants_status is False
