"""Until when a certification body wants the answers and the evidence that its findings ask for.

Source: ISO/IEC 17021-1:2015, 9.4.9 and 9.4.10 (the body sets the time for causes, corrections and plans, and verifies
what was done); how many days, each body says in its own letter. Days are counted from the last day of the audit and
never moved off days off. Evidence comes early enough before the certificate ends for the body to decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.domain.calendar import add_days
from qms.domain.certification import Due
from qms.domain.deadlines import Rule
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import Category
from qms.domain.limits import Limit, due_on

GRADES: Final = (Category.MAJOR, Category.MINOR)
LONGEST: Final = 365
BEFORE_END: Final = Limit(14, counts_back=True)


@dataclass(frozen=True)
class Term:
    """Days for the answer (correction, cause and plan) and for the evidence; none where the body named none."""

    answer_days: int | None = None
    evidence_days: int | None = None


# Proposed until a letter of the body was entered once; common among bodies, and no rule.
STARTER: Final[Mapping[Category, Term]] = {Category.MAJOR: Term(14, 90), Category.MINOR: Term(30, 90)}


def answer_due(ended_on: date, term: Term) -> Due | None:
    """F1."""
    limit = Limit(term.answer_days)
    last_day = due_on(limit, ended_on)
    return Due(last_day, Rule.BODY_ANSWER, ended_on, limit) if last_day else None


def evidence_due(ended_on: date, term: Term, *, certificate_ends_on: date | None) -> Due | None:
    """F2, or the day before the end of the certificate when that comes earlier."""
    limit = Limit(term.evidence_days)
    last_day = due_on(limit, ended_on)
    if last_day is None:
        return None
    cut = due_on(BEFORE_END, certificate_ends_on) if certificate_ends_on else None
    if certificate_ends_on and cut and cut < last_day:
        return Due(cut, Rule.BODY_EVIDENCE_BEFORE_END, certificate_ends_on, BEFORE_END)
    return Due(last_day, Rule.BODY_EVIDENCE, ended_on, limit)


def evidence_known(ended_on: date, term: Term, due: date) -> Due:
    """The same of a stored day, which is an earlier one than the body's own only before a certificate ends."""
    own = evidence_due(ended_on, term, certificate_ends_on=None)
    if own is not None and own.due_on == due:
        return own
    return Due(due, Rule.BODY_EVIDENCE_BEFORE_END, add_days(due, BEFORE_END.value or 0), BEFORE_END)


def check(terms: Mapping[Category, Term]) -> None:
    """Raises `InvalidInput`, at the field of the grade, for days that say nothing or contradict each other."""
    if all(term == Term() for term in terms.values()):
        raise InvalidInput(
            N_("Enter at least one number of days from the letter of the body."), field="major_answer_days"
        )
    for grade, term in terms.items():
        if term.answer_days and term.evidence_days and term.evidence_days < term.answer_days:
            message = N_("Evidence cannot be due before the answer. Check both numbers of days.")
            raise InvalidInput(message, field=f"{grade}_evidence_days")
