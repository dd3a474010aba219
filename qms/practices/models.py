"""An offer of good practice, as the office words it for others. Its rules are in `qms.domain.practices`."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.practices import Sharing
from qms.offices.models import Office
from qms.standards.models import Clause


class Practice(OfficeOwned, Trailed, Versioned, Model):
    """What others read of a finding: a text of its own, the clause, and the office's name where it agreed to that."""

    __tablename__ = "practice"
    __table_args__ = owned(
        UniqueConstraint("key"),
        UniqueConstraint("finding_id"),
        within_office("finding_id", "finding"),
        one_of("state", tuple(Sharing)),
        CheckConstraint("state NOT IN ('shared', 'declined') OR decided_on IS NOT NULL", name="decided_on_a_day"),
        Index("ix_practice_state", "state", "decided_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    finding_id: Mapped[int]
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))  # so that no reader comes near the finding
    text: Mapped[str] = mapped_column(Text)
    is_named: Mapped[bool] = mapped_column(default=False)  # the office agreed to be named
    state: Mapped[str] = mapped_column(String(10), default=Sharing.OFFERED)
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    word: Mapped[str] = mapped_column(Text, default="")  # of the coordinator to the office

    office: Mapped[Office] = relationship()
    clause: Mapped[Clause] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def is_out(self) -> bool:
        """Whether somebody outside the office may read it now."""
        return self.state in {Sharing.OFFERED, Sharing.SHARED}
