"""Which clauses were audited where, over the certificate's cycle."""

from datetime import date

import pytest

from qms.domain.coverage import Cell, Mark, Seen, coverage, cycle_of, gaps
from tests.domain.tables import rows

TODAY = date(2026, 11, 20)
PLACES = {"7": ["7.1", "7.5"], "8": ["8.1", "8.3"], "9": ["9.1"]}

# when the chapter was last audited, and how the map marks it
MARKS = """
    last          mark
    2026-11-20    seen
    2024-11-20    seen
    2024-11-19    long_unseen
    2020-01-01    long_unseen
"""


@pytest.mark.parametrize(("last", "mark"), rows(MARKS))
def test_two_years_without_an_audit_are_long(last, mark):
    day = date.fromisoformat(last)

    found = coverage([1], PLACES, [Seen(1, "7", 2, day)], left_out=(), today=TODAY)

    assert found[1, "7"] == Cell(Mark(mark), 2, day)


def test_every_department_has_a_cell_for_every_place_and_none_seen_is_a_gap():
    found = coverage([1, 2], PLACES, [Seen(1, "7", 1, TODAY)], left_out=(), today=TODAY)

    assert len(found) == 6
    assert found[2, "9"] == Cell(Mark.NEVER)
    assert gaps(found) == {1: ["8", "9"], 2: ["7", "8", "9"]}


# what the office left out, and the places that are not applied
EXCLUSIONS = """
    left_out       not_applied
    -              -
    8.3            -
    8.1,8.3        8
    9.1            9
    9              9
"""


@pytest.mark.parametrize(("left_out", "not_applied"), rows(EXCLUSIONS))
def test_a_place_is_not_applied_once_all_of_it_is_left_out_and_that_is_no_gap(left_out, not_applied):
    excluded = [] if left_out == "-" else left_out.split(",")

    found = coverage([1], PLACES, [], left_out=excluded, today=TODAY)

    applied_not = [place for (_, place), cell in found.items() if cell.mark is Mark.NOT_APPLIED]
    assert applied_not == ([] if not_applied == "-" else [not_applied])
    assert not set(applied_not) & set(gaps(found)[1])


def test_the_map_is_drawn_over_the_certificate_that_is_valid_in_the_year():
    first, second = (date(2021, 6, 15), date(2024, 6, 14)), (date(2024, 6, 15), date(2027, 6, 14))

    assert cycle_of([first, second], 2026) == second
    assert cycle_of([first, second], 2024) == second
    assert cycle_of([first, second], 2022) == first
    assert cycle_of([first, second], 2030) == (date(2028, 1, 1), date(2030, 12, 31))
