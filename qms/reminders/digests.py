"""Lines of the ledger, put into letters: each person's one digest of the day, or a letter a line for who wants that."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from qms.core import clock, inserts
from qms.core.outbox import Letter
from qms.domain.calendar import add_days, next_working_day
from qms.domain.letters import leaves_on
from qms.domain.reminders import QUIET_UNTIL, send_at
from qms.people import reading
from qms.people.reading import Habit
from qms.reminders import queries
from qms.reminders.days import Day
from qms.reminders.models import Reminder
from qms.reminders.queries import DIGEST, Key
from qms.reminders.rungs import Line


@dataclass(frozen=True)
class _Batch:
    """What one letter is to say, and from when on it may leave."""

    habit: Habit
    day: Day
    """Of the office of its first line."""
    lines: list[Line]
    on: date
    hour: time

    @property
    def person_id(self) -> int:
        return self.lines[0].person_id

    @property
    def dedupe(self) -> str:
        """Where two planners of the same letter meet."""
        apart = "" if self.habit.wants_digest else ":" + ":".join(map(str, self.lines[0].key[:-1]))
        return f"{DIGEST}:{self.person_id}{apart}:{self.on}"

    @property
    def leaves_at(self) -> datetime:
        return send_at(self.on, self.hour)

    def letter(self) -> dict[str, object]:
        """The letter as it is queued."""
        return {
            "kind": DIGEST,
            "person_id": self.person_id,
            "dedupe": self.dedupe,
            "created_at": clock.now(),
            "not_before": self.leaves_at,
        }

    def rows(self, letter_id: int) -> list[dict[str, object]]:
        """The lines as the ledger holds them."""
        told = {"letter_id": letter_id, "planned_at": clock.now()}
        return [
            line.key._asdict() | told | {"level": line.level, "instead_of_id": line.instead_of_id}
            for line in self.lines
        ]

    def is_taken_by(self, letter: Any) -> bool:  # noqa: ANN401 - one of `open_digests`
        """Whether the lines may join a letter that waits.

        What is to leave soon joins any that leaves by then; what waits for the week to open keeps to its day.
        """
        if not self.habit.wants_digest:
            return bool(letter.dedupe == self.dedupe)
        waits = self.on > next_working_day(self.day.today, self.day.off)
        first, next_midnight = send_at(self.on, time()), send_at(add_days(self.on, 1), time())
        return letter.not_before < next_midnight and not (waits and letter.not_before < first)

    def put_off(self) -> "_Batch":
        """The same a working day later."""
        return replace(self, on=next_working_day(add_days(self.on, 1), self.day.off))


def write(lines: Iterable[Line], days: Mapping[int, Day], *, calling: Collection[Key]) -> None:
    """Write lines that are new to the ledger, each in the letter that tells it.

    A digest that still waits takes lines in; else there is a new letter, for the first day that has none. A letter that
    calls a superior leaves as the working hours begin.
    """
    batches = _batches(lines, days, calling)
    while batches:
        batches = _placed(batches)
        if batches:
            inserts.insert_all_once(Letter, [batch.letter() for batch in batches])
            # One that another planner made meanwhile takes lines as well.
            batches = [batch.put_off() for batch in _placed(batches)]


def _batches(lines: Iterable[Line], days: Mapping[int, Day], calling: Collection[Key]) -> list[_Batch]:
    """In order of persons, so that two planners may wait for each other's letters, but never in a circle."""
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_person[line.person_id].append(line)
    habits = reading.habits(by_person) if by_person else {}
    return [
        _batch(habits[person_id], days[shared[0].duty.office_id], shared, on=on, calling=calling)
        for person_id, theirs in sorted(by_person.items())
        for on, shared in _shared(habits[person_id], theirs, days)
    ]


def _shared(habit: Habit, lines: Iterable[Line], days: Mapping[int, Day]) -> Iterator[tuple[date, list[Line]]]:
    """A person's lines as they share letters, with the day on which these leave."""
    by_day: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        day = days[line.duty.office_id]
        by_day[leaves_on(day.today, line.duty.due_on, day.off, is_weekly=habit.is_weekly)].append(line)
    for on, of_day in sorted(by_day.items()):
        yield from [(on, of_day)] if habit.wants_digest else [(on, [line]) for line in of_day]


def _batch(habit: Habit, day: Day, lines: list[Line], *, on: date, calling: Collection[Key]) -> _Batch:
    is_calling = any(line.key in calling for line in lines)
    return _Batch(habit, day, lines, on, QUIET_UNTIL if is_calling else habit.letters_at)


def _placed(batches: Collection[_Batch]) -> list[_Batch]:
    """Write what letters that wait can take in, brought forward where it has to leave sooner; the rest is left."""
    waiting = queries.open_digests({batch.person_id for batch in batches})
    rows: list[dict[str, object]] = []
    left: list[_Batch] = []
    for batch in batches:
        letter = next(filter(batch.is_taken_by, waiting.get(batch.person_id, ())), None)
        if letter is None:
            left.append(batch)
            continue
        rows += batch.rows(letter.id)
        if batch.leaves_at < letter.not_before:
            queries.hasten(letter.id, batch.leaves_at)
    if rows:
        inserts.insert_all_once(Reminder, rows)
    return left
