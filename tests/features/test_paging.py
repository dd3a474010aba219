"""Where a page of a long list stands."""

import pytest

from qms.core.paging import Paged, nearest, turns


@pytest.mark.parametrize(
    ("asked", "total", "found"),
    [(1, 0, 1), (0, 120, 1), (-7, 120, 1), (3, 120, 3), (4, 120, 3), (10**9, 120, 3), (2, 50, 1), (2, 51, 2)],
)
def test_a_page_that_is_not_there_is_the_nearest_that_is(asked: int, total: int, found: int) -> None:
    assert nearest(asked, total) == found


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [(1, 0, (1, 0, 0, None, None)), (1, 50, (1, 1, 50, None, None)), (2, 120, (3, 51, 100, "/1", "/3"))],
)
def test_a_page_tells_its_rows_and_neighbours(number: int, total: int, shown: tuple[object, ...]) -> None:
    told = turns(Paged(number=number, total=total), lambda page: f"/{page}")

    assert (told["pages"], told["first"], told["last"], told["previous_url"], told["next_url"]) == shown


def test_the_last_page_ends_with_the_last_row() -> None:
    page = Paged(number=3, total=120)

    assert (page.first, page.last, turns(page, str)["next_url"]) == (101, 120, None)
