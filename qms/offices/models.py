"""Offices, their departments, processes, limits, scale of findings and numbering."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, SortKey, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.causes import Cause
from qms.domain.findings import Category
from qms.domain.independence import LONGEST_MEMORY, RECENT_MONTHS
from qms.domain.scale import LONGEST_NAME, MEANINGS, Kind
from qms.domain.standing import Concern

IMPORTANCE = (1, 2, 3)  # the third is the greatest


class Office(Trailed, Versioned, Model):
    """A public office: the wall everything of it stands behind."""

    __tablename__ = "office"
    __table_args__ = (
        Index("ix_office_sort_key", "sort_key", "id"),
        CheckConstraint(f"remembers_months BETWEEN 0 AND {LONGEST_MEMORY}", name="remembers_months_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(40))
    voivodeship: Mapped[str] = mapped_column(String(40))
    seat: Mapped[str] = mapped_column(String(100))
    locative: Mapped[str] = mapped_column(String(120))
    head_title: Mapped[str] = mapped_column(String(60))
    teryt: Mapped[str] = mapped_column(String(10))
    teryt_as_of: Mapped[date | None]
    sort_key: Mapped[str] = mapped_column(SortKey)
    search_text: Mapped[str] = mapped_column(String(600))
    shares_content: Mapped[bool] = mapped_column(default=False)
    audit_pattern: Mapped[str] = mapped_column(String(60), default="A-{yyyy}-{n:02}")
    finding_pattern: Mapped[str] = mapped_column(String(60), default="{prefix}-{yyyy}-{n:03}")
    is_demo: Mapped[bool] = mapped_column(default=False)
    rolls_due_days: Mapped[bool] = mapped_column(default=True)  # the office's own limits, off its days off
    rolls_reminders: Mapped[bool] = mapped_column(default=True)
    remembers_months: Mapped[int] = mapped_column(default=RECENT_MONTHS)  # former work of an auditor, 0 to 24
    warns_only: Mapped[bool] = mapped_column(default=False)  # of what would block an auditor
    answers_signed_in: Mapped[bool] = mapped_column(default=False)  # letters then carry no links that answer
    approves_reports: Mapped[bool] = mapped_column(default=False)  # by the same steps as programmes
    ticked_tasks: Mapped[list[str]] = mapped_column(JSON, default=list)  # first tasks that somebody's word ended
    set_up_on: Mapped[date | None]  # the day on which its list of first tasks was put away
    planned_through: Mapped[date | None]  # the day up to which its reminders were planned

    __untold__ = frozenset({"planned_through", "search_text", "sort_key"})
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}


class Department(OfficeOwned, Trailed, Versioned, Model):
    """An organisational unit of an office, from a department of forty to a single post."""

    __tablename__ = "department"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "symbol"),
        within_office("parent_id", "department"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    name: Mapped[str] = mapped_column(String(200))
    symbol: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None]
    sort_key: Mapped[str] = mapped_column(SortKey)
    closed_on: Mapped[date | None]

    __untold__ = frozenset({"sort_key"})
    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)


class Process(OfficeOwned, Trailed, Versioned, Model):
    """Work that runs through one department or several, as the office's map of processes has it."""

    __tablename__ = "process"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "symbol"),
        CheckConstraint(f"importance BETWEEN {min(IMPORTANCE)} AND {max(IMPORTANCE)}", name="importance_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    name: Mapped[str] = mapped_column(String(200))
    symbol: Mapped[str] = mapped_column(String(20))
    importance: Mapped[int] = mapped_column(default=2)
    sort_key: Mapped[str] = mapped_column(SortKey)
    closed_on: Mapped[date | None]

    __untold__ = frozenset({"sort_key"})

    departments: Mapped[list["ProcessDepartment"]] = relationship(cascade="all, delete-orphan")
    owners: Mapped[list["ProcessOwner"]] = relationship(
        cascade="all, delete-orphan", order_by="ProcessOwner.from_on", overlaps="departments"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)


class ProcessDepartment(OfficeOwned, Trailed, Model):
    """A department that a process runs through."""

    __tablename__ = "process_department"
    __table_args__ = (
        within_office("process_id", "process"),
        within_office("department_id", "department"),
        Index("ix_process_department_department_id", "department_id"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    process_id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True)


class ProcessOwner(OfficeOwned, Trailed, Model):
    """Who answers for a process, and since when; `until_on` none goes on."""

    __tablename__ = "process_owner"
    __table_args__ = (
        within_office("process_id", "process"),
        Index("ix_process_owner_process_id", "process_id"),
        Index("ix_process_owner_person_id", "person_id"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class OfficeLimit(OfficeOwned, Trailed, Model):
    """A limit of an office; no value means NOT SET, unless the day is agreed: no due day, reminder or overdue mark."""

    __tablename__ = "office_limit"
    __table_args__ = (
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_negative"),
        CheckConstraint("tolerance >= 0", name="tolerance_not_negative"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(20))
    counts_back: Mapped[bool] = mapped_column(default=False)
    tolerance: Mapped[int] = mapped_column(default=0)  # days


class FindingKind(OfficeOwned, Trailed, Versioned, Model):
    """One row of the office's scale of findings; never removed, since findings bear its name."""

    __tablename__ = "finding_kind"
    __table_args__ = owned(UniqueConstraint("office_id", "key"), one_of("meaning", MEANINGS))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    place: Mapped[int]
    meaning: Mapped[str] = mapped_column(String(16))
    symbol: Mapped[str] = mapped_column(String(20))  # the prefix in numbers of findings
    # No name: the product's own word, in the reader's language.
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    is_graded: Mapped[bool] = mapped_column(default=False)
    major_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    minor_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    is_used: Mapped[bool] = mapped_column(default=True)
    is_answered: Mapped[bool] = mapped_column(default=False)  # the unit says whether it acts

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)

    @property
    def kind(self) -> Kind:
        """The same as the rules read it."""
        return Kind(
            meaning=Category(self.meaning),
            symbol=self.symbol,
            name=self.name,
            is_graded=self.is_graded,
            major_name=self.major_name,
            minor_name=self.minor_name,
            is_used=self.is_used,
            is_answered=self.is_answered,
        )


class CauseKind(OfficeOwned, Trailed, Versioned, Model):
    """One row of the office's catalogue of causes; never removed, since answers bear its key."""

    __tablename__ = "cause_kind"
    __table_args__ = owned(UniqueConstraint("office_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    place: Mapped[int]
    starter: Mapped[str] = mapped_column(String(20), default="")  # of the proposal; no name: its words
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    is_used: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)

    @property
    def cause(self) -> Cause:
        """The same as the rules read it."""
        return Cause(starter=self.starter, name=self.name, is_used=self.is_used)


class OfficeLadder(OfficeOwned, Trailed, Model):
    """When an office reminds of one kind of duty, and whom, where it differs from what every office starts with."""

    __tablename__ = "office_ladder"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    before: Mapped[list[int]] = mapped_column(JSON)
    after: Mapped[list[int]] = mapped_column(JSON)
    joins: Mapped[dict[str, int]] = mapped_column(JSON)  # by level: from how many days after the due day, or before it
    every_weeks: Mapped[int | None]


class OfficeDayOff(OfficeOwned, Trailed, Model):
    """A day off of one office beside the statutory ones."""

    __tablename__ = "office_day_off"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(String(200), default="")

    @property
    def key(self) -> str:
        """The key of its address: the day."""
        return f"{self.day:%Y%m%d}"

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)


class NumberCounter(OfficeOwned, Model):
    """The last number given out among those that differ in their running part only; numbers are never reused."""

    __tablename__ = "number_counter"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(120), primary_key=True)  # the number with a star, such as N-2026-*
    last: Mapped[int] = mapped_column(default=0)
