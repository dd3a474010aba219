from datetime import date

import pytest

from qms.domain.errors import InvalidInput
from qms.domain.periods import Gap, Period, check_overlap, gaps
from qms.domain.written_days import read

TODAY = date(2026, 11, 20)


def period(days: str, *, standard: str = "9001", cut: str | None = None, replaces: bool = False) -> Period:
    """From "first – last", each as somebody may have written it."""
    begins, ends = (read(part, today=TODAY, language="en") for part in days.split(" – "))
    cut_on = date.fromisoformat(cut) if cut else None
    return Period(number=days, standard=standard, begins=begins, ends=ends, cut_on=cut_on, replaces=replaces)


OVERLAPS = [
    ("30.9.2008 – 29.9.2011", "30.9.2011 – 29.9.2014", False),
    ("30.9.2008 – 30.9.2011", "30.9.2011 – 29.9.2014", True),  # the last day is a valid one
    ("30.9.2008 – 29.9.2011", "1.1.2009 – 1.2.2009", True),
    ("2002 – 2005", "2005 – 2008", False),  # they need not have a day in common
    ("2002 – 2005", "2004 – 2008", True),  # on 1.1.2005 at the latest the second had begun and the first not ended
    ("2002 – 2005", "31.1.2005 – 2008", False),
    ("30.9.2008 – 29.9.2011", "mid-February 2011 – 2014", True),
]


@pytest.mark.parametrize(("one", "other", "do_overlap"), OVERLAPS)
def test_periods_overlap_only_when_they_do_by_every_reading(*, one, other, do_overlap):
    assert period(one).overlaps(period(other)) is do_overlap
    assert period(other).overlaps(period(one)) is do_overlap
    assert not period(one).overlaps(period(other, standard="14001"))


def test_what_a_withdrawal_or_the_edition_cut_off_overlaps_nothing():
    assert not period("1.5.2016 – 30.4.2019", cut="2018-09-14").overlaps(period("15.9.2018 – 14.9.2021"))


@pytest.mark.parametrize(
    ("new", "other", "field"),
    [
        (period("1.9.2011 – 31.8.2014"), period("30.9.2008 – 29.9.2011"), "valid_from"),
        (period("1.9.2011 – 31.8.2014", replaces=True), period("30.9.2008 – 29.9.2011"), None),
        (period("30.9.2008 – 29.9.2011"), period("1.9.2011 – 31.8.2014"), "valid_until"),
        (period("30.9.2008 – 29.9.2011"), period("1.9.2011 – 31.8.2014", replaces=True), None),
        (period("30.9.2008 – 29.9.2011", replaces=True), period("1.9.2011 – 31.8.2014"), "valid_until"),
    ],
)
def test_the_later_of_two_that_overlap_has_to_take_the_place_of_the_earlier(new, other, field):
    if field is None:
        check_overlap(new, [other])
        return
    with pytest.raises(InvalidInput, match="Check the days") as refusal:
        check_overlap(new, [other])
    assert refusal.value.field == field


GAPS = [
    (["30.9.2008 – 29.9.2011", "30.9.2011 – 29.9.2014"], []),
    (["30.9.2008 – 29.9.2011", "1.10.2011 – 29.9.2014"], [("2011-09-30", "2011-09-30")]),
    (["30.9.2011 – 29.9.2014", "30.9.2008 – 29.9.2011"], []),  # in any order
    (["2002 – 2005", "2005 – 2008"], []),
    (["2002 – 2005", "2006 – 2008"], []),
    (["2002 – 2005", "2007 – 2008"], [("2006-01-01", "2006-12-31")]),
    (["1.1.2008 – 31.12.2012", "1.1.2009 – 31.12.2009", "1.1.2013 – 31.12.2015"], []),  # one within another
]


@pytest.mark.parametrize(("periods", "expected"), GAPS)
def test_a_gap_is_told_only_where_no_reading_closes_it(periods, expected):
    found = [Gap(date.fromisoformat(first), date.fromisoformat(last)) for first, last in expected]

    assert gaps(map(period, periods)) == found


def test_the_end_of_an_edition_leaves_a_gap_before_the_printed_end():
    cut, next_one = period("1.5.2016 – 30.4.2019", cut="2018-09-14"), period("1.5.2019 – 30.4.2022")

    assert gaps([cut, next_one]) == [Gap(date(2018, 9, 15), date(2019, 4, 30))]
