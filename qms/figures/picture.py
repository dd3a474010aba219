"""Bars: how long each one is, and its words, which say all that the picture shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from qms.core.i18n import gettext, ngettext
from qms.domain.figures import Numbers, Share

MOST: Final = 10  # bars of one picture; the table beside it has every row

Named = tuple[str, Numbers]


@dataclass(frozen=True)
class Bar:
    """A row of a picture; `whole` and `part` are per cent of its width."""

    label: str
    words: str
    whole: float
    part: float = 0


def open_cases(rows: Iterable[Named]) -> list[Bar]:
    """How many cases are open, and the part that is overdue."""
    chosen = _largest(rows, lambda each: each.open)
    longest = max((each.open for _, each in chosen), default=0)
    return [Bar(label, _open(each), _of(each.open, longest), _of(each.overdue, longest)) for label, each in chosen]


def _open(each: Numbers) -> str:
    if not each.overdue:
        return ngettext("%(num)d open case", "%(num)d open cases", each.open)
    late = each.overdue
    return ngettext("%(num)d open case, %(late)d overdue", "%(num)d open cases, %(late)d overdue", each.open, late=late)


def days_to_closing(rows: Iterable[Named]) -> list[Bar]:
    """After how many days half of the closed cases were closed."""
    chosen = _largest(rows, _median)
    longest = max((_median(each) for _, each in chosen), default=0)
    return [
        Bar(label, ngettext("%(num)d day", "%(num)d days", _median(each)), _of(_median(each), longest))
        for label, each in chosen
    ]


def effects(rows: Iterable[Named]) -> list[Bar]:
    """The share judged effective at the first try; too few cases have words and no bar."""
    chosen = _largest(rows, lambda each: each.effect.whole)
    return [Bar(label, share(each.effect), each.effect.per_cent or 0) for label, each in chosen]


def share(effect: Share) -> str:
    """How many of how many, and the percentage where they are enough for one."""
    if not effect.whole:
        return gettext("none judged yet")
    if effect.per_cent is None:
        return gettext("%(part)d of %(whole)d, too few for a percentage", part=effect.part, whole=effect.whole)
    return gettext(
        "%(part)d of %(whole)d, that is %(share)d%%", part=effect.part, whole=effect.whole, share=effect.per_cent
    )


def _median(each: Numbers) -> int:
    return each.to_closing.median if each.to_closing else 0


def _largest(rows: Iterable[Named], size: Callable[[Numbers], int]) -> list[Named]:
    """Those that have anything to show, no more than fit, in the order of the table."""
    known = [row for row in rows if size(row[1])]
    kept = {label for label, _ in sorted(known, key=lambda row: -size(row[1]))[:MOST]}
    return [row for row in known if row[0] in kept]


def _of(count: int, longest: int) -> float:
    return round(100 * count / longest, 1) if longest else 0
