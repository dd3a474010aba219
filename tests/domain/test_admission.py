from datetime import date
from itertools import product

import pytest

from qms.domain.admission import Ground, Known, Requirement, Stated, drawn_up, lacks, read, serves_since
from qms.domain.errors import InvalidInput

ON = date(2026, 11, 20)
# An employee: a course, and a year of service or earlier experience, and the consent of the head, and an order.
EMPLOYEE = drawn_up([["course"], ["service", "experience"], ["consent"], ["order"]], 12)
CONTRACTOR = drawn_up([["course"], ["declaration"]], None)
ASSISTANT = drawn_up([["consent"]], None)


def known(*, course=False, service=False, experience=False, consent=False, order=False, declaration=False):
    given = {Ground.EXPERIENCE: experience, Ground.CONSENT: consent, Ground.DECLARATION: declaration}
    return Known(
        on=ON,
        is_trained=course,
        serves_since=date(2025, 11, 20) if service else date(2025, 11, 21),
        has_order=order,
        stated=frozenset(Stated(ground, ON, ON) for ground, is_given in given.items() if is_given),
    )


@pytest.mark.parametrize(("course", "service", "experience", "consent", "order"), [*product((False, True), repeat=5)])
def test_an_employee_is_admitted_by_all_lines_and_one_condition_of_each(*, course, service, experience, consent, order):
    person = known(course=course, service=service, experience=experience, consent=consent, order=order)

    assert (lacks(EMPLOYEE, person) == []) is (course and (service or experience) and consent and order)


@pytest.mark.parametrize(("course", "declaration"), [*product((False, True), repeat=2)])
def test_somebody_from_outside_and_an_assistant_have_conditions_of_their_own(*, course, declaration):
    person = known(course=course, declaration=declaration)

    assert (lacks(CONTRACTOR, person) == []) is (course and declaration)
    assert lacks(ASSISTANT, person) == list(ASSISTANT)
    assert lacks(ASSISTANT, known(consent=True)) == []


def test_what_is_lacking_is_told_line_by_line():
    person = known(course=True, order=True)

    assert lacks(EMPLOYEE, person) == [
        (Requirement(Ground.SERVICE, 12), Requirement(Ground.EXPERIENCE)),
        (Requirement(Ground.CONSENT),),
    ]
    assert lacks((), person) == []


@pytest.mark.parametrize(
    ("from_on", "until_on", "holds"),
    [
        ("2026-11-20", None, True),
        ("2026-11-21", None, False),
        ("2026-01-01", "2026-11-20", True),
        ("2026-01-01", "2026-11-19", False),
    ],
)
def test_what_was_stated_holds_on_its_days(*, from_on, until_on, holds):
    until = date.fromisoformat(until_on) if until_on else None
    stated = Stated(Ground.CONSENT, date.fromisoformat(from_on), until)

    assert (lacks(ASSISTANT, Known(on=ON, stated=frozenset({stated}))) == []) is holds


@pytest.mark.parametrize(
    ("periods", "since"),
    [
        ([], None),
        ([("2020-01-01", None)], "2020-01-01"),
        ([("2020-01-01", "2022-12-31"), ("2023-01-01", None)], "2020-01-01"),  # moved to another unit
        ([("2020-01-01", "2022-12-30"), ("2023-01-01", None)], "2023-01-01"),  # came back
        ([("2020-01-01", None), ("2024-01-01", "2024-06-30")], "2020-01-01"),  # two units at once
        ([("2020-01-01", "2026-11-20")], "2020-01-01"),
        ([("2020-01-01", "2026-11-19")], None),
        ([("2026-11-21", None)], None),
        ([("2023-01-01", None), ("2020-01-01", "2022-12-31")], "2020-01-01"),  # in any order
    ],
)
def test_service_is_counted_from_the_day_since_which_it_is_unbroken(periods, since):
    days = [(date.fromisoformat(first), date.fromisoformat(last) if last else None) for first, last in periods]

    assert serves_since(days, ON) == (date.fromisoformat(since) if since else None)


def test_service_that_is_ticked_needs_its_months_and_empty_lines_fall_away():
    with pytest.raises(InvalidInput, match="how many months"):
        drawn_up([["service"]], None)
    assert drawn_up([[], ["consent"], []], 7) == ((Requirement(Ground.CONSENT),),)


def test_a_rule_is_read_as_it_was_stored():
    stored = [[[each.ground.value, each.months] for each in line] for line in EMPLOYEE]

    assert read(stored) == EMPLOYEE
