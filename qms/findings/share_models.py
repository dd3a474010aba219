"""Actions of one case that serve other cases too. What follows from it is in `qms.findings.sharing`."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, owned, within_office
from qms.core.trail import Trailed

if TYPE_CHECKING:
    from qms.findings.models import Action, Finding


class SharedAction(OfficeOwned, Trailed, Model):
    """That an action (the leader) serves another case, which has an action of its own that stands for it.

    Until it ends, both have one owner and one day, and are reported done as one.
    """

    __tablename__ = "shared_action"
    __table_args__ = owned(
        within_office("leader_id", "action"),
        within_office("leader_finding_id", "finding"),
        within_office("finding_id", "finding"),
        within_office("action_id", "action"),
        CheckConstraint("finding_id <> leader_finding_id", name="of_another_case"),
        CheckConstraint("action_id IS NOT NULL OR ended_on IS NOT NULL", name="stands_for_it_until_ended"),
        Index("ix_shared_action_action_id", "action_id", unique=True),
        Index("ix_shared_action_finding_id", "finding_id"),
        Index("ix_shared_action_leader_finding_id", "leader_finding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leader_id: Mapped[int]
    leader_finding_id: Mapped[int]
    finding_id: Mapped[int]
    action_id: Mapped[int | None]  # none once it was taken back
    shared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shared_on: Mapped[date]
    ended_on: Mapped[date | None]

    leader: Mapped["Action"] = relationship(
        primaryjoin="Action.id == SharedAction.leader_id", foreign_keys="SharedAction.leader_id", viewonly=True
    )
    leader_finding: Mapped["Finding"] = relationship(
        primaryjoin="Finding.id == SharedAction.leader_finding_id",
        foreign_keys="SharedAction.leader_finding_id",
        viewonly=True,
    )
    finding: Mapped["Finding"] = relationship(
        primaryjoin="Finding.id == SharedAction.finding_id", foreign_keys="SharedAction.finding_id", viewonly=True
    )
