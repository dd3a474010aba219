"""Offices and what they set: departments, limits, days off, exclusions."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import raiseload

from qms.core.db import db
from qms.domain.deadlines import NOT_SET, Limit, Unit
from qms.offices.models import Department, Exclusion, Office, OfficeDayOff, OfficeLimit
from qms.standards.models import Clause


def by_slug(slug: str) -> Office | None:
    """The office of an address."""
    return db.session.scalar(select(Office).where(Office.slug == slug[:60]))


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
    columns = (OfficeLimit.office_id, OfficeLimit.name, OfficeLimit.value, OfficeLimit.unit, OfficeLimit.counts_back)
    rows = db.session.execute(select(*columns).where(OfficeLimit.office_id.in_(office_ids)))
    for office_id, name, value, unit, counts_back in rows:
        found[office_id][name] = Limit(value, Unit(unit), counts_back=counts_back)
    return found


def limit(office_id: int, name: str) -> Limit:
    """One limit of an office."""
    return limits([office_id])[office_id].get(name, NOT_SET)


def days_off(office_id: int) -> frozenset[date]:
    """The office's own days off, beside the statutory ones."""
    return frozenset(db.session.scalars(select(OfficeDayOff.day).where(OfficeDayOff.office_id == office_id)))


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
