"""What will be sent: planning run dry over days to come.

The steps, the people and the ledger are those of `service`; nothing is written. It assumes that nothing gets done
meanwhile and that nobody takes another post than is already written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import raiseload

from qms.agenda import queries as agenda
from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.domain.calendar import add_days
from qms.domain.deadlines import Deadline, Kind
from qms.domain.letters import leaves_on
from qms.domain.reminders import Level, Step, step_days
from qms.people import reading
from qms.people.reading import Habit
from qms.reminders import queries
from qms.reminders.days import Day, days_of, earliest
from qms.reminders.models import Reminder
from qms.reminders.queries import Key
from qms.reminders.rungs import Line, rungs_of
from qms.reminders.service import duties
from qms.reminders.turns import turns


@dataclass(frozen=True)
class Coming:
    """A line of the ledger to come: written on `planned_on`, its letter leaves on `day`, a working day."""

    day: date
    planned_on: date
    duty: Deadline
    step: str
    person_id: int
    level: Level
    instead_of_id: int | None = None


def preview(office_id: int, first: date, last: date, *, today: date) -> list[Coming]:
    """What planning each day from today on will write into the ledger from the first to the last day, in that order."""
    since = queries.planned_through(office_id, today)
    start = today if since is None or since < today else add_days(since, 1)
    if start > last:
        return []
    day = replace(days_of([office_id], today)[office_id], today=start)
    coming = _Walk(day, last, since).coming()
    return [each for each in coming if first <= each.planned_on]


def waiting(office_id: int, *, today: date) -> list[Coming]:
    """What the ledger holds already and no letter has told yet; what was done meanwhile will not be told any more."""
    waits = (Reminder.outcome == "", Letter.state.in_(("queued", "held", "claimed")))
    found = select(Reminder, Letter.not_before).join(Letter, Letter.id == Reminder.letter_id)
    shown = found.where(Reminder.office_id == office_id, *waits).options(raiseload("*", sql_only=True))
    rows = db.session.execute(shown).all()
    if not rows:
        return []
    due_days, kinds = [line.due_on for line, _ in rows], {Kind(line.kind) for line, _ in rows}
    open_ = agenda.gather([office_id], min(due_days), max(due_days), today=today, kinds=kinds)
    standing = {(duty.kind, duty.subject, duty.due_on): duty for duty in open_}
    return [
        Coming(
            max(today, clock.day_of(leaves_at)),
            clock.day_of(line.planned_at),
            duty,
            line.step,
            line.person_id,
            Level(line.level),
            line.instead_of_id,
        )
        for line, leaves_at in rows
        if (duty := standing.get((Kind(line.kind), line.subject, line.due_on)))
    ]


class _Walk:
    """The days from one to another, gone through without writing."""

    def __init__(self, day: Day, last: date, since: date | None) -> None:
        self._day = day
        self._last = last
        self._looks_from = {day.today: agenda.EVER if since is None else earliest(since, day)}
        for on in _days(add_days(day.today, 1), last):
            self._looks_from[on] = earliest(add_days(on, -1), replace(day, today=on))
        self._duties: list[Deadline] = []
        self._known: set[Key] = set()

    def coming(self) -> list[Coming]:
        """Every line, in the order in which they are written."""
        start = self._day.today
        changing = {start: frozenset(Kind)} | turns(self._day.office_id, start, self._last)
        found: list[Coming] = []
        for first, after in pairwise((*sorted(changing), add_days(self._last, 1))):
            self._read(first, changing[first])
            found += self._stretch(first, add_days(after, -1))
        found = self._as_chosen(found)
        return sorted(found, key=lambda each: (each.planned_on, each.duty.due_on, each.duty.subject, each.person_id))

    def _as_chosen(self, found: list[Coming]) -> list[Coming]:
        """Each on the day its reader wants it, which only now is asked for all of them at once."""
        habits = reading.habits({each.person_id for each in found})
        return [replace(each, day=self._leaves_on(each, habits[each.person_id])) for each in found]

    def _leaves_on(self, each: Coming, habit: Habit) -> date:
        return leaves_on(each.planned_on, each.duty.due_on, self._day.off, is_weekly=habit.is_weekly)

    def _read(self, on: date, kinds: frozenset[Kind]) -> None:
        """Read duties of these kinds anew, as that day will see them."""
        day = replace(self._day, today=on)
        read = list(duties([day], agenda.EVER, until=self._last, kinds=kinds)) if kinds else []
        subjects = {duty.subject for duty in self._duties}
        self._known |= queries.told([duty for duty in read if duty.subject not in subjects])
        self._duties = [duty for duty in self._duties if duty.kind not in kinds] + read

    def _stretch(self, first: date, last: date) -> Iterator[Coming]:
        """The lines of days between which nobody changes."""
        rungs = rungs_of([self._day.office_id], self._duties, first)[self._day.office_id]
        for duty in self._duties:
            for on, step in self._steps(duty, first, last):
                for line in rungs.lines(duty, step):
                    if line.key not in self._known:
                        self._known.add(line.key)
                        yield self._coming(on, line)

    def _steps(self, duty: Deadline, first: date, last: date) -> list[tuple[date, Step]]:
        """On which of these days planning looks at the duty, and finds which step owed; of several the newest."""
        day = self._day
        ladder, tolerance = day.ladders[duty.kind], duty.tolerance
        steps = step_days(ladder, duty.due_on, day.off, until=last, rolls=day.rolls, tolerance=tolerance)
        seen: dict[date, Step] = {}
        for step in steps:
            looked = next((on for on in _days(max(step.on, first), last) if self._looks_from[on] <= duty.due_on), None)
            if looked is not None:
                seen[looked] = step
        return list(seen.items())

    def _coming(self, on: date, line: Line) -> Coming:
        return Coming(on, on, line.duty, line.step.name, line.person_id, line.level, line.instead_of_id)


def _days(first: date, last: date) -> Iterator[date]:
    return (add_days(first, days) for days in range((last - first).days + 1))
