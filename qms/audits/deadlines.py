"""When audits are to be held and their reports published."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from qms.audits.models import INTERNAL, Audit, AuditDepartment, AuditMember
from qms.audits.queries import OPEN_STATES
from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind, Rule, rolled
from qms.domain.limits import NOT_SET, Limit, due_on
from qms.domain.standing import TeamRole
from qms.offices import queries as offices
from qms.offices.models import Department, OfficeDayOff


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


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """What is still to be done about audits from the first to the last day, both included."""
    deadlines = (*_to_hold(office_ids, first, last, today=today), *_to_report(office_ids, today))
    return [deadline for deadline in deadlines if first <= deadline.due_on <= last]


def _to_hold(office_ids: Collection[int], first: date, last: date, *, today: date) -> Iterator[Deadline]:
    """A certification body's audit counts as held when its last day is over: nobody here starts or publishes it."""
    planned = and_(Audit.office_id.in_(office_ids), Audit.state == "planned", Audit.starts_on.between(first, last))
    is_running = and_(Audit.starts_on < today, Audit.ends_on >= today)  # on time, whether or not somebody wrote already
    is_ours = Audit.kind.in_(INTERNAL)
    for audit in _due(and_(planned, or_(and_(is_ours, ~is_running), and_(~is_ours, Audit.ends_on >= today)))):
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
    is_over = and_(Audit.state.in_(OPEN_STATES), Audit.ends_on <= today, Audit.kind.in_(INTERNAL))
    audits = _due(and_(Audit.office_id.in_(office_ids), is_over))
    if not audits:
        return
    limits = offices.limits({audit.office_id for audit in audits})
    off = _days_off({audit.office_id for audit in audits})
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


def _due(wanted: ColumnElement[bool]) -> list[_Due]:
    """Three queries, however many audits there are; one when there is none."""
    columns = (Audit.id, Audit.office_id, Audit.key, Audit.number, Audit.starts_on, Audit.ends_on, Audit.body)
    audits = db.session.execute(select(*columns).where(wanted).order_by(Audit.starts_on, Audit.id)).all()
    if not audits:
        return []
    leads = select(Audit.id, AuditMember.person_id).join(AuditMember, AuditMember.audit_id == Audit.id)
    lead_of = dict(db.session.execute(leads.where(wanted, AuditMember.role == TeamRole.LEAD)).all())
    names = _departments(wanted)
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


def _departments(wanted: ColumnElement[bool]) -> dict[int, list[str]]:
    rows = (
        select(Audit.id, Department.name)
        .join(AuditDepartment, AuditDepartment.audit_id == Audit.id)
        .join(Department, Department.id == AuditDepartment.department_id)
        .where(wanted)
        .order_by(Department.sort_key)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for audit_id, name in db.session.execute(rows):
        found[audit_id].append(name)
    return found


def _days_off(office_ids: Collection[int]) -> dict[int, set[date]]:
    rows = select(OfficeDayOff.office_id, OfficeDayOff.day).where(OfficeDayOff.office_id.in_(office_ids))
    found: dict[int, set[date]] = defaultdict(set)
    for office_id, day in db.session.execute(rows):
        found[office_id].add(day)
    return found
