from datetime import date

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.limits import (
    AGREED,
    LONGEST_TOLERANCE,
    NOT_SET,
    STARTER_LIMITS,
    TOLERANT,
    Limit,
    Unit,
    check,
    due_on,
    for_answer,
    units,
    value_shown,
    value_typed,
)

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        (Limit(0), "2026-11-20"),
        (Limit(14), "2026-12-04"),
        (Limit(5, Unit.WORKING_DAYS), "2026-11-27"),
        (Limit(3, Unit.MONTHS), "2027-02-20"),
        (Limit(7, counts_back=True), "2026-11-13"),
        (Limit(1, Unit.MONTHS, counts_back=True), "2026-10-20"),
        (Limit(5, Unit.WORKING_DAYS, counts_back=True), "2026-11-13"),
        (Limit(131, Unit.DAY_OF_YEAR), "2027-01-31"),
        (Limit(1231, Unit.DAY_OF_YEAR), "2026-12-31"),
        (Limit(1120, Unit.DAY_OF_YEAR), "2027-11-20"),  # the day counted from is not counted
        (Limit(131, Unit.DAY_OF_YEAR, counts_back=True), "2026-01-31"),
        (Limit(1231, Unit.DAY_OF_YEAR, counts_back=True), "2025-12-31"),
        (Limit(1120, Unit.DAY_OF_YEAR, counts_back=True), "2025-11-20"),
        (Limit(229, Unit.DAY_OF_YEAR), "2027-02-28"),
    ],
)
def test_a_limit_leads_to_a_day(limit: Limit, due: str) -> None:
    assert due_on(limit, FRIDAY) == date.fromisoformat(due)


def test_a_limit_in_working_days_knows_the_days_off_of_the_office() -> None:
    assert due_on(Limit(1, Unit.WORKING_DAYS), FRIDAY, {date(2026, 11, 23)}) == date(2026, 11, 24)


@pytest.mark.parametrize(("after", "found"), [("2027-02-28", "2028-02-29"), ("2028-02-28", "2028-02-29")])
def test_the_leap_day_is_there_in_leap_years(after: str, found: str) -> None:
    assert due_on(Limit(229, Unit.DAY_OF_YEAR), date.fromisoformat(after)) == date.fromisoformat(found)


@pytest.mark.parametrize(("limit", "is_set"), [(NOT_SET, False), (Limit(None, Unit.MONTHS), False), (AGREED, True)])
def test_a_limit_without_a_value_leads_to_no_day(limit: Limit, *, is_set: bool) -> None:
    assert due_on(limit, FRIDAY) is None
    assert limit.is_set is is_set


def test_a_new_office_starts_with_every_limit_filled_in_save_what_its_contract_says_and_grades() -> None:
    not_set = {name for name, limit in STARTER_LIMITS.items() if limit.value is None}
    assert not_set == {"answer_major", "answer_minor", "second_surveillance"}
    assert STARTER_LIMITS["answer"] == Limit(14)
    assert STARTER_LIMITS["recertification_audit"].counts_back
    assert all(limit.unit in units(name) for name, limit in STARTER_LIMITS.items())
    assert {name for name, limit in STARTER_LIMITS.items() if limit.tolerance} <= TOLERANT <= set(STARTER_LIMITS)
    assert all(limit.tolerance <= LONGEST_TOLERANCE for limit in STARTER_LIMITS.values())


def test_only_the_review_whose_form_asks_for_the_day_may_be_agreed() -> None:
    assert {name for name in STARTER_LIMITS if Unit.AGREED in units(name)} == {"effectiveness"}


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("answer", AGREED),
        ("second_surveillance", Limit(131, Unit.DAY_OF_YEAR)),
        ("answer", Limit(14, tolerance=1)),
    ],
)
def test_what_would_lead_to_nothing_is_refused(name: str, limit: Limit) -> None:
    with pytest.raises(InvalidInput) as refused:
        check(name, limit)
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("effectiveness", AGREED),
        ("answer", Limit(131, Unit.DAY_OF_YEAR)),
        ("report", Limit(14, tolerance=1)),
        ("second_surveillance", Limit(None, Unit.DAY_OF_YEAR)),
    ],
)
def test_what_leads_to_a_day_or_is_not_set_is_taken(name: str, limit: Limit) -> None:
    check(name, limit)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("", Unit.DAYS, None),
        (" ", Unit.AGREED, None),
        ("14", Unit.WORKING_DAYS, 14),
        ("31.01", Unit.DAY_OF_YEAR, 131),
        (" 1.2. ", Unit.DAY_OF_YEAR, 201),
        ("29.02", Unit.DAY_OF_YEAR, 229),
        ("", Unit.DAY_OF_YEAR, None),
    ],
)
def test_a_value_is_read_by_its_unit(typed: str, unit: Unit, value: int | None) -> None:
    assert value_typed(typed, unit, field="answer") == value
    shown = value_shown(Limit(value, unit))
    assert value_typed(shown, unit, field="answer") == value


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("31.01", Unit.DAYS),
        ("1201", Unit.DAYS),
        ("31", Unit.DAY_OF_YEAR),
        ("30.02", Unit.DAY_OF_YEAR),
        ("31.01.2027", Unit.DAY_OF_YEAR),
        ("\u0663\u0661.\u0660\u0661", Unit.DAY_OF_YEAR),
        ("0.1", Unit.DAY_OF_YEAR),
        ("14", Unit.AGREED),
    ],
)
def test_a_value_that_its_unit_cannot_read_is_refused_at_the_field(typed: str, unit: Unit) -> None:
    with pytest.raises(InvalidInput) as refused:
        value_typed(typed, unit, field="answer")
    assert refused.value.field == "answer"


@pytest.mark.parametrize(
    ("category", "of_office", "found"),
    [
        ("nonconformity", {"answer": Limit(14), "answer_major": Limit(7)}, Limit(14)),
        ("major", {"answer": Limit(14), "answer_major": Limit(7), "answer_minor": Limit(30)}, Limit(7)),
        ("minor", {"answer": Limit(14), "answer_major": Limit(7), "answer_minor": Limit(30)}, Limit(30)),
        ("minor", {"answer": Limit(14), "answer_major": Limit(7)}, Limit(14)),
        ("major", {"answer": Limit(14), "answer_major": Limit(None)}, Limit(14)),
        ("major", {"answer": Limit(None), "answer_major": Limit(7)}, Limit(7)),
        ("major", {}, NOT_SET),
        ("potential", {"answer": Limit(14), "answer_major": Limit(7)}, Limit(14)),
    ],
)
def test_an_answer_has_the_limit_of_its_grade_or_that_of_all(category, of_office, found):
    assert for_answer(category, of_office) == found
