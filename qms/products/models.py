"""What was issued wrongly, and what was done about it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.products import Kind, Remedy, State
from qms.domain.sources import Source
from qms.domain.standing import Concern
from qms.findings.models import Finding
from qms.offices.models import Department, Office
from qms.people.models import Person


class Product(OfficeOwned, Trailed, Versioned, Model):
    """A decision, act or service that does not meet what it has to; never deleted."""

    __tablename__ = "product"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number"),
        within_office("department_id", "department"),
        within_office("finding_id", "finding"),
        one_of("kind", tuple(Kind)),
        one_of("source", tuple(Source)),
        one_of("remedy", ("", *Remedy)),
        one_of("state", tuple(State)),
        CheckConstraint("(state = 'noticed') = (dealt_on IS NULL)", name="dealt_with_on_a_day"),
        CheckConstraint("(remedy = '') = (dealt_on IS NULL)", name="remedy_once_dealt_with"),
        CheckConstraint("verified_by_id IS NULL OR verified_by_id <> dealt_by_id", name="verified_by_another"),
        Index("ix_product_noticed", "office_id", "noticed_on", "id"),
        Index("ix_product_department", "office_id", "department_id", "noticed_on", "id"),
        Index("ix_product_noticed_by", "office_id", "noticed_by_id", "noticed_on", "id"),
        Index("ix_product_finding_id", "finding_id"),
        Index("ix_product_state", "office_id", "state", "dealt_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    number: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    description: Mapped[str] = mapped_column(Text)
    sign: Mapped[str] = mapped_column(String(60), default="")  # of the case it was issued in
    department_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(12))
    noticed_on: Mapped[date]
    noticed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mark: Mapped[str] = mapped_column(Text, default="")  # how it is kept from being used
    state: Mapped[str] = mapped_column(String(12), default=State.NOTICED)
    remedy: Mapped[str] = mapped_column(String(12), default="")
    done: Mapped[str] = mapped_column(Text, default="")
    allowed_by: Mapped[str] = mapped_column(String(200), default="")  # of a concession
    dealt_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    dealt_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_on: Mapped[date | None]
    verification: Mapped[str] = mapped_column(Text, default="")  # of the last look, also of one that sent it back
    finding_id: Mapped[int | None]  # the case of the corrective action

    office: Mapped[Office] = relationship()
    noticed_by: Mapped[Person] = relationship(foreign_keys=[noticed_by_id])
    dealt_by: Mapped[Person | None] = relationship(foreign_keys=[dealt_by_id])
    verified_by: Mapped[Person | None] = relationship(foreign_keys=[verified_by_id])
    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == Product.department_id,
        foreign_keys=lambda: [Product.department_id],
        viewonly=True,
    )
    finding: Mapped[Finding | None] = relationship(
        primaryjoin=lambda: Finding.id == Product.finding_id, foreign_keys=lambda: [Product.finding_id], viewonly=True
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(
            office_id=self.office_id,
            department_ids=frozenset({self.department_id}),
            reporter_id=self.noticed_by_id,
            is_shared=self.office.shares_content,
        )
