"""Audits as lists of tasks and calendars know them: a few columns of many, in as many statements however many."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from sqlalchemy import bindparam, func, select

from qms.audits.models import (
    INTERNAL,
    JUDGING,
    OPEN_STATES,
    Audit,
    AuditConflict,
    AuditDepartment,
    AuditMember,
    AuditSlot,
)
from qms.core.db import db
from qms.core.loading import PARENTS
from qms.core.paging import PER_PAGE
from qms.offices.models import Department


@dataclass(frozen=True)
class Known:
    """An audit as somebody who is asked to act on it has to know it."""

    id: int
    office_id: int
    key: str
    number: str
    starts_on: date


_KNOWN: Final = select(Audit.id, Audit.office_id, Audit.key, Audit.number, Audit.starts_on).where(
    Audit.state.in_(OPEN_STATES)
)
_NEEDING: Final = select(AuditConflict.audit_id).where(
    AuditConflict.office_id.in_(PARENTS), AuditConflict.needs_permit, AuditConflict.permitted_on.is_(None)
)
_PERMITS: Final = _KNOWN.where(Audit.id.in_(_NEEDING)).order_by(Audit.starts_on, Audit.id).limit(PER_PAGE)
_ON_DAY: Final = (
    _KNOWN.join(AuditMember, AuditMember.audit_id == Audit.id)
    .where(
        AuditMember.person_id == bindparam("person_id"),
        AuditMember.role.in_(JUDGING),
        Audit.office_id.in_(PARENTS),
        Audit.kind.in_(INTERNAL),
        Audit.starts_on <= bindparam("today"),
        Audit.ends_on >= bindparam("today"),
    )
    .order_by(Audit.starts_on, Audit.id)
    .limit(PER_PAGE)
)


_NAMES: Final = (
    select(AuditDepartment.audit_id, Department.name)
    .join(Department, Department.id == AuditDepartment.department_id)
    .where(AuditDepartment.audit_id.in_(PARENTS))
    .order_by(Department.sort_key)
)


def department_names(audit_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the audited departments, in Polish order."""
    names: dict[int, list[str]] = defaultdict(list)
    for audit_id, name in db.session.execute(_NAMES, {PARENTS.key: list(audit_ids)}):
        names[audit_id].append(name)
    return names


def waiting_permits(office_ids: Collection[int]) -> list[Known]:
    """The audits that wait for a permit of the head of their office."""
    return [Known(*row) for row in db.session.execute(_PERMITS, {PARENTS.key: list(office_ids)})]


def held_on(today: date, person_id: int, office_ids: Collection[int]) -> list[Known]:
    """The internal audits of these offices that the person asks questions in on the day."""
    asked = {"today": today, "person_id": person_id, PARENTS.key: list(office_ids)}
    return [Known(*row) for row in db.session.execute(_ON_DAY, asked)]


@dataclass(frozen=True)
class Course:
    """Until when an audit lasts, where it is held and, on the days that have a timetable, from when until when."""

    ends_on: date
    places: tuple[str, ...]
    hours: tuple[tuple[date, time, time], ...]


_COURSES: Final = select(Audit.id, Audit.office_id, Audit.key, Audit.places, Audit.ends_on).where(
    Audit.office_id.in_(PARENTS), Audit.key.in_(bindparam("keys", expanding=True))
)
_HOURS: Final = (
    select(AuditSlot.audit_id, AuditSlot.day, func.min(AuditSlot.from_time), func.max(AuditSlot.to_time))
    .where(AuditSlot.audit_id.in_(PARENTS))
    .group_by(AuditSlot.audit_id, AuditSlot.day)
    .order_by(AuditSlot.day)
)


def courses(names: Collection[tuple[int, str]]) -> dict[tuple[int, str], Course]:
    """How audits go on, by office and key."""
    asked = {PARENTS.key: [office_id for office_id, _ in names], "keys": [key for _, key in names]}
    rows = db.session.execute(_COURSES, asked).all() if names else []
    hours: dict[int, list[tuple[date, time, time]]] = defaultdict(list)
    found = db.session.execute(_HOURS, {PARENTS.key: [row.id for row in rows]}) if rows else ()
    for audit_id, day, first, last in found:
        hours[audit_id].append((day, first, last))
    return {
        (row.office_id, row.key): Course(row.ends_on, tuple(row.places.splitlines()), tuple(hours[row.id]))
        for row in rows
    }
