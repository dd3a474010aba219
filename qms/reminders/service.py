"""Planning: what is owed to whom goes into the ledger, and into each person's one letter of the day.

The ledger decides, not the calendar: a step is owed when its day has come and the ledger lacks it. So planning
twice writes nothing more, planning late loses nothing, and any number of planners may run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from qms.agenda import queries as agenda
from qms.core import clock, outbox
from qms.core.outbox import Letter
from qms.domain.calendar import add_days, monday_of, next_working_day
from qms.domain.deadlines import Deadline, Kind, is_overdue
from qms.domain.letters import is_escalation, leaves_on
from qms.domain.reminders import LONGEST_BREAK, QUIET_UNTIL, longest_lead, owed, send_at
from qms.people import reading
from qms.people.reading import Habit
from qms.reminders import queries, status
from qms.reminders.models import Reminder
from qms.reminders.queries import DIGEST, Key
from qms.reminders.rungs import Day, Line, Rungs, day_of

# Certificates are told of a year ahead, answers a week: asking for all alike would read a year of answers.
_NEAR: Final = 60  # days
EVER: Final = date(1990, 1, 1)


def plan(office_id: int, today: date, *, is_whole: bool = False) -> int:
    """Plan an office up to `today` and return how many lines were new to its ledger.

    Looks at what may have become due since the day planned last; `is_whole` looks at everything that is open.
    """
    since = queries.lock(office_id)
    if since is not None and since >= today and not is_whole:
        return 0
    day = day_of(office_id, today)
    first = EVER if is_whole or since is None else earliest(since, day)
    lines = _lines_owed(day, first)
    known = queries.told(office_id, [line.duty for line in lines])
    new = [line for line in lines if line.key not in known]
    _write(day, new, calling={line.key for line in new if _calls(day, line, known)})
    if since is not None:
        status.owe(day, since)
    if since is None or since < today:
        queries.mark_planned(office_id, today)
    return len(new)


def earliest(since: date, day: Day) -> date:
    """The earliest due day that may have a new step: any at all once a Monday has come, since Mondays never end."""
    monday = monday_of(day.today)
    if next_working_day(monday, day.off) > day.today:
        monday = add_days(monday, -7)
    if next_working_day(monday, day.off) > since:
        return EVER
    last_step = max(max(ladder.after, default=0) for ladder in day.ladders.values())
    return add_days(since, -last_step - LONGEST_BREAK)


def _lines_owed(day: Day, first: date) -> list[Line]:
    steps = [
        (duty, step)
        for duty in duties(day, first, until=day.today)
        if (step := owed(day.ladders[duty.kind], duty.due_on, today=day.today, off=day.off, rolls=day.rolls))
    ]
    rungs = Rungs(day.office_id, [duty for duty, _ in steps], day.today)
    return [line for duty, step in steps for line in rungs.lines(duty, step)]


def duties(day: Day, first: date, *, until: date, kinds: Collection[Kind] = tuple(Kind)) -> Iterator[Deadline]:
    """What is open and may have its first step by `until`, and some that has not: for those nothing is owed.

    As today sees it: who answers, and what a certificate asks for, may be another thing on a later day.
    """
    ladders = {kind: ladder for kind, ladder in day.ladders.items() if ladder.has_steps and kind in kinds}
    leads = {kind: longest_lead(kind, ladders) for kind in ladders}
    near = {kind for kind, lead in leads.items() if lead <= _NEAR}
    for alike in filter(None, (near, leads.keys() - near)):
        last = add_days(until, max(leads[kind] for kind in alike))
        yield from agenda.gather([day.office_id], first, last, today=day.today, kinds=alike)


def _calls(day: Day, line: Line, known: Collection[Key]) -> bool:
    """Whether a late matter reaches a superior for the first time: that letter waits for nobody's own hour."""
    duty = line.duty
    if not is_overdue(duty.due_on, day.today) or not is_escalation(day.ladders[duty.kind], line.level):
        return False
    return not any(line.key.is_of_one_matter(key) for key in known)


def _write(day: Day, new: list[Line], *, calling: Collection[Key]) -> None:
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in new:
        by_person[line.person_id].append(line)
    habits = reading.habits(by_person)
    for person_id, lines in sorted(by_person.items()):
        habit = habits[person_id]
        for on, of_letter in _letters(day, habit, lines):
            hour = QUIET_UNTIL if any(line.key in calling for line in of_letter) else habit.letters_at
            letter_id = _letter(_Leaving(person_id, on, hour, day), "" if habit.wants_digest else _apart(of_letter[0]))
            outbox.insert_all_once(Reminder, [_row(day.office_id, line, letter_id) for line in of_letter])


def _letters(day: Day, habit: Habit, lines: list[Line]) -> list[tuple[date, list[Line]]]:
    """A person's lines as they share letters, each with the day on which it leaves."""
    by_day: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        by_day[leaves_on(day.today, line.duty.due_on, day.off, is_weekly=habit.is_weekly)].append(line)
    if habit.wants_digest:
        return sorted(by_day.items())
    return [(on, [line]) for on, of_day in by_day.items() for line in of_day]


def _apart(line: Line) -> str:
    """What names the letter of a line that wants one of its own."""
    return ":" + ":".join(map(str, line.key[:-1]))


def _row(office_id: int, line: Line, letter_id: int) -> dict[str, object]:
    told = {"level": line.level, "letter_id": letter_id, "planned_at": clock.now(), "instead_of_id": line.instead_of_id}
    return {"office_id": office_id, **line.key._asdict(), **told}


@dataclass(frozen=True)
class _Leaving:
    """To whom a letter goes, and from when on; in an office that may close on another day."""

    person_id: int
    on: date
    hour: time
    day: Day

    @property
    def not_with_letters_before(self) -> datetime:
        """What is to leave soon joins any letter that waits; what waits for the week to open keeps to its day."""
        waits = self.on > next_working_day(self.day.today, self.day.off)
        return send_at(self.on if waits else EVER, time())

    def next(self) -> "_Leaving":
        return replace(self, on=next_working_day(add_days(self.on, 1), self.day.off))


def _letter(leaving: _Leaving, apart: str) -> int:
    """The letter that takes the lines: one that waits and leaves by then, else a new one for the first day without."""
    found = None
    while found is None:
        found = _waiting(leaving, apart) or _new_letter(leaving, apart) or _waiting(leaving, apart)
        leaving = leaving.next()
    return found


def _waiting(leaving: _Leaving, apart: str) -> int | None:
    """The digest that leaves by then, brought forward to the hour; another planner may have made it a moment ago."""
    if apart:
        return None
    next_midnight = send_at(add_days(leaving.on, 1), time())
    found = queries.waiting_digest(leaving.person_id, after=leaving.not_with_letters_before, by=next_midnight)
    if found is None:
        return None
    leaves_at = send_at(leaving.on, leaving.hour)
    if leaves_at < found.not_before:
        queries.hasten(found.id, leaves_at)
    letter_id: int = found.id
    return letter_id


def _new_letter(leaving: _Leaving, apart: str) -> int | None:
    letter = {
        "kind": DIGEST,
        "person_id": leaving.person_id,
        "dedupe": f"{DIGEST}:{leaving.person_id}{apart}:{leaving.on}",
        "created_at": clock.now(),
        "not_before": send_at(leaving.on, leaving.hour),
    }
    return outbox.insert_once(Letter, letter)
