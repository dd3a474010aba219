"""When an audit is closed: nobody closes it, it is closed once nothing of it is left to do.

Source: ISO 19011:2018, 6.6 and 6.7 (an audit is complete when all of it was carried out; what it found is followed
up), and the usual rule of offices that an audit is closed with the last of its nonconformities. So a case that is
opened again opens its audit again. Somebody from outside publishes no report here: their audit is held once its days
are over.
"""

from dataclasses import dataclass
from enum import StrEnum

from qms.domain.errors import N_

TO_HOLD = N_("The audit is still to be held.")
TO_REPORT = N_("The report is not published yet.")
TO_RECORD = N_("What was found is not published yet.")
CASES_OPEN = N_("Nonconformities that are not closed: %(count)s.")


class Standing(StrEnum):
    """How far an audit is that was not cancelled."""

    TO_HOLD = "to_hold"  # nothing of it could be closed yet
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where an audit stands: its stored state, whether its last day is over, and its cases that wait for something."""

    state: str
    is_own: bool
    is_over: bool
    open_cases: int = 0


def lacks(course: Course) -> str | None:
    """The one thing that comes next before the audit is closed, as a message; none for one that is closed."""
    if course.state == "under_way":
        return TO_REPORT if course.is_own else TO_RECORD
    if course.state == "planned" and (course.is_own or not course.is_over):
        return TO_HOLD
    return CASES_OPEN if course.open_cases else None


def standing(course: Course) -> Standing:
    """Whether it is still to be held, held and not closed, or closed."""
    message = lacks(course)
    if message is None:
        return Standing.CLOSED
    return Standing.TO_HOLD if message == TO_HOLD else Standing.OPEN
