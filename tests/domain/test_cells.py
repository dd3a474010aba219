"""What a spreadsheet would run or cannot hold never reaches a cell as it was typed."""

import doctest

import pytest

from qms.domain import cells
from qms.domain.cells import LONGEST, cleaned, harmless

CSV = [
    ("=1+1", "'=1+1"),
    ("+48 14 612 00 00", "'+48 14 612 00 00"),
    ("-5", "'-5"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "' =1"),
    ("\n=1", "'\n=1"),
    ("  =1", "'  =1"),
    ("\uff1d1+1", "'\uff1d1+1"),
    ("a=1", "a=1"),
    ("– myślnik", "– myślnik"),
    ("'=1", "'=1"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "written"), CSV)
def test_no_formula_comes_alive(typed, written):
    assert harmless(typed) == written


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ud800", "\uffff"])
def test_what_no_sheet_holds_becomes_a_space(mark):
    assert cleaned(f"a{mark}b") == "a b"


def test_lines_and_tabs_stay():
    assert cleaned("jeden\r\ndwa\ttrzy") == "jeden\ndwa\ttrzy"


def test_a_cell_is_cut_where_the_format_ends():
    assert len(harmless("=" * (LONGEST + 9))) == LONGEST


def test_the_examples_are_true():
    assert doctest.testmod(cells).failed == 0
