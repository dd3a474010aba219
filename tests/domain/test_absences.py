from datetime import date, timedelta

import pytest

from qms.domain.absences import Away, Naming, check_absence, check_naming
from qms.domain.errors import InvalidInput, NotPermitted

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


# by oneself, namer sees, names themselves, absent has rights, substitute sees
@pytest.mark.parametrize(
    ("case", "is_right"),
    [
        ("1 0 0 1 0", True),
        ("0 1 1 1 1", True),
        ("0 1 0 1 0", True),
        ("0 0 0 0 0", True),
        ("0 0 0 0 1", True),
        ("0 0 0 1 1", True),
        ("0 0 0 1 0", False),
        ("0 0 1 0 0", False),
        ("0 0 1 1 1", False),
    ],
)
def test_who_keeps_the_list_of_people_names_no_reader_who_would_learn_of_findings(case: str, *, is_right: bool) -> None:
    names = ("by_oneself", "namer_sees", "names_themselves", "absent_has_rights", "substitute_sees")
    naming = Naming(**dict(zip(names, (each == "1" for each in case.split()), strict=True)))

    if is_right:
        check_naming(naming)
        return
    with pytest.raises(NotPermitted) as refusal:
        check_naming(naming)
    assert refusal.value.field == "substitute"
