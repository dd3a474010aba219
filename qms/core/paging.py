"""Long lists, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

PER_PAGE: Final = 50


def nearest(asked: int, total: int) -> int:
    """The page that was asked for; the nearest there is, when a list of `total` rows has none of that number."""
    return min(max(asked, 1), _pages(total))


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


def turns(page: Paged, address: Callable[[int], str]) -> dict[str, Any]:
    """What the macros `shown` and `pager` say of a page, whose neighbours have these addresses."""
    return {
        "number": page.number,
        "pages": page.pages,
        "first": page.first,
        "last": page.last,
        "total": page.total,
        "previous_url": address(page.number - 1) if page.number > 1 else None,
        "next_url": address(page.number + 1) if page.number < page.pages else None,
    }
