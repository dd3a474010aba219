from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.calendar import (
    add_days,
    add_months,
    add_working_days,
    counted_from_range,
    is_working_day,
    monday_after,
    monday_of,
    named_days_off,
    next_working_day,
    previous_working_day,
    statutory_days_off,
)
from tests.domain.examples import few

DAYS = st.dates(date(1995, 1, 1), date(2095, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "leads_to"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2024-02-29", 36, "2027-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-05-10", 0, "2026-05-10"),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(day: str, months: int, leads_to: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(leads_to)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-12-24", True),  # not yet a day off
        ("2025-12-24", False),
        ("2026-01-06", False),
        ("2026-04-06", False),  # Easter Monday
        ("2027-03-29", False),
        ("2028-04-17", False),
        ("2026-06-04", False),  # Corpus Christi
        ("2030-06-20", False),
        ("2026-05-02", False),  # a Saturday
        ("2026-05-04", True),
        ("2026-11-11", False),
        ("2026-11-22", False),  # a Sunday
        ("2026-11-23", True),
    ],
)
def test_offices_work_on_weekdays_that_are_no_statutory_days_off(*, day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_poland_has_fourteen_named_days_off() -> None:
    assert len(statutory_days_off(2026)) == 14


def test_the_named_days_off_are_those_that_count_and_bear_names_in_both_languages() -> None:
    polish, english = named_days_off(2026, "pl"), named_days_off(2026, "en")

    assert [day for day, _ in polish] == [day for day, _ in english] == sorted(statutory_days_off(2026))
    assert (polish[0][1], english[0][1]) == ("Nowy Rok", "New Year's Day")


def test_an_office_adds_its_own_days_off() -> None:
    given_for_saturday = date(2026, 8, 14)

    assert is_working_day(given_for_saturday)
    assert not is_working_day(given_for_saturday, {given_for_saturday})
    assert next_working_day(given_for_saturday, {given_for_saturday}) == date(2026, 8, 17)
    assert previous_working_day(given_for_saturday, {given_for_saturday}) == date(2026, 8, 13)


@pytest.mark.parametrize(
    ("day", "previous", "following"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("2026-11-22", "2026-11-20", "2026-11-23"),
        ("2026-05-02", "2026-04-30", "2026-05-04"),
        ("2026-12-25", "2026-12-23", "2026-12-28"),
    ],
)
def test_a_day_off_gives_way_to_its_working_neighbours(day: str, previous: str, following: str) -> None:
    assert previous_working_day(date.fromisoformat(day)) == date.fromisoformat(previous)
    assert next_working_day(date.fromisoformat(day)) == date.fromisoformat(following)


@pytest.mark.parametrize(
    ("day", "count", "leads_to"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-12-23", 1, "2026-12-28"),
        ("2026-11-22", 1, "2026-11-23"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-12-28", -1, "2026-12-23"),
    ],
)
def test_working_days_are_counted_without_the_first_day(day: str, count: int, leads_to: str) -> None:
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(leads_to)


def test_weeks_begin_on_monday() -> None:
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)

    assert monday_of(sunday) == date(2026, 11, 16)
    assert monday_of(monday) == monday
    assert monday_after(sunday) == monday
    assert monday_after(monday) == date(2026, 11, 30)


@few
@given(start=DAYS, months=st.integers(-48, 48), before=st.integers(0, 40), length=st.integers(0, 40))
def test_no_start_day_that_leads_into_the_range_is_missed(
    *, start: date, months: int, before: int, length: int
) -> None:
    first_due = add_days(add_months(start, months), -before)
    last_due = first_due + timedelta(days=before + length)

    earliest, latest = counted_from_range(first_due, last_due, months)

    assert earliest <= start <= latest


def test_every_last_day_of_a_longer_month_leads_to_the_end_of_a_shorter_one() -> None:
    end_of_february = date(2026, 2, 28)

    assert counted_from_range(end_of_february, end_of_february, 1) == (date(2026, 1, 28), date(2026, 1, 31))


@few
@given(day=DAYS, months=st.integers(-48, 48))
def test_the_range_for_one_day_is_at_most_four_days_long(day: date, months: int) -> None:
    earliest, latest = counted_from_range(day, day, months)

    assert timedelta(0) <= latest - earliest <= timedelta(days=3)
