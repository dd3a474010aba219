"""Links in letters, as far as they are stored: whose, for what and until when; never what makes them work."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, one_of, owned, within_office
from qms.domain.grants import Purpose
from qms.findings.models import Action, Finding
from qms.people.models import Person

KEY = 24  # hexadecimal digits


class Grant(OfficeOwned, Model):
    """That one person may do one thing from one mailbox; every letter about it carries a token of its own.

    Written by the sender of the letter, not by anybody's act: what is done through it stands in the trail.
    """

    __tablename__ = "letter_grant"
    __table_args__ = owned(
        within_office("finding_id", "finding"),
        within_office("action_id", "action"),
        one_of("purpose", tuple(Purpose)),
        Index("ix_letter_grant_finding_id", "finding_id"),
        Index("ix_letter_grant_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY), unique=True)
    purpose: Mapped[str] = mapped_column(String(12))
    finding_id: Mapped[int]
    action_id: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str] = mapped_column(String(254))  # the mailbox it was sent to
    given_on: Mapped[date]
    expires_on: Mapped[date]

    person: Mapped[Person] = relationship()
    finding: Mapped[Finding] = relationship(
        primaryjoin=lambda: Finding.id == Grant.finding_id, foreign_keys=lambda: [Grant.finding_id], viewonly=True
    )
    action: Mapped[Action | None] = relationship(
        primaryjoin=lambda: Action.id == Grant.action_id, foreign_keys=lambda: [Grant.action_id], viewonly=True
    )
