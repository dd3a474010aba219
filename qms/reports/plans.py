"""A programme, a plan and a list of questions as plain values, in no language yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from qms.domain.checklist import Result
from qms.domain.programme import Standing, State, Window
from qms.reports.report import Approval, Arranged, Proof, Signer


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A row of the timetable; no person is the whole team, no department something that concerns all."""

    day: date
    from_time: time
    to_time: time
    subject: str
    department: str
    person: str
    auditees: str


@dataclass(frozen=True)
class Ordered:
    """Where in an approved programme an audit stands; the order by which it was approved may have no number."""

    year: int
    issue: int
    line: int
    order_number: str


@dataclass(frozen=True, kw_only=True)
class AuditPlan:
    """All that the plan of an audit says. `ordered` is None for an audit beside the programme."""

    audit: Arranged
    auditees: str
    hours: tuple[Hours, ...]
    ordered: Ordered | None
    is_cancelled: bool
    signers: tuple[Signer, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with its answer; `result` is None while there is none, `hint` says where to look."""

    number: int
    department: str
    clause: str
    text: str
    hint: str
    result: Result | None = None
    note: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    files: tuple[Proof, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuestionSheet:
    """The questions of an audit. While the audit is open, there is room to write where an answer lacks."""

    audit: Arranged
    is_open: bool
    results: Mapping[Result, str]
    questions: tuple[Question, ...]
    signers: tuple[Signer, ...]


@dataclass(frozen=True, kw_only=True)
class PlannedAudit:
    """An audit of the programme. `days` are those agreed, once an audit came of it."""

    line: int
    departments: tuple[str, ...]
    edition_code: str
    clauses: tuple[str, ...]
    window: Window
    days: tuple[date, date] | None
    lead: str
    standing: Standing
    number: str


@dataclass(frozen=True, kw_only=True)
class BesideProgramme:
    """An audit of the year that no programme planned."""

    number: str
    departments: tuple[str, ...]
    days: tuple[date, date]
    state: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the programme, and what it changed, in words."""

    issue: int
    state: State
    approved_at: datetime | None
    reason: str
    changes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class YearProgramme:
    """All that one version of a year's programme says. `in_force` is the version approved last, if any."""

    office: str
    year: int
    issue: int
    state: State
    in_force: int | None
    prepared_by: str
    audits: tuple[PlannedAudit, ...]
    beside: tuple[BesideProgramme, ...]
    approvals: tuple[Approval, ...]
    versions: tuple[Version, ...]
