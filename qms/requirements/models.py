"""What of the standard an office leaves out, and the names it has for clauses."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, owned
from qms.core.trail import Trailed
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.people.models import Person
from qms.standards.models import Clause

NAME = 200  # letters


class Exclusion(OfficeOwned, Trailed, Versioned, Model):
    """A clause the office does not apply, with its reason; excluding a parent excludes its leaves.

    It ends and is never removed. Approved by a person of the office, or by whoever the words name; what was written
    down before the register asked says neither where the manual has it nor, maybe, who approved it.
    """

    __tablename__ = "exclusion"
    __table_args__ = owned(
        UniqueConstraint("office_id", "clause_id", "valid_from"),
        Index("uq_exclusion_office_id_key", "office_id", "key", unique=True),
        CheckConstraint("approved_by_id IS NULL OR approver_words = ''", name="approved_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    justification: Mapped[str] = mapped_column(Text)
    manual_issue: Mapped[str] = mapped_column(String(60), default="")
    manual_section: Mapped[str] = mapped_column(String(60), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approver_words: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    office: Mapped[Office] = relationship()
    clause: Mapped[Clause] = relationship()
    approved_by: Mapped[Person | None] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def approver(self) -> str:
        """Who approved it, by name; empty where nobody wrote it down."""
        return self.approved_by.name if self.approved_by else self.approver_words

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, is_shared=self.office.shares_content)


class ClauseTitle(OfficeOwned, Trailed, Model):
    """The office's own title over the official one of a clause, as its manual has it: "Zakupy i umowy" for 7.4."""

    __tablename__ = "clause_title"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(NAME))
