"""The ledger: one row for each step owed, written before anything is sent; the office's evidence."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, UTCDateTime, one_of
from qms.core.outbox import Letter
from qms.people.models import Person

# What became of a step when its letter was to leave; empty until then. "done": the duty no longer stood on that
# day (done, cancelled, its day moved); "passed on": it stood, but was no longer this person's.
OUTCOMES = ("", "told", "done", "passed on")


class Reminder(OfficeOwned, Model):
    """That one person is owed one step of one duty's ladder. A moved due day opens a new ladder."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("office_id", "kind", "subject", "due_on", "step", "person_id"),
        one_of("outcome", OUTCOMES),
        Index("ix_reminder_subject", "office_id", "subject"),
        Index("ix_reminder_letter_id", "letter_id"),
        Index("ix_reminder_office_letter", "office_id", "letter_id"),
        Index("ix_reminder_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who is absent
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(20), default="")  # see OUTCOMES

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    letter: Mapped[Letter] = relationship()
