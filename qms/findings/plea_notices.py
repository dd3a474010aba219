"""Letters about what was asked for besides an answer: to who decides, and back to who asked."""

from datetime import date

from qms.domain.grants import Purpose, named
from qms.domain.pleas import Fate, Kind
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
