"""What an audit found, and the life of a nonconformity until its effect is proved.

The rules are in `qms.domain.findings`; this is how they are stored. A new round after "not effective"
leaves the earlier rounds, with their answers and actions, as they were.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.audits.models import Audit
from qms.core.db import Model, OfficeOwned, UTCDateTime, Versioned, new_key, one_of, owned, within_office
from qms.core.files import StoredFile
from qms.core.trail import Trailed
from qms.domain.findings import Category, State
from qms.domain.following import Seen
from qms.domain.parts import Part, read
from qms.domain.pleas import Fate, Kind
from qms.domain.scale import LONGEST_NAME, Called
from qms.domain.sources import Source
from qms.domain.standing import Concern, TeamRole
from qms.findings.plea_models import Plea
from qms.findings.share_models import SharedAction
from qms.offices.models import CauseKind, Department, Office
from qms.people.models import Person
from qms.standards.models import Clause

# A case waits for something until it ends. Partial indexes serve queries that say the same.
_IS_OPEN = text("waits_for IS NOT NULL")
_IS_UNDONE = text("done_on IS NULL")
_IS_DONE = text("done_on IS NOT NULL")
_HAS_CAUSE = text("cause_key IS NOT NULL")
_IS_HANDED_OVER = text("answerer_id IS NOT NULL")


class Finding(OfficeOwned, Trailed, Versioned, Model):
    """A finding; a nonconformity is a case that moves through the states."""

    __tablename__ = "finding"
    # A draft is the unit's own until it is sent, and told then; a page keeps one every few seconds.
    __untold__ = frozenset({"draft"})
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number"),
        within_office("audit_id", "audit"),
        within_office("department_id", "department"),
        one_of("state", tuple(State)),
        one_of("category", tuple(Category)),
        one_of("source", tuple(Source)),
        CheckConstraint("(source = 'audit') = (audit_id IS NOT NULL)", name="audit_where_audited"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        CheckConstraint("(state IN ('draft')) = (number IS NULL) OR state = 'cancelled'", name="number_once_reported"),
        Index("ix_finding_office_reported", "office_id", "reported_on", "id"),
        Index("ix_finding_office_stage", "office_id", "stage", "reported_on", "id"),
        Index("ix_finding_office_category", "office_id", "category", "reported_on", "id"),
        Index("ix_finding_office_department", "office_id", "department_id", "reported_on", "id"),
        Index("ix_finding_office_source", "office_id", "source", "reported_on", "id"),
        Index("ix_finding_audit_id", "audit_id"),
        Index(
            "ix_finding_office_cause",
            "office_id",
            "cause_key",
            "reported_on",
            "id",
            sqlite_where=_HAS_CAUSE,
            postgresql_where=_HAS_CAUSE,
        ),
        Index(
            "ix_finding_answerer",
            "answerer_id",
            sqlite_where=_IS_HANDED_OVER,
            postgresql_where=_IS_HANDED_OVER,
        ),
        Index("ix_finding_open", "office_id", "reported_on", "id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(
            "ix_finding_open_category",
            "office_id",
            "category",
            "due_on",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_finding_open_due", "office_id", "due_on", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(
            "ix_finding_open_department",
            "office_id",
            "department_id",
            "due_on",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_finding_waits", "office_id", "waits_for", "due_on", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    number: Mapped[str | None] = mapped_column(String(60))
    outer_number: Mapped[str] = mapped_column(
        String(60), default=""
    )  # given outside: a body's, the sign of a complaint
    source: Mapped[str] = mapped_column(String(12), default=Source.AUDIT)
    audit_id: Mapped[int | None]
    noticed_on: Mapped[date | None]  # where no audit found it
    department_id: Mapped[int]
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))  # none where a law or own rule was broken
    category: Mapped[str] = mapped_column(String(16))
    # The office's own name of the category on the day it was written; none: the product's own word.
    category_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    kind_key: Mapped[str] = mapped_column(String(12), default="")  # of the office's scale, for drafts and numbers
    # Only whether the unit acts is asked for, as the office wanted it on the day it was published.
    is_light: Mapped[bool] = mapped_column(default=False)
    requirement: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    statement: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)
    round_number: Mapped[int] = mapped_column(default=1)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Who answers this round, where the head of the department handed it over.
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The answer of this round as it was typed last, not sent yet: its texts and actions, some still without a day.
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reported_on: Mapped[date | None]
    stage: Mapped[int | None]  # what people see of the state, stored so that the register finds it by index
    # What the case waits for now (a `deadlines.Kind`), and until when; no day where the office set no limit.
    # While actions are being done it is the day of the nearest one. None: it waits for nothing.
    waits_for: Mapped[str | None] = mapped_column(String(20))
    due_on: Mapped[date | None]
    cause_key: Mapped[str | None] = mapped_column(String(12))  # that of the round, stored so that the register finds it
    counted_from: Mapped[date | None]
    due_limit: Mapped[str] = mapped_column(String(20), default="")  # the limit it was counted by: "14 days", "agreed"
    due_rule: Mapped[str] = mapped_column(String(4), default="")  # a `deadlines.Rule` that is not the step's own
    first_due_on: Mapped[date | None]  # of this step, before it was moved
    date_moves: Mapped[int] = mapped_column(default=0)  # of this step
    closed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # of rejection, cancellation or reopening
    search_text: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)  # of anything of the case, so that its version counts

    office: Mapped[Office] = relationship()
    audit: Mapped[Audit | None] = relationship(
        primaryjoin=lambda: Audit.id == Finding.audit_id, foreign_keys=lambda: [Finding.audit_id], viewonly=True
    )
    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == Finding.department_id,
        foreign_keys=lambda: [Finding.department_id],
        viewonly=True,
    )
    clause: Mapped[Clause | None] = relationship()
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    concerned: Mapped[list["FindingDepartment"]] = relationship(cascade="all, delete-orphan")
    rounds: Mapped[list["Round"]] = relationship(cascade="all, delete-orphan", order_by="Round.number")
    actions: Mapped[list["Action"]] = relationship(cascade="all, delete-orphan", order_by="Action.id")
    reassignments: Mapped[list["Reassignment"]] = relationship(cascade="all, delete-orphan", order_by="Reassignment.id")
    files: Mapped[list["Evidence"]] = relationship(cascade="all, delete-orphan", order_by="Evidence.id")
    checks: Mapped[list["FindingCheck"]] = relationship(order_by="FindingCheck.id", overlaps="finding")
    pleas: Mapped[list[Plea]] = relationship(cascade="all, delete-orphan", order_by=Plea.id)
    # What of other cases serves this one, and what of this one serves others; also what did once.
    borrowed: Mapped[list[SharedAction]] = relationship(
        primaryjoin=lambda: SharedAction.finding_id == Finding.id,
        foreign_keys=lambda: [SharedAction.finding_id],
        order_by=SharedAction.id,
        viewonly=True,
    )
    lent: Mapped[list[SharedAction]] = relationship(
        primaryjoin=lambda: SharedAction.leader_finding_id == Finding.id,
        foreign_keys=lambda: [SharedAction.leader_finding_id],
        order_by=SharedAction.id,
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def called(self) -> Called:
        """What it means, and how the office called that when it was written."""
        return Called(Category(self.category), self.category_name)

    @property
    def found_in(self) -> Audit:
        """The audit that found it; every draft has one. Raises `LookupError` where it comes from elsewhere."""
        if self.audit is None:
            raise LookupError(self.source)
        return self.audit

    @property
    def round(self) -> "Round | None":
        """The round now under way, if the case has one."""
        return self.rounds[-1] if self.rounds else None

    @property
    def is_answer_sent(self) -> bool:
        """Whether the answer of this round was sent and not returned."""
        return self.round is not None and self.round.answered_at is not None

    @property
    def current_actions(self) -> list["Action"]:
        """The actions of the round now under way."""
        return [action for action in self.actions if action.round_number == self.round_number]

    def plea(self, kind: Kind) -> Plea | None:
        """What was asked for and waits for a decision."""
        return next((each for each in self.pleas if each.kind == kind and each.fate == Fate.WAITING), None)

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return self.concern_of(self.actions)

    def concern_of(self, actions: Iterable["Action"]) -> Concern:
        """The same, where only the owners of some actions count as doers."""
        return Concern(
            office_id=self.office_id,
            department_ids=frozenset({self.department_id}),
            concerned_ids=frozenset(each.department_id for each in self.concerned),
            team=self._checkers | self._found_by,
            guest_ids=self.audit.guest_ids if self.audit else frozenset(),
            doer_ids=frozenset(action.owner_id for action in actions),
            addressee_ids=frozenset() if self.answerer_id is None else frozenset({self.answerer_id}),
            is_shared=self.office.shares_content,
        )

    @property
    def _found_by(self) -> dict[int, TeamRole]:
        """The team of the audit that found it, if one did."""
        return {member.person_id: TeamRole(member.role) for member in self.audit.team} if self.audit else {}

    @property
    def _checkers(self) -> dict[int, TeamRole]:
        """Auditors of later audits who looked at the case: they may verify and judge it like those who found it."""
        return {check.checked_by_id: TeamRole.AUDITOR for check in self.checks if check.may_judge}


class FindingDepartment(OfficeOwned, Trailed, Model):
    """A department that a finding concerns beside the one that answers: its head reads it."""

    __tablename__ = "finding_department"
    __table_args__ = (
        within_office("finding_id", "finding"),
        within_office("department_id", "department"),
        Index("ix_finding_department_department_id", "department_id", "finding_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    finding_id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True)

    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == FindingDepartment.department_id,
        foreign_keys=lambda: [FindingDepartment.department_id],
        viewonly=True,
    )


class FindingRepeat(OfficeOwned, Trailed, Model):
    """That a finding is an earlier one come back, as somebody decided; findings alike are only proposed."""

    __tablename__ = "finding_repeat"
    __table_args__ = (
        within_office("finding_id", "finding"),
        within_office("earlier_id", "finding"),
        CheckConstraint("finding_id <> earlier_id", name="not_of_itself"),
        Index("ix_finding_repeat_earlier_id", "earlier_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    finding_id: Mapped[int] = mapped_column(primary_key=True)
    earlier_id: Mapped[int]
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_on: Mapped[date]


class Round(OfficeOwned, Trailed, Model):
    """One answer to a nonconformity, from correction to judged effect."""

    __tablename__ = "finding_round"
    __table_args__ = owned(
        within_office("finding_id", "finding"),
        UniqueConstraint("finding_id", "number"),
        Index("ix_finding_round_finding_id", "finding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int]
    number: Mapped[int]
    correction: Mapped[str] = mapped_column(Text, default="")
    no_correction_reason: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    # How the cause was found, as `qms.domain.cause_analysis` keeps it; its text holds that too.
    analysis: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cause_key: Mapped[str | None] = mapped_column(String(12))  # of the office's catalogue of causes
    criterion: Mapped[str] = mapped_column(Text, default="")  # how the effect will be judged, said before the work
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # none again when returned
    returned_note: Mapped[str] = mapped_column(Text, default="")
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_on: Mapped[date | None]
    verification: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_on: Mapped[date | None]
    is_effective: Mapped[bool | None]
    effectiveness: Mapped[str] = mapped_column(Text, default="")

    # By its key and not its id: a row of the catalogue is never removed.
    cause_kind: Mapped[CauseKind | None] = relationship(
        primaryjoin=lambda: and_(CauseKind.office_id == Round.office_id, CauseKind.key == Round.cause_key),
        foreign_keys=lambda: [Round.office_id, Round.cause_key],
        viewonly=True,
    )
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    accepted_by: Mapped[Person | None] = relationship(foreign_keys=[accepted_by_id])
    verified_by: Mapped[Person | None] = relationship(foreign_keys=[verified_by_id])
    judged_by: Mapped[Person | None] = relationship(foreign_keys=[judged_by_id])


class Action(OfficeOwned, Trailed, Versioned, Model):
    """A corrective action: what, who, by when, done when, shown by what."""

    __tablename__ = "action"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        within_office("finding_id", "finding"),
        Index("ix_action_finding_id", "finding_id"),
        Index(
            "ix_action_open_due",
            "office_id",
            "due_on",
            "owner_id",
            sqlite_where=_IS_UNDONE,
            postgresql_where=_IS_UNDONE,
        ),
        Index(
            "ix_action_done",
            "office_id",
            "done_on",
            "id",
            sqlite_where=_IS_DONE,
            postgresql_where=_IS_DONE,
        ),
        Index("ix_action_owner", "owner_id", "finding_id"),
        Index("ix_action_owner_open", "owner_id", "due_on", sqlite_where=_IS_UNDONE, postgresql_where=_IS_UNDONE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    finding_id: Mapped[int]
    round_number: Mapped[int]
    description: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    first_due_on: Mapped[date | None]  # before it was moved
    date_moves: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(Text, default="")
    stored_parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
    reported_by: Mapped[Person | None] = relationship(foreign_keys=[reported_by_id])
    finding: Mapped[Finding] = relationship(
        primaryjoin=lambda: Finding.id == Action.finding_id, foreign_keys=lambda: [Action.finding_id], viewonly=True
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access: its doer alone does it."""
        return self.finding.concern_of([self])

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it consists of, where its doer divided it."""
        return read(self.stored_parts)

    @property
    def borrowed(self) -> SharedAction | None:
        """The action of another case that this one stands for, as long as it does."""
        return next((each for each in self.finding.borrowed if each.action_id == self.id and not each.ended_on), None)

    @property
    def lent(self) -> list[SharedAction]:
        """The other cases it serves."""
        return [each for each in self.finding.lent if each.leader_id == self.id and not each.ended_on]

    @property
    def reported_as(self) -> str:
        """The key of the action that is reported done: another case's where this one only stands for it."""
        return self.borrowed.leader.key if self.borrowed else self.key


class Reassignment(OfficeOwned, Trailed, Model):
    """That an action went from one person to another; who had it judges nothing in that round. Never changed."""

    __tablename__ = "reassignment"
    __table_args__ = owned(
        within_office("finding_id", "finding"),
        within_office("action_id", "action"),
        Index("ix_reassignment_finding_id", "finding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int]
    action_id: Mapped[int]
    round_number: Mapped[int]
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reassigned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reassigned_on: Mapped[date]


class Evidence(OfficeOwned, Trailed, Model):
    """A file shown as evidence of a finding, or of an action done; takes the access of its finding."""

    __tablename__ = "evidence"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        within_office("finding_id", "finding"),
        within_office("action_id", "action"),
        within_office("file_id", "stored_file"),
        Index("ix_evidence_finding_id", "finding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    finding_id: Mapped[int]
    action_id: Mapped[int | None]
    file_id: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile] = relationship(overlaps="files")
    added_by: Mapped[Person] = relationship()
    finding: Mapped[Finding] = relationship(
        primaryjoin=lambda: Finding.id == Evidence.finding_id, foreign_keys=lambda: [Evidence.finding_id], viewonly=True
    )

    @property
    def concern(self) -> Concern:
        """What of it matters to access: that of its finding."""
        return self.finding.concern


class FindingCheck(OfficeOwned, Trailed, Model):
    """What a later audit saw of an open case; never changed, a second look is a second row."""

    __tablename__ = "finding_check"
    __table_args__ = owned(
        within_office("audit_id", "audit"),
        within_office("finding_id", "finding"),
        one_of("seen", tuple(Seen)),
        Index("ix_finding_check_audit_id", "audit_id"),
        Index("ix_finding_check_finding_id", "finding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    finding_id: Mapped[int]
    seen: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    checked_on: Mapped[date]
    may_judge: Mapped[bool]  # an auditor of the office on the team; not a trainee, and nobody lent for that audit

    checked_by: Mapped[Person] = relationship()
    audit: Mapped[Audit] = relationship(
        primaryjoin=lambda: Audit.id == FindingCheck.audit_id,
        foreign_keys=lambda: [FindingCheck.audit_id],
        viewonly=True,
    )
    finding: Mapped[Finding] = relationship(
        primaryjoin=lambda: Finding.id == FindingCheck.finding_id,
        foreign_keys=lambda: [FindingCheck.finding_id],
        viewonly=True,
    )
