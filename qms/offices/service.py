"""What is done to an office: registering it, its departments, limits and exclusions, giving out numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from qms.core import outbox, text
from qms.core.db import db
from qms.core.trail import TrailHead, because
from qms.domain import editions, numbering
from qms.domain.deadlines import STARTER_LIMITS, Limit
from qms.domain.errors import N_, InvalidInput
from qms.offices import queries
from qms.offices.models import Department, Exclusion, NumberCounter, Office, OfficeLimit
from qms.standards.models import Clause, Edition


@dataclass(frozen=True, kw_only=True)
class OfficeFacts:
    """What an office is registered with; the name as the office writes it, TERYT a dated string."""

    slug: str
    name: str
    unit: str
    type: str
    voivodeship: str
    seat: str
    locative: str
    head_title: str
    teryt: str
    teryt_as_of: date | None = None
    is_demo: bool = False


def register(facts: OfficeFacts) -> Office:
    """Make an office with the filled proposal of limits, its own chain of the trail and no people yet."""
    office = Office(
        **{name: getattr(facts, name) for name in facts.__dataclass_fields__},
        sort_key=text.sort_key(facts.name),
        search_text=text.search_text(facts.name, facts.unit, facts.seat, facts.teryt),
    )
    db.session.add(office)
    db.session.flush()
    db.session.add(TrailHead(chain=office.id))
    return office


def propose_limits(office: Office) -> None:
    """Fill the starter proposal in; the office may clear it line by line."""
    for name, limit in STARTER_LIMITS.items():
        db.session.add(
            OfficeLimit(
                office_id=office.id, name=name, value=limit.value, unit=limit.unit, counts_back=limit.counts_back
            )
        )


def set_limit(office: Office, name: str, limit: Limit) -> None:
    """Change or clear one limit of the office. Raises `InvalidInput` for an unknown name."""
    if name not in STARTER_LIMITS:
        raise InvalidInput(N_("There is no such limit. Choose one from the list."))
    found = db.session.get(OfficeLimit, (office.id, name))
    if found is None:
        found = OfficeLimit(office_id=office.id, name=name)
        db.session.add(found)
    found.value, found.unit, found.counts_back = limit.value, limit.unit, limit.counts_back


def set_limits(office: Office, wanted: Mapping[str, Limit]) -> None:
    """Change or clear the limits of the office; counts as a change of the office itself, so that its version grows."""
    for name, limit in wanted.items():
        set_limit(office, name, limit)
    flag_modified(office, "search_text")  # a column nobody is told of; the trail tells of each limit


def change_settings(
    office: Office, *, shares_content: bool, uses_grades: bool, audit_pattern: str, finding_pattern: str
) -> None:
    """Change how the office works. Raises `InvalidInput` for a pattern that could give one number twice."""
    numbering.validate_pattern(audit_pattern, field="audit_pattern")
    numbering.validate_pattern(finding_pattern, field="finding_pattern")
    office.shares_content, office.uses_grades = shares_content, uses_grades
    office.audit_pattern, office.finding_pattern = audit_pattern, finding_pattern


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


def exclude(office: Office, clause: Clause, *, justification: str, valid_from: date) -> Exclusion:
    """Exclude a clause by the rule of its edition. Raises `RuleViolation` when the edition does not allow it."""
    edition = db.session.get_one(Edition, clause.edition_code)
    editions.check_exclusion(edition.rules, clause.number, justification)
    because(justification)
    exclusion = Exclusion(office_id=office.id, clause_id=clause.id, justification=justification, valid_from=valid_from)
    db.session.add(exclusion)
    return exclusion


def next_number(office: Office, kind: str, on: date, *, prefix: str = "", unit: str = "") -> str:
    """The next number of a kind in the office's own pattern; `on` is the day in Poland, whose year it bears.

    The counter's row is locked until the transaction ends, so two at once wait and get two numbers.
    """
    pattern = office.audit_pattern if kind == "audit" else office.finding_pattern
    scope = numbering.counter_scope(pattern, on=on, prefix=prefix, unit=unit)
    outbox.insert_all_once(NumberCounter, [{"office_id": office.id, "scope": scope, "last": 0}])
    counter = db.session.get_one(NumberCounter, (office.id, scope), with_for_update=True, populate_existing=True)
    counter.last += 1
    db.session.flush()  # so that a second number in this transaction counts on
    return numbering.format_number(pattern, counter.last, on=on, prefix=prefix, unit=unit)
