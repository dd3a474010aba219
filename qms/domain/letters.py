"""On which working day a letter leaves that nobody waits for, and when one that tells how things stand is owed."""

from collections.abc import Container
from datetime import date

from qms.domain.calendar import NO_DAYS_OFF, monday_after, monday_of, next_working_day
from qms.domain.reminders import Ladder, Level

# Those above the department and the proxy: where a late matter goes when nobody there does it.
SUPERIORS = frozenset({Level.SECRETARY, Level.HEAD})


def leaves_on(today: date, due_on: date, off: Container[date] = NO_DAYS_OFF, *, is_weekly: bool = False) -> date:
    """The day on which a reminder that is written today leaves.

    Who wants one letter a week gets it when the week opens. What is late, or due by the time the next week opens,
    does not wait for it: a week's silence must not let a due day pass.
    """
    soon = next_working_day(today, off)
    opening = week_opens_on(today, off)
    if opening < soon:
        opening = next_working_day(monday_after(today), off)
    return opening if is_weekly and due_on > opening else soon


def week_opens_on(day: date, off: Container[date] = NO_DAYS_OFF) -> date:
    """The first working day of the week the day is in, or later where all of it is off."""
    return next_working_day(monday_of(day), off)


def month_opens_on(day: date, off: Container[date] = NO_DAYS_OFF) -> date:
    """The first working day of the month the day is in."""
    return next_working_day(day.replace(day=1), off)


def is_escalation(ladder: Ladder, level: Level) -> bool:
    """Whether superiors are told on this ladder only because the day has passed; others they are told of anyway."""
    return level in SUPERIORS and ladder.joins.get(level, 0) > 0
