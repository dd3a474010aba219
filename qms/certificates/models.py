"""The certificates of an office as they were printed; what follows from them is computed in `cycle`."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned
from qms.core.trail import Trailed
from qms.domain.certification import RuleVersion
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.standards.models import Edition


class Certificate(OfficeOwned, Trailed, Versioned, Model):
    """One period of certification: printed dates, inclusive end; bound to exactly one edition."""

    __tablename__ = "certificate"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number", "valid_from"),
        one_of("rules", tuple(RuleVersion)),
        CheckConstraint("valid_until > decided_on", name="ends_after_decision"),
        CheckConstraint("suspended_on IS NOT NULL OR restored_on IS NULL", name="restored_after_suspension"),
        Index("ix_certificate_valid_until", "valid_until"),
        Index("ix_certificate_office_until", "office_id", "valid_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    number: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(String(200))
    edition_code: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    scope: Mapped[str] = mapped_column(Text, default="")
    rules: Mapped[str] = mapped_column(String(4), default=RuleVersion.V2015)  # of ISO/IEC 17021, the body's own
    is_initial: Mapped[bool] = mapped_column(default=True)  # first cycle, not a renewal
    stage2_ended_on: Mapped[date | None]
    decided_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    suspended_on: Mapped[date | None]
    restored_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")

    office: Mapped[Office] = relationship()
    edition: Mapped[Edition] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, is_shared=self.office.shares_content)

    @property
    def is_suspended(self) -> bool:
        """By what was recorded, whatever the day; `domain.certification.status` knows what it means on a day."""
        return self.suspended_on is not None and self.restored_on is None
