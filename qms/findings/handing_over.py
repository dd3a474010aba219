"""Handing an answer over: a letter that reached the wrong person goes on to the one who knows."""

from collections.abc import Sequence
from datetime import date

from qms.domain.errors import N_, InvalidInput
from qms.findings import deadlines, light, notices, waiting
from qms.findings.answering import check_answerable
from qms.findings.models import Finding
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Actor


def colleagues(finding: Finding, today: date) -> Sequence[Person]:
    """To whom the answer can be handed over: the people of the office, less whoever is asked for it now."""
    asked = deadlines.waited_for(finding, today)
    return [person for person in people.people_of(finding.office_id, today) if person.id not in asked]


def hand_over(finding: Finding, to_id: int | None, *, by: Actor, today: date) -> Person:
    """Let somebody else of the office answer; whoever was asked until now hears of it. Raises `RuleViolation`."""
    if finding.is_light:
        light.check_awaited(finding, by=by, today=today)
    else:
        check_answerable(finding, by=by, today=today)
    to = next((person for person in colleagues(finding, today) if person.id == to_id), None)
    if to is None:
        raise InvalidInput(N_("Choose a person of this office who is not asked for the answer yet."), field="colleague")
    finding.answerer_id = to.id
    waiting.settle(finding)
    notices.handed_over(finding, to=to, by=people.everybody([by.person_id])[by.person_id])
    return to
