"""Audits: what is audited, against which clauses, when and by whom."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, UTCDateTime, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.approval import APPROVING
from qms.domain.independence import Ground, Item, ItemKind, Severity
from qms.domain.report import LEAD_PUBLISHES
from qms.domain.standing import Concern, TeamRole
from qms.offices.models import Department, Office, Process
from qms.people.models import Person
from qms.standards.models import Clause, Edition

INTERNAL = frozenset({"internal", "out_of_plan"})  # the others are held by somebody from outside
SECOND_PARTY = "second_party"  # held here by a partner or a client; the rest, by a certification body
KINDS = ("internal", "out_of_plan", "stage_1", "stage_2", "surveillance", "recertification", "special", SECOND_PARTY)
METHODS = ("on_site", "remote", "hybrid")
STATES = ("planned", "under_way", "finished", "cancelled")
OPEN_STATES = ("planned", "under_way")
JUDGING = (TeamRole.LEAD, TeamRole.AUDITOR, TeamRole.TRAINEE)  # the others of a team help or look on
_IS_LEAD = text("role = 'lead'")
_IS_OPEN = text("state IN ('planned', 'under_way')")
_ONE_ITEM = " + ".join(
    f"(CASE WHEN {each}_id IS NULL THEN 0 ELSE 1 END)" for each in ("department", "process", "clause")
)
_IS_WAITING = text("needs_permit AND permitted_on IS NULL")


class Audit(OfficeOwned, Trailed, Versioned, Model):
    """One audit; finished when its report is published, its findings live on."""

    __tablename__ = "audit"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        one_of("method", METHODS),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(state = 'finished') = (published_at IS NOT NULL)", name="finished_when_published"),
        one_of("report_waits_for", ("", *APPROVING, LEAD_PUBLISHES)),
        Index("ix_audit_office_starts", "office_id", "starts_on", "id"),
        Index("ix_audit_open", "office_id", "starts_on", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_audit_office_kind", "office_id", "kind", "starts_on"),
        Index("ix_audit_state_starts", "state", "starts_on"),
        Index("ix_audit_state_ends", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    number: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20), default="internal")
    edition_code: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    objective: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(String(200), default="")  # who holds it, unless it is the office itself
    method: Mapped[str] = mapped_column(String(10), default="on_site")
    places: Mapped[str] = mapped_column(Text, default="")  # one a line, as are the next two
    criteria: Mapped[str] = mapped_column(Text, default="")  # beside the standard: law, own procedures
    auditees: Mapped[str] = mapped_column(Text, default="")  # people or posts
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), default="planned")
    # What the report says beside the findings: as drafted, then as its last issue (`reports.models`) has it.
    conclusion: Mapped[str] = mapped_column(Text, default="")
    unaudited: Mapped[str] = mapped_column(Text, default="")
    obstacles: Mapped[str] = mapped_column(Text, default="")
    differing_opinions: Mapped[str] = mapped_column(Text, default="")
    distribution: Mapped[str] = mapped_column(Text, default="")
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    report_waits_for: Mapped[str] = mapped_column(String(20), default="")  # a post or the lead, once given for approval
    finding_count: Mapped[int] = mapped_column(default=0)  # of the published report; nobody counts drafts
    team_reason: Mapped[str] = mapped_column(Text, default="")  # why somebody who was warned about may still judge

    # The key never changes; marking it changed makes a new version when only the team or the scope did.
    __untold__ = frozenset({"key"})

    office: Mapped[Office] = relationship()
    edition: Mapped[Edition] = relationship()
    departments: Mapped[list["AuditDepartment"]] = relationship(cascade="all, delete-orphan")
    processes: Mapped[list["AuditProcess"]] = relationship(cascade="all, delete-orphan")
    clauses: Mapped[list["AuditClause"]] = relationship(cascade="all, delete-orphan")
    team: Mapped[list["AuditMember"]] = relationship(cascade="all, delete-orphan", order_by="AuditMember.id")
    conflicts: Mapped[list["AuditConflict"]] = relationship(cascade="all, delete-orphan", order_by="AuditConflict.id")
    slots: Mapped[list["AuditSlot"]] = relationship(
        back_populates="audit",
        cascade="all, delete-orphan",
        order_by="(AuditSlot.day, AuditSlot.from_time, AuditSlot.id)",
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def guest_ids(self) -> frozenset[int]:
        """Those lent for it, who see it through to its report whatever the days of the loan."""
        is_open = self.state in OPEN_STATES
        return frozenset(member.person_id for member in self.team if member.is_lent and is_open)

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(
            office_id=self.office_id,
            department_ids=frozenset(part.department_id for part in self.departments),
            team={member.person_id: TeamRole(member.role) for member in self.team},
            guest_ids=self.guest_ids,
            is_shared=self.office.shares_content,
        )


class AuditDepartment(OfficeOwned, Trailed, Model):
    """A department in the scope of an audit."""

    __tablename__ = "audit_department"
    __table_args__ = (
        within_office("audit_id", "audit"),
        within_office("department_id", "department"),
        Index("ix_audit_department_department_id", "department_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    audit_id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True)

    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == AuditDepartment.department_id,
        foreign_keys=[department_id],
        viewonly=True,
    )


class AuditProcess(OfficeOwned, Trailed, Model):
    """A process in the scope of an audit."""

    __tablename__ = "audit_process"
    __table_args__ = (
        within_office("audit_id", "audit"),
        within_office("process_id", "process"),
        Index("ix_audit_process_process_id", "process_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    audit_id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(primary_key=True)

    process: Mapped[Process] = relationship(
        primaryjoin=lambda: Process.id == AuditProcess.process_id, foreign_keys=[process_id], viewonly=True
    )


class AuditClause(OfficeOwned, Trailed, Model):
    """A clause an audit is held against."""

    __tablename__ = "audit_clause"
    __table_args__ = (within_office("audit_id", "audit"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    audit_id: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)

    clause: Mapped[Clause] = relationship()


class AuditMember(OfficeOwned, Trailed, Model):
    """A person on the team of an audit; may be lent from another office."""

    __tablename__ = "audit_member"
    __table_args__ = (
        within_office("audit_id", "audit"),
        UniqueConstraint("audit_id", "person_id"),
        one_of("role", tuple(TeamRole)),
        Index("ix_audit_member_person_id", "person_id"),
        Index("uq_audit_member_one_lead", "audit_id", unique=True, sqlite_where=_IS_LEAD, postgresql_where=_IS_LEAD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(10))
    is_lent: Mapped[bool] = mapped_column(default=False)
    warning: Mapped[str] = mapped_column(String(500), default="")  # names of `words.WARNINGS`, as said at assignment

    person: Mapped[Person] = relationship()


class AuditConflict(OfficeOwned, Trailed, Model):
    """Why somebody of the team should not judge one item of the scope, as last checked.

    A block that the team cannot get round needs a permit of the head of the office; the report prints both.
    """

    __tablename__ = "audit_conflict"
    __table_args__ = (
        within_office("audit_id", "audit"),
        within_office("department_id", "department"),
        within_office("process_id", "process"),
        one_of("severity", tuple(Severity)),
        one_of("ground", tuple(Ground)),
        CheckConstraint(f"{_ONE_ITEM} = 1", name="one_item"),
        CheckConstraint("(permitted_on IS NULL) = (permitted_by_id IS NULL)", name="permitted_by_somebody"),
        Index("ix_audit_conflict_audit_id", "audit_id"),
        Index("ix_audit_conflict_waiting", "office_id", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None]
    process_id: Mapped[int | None]
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    severity: Mapped[str] = mapped_column(String(5))
    ground: Mapped[str] = mapped_column(String(20))
    needs_permit: Mapped[bool] = mapped_column(default=False)
    permitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    permitted_on: Mapped[date | None]
    permit_reason: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    permitted_by: Mapped[Person | None] = relationship(foreign_keys=[permitted_by_id])

    @property
    def item(self) -> Item:
        """What of the scope it is about."""
        kinds = {ItemKind.UNIT: self.department_id, ItemKind.PROCESS: self.process_id, ItemKind.CLAUSE: self.clause_id}
        return next(Item(kind, each) for kind, each in kinds.items() if each is not None)


class AuditSlot(OfficeOwned, Trailed, Versioned, Model):
    """A row of the timetable of an audit: from when until when, what, and who of the team; nobody is all of it."""

    __tablename__ = "audit_slot"
    __table_args__ = (
        UniqueConstraint("office_id", "key"),
        within_office("audit_id", "audit"),
        within_office("department_id", "department"),
        CheckConstraint("to_time > from_time", name="ends_after_start"),
        Index("ix_audit_slot_audit_id", "audit_id", "day"),
        Index("ix_audit_slot_office_day", "office_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    audit_id: Mapped[int]
    day: Mapped[date]
    from_time: Mapped[time]  # in Poland
    to_time: Mapped[time]
    subject: Mapped[str] = mapped_column(String(200))
    department_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    auditees: Mapped[str] = mapped_column(String(200), default="")

    audit: Mapped[Audit] = relationship(back_populates="slots")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access: the same as of its audit."""
        return self.audit.concern
