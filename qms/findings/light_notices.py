"""Letters about findings of which the unit only says whether it acts, as plain data."""

from datetime import date
from typing import Any

from qms.findings.deadlines import waited_for
from qms.findings.models import Finding
from qms.findings.notices import iso, path_of, plan_accepted, proxies, tell_all
from qms.people import queries as people


def acts(finding: Finding) -> None:
    """Send those who do the actions what is theirs, and a copy to who said so."""
    plan_accepted(finding)


def left(finding: Finding, *, today: date) -> None:
    """Ask whoever may to take note of the reason, and send who gave it a copy."""
    round_ = finding.rounds[-1]
    by = people.names([round_.answered_by_id or 0]).get(round_.answered_by_id or 0, "")
    told: dict[str, Any] = {
        "number": finding.number,
        "statement": finding.statement,
        "reason": round_.no_correction_reason,
        "answered_by": by,
        "note_by": iso(finding.due_on),
    }
    asked = waited_for(finding, today) or proxies(finding, today)
    tell_all("reason_given", finding, to=asked, payload=told | {"path": path_of(finding) + "/do-wiadomosci"})
    copied = [each for each in [round_.answered_by_id] if each not in asked]
    tell_all("reason_copied", finding, to=copied, payload=told | {"path": path_of(finding)})
