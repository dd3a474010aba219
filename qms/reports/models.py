"""Issues of reports as they were published, and an office's own templates of its papers."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, UTCDateTime, Versioned, one_of, owned, within_office
from qms.core.files import StoredFile
from qms.core.trail import Trailed
from qms.domain.report import Parts
from qms.people.models import Person

KINDS: Final = ("raport", "karta")  # as templates and addresses call the papers


class ReportIssue(OfficeOwned, Trailed, Model):
    """The report of an audit as it was published. An amendment is a new issue; the earlier ones stay whole."""

    __tablename__ = "report_issue"
    __table_args__ = owned(
        UniqueConstraint("audit_id", "number"),
        within_office("audit_id", "audit"),
        CheckConstraint("number = 1 OR reason <> ''", name="amended_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    number: Mapped[int]
    conclusion: Mapped[str] = mapped_column(Text)
    unaudited: Mapped[str] = mapped_column(Text)
    obstacles: Mapped[str] = mapped_column(Text)
    differing_opinions: Mapped[str] = mapped_column(Text)
    distribution: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    exclusions: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)  # none: from before it was kept
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    published_by: Mapped[Person] = relationship()

    @property
    def parts(self) -> Parts:
        """What it says beside the findings."""
        return Parts(
            conclusion=self.conclusion,
            unaudited=self.unaudited,
            obstacles=self.obstacles,
            differing_opinions=self.differing_opinions,
            distribution=self.distribution,
        )


class PaperTemplate(OfficeOwned, Trailed, Versioned, Model):
    """The office's own Word template of one kind of paper."""

    __tablename__ = "paper_template"
    __table_args__ = (one_of("kind", KINDS), within_office("file_id", "stored_file"))

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    file_id: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile] = relationship(
        primaryjoin=lambda: StoredFile.id == PaperTemplate.file_id, foreign_keys=lambda: [PaperTemplate.file_id]
    )
    added_by: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}
