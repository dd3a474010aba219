"""The days a certification body, or a partner, gives for what its audit found."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from qms.core.db import Model, OfficeOwned, Versioned, within_office
from qms.core.trail import Trailed
from qms.domain.body_terms import Term
from qms.domain.findings import Category


def _index(grade: str) -> Index:
    column = f"{grade}_evidence_on"
    is_set = text(f"{column} IS NOT NULL")
    return Index(f"ix_body_terms_{grade}", "office_id", column, sqlite_where=is_set, postgresql_where=is_set)


class BodyTerms(OfficeOwned, Trailed, Versioned, Model):
    """Of one audit; the days on which evidence is due are stored so that they are found by index."""

    __tablename__ = "body_terms"
    __table_args__ = (within_office("audit_id", "audit"), _index("major"), _index("minor"))

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    audit_id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(200), default="")  # its day or sign, as the office filed it
    major_answer_days: Mapped[int | None]
    major_evidence_days: Mapped[int | None]
    major_evidence_on: Mapped[date | None]
    minor_answer_days: Mapped[int | None]
    minor_evidence_days: Mapped[int | None]
    minor_evidence_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    def term(self, grade: Category) -> Term:
        """What it says of findings of this grade."""
        return Term(getattr(self, f"{grade}_answer_days"), getattr(self, f"{grade}_evidence_days"))
