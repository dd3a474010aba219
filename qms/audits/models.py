"""Audits: what is audited, against which clauses, when and by whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, UTCDateTime, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.standing import Concern, TeamRole
from qms.offices.models import Department, Office
from qms.people.models import Person
from qms.standards.models import Clause, Edition

INTERNAL = frozenset({"internal", "out_of_plan"})  # the others are audits of a certification body
KINDS = ("internal", "out_of_plan", "stage_1", "stage_2", "surveillance", "recertification", "special")
STATES = ("planned", "under_way", "finished", "cancelled")
OPEN_STATES = ("planned", "under_way")
_IS_LEAD = text("role = 'lead'")
_IS_OPEN = text("state IN ('planned', 'under_way')")


class Audit(OfficeOwned, Trailed, Versioned, Model):
    """One audit; finished when its report is published, its findings live on."""

    __tablename__ = "audit"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number"),
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(state = 'finished') = (published_at IS NOT NULL)", name="finished_when_published"),
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
    body: Mapped[str] = mapped_column(String(200), default="")  # the certification body's name, its audits only
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
    finding_count: Mapped[int] = mapped_column(default=0)  # of the published report; nobody counts drafts
    team_reason: Mapped[str] = mapped_column(Text, default="")  # why somebody who was warned about may still judge

    # The key never changes; marking it changed makes a new version when only the team or the scope did.
    __untold__ = frozenset({"key"})

    office: Mapped[Office] = relationship()
    edition: Mapped[Edition] = relationship()
    departments: Mapped[list["AuditDepartment"]] = relationship(cascade="all, delete-orphan")
    clauses: Mapped[list["AuditClause"]] = relationship(cascade="all, delete-orphan")
    team: Mapped[list["AuditMember"]] = relationship(cascade="all, delete-orphan", order_by="AuditMember.id")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(
            office_id=self.office_id,
            department_ids=frozenset(part.department_id for part in self.departments),
            team={member.person_id: TeamRole(member.role) for member in self.team},
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


class Loan(OfficeOwned, Trailed, Versioned, Model):
    """An auditor of another office, asked for by address; who it is, only a consent says.

    Until then the asking office learns nothing about the other one's people, not even whether the address is known.
    """

    __tablename__ = "loan"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        CheckConstraint("office_id <> lender_office_id", name="of_another_office"),
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
        CheckConstraint("consented_on IS NULL OR declined_on IS NULL", name="one_answer"),
        CheckConstraint("(consented_on IS NULL) = (person_id IS NULL)", name="person_once_consented"),
        Index("ix_loan_lender_office_id", "lender_office_id"),
        Index("ix_loan_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    lender_office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    consented_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consented_on: Mapped[date | None]
    declined_on: Mapped[date | None]

    office: Mapped[Office] = relationship(foreign_keys="Loan.office_id")
    lender: Mapped[Office] = relationship(foreign_keys=[lender_office_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}
