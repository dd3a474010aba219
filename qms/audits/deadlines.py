"""When audits are to be held and their reports published."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, or_, select, text

from qms.audits.models import INTERNAL, Audit, AuditDepartment, AuditMember
from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind, Rule, rolled
from qms.domain.limits import NOT_SET, Limit, due_on
from qms.domain.standing import TeamRole
from qms.offices import queries as offices
from qms.offices.models import Department


@dataclass(frozen=True, kw_only=True)
class _Due:
    """An audit with its lead, if it has one, and its departments in words."""

    office_id: int
    key: str
    number: str
    starts_on: date
    ends_on: date
    lead: tuple[int, ...]
    departments: str


# Written once, because building a statement takes longer than running it.
# In its own words, and not as parameters, so that SQLite sees that the index of open audits has them all.
_IS_OPEN: Final = text("audit.state IN ('planned', 'under_way')")
_AUDITS: Final = select(
    Audit.id, Audit.office_id, Audit.key, Audit.number, Audit.starts_on, Audit.ends_on, Audit.body
).where(Audit.office_id.in_(bindparam("office_ids", expanding=True)), _IS_OPEN)
_IS_OURS: Final = Audit.kind.in_(INTERNAL)
# On time, whether or not somebody wrote already.
_IS_RUNNING: Final = and_(Audit.starts_on < bindparam("today"), Audit.ends_on >= bindparam("today"))
_TO_HOLD: Final = _AUDITS.where(
    Audit.state == "planned",
    Audit.starts_on.between(bindparam("first"), bindparam("last")),
    or_(and_(_IS_OURS, ~_IS_RUNNING), and_(~_IS_OURS, Audit.ends_on >= bindparam("today"))),
)
_TO_REPORT: Final = _AUDITS.where(Audit.ends_on <= bindparam("today"), _IS_OURS)
_LEADS: Final = select(AuditMember.audit_id, AuditMember.person_id).where(
    AuditMember.audit_id.in_(bindparam("ids", expanding=True)), AuditMember.role == TeamRole.LEAD
)
_DEPARTMENTS: Final = (
    select(AuditDepartment.audit_id, Department.name)
    .join(Department, Department.id == AuditDepartment.department_id)
    .where(AuditDepartment.audit_id.in_(bindparam("ids", expanding=True)))
    .order_by(Department.sort_key)
)


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """What is still to be done about audits from the first to the last day, both included."""
    deadlines = (*_to_hold(office_ids, first, last, today=today), *_to_report(office_ids, today))
    return [deadline for deadline in deadlines if first <= deadline.due_on <= last]


def _to_hold(office_ids: Collection[int], first: date, last: date, *, today: date) -> Iterator[Deadline]:
    """A certification body's audit counts as held when its last day is over: nobody here starts or publishes it."""
    for audit in _due(_TO_HOLD, {"office_ids": list(office_ids), "first": first, "last": last, "today": today}):
        yield Deadline(
            kind=Kind.AUDIT,
            office_id=audit.office_id,
            subject=f"audit:{audit.key}",
            title=audit.departments,
            number=audit.number,
            due_on=audit.starts_on,
            rule=Rule.AUDIT_HELD,
            counted_from=audit.starts_on,
            answers=audit.lead,
            duty=Duty.PROXY,
            url_key=audit.key,
        )


def _to_report(office_ids: Collection[int], today: date) -> Iterator[Deadline]:
    """Reports of internal audits that are over. Few at any time, so all are looked at, whenever they are due."""
    audits = _due(_TO_REPORT, {"office_ids": list(office_ids), "today": today})
    if not audits:
        return
    limits = offices.limits({audit.office_id for audit in audits})
    off = offices.days_off_of({audit.office_id for audit in audits})
    rolling = offices.rolling({audit.office_id for audit in audits})
    for audit in audits:
        limit = limits[audit.office_id].get("report", NOT_SET)
        due = report_due(limit, audit.ends_on, off[audit.office_id], rolls=audit.office_id in rolling)
        if due is None:
            continue
        yield Deadline(
            kind=Kind.AUDIT_REPORT,
            office_id=audit.office_id,
            subject=f"audit:{audit.key}",
            title=audit.departments,
            number=audit.number,
            due_on=due,
            rule=Rule.AUDIT_REPORT,
            counted_from=audit.ends_on,
            answers=audit.lead,
            limit=limit,
            url_key=audit.key,
        )


def report_due(limit: Limit, ends_on: date, off: Collection[date], *, rolls: bool) -> date | None:
    """Until when a report is to be published; None while the limit is not set."""
    due = due_on(limit, ends_on, off)
    return rolled(Rule.AUDIT_REPORT, due, off, rolls=rolls) if due else None


def _due(found: Select[*tuple[Any, ...]], asked: dict[str, Any]) -> list[_Due]:
    """Three queries, however many audits there are; one when there is none."""
    audits = db.session.execute(found, asked).all()
    if not audits:
        return []
    ids = {"ids": [audit.id for audit in audits]}
    lead_of = dict(db.session.execute(_LEADS, ids).all())
    names: dict[int, list[str]] = defaultdict(list)
    for audit_id, name in db.session.execute(_DEPARTMENTS, ids):
        names[audit_id].append(name)
    return [
        _Due(
            office_id=office_id,
            key=key,
            number=number,
            starts_on=starts_on,
            ends_on=ends_on,
            lead=(lead_of[audit_id],) if audit_id in lead_of else (),
            departments=", ".join(names[audit_id]) or body,
        )
        for audit_id, office_id, key, number, starts_on, ends_on, body in audits
    ]
