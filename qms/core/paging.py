"""Long lists, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

PER_PAGE: Final = 50
# Counting every row of a very long list would cost more than the page itself, and nobody reads past this.
COUNTED: Final = 1000
_FARTHEST: Final = 10_000  # pages; an address can hold any number, a database cannot


def nearest(asked: int, total: int) -> int:
    """The page that was asked for; the nearest there is, when a list of `total` rows has none of that number."""
    return min(max(asked, 1), _pages(total))


def asked(number: int) -> int:
    """The page that was asked for of a list whose length is not known."""
    return min(max(number, 1), _FARTHEST)


def start(number: int) -> int:
    """How many rows stand before a page."""
    return (number - 1) * PER_PAGE


def _pages(total: int) -> int:
    return max(1, ceil(total / PER_PAGE))


@dataclass(frozen=True, kw_only=True)
class Paged:
    """Which page of how many rows. `first` and `last` are places of rows, counted from 1."""

    number: int
    total: int

    @property
    def pages(self) -> int:
        return _pages(self.total)

    @property
    def first(self) -> int:
        return min(self.total, start(self.number) + 1)

    @property
    def last(self) -> int:
        return min(self.total, start(self.number) + PER_PAGE)


@dataclass(frozen=True, kw_only=True)
class Part(Paged):
    """A page of a list that is counted no further than one past `COUNTED`, yet can be leafed to its end."""

    rows: list[Any]
    has_next: bool = False

    @property
    def first(self) -> int:
        return start(self.number) + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return start(self.number) + len(self.rows) if self.rows else 0


def turns(page: Paged, address: Callable[[int], str]) -> dict[str, Any]:
    """What the macros `shown` and `pager` say of a page, whose neighbours have these addresses.

    `more_than` is where counting stopped; how many pages there are is then not known.
    """
    has_next = page.has_next if isinstance(page, Part) else page.number < page.pages
    is_uncounted = isinstance(page, Part) and page.total > COUNTED
    return {
        "number": page.number,
        "pages": page.pages,
        "first": page.first,
        "last": page.last,
        "total": page.total,
        "more_than": COUNTED if is_uncounted else None,
        "previous_url": address(page.number - 1) if page.number > 1 else None,
        "next_url": address(page.number + 1) if has_next else None,
    }
