"""Codes, sessions and attempts: what stands between an address and a signed-in person."""

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qms.core.db import Model, UTCDateTime
from qms.people.models import Person


def hashed(text: str) -> str:
    """What is kept of a token, an address or a browser, so that a stolen database lets nobody in."""
    return hashlib.sha256(text.encode()).hexdigest()


class SignInCode(Model):
    """Six digits sent to a person, kept as a hash: 15 minutes, five tries, one use, one browser."""

    __tablename__ = "sign_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str | None] = mapped_column(String(64), index=True)  # none: given on the console
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def hash_of(self, code: str) -> str:
        """What is kept of a code in this row: the row's id goes in, so that one code has many hashes."""
        return hashlib.sha256(f"{self.id}:{code}".encode()).hexdigest()


class SignedIn(Model):
    """A session of a person: 12 hours at most, 2 hours idle, ended by sign-out or deactivation."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()


class Attempt(Model):
    """One try at a door, counted per door and subject, so that limits hold over all processes."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_door_subject_at", "door", "subject", "at"), Index("ix_attempt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(64))  # hash of an address of either kind
    at: Mapped[datetime] = mapped_column(UTCDateTime)
