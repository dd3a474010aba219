"""Civil days in Poland: months, working days, weeks.

Source of the days off: the act of 18 January 1951 on days off work; 24 December counts from 2025. Saturdays are not
statutory days off, but offices are closed, so they are not working days either. An office adds its own days in `off`.
"""

from calendar import monthrange
from collections.abc import Callable, Container
from datetime import date, timedelta
from functools import lru_cache

NO_DAYS_OFF: frozenset[date] = frozenset()
SATURDAY = 5


def last_day_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it has no such day.

    >>> add_months(date(2028, 2, 29), 12), add_months(date(2026, 8, 31), 6)
    (datetime.date(2029, 2, 28), datetime.date(2027, 2, 28))
    """
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = last_day_of_month(year, month_index + 1)
    return min(last, last.replace(day=min(day.day, last.day)))


def add_days(day: date, days: int) -> date:
    return day + timedelta(days=days)


def day_in_year(year: int, month: int, day: int) -> date:
    """That day of a year; 29 February is the 28th in a common year."""
    last = last_day_of_month(year, month)
    return last.replace(day=min(day, last.day))


def next_yearly(after: date, month: int, day: int) -> date:
    """The first such day later than `after`."""
    found = day_in_year(after.year, month, day)
    return found if found > after else day_in_year(after.year + 1, month, day)


def previous_yearly(before: date, month: int, day: int) -> date:
    """The last such day earlier than `before`."""
    found = day_in_year(before.year, month, day)
    return found if found < before else day_in_year(before.year - 1, month, day)


@lru_cache(maxsize=64)
def statutory_days_off(year: int) -> frozenset[date]:
    # Imported when first asked for, because the package is slow to load and most rules never need it.
    from holidays import country_holidays  # noqa: PLC0415 -- see above

    return frozenset(country_holidays("PL", years=year))


def named_days_off(year: int, language: str) -> list[tuple[date, str]]:
    """The statutory days off of a year with their names in Polish or English, in order."""
    from holidays import country_holidays  # noqa: PLC0415 -- as above

    found = country_holidays("PL", years=year, language="pl" if language == "pl" else "en_US")
    return sorted(found.items())


def is_working_day(day: date, off: Container[date] = NO_DAYS_OFF) -> bool:
    return day.weekday() < SATURDAY and day not in off and day not in statutory_days_off(day.year)


def previous_working_day(day: date, off: Container[date] = NO_DAYS_OFF) -> date:
    """The day itself when it is a working day, else the last one before it."""
    while not is_working_day(day, off):
        day -= timedelta(days=1)
    return day


def next_working_day(day: date, off: Container[date] = NO_DAYS_OFF) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day, off):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, off: Container[date] = NO_DAYS_OFF) -> date:
    """The count-th working day after the day (before it, when negative); the day itself is not counted."""
    step, settle = _direction(count)
    for _ in range(abs(count)):
        day = settle(day + step, off)
    return day


def _direction(count: int) -> tuple[timedelta, Callable[[date, Container[date]], date]]:
    if count < 0:
        return timedelta(days=-1), previous_working_day
    return timedelta(days=1), next_working_day


def monday_of(day: date) -> date:
    """The Monday of the week the day is in."""
    return day - timedelta(days=day.weekday())


def monday_after(day: date) -> date:
    """The first Monday later than the day."""
    return monday_of(day) + timedelta(days=7)


def counted_from_range(first_due: date, last_due: date, months: int) -> tuple[date, date]:
    """The earliest and the latest day from which `months` may lead into the range of due days.

    A few days at the edges may lead outside, since months differ in length: the caller checks each one again.
    """
    latest = add_months(last_due, -months)
    if last_due == last_day_of_month(last_due.year, last_due.month):
        latest = last_day_of_month(latest.year, latest.month)
    return add_months(first_due, -months), latest
