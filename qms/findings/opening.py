"""Cases that no audit found: taken from what somebody reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm.attributes import set_committed_value

from qms.core import clock
from qms.core.db import db, new_key
from qms.core.files import StoredFile
from qms.domain import editions, findings
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import State, Step, after, check
from qms.domain.scale import Choice, choices
from qms.domain.sources import Source
from qms.domain.standing import Who
from qms.findings import notices
from qms.findings.facts import facts
from qms.findings.models import Evidence, Finding
from qms.findings.recording import number_and_report
from qms.offices import queries as offices
from qms.offices.models import Department, FindingKind, Office
from qms.policy import Actor
from qms.requirements import queries as requirements
from qms.standards import queries as standards
from qms.standards.models import Clause


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is decided about something reported when it is taken; `category` is a code of `categories`."""

    department_id: int | None
    category: str
    statement: str
    clause_id: int | None = None
    requirement: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where it comes from."""

    source: Source
    noticed_on: date
    outer_number: str
    file: StoredFile | None = None


def categories(kinds: Sequence[FindingKind], source: Source) -> tuple[Choice, ...]:
    """The kinds of finding to choose from, in the office's order; a certification body always grades."""
    return choices({each.key: each.kind for each in kinds}, always_grades=source is Source.BODY)


def needs_answer(office: Office, taken: Taken, source: Source) -> bool:
    """Whether the department has to answer what it is taken as. Raises `InvalidInput` for no kind of the office."""
    return findings.needs_answer(_choice(offices.finding_kinds(office.id), taken, source).called.category)


def open_case(office: Office, taken: Taken, origin: Origin, *, by: Actor, who: frozenset[Who], today: date) -> Finding:
    """Number the finding, let a case wait for an answer and write to the head of its unit.

    `who` is how the person stands to what was reported. Raises `RuleViolation`.
    """
    kinds = offices.finding_kinds(office.id)
    choice, unit = _choice(kinds, taken, origin.source), _unit(office, taken.department_id, today)
    finding = _drafted(office, taken, origin, choice=choice, clause=_clause(office, taken.clause_id, today))
    finding.recorded_by_id = by.person_id  # who reported it stays behind the wall of the report
    finding.department_id = unit.id
    set_committed_value(finding, "department", unit)
    check(Step.TAKE_UP, State.DRAFT, who=who, facts=facts(finding, by=by, today=today))
    db.session.add(finding)
    db.session.flush()  # the number and the files point at it
    if origin.file is not None:
        _attach(finding, origin.file, by.person_id)
    kind = next(row.kind for row in kinds if row.key == choice.key)
    number_and_report(finding, after(Step.TAKE_UP, State.DRAFT), today, kind=kind)
    db.session.flush()  # the letter tells of the number
    notices.taken(finding, today=today)
    return finding


def _drafted(office: Office, taken: Taken, origin: Origin, *, choice: Choice, clause: Clause | None) -> Finding:
    return Finding(
        office=office,
        office_id=office.id,
        key=new_key(),
        source=origin.source,
        noticed_on=origin.noticed_on,
        outer_number=origin.outer_number,
        clause=clause,
        clause_id=clause.id if clause else None,
        category=choice.called.category,
        category_name=choice.called.name,
        kind_key=choice.key,
        requirement=taken.requirement,
        evidence=taken.evidence,
        statement=taken.statement,
        state=State.DRAFT,
        round_number=1,
        date_moves=0,
        changed_at=clock.now(),
    )


def _choice(kinds: Sequence[FindingKind], taken: Taken, source: Source) -> Choice:
    found = next((each for each in categories(kinds, source) if each.code == taken.category), None)
    if found is None:
        raise InvalidInput(N_("Choose what kind of finding it is."), field="category")
    return found


def _unit(office: Office, department_id: int | None, today: date) -> Department:
    found = next((each for each in offices.departments(office.id, today) if each.id == department_id), None)
    if found is None:
        raise InvalidInput(N_("Choose the department that answers."), field="department_id")
    return found


def _clause(office: Office, clause_id: int | None, today: date) -> Clause | None:
    """The clause, if the office applies it."""
    if clause_id is None:
        return None
    clause = standards.clauses_by_id([clause_id]).get(clause_id)
    if clause is None or not editions.is_auditable(editions.NodeKind(clause.kind)):
        raise InvalidInput(N_("Choose the exact requirement, not a whole chapter or group."), field="clause_id")
    excluded = requirements.excluded(office.id, clause.edition_code, today)
    editions.check_applied(clause.number, excluded, by_outsiders=False, field="clause_id")
    return clause


def _attach(finding: Finding, file: StoredFile, by_id: int) -> None:
    finding.files.append(Evidence(office_id=finding.office_id, file=file, added_by_id=by_id, added_at=clock.now()))
