"""A day as offices live it: their days off, their ladders, and how far back planning has to look."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from qms.agenda.queries import EVER
from qms.domain.calendar import add_days, monday_of, next_working_day
from qms.domain.reminders import LADDERS, LONGEST_BREAK, Ladders
from qms.offices import queries as offices


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


def days_of(office_ids: Collection[int], today: date) -> dict[int, Day]:
    """What each office's own settings make of a day."""
    off, ladders = offices.days_off_of(office_ids), offices.own_ladders_of(office_ids)
    rolling, tolerances = offices.rolling_reminders(office_ids), offices.longest_tolerances(office_ids)
    return {
        each: Day(each, today, off[each], LADDERS | ladders[each], each in rolling, tolerances.get(each, 0))
        for each in office_ids
    }


def earliest(since: date, day: Day) -> date:
    """The earliest due day that may have a step new since then: any once a Monday has come, since Mondays never end."""
    monday = monday_of(day.today)
    if next_working_day(monday, day.off) > day.today:
        monday = add_days(monday, -7)
    if next_working_day(monday, day.off) > since:
        return EVER
    last_step = max(max(ladder.after, default=0) for ladder in day.ladders.values())
    return add_days(since, -last_step - day.tolerance - LONGEST_BREAK)
