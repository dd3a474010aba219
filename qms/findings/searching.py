"""What the search of an office finds beside its findings: an audit by its number, audits by words."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, false, or_, select, true

from qms.audits.models import Audit, AuditDepartment, AuditMember
from qms.core import text
from qms.core.db import db
from qms.offices import queries as offices
from qms.policy import Reach

SHOWN: Final = 10  # of each group; the registers lead further


@dataclass(frozen=True)
class FoundAudit:
    key: str
    number: str
    kind: str
    starts_on: date


def audit_by_number(office_id: int, reach: Reach, number: str) -> str | None:
    """The key of the audit with exactly this number, if the reader may list it."""
    typed = number.strip()[:60]
    found = select(Audit.key).where(Audit.office_id == office_id, Audit.number.in_({typed, typed.upper()}))
    return db.session.scalar(found.where(_within(reach)).limit(1))


def audits(office_id: int, reach: Reach, words: str) -> list[FoundAudit]:
    """The latest audits whose number begins so, or of departments with words that begin so."""
    patterns = text.search_patterns(words)
    if not patterns:
        return []
    of_units = select(AuditDepartment.audit_id).where(AuditDepartment.department_id.in_(_units(office_id, patterns)))
    begins = Audit.number.istartswith(words.strip()[:60], autoescape=True)
    found = select(Audit.key, Audit.number, Audit.kind, Audit.starts_on).where(Audit.office_id == office_id)
    found = found.where(or_(begins, Audit.id.in_(of_units)), _within(reach))
    newest = found.order_by(Audit.starts_on.desc(), Audit.id.desc()).limit(SHOWN)
    return [FoundAudit(*row) for row in db.session.execute(newest)]


def _units(office_id: int, patterns: list[str]) -> list[int]:
    """An office has some dozens of departments, so their names are folded as they are read."""
    beginnings = [pattern.strip("%") for pattern in patterns]
    units = offices.departments(office_id)
    return [unit.id for unit in units if all(each in text.search_text(unit.name) for each in beginnings)]


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.everything:
        return true()
    ours = select(AuditDepartment.audit_id).where(AuditDepartment.department_id.in_(reach.department_ids))
    team: Any = select(AuditMember.audit_id).where(AuditMember.person_id == reach.person_id)
    return or_(false(), Audit.id.in_(ours), Audit.id.in_(team))
