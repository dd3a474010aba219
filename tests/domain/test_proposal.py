"""What is worth auditing, why, and what the simple plan makes of it."""

from datetime import date

import pytest

from qms.domain.proposal import (
    EVERY_YEAR,
    IMPORTANT,
    NEVER_AUDITED,
    NO_ROOM,
    NOBODY_FREE,
    OPEN_CASES,
    UNSEEN,
    Limits,
    Problem,
    Unit,
    Visit,
    greedy,
    open_months,
    reasons,
    usual_limits,
    visits_of,
    worth,
)
from tests.domain.tables import rows

TODAY = date(2026, 11, 20)

# months since the chapter was audited (- is never), open cases, importance, and what it is worth
SCORES = """
    last          cases   important   score
    2026-11-01    0       no          0
    2026-05-20    0       no          6
    2024-11-20    0       no          24
    2019-01-01    0       no          36
    -             0       no          36
    2026-05-20    1       no          12
    2026-05-20    9       no          24
    2026-05-20    1       yes         24
"""


@pytest.mark.parametrize(("last", "cases", "important", "score"), rows(SCORES))
def test_a_chapter_is_worth_more_the_longer_it_was_unseen_and_the_more_is_open(last, cases, important, score):
    seen = {} if last == "-" else {"8": date.fromisoformat(last)}
    unit = Unit(unit=1, last_seen=seen, open_cases={"8": int(cases)}, is_important=important == "yes")

    assert unit.score("8", TODAY) == int(score)


REASONS = {
    "never": (Unit(unit=1), [NEVER_AUDITED]),
    "long ago": (Unit(unit=1, last_seen={"8": date(2023, 1, 1)}), [UNSEEN]),
    "one chapter never": (Unit(unit=1, last_seen={"9": TODAY}), [UNSEEN]),
    "all is well": (Unit(unit=1, last_seen={"8": TODAY}), [EVERY_YEAR]),
    "open cases": (Unit(unit=1, last_seen={"8": TODAY}, open_cases={"7": 2}), [OPEN_CASES]),
    "both": (Unit(unit=1, open_cases={"7": 2}, is_important=True), [NEVER_AUDITED, OPEN_CASES, IMPORTANT]),
}


@pytest.mark.parametrize("case", REASONS)
def test_each_row_says_why_it_is_there(case):
    unit, expected = REASONS[case]

    assert [notice.message for notice in reasons(unit, ["8"], TODAY)] == expected


def test_departments_with_open_cases_or_of_importance_are_visited_in_each_half_of_the_months():
    units = [Unit(unit=1), Unit(unit=2, open_cases={"8": 1}), Unit(unit=3, is_important=True)]

    visits = visits_of(units, ["8"], [1, 2, 3, 4, 5], today=TODAY)

    assert [(visit.unit, visit.months) for visit in visits] == [
        (1, (1, 2, 3, 4, 5)),
        (2, (1, 2, 3)),
        (2, (4, 5)),
        (3, (1, 2, 3)),
        (3, (4, 5)),
    ]


def test_only_months_to_come_are_open():
    assert open_months(2026, TODAY) == (12,)
    assert open_months(2027, TODAY) == tuple(range(1, 13))
    assert open_months(2025, TODAY) == ()


@pytest.mark.parametrize(("month", "fits"), [(1, 6), (7, 2), (8, 2), (12, 2), (11, 6)])
def test_holiday_months_take_a_third(month, fits):
    assert Limits(6, 4).of_month(month) == fits


@pytest.mark.parametrize(("visits", "auditors"), [(5, 2), (60, 12), (40, 1), (3, 0)])
def test_the_usual_limits_leave_room_for_everything(visits, auditors):
    limits = usual_limits(visits, auditors, range(1, 13))

    assert sum(limits.of_month(month) for month in range(1, 13)) >= visits
    assert limits.an_auditor * max(1, auditors) >= visits


def problem(**changed):
    visits = tuple(Visit(unit, (1, 2), {"7": unit, "8": 9, "9": 1, "10": 0}) for unit in (1, 2, 3))
    free = {unit: {1: (5, 6), 2: (5, 6)} for unit in (1, 2, 3)}
    facts = {"visits": visits, "chapters": ("7", "8", "9", "10"), "limits": Limits(2, 2), "free": free}
    return Problem(**(facts | changed))


def test_the_simple_plan_spreads_visits_over_months_and_auditors_the_heaviest_first():
    plan = greedy(problem())

    assert [(row.visit, row.month, row.lead) for row in plan.rows] == [(0, 1, 5), (2, 1, 5), (1, 2, 6)]
    assert worth(problem(), plan).fullest_month == 2


# who is free, how many fit, and why the third department is left out
LEFT_OUT = {
    "nobody may": ({"free": {1: {1: (5,)}, 2: {1: (5,)}, 3: {}}}, NOBODY_FREE),
    "months are full": ({"limits": Limits(1, 9)}, NO_ROOM),
    "auditors lead enough": ({"limits": Limits(9, 1)}, NO_ROOM),
    "months are taken": ({"taken_months": {1: 2, 2: 1}}, NO_ROOM),
    "leads are taken": ({"taken_leads": {5: 2, 6: 0}, "limits": Limits(9, 2)}, NO_ROOM),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_left_out_has_its_reason(case):
    changed, reason = LEFT_OUT[case]

    plan = greedy(problem(**changed))

    assert set(plan.left_out.values()) == {reason}


def test_two_visits_to_a_department_look_at_different_chapters():
    twice = tuple(Visit(1, (month,), {"7": 3, "8": 9, "9": 2, "10": 1, "4": 8, "5": 7}) for month in (1, 2))

    plan = greedy(problem(visits=twice, free={1: {1: (5,), 2: (5,)}}))

    assert [row.chapters for row in plan.rows] == [("8", "4", "5"), ("7", "9", "10")]
