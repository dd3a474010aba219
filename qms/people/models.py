"""People, their departments over time, and the posts they are appointed to."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, OfficeOwned, SortKey, UTCDateTime, Versioned, new_key, one_of, owned, within_office
from qms.core.trail import Trailed
from qms.domain.reminders import SENDING_TIME
from qms.domain.standing import POSTS, Concern
from qms.offices.models import Department, Office

LANGUAGES = ("pl", "en")


class Person(Trailed, Versioned, Model):
    """A person with an address; may work in, or be lent to, several offices.

    `deactivated_at` is the one stamp that ends sessions, codes and letters: each compares it when used.
    """

    __tablename__ = "person"
    __table_args__ = (one_of("language", LANGUAGES),)
    __untold__ = frozenset({"password_hash", "search_text", "sort_key"})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key, unique=True)
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254), unique=True)  # as `words.clean_email` gives it
    language: Mapped[str] = mapped_column(String(2), default="pl")
    letters_at: Mapped[time] = mapped_column(default=SENDING_TIME)  # in Poland, of the letter of the day
    wants_digest: Mapped[bool] = mapped_column(default=True)  # else a letter for each matter
    wants_weekly: Mapped[bool] = mapped_column(default=False)  # what can wait of a digest, when the week opens
    wants_status: Mapped[bool | None]  # letters that tell how things stand; none: as the post has it
    calendar_serial: Mapped[int] = mapped_column(default=0)  # 0: no calendar address was asked for yet
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_coordinator: Mapped[bool] = mapped_column(default=False)
    sort_key: Mapped[str] = mapped_column(SortKey)
    search_text: Mapped[str] = mapped_column(String(600))
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # sessions and codes from before stay ended

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}


class Membership(OfficeOwned, Trailed, Model):
    """That a person works, or worked, in a department; the head of it if `is_head`."""

    __tablename__ = "membership"
    __table_args__ = owned(
        within_office("department_id", "department"),
        Index("ix_membership_person_id", "person_id"),
        Index("ix_membership_department_id", "department_id"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int]
    is_head: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    department: Mapped[Department] = relationship(
        primaryjoin=lambda: Department.id == Membership.department_id,
        foreign_keys=lambda: [Membership.department_id],
        viewonly=True,
    )


class Appointment(OfficeOwned, Trailed, Model):
    """A dated post of a person in an office, with the number of the order that gave it."""

    __tablename__ = "appointment"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        one_of("post", POSTS),
        Index("ix_appointment_person_id", "person_id"),
        Index("ix_appointment_office_post", "office_id", "post"),
        Index("ix_appointment_until_on", "until_on"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post: Mapped[str] = mapped_column(String(20))
    order_number: Mapped[str] = mapped_column(String(60), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    office: Mapped[Office] = relationship()

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, person_id=self.person_id)


class Absence(OfficeOwned, Trailed, Versioned, Model):
    """Days on which somebody is away from one office, and who reads their letters meanwhile."""

    __tablename__ = "absence"
    __table_args__ = owned(
        UniqueConstraint("office_id", "key"),
        Index("ix_absence_person_id", "person_id", "until_on"),
        Index("ix_absence_office_until", "office_id", "until_on"),
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
        CheckConstraint("substitute_id <> person_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    substitute: Mapped[Person | None] = relationship(foreign_keys=[substitute_id])
    office: Mapped[Office] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id, person_id=self.person_id)


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


# An invitation and a change of address wait for whoever reads a mailbox: open until answered or ended, or a last day.
_OPEN = text("answered_on IS NULL AND ended_on IS NULL")


class Invitation(OfficeOwned, Trailed, Versioned, Model):
    """Somebody asked by address to join an office; who it is, only their own acceptance says.

    Until then the office sees what it typed, and learns nothing of accounts, not even whether the address has one.
    """

    __tablename__ = "invitation"
    __table_args__ = owned(
        within_office("department_id", "department"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        CheckConstraint("(answered_on IS NULL) = (person_id IS NULL)", name="person_once_answered"),
        Index("ix_invitation_open", "office_id", "email", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key, unique=True)
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254))
    department_id: Mapped[int | None]
    is_head: Mapped[bool] = mapped_column(default=False)
    posts: Mapped[list[str]] = mapped_column(JSON, default=list)
    order_number: Mapped[str] = mapped_column(String(60), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    is_held: Mapped[bool] = mapped_column(default=False)  # typed in, and its letter waits until the office is set up
    expires_on: Mapped[date]  # the last day on which it can be accepted
    answered_on: Mapped[date | None]
    ended_on: Mapped[date | None]  # withdrawn by the office
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    office: Mapped[Office] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    department: Mapped[Department | None] = relationship(
        primaryjoin=lambda: Department.id == Invitation.department_id,
        foreign_keys=lambda: [Invitation.department_id],
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)


class AddressChange(OfficeOwned, Trailed, Versioned, Model):
    """Another mailbox asked for by a person's office; it counts once whoever reads the new one says so."""

    __tablename__ = "address_change"
    __table_args__ = owned(
        Index(
            "ix_address_change_open", "office_id", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), default=new_key, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str] = mapped_column(String(254))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    opens_on: Mapped[date]  # until then the old mailbox alone can answer, and stop it
    expires_on: Mapped[date]
    answered_on: Mapped[date | None]
    ended_on: Mapped[date | None]  # withdrawn by the office, or stopped from the old mailbox

    office: Mapped[Office] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office_id)
