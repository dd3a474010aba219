"""Offices and what they set: departments, limits, days off, exclusions."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload, raiseload

from qms.core.db import db
from qms.domain.deadlines import Kind
from qms.domain.limits import NOT_SET, Limit, Unit
from qms.domain.reminders import LADDERS, LONGEST_BREAK, Ladder, Ladders, Level, longest_lead
from qms.offices.models import Department, Exclusion, Office, OfficeDayOff, OfficeLadder, OfficeLimit
from qms.standards.models import Clause

_BY_SLUG: Final = select(Office).where(Office.slug == bindparam("slug"))  # asked at each request, so written once


def by_slug(slug: str) -> Office | None:
    """The office of an address."""
    return db.session.scalar(_BY_SLUG, {"slug": slug[:60]})


def by_ids(ids: Collection[int]) -> list[Office]:
    """Offices by id, in Polish order."""
    return list(db.session.scalars(select(Office).where(Office.id.in_(ids)).order_by(Office.sort_key)))


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


def limits(office_ids: Collection[int]) -> dict[int, dict[str, Limit]]:
    """The limits of each office; a name that is missing or cleared is not set."""
    found: dict[int, dict[str, Limit]] = {office_id: {} for office_id in office_ids}
    set_ = (OfficeLimit.value, OfficeLimit.unit, OfficeLimit.counts_back, OfficeLimit.tolerance)
    rows = select(OfficeLimit.office_id, OfficeLimit.name, *set_).where(OfficeLimit.office_id.in_(office_ids))
    for office_id, name, value, unit, counts_back, tolerance in db.session.execute(rows):
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
    own = select(OfficeLadder.kind, OfficeLadder.before).where(OfficeLadder.office_id.in_(office_ids))
    leads = {kind: longest_lead(kind) for kind in Kind}
    for kind, before in db.session.execute(own):
        leads[Kind(kind)] = max(leads[Kind(kind)], max(before, default=0) + LONGEST_BREAK)
    return leads


def own_ladders(office_id: int) -> dict[Kind, Ladder]:
    """The ladders that the office changed or cleared."""
    rows = db.session.scalars(select(OfficeLadder).where(OfficeLadder.office_id == office_id))
    return {Kind(row.kind): _ladder(row) for row in rows.all() if row.kind in set(Kind)}


def _ladder(row: OfficeLadder) -> Ladder:
    joins = {Level(level): offset for level, offset in row.joins.items()}
    return Ladder(tuple(row.before), tuple(row.after), joins, every_weeks=row.every_weeks)


def rolling(office_ids: Collection[int]) -> frozenset[int]:
    """Those of the offices that move their own due days off days off."""
    return frozenset(db.session.scalars(select(Office.id).where(Office.id.in_(office_ids), Office.rolls_due_days)))


def reminding(office_id: int) -> tuple[bool, int]:
    """Whether the office moves its reminders off days off, and its longest tolerance in days."""
    longest = select(func.max(OfficeLimit.tolerance)).where(OfficeLimit.office_id == office_id).scalar_subquery()
    rolls, tolerance = db.session.execute(select(Office.rolls_reminders, longest).where(Office.id == office_id)).one()
    return rolls, tolerance or 0


def days_off(office_id: int) -> frozenset[date]:
    """The office's own days off, beside the statutory ones."""
    return frozenset(db.session.scalars(select(OfficeDayOff.day).where(OfficeDayOff.office_id == office_id)))


def own_days_off(office_id: int) -> list[OfficeDayOff]:
    """The office's own days off with their names, the earliest first."""
    found = select(OfficeDayOff).where(OfficeDayOff.office_id == office_id).order_by(OfficeDayOff.day)
    return list(db.session.scalars(found.options(raiseload("*", sql_only=True))))


def day_off_by_key(office: Office, key: str) -> OfficeDayOff | None:
    """One day off of the office."""
    return next((day for day in own_days_off(office.id) if day.key == key), None)


def exclusions(office_id: int) -> list[Exclusion]:
    """Everything the office excluded at any time, by edition and clause, then the newest first."""
    found = (
        select(Exclusion)
        .join(Clause, Clause.id == Exclusion.clause_id)
        .where(Exclusion.office_id == office_id)
        .order_by(Clause.edition_code.desc(), Clause.place, Exclusion.valid_from.desc())
        .options(joinedload(Exclusion.clause), raiseload("*", sql_only=True))
    )
    return list(db.session.scalars(found))


def exclusion_by_key(office: Office, key: str) -> Exclusion | None:
    """One exclusion of the office."""
    return next((each for each in exclusions(office.id) if each.key == key), None)


def excluded_numbers(office_id: int, edition_code: str, on: date) -> frozenset[str]:
    """The clause numbers the office excluded on a day, parents as written."""
    found = (
        select(Clause.number)
        .join(Exclusion, Exclusion.clause_id == Clause.id)
        .where(
            Exclusion.office_id == office_id,
            Clause.edition_code == edition_code,
            Exclusion.valid_from <= on,
            or_(Exclusion.valid_until.is_(None), Exclusion.valid_until >= on),
        )
    )
    return frozenset(db.session.scalars(found))
