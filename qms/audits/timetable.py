"""The timetable of an audit: its rows are added, changed and taken off, and move with the days of the audit."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import raiseload

from qms.audits.models import OPEN_STATES, Audit, AuditMember, AuditSlot
from qms.audits.planning import Plan
from qms.core.db import db, new_key
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.domain.report import check_not_given
from qms.domain.timetable import Hours, check_days, overlap
from qms.people import queries as people


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is typed of a row; no person is the whole team, no department something that concerns all."""

    day: date
    from_time: time
    to_time: time
    subject: str
    department_id: int | None = None
    person_id: int | None = None
    auditees: str = ""


def add(audit: Audit, wanted: Row) -> AuditSlot:
    """Add a row. Raises `RuleViolation` at the field that has to change."""
    refuse_ended(audit)
    _check(audit, wanted)
    slot = AuditSlot(office_id=audit.office_id, key=new_key(), **vars(wanted))
    audit.slots.append(slot)
    return slot


def change(slot: AuditSlot, wanted: Row) -> None:
    """Change a row. Raises `RuleViolation` at the field that has to change."""
    refuse_ended(slot.audit)
    _check(slot.audit, wanted, instead_of=slot)
    for name, value in vars(wanted).items():
        setattr(slot, name, value)


def remove(slot: AuditSlot) -> None:
    """Take a row off. Raises `NotAllowedNow` once the audit is over."""
    refuse_ended(slot.audit)
    slot.audit.slots.remove(slot)


def refuse_ended(audit: Audit) -> None:
    """Refuse what would change the timetable of an audit that is over."""
    if audit.state not in OPEN_STATES:
        raise NotAllowedNow(N_("This audit is over, so its timetable stays as it was."))
    check_not_given(audit.report_waits_for)


def _check(audit: Audit, wanted: Row, *, instead_of: AuditSlot | None = None) -> None:
    team = [member.person_id for member in audit.team]
    if wanted.person_id is not None and wanted.person_id not in team:
        raise InvalidInput(N_("Choose somebody of the team of this audit."), field="person_id")
    if wanted.department_id not in {None, *(part.department_id for part in audit.departments)}:
        raise InvalidInput(N_("Choose a department that this audit covers."), field="department_id")
    hours = _hours(wanted, team)
    check_days(hours, audit.starts_on, audit.ends_on)
    own = (_hours(each, team, audit.number) for each in audit.slots if each is not instead_of)
    found = overlap(hours, own) or overlap(hours, _elsewhere(audit, hours))
    if found:
        raise _refusal(*found)


def _hours(row: Row | AuditSlot, team: Collection[int], number: str = "") -> Hours:
    busy = team if row.person_id is None else [row.person_id]
    return Hours(day=row.day, from_time=row.from_time, to_time=row.to_time, people=frozenset(busy), audit=number)


def _refusal(person_id: int, other: Hours) -> InvalidInput:
    message = N_(
        "%(person)s is busy then in audit %(number)s, from %(start)s to %(end)s. Enter other hours or choose another "
        "person."
    )
    start, end = (f"{each:%H:%M}" for each in (other.from_time, other.to_time))
    person = people.name_of(person_id)
    return InvalidInput(message, field="from_time", person=person, number=other.audit, start=start, end=end)


def _elsewhere(audit: Audit, wanted: Hours) -> list[Hours]:
    """When other open audits of the office keep these people busy on the day."""
    rows = db.session.execute(
        select(AuditSlot, Audit.number)
        .join(Audit, Audit.id == AuditSlot.audit_id)
        .where(
            AuditSlot.office_id == audit.office_id,
            AuditSlot.day == wanted.day,
            Audit.id != audit.id,
            Audit.state.in_(OPEN_STATES),
        )
        .options(raiseload("*", sql_only=True))
    ).all()
    teams = _teams({slot.audit_id for slot, _ in rows})
    return [_hours(slot, teams.get(slot.audit_id, ()), number) for slot, number in rows]


def _teams(audit_ids: Collection[int]) -> dict[int, list[int]]:
    teams: dict[int, list[int]] = {}
    found = select(AuditMember.audit_id, AuditMember.person_id).where(AuditMember.audit_id.in_(audit_ids))
    for audit_id, person_id in db.session.execute(found) if audit_ids else ():
        teams.setdefault(audit_id, []).append(person_id)
    return teams


def shift(audit: Audit, by: timedelta) -> None:
    """Move all rows by as many days as the audit."""
    for slot in audit.slots:
        slot.day += by


def refuse_left_out(audit: Audit, wanted: Plan) -> None:
    """Refuse a plan that leaves a row of the timetable without its day, its person or its department."""
    by = wanted.starts_on - audit.starts_on
    team = wanted.roles()
    for slot in audit.slots:
        if slot.day + by > wanted.ends_on:
            message = N_("The timetable has a row on day %(day)s of the audit. Take it off or move it first.")
            raise NotAllowedNow(message, field="ends_on", day=(slot.day - audit.starts_on).days + 1)
        if slot.person_id is not None and slot.person_id not in team:
            message = N_("%(person)s stands in the timetable. Change the timetable first.")
            raise NotAllowedNow(message, field="lead_id", person=people.name_of(slot.person_id))
        if slot.department_id is not None and slot.department_id not in wanted.department_ids:
            message = N_("The timetable has a row about a department that you take off. Change the timetable first.")
            raise NotAllowedNow(message, field="department_ids")


def told(audit: Audit) -> Iterator[dict[str, str]]:
    """The rows as letters tell them."""
    names = {member.person_id: member.person.name for member in audit.team} if audit.slots else {}
    for slot in audit.slots:
        yield {
            "held_on": slot.day.isoformat(),
            "hours": f"{slot.from_time:%H:%M}–{slot.to_time:%H:%M}",
            "subject": slot.subject,
            "who": names.get(slot.person_id or 0, ""),
        }
