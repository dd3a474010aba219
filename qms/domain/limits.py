"""How long an office gives for something, and on which day that ends.

A limit is a length counted from an event, a day that comes every year, or a day that people agree on. One that an
office cleared is not set: it leads to no day, so nothing is reminded of and nothing is overdue.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.domain import calendar, words
from qms.domain.calendar import NO_DAYS_OFF
from qms.domain.errors import N_, NN_, InvalidInput


class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    DAY_OF_YEAR = "day_of_year"
    AGREED = "agreed"
    """No day is computed: it is asked for where the step is taken."""


LIMIT_WORDS: dict[Unit, tuple[str, str]] = {
    Unit.DAYS: NN_("%(num)d day", "%(num)d days"),
    Unit.WORKING_DAYS: NN_("%(num)d working day", "%(num)d working days"),
    Unit.MONTHS: NN_("%(num)d month", "%(num)d months"),
}
# Before "after the finding was published" and before "before the certificate ends".
FIRST_ONE, LAST_ONE = N_("The first %(day)s"), N_("The last %(day)s")


@dataclass(frozen=True)
class Limit:
    """`value` None means the office has not set it. `counts_back` ones end before their start day."""

    value: int | None
    """How many; for a day of the year its month times 100 and its day, so 131 is 31 January."""
    unit: Unit = Unit.DAYS
    counts_back: bool = False
    tolerance: int = 0
    """Days after the due day on which nothing is late yet."""

    @property
    def is_set(self) -> bool:
        return self.value is not None or self.unit is Unit.AGREED


NOT_SET = Limit(None)
AGREED = Limit(None, Unit.AGREED)

# A new office starts with these and may clear each one; none of them comes from the standard. When the second
# surveillance audit is aimed at, and how much later it may be, stands in the contract with the body alone.
STARTER_LIMITS: dict[str, Limit] = {
    "notice": Limit(7, Unit.DAYS, counts_back=True),
    "report": Limit(14),
    "answer": Limit(14),
    "answer_major": Limit(None),
    "answer_minor": Limit(None),
    "decision_on_answer": Limit(7),
    "verification": Limit(14),
    "effectiveness": Limit(3, Unit.MONTHS),
    "closing": Limit(7),
    "product_check": Limit(7),
    "refresher": Limit(36, Unit.MONTHS),
    "second_surveillance": Limit(None, Unit.MONTHS),
    "recertification_audit": Limit(90, Unit.DAYS, counts_back=True),
    "body_contract": Limit(270, Unit.DAYS, counts_back=True),
    "internal_audits_before_body": Limit(30, Unit.DAYS, counts_back=True),
    "transition_audit": Limit(180, Unit.DAYS, counts_back=True),
}

LONGEST_LIMIT: Final = 1200  # 100 years in months
LONGEST_TOLERANCE: Final = 183

# Overdue cases are counted in the database by their due day alone, so their limits have no tolerance.
TOLERANT: Final = frozenset(
    {"report", "refresher", "second_surveillance", "recertification_audit", "body_contract", "transition_audit"}
)

_COUNTED: Final = (Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS)
_OWN_UNITS: Final[Mapping[str, tuple[Unit, ...]]] = {
    "effectiveness": (*_COUNTED, Unit.DAY_OF_YEAR, Unit.AGREED),  # its day is asked for when the work is confirmed
    "second_surveillance": _COUNTED,  # a day of the year would come before the first one
}


def units(name: str) -> tuple[Unit, ...]:
    """In what a limit may be set: only what leads to a day somewhere."""
    return _OWN_UNITS.get(name, (*_COUNTED, Unit.DAY_OF_YEAR))


def for_answer(category: str, of_office: Mapping[str, Limit]) -> Limit:
    """How long an answer may take: by the limit of its grade where the office has one, else by that of all answers."""
    own = of_office.get(f"answer_{category}", NOT_SET)
    return own if own.is_set else of_office.get("answer", NOT_SET)


def due_on(limit: Limit, counted_from: date, off: Container[date] = NO_DAYS_OFF) -> date | None:
    """The last day of the limit, or None when it leads to none. The day counted from is not counted itself."""
    if limit.value is None or limit.unit is Unit.AGREED:
        return None
    if limit.unit is Unit.DAY_OF_YEAR:
        yearly = calendar.previous_yearly if limit.counts_back else calendar.next_yearly
        return yearly(counted_from, *divmod(limit.value, 100))
    count = -limit.value if limit.counts_back else limit.value
    if limit.unit is Unit.MONTHS:
        return calendar.add_months(counted_from, count)
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(counted_from, count, off)
    return calendar.add_days(counted_from, count)


def check(name: str, limit: Limit) -> None:
    """Refuse what would lead to no day or be counted nowhere. Raises `InvalidInput` at the field of the limit."""
    if limit.is_set and limit.unit not in units(name):
        raise InvalidInput(N_("This limit cannot be counted so. Choose another way from the list."), field=name)
    if limit.tolerance and name not in TOLERANT:
        raise InvalidInput(N_("This limit has no tolerance. Add the days to the limit itself."), field=name)


_DAY_AND_MONTH: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.?", re.ASCII)
_LEAP_YEAR: Final = 2000


def value_typed(typed: str, unit: Unit, *, field: str) -> int | None:
    """The value of a limit as people type it. Raises `InvalidInput` at the field."""
    typed = typed.strip()
    if not typed:
        return None
    if unit is Unit.AGREED:
        raise InvalidInput(N_("Clear this field: an agreed day is not counted."), field=field)
    if unit is Unit.DAY_OF_YEAR:
        return _day_typed(typed, field)
    return words.parse_whole_number(typed, 0, LONGEST_LIMIT, field=field)


def _day_typed(typed: str, field: str) -> int:
    found = _DAY_AND_MONTH.fullmatch(typed)
    if found is None:
        raise InvalidInput(N_("Enter the day and the month with dots, for example 31.01."), field=field)
    try:
        day = date(_LEAP_YEAR, int(found[2]), int(found[1]))
    except ValueError:
        message = N_("There is no such day: %(typed)s. Check the day and the month.")
        raise InvalidInput(message, field=field, typed=typed) from None
    return day.month * 100 + day.day


def value_shown(limit: Limit) -> str:
    """The value as it is typed; empty when there is none."""
    if limit.value is None:
        return ""
    if limit.unit is not Unit.DAY_OF_YEAR:
        return str(limit.value)
    month, day = divmod(limit.value, 100)
    return f"{day:02}.{month:02}"
