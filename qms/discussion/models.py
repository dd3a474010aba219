"""What people say to each other about a case. Its rules are in `qms.domain.discussion`."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, UTCDateTime, new_key, owned, within_office
from qms.core.trail import Trailed
from qms.domain.discussion import is_waiting
from qms.domain.standing import Concern
from qms.findings.models import Finding
from qms.people.models import Person

_WAITS = text("asked_id IS NOT NULL AND answered_at IS NULL AND struck_at IS NULL")


class Message(OfficeOwned, Trailed, Model):
    """One message: its words never change, neither when the question in it is answered nor when it is struck out."""

    __tablename__ = "case_message"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        within_office("finding_id", "finding"),
        CheckConstraint("asked_id <> author_id", name="asks_another"),
        CheckConstraint("answered_at IS NULL OR asked_id IS NOT NULL", name="answered_where_asked"),
        CheckConstraint("struck_at IS NULL OR struck_because <> ''", name="struck_with_a_reason"),
        Index("ix_case_message_finding_id", "finding_id", "id"),
        Index(
            "ix_case_message_waiting",
            "asked_id",
            "finding_id",
            "id",
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    finding_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    words: Mapped[str] = mapped_column(Text)
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when who was asked wrote next
    struck_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    struck_because: Mapped[str] = mapped_column(Text, default="")

    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    asked: Mapped[Person | None] = relationship(foreign_keys=[asked_id])
    finding: Mapped[Finding] = relationship(
        primaryjoin=lambda: Finding.id == Message.finding_id, foreign_keys=lambda: [Message.finding_id], viewonly=True
    )

    @property
    def concern(self) -> Concern:
        """What of it matters to access: that of its case, and whose it is."""
        return replace(self.finding.concern, person_id=self.author_id)

    @property
    def is_waiting(self) -> bool:
        """Whether who is asked has not replied yet."""
        return is_waiting(
            is_asked=self.asked_id is not None,
            is_answered=self.answered_at is not None,
            is_struck=self.struck_at is not None,
        )
