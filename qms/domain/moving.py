"""When a later day may stand in place of the present one."""

from datetime import date
from typing import Final

from qms.domain.calendar import add_days, add_months

LONGEST_MONTHS: Final = 12  # nobody who comes later could bring a day nearer that was typed years away by mistake


def is_later(new_day: date | None, present: date | None, today: date) -> bool:
    """Whether a day can stand in place of the present one: still to come, and later, by a year at most."""
    if new_day is None or new_day < today or (present is not None and new_day <= present):
        return False
    return new_day <= add_months(max(present or today, today), LONGEST_MONTHS)


def given_back(present: date, *, asked_on: date, today: date) -> date | None:
    """The day to answer with the days that somebody waited for a decision given back; none where none passed.

    A waiting decision does not stop the clock, so that without this it would make who waits late.
    """
    waited = (today - asked_on).days
    return max(add_days(present, waited), today) if waited > 0 else None
