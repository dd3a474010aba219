"""What people who are to answer asked for besides: more time, or that the finding be taken back."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.pleas import Fate, Kind
from qms.people.models import Person

_WAITS = text("fate = 'waiting'")


class Plea(OfficeOwned, Trailed, Model):
    """One thing asked for in a case, and what was decided; at most one of each kind waits at a time."""

    __tablename__ = "finding_plea"
    __table_args__ = owned(
        within_office("finding_id", "finding"),
        one_of("kind", tuple(Kind)),
        one_of("fate", tuple(Fate)),
        CheckConstraint("(kind = 'more_time') = (new_due_on IS NOT NULL)", name="day_where_time_is_asked"),
        CheckConstraint("(fate = 'waiting') = (decided_on IS NULL)", name="decided_once_fate_known"),
        Index("ix_finding_plea_finding_id", "finding_id"),
        Index(
            "ix_finding_plea_waiting",
            "office_id",
            "finding_id",
            "kind",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    new_due_on: Mapped[date | None]  # the day that more time is asked until
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    fate: Mapped[str] = mapped_column(String(10), default=Fate.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    word: Mapped[str] = mapped_column(Text, default="")  # of the decision

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
