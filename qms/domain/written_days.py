"""Days of old papers that are known only in part: "2005", "June 2005", "mid-February 2024".

What was written is kept as written, with the earliest and the latest day it can mean; nothing in between is guessed.
The middle of a month is read as its second ten days, the beginning as the first ten, the end as what is left.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.domain.calendar import last_day_of_month
from qms.domain.dates import EXAMPLES, FIRST_YEAR, LAST_YEAR, MONTH_WORDS, format_date, parse_date, plain
from qms.domain.errors import N_, InvalidInput

LONGEST: Final = 40

_YEAR: Final = re.compile(r"(?:rok )?([0-9]{4})")
_MONTH: Final = re.compile(r"([0-9a-z]+)(?: |[. /-] ?)([0-9]{4})")
_PART: Final = re.compile(r"([a-zł]+(?: of| in)?)[ -]([a-z]+) ([0-9]{4})")
_STRETCH: Final = re.compile(r"([a-z0-9]+)\.? ([a-zł]+)(?: of)? ([0-9]{4})")
_ROMAN: Final = dict(
    zip(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), range(1, 13), strict=True)
)
_PARTS: Final = {
    **dict.fromkeys(("poczatek", "early", "beginning of"), (1, 10)),
    **dict.fromkeys(("połowa", "polowa", "srodek", "mid", "middle of"), (11, 20)),
    **dict.fromkeys(("koniec", "late", "end of"), (21, 31)),
}
_HALF: Final = frozenset({"połrocze", "polrocze", "połowa", "polowa", "half"})
_QUARTER: Final = frozenset({"kwartał", "kwartal", "quarter"})
_COUNTED: Final = {**_ROMAN, **{str(number): number for number in range(1, 13)}}
_ORDINALS: Final = {**_COUNTED, "first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True)
class WrittenDay:
    """A day, or the days that what was written can mean; both ends belong to them."""

    first_on: date
    last_on: date
    written: str = ""
    """As it was typed; empty for a day that is known."""

    @property
    def is_exact(self) -> bool:
        return not self.written

    def __str__(self) -> str:
        return self.written or format_date(self.first_on)


def exactly(day: date) -> WrittenDay:
    return WrittenDay(day, day)


def read(typed: str, *, today: date, language: str, field: str | None = None) -> WrittenDay:
    """The day that was typed, or the days it can mean. Refuses with `InvalidInput` what is neither."""
    found = _in_part(typed)
    if found is not None:
        return WrittenDay(*found, " ".join(typed.split()))
    try:
        return exactly(parse_date(typed, today=today, language=language, field=field))
    except InvalidInput as refusal:
        if any(char.isalpha() for char in typed) or not any(char.isdigit() for char in typed):
            raise _unreadable(language, field) from refusal
        raise


def reread(written: str, stored_on: date) -> WrittenDay:
    """What was stored: the day itself, or all days that the words beside it can mean."""
    found = _in_part(written) if written else None
    return WrittenDay(*found, written) if found else exactly(stored_on)


def _unreadable(language: str, field: str | None) -> InvalidInput:
    message = N_("This is not a date we can read. Type it like 27.3.2005 or %(example)s, or as much as is known: 2005.")
    return InvalidInput(message, field=field, example=EXAMPLES.get(language, EXAMPLES["en"]))


def _in_part(typed: str) -> tuple[date, date] | None:
    text = plain(typed)
    found = _of_year(text) or _of_month(text) or _of_part(text) or _of_stretch(text)
    return found if found and FIRST_YEAR <= found[0].year <= LAST_YEAR else None


def _of_year(text: str) -> tuple[date, date] | None:
    found = _YEAR.fullmatch(text)
    return _months(int(found[1]), 1, 12) if found else None


def _of_month(text: str) -> tuple[date, date] | None:
    found = _MONTH.fullmatch(text)
    month = _month(found[1]) if found else None
    return _months(int(found[2]), month, month) if found and month else None


def _of_part(text: str) -> tuple[date, date] | None:
    found = _PART.fullmatch(text)
    if found is None or found[1] not in _PARTS or (month := _month(found[2])) is None:
        return None
    begins, ends = _PARTS[found[1]]
    first, last = _months(int(found[3]), month, month)
    return first.replace(day=begins), last.replace(day=min(ends, last.day))


def _of_stretch(text: str) -> tuple[date, date] | None:
    """A quarter or a half of a year."""
    found = _STRETCH.fullmatch(text)
    length = {**dict.fromkeys(_HALF, 6), **dict.fromkeys(_QUARTER, 3)}.get(found[2]) if found else None
    place = _ORDINALS.get(found[1]) if found else None
    if found is None or length is None or place is None or place * length > 12:  # noqa: PLR2004 - months of a year
        return None
    return _months(int(found[3]), (place - 1) * length + 1, place * length)


def _month(word: str) -> int | None:
    return MONTH_WORDS.get(word) or _COUNTED.get(word.lstrip("0"))


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    # The caller refuses years out of range; 0000 would be no year at all.
    return date(max(1, year), first, 1), last_day_of_month(max(1, year), last)
