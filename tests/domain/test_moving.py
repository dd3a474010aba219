"""Which day may stand in place of the present one."""

from datetime import date

import pytest

from qms.domain.moving import given_back, is_later

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("new", "present", "is_good"),
    [
        (None, date(2026, 11, 27), False),
        (date(2026, 11, 27), date(2026, 11, 27), False),
        (date(2026, 11, 28), date(2026, 11, 27), True),
        (date(2026, 11, 22), date(2026, 11, 13), False),  # later than the present day, and past
        (date(2026, 11, 23), date(2026, 11, 13), True),
        (date(2026, 11, 23), None, True),
        (date(2027, 11, 23), None, True),
        (date(2027, 11, 24), None, False),
        (date(2027, 11, 23), date(2026, 11, 13), True),  # a year is counted from today where the day has passed
        (date(2027, 11, 24), date(2026, 11, 13), False),
        (date(2027, 11, 27), date(2026, 11, 27), True),
        (date(2030, 12, 31), date(2026, 11, 27), False),
        (date(2029, 2, 28), date(2028, 2, 29), True),
        (date(2029, 3, 1), date(2028, 2, 29), False),
    ],
)
def test_a_day_is_moved_ahead_and_by_a_year_at_most(new, present, is_good):
    assert is_later(new, present, TODAY) is is_good


@pytest.mark.parametrize(
    ("present", "asked_on", "expected"),
    [
        (date(2026, 11, 27), date(2026, 11, 23), None),  # decided on the same day
        (date(2026, 11, 27), date(2026, 11, 20), date(2026, 11, 30)),
        (date(2026, 11, 18), date(2026, 11, 16), date(2026, 11, 25)),  # it had two days left, and has them again
        (date(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 23)),  # asked on the last day: today is the last one
        (date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 23)),  # late before: until today, no longer
    ],
)
def test_the_days_that_somebody_waited_for_a_decision_are_given_back(present, asked_on, expected):
    assert given_back(present, asked_on=asked_on, today=TODAY) == expected
