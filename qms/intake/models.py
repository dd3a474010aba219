"""What people report besides audits, and which way the reports of each source take in an office."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned, within_office
from qms.core.files import StoredFile
from qms.core.trail import Trailed
from qms.domain.sources import OUTSIDE_AUDITS, Fate, Way
from qms.domain.standing import Concern
from qms.findings.models import Finding
from qms.offices.models import Department, Office
from qms.people.models import Person
from qms.products.models import Product

_WAITS = text("fate = 'waiting'")


class Problem(OfficeOwned, Trailed, Versioned, Model):
    """Something reported, and what was decided about it; never deleted."""

    __tablename__ = "problem"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number"),
        UniqueConstraint("finding_id"),
        UniqueConstraint("product_id"),
        within_office("department_id", "department"),
        within_office("decided_in_id", "department"),
        within_office("finding_id", "finding"),
        within_office("product_id", "product"),
        within_office("file_id", "stored_file"),
        one_of("source", OUTSIDE_AUDITS),
        one_of("way", tuple(Way)),
        one_of("fate", tuple(Fate)),
        CheckConstraint("(fate = 'waiting') = (decided_on IS NULL)", name="decided_once_fate_known"),
        CheckConstraint(
            "(fate = 'taken') = (finding_id IS NOT NULL OR product_id IS NOT NULL)", name="taken_as_something"
        ),
        Index("ix_problem_reported", "office_id", "reported_on", "id"),
        Index("ix_problem_reporter", "office_id", "reported_by_id", "reported_on", "id"),
        Index("ix_problem_decided_in", "office_id", "decided_in_id", "reported_on", "id"),
        Index("ix_problem_waiting", "office_id", "decided_in_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    number: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(12))
    outer_number: Mapped[str] = mapped_column(String(60), default="")  # such as the sign of the complaint
    what: Mapped[str] = mapped_column(Text)
    department_id: Mapped[int | None]  # where it happened; none: not known
    noticed_on: Mapped[date]
    requirement: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None]
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reported_on: Mapped[date]
    # As the office's route said on that day.
    way: Mapped[str] = mapped_column(String(12))
    decided_in_id: Mapped[int | None]  # the department whose head decides; none: the proxy
    fate: Mapped[str] = mapped_column(String(10), default=Fate.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # of a refusal
    finding_id: Mapped[int | None]
    product_id: Mapped[int | None]

    office: Mapped[Office] = relationship()
    reported_by: Mapped[Person] = relationship(foreign_keys=[reported_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    file: Mapped[StoredFile | None] = relationship(
        primaryjoin=lambda: StoredFile.id == Problem.file_id, foreign_keys=lambda: [Problem.file_id]
    )
    department: Mapped[Department | None] = relationship(
        primaryjoin=lambda: Department.id == Problem.department_id,
        foreign_keys=lambda: [Problem.department_id],
        viewonly=True,
    )
    finding: Mapped[Finding | None] = relationship(
        primaryjoin=lambda: Finding.id == Problem.finding_id, foreign_keys=lambda: [Problem.finding_id], viewonly=True
    )

    product: Mapped[Product | None] = relationship(
        primaryjoin=lambda: Product.id == Problem.product_id, foreign_keys=lambda: [Problem.product_id], viewonly=True
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access: the department is the one whose head decides, not the one it is about."""
        return Concern(
            office_id=self.office_id,
            department_ids=frozenset({self.decided_in_id} if self.decided_in_id else ()),
            reporter_id=self.reported_by_id,
        )


class SourceRoute(OfficeOwned, Trailed, Model):
    """Which way the reports of a source take in an office, where it is not the usual one: a case, by the proxy."""

    __tablename__ = "source_route"
    __table_args__ = (
        within_office("department_id", "department"),
        one_of("source", OUTSIDE_AUDITS),
        one_of("way", tuple(Way)),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(12), primary_key=True)
    way: Mapped[str] = mapped_column(String(12))
    department_id: Mapped[int | None]  # whose head decides; none: the proxy
