"""The office's steps of approval."""

from typing import Final

from sqlalchemy import select

from qms.approvals.models import ApprovalStep
from qms.core.db import db
from qms.domain.approval import Step
from qms.domain.standing import Who

STARTER_CHAIN: Final = (Step("", Who.HEAD_OF_OFFICE),)


def chain(office_id: int) -> tuple[Step, ...]:
    """The office's steps of approval; before it sets any, one of the head of the office."""
    found = select(ApprovalStep).where(ApprovalStep.office_id == office_id).order_by(ApprovalStep.place)
    return tuple(Step(row.verb, Who(row.post)) for row in db.session.scalars(found)) or STARTER_CHAIN
