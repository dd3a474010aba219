"""Where nonconformities come from besides audits, who decides about what was reported, and what becomes of it.

Sources: ISO 9001:2015, 8.7 and 10.2.1; procedures of Polish offices name monitoring, appeals, complaints, supervision
and inspections, and let any employee report. Who decides and which way a source takes is the office's own choice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotIndependent, NotPermitted
from qms.domain.standing import Who


class Source(StrEnum):
    """Where a finding comes from."""

    AUDIT = "audit"
    STAFF = "staff"
    COMPLAINT = "complaint"
    APPEAL = "appeal"
    INSPECTION = "inspection"
    MEASURE = "measure"
    SURVEY = "survey"
    REVIEW = "review"
    BODY = "body"


# The first is what an employee noticed at work: most reports are that.
OUTSIDE_AUDITS: Final = tuple(source for source in Source if source is not Source.AUDIT)


class Way(StrEnum):
    """What a report becomes when it is taken."""

    CASE = "case"
    OBSERVATION = "observation"
    PRODUCT = "product"


@dataclass(frozen=True)
class Route:
    """Which way the reports of a source usually take, and who decides: a department's head, or else the proxy."""

    way: Way = Way.CASE
    department_id: int | None = None


class Fate(StrEnum):
    """What became of a report. It is never deleted."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"


# The head of a unit is one only where the office's route names that unit; see `Route`.
_PROXIES: Final = frozenset({Who.PROXY, Who.DEPUTY})
DECIDING: Final = _PROXIES | {Who.UNIT_HEAD}


def check_told(source: Source, *, what: str, noticed_on: date | None, today: date) -> None:
    """Whether enough is said to report it. Raises `InvalidInput` at the field that is wrong."""
    if source not in OUTSIDE_AUDITS:
        raise InvalidInput(
            N_("Findings of an audit are recorded with the audit. Choose another source."), field="source"
        )
    if not what:
        raise InvalidInput(N_("Write what happened."), field="what")
    if noticed_on is None:
        raise InvalidInput(N_("Enter the day on which it was noticed."), field="noticed_on")
    if noticed_on > today:
        raise InvalidInput(N_("Enter a day that is not in the future."), field="noticed_on")


def check_deciding(fate: Fate, who: frozenset[Who]) -> None:
    """Whether this person may decide about a report now. Raises `NotPermitted` or `NotAllowedNow`."""
    if not who & DECIDING:
        raise NotPermitted(
            N_("Only the proxy, or the head whom the office chose for this source, decides. Ask the proxy.")
        )
    if fate is not Fate.WAITING:
        raise NotAllowedNow(N_("This report was decided already. Open it to see what became of it."))


def is_about_own_work(who: frozenset[Who], own: Collection[int], where: int | None) -> bool:
    """Whether it happened in a department of the person who decides; a head has to reckon with it where nobody knows.

    `own` are the departments in which the person works, `where` the one that the report names.
    """
    return where in own if where is not None else not who & _PROXIES


def check_taking(fate: Fate, who: frozenset[Who], *, is_about_own_work: bool, needs_answer: bool) -> None:
    """Whether this person may take a report as this. Raises `RuleViolation`.

    A head takes what is about the own department as nothing less than a nonconformity: all else asks for no answer.
    """
    check_deciding(fate, who)
    if is_about_own_work and not needs_answer and not who & _PROXIES:
        message = N_(
            "It is about your own department, or may be. Take it as a nonconformity, "
            "or leave it to the proxy or the deputy."
        )
        raise NotIndependent(message)


def check_refusal(fate: Fate, who: frozenset[Who], *, is_about_own_work: bool, reason: str) -> None:
    """Whether this person may refuse a report. Raises `RuleViolation`.

    Whoever works where it happened may take the report, but not make it go away.
    """
    check_deciding(fate, who)
    if is_about_own_work:
        message = N_(
            "It is about your own department, or may be. Take it, or leave the refusal to the proxy or the deputy."
        )
        raise NotIndependent(message)
    if not reason:
        raise InvalidInput(N_("Write the reason. Whoever reported it reads it."), field="reason")
