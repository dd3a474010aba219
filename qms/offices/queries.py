"""Offices and what they set: departments, limits, days off."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import raiseload, selectinload
from sqlalchemy.orm.util import identity_key

from qms.core.db import db
from qms.domain.deadlines import Kind
from qms.domain.independence import Ownership
from qms.domain.limits import NOT_SET, Limit, Unit
from qms.domain.reminders import LADDERS, LONGEST_BREAK, Ladder, Ladders, Level, longest_lead
from qms.offices.models import (
    CauseKind,
    Department,
    FindingKind,
    Office,
    OfficeDayOff,
    OfficeLadder,
    OfficeLimit,
    Process,
    ProcessDepartment,
    ProcessOwner,
)

# Asked on most pages, and so written once: building a statement takes longer than running it.
_BY_SLUG: Final = select(Office).where(Office.slug == bindparam("slug"))
_BY_IDS: Final = select(Office).where(Office.id.in_(bindparam("ids", expanding=True)))
_LIMITS: Final = select(
    OfficeLimit.office_id,
    OfficeLimit.name,
    OfficeLimit.value,
    OfficeLimit.unit,
    OfficeLimit.counts_back,
    OfficeLimit.tolerance,
).where(OfficeLimit.office_id.in_(bindparam("office_ids", expanding=True)))
_LEADS: Final = select(OfficeLadder.kind, OfficeLadder.before).where(
    OfficeLadder.office_id.in_(bindparam("office_ids", expanding=True))
)


_KINDS: Final = (
    select(FindingKind)
    .where(FindingKind.office_id == bindparam("office_id"))
    .order_by(FindingKind.place, FindingKind.id)
)
_CAUSES: Final = (
    select(CauseKind).where(CauseKind.office_id == bindparam("office_id")).order_by(CauseKind.place, CauseKind.id)
)


def by_slug(slug: str) -> Office | None:
    """The office of an address."""
    return db.session.scalar(_BY_SLUG, {"slug": slug[:60]})


def by_ids(ids: Collection[int]) -> list[Office]:
    """Offices by id, in Polish order; those that were read in this transaction are not read again."""
    at_hand = {each: db.session.identity_map.get(identity_key(Office, each)) for each in ids}
    found = [office for office in at_hand.values() if office is not None]
    missing = [each for each, office in at_hand.items() if office is None]
    if missing:
        found += db.session.scalars(_BY_IDS, {"ids": missing})
    return sorted(found, key=lambda office: office.sort_key)


def active_ids() -> list[int]:
    """Every office, by id."""
    return list(db.session.scalars(select(Office.id).order_by(Office.id)))


def departments(office_id: int, on: date | None = None) -> list[Department]:
    """The departments of an office in Polish order; with `on`, those open on that day."""
    found = select(Department).where(Department.office_id == office_id).order_by(Department.sort_key)
    if on is not None:
        found = found.where(or_(Department.closed_on.is_(None), Department.closed_on >= on))
    return list(db.session.scalars(found.options(raiseload("*", sql_only=True))))


def department_by_key(office: Office, key: str) -> Department | None:
    """A department of the office."""
    return db.session.scalar(select(Department).where(Department.office_id == office.id, Department.key == key))


def processes(office_id: int, on: date | None = None) -> list[Process]:
    """The processes of an office in Polish order, with departments and owners; with `on`, those open on that day."""
    found = select(Process).where(Process.office_id == office_id).order_by(Process.sort_key)
    if on is not None:
        found = found.where(or_(Process.closed_on.is_(None), Process.closed_on >= on))
    parts = (selectinload(Process.departments), selectinload(Process.owners), raiseload("*", sql_only=True))
    return list(db.session.scalars(found.options(*parts)))


def process_by_key(office: Office, key: str) -> Process | None:
    """A process of the office."""
    return db.session.scalar(select(Process).where(Process.office_id == office.id, Process.key == key))


def ownerships(office_id: int) -> list[Ownership]:
    """Who owned which process when, as the rules of independence read it."""
    found = select(ProcessOwner.person_id, ProcessOwner.process_id, ProcessOwner.from_on, ProcessOwner.until_on)
    return [Ownership(*row) for row in db.session.execute(found.where(ProcessOwner.office_id == office_id))]


def departments_of_processes(office_id: int) -> dict[int, set[int]]:
    """The departments that each process of the office runs through."""
    runs: dict[int, set[int]] = {}
    found = select(ProcessDepartment.process_id, ProcessDepartment.department_id)
    for process_id, department_id in db.session.execute(found.where(ProcessDepartment.office_id == office_id)):
        runs.setdefault(process_id, set()).add(department_id)
    return runs


def limits(office_ids: Collection[int]) -> dict[int, dict[str, Limit]]:
    """The limits of each office; a name that is missing or cleared is not set."""
    found: dict[int, dict[str, Limit]] = {office_id: {} for office_id in office_ids}
    rows = db.session.execute(_LIMITS, {"office_ids": list(office_ids)})
    for office_id, name, value, unit, counts_back, tolerance in rows:
        found[office_id][name] = Limit(value, Unit(unit), counts_back=counts_back, tolerance=tolerance)
    return found


def limit(office_id: int, name: str) -> Limit:
    """One limit of an office."""
    return limits([office_id])[office_id].get(name, NOT_SET)


def ladders(office_id: int) -> Ladders:
    """When the office reminds of each kind of duty, and whom: its own ladders over those every office starts with."""
    return LADDERS | own_ladders(office_id)


def longest_leads(office_ids: Collection[int]) -> dict[Kind, int]:
    """Per kind, how many days ahead the first reminder of any of these offices may come."""
    leads = {kind: longest_lead(kind) for kind in Kind}
    for kind, before in db.session.execute(_LEADS, {"office_ids": list(office_ids)}):
        leads[Kind(kind)] = max(leads[Kind(kind)], max(before, default=0) + LONGEST_BREAK)
    return leads


def own_ladders(office_id: int) -> dict[Kind, Ladder]:
    """The ladders that the office changed or cleared."""
    return own_ladders_of([office_id])[office_id]


def own_ladders_of(office_ids: Collection[int]) -> dict[int, dict[Kind, Ladder]]:
    """The same of several offices."""
    found: dict[int, dict[Kind, Ladder]] = {office_id: {} for office_id in office_ids}
    for row in db.session.scalars(select(OfficeLadder).where(OfficeLadder.office_id.in_(office_ids))):
        if row.kind in set(Kind):
            found[row.office_id][Kind(row.kind)] = _ladder(row)
    return found


def _ladder(row: OfficeLadder) -> Ladder:
    joins = {Level(level): offset for level, offset in row.joins.items()}
    return Ladder(tuple(row.before), tuple(row.after), joins, every_weeks=row.every_weeks)


def rolling(office_ids: Collection[int]) -> frozenset[int]:
    """Those of the offices that move their own due days off days off."""
    return frozenset(db.session.scalars(select(Office.id).where(Office.id.in_(office_ids), Office.rolls_due_days)))


def rolling_reminders(office_ids: Collection[int]) -> frozenset[int]:
    """Those of the offices that move their reminders off days off."""
    return frozenset(db.session.scalars(select(Office.id).where(Office.id.in_(office_ids), Office.rolls_reminders)))


def longest_tolerances(office_ids: Collection[int]) -> dict[int, int]:
    """Per office, by how many days at most one of its limits may be passed before anything is overdue."""
    longest = select(OfficeLimit.office_id, func.max(OfficeLimit.tolerance)).group_by(OfficeLimit.office_id)
    rows = db.session.execute(longest.where(OfficeLimit.office_id.in_(office_ids)))
    return {office_id: tolerance or 0 for office_id, tolerance in rows}


def days_off(office_id: int) -> frozenset[date]:
    """The office's own days off, beside the statutory ones."""
    return days_off_of([office_id])[office_id]


def days_off_of(office_ids: Collection[int]) -> dict[int, frozenset[date]]:
    """The same of several offices."""
    found: dict[int, set[date]] = {office_id: set() for office_id in office_ids}
    days = select(OfficeDayOff.office_id, OfficeDayOff.day).where(OfficeDayOff.office_id.in_(office_ids))
    for office_id, day in db.session.execute(days):
        found[office_id].add(day)
    return {office_id: frozenset(off) for office_id, off in found.items()}


def own_days_off(office_id: int) -> list[OfficeDayOff]:
    """The office's own days off with their names, the earliest first."""
    found = select(OfficeDayOff).where(OfficeDayOff.office_id == office_id).order_by(OfficeDayOff.day)
    return list(db.session.scalars(found.options(raiseload("*", sql_only=True))))


def day_off_by_key(office: Office, key: str) -> OfficeDayOff | None:
    """One day off of the office."""
    return next((day for day in own_days_off(office.id) if day.key == key), None)


def finding_kinds(office_id: int) -> list[FindingKind]:
    """The office's scale of findings in its order, with what is no longer used."""
    return list(db.session.scalars(_KINDS, {"office_id": office_id}))


def finding_kind_by_key(office: Office, key: str) -> FindingKind | None:
    """One row of the scale."""
    return next((each for each in finding_kinds(office.id) if each.key == key), None)


def cause_kinds(office_id: int) -> list[CauseKind]:
    """The office's catalogue of causes in its order, with what is no longer used."""
    return list(db.session.scalars(_CAUSES, {"office_id": office_id}))


def cause_kind_by_key(office: Office, key: str) -> CauseKind | None:
    """One row of the catalogue."""
    return next((each for each in cause_kinds(office.id) if each.key == key), None)
