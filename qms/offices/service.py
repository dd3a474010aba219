"""What is done to an office: registering it, its departments, limits and days off, its numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from qms.core import inserts, text
from qms.core.db import db
from qms.core.trail import TrailHead, because
from qms.domain import calendar, causes, limits, numbering
from qms.domain.errors import N_, InvalidInput
from qms.domain.independence import LONGEST_MEMORY, RECENT_MONTHS
from qms.domain.limits import STARTER_LIMITS, Limit
from qms.domain.scale import STARTER
from qms.domain.setting_up import Task
from qms.offices import queries
from qms.offices.models import (
    CauseKind,
    Department,
    FindingKind,
    NumberCounter,
    Office,
    OfficeDayOff,
    OfficeLimit,
)
from qms.offices.replanning import plan_anew

LONGEST_CLOSING: Final = 31  # days in one entry, so that a mistyped year closes nobody for ten


@dataclass(frozen=True, kw_only=True)
class OfficeFacts:
    """What an office is registered with; the name as the office writes it, TERYT a dated string.

    What is left empty the office itself completes, as its first task.
    """

    slug: str
    name: str
    unit: str = ""
    type: str = ""
    voivodeship: str = ""
    seat: str = ""
    locative: str = ""
    head_title: str = ""
    teryt: str = ""
    teryt_as_of: date | None = None
    is_demo: bool = False


_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG: Final = 60


def open_office(facts: OfficeFacts) -> Office:
    """Register an office that begins to work, with the proposal of limits.

    Raises `InvalidInput` for a short name that is taken or could not stand in an address.
    """
    if not _SLUG.fullmatch(facts.slug) or len(facts.slug) > _LONGEST_SLUG:
        raise InvalidInput(N_("Use small letters, digits and dashes for the short name, for example ug-lipowo."))
    if queries.by_slug(facts.slug) is not None:
        raise InvalidInput(N_("There is an office with the short name %(slug)s already."), slug=facts.slug)
    office = register(facts)
    propose_limits(office)
    return office


def register(facts: OfficeFacts) -> Office:
    """Make an office with the filled proposals, its own chain of the trail and no people yet."""
    office = Office(
        **{name: getattr(facts, name) for name in facts.__dataclass_fields__},
        sort_key=text.sort_key(facts.name),
        search_text=text.search_text(facts.name, facts.unit, facts.seat, facts.teryt),
    )
    db.session.add(office)
    db.session.flush()
    db.session.add(TrailHead(chain=office.id))
    kinds = enumerate(STARTER, start=1)
    db.session.add_all(FindingKind(office_id=office.id, place=place, **vars(kind)) for place, kind in kinds)
    known = enumerate(causes.STARTER, start=1)
    db.session.add_all(CauseKind(office_id=office.id, place=place, **vars(cause)) for place, cause in known)
    return office


def propose_limits(office: Office) -> None:
    """Fill the starter proposal in; the office may clear it line by line."""
    for name, limit in STARTER_LIMITS.items():
        db.session.add(OfficeLimit(office_id=office.id, name=name, **vars(limit)))


def set_limit(office: Office, name: str, limit: Limit) -> None:
    """Change or clear one limit of the office.

    Raises `InvalidInput` for an unknown name, or for what would lead to no day or be counted nowhere.
    """
    if name not in STARTER_LIMITS:
        raise InvalidInput(N_("There is no such limit. Choose one from the list."))
    limits.check(name, limit)
    found = db.session.get(OfficeLimit, (office.id, name))
    if found is None:
        found = OfficeLimit(office_id=office.id, name=name)
        db.session.add(found)
    found.value, found.unit, found.counts_back = limit.value, limit.unit, limit.counts_back
    found.tolerance = limit.tolerance


def set_limits(office: Office, wanted: Mapping[str, Limit]) -> None:
    """Change or clear the limits of the office; counts as a change of the office itself, so that its version grows."""
    for name, limit in wanted.items():
        set_limit(office, name, limit)
    if office.set_up_on is None:
        office.ticked_tasks = sorted({*office.ticked_tasks, Task.LIMITS.value})
    flag_modified(office, "search_text")  # a column nobody is told of; the trail tells of each limit


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How an office works."""

    shares_content: bool = False
    audit_pattern: str
    finding_pattern: str
    rolls_due_days: bool = True
    rolls_reminders: bool = True
    warns_only: bool = False
    answers_signed_in: bool = False
    remembers_months: int = RECENT_MONTHS


def change_settings(office: Office, wanted: Settings) -> None:
    """Change how the office works. Raises `InvalidInput` for a pattern that could give one number twice."""
    numbering.validate_pattern(wanted.audit_pattern, field="audit_pattern")
    numbering.validate_pattern(wanted.finding_pattern, field="finding_pattern")
    if not 0 <= wanted.remembers_months <= LONGEST_MEMORY:
        message = N_("Enter a number of months from 0 to %(most)s.")
        raise InvalidInput(message, field="remembers_months", most=LONGEST_MEMORY)
    office.shares_content, office.answers_signed_in = wanted.shares_content, wanted.answers_signed_in
    office.audit_pattern, office.finding_pattern = wanted.audit_pattern, wanted.finding_pattern
    office.warns_only, office.remembers_months = wanted.warns_only, wanted.remembers_months
    office.rolls_due_days, office.rolls_reminders = wanted.rolls_due_days, wanted.rolls_reminders


def open_department(office: Office, *, name: str, symbol: str, parent: Department | None = None) -> Department:
    """Add a department. Raises `InvalidInput` when its symbol is taken."""
    _refuse_taken(office.id, symbol)
    department = Department(
        office_id=office.id,
        name=name,
        symbol=symbol,
        parent_id=parent.id if parent else None,
        sort_key=text.sort_key(name),
    )
    db.session.add(department)
    return department


def change_department(department: Department, *, name: str, symbol: str, parent: Department | None) -> None:
    """Correct a department. Raises `InvalidInput` when its symbol is taken or it would be a part of itself."""
    if symbol != department.symbol:
        _refuse_taken(department.office_id, symbol)
    if parent is not None and department.id in _with_those_above(parent):
        message = N_("A department cannot be a part of itself. Choose another one that it is part of.")
        raise InvalidInput(message, field="parent")
    department.name, department.symbol, department.sort_key = name, symbol, text.sort_key(name)
    department.parent_id = parent.id if parent else None


def _refuse_taken(office_id: int, symbol: str) -> None:
    taken = select(Department.id).where(Department.office_id == office_id, Department.symbol == symbol)
    if db.session.scalar(taken) is not None:
        raise InvalidInput(N_("Another department has this symbol. Type a different one."), field="symbol")


def _with_those_above(department: Department) -> set[int]:
    above = {each.id: each.parent_id for each in queries.departments(department.office_id)}
    found: set[int] = set()
    step: int | None = department.id
    while step is not None and step not in found:
        found.add(step)
        step = above.get(step)
    return found


def one_at_a_time(office: Office) -> None:
    """Of two people who write the same at once, the second waits here and then finds what the first wrote."""
    db.session.execute(select(Office.id).where(Office.id == office.id).with_for_update())


def add_days_off(office: Office, *, from_on: date, until_on: date, note: str) -> int:
    """Close the office on the working days of a range; returns how many. Raises `InvalidInput` when there is none."""
    if until_on < from_on:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="until_on")
    if (until_on - from_on).days >= LONGEST_CLOSING:
        message = N_("That is too long for one entry. Enter at most %(most)s days at once.")
        raise InvalidInput(message, field="until_on", most=LONGEST_CLOSING)
    one_at_a_time(office)
    known = queries.days_off(office.id)
    days = [calendar.add_days(from_on, number) for number in range((until_on - from_on).days + 1)]
    closed = [day for day in days if calendar.is_working_day(day, known)]
    if not closed:
        message = N_("This is a day off already. Enter a day on which the office works.")
        raise InvalidInput(message, field="from_on")
    db.session.add_all(OfficeDayOff(office_id=office.id, day=day, note=note) for day in closed)
    plan_anew(office)
    return len(closed)


def remove_days_off(office_id: int, *, from_on: date, until_on: date, reason: str) -> int:
    """Make the office's own days off of a range working days again; returns how many."""
    if until_on < from_on:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="until_on")
    removed = [each for each in queries.own_days_off(office_id) if from_on <= each.day <= until_on]
    because(reason)
    for each in removed:
        db.session.delete(each)
    plan_anew(db.session.get_one(Office, office_id))
    return len(removed)


def next_number(office: Office, kind: str, on: date, *, prefix: str = "", unit: str = "") -> str:
    """The next number of a kind in the office's own pattern; `on` is the day in Poland, whose year it bears.

    The counter's row is locked until the transaction ends, so two at once wait and get two numbers.
    """
    pattern = office.audit_pattern if kind == "audit" else office.finding_pattern
    scope = numbering.counter_scope(pattern, on=on, prefix=prefix, unit=unit)
    inserts.insert_all_once(NumberCounter, [{"office_id": office.id, "scope": scope, "last": 0}])
    counter = db.session.get_one(NumberCounter, (office.id, scope), with_for_update=True, populate_existing=True)
    counter.last += 1
    db.session.flush()  # so that a second number in this transaction counts on
    return numbering.format_number(pattern, counter.last, on=on, prefix=prefix, unit=unit)
