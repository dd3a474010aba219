"""Certificates as they were recorded."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, raiseload

from qms.certificates.models import Certificate
from qms.core.db import db
from qms.core.trail import TrailEntry
from qms.domain.editions import QUALITY
from qms.offices.models import Office


def by_key(office: Office, key: str) -> Certificate | None:
    """A certificate of the office, with its edition."""
    found = select(Certificate).where(Certificate.office_id == office.id, Certificate.key == key)
    return db.session.scalar(found.options(joinedload(Certificate.edition), joinedload(Certificate.office)))


def history(office_id: int) -> list[Certificate]:
    """Every certificate the office had, the newest first."""
    found = select(Certificate).where(Certificate.office_id == office_id)
    newest_first = (Certificate.valid_from.desc(), Certificate.decided_on.desc(), Certificate.id.desc())
    shown = (joinedload(Certificate.edition), raiseload("*", sql_only=True))
    return list(db.session.scalars(found.order_by(*newest_first).options(*shown)))


def is_of_quality() -> ColumnElement[bool]:
    """Whether a certificate is to the standard whose system the register runs."""
    return Certificate.edition_code.startswith(f"{QUALITY}:")


def is_after(later: Any, earlier: Any) -> ColumnElement[bool]:  # noqa: ANN401 - an entity or its alias
    """Whether one certificate of an office came after another of it, both being to that standard."""
    same_start = and_(later.valid_from == earlier.valid_from, later.decided_on == earlier.decided_on)
    is_later = or_(
        later.valid_from > earlier.valid_from,
        and_(later.valid_from == earlier.valid_from, later.decided_on > earlier.decided_on),
        and_(same_start, later.id > earlier.id),
    )
    return and_(later.edition_code.startswith(f"{QUALITY}:"), is_later)


def is_any(office_id: int) -> bool:
    """Whether the office ever had a certificate."""
    return db.session.scalar(select(Certificate.id).where(Certificate.office_id == office_id).limit(1)) is not None


def is_number_taken(office_id: int, number: str, valid_from: date, *, besides: int | None = None) -> bool:
    """Whether another certificate of the office has this number and first day."""
    taken = select(Certificate.id).where(
        Certificate.office_id == office_id, Certificate.number == number, Certificate.valid_from == valid_from
    )
    return any(found != besides for found in db.session.scalars(taken))


def removed(office_id: int) -> list[TrailEntry]:
    """Records of certificates that were removed, the newest first: `before` holds what they said."""
    told = select(TrailEntry).where(
        TrailEntry.chain == office_id,
        TrailEntry.about == Certificate.__tablename__,
        TrailEntry.action == "deleted",
    )
    return list(db.session.scalars(told.order_by(TrailEntry.seq.desc())))
