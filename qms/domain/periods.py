"""The periods of an office's certificates to one standard: which overlap, and where there was none.

A day known only in part neither overlaps nor leaves a gap where any of its readings does not. The last day of a period
belongs to it, so one that ends on 29 September and the next that begins on the 30th leave no gap.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput
from qms.domain.written_days import WrittenDay


@dataclass(frozen=True, kw_only=True)
class Period:
    """One certificate as printed, and the last day that its edition or a withdrawal left to it."""

    number: str
    standard: str
    begins: WrittenDay
    ends: WrittenDay
    cut_on: date | None = None
    replaces: bool = False
    """It takes the place of the one before it, whose printed days it may overlap."""

    @property
    def ends_surely(self) -> date:
        """Up to this day it was valid by every reading."""
        return min(self.ends.first_on, self.cut_on or date.max)

    @property
    def ends_at_latest(self) -> date:
        return min(self.ends.last_on, self.cut_on or date.max)

    def overlaps(self, other: "Period") -> bool:
        """Whether they have a day in common by every reading of their days."""
        begin_at_latest = max(self.begins.last_on, other.begins.last_on)
        return self.standard == other.standard and begin_at_latest <= min(self.ends_surely, other.ends_surely)


@dataclass(frozen=True)
class Gap:
    """Days of which no certificate can be; both belong to it."""

    first_on: date
    last_on: date


def check_overlap(new: Period, others: Iterable[Period]) -> None:
    """Raises `InvalidInput` where two are valid on one day, unless the later one is said to replace the earlier."""
    for other in filter(new.overlaps, others):
        is_newer = new.begins.first_on >= other.begins.first_on
        if (new if is_newer else other).replaces:
            continue
        message = _OVERLAPS_EARLIER if is_newer else _OVERLAPS_LATER
        days = {"first": str(other.begins), "last": str(other.ends)}
        raise InvalidInput(message, field="valid_from" if is_newer else "valid_until", number=other.number, **days)


_OVERLAPS_EARLIER = N_(
    "On these days certificate %(number)s (%(first)s – %(last)s) to the same standard is valid too. Check the days, or"
    " tick below that this one takes its place."
)
_OVERLAPS_LATER = N_(
    "On these days certificate %(number)s (%(first)s – %(last)s) to the same standard is valid too. Check the days, or"
    " first tick there that it takes the place of this one."
)


def gaps(periods: Iterable[Period]) -> list[Gap]:
    """The days between certificates to one standard on which none can have been valid, the earliest first."""
    return list(_between(sorted(periods, key=lambda each: each.begins.first_on)))


def _between(ordered: list[Period]) -> Iterator[Gap]:
    covered_until = date.min
    for earlier, later in pairwise(ordered):
        covered_until = max(covered_until, earlier.ends_at_latest)
        found = Gap(add_days(covered_until, 1), add_days(later.begins.first_on, -1))
        if found.first_on <= found.last_on:
            yield found
