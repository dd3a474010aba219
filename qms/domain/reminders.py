"""When to remind of a deadline, whom, and at what hour.

A step is owed once its day has come, so one missed while the machine was off is still owed when it is back; only the
newest is owed, so nobody gets the missed ones in a row. Steps up to the due day move back to a working day, later ones
move forward. The steps below are what an office starts with.
"""

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from qms.domain.calendar import (
    NO_DAYS_OFF,
    add_days,
    add_months,
    is_working_day,
    monday_after,
    next_working_day,
    previous_working_day,
)
from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput

WARSAW = ZoneInfo("Europe/Warsaw")
SENDING_TIME = time(7, 30)
SENDING_TIMES = (time(7), SENDING_TIME, time(8), time(9), time(10), time(12), time(14))
QUIET_FROM, QUIET_UNTIL = time(20), time(7)

# A letter is tried for four hours, as GOV.UK Notify does: long pauses would hold back one more person's letter.
TRIES = 48
PAUSE = timedelta(minutes=5)

# No run of days off is longer than this, so a first step is never moved back by more.
LONGEST_BREAK = 14
WEEK = 7


class Level(StrEnum):
    """The rungs of escalation, from the person who answers upwards."""

    PERSON = "person"
    PROXY = "proxy"
    SECRETARY = "secretary"
    HEAD = "head"


@dataclass(frozen=True)
class Ladder:
    """Steps in days before and after the due day, then on Mondays.

    `joins` says from which step on a level is told too: -30 means 30 days before, 7 means 7 days after.
    `every_weeks` None means no Mondays; `months_of_mondays` None means that they go on until the thing is done.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    joins: Mapping[Level, int]
    every_weeks: int | None = 1
    months_of_mondays: int | None = None

    @property
    def has_steps(self) -> bool:
        return bool(self.before or self.after or self.every_weeks)


@dataclass(frozen=True)
class Step:
    """One reminder. Its name is kept in the ledger, so it must not depend on days off or on other steps."""

    name: str
    on: date
    recipients: tuple[Level, ...]


ALWAYS = -10_000
TO_PERSON = {Level.PERSON: ALWAYS}
TO_PROXY = {Level.PERSON: ALWAYS, Level.PROXY: ALWAYS}
BODY_VISIT = Ladder((120, 90, 60, 30, 14, 7), (1,), TO_PROXY | {Level.HEAD: -30})
PAPERS_OF_PEOPLE = Ladder((180, 90, 30), (1,), TO_PROXY, every_weeks=4)

LADDERS: dict[Kind, Ladder] = {
    Kind.CERTIFICATE_END: Ladder(
        (365, 270, 180, 90, 60, 30, 14, 7, 1),
        (1,),
        TO_PROXY | {Level.SECRETARY: ALWAYS, Level.HEAD: -60},
        months_of_mondays=6,  # the time in which a body may still restore the certificate
    ),
    Kind.RECERTIFICATION_AUDIT: BODY_VISIT,
    Kind.RECERTIFICATION_DECISION: BODY_VISIT,
    Kind.SURVEILLANCE: BODY_VISIT,
    Kind.BODY_CONTRACT: Ladder((90, 30, 14), (1,), TO_PROXY | {Level.SECRETARY: -30, Level.HEAD: 30}, every_weeks=4),
    Kind.TRANSITION_AUDIT: Ladder(
        (730, 365, 270, 180, 90, 60, 30), (), TO_PROXY | {Level.HEAD: ALWAYS}, every_weeks=None
    ),
    Kind.INTERNAL_AUDITS: Ladder((30, 14, 7, 1), (1,), TO_PROXY | {Level.HEAD: 7}),
    Kind.MAJOR_VERIFICATION: Ladder((90, 60, 30, 14, 7), (1,), TO_PROXY | {Level.HEAD: -30}),
    Kind.BODY_EVIDENCE: Ladder((30, 14, 7, 3, 0), (1, 7), TO_PROXY | {Level.SECRETARY: 1, Level.HEAD: 7}),
    Kind.AUDIT: Ladder((30, 14, 7, 1), (1,), TO_PROXY),
    Kind.AUDIT_REPORT: Ladder((3, 0), (1, 7), TO_PERSON | {Level.PROXY: 7}),
    Kind.ANSWER: Ladder((7, 3, 0), (1, 7, 14), TO_PERSON | {Level.PROXY: 7, Level.SECRETARY: 14}),
    Kind.DECISION_ON_ANSWER: Ladder((3, 0), (1, 7), TO_PROXY | {Level.SECRETARY: 7}),
    Kind.ACTION: Ladder((14, 7, 1, 0), (1, 7, 14, 30), TO_PERSON | {Level.PROXY: 7, Level.HEAD: 30}),
    Kind.VERIFICATION: Ladder((7, 0), (1, 7), TO_PERSON | {Level.PROXY: 7}),
    Kind.EFFECTIVENESS: Ladder((14, 7, 0), (1,), TO_PROXY),
    Kind.CLOSING: Ladder((0,), (1,), TO_PROXY | {Level.SECRETARY: 7}),
    Kind.QUALIFICATION: PAPERS_OF_PEOPLE,
    Kind.APPOINTMENT: PAPERS_OF_PEOPLE,
    Kind.PRODUCT_CHECK: Ladder((3, 0), (1, 7), TO_PERSON | {Level.PROXY: 7}),
    Kind.PROXY_VACANT: Ladder((0,), (), {Level.SECRETARY: ALWAYS, Level.HEAD: ALWAYS}),
}


Ladders = Mapping[Kind, Ladder]

# An office may clear a ladder: nobody is reminded of that kind then, though it stays on everybody's list.
NO_LADDER = Ladder((), (), {}, every_weeks=None)
MOST_STEPS = 12
FARTHEST_STEP = 730
_WRONG_STEPS = N_("Enter days as whole numbers with commas between, for example: 14, 7, 1.")


def longest_lead(kind: Kind, ladders: Ladders = LADDERS) -> int:
    """How many days before its due day a thing of this kind may first be reminded of, days off included."""
    return max(ladders[kind].before, default=0) + LONGEST_BREAK


def check_ladder(ladder: Ladder) -> None:
    """Refuse a ladder that reminds of nothing or nobody: it is cleared on purpose, not by leaving fields empty."""
    if not ladder.has_steps:
        message = N_("Enter at least one day. To send no reminders of this, choose: Do not remind of this at all.")
        raise InvalidInput(message, field="before")
    if not ladder.joins:
        raise InvalidInput(N_("Choose at least one person who is told."), field="person")


def steps_typed(typed: str, *, field: str) -> tuple[int, ...]:
    """The days of steps, the farthest first. Raises `InvalidInput` at the field."""
    days = set()
    for part in filter(None, re.split(r"[,;\s]+", typed.strip())):
        if not re.fullmatch(r"[0-9]{1,4}", part, re.ASCII):
            raise InvalidInput(_WRONG_STEPS, field=field)
        days.add(int(part))
    if len(days) > MOST_STEPS:
        raise InvalidInput(N_("Enter at most %(most)d days."), field=field, most=MOST_STEPS)
    if max(days, default=0) > FARTHEST_STEP:
        raise InvalidInput(N_("Enter days up to %(most)d."), field=field, most=FARTHEST_STEP)
    return tuple(sorted(days, reverse=True))


def recipients_of(ladder: Ladder, offset: int) -> tuple[Level, ...]:
    """Everyone told at that many days after the due day (before it, when negative), lowest first."""
    return tuple(level for level in Level if offset >= ladder.joins.get(level, offset + 1))


def step_days(
    ladder: Ladder,
    due_on: date,
    off: Container[date] = NO_DAYS_OFF,
    *,
    until: date | None = None,
    rolls: bool = True,
    tolerance: int = 0,
) -> list[Step]:
    """Every step in order; those on Mondays only up to `until`, since they have no end.

    Steps after the due day are counted from the end of the tolerance, for nothing is late before. `rolls` False leaves
    each step on its day, as an office may choose; letters wait for a working hour all the same.
    """
    late_after = add_days(due_on, tolerance)
    fixed = [
        _fixed_step(ladder, late_after if offset > 0 else due_on, offset, off=off, rolls=rolls)
        for offset in _offsets(ladder)
    ]
    return fixed if until is None else [*fixed, *_monday_steps(ladder, late_after, off, until=until, rolls=rolls)]


def owed(
    ladder: Ladder,
    due_on: date,
    *,
    today: date,
    off: Container[date] = NO_DAYS_OFF,
    rolls: bool = True,
    tolerance: int = 0,
) -> Step | None:
    """The newest step whose day has come, whether or not it was sent; None before the first."""
    steps = step_days(ladder, due_on, off, until=today, rolls=rolls, tolerance=tolerance)
    come = [step for step in steps if step.on <= today]
    return come[-1] if come else None


def _offsets(ladder: Ladder) -> list[int]:
    return sorted({-days for days in ladder.before} | set(ladder.after))


def _fixed_step(ladder: Ladder, due_on: date, offset: int, *, off: Container[date], rolls: bool) -> Step:
    settle = next_working_day if offset > 0 else previous_working_day
    name, on = f"{offset:+}" if offset else "0", add_days(due_on, offset)
    return Step(name, settle(on, off) if rolls else on, recipients_of(ladder, offset))


def _monday_steps(ladder: Ladder, due_on: date, off: Container[date], *, until: date, rolls: bool) -> Iterator[Step]:
    last = until if ladder.months_of_mondays is None else min(until, add_months(due_on, ladder.months_of_mondays))
    for monday in _mondays(ladder, due_on, last):
        on = next_working_day(monday, off) if rolls else monday
        yield Step(f"mon:{monday}", on, recipients_of(ladder, (monday - due_on).days))


def _mondays(ladder: Ladder, due_on: date, last: date) -> Iterator[date]:
    """The Mondays after the last fixed step."""
    if ladder.every_weeks is None:
        return
    monday = monday_after(add_days(due_on, max(ladder.after, default=0)))
    while monday <= last:
        yield monday
        monday = add_days(monday, WEEK * ladder.every_weeks)


def resolve(levels: Sequence[Level], holders: Mapping[Level, Sequence[int]]) -> set[int]:
    """The persons to tell. A vacant post's share goes to the next post up, above the top to the nearest one below."""
    found = (rung_of(level, holders) for level in levels)
    return {person for rung in found if rung is not None for person in holders[rung]}


def rung_of(level: Level, holders: Mapping[Level, Collection[int]]) -> Level | None:
    """The rung that is told for a level; none where nobody stands on any."""
    rungs = list(Level)
    place = rungs.index(level)
    candidates = (*rungs[place:], *reversed(rungs[:place]))
    return next((rung for rung in candidates if holders.get(rung)), None)


def send_at(day: date, hour: time = SENDING_TIME) -> datetime:
    """The instant, in UTC, at which the day's letters leave."""
    return datetime.combine(day, hour, WARSAW).astimezone(UTC)


def is_quiet(now: datetime, off: Container[date] = NO_DAYS_OFF) -> bool:
    """Whether it is night or a day off in Poland, when no letter leaves that nobody waits for."""
    local = now.astimezone(WARSAW)
    is_night = not QUIET_UNTIL <= local.time() < QUIET_FROM
    return is_night or not is_working_day(local.date(), off)


def next_try_at(tries: int, last_tried_at: datetime) -> datetime | None:
    """When to try a letter again that failed `tries` times; None when it is time to give up."""
    return last_tried_at + PAUSE if tries < TRIES else None
