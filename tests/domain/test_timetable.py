from datetime import date, time

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.timetable import Hours, check_days, overlap

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 18)
ANNA, BEN = 1, 2


def hours(start: str, end: str, *people: int, day: date = FIRST, audit: str = "") -> Hours:
    beginning, stop = time.fromisoformat(start), time.fromisoformat(end)
    return Hours(day=day, from_time=beginning, to_time=stop, people=frozenset(people), audit=audit)


@pytest.mark.parametrize(
    ("day", "start", "end", "field"),
    [
        (FIRST, "09:00", "10:00", None),
        (LAST, "09:00", "10:00", None),
        (date(2026, 11, 15), "09:00", "10:00", "day"),
        (date(2026, 11, 19), "09:00", "10:00", "day"),
        (FIRST, "10:00", "10:00", "to_time"),
        (FIRST, "10:00", "09:00", "to_time"),
    ],
)
def test_a_row_lies_in_the_days_of_the_audit_and_ends_after_it_begins(
    day: date, start: str, end: str, field: str | None
) -> None:
    wanted = hours(start, end, ANNA, day=day)
    if field is None:
        check_days(wanted, FIRST, LAST)
        return

    with pytest.raises(InvalidInput) as refused:
        check_days(wanted, FIRST, LAST)

    assert refused.value.field == field


# Somebody is busy from 9 to 11 on the first day.
@pytest.mark.parametrize(
    ("wanted", "is_refused"),
    [
        (hours("08:00", "09:00", ANNA), False),  # until the other begins
        (hours("11:00", "12:00", ANNA), False),  # from when the other ends
        (hours("08:00", "09:01", ANNA), True),
        (hours("10:59", "12:00", ANNA), True),
        (hours("09:30", "10:00", ANNA), True),  # within
        (hours("08:00", "12:00", ANNA), True),  # around
        (hours("09:00", "11:00", ANNA), True),  # the same
        (hours("09:00", "11:00", BEN), False),  # somebody else
        (hours("09:00", "11:00", BEN, ANNA), True),  # the whole team
        (hours("09:00", "11:00", ANNA, day=LAST), False),  # another day
    ],
)
def test_nobody_is_in_two_places_at_once(*, wanted: Hours, is_refused: bool) -> None:
    busy = hours("09:00", "11:00", ANNA, audit="A-2026-01")

    assert overlap(wanted, [busy]) == ((ANNA, busy) if is_refused else None)
