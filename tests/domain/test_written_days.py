from datetime import date

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.written_days import exactly, read, reread

TODAY = date(2026, 11, 20)

# what is typed, the earliest and the latest day it can mean
READINGS = [
    ("29.9.2011", "2011-09-29", "2011-09-29"),
    ("29 września 2011 r.", "2011-09-29", "2011-09-29"),
    ("2005", "2005-01-01", "2005-12-31"),
    ("2005 r.", "2005-01-01", "2005-12-31"),
    ("czerwiec 2005", "2005-06-01", "2005-06-30"),
    ("June 2005", "2005-06-01", "2005-06-30"),
    ("VI 2005", "2005-06-01", "2005-06-30"),
    ("06.2005", "2005-06-01", "2005-06-30"),
    ("luty 2024", "2024-02-01", "2024-02-29"),
    ("połowa lutego 2024", "2024-02-11", "2024-02-20"),
    ("mid-February 2024", "2024-02-11", "2024-02-20"),
    ("początek grudnia 2007", "2007-12-01", "2007-12-10"),
    ("koniec lutego 2023", "2023-02-21", "2023-02-28"),
    ("end of June 2010", "2010-06-21", "2010-06-30"),
    ("II połowa 2010", "2010-07-01", "2010-12-31"),
    ("IV kwartał 2007", "2007-10-01", "2007-12-31"),
    ("first quarter of 2008", "2008-01-01", "2008-03-31"),
]


@pytest.mark.parametrize(("typed", "first_on", "last_on"), READINGS)
def test_what_was_written_stands_for_every_day_it_can_mean(typed, first_on, last_on):
    found = read(typed, today=TODAY, language="pl")

    assert (found.first_on, found.last_on) == (date.fromisoformat(first_on), date.fromisoformat(last_on))
    assert found.is_exact is (first_on == last_on)
    assert reread(found.written, found.first_on) == found


def test_what_was_written_is_kept_as_it_was_written():
    assert str(read("  połowa   lutego 2024 ", today=TODAY, language="pl")) == "połowa lutego 2024"
    assert str(exactly(date(2011, 9, 29))) == "29.09.2011"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("dawno", "not a date we can read"),
        ("V kwartał 2005", "not a date we can read"),
        ("III połowa 2005", "not a date we can read"),
        ("połowa smutku 2005", "not a date we can read"),
        ("13.2005", "not a date we can read"),
        ("29.2.2027", "no such day"),
        ("1066", "not a date we can read"),
        ("3/4/2011", "two different days"),
        ("0000", "not a date we can read"),
    ],
)
def test_what_says_no_day_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read(typed, today=TODAY, language="pl")
