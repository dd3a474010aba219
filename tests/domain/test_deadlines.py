from datetime import date

import pytest

from qms.domain.deadlines import RULE_WORDS, Rule, days_left, is_moved, is_overdue, rolled
from qms.domain.limits import NOT_SET, Limit, Unit

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(("due", "overdue", "left"), [(19, True, -1), (20, False, 0), (21, False, 1)])
def test_what_is_due_today_is_not_overdue(*, due: int, overdue: bool, left: int) -> None:
    assert is_overdue(date(2026, 11, due), FRIDAY) is overdue
    assert days_left(date(2026, 11, due), FRIDAY) == left


@pytest.mark.parametrize(("today", "overdue"), [(20, False), (30, False), (31, True)])
def test_nothing_is_overdue_within_its_tolerance(*, today: int, overdue: bool) -> None:
    assert is_overdue(date(2026, 12, 20), date(2026, 12, today), tolerance=10) is overdue


@pytest.mark.parametrize(
    ("rule", "rolls"),
    [
        ("C1", False),
        ("C2'", False),
        ("C5", False),
        ("C14", False),
        ("C15", False),
        ("F1", False),
        ("F2'", False),
        ("N1", True),
        ("N4", True),
        ("A3", True),
    ],
)
def test_only_the_offices_own_limits_roll_off_days_off(*, rule: str, rolls: bool) -> None:
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)

    assert rolled(Rule(rule), sunday) == (monday if rolls else sunday)


def test_a_rolled_day_passes_the_days_off_of_the_office() -> None:
    assert rolled(Rule.ANSWER, date(2026, 11, 22), {date(2026, 11, 23)}) == date(2026, 11, 24)


def test_every_rule_says_why_the_day_is_that_day() -> None:
    for rule in Rule:
        assert RULE_WORDS[rule] % {"limit": "14 days", "counted_from": "20.11.2026"}


SATURDAY = date(2026, 12, 5)


@pytest.mark.parametrize(
    ("limit", "counted_from", "due", "is_so"),
    [
        (Limit(15), date(2026, 11, 20), date(2026, 12, 7), True),
        (Limit(15), date(2026, 11, 20), SATURDAY, False),
        (Limit(14), date(2026, 11, 20), date(2026, 12, 4), False),
        (Limit(15), date(2026, 11, 20), date(2026, 12, 9), False),
        (Limit(1, Unit.MONTHS), date(2026, 11, 5), date(2026, 12, 7), True),
        (Limit(5, Unit.WORKING_DAYS), date(2026, 11, 20), date(2026, 11, 27), False),
        (Limit(1205, Unit.DAY_OF_YEAR), date(2026, 11, 20), date(2026, 12, 7), True),
        (NOT_SET, date(2026, 11, 20), SATURDAY, False),
        (None, date(2026, 11, 20), SATURDAY, False),
    ],
)
def test_a_due_day_that_was_moved_is_known(limit: Limit | None, counted_from: date, due: date, *, is_so: bool) -> None:
    assert is_moved(limit, counted_from, due) is is_so
