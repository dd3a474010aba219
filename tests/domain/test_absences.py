from datetime import date, timedelta

import pytest

from qms.domain.absences import Away, check_absence
from qms.domain.errors import InvalidInput

TODAY = date(2026, 11, 18)
ANNA, JAN, EWA = 1, 2, 3


def away(first: int, last: int, *, who: int = ANNA, substitute: int | None = JAN) -> Away:
    return Away(who, TODAY + timedelta(days=first), TODAY + timedelta(days=last), substitute)


@pytest.mark.parametrize(
    ("wanted", "others"),
    [
        (away(0, 0), []),
        (away(-9, 0), []),
        (away(5, 9, substitute=None), []),
        (away(5, 9), [away(0, 4), away(10, 12)]),
        (away(5, 9), [away(0, 4, who=JAN, substitute=EWA)]),
        (away(5, 9), [away(5, 9, who=EWA, substitute=JAN)]),
        (away(0, 730), []),
    ],
)
def test_days_that_clash_with_nothing_are_taken(wanted: Away, others: list[Away]) -> None:
    check_absence(wanted, others, TODAY)


@pytest.mark.parametrize(
    ("wanted", "others", "field"),
    [
        (away(2, 1), [], "until_on"),
        (away(-9, -1), [], "until_on"),
        (away(0, 732), [], "until_on"),
        (away(0, 5, substitute=ANNA), [], "substitute"),
        (away(5, 9), [away(9, 12)], "from_on"),
        (away(5, 9), [away(1, 5)], "from_on"),
        (away(5, 9), [away(6, 7, who=JAN, substitute=EWA)], "substitute"),
        (away(5, 9), [away(6, 7, who=EWA, substitute=ANNA)], "from_on"),
    ],
)
def test_days_that_clash_are_refused_at_their_field(wanted: Away, others: list[Away], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_absence(wanted, others, TODAY)
    assert refused.value.field == field
