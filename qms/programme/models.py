"""The programme of a year: its versions, what each plans, and who approved it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.approvals.models import StepOfPaper
from qms.audits.models import Audit
from qms.core.db import Model, OfficeOwned, UTCDateTime, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.approval import APPROVING
from qms.domain.programme import Line, State, Window
from qms.domain.standing import Concern
from qms.offices.models import Department, Office, Process
from qms.people.models import Person
from qms.standards.models import Clause


class Programme(OfficeOwned, Trailed, Versioned, Model):
    """One version of the programme of a year; the newest one counts, the approved one before it is in force."""

    __tablename__ = "programme"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "year", "issue"),
        one_of("state", tuple(State)),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_has_an_instant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    year: Mapped[int]
    issue: Mapped[int]  # 1 for the first version of the year
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT)
    reason: Mapped[str] = mapped_column(Text, default="")  # why there is a new version
    most_a_month: Mapped[int | None]  # audits in a month, as it was suggested by; none: as usual
    most_a_lead: Mapped[int | None]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned_because: Mapped[str] = mapped_column(Text, default="")  # what the one who gave it back wrote

    # The year never changes; marking it changed makes a new version when only the plan did.
    __untold__ = frozenset({"year"})
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    office: Mapped[Office] = relationship()
    entries: Mapped[list["ProgrammeEntry"]] = relationship(back_populates="programme", order_by="ProgrammeEntry.line")
    approvals: Mapped[list["ProgrammeApproval"]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeApproval.place"
    )

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, is_shared=self.office.shares_content)

    @property
    def planned(self) -> list["ProgrammeEntry"]:
        """What it plans, without what was taken off."""
        return [entry for entry in self.entries if not entry.removed_because]


class ProgrammeEntry(OfficeOwned, Trailed, Versioned, Model):
    """A planned audit. Its line is the same in every version of the year, its key is not."""

    __tablename__ = "programme_entry"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("programme_id", "line"),
        within_office("programme_id", "programme"),
        within_office("audit_id", "audit"),
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        Index("ix_programme_entry_audit_id", "audit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    programme_id: Mapped[int]
    line: Mapped[int]
    edition_code: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    is_exact: Mapped[bool] = mapped_column(default=False)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    audit_id: Mapped[int | None] = mapped_column()
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)  # why it was suggested: messages with their values
    removed_because: Mapped[str] = mapped_column(Text, default="")  # taken off the programme, when not empty

    # The line never changes; marking it changed makes a new version when only the scope did.
    __untold__ = frozenset({"line"})
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    programme: Mapped[Programme] = relationship(back_populates="entries")
    audit: Mapped[Audit | None] = relationship(
        primaryjoin=lambda: Audit.id == ProgrammeEntry.audit_id, foreign_keys=[audit_id], viewonly=True
    )
    lead: Mapped[Person | None] = relationship()
    units: Mapped[list["ProgrammeEntryUnit"]] = relationship(cascade="all, delete-orphan")
    processes: Mapped[list["ProgrammeEntryProcess"]] = relationship(cascade="all, delete-orphan")
    clauses: Mapped[list["ProgrammeEntryClause"]] = relationship(cascade="all, delete-orphan")

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return self.programme.concern

    @property
    def window(self) -> Window:
        """When it is to be held."""
        return Window(self.first_on, self.last_on, self.is_exact)

    @property
    def held_as(self) -> Audit | None:
        """The audit that came of it; a cancelled one leaves it open for another."""
        return self.audit if self.audit and self.audit.state != "cancelled" else None

    @property
    def compared(self) -> Line:
        """What versions are compared by."""
        return Line(
            units=frozenset(part.department_id for part in self.units),
            processes=frozenset(part.process_id for part in self.processes),
            edition=self.edition_code,
            clauses=frozenset(part.clause.number for part in self.clauses),
            window=self.window,
            lead_id=self.lead_id,
        )


class ProgrammeEntryUnit(OfficeOwned, Trailed, Model):
    """A department in the scope of a planned audit; other kinds of scope have tables of their own beside it."""

    __tablename__ = "programme_entry_unit"
    __table_args__ = (
        within_office("entry_id", "programme_entry"),
        within_office("department_id", "department"),
        Index("ix_programme_entry_unit_department_id", "department_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True)

    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == ProgrammeEntryUnit.department_id,
        foreign_keys=[department_id],
        viewonly=True,
    )


class ProgrammeEntryProcess(OfficeOwned, Trailed, Model):
    """A process in the scope of a planned audit."""

    __tablename__ = "programme_entry_process"
    __table_args__ = (
        within_office("entry_id", "programme_entry"),
        within_office("process_id", "process"),
        Index("ix_programme_entry_process_process_id", "process_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(primary_key=True)

    process: Mapped[Process] = relationship(
        primaryjoin=lambda: Process.id == ProgrammeEntryProcess.process_id, foreign_keys=[process_id], viewonly=True
    )


class ProgrammeEntryClause(OfficeOwned, Trailed, Model):
    """A clause a planned audit is to be held against."""

    __tablename__ = "programme_entry_clause"
    __table_args__ = (within_office("entry_id", "programme_entry"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)

    clause: Mapped[Clause] = relationship()


class ProgrammeApproval(OfficeOwned, Trailed, StepOfPaper, Model):
    """A step of the approval of one version, as the office's chain was when it was sent."""

    __tablename__ = "programme_approval"
    __table_args__ = (
        within_office("programme_id", "programme"),
        one_of("post", APPROVING),
        CheckConstraint("(person_id IS NULL) = (decided_at IS NULL)", name="somebody_at_an_instant"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    programme_id: Mapped[int] = mapped_column(primary_key=True)
