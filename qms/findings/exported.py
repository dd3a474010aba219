"""The register of findings as a sheet: the rows its pages show, with days and people that a page has no room for."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, and_, bindparam, select

from qms.audits.models import Audit
from qms.core.db import db
from qms.core.i18n import said
from qms.domain.causes import Cause
from qms.domain.errors import N_
from qms.domain.scale import WORDS
from qms.findings.models import Action, Finding, FindingDepartment, Round
from qms.findings.pages import stage_label
from qms.findings.words import SOURCES, whole_cause
from qms.offices.models import CauseKind, Department, Office
from qms.offices.words import cause_called
from qms.papers.sheet import Column, Sheet, Value
from qms.people import queries as people
from qms.people.models import Person
from qms.standards.models import Clause

MOST: Final = 10_000  # rows of one sheet; more are narrowed by the filters first
_AT_ONCE: Final = 500  # rows held in memory
COLUMNS: Final = (
    (N_("Number"), 16),
    (N_("Finding"), 60),
    (N_("Kind"), 20),
    (N_("Department"), 28),
    (N_("Also concerns"), 28),
    (N_("Clause"), 10),
    (N_("Source"), 24),
    (N_("Audit"), 16),
    (N_("Cause"), 60),
    (N_("Kind of cause"), 28),
    (N_("Reported on"), 14),
    (N_("Stage"), 24),
    (N_("Due"), 14),
    (N_("First due day"), 16),
    (N_("Times moved"), 14),
    (N_("Days overdue"), 16),
    (N_("Head of the department"), 28),
    (N_("People who do the actions"), 36),
    (N_("Closed on"), 14),
)
_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)
# The answer of the round under way, once it is sent and not returned.
_ANSWERED: Final = and_(
    Round.finding_id == Finding.id, Round.number == Finding.round_number, Round.answered_at.is_not(None)
)
# Read by columns: ten thousand objects would take longer than the sheet.
_ROWS: Final = (
    select(
        Finding.id,
        Finding.number,
        Finding.statement,
        Finding.category,
        Finding.category_name,
        Finding.department_id,
        Department.name.label("department"),
        Clause.number.label("clause"),
        Finding.source,
        Audit.number.label("audit"),
        Round.cause,
        Round.analysis,
        CauseKind.starter.label("cause_starter"),
        CauseKind.name.label("cause_name"),
        Finding.reported_on,
        Finding.state,
        Finding.stage,
        Finding.waits_for,
        Finding.due_on,
        Finding.first_due_on,
        Finding.date_moves,
        Finding.closed_on,
    )
    .join(Department, Department.id == Finding.department_id)
    .outerjoin(Clause, Clause.id == Finding.clause_id)
    .outerjoin(Audit, Audit.id == Finding.audit_id)
    .outerjoin(Round, _ANSWERED)
    .outerjoin(CauseKind, and_(CauseKind.office_id == Finding.office_id, CauseKind.key == Finding.cause_key))
    .where(Finding.id.in_(_IDS))
)
_CONCERNED: Final = (
    select(FindingDepartment.finding_id, Department.name)
    .join(Department, Department.id == FindingDepartment.department_id)
    .where(FindingDepartment.finding_id.in_(_IDS))
    .order_by(Department.sort_key)
)
_DOERS: Final = (
    select(Action.finding_id, Person.name)
    .join(Finding, Finding.id == Action.finding_id)
    .join(Person, Person.id == Action.owner_id)
    .where(Action.finding_id.in_(_IDS), Action.round_number == Finding.round_number)
    .order_by(Action.id)
)


def sheet(office: Office, ids: Sequence[int], *, used: Sequence[str], today: date) -> Sheet:
    """The findings with these ids in their order; `used` are the filters they were narrowed by, in words."""
    return Sheet(
        name=said(N_("Findings")),
        columns=[Column(said(heading), width) for heading, width in COLUMNS],
        rows=_rows(office.id, ids, today),
        about_name=said(N_("About this list")),
        about=about(office, used, count=len(ids), today=today),
    )


def about(office: Office, used: Sequence[str], *, count: int, today: date) -> list[tuple[str, Value]]:
    """Whose list it is, of which day, how narrowed and how long."""
    told: list[tuple[str, Value]] = [
        (said(N_("Office")), office.name),
        (said(N_("As of")), today),
        (said(N_("Filters")), ", ".join(used) or said(N_("none"))),
        (said(N_("Rows")), count),
    ]
    if count == MOST:
        cut = N_(
            "A sheet holds at most %(most)s rows. If the list is longer, narrow it by filters and save it in parts."
        )
        told.append((said(N_("Note")), said(cut, most=MOST)))
    return told


def _rows(office_id: int, ids: Sequence[int], today: date) -> Iterator[list[Value]]:
    heads = people.heads(office_id, today)
    names = people.names({person_id for each in heads.values() for person_id in each})
    heading = {unit: ", ".join(names[each] for each in found if each in names) for unit, found in heads.items()}
    for start in range(0, len(ids), _AT_ONCE):
        part = list(ids[start : start + _AT_ONCE])
        found = {row.id: row for row in db.session.execute(_ROWS, {"ids": part})}
        concerned, doers = _joined(_CONCERNED, part), _joined(_DOERS, part)
        for each in part:
            row = found[each]
            told = {"concerned": concerned.get(each, ""), "doers": doers.get(each, "")}
            yield _row(row, heads=heading.get(row.department_id, ""), today=today, **told)


def _joined(statement: Any, ids: Sequence[int]) -> dict[int, str]:  # noqa: ANN401 - a select of ids with names
    found: dict[int, dict[str, None]] = {}
    for finding_id, name in db.session.execute(statement, {"ids": ids}):
        found.setdefault(finding_id, {})[name] = None
    return {finding_id: ", ".join(names) for finding_id, names in found.items()}


def _row(row: Any, *, concerned: str, heads: str, doers: str, today: date) -> list[Value]:  # noqa: ANN401 - of `_ROWS`
    return [
        row.number,
        row.statement,
        row.category_name or said(WORDS[row.category]),
        row.department,
        concerned,
        row.clause,
        said(SOURCES[row.source]),
        row.audit,
        whole_cause(row.cause, row.analysis) if row.cause else "",
        _cause(row),
        row.reported_on,
        said(stage_label(row.stage, row.state, row.waits_for)),
        row.due_on,
        row.first_due_on,
        row.date_moves,
        days_late(row.due_on, today),
        heads,
        doers,
        row.closed_on,
    ]


def _cause(row: Any) -> str:  # noqa: ANN401 - of `_ROWS`
    return "" if row.cause_name is None else cause_called(Cause(starter=row.cause_starter, name=row.cause_name))


def days_late(due_on: date | None, today: date) -> int | None:
    """How many days ago it was due; none before that."""
    return (today - due_on).days if due_on and due_on < today else None
