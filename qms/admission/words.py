"""How conditions of admission are called, and a rule in words that an office can read."""

from collections.abc import Iterable
from typing import Final

from qms.core.i18n import ngettext, said
from qms.domain.admission import Engaged, Ground, Line, Requirement, Rule
from qms.domain.competence import AuditorRole
from qms.domain.errors import N_, NN_

GROUNDS: Final[dict[Ground, str]] = {
    Ground.COURSE: N_("a valid course for the edition of the standard"),
    Ground.SERVICE: N_("service in the office"),
    Ground.EXPERIENCE: N_("earlier experience as an auditor"),
    Ground.CONSENT: N_("the consent of the head of the unit"),
    Ground.ORDER: N_("an appointment by an order with a number"),
    Ground.DECLARATION: N_("a declaration of impartiality"),
}
AND, OR = N_("AND"), N_("OR")
SERVICE: Final = NN_("at least %(num)d month of service", "at least %(num)d months of service")
FOR_WHOM: Final[dict[tuple[Engaged, AuditorRole], str]] = {
    (Engaged.EMPLOYEE, AuditorRole.AUDITOR): N_("Employees as auditors"),
    (Engaged.EMPLOYEE, AuditorRole.LEAD): N_("Employees as lead auditors"),
    (Engaged.EMPLOYEE, AuditorRole.TRAINEE): N_("Employees as assistants"),
    (Engaged.CONTRACTOR, AuditorRole.AUDITOR): N_("People from outside as auditors"),
    (Engaged.CONTRACTOR, AuditorRole.LEAD): N_("People from outside as lead auditors"),
    (Engaged.CONTRACTOR, AuditorRole.TRAINEE): N_("People from outside as assistants"),
}


def requirement(asked: Requirement) -> str:
    if asked.ground is Ground.SERVICE:
        return ngettext(*SERVICE, asked.months)
    return said(GROUNDS[asked.ground])


def line(asked: Line) -> str:
    """For example "at least 12 months of service OR earlier experience as an auditor"."""
    return f" {said(OR)} ".join(requirement(each) for each in asked)


def lines(asked: Iterable[Line]) -> str:
    """What is lacking, line by line."""
    return "; ".join(map(line, asked))


def rule(asked: Rule) -> str:
    """For example "a valid course AND (at least 12 months of service OR earlier experience as an auditor)"."""
    parts = (f"({line(each)})" if len(each) > 1 and len(asked) > 1 else line(each) for each in asked)
    return f" {said(AND)} ".join(parts)
