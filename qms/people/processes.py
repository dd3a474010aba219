"""The processes of an office: what runs through its departments, and who answers for it since when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from qms.core import text
from qms.core.db import db
from qms.core.trail import because
from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput
from qms.offices.models import IMPORTANCE, Office, Process, ProcessDepartment, ProcessOwner
from qms.people import queries as people


@dataclass(frozen=True, kw_only=True)
class ProcessFacts:
    """What is typed of a process; no owner means that nobody answers for it."""

    name: str
    symbol: str
    department_ids: frozenset[int]
    importance: int = 2
    owner_id: int | None = None
    owned_from: date


def owner_of(process: Process, on: date) -> int | None:
    """Who answers for the process on the day."""
    held = (each for each in process.owners if each.from_on <= on and (each.until_on is None or each.until_on >= on))
    return next((each.person_id for each in held), None)


def open_process(office: Office, facts: ProcessFacts) -> Process:
    """Add a process. Raises `InvalidInput` at the field that has to change."""
    process = Process(office_id=office.id)
    _refuse_taken(office.id, facts.symbol)
    _write(process, facts)
    db.session.add(process)
    return process


def change_process(process: Process, facts: ProcessFacts) -> None:
    """Correct a process, or give it to another owner from a day on. Raises `InvalidInput` like `open_process`."""
    if facts.symbol != process.symbol:
        _refuse_taken(process.office_id, facts.symbol)
    _write(process, facts)
    flag_modified(process, "sort_key")  # a new version also when only departments or the owner changed


def close_process(process: Process, *, on: date, reason: str) -> None:
    """Let a process end; `on` is its last day. Its audits stay."""
    because(reason)
    process.closed_on = on


def _refuse_taken(office_id: int, symbol: str) -> None:
    taken = select(Process.id).where(Process.office_id == office_id, Process.symbol == symbol)
    if db.session.scalar(taken) is not None:
        raise InvalidInput(N_("Another process has this symbol. Type a different one."), field="symbol")


def _write(process: Process, facts: ProcessFacts) -> None:
    if facts.importance not in IMPORTANCE:
        raise InvalidInput(N_("Choose how important the process is."), field="importance")
    _refuse_earlier_owner(process, facts)
    process.name, process.symbol, process.importance = facts.name, facts.symbol, facts.importance
    process.sort_key = text.sort_key(facts.name)
    kept = [part for part in process.departments if part.department_id in facts.department_ids]
    new = facts.department_ids - {part.department_id for part in kept}
    process.departments = kept + [
        ProcessDepartment(office_id=process.office_id, department_id=each) for each in sorted(new)
    ]
    _give(process, facts)


def _current(process: Process) -> ProcessOwner | None:
    return next((each for each in process.owners if each.until_on is None), None)


def _refuse_earlier_owner(process: Process, facts: ProcessFacts) -> None:
    """One owner at a time: a day before the last change would rewrite who answered for it then."""
    current = _current(process)
    if current is None and facts.owner_id is None:
        return
    others = [each for each in process.owners if each is not current or each.person_id != facts.owner_id]
    latest = max(others, key=lambda each: each.from_on, default=None)
    last_day = latest and (latest.until_on or latest.from_on)
    if latest and last_day and facts.owned_from <= last_day:
        message = N_("%(person)s was the owner of the process on %(day)s. Enter a later day.")
        raise InvalidInput(message, field="owned_from", person=people.name_of(latest.person_id), day=last_day)


def _give(process: Process, facts: ProcessFacts) -> None:
    current = _current(process)
    if current is not None and current.person_id == facts.owner_id:
        current.from_on = facts.owned_from
        return
    if current is not None:
        current.until_on = add_days(facts.owned_from, -1)
    if facts.owner_id is not None:
        owner = ProcessOwner(office_id=process.office_id, person_id=facts.owner_id, from_on=facts.owned_from)
        process.owners.append(owner)
