"""Lines of the ledger, put into letters: each person's one digest of the day, or a letter a line for who wants that."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from qms.core import clock, outbox
from qms.core.outbox import Letter
from qms.domain.calendar import add_days, next_working_day
from qms.domain.reminders import send_at
from qms.people import reading
from qms.people.reading import Habit
from qms.reminders import queries
from qms.reminders.days import Day
from qms.reminders.models import Reminder
from qms.reminders.queries import DIGEST
from qms.reminders.rungs import Line


@dataclass(frozen=True)
class _Batch:
    """What one letter is to say, and the day on which it is to leave."""

    habit: Habit
    day: Day
    """Of the office of its first line."""
    lines: list[Line]
    on: date

    @property
    def person_id(self) -> int:
        return self.lines[0].person_id

    @property
    def dedupe(self) -> str:
        """Where two planners of the same letter meet."""
        apart = "" if self.habit.wants_digest else ":" + ":".join(map(str, self.lines[0].key[:-1]))
        return f"{DIGEST}:{self.person_id}{apart}:{self.on}"

    def letter(self) -> dict[str, object]:
        """The letter as it is queued."""
        return {
            "kind": DIGEST,
            "person_id": self.person_id,
            "dedupe": self.dedupe,
            "created_at": clock.now(),
            "not_before": send_at(self.on, self.habit.letters_at),
        }

    def rows(self, letter_id: int) -> list[dict[str, object]]:
        """The lines as the ledger holds them."""
        told = {"letter_id": letter_id, "planned_at": clock.now()}
        return [
            line.key._asdict() | told | {"level": line.level, "instead_of_id": line.instead_of_id}
            for line in self.lines
        ]

    def put_off(self) -> "_Batch":
        """The same a working day later."""
        return replace(self, on=next_working_day(add_days(self.on, 1), self.day.off))


def write(lines: Collection[Line], days: Mapping[int, Day]) -> None:
    """Write lines that are new to the ledger, each in the letter that tells it.

    A digest that still waits takes lines in; else there is a new letter, for the first day that has none.
    """
    if not lines:
        return
    batches = _batches(lines, days)
    waiting = queries.waiting_digests({batch.person_id for batch in batches if batch.habit.wants_digest})
    rows: list[dict[str, object]] = []
    without: list[_Batch] = []
    for batch in batches:
        if batch.habit.wants_digest and batch.person_id in waiting:
            rows += batch.rows(waiting[batch.person_id])
        else:
            without.append(batch)
    outbox.insert_all_once(Reminder, rows + _in_new_letters(without))


def _batches(lines: Iterable[Line], days: Mapping[int, Day]) -> list[_Batch]:
    """In order of persons, so that two planners may wait for each other's letters, but never in a circle."""
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_person[line.person_id].append(line)
    habits = reading.habits(by_person)
    return [
        _batch(habits[person_id], days[apart[0].duty.office_id], apart)
        for person_id, theirs in sorted(by_person.items())
        for apart in ([theirs] if habits[person_id].wants_digest else [[line] for line in theirs])
    ]


def _batch(habit: Habit, day: Day, lines: list[Line]) -> _Batch:
    return _Batch(habit, day, lines, next_working_day(day.today, day.off))


def _in_new_letters(batches: Collection[_Batch]) -> list[dict[str, object]]:
    """The rows of batches for which no letter waits. One that another planner makes meanwhile takes them as well."""
    rows: list[dict[str, object]] = []
    while batches:
        outbox.insert_all_once(Letter, [batch.letter() for batch in batches])
        open_ = queries.open_letters([batch.dedupe for batch in batches])
        rows += [row for batch in batches if batch.dedupe in open_ for row in batch.rows(open_[batch.dedupe])]
        batches = [batch.put_off() for batch in batches if batch.dedupe not in open_]
    return rows
