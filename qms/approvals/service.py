"""What is done with the office's steps of approval: they are set."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from qms.approvals.models import ApprovalStep
from qms.core.db import db
from qms.domain.approval import Step, check_chain
from qms.offices.models import Office


def set_chain(office: Office, steps: Sequence[Step], *, approves_reports: bool = False) -> None:
    """Say who approves papers from now on, and whether reports too; those sent already keep their steps."""
    check_chain(steps)
    kept = {
        row.place: row for row in db.session.scalars(select(ApprovalStep).where(ApprovalStep.office_id == office.id))
    }
    for place, step in enumerate(steps, start=1):
        row = kept.pop(place, None) or ApprovalStep(office_id=office.id, place=place)
        row.verb, row.post = step.verb, step.post
        db.session.add(row)
    for row in kept.values():
        db.session.delete(row)
    office.approves_reports = approves_reports
    flag_modified(office, "search_text")  # a column nobody is told of, so that its version grows
