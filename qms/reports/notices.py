"""Letters about the approval of a report: to whom its next step belongs, and to whoever gave it."""

from collections.abc import Collection
from typing import Any

from qms.core import outbox
from qms.domain.report import Given
from qms.people import queries as people
from qms.reports.models import GivenReport


def ask_to_approve(given: GivenReport, to: Collection[int]) -> None:
    """Tell those who may take the next step that it waits for one of them."""
    _tell("report_waits", given, to, path=f"{_report(given)}/zatwierdzanie", sent_by=people.name_of(given.given_by_id))


def tell_outcome(given: GivenReport) -> None:
    """Tell who gave it that the report is approved and may be published, or why it came back."""
    is_approved = given.state == Given.APPROVED
    again = "szkic" if given.number == 1 else "popraw"
    path = f"{_report(given)}/{'zatwierdzanie' if is_approved else again}"
    told = {"is_approved": is_approved, "returned_because": given.returned_because}
    _tell("report_decided", given, [given.given_by_id], path=path, **told)


def _report(given: GivenReport) -> str:
    return f"/u/{given.audit.office.slug}/audity/{given.audit.key}/raport"


def _tell(kind: str, given: GivenReport, to: Collection[int], **told: Any) -> None:
    payload = {"number": given.audit.number, "issue": given.number, **told}
    for person_id in people.active_people(to):
        # The version tells two steps of one report apart.
        dedupe = f"{kind}:{given.audit.key}:{given.id}:{given.version}:{person_id}"
        outbox.put(kind, person_id=person_id, dedupe=dedupe, office_id=given.office_id, payload=payload)
