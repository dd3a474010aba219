from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.dates import format_date, parse_date
from qms.domain.errors import InvalidInput
from tests.domain.examples import few

TODAY = date(2026, 11, 22)


def read(text: str, language: str = "pl") -> date:
    return parse_date(text, today=TODAY, language=language, field="due_on")


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "27.3.2027",
        "27.03.2027",
        " 27.03.2027 ",
        "27. 3. 2027",
        "27 3 2027",
        "27-03-2027",
        "27/3/2027",
        "2027-03-27",
        "2027-3-27",
        "27 marca 2027",
        "27 MARCA 2027 r.",
        "27 marca 2027 roku",
        "27\u00a0marca\u00a02027",
        "27 marzec 2027",
        "27 March 2027",
        "27 Mar 2027",
        "27.03.2027 r.",
    ],
)
def test_one_day_may_be_written_in_many_ways(text: str, language: str) -> None:
    assert read(text, language) == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("dziś", "2026-11-22"),
        ("dzisiaj", "2026-11-22"),
        ("Today", "2026-11-22"),
        ("jutro", "2026-11-23"),
        ("tomorrow", "2026-11-23"),
        ("pojutrze", "2026-11-24"),
        ("za 10 dni", "2026-12-02"),
        ("in 10 days", "2026-12-02"),
        ("za 1 dzień", "2026-11-23"),
        ("za tydzień", "2026-11-29"),
        ("in a week", "2026-11-29"),
        ("za 2 tygodnie", "2026-12-06"),
        ("za dwa tygodnie", "2026-12-06"),
        ("in 2 weeks", "2026-12-06"),
        ("za 5 tygodni", "2026-12-27"),
        ("za miesiąc", "2026-12-22"),
        ("za 3 miesiące", "2027-02-22"),
        ("in 3 months", "2027-02-22"),
        ("za rok", "2027-11-22"),
        ("za 2 lata", "2028-11-22"),
    ],
)
def test_a_day_may_be_counted_from_today(text: str, day: str) -> None:
    assert read(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", "2024-02-29"),
        ("29.02.2028", "2028-02-29"),
        ("1 września 2027", "2027-09-01"),
        ("1 października 2027", "2027-10-01"),
        ("2025-12-24", "2025-12-24"),
        ("2026-05-02", "2026-05-02"),
        ("1.1.1990", "1990-01-01"),
        ("31.12.2100", "2100-12-31"),
    ],
)
def test_any_real_day_is_accepted(text: str, day: str) -> None:
    assert read(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-04-31", "There is no such day: 2026-04-31. "),
        ("31.4.2027", "There is no such day: 31.4.2027. "),
        ("29.2.2027", "There is no such day"),
        (" 31  września 2027", "There is no such day: 31 września 2027. "),
        ("0.1.2027", "There is no such day"),
        ("3/27/2027", "There is no such day"),
        ("01/02/2026", "two different days"),
        ("5/5/2027", "two different days"),
        ("12/5/2027", "two different days"),
        ("5/12/2027", "two different days"),
        ("27 marca" + " " * 40 + "2027", "not a date we can read"),
        ("31.12.26", "four digits"),
        ("27 marca 27", "four digits"),
        ("13/5/27", "four digits"),
        ("1.1.202", "four digits"),
        ("0001-01-01", "from 1990 to 2100"),
        ("1899-12-30", "from 1990 to 2100"),
        ("31.12.1989", "from 1990 to 2100"),
        ("1.1.2101", "from 1990 to 2100"),
        ("za 999 lat", "from 1990 to 2100"),
        ("2026-366", "not a date we can read"),
        ("2026-01-01T00:00:00+02:00", "not a date we can read"),
        ("45351", "not a date we can read"),
        ("\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661", "not a date we can read"),
        ("2026\u201101\u201101", "not a date we can read"),
        ("\u00b2.3.2027", "not a date we can read"),
        ("wczoraj", "not a date we can read"),
        ("27 foo 2027", "not a date we can read"),
        ("za 2 foo", "not a date we can read"),
        ("za foo dni", "not a date we can read"),
        ("27 marca", "not a date we can read"),
        ("", "not a date we can read"),
        ("\ud800", "not a date we can read"),
        ("9" * 1_000_000, "not a date we can read"),
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        read(text)
    assert refusal.value.field == "due_on"


def test_the_example_is_in_the_language_of_the_page() -> None:
    for language, example in (("pl", "27 marca 2027"), ("en", "27 March 2027"), ("de", "27 March 2027")):
        with pytest.raises(InvalidInput, match=example):
            read("?", language)


@few
@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_printed_day_is_read_back(day: date) -> None:
    assert read(format_date(day)) == day
    assert read(day.isoformat()) == day


@few
@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        day = read(text)
    except InvalidInput:
        return
    assert 1990 <= day.year <= 2100


def test_days_are_printed_with_dots() -> None:
    assert format_date(date(2026, 3, 9)) == "09.03.2026"
