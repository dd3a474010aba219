"""Letters about what was asked for besides an answer: to who decides, and back to who asked."""

from datetime import date

from qms.domain.deadlines import Kind as Wait
from qms.domain.grants import Purpose, named
from qms.domain.pleas import Fate, Kind
from qms.domain.standing import TeamRole
from qms.findings import pleas
from qms.findings.models import Finding
from qms.findings.notices import iso, path_of, tell_all
from qms.findings.plea_models import Plea
from qms.people import queries as people


def time_asked(finding: Finding, plea: Plea, *, today: date) -> None:
    """Ask whoever grants the next day to decide."""
    payload = {
        "number": finding.number,
        "statement": finding.statement,
        "asked_by": people.name_of(plea.asked_by_id),
        "reason": plea.reason,
        "due_on": iso(finding.due_on),
        "new_due_on": iso(plea.new_due_on),
        "path": path_of(finding) + "/termin",
    }
    tell_all("time_asked", finding, to=pleas.deciders_of(finding, Kind.MORE_TIME, today), payload=payload)


def time_decided(finding: Finding, plea: Plea) -> None:
    """Tell who asked until when the answer is awaited now, and why."""
    payload = {
        "number": finding.number,
        "is_granted": plea.fate == Fate.GRANTED,
        "word": plea.word,
        "decided_by": people.name_of(plea.decided_by_id or 0),
        "answer_due_on": iso(finding.due_on),
        "path": path_of(finding) + "/odpowiedz",
        **named(Purpose.ANSWER, finding.office_id, finding.key),
    }
    tell_all("time_decided", finding, to=[plea.asked_by_id], payload=payload)


def objected(finding: Finding, plea: Plea, *, today: date) -> None:
    """Ask whoever answers the objection to do so, and tell who led the audit."""
    payload = {
        "number": finding.number,
        "statement": finding.statement,
        "asked_by": people.name_of(plea.asked_by_id),
        "reason": plea.reason,
    }
    asked = pleas.deciders_of(finding, Kind.OBJECTION, today)
    to_answer = {"is_to_answer": True, "path": path_of(finding) + "/zastrzezenie/odpowiedz"}
    tell_all("objected", finding, to=asked, payload=payload | to_answer)
    told = [person_id for person_id in _leads(finding, today) if person_id not in asked]
    tell_all("objected", finding, to=told, payload=payload | {"is_to_answer": False, "path": path_of(finding)})


def objection_answered(finding: Finding, plea: Plea) -> None:
    """Tell who objected whether the finding stands, and why."""
    is_awaited = finding.waits_for == Wait.ANSWER and plea.fate == Fate.REFUSED
    payload = {
        "number": finding.number,
        "stands": plea.fate == Fate.REFUSED,
        "word": plea.word,
        "decided_by": people.name_of(plea.decided_by_id or 0),
        "is_awaited": is_awaited,
        "answer_due_on": iso(finding.due_on) if is_awaited else None,
        "path": path_of(finding) + ("/odpowiedz" if is_awaited else ""),
        **(named(Purpose.ANSWER, finding.office_id, finding.key) if is_awaited else {}),
    }
    tell_all("objection_answered", finding, to=[plea.asked_by_id], payload=payload)


def _leads(finding: Finding, today: date) -> list[int]:
    """Who led the audit that found it and still may audit here."""
    team = finding.audit.team if finding.audit else ()
    leads = [member.person_id for member in team if member.role == TeamRole.LEAD]
    serving = people.serving([finding.office_id], leads, today) if leads else set()
    return [person_id for person_id in leads if (finding.office_id, person_id) in serving]
