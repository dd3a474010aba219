"""Planning: what is owed to whom goes into the ledger, and into each person's one letter of the day.

The ledger decides, not the calendar: a step is owed when its day has come and the ledger lacks it. So planning
twice writes nothing more, planning late loses nothing, and any number of planners may run.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.agenda import queries as agenda
from qms.core import clock, outbox
from qms.core.outbox import Letter
from qms.domain.calendar import add_days, monday_of, next_working_day
from qms.domain.deadlines import Deadline, Kind
from qms.domain.reminders import LADDERS, LONGEST_BREAK, Level, Step, longest_lead, owed, resolve, send_at
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.people import queries as people
from qms.reminders import queries
from qms.reminders.models import Reminder
from qms.reminders.queries import DIGEST, Key

# Certificates are told of a year ahead, answers a week: asking for all alike would read a year of answers.
_NEAR: Final = frozenset(kind for kind in Kind if longest_lead(kind) <= 60)  # noqa: PLR2004 - days
_FAR: Final = frozenset(Kind) - _NEAR
_EVER: Final = date(1990, 1, 1)
_LAST_FIXED_STEP: Final = max(max(ladder.after, default=0) for ladder in LADDERS.values())
_POSTS: Final[Mapping[Level, tuple[Who, ...]]] = {
    Level.PROXY: (Who.PROXY, Who.DEPUTY),
    Level.SECRETARY: (Who.SECRETARY,),
    Level.HEAD: (Who.HEAD_OF_OFFICE,),
}


@dataclass(frozen=True)
class Day:
    """A day of an office, which has days off of its own."""

    office_id: int
    today: date
    off: frozenset[date]


@dataclass(frozen=True)
class Line:
    """One step of one duty that one person is to be told."""

    duty: Deadline
    step: Step
    person_id: int
    level: Level

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
    day = Day(office_id, today, offices.days_off(office_id))
    first = _EVER if is_whole or since is None else _earliest(since, day)
    lines = _lines_owed(day, first)
    known = queries.told(office_id, [line.duty for line in lines])
    new = [line for line in lines if line.key not in known]
    _write(day, new)
    if since is None or since < today:
        queries.mark_planned(office_id, today)
    return len(new)


def _earliest(since: date, day: Day) -> date:
    """The earliest due day that may have a new step: any at all once a Monday has come, since Mondays never end."""
    monday = monday_of(day.today)
    if next_working_day(monday, day.off) > day.today:
        monday = add_days(monday, -7)
    if next_working_day(monday, day.off) > since:
        return _EVER
    return add_days(since, -_LAST_FIXED_STEP - LONGEST_BREAK)


def _lines_owed(day: Day, first: date) -> list[Line]:
    steps = [
        (duty, step)
        for duty in _duties(day, first)
        if (step := owed(LADDERS[duty.kind], duty.due_on, today=day.today, off=day.off)) is not None
    ]
    rungs = Rungs(day.office_id, [duty for duty, _ in steps], day.today)
    return [line for duty, step in steps for line in rungs.lines(duty, step)]


def _duties(day: Day, first: date) -> Iterator[Deadline]:
    """Everything open whose first step may have come, and some whose has not: for those nothing is owed."""
    for kinds in (_NEAR, _FAR):
        last = add_days(day.today, max(map(longest_lead, kinds)))
        yield from agenda.gather([day.office_id], first, last, today=day.today, kinds=kinds)


class Rungs:
    """Who stands on each rung of escalation in an office on a day."""

    def __init__(self, office_id: int, duties: Iterable[Deadline], today: date) -> None:
        answering = {person_id for duty in duties for person_id in duty.answers}
        self._active = people.active_people(answering).keys()
        held = people.holders(office_id, today)
        self._posts = {level: _first_held(held, posts) for level, posts in _POSTS.items()}

    def lines(self, duty: Deadline, step: Step) -> list[Line]:
        """Everybody to be told of a step, each once, on the lowest of their rungs."""
        told: dict[int, Line] = {}
        for level in step.recipients:
            for person_id in sorted(self.on(level, duty)):
                told.setdefault(person_id, Line(duty, step, person_id, level))
        return list(told.values())

    def on(self, level: Level, duty: Deadline) -> set[int]:
        """The persons on a rung; where it is empty, those who stand in for it."""
        answering = [person_id for person_id in duty.answers if person_id in self._active]
        return resolve([level], {Level.PERSON: answering, **self._posts})


def _first_held(held: Mapping[Who, Sequence[int]], posts: tuple[Who, ...]) -> Sequence[int]:
    return next((held[post] for post in posts if held.get(post)), ())


def _write(day: Day, new: list[Line]) -> None:
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in new:
        by_person[line.person_id].append(line)
    for person_id, lines in sorted(by_person.items()):
        letter_id = _digest(person_id, day)
        outbox.insert_all_once(Reminder, [_row(day.office_id, line, letter_id) for line in lines])


def _row(office_id: int, line: Line, letter_id: int) -> dict[str, object]:
    told = {"level": line.level, "letter_id": letter_id, "planned_at": clock.now()}
    return {"office_id": office_id, **line.key._asdict(), **told}


def _digest(person_id: int, day: Day) -> int:
    """The digest the person gets next: the one still waiting, else a new one for the first day without one."""
    waiting = queries.waiting_digest(person_id)
    on = next_working_day(day.today, day.off)
    while waiting is None:
        digest = {
            "kind": DIGEST,
            "person_id": person_id,
            "dedupe": f"{DIGEST}:{person_id}:{on}",
            "created_at": clock.now(),
            "not_before": send_at(on),
        }
        # Another planner may have made it in the same moment; it is then waiting, and takes these lines too.
        waiting = outbox.insert_once(Letter, digest) or queries.waiting_digest(person_id)
        on = next_working_day(add_days(on, 1), day.off)
    return waiting
