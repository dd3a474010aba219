"""Whom an office admits as an auditor: its own conditions, joined by AND and OR, and what somebody still lacks.

Source: orders of Polish offices (a course with its certificate; a year of service or earlier experience; the consent
of the head of the unit; an appointment by order; other conditions for people from outside and for assistants). A rule
is lines that all have to be met, and of each line one condition is enough. What the standard asks of everybody,
training for the edition and an appointment, is `domain.competence` and stays asked beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from qms.domain.calendar import add_days, add_months
from qms.domain.errors import N_, InvalidInput


class Ground(StrEnum):
    COURSE = "course"
    """Trained for the edition of the audit, with a certificate valid on the day."""
    SERVICE = "service"
    EXPERIENCE = "experience"
    CONSENT = "consent"
    ORDER = "order"
    """Appointed by an order that has a number."""
    DECLARATION = "declaration"


class Engaged(StrEnum):
    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"


STATED: Final = (Ground.EXPERIENCE, Ground.CONSENT, Ground.DECLARATION)  # somebody writes them down, with their days
MOST_LINES: Final = 4
LONGEST_SERVICE: Final = 240  # months

NOT_ADMITTED = N_(
    "By the rule of the office this person still lacks: %(what)s. Record it among the qualifications or choose another"
    " auditor."
)


@dataclass(frozen=True)
class Requirement:
    ground: Ground
    months: int = 0
    """Of service; of no other ground."""


Line = tuple[Requirement, ...]
"""Any one of them is enough."""

Rule = tuple[Line, ...]
"""All of them are needed; an empty rule asks for nothing."""


@dataclass(frozen=True)
class Stated:
    """Something written down about a person; both days belong to it, `until_on` None goes on."""

    ground: Ground
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a person on a day."""

    on: date
    is_trained: bool = False
    serves_since: date | None = None
    has_order: bool = False
    stated: frozenset[Stated] = field(default_factory=frozenset)

    def meets(self, asked: Requirement) -> bool:
        if asked.ground is Ground.COURSE:
            return self.is_trained
        if asked.ground is Ground.ORDER:
            return self.has_order
        if asked.ground is Ground.SERVICE:
            return self.serves_since is not None and add_months(self.serves_since, asked.months) <= self.on
        return any(self._holds(each) for each in self.stated if each.ground is asked.ground)

    def _holds(self, stated: Stated) -> bool:
        return stated.from_on <= self.on and (stated.until_on is None or stated.until_on >= self.on)


def lacks(rule: Rule, known: Known) -> list[Line]:
    """The lines of which the person meets no condition; an empty list for somebody who may be admitted."""
    return [line for line in rule if not any(known.meets(asked) for asked in line)]


def read(stored: Iterable[Iterable[tuple[str, int]]]) -> Rule:
    """The rule as it is stored: lines of conditions by their words and months."""
    return tuple(tuple(Requirement(Ground(ground), months) for ground, months in line) for line in stored)


def drawn_up(lines: Iterable[Iterable[str]], months: int | None) -> Rule:
    """The rule as it was ticked, without empty lines. Raises `InvalidInput` where the months of service are missing."""
    chosen = [[Ground(word) for word in line] for line in lines if line]
    asks_service = any(Ground.SERVICE in line for line in chosen)
    if asks_service and not months:
        message = N_("Enter how many months of service are asked for, or untick the service.")
        raise InvalidInput(message, field="months")
    return tuple(
        tuple(Requirement(ground, (months or 0) if ground is Ground.SERVICE else 0) for ground in line)
        for line in chosen
    )


def serves_since(periods: Iterable[tuple[date, date | None]], on: date) -> date | None:
    """The first day of the unbroken service that goes on on that day; a move between units breaks nothing."""
    since, ended_on = None, date.min
    for first, last in sorted((period for period in periods if period[0] <= on), key=lambda period: period[0]):
        if since is None or first > add_days(ended_on, 1):
            since, ended_on = first, date.min
        # On the day itself it does not matter how much longer it goes on.
        ended_on = max(ended_on, min(last or on, on))
    return since if ended_on == on else None
