"""Who was trained as what, where, when, and until when it is valid."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned
from qms.core.trail import Trailed
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.people.models import Person
from qms.standards.models import Edition

TRAINED_AS = ("auditor", "proxy")
VALIDITIES = ("until", "without_end", "unknown")


class Training(OfficeOwned, Trailed, Versioned, Model):
    """One person's training with its personal certificate; no end is not the same as an unknown end."""

    __tablename__ = "training"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        one_of("trained_as", TRAINED_AS),
        one_of("validity", VALIDITIES),
        CheckConstraint("(validity = 'until') = (valid_until IS NOT NULL)", name="end_given_when_it_ends"),
        CheckConstraint("valid_until IS NULL OR valid_until >= held_on", name="ends_after_training"),
        Index("ix_training_person_id", "person_id"),
        Index("ix_training_valid_until", "valid_until"),
        Index("ix_training_office_held", "office_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    trained_as: Mapped[str] = mapped_column(String(10))
    edition_code: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    title: Mapped[str] = mapped_column(String(300))
    provider: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date]
    certificate_number: Mapped[str] = mapped_column(String(60), default="")
    validity: Mapped[str] = mapped_column(String(12))
    valid_until: Mapped[date | None]

    office: Mapped[Office] = relationship()
    person: Mapped[Person] = relationship()
    edition: Mapped[Edition] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, person_id=self.person_id, is_shared=self.office.shares_content)
