"""How the numbers of findings are counted: ages of open cases, days to closing, effect at the first try.

Source: ISO 9001:2015, 9.1.3 and 9.3.2 c) 4): what was found and what became of it is analysed for the management
review. The bounds of the ages are the house's own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from qms.domain.errors import N_, InvalidInput

FEW: Final = 5  # a percentage of fewer judged cases would say more than is known
Days = tuple[date | None, date | None]  # the first and the last of them; none is no bound


class By(StrEnum):
    """What the cases are told apart by; the values are those of addresses."""

    UNIT = "komorka"
    CHAPTER = "rozdzial"
    CAUSE = "przyczyna"
    SOURCE = "zrodlo"
    YEAR = "rok"


@dataclass(frozen=True)
class Age:
    """Days since the report, from `least` to `most`; none is no bound. The name is that of addresses."""

    name: str
    least: int
    most: int | None


AGES: Final = (Age("do-14", 0, 14), Age("15-30", 15, 30), Age("31-90", 31, 90), Age("ponad-90", 91, None))


def reported_within(age: Age, today: date) -> Days:
    """On which days the cases of this age were reported.

    >>> reported_within(AGES[1], date(2026, 3, 31))
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 16))
    """
    return (None if age.most is None else today - timedelta(days=age.most)), today - timedelta(days=age.least)


def overlap(spans: Collection[Days]) -> Days:
    """The days that lie within all of these; where there are none, the first comes after the last."""
    firsts = [first for first, _ in spans if first is not None]
    lasts = [last for _, last in spans if last is not None]
    return max(firsts, default=None), min(lasts, default=None)


def check_period(first_on: date | None, last_on: date | None) -> None:
    """Whether a period can hold a day. Raises `InvalidInput`."""
    if first_on is not None and last_on is not None and first_on > last_on:
        raise InvalidInput(N_("The last day comes before the first one. Change one of them."), field="do")


@dataclass(frozen=True)
class Share:
    """How many of the judged cases were judged effective at the first try."""

    part: int
    whole: int

    @property
    def is_too_few(self) -> bool:
        return self.whole < FEW

    @property
    def per_cent(self) -> int | None:
        """Whole per cent, never 100 while one case is missing nor 0 while there is one; none of too few cases."""
        if self.is_too_few:
            return None
        if self.part in {0, self.whole}:
            return 100 * self.part // self.whole
        return min(max((200 * self.part + self.whole) // (2 * self.whole), 1), 99)


@dataclass(frozen=True)
class ToClosing:
    """Days from the report to the closing, of so many cases."""

    cases: int
    median: int
    longest: int


def median(lower: int, upper: int) -> int:
    """The median by the two values in the middle (twice the same of an odd number), a half rounded up."""
    return (lower + upper + 1) // 2


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What is counted of cases. `ages` are the open ones, in the order of `AGES`."""

    reported: int
    ages: Sequence[int]
    overdue: int
    closed: int
    effect: Share
    to_closing: ToClosing | None = None

    @property
    def open(self) -> int:
        return sum(self.ages)


def together(rows: Collection[Numbers], to_closing: ToClosing | None) -> Numbers:
    """The sum of these, with the days to closing of all their cases: a median cannot be summed."""
    return Numbers(
        reported=sum(row.reported for row in rows),
        ages=tuple(sum(row.ages[place] for row in rows) for place in range(len(AGES))),
        overdue=sum(row.overdue for row in rows),
        closed=sum(row.closed for row in rows),
        effect=Share(sum(row.effect.part for row in rows), sum(row.effect.whole for row in rows)),
        to_closing=to_closing,
    )
