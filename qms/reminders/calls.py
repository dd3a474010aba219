"""Late matters that reach a superior for the first time, and who was reminded of them before: read from the ledger.

Such a matter makes no letter of its own, since one letter a person and day is the rule. It gives the letter of that
day its subject and its first part, and lets it leave as soon as the working day begins.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.domain.deadlines import Kind, is_overdue
from qms.domain.letters import is_escalation
from qms.domain.reminders import Level
from qms.offices import queries as offices
from qms.people.models import Person
from qms.reminders.models import Reminder

MOST_DAYS: Final = 5  # of one person; earlier ones are in the history of the matter

Key = tuple[str, str, date]


@dataclass(frozen=True)
class Told:
    """Somebody who was reminded of a matter, and the last days on which they were."""

    name: str
    days: tuple[date, ...]


def first_calls(office_id: int, lines: Collection[Reminder], today: date) -> dict[Key, tuple[Told, ...]]:
    """The matters of a letter of which its reader, a superior, hears for the first time, each with who was told."""
    ladders = offices.ladders(office_id) if any(is_overdue(line.due_on, today) for line in lines) else {}
    late = [line for line in lines if is_overdue(line.due_on, today)]
    called = [line for line in late if is_escalation(ladders[Kind(line.kind)], Level(line.level))]
    told = _told(office_id, called)
    new = [line for line in called if line.person_id not in {row.person_id for row in told[_key(line)]}]
    return {_key(line): _by_name(told[_key(line)]) for line in new}


def _key(line: Any) -> Key:  # noqa: ANN401 - a line of the ledger, or some columns of it
    return line.kind, line.subject, line.due_on


def _told(office_id: int, lines: Collection[Reminder]) -> dict[Key, list[Any]]:
    """Per matter, the reminders of other letters that arrived, the earliest first."""
    found: dict[Key, list[Any]] = defaultdict(list)
    if not lines:
        return found
    columns = (Reminder.kind, Reminder.subject, Reminder.due_on, Reminder.person_id, Person.name, Letter.sent_at)
    rows = (
        select(*columns)
        .join(Person, Person.id == Reminder.person_id)
        .join(Letter, Letter.id == Reminder.letter_id)
        .where(
            Reminder.office_id == office_id,
            Reminder.subject.in_({line.subject for line in lines}),
            Reminder.letter_id.not_in({line.letter_id for line in lines}),
            Reminder.outcome == "told",
            Letter.sent_at.is_not(None),
        )
    )
    for row in db.session.execute(rows.order_by(Letter.sent_at, Person.sort_key)):
        found[_key(row)].append(row)
    return found


def _by_name(rows: Collection[Any]) -> tuple[Told, ...]:
    days: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        days[row.name].append(clock.day_of(row.sent_at))
    return tuple(Told(name, tuple(of_name[-MOST_DAYS:])) for name, of_name in days.items())
