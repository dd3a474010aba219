"""The certificates of an office as they were printed; what follows from them is computed in `cycle`."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.calendar import add_days
from qms.domain.certification import RuleVersion
from qms.domain.editions import standard_of
from qms.domain.limits import NOT_SET, Limit, Unit
from qms.domain.periods import Period
from qms.domain.standing import Concern
from qms.domain.written_days import LONGEST, WrittenDay, reread
from qms.offices.models import Office
from qms.standards.models import Edition


class Certificate(OfficeOwned, Trailed, Versioned, Model):
    """One period of certification: printed dates, inclusive end; bound to exactly one edition.

    A day known only in part is stored as the earliest it can mean, with what was written beside it.
    """

    __tablename__ = "certificate"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        UniqueConstraint("office_id", "number", "valid_from"),
        one_of("rules", tuple(RuleVersion)),
        CheckConstraint("rhythm_months IN (6, 12)", name="rhythm_known"),
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
    sites: Mapped[str] = mapped_column(Text, default="")
    replaces: Mapped[bool] = mapped_column(default=False)  # the one before it, from its first day
    rules: Mapped[str] = mapped_column(String(4), default=RuleVersion.V2015)  # of ISO/IEC 17021, the body's own
    is_initial: Mapped[bool] = mapped_column(default=True)  # first cycle, not a renewal
    stage2_ended_on: Mapped[date | None]
    decided_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    decided_written: Mapped[str] = mapped_column(String(LONGEST), default="")
    from_written: Mapped[str] = mapped_column(String(LONGEST), default="")
    until_written: Mapped[str] = mapped_column(String(LONGEST), default="")
    rhythm_months: Mapped[int | None]  # between two visits of the body; none: once in each calendar year
    rhythm_tolerance: Mapped[int] = mapped_column(default=0)  # days
    suspended_on: Mapped[date | None]
    suspended_until: Mapped[date | None]  # as the body printed it
    restored_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")

    office: Mapped[Office] = relationship()
    edition: Mapped[Edition] = relationship()
    earlier_suspensions: Mapped[list["Suspension"]] = relationship(
        order_by="Suspension.from_on", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, is_shared=self.office.shares_content)

    @property
    def is_suspended(self) -> bool:
        """By what was recorded, whatever the day; `domain.certification.status` knows what it means on a day."""
        return self.suspended_on is not None and self.restored_on is None

    @property
    def standard(self) -> str:
        return standard_of(self.edition_code)

    @property
    def decided(self) -> WrittenDay:
        return reread(self.decided_written, self.decided_on)

    @property
    def begins(self) -> WrittenDay:
        return reread(self.from_written, self.valid_from)

    @property
    def ends(self) -> WrittenDay:
        return reread(self.until_written, self.valid_until)

    @property
    def rhythm(self) -> Limit:
        """At most how long after its last visit the body comes again."""
        if self.rhythm_months is None:
            return NOT_SET
        return Limit(self.rhythm_months, Unit.MONTHS, tolerance=self.rhythm_tolerance)

    @property
    def period(self) -> Period:
        """Its days as the rules of periods read them."""
        last_days = (self.edition.certificates_until, add_days(self.withdrawn_on, -1) if self.withdrawn_on else None)
        return Period(
            number=self.number,
            standard=self.standard,
            begins=self.begins,
            ends=self.ends,
            cut_on=min(filter(None, last_days), default=None),
            replaces=self.replaces,
        )


class Suspension(OfficeOwned, Trailed, Model):
    """One that was lifted before the certificate was suspended again; the last one stands on the certificate."""

    __tablename__ = "certificate_suspension"
    __table_args__ = owned(
        within_office("certificate_id", "certificate"),
        UniqueConstraint("office_id", "certificate_id", "from_on"),
        CheckConstraint("lifted_on >= from_on", name="lifted_after_it_began"),
        Index("ix_certificate_suspension_certificate_id", "certificate_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # as the body printed it
    lifted_on: Mapped[date]
