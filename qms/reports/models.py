"""Issues of reports as they were given for approval and published, and an office's own templates of its papers."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.approvals.models import StepOfPaper
from qms.audits.models import Audit
from qms.core.db import Model, OfficeOwned, UTCDateTime, Versioned, one_of, owned, within_office
from qms.core.files import StoredFile
from qms.core.trail import Trailed
from qms.domain.approval import APPROVING
from qms.domain.report import Given, Parts
from qms.domain.standing import Concern
from qms.people.models import Person

_PENDING: Final = text("state IN ('sent', 'approved')")
KINDS: Final = ("raport", "karta", "program", "plan", "lista")  # as templates and addresses call the papers


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
        return Parts(**{each.name: getattr(self, each.name) for each in fields(Parts)})


class GivenReport(OfficeOwned, Trailed, Versioned, Model):
    """An issue of a report as it was given for approval; what is approved is what is published."""

    __tablename__ = "given_report"
    __table_args__ = owned(
        within_office("audit_id", "audit"),
        one_of("state", tuple(Given)),
        Index("ix_given_report_audit_id", "audit_id", "id"),
        Index("uq_given_report_pending", "audit_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=Given.SENT)
    conclusion: Mapped[str] = mapped_column(Text)
    unaudited: Mapped[str] = mapped_column(Text)
    obstacles: Mapped[str] = mapped_column(Text)
    differing_opinions: Mapped[str] = mapped_column(Text)
    distribution: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")  # why it is amended
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    returned_because: Mapped[str] = mapped_column(Text, default="")

    # The number never changes; marking it changed makes a new version when only a step was taken.
    __untold__ = frozenset({"number"})
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    audit: Mapped[Audit] = relationship(
        primaryjoin=lambda: Audit.id == GivenReport.audit_id,
        foreign_keys=lambda: [GivenReport.audit_id],
        viewonly=True,
    )
    approvals: Mapped[list["ReportApproval"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportApproval.place"
    )

    @property
    def concern(self) -> Concern:
        """What of it matters to access: that of its audit."""
        return self.audit.concern

    @property
    def parts(self) -> Parts:
        """What it says beside the findings."""
        return Parts(**{each.name: getattr(self, each.name) for each in fields(Parts)})


class ReportApproval(OfficeOwned, Trailed, StepOfPaper, Model):
    """A step of the approval of an issue, as the office's chain was when it was given."""

    __tablename__ = "report_approval"
    __table_args__ = (
        within_office("given_id", "given_report"),
        one_of("post", APPROVING),
        CheckConstraint("(person_id IS NULL) = (decided_at IS NULL)", name="somebody_at_an_instant"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    given_id: Mapped[int] = mapped_column(primary_key=True)


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
