"""The office's rules of whom it admits as an auditor, and what is written down about people for them."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned
from qms.core.trail import Trailed
from qms.domain import admission
from qms.domain.admission import STATED, Engaged, Ground, Stated
from qms.domain.competence import AuditorRole
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.people.models import Person


class AdmissionRule(OfficeOwned, Trailed, Versioned, Model):
    """What is asked of those engaged so who take this part; without a row the office asks for nothing of its own."""

    __tablename__ = "admission_rule"
    __table_args__ = owned(
        UniqueConstraint("office_id", "engaged", "part"),
        one_of("engaged", tuple(Engaged)),
        one_of("part", tuple(AuditorRole)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engaged: Mapped[str] = mapped_column(String(12))
    part: Mapped[str] = mapped_column(String(8))
    lines: Mapped[list[list[list[str | int]]]] = mapped_column(JSON)  # as `domain.admission.read` reads them

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)

    @property
    def rule(self) -> admission.Rule:
        """The same as the rules read it."""
        return admission.read([(str(ground), int(months)) for ground, months in line] for line in self.lines)


class AdmissionStatement(OfficeOwned, Trailed, Versioned, Model):
    """That somebody has experience, has the consent of the head, or declared that nothing binds them."""

    __tablename__ = "admission_statement"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        one_of("ground", STATED),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        Index("ix_admission_statement_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ground: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    shown_by: Mapped[str] = mapped_column(String(300))  # the paper that says so

    office: Mapped[Office] = relationship()
    person: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, person_id=self.person_id, is_shared=self.office.shares_content)

    @property
    def stated(self) -> Stated:
        """The same as the rules read it."""
        return Stated(Ground(self.ground), self.from_on, self.until_on)
