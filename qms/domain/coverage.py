"""Which clauses were audited where: a map over the certificate's cycle, from the audits that were held.

Source: ISO 9001:2015, 9.2.2 a) (importance, earlier results); ISO/IEC 17021-1:2015, 9.6.2.2 (the body looks at the
internal audits of the cycle). A clause the office left out is not applied, which is no gap.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.domain.calendar import add_months
from qms.domain.editions import is_excluded

LONG_UNSEEN_MONTHS = 24
CYCLE_YEARS = 3


@dataclass(frozen=True)
class Seen:
    """How often a unit or a process was audited against a place of the standard in the cycle, and when last ever."""

    row: int
    place: str
    count: int
    last_on: date


class Mark(StrEnum):
    SEEN = "seen"
    LONG_UNSEEN = "long_unseen"
    """Audited, but not for two years."""
    NEVER = "never"
    NOT_APPLIED = "not_applied"


@dataclass(frozen=True)
class Cell:
    mark: Mark
    count: int = 0
    last_on: date | None = None

    @property
    def is_gap(self) -> bool:
        return self.mark in {Mark.LONG_UNSEEN, Mark.NEVER}


Coverage = Mapping[tuple[int, str], Cell]


def coverage(
    parts: Collection[int], places: Mapping[str, Collection[str]], seen: Iterable[Seen], *, left_out: Collection[str],
    today: date,
) -> Coverage:  # fmt: skip
    """A cell for each unit, or each process, and place.

    `places` gives the clauses of each place, `left_out` the office's exclusions.
    """
    rows = {(each.row, each.place): each for each in seen}
    not_applied = {place for place, clauses in places.items() if _is_left_out(clauses, left_out)}
    return {
        (part, place): Cell(Mark.NOT_APPLIED) if place in not_applied else _cell(rows.get((part, place)), today)
        for part in parts
        for place in places
    }


def _is_left_out(clauses: Collection[str], left_out: Collection[str]) -> bool:
    return bool(clauses) and all(is_excluded(clause, left_out) for clause in clauses)


def _cell(row: Seen | None, today: date) -> Cell:
    if row is None:
        return Cell(Mark.NEVER)
    is_long_ago = row.last_on < add_months(today, -LONG_UNSEEN_MONTHS)
    return Cell(Mark.LONG_UNSEEN if is_long_ago else Mark.SEEN, row.count, row.last_on)


def gaps(found: Coverage) -> dict[int, list[str]]:
    """By unit or process, the places not audited for long or never, in the order of the map."""
    by_part: dict[int, list[str]] = {}
    for (part, place), cell in found.items():
        if cell.is_gap:
            by_part.setdefault(part, []).append(place)
    return by_part


def months_unseen(last_on: date, today: date) -> int:
    """Whole months since the day.

    >>> months_unseen(date(2025, 1, 31), date(2026, 2, 28))
    12
    """
    months = (today.year - last_on.year) * 12 + today.month - last_on.month
    return months - 1 if today.day < last_on.day else months


def cycle_of(certificates: Iterable[tuple[date, date]], year: int) -> tuple[date, date]:
    """The days over which the map of a year is drawn.

    Those of the certificate that is valid at the end of the year, or last in it; else three calendar years.
    """
    of_year = [days for days in certificates if days[0] <= date(year, 12, 31) and days[1] >= date(year, 1, 1)]
    return max(of_year) if of_year else (date(year - CYCLE_YEARS + 1, 1, 1), date(year, 12, 31))
