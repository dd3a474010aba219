"""Planning: what is owed to whom goes into the ledger, and into each person's one letter of the day.

The ledger decides, not the calendar: a step is owed when its day has come and the ledger lacks it. So planning
twice writes nothing more, planning late loses nothing, and any number of planners may run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.agenda import queries as agenda
from qms.core import clock, outbox
from qms.core.outbox import Letter
from qms.domain.calendar import add_days, monday_of, next_working_day
from qms.domain.deadlines import Deadline, Kind
from qms.domain.reminders import LONGEST_BREAK, Ladders, Level, Step, longest_lead, owed, resolve, send_at
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.people import queries as people
from qms.people import reading
from qms.people.reading import Habit
from qms.reminders import queries
from qms.reminders.models import Reminder
from qms.reminders.queries import DIGEST, Key

# Certificates are told of a year ahead, answers a week: asking for all alike would read a year of answers.
_NEAR: Final = 60  # days
EVER: Final = date(1990, 1, 1)
_POSTS: Final[Mapping[Level, tuple[Who, ...]]] = {
    Level.PROXY: (Who.PROXY, Who.DEPUTY),
    Level.SECRETARY: (Who.SECRETARY,),
    Level.HEAD: (Who.HEAD_OF_OFFICE,),
}


@dataclass(frozen=True)
class Day:
    """A day of an office, which has days off and ladders of its own."""

    office_id: int
    today: date
    off: frozenset[date]
    ladders: Ladders
    rolls: bool
    tolerance: int
    """The longest, in days: so much later steps after a due day may come."""


@dataclass(frozen=True)
class Line:
    """One step of one duty that one person is to be told."""

    duty: Deadline
    step: Step
    person_id: int
    level: Level
    instead_of_id: int | None = None
    """Who is away."""

    @property
    def key(self) -> Key:
        """What keeps it from being told twice."""
        return Key(self.duty.kind, self.duty.subject, self.duty.due_on, self.step.name, self.person_id)


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
    _write(day, new)
    if since is None or since < today:
        queries.mark_planned(office_id, today)
    return len(new)


def day_of(office_id: int, today: date) -> Day:
    """What an office's own settings make of a day."""
    rolls, tolerance = offices.reminding(office_id)
    return Day(office_id, today, offices.days_off(office_id), offices.ladders(office_id), rolls, tolerance)


def earliest(since: date, day: Day) -> date:
    """The earliest due day that may have a new step: any at all once a Monday has come, since Mondays never end."""
    monday = monday_of(day.today)
    if next_working_day(monday, day.off) > day.today:
        monday = add_days(monday, -7)
    if next_working_day(monday, day.off) > since:
        return EVER
    last_step = max(max(ladder.after, default=0) for ladder in day.ladders.values())
    return add_days(since, -last_step - day.tolerance - LONGEST_BREAK)


def _lines_owed(day: Day, first: date) -> list[Line]:
    steps = [(duty, step) for duty in duties(day, first, until=day.today) if (step := _step_owed(day, duty))]
    rungs = Rungs(day.office_id, [duty for duty, _ in steps], day.today)
    return [line for duty, step in steps for line in rungs.lines(duty, step)]


def _step_owed(day: Day, duty: Deadline) -> Step | None:
    ladder, tolerance = day.ladders[duty.kind], duty.tolerance
    return owed(ladder, duty.due_on, today=day.today, off=day.off, rolls=day.rolls, tolerance=tolerance)


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


class Rungs:
    """Who stands on each rung of escalation in an office on a day; for somebody who is away, their substitute."""

    def __init__(self, office_id: int, duties: Iterable[Deadline], today: date) -> None:
        answering = {person_id for duty in duties for person_id in duty.answers}
        self._active = people.active_people(answering).keys()
        self._away = reading.away(office_id, today)
        held = people.holders(office_id, today)
        self._posts = {level: _first_held(held, posts) for level, posts in _POSTS.items()}

    def lines(self, duty: Deadline, step: Step) -> list[Line]:
        """Everybody to be told of a step, each once, on the lowest of their rungs."""
        told: dict[int, Line] = {}
        for level in step.recipients:
            for person_id, instead_of in sorted(self.on(level, duty).items()):
                told.setdefault(person_id, Line(duty, step, person_id, level, instead_of))
        return list(told.values())

    def on(self, level: Level, duty: Deadline) -> dict[int, int | None]:
        """The readers of a rung, each with whom they stand in for; where it is empty, those of the rung that helps."""
        answering = [person_id for person_id in duty.answers if person_id in self._active]
        named: dict[Level, Sequence[int]] = {Level.PERSON: answering, **self._posts}
        readers = {rung: self._readers(person_ids) for rung, person_ids in named.items()}
        instead = {reader: away for of_rung in readers.values() for reader, away in of_rung.items() if away is not None}
        found = resolve([level], {rung: list(of_rung) for rung, of_rung in readers.items()})
        own = {reader for of_rung in readers.values() for reader, away in of_rung.items() if away is None}
        return {reader: None if reader in own else instead.get(reader) for reader in found}

    def _readers(self, person_ids: Iterable[int]) -> dict[int, int | None]:
        """Who reads for these persons, and instead of whom. Nobody reads for who is away and named nobody."""
        readers: dict[int, int | None] = {}
        for person_id in person_ids:
            if person_id not in self._away:
                readers[person_id] = None
                continue
            substitute = self._away[person_id]
            if substitute is not None and substitute not in self._away:
                readers.setdefault(substitute, person_id)
        return readers


def _first_held(held: Mapping[Who, Sequence[int]], posts: tuple[Who, ...]) -> Sequence[int]:
    return next((held[post] for post in posts if held.get(post)), ())


def _write(day: Day, new: list[Line]) -> None:
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in new:
        by_person[line.person_id].append(line)
    habits = reading.habits(by_person)
    for person_id, lines in sorted(by_person.items()):
        habit = habits[person_id]
        for apart in [lines] if habit.wants_digest else [[line] for line in lines]:
            letter_id = _letter(day, habit, apart)
            outbox.insert_all_once(Reminder, [_row(day.office_id, line, letter_id) for line in apart])


def _row(office_id: int, line: Line, letter_id: int) -> dict[str, object]:
    told = {"level": line.level, "letter_id": letter_id, "planned_at": clock.now(), "instead_of_id": line.instead_of_id}
    return {"office_id": office_id, **line.key._asdict(), **told}


def _letter(day: Day, habit: Habit, lines: list[Line]) -> int:
    """The letter that takes these lines: the one still waiting, else a new one for the first day without one."""
    person_id = lines[0].person_id
    apart = "" if habit.wants_digest else ":" + ":".join(map(str, lines[0].key[:-1]))
    waiting = queries.waiting_digest(person_id) if habit.wants_digest else None
    on = next_working_day(day.today, day.off)
    while waiting is None:
        letter = {
            "kind": DIGEST,
            "person_id": person_id,
            "dedupe": f"{DIGEST}:{person_id}{apart}:{on}",
            "created_at": clock.now(),
            "not_before": send_at(on, habit.letters_at),
        }
        # Another planner may have made it in the same moment; it is then waiting, and takes these lines too.
        waiting = outbox.insert_once(Letter, letter) or (queries.waiting_digest(person_id) if not apart else None)
        on = next_working_day(add_days(on, 1), day.off)
    return waiting
