"""How the numbers of findings are counted."""

from datetime import date, timedelta

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.figures import (
    AGES,
    Numbers,
    Share,
    ToClosing,
    check_period,
    median,
    overlap,
    reported_within,
    together,
)

TODAY = date(2026, 11, 20)

OF_AGE = """
    days   age
    0      do-14
    14     do-14
    15     15-30
    30     15-30
    31     31-90
    90     31-90
    91     ponad-90
    4000   ponad-90
"""


@pytest.mark.parametrize("line", [line.split() for line in OF_AGE.strip().splitlines()[1:]], ids=" ".join)
def test_an_open_case_is_of_exactly_one_age(line: list[str]) -> None:
    reported_on = TODAY - timedelta(days=int(line[0]))

    spans = {age.name: reported_within(age, TODAY) for age in AGES}

    within = [name for name, (first, last) in spans.items() if (first or date.min) <= reported_on <= (last or date.max)]
    assert within == [line[1]]


SHARES = """
    part  whole  per_cent
    0     0      -
    4     4      -
    0     5      0
    5     5      100
    3     5      60
    2     3      -
    8     12     67
    199   200    99
    1     1000   1
    1     8      13
"""


@pytest.mark.parametrize("line", [line.split() for line in SHARES.strip().splitlines()[1:]], ids=" ".join)
def test_few_cases_have_no_percentage_and_only_all_of_them_are_a_hundred(line: list[str]) -> None:
    part, whole, per_cent = line

    assert Share(int(part), int(whole)).per_cent == (None if per_cent == "-" else int(per_cent))


@pytest.mark.parametrize(("lower", "upper", "middle"), [(7, 7, 7), (7, 9, 8), (7, 8, 8), (0, 1, 1), (0, 0, 0)])
def test_a_half_day_of_the_median_is_rounded_up(lower: int, upper: int, middle: int) -> None:
    assert median(lower, upper) == middle


def test_the_longest_time_that_all_spans_share_is_kept() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))

    assert overlap([]) == (None, None)
    assert overlap([(None, None), year]) == year
    assert overlap([year, (date(2026, 3, 1), None), (None, date(2026, 4, 1))]) == (date(2026, 3, 1), date(2026, 4, 1))


def test_a_period_ends_after_it_begins() -> None:
    check_period(TODAY, TODAY)
    check_period(None, TODAY)

    with pytest.raises(InvalidInput) as refused:
        check_period(TODAY, TODAY - timedelta(days=1))
    assert refused.value.field == "do"


def test_all_together_are_sums_and_a_median_of_their_own() -> None:
    row = Numbers(
        reported=9, ages=(1, 0, 2, 3), overdue=2, closed=3, effect=Share(1, 2), to_closing=ToClosing(3, 10, 30)
    )
    whole = together([row, row], ToClosing(6, 11, 30))

    assert (whole.reported, whole.open, whole.overdue, whole.closed) == (18, 12, 4, 6)
    assert whole.ages == (2, 0, 4, 6)
    assert whole.effect == Share(2, 4)
    assert whole.to_closing == ToClosing(6, 11, 30)
