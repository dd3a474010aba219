"""What is done with the programme of a year: planning audits, changing the plan, logging what was planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from qms.audits import service as audits
from qms.audits.models import Audit
from qms.audits.planning import Plan, check_processes, check_scope
from qms.core.db import db, new_key
from qms.core.trail import because
from qms.domain import programme as rules
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice
from qms.domain.programme import State, Window
from qms.offices.models import Office
from qms.programme import facts, queries
from qms.programme.models import (
    Programme,
    ProgrammeEntry,
    ProgrammeEntryClause,
    ProgrammeEntryProcess,
    ProgrammeEntryUnit,
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is planned for one audit; who leads may be left open."""

    edition_code: str
    department_ids: frozenset[int]
    clause_ids: frozenset[int]
    window: Window
    process_ids: frozenset[int] = frozenset()
    lead_id: int | None = None
    reasons: Sequence[Notice] = ()


def add(office: Office, year: int, wanted: Wanted, *, today: date) -> ProgrammeEntry:
    """Plan an audit; the first one of a year begins its programme. Raises `RuleViolation` at the field."""
    programme = draft(office, year, today=today)
    _check(office, wanted)
    return add_all(programme, [wanted])[0]


def add_all(programme: Programme, suggested: Sequence[Wanted]) -> list[ProgrammeEntry]:
    """Plan audits that were checked already, in this order."""
    last = queries.last_line(programme.office_id, programme.year)
    added = [_entry(programme, last + place, wanted) for place, wanted in enumerate(suggested, start=1)]
    programme.entries.extend(added)
    flag_modified(programme, "year")
    return added


def _entry(programme: Programme, line: int, wanted: Wanted) -> ProgrammeEntry:
    reasons = [[notice.message, dict(notice.params)] for notice in wanted.reasons]
    told = {"office_id": programme.office_id, "key": new_key(), "removed_because": ""}
    entry = ProgrammeEntry(**told, line=line, reasons=reasons)
    _write(entry, wanted)
    return entry


def draft(office: Office, year: int, *, today: date) -> Programme:
    """The version that may be changed; a first one where the year has none. Raises `NotAllowedNow`."""
    rules.check_year(year, today)
    found = queries.version(office, year)
    if found is not None:
        rules.check_editable(State(found.state))
        return found
    return _new_version(office, year, 1)


def _new_version(office: Office, year: int, issue: int, *, reason: str = "") -> Programme:
    made = Programme(
        office_id=office.id, key=new_key(), year=year, issue=issue, state=State.DRAFT, reason=reason, entries=[]
    )
    made.approvals, made.office = [], office
    db.session.add(made)
    return made


def change(entry: ProgrammeEntry, wanted: Wanted) -> None:
    """Change a planned audit. Raises `RuleViolation` at the field that has to change."""
    rules.check_editable(State(entry.programme.state))
    _check(entry.programme.office, wanted)
    _write(entry, wanted)
    flag_modified(entry, "line")
    flag_modified(entry.programme, "year")


def _check(office: Office, wanted: Wanted) -> None:
    rules.check_edition(wanted.edition_code, queries.used_editions(office.id))
    plan = Plan(
        edition_code=wanted.edition_code,
        department_ids=wanted.department_ids,
        clause_ids=wanted.clause_ids,
        process_ids=wanted.process_ids,
        starts_on=wanted.window.first_on,
        ends_on=wanted.window.last_on,
    )
    check_scope(office, plan)
    check_processes(office, plan)
    _check_lead(office, wanted.lead_id, wanted.window.first_on.year)


def _check_lead(office: Office, lead_id: int | None, year: int) -> None:
    if lead_id is not None and lead_id not in facts.staff(office.id, year).auditors:
        message = N_("Choose an auditor of this office, or one lent to it in that year.")
        raise InvalidInput(message, field="lead_id")


def _write(entry: ProgrammeEntry, wanted: Wanted) -> None:
    entry.edition_code, entry.lead_id = wanted.edition_code, wanted.lead_id
    entry.first_on, entry.last_on = wanted.window.first_on, wanted.window.last_on
    entry.is_exact = wanted.window.is_exact
    of_entry = {"office_id": entry.office_id}
    units = {part.department_id: part for part in entry.units}
    entry.units = [
        units.get(each) or ProgrammeEntryUnit(**of_entry, department_id=each) for each in sorted(wanted.department_ids)
    ]
    processes = {part.process_id: part for part in entry.processes}
    entry.processes = [
        processes.get(each) or ProgrammeEntryProcess(**of_entry, process_id=each) for each in sorted(wanted.process_ids)
    ]
    clauses = {part.clause_id: part for part in entry.clauses}
    entry.clauses = [
        clauses.get(each) or ProgrammeEntryClause(**of_entry, clause_id=each) for each in sorted(wanted.clause_ids)
    ]


def remove(entry: ProgrammeEntry, *, reason: str) -> None:
    """Take a planned audit off the programme; the version keeps it with the reason."""
    rules.check_editable(State(entry.programme.state))
    if entry.held_as is not None:
        message = N_("Audit %(number)s came of it. Cancel that audit first, then take it off the programme.")
        raise NotAllowedNow(message, number=entry.held_as.number)
    because(reason)
    entry.removed_because = reason
    flag_modified(entry.programme, "year")


def arrange(programme: Programme, wanted: Mapping[str, tuple[Window, int | None]]) -> None:
    """Move planned audits to other months and give them other leads, by the keys of the planned audits."""
    rules.check_editable(State(programme.state))
    known = facts.staff(programme.office_id, programme.year).auditors
    if any(lead is not None and lead not in known for _, lead in wanted.values()):
        raise InvalidInput(N_("Choose an auditor of this office, or one lent to it in that year."))
    for entry in programme.planned:
        window, lead = wanted.get(entry.key, (entry.window, entry.lead_id))
        entry.first_on, entry.last_on, entry.is_exact = window.first_on, window.last_on, window.is_exact
        entry.lead_id = lead
    flag_modified(programme, "year")


def start_version(programme: Programme, *, reason: str) -> Programme:
    """Begin the next version of an approved programme, with everything the approved one plans."""
    rules.check_approved(State(programme.state))
    if queries.issues(programme.office_id, programme.year)[0][0] != programme.issue:
        raise NotAllowedNow(N_("There is a newer version already. Open it and change that one."))
    made = _new_version(programme.office, programme.year, programme.issue + 1, reason=reason)
    made.most_a_month, made.most_a_lead = programme.most_a_month, programme.most_a_lead
    made.entries = [_copy(entry) for entry in programme.planned]
    return made


_COPIED = ("office_id", "line", "edition_code", "first_on", "last_on", "is_exact", "lead_id", "audit_id", "reasons")


def _copy(entry: ProgrammeEntry) -> ProgrammeEntry:
    made = ProgrammeEntry(key=new_key(), removed_because="", **{name: getattr(entry, name) for name in _COPIED})
    of_entry = {"office_id": entry.office_id}
    made.units = [ProgrammeEntryUnit(**of_entry, department_id=part.department_id) for part in entry.units]
    made.processes = [ProgrammeEntryProcess(**of_entry, process_id=part.process_id) for part in entry.processes]
    made.clauses = [ProgrammeEntryClause(**of_entry, clause_id=part.clause_id) for part in entry.clauses]
    return made


def log_audit(entry: ProgrammeEntry, wanted: Plan, *, today: date) -> Audit:
    """Log the audit that was planned, with its days agreed; every version of the year knows it from then on."""
    rules.check_approved(State(entry.programme.state))
    if entry.held_as is not None:
        message = N_("Audit %(number)s came of it already. Open that audit and change it.")
        raise NotAllowedNow(message, number=entry.held_as.number)
    audit = audits.plan(entry.programme.office, wanted, today=today)
    db.session.flush()  # here, because the planned audit points at it
    for each in queries.same_line(entry):
        each.audit_id = audit.id
    return audit


def told_reasons(entry: ProgrammeEntry) -> list[Notice]:
    """Why the audit was suggested."""
    return [_notice(*told) for told in entry.reasons]


def _notice(message: str, params: Mapping[str, Any]) -> Notice:
    return Notice(message, params)
