"""Findings as pages, the agenda and other rooms read them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from qms.audits.models import Audit, AuditMember
from qms.audits.queries import fill_scope_and_team
from qms.core.db import db
from qms.core.loading import PARENTS, Held, fill_ones, fill_told, telling
from qms.domain.deadlines import Kind
from qms.domain.findings import GRAVE, Category, State
from qms.findings.models import Action, Evidence, Finding, FindingCheck, FindingDepartment, Reassignment, Round
from qms.findings.plea_models import Plea
from qms.findings.share_models import SharedAction
from qms.offices.models import Department, Office
from qms.people import queries as people
from qms.policy import Reach

FIGURED: Final = 200  # the single numbers of an office are counted no further


# Written once, because building a statement takes longer than running it.
_CONCERNED: Final = Held(
    "concerned",
    select(FindingDepartment)
    .join(Department, Department.id == FindingDepartment.department_id)
    .where(FindingDepartment.finding_id.in_(PARENTS))
    .order_by(Department.sort_key)
    .options(contains_eager(FindingDepartment.department)),
    by=FindingDepartment.finding_id,
)
_SHARED: Final = (
    select(SharedAction)
    .order_by(SharedAction.id)
    .options(
        joinedload(SharedAction.leader).load_only(Action.key, Action.description),
        joinedload(SharedAction.leader_finding).load_only(Finding.key, Finding.number),
        joinedload(SharedAction.finding).load_only(Finding.key, Finding.number),
    )
)
_PARTS: Final = (
    _CONCERNED,
    Held(
        "rounds",
        select(Round).where(Round.finding_id.in_(PARENTS)).order_by(Round.number).options(joinedload(Round.cause_kind)),
        by=Round.finding_id,
    ),
    Held("actions", select(Action).where(Action.finding_id.in_(PARENTS)).order_by(Action.id), by=Action.finding_id),
    Held(
        "reassignments",
        select(Reassignment).where(Reassignment.finding_id.in_(PARENTS)).order_by(Reassignment.id),
        by=Reassignment.finding_id,
    ),
    Held(
        "files",
        select(Evidence)
        .where(Evidence.finding_id.in_(PARENTS))
        .order_by(Evidence.id)
        .options(joinedload(Evidence.file)),
        by=Evidence.finding_id,
    ),
    Held(
        "checks",
        select(FindingCheck)
        .where(FindingCheck.finding_id.in_(PARENTS))
        .order_by(FindingCheck.id)
        .options(joinedload(FindingCheck.audit).load_only(Audit.key, Audit.number)),
        by=FindingCheck.finding_id,
    ),
    Held("pleas", select(Plea).where(Plea.finding_id.in_(PARENTS)).order_by(Plea.id), by=Plea.finding_id),
    Held("borrowed", _SHARED.where(SharedAction.finding_id.in_(PARENTS)), by=SharedAction.finding_id),
    Held("lent", _SHARED.where(SharedAction.leader_finding_id.in_(PARENTS)), by=SharedAction.leader_finding_id),
)
_CASE: Final = telling(
    select(Finding).options(joinedload(Finding.department), joinedload(Finding.clause), joinedload(Finding.audit)),
    Finding.id,
    *_PARTS,
)
_BY_KEY: Final = _CASE.where(Finding.office_id == bindparam("office_id"), Finding.key == bindparam("key"))
_PUBLISHED_BY_KEY: Final = _BY_KEY.where(Finding.reported_on.is_not(None))
_PUBLISHED_BY_ID: Final = _CASE.where(
    Finding.office_id == bindparam("office_id"),
    Finding.reported_on.is_not(None),
    Finding.id.in_(bindparam("finding_ids", expanding=True)),
)
_DRAFT_BY_KEY: Final = _BY_KEY.where(Finding.state == State.DRAFT)
_OF_ACTION: Final = _CASE.where(Finding.id == bindparam("finding_id"))
_DRAFTS: Final = _CASE.where(Finding.audit_id == bindparam("audit_id"), Finding.state == State.DRAFT).order_by(
    Finding.id
)
_PROOFS: Final = Held(
    "files",
    select(Evidence)
    .where(Evidence.finding_id.in_(PARENTS), Evidence.action_id.is_(None))
    .order_by(Evidence.id)
    .options(joinedload(Evidence.file)),
    by=Evidence.finding_id,
)
_SHOWN_OF_REPORTED: Final = (_CONCERNED, _PROOFS)
_REPORTED: Final = telling(
    select(Finding)
    .where(Finding.audit_id == bindparam("audit_id"), Finding.reported_on.is_not(None))
    .order_by(Finding.id)
    .options(joinedload(Finding.clause), joinedload(Finding.department), raiseload("*", sql_only=True)),
    Finding.id,
    *_SHOWN_OF_REPORTED,
)


def by_key(office: Office, key: str) -> Finding | None:
    """A published finding of the office with its whole case."""
    return next(iter(_whole(_PUBLISHED_BY_KEY, office_id=office.id, key=key)), None)


def draft_by_key(office: Office, key: str) -> Finding | None:
    """A finding that is not published yet."""
    return next(iter(_whole(_DRAFT_BY_KEY, office_id=office.id, key=key)), None)


def action_by_key(office: Office, key: str) -> Action | None:
    """An action of a plan that was accepted, with its whole case."""
    action = db.session.scalar(select(Action).where(Action.office_id == office.id, Action.key == key))
    if action is None:
        return None
    case = next(iter(_whole(_OF_ACTION, finding_id=action.finding_id)), None)
    is_agreed = case is not None and any(
        round_.number == action.round_number and round_.accepted_on for round_ in case.rounds
    )
    return action if is_agreed else None


def whole(office: Office, finding_ids: Collection[int]) -> list[Finding]:
    """Published findings of the office with their whole cases."""
    return _whole(_PUBLISHED_BY_ID, office_id=office.id, finding_ids=list(finding_ids)) if finding_ids else []


def drafts_of(audit: Audit) -> list[Finding]:
    """The drafts of an audit in the order they were written."""
    return _whole(_DRAFTS, audit_id=audit.id)


def _whole(cases: Select[Any], **asked: object) -> list[Finding]:
    """Cases with all that belongs to them; as many statements for one as for many."""
    rows = db.session.execute(cases, asked).all()
    found = [row[0] for row in rows]
    if found:
        audits = {case.audit for case in found if case.audit}
        fill_scope_and_team(audits)
        fill_told(rows, *_PARTS)
        fill_ones(
            people.everybody,
            (found, ["recorded_by"]),
            ([member for audit in audits for member in audit.team], ["person"]),
            (
                [each for case in found for each in case.rounds],
                ["answered_by", "accepted_by", "verified_by", "judged_by"],
            ),
            ([action for case in found for action in case.actions], ["owner", "reported_by"]),
            ([file for case in found for file in case.files], ["added_by"]),
            ([check for case in found for check in case.checks], ["checked_by"]),
            ([plea for case in found for plea in case.pleas], ["asked_by", "decided_by"]),
        )
    return found


def file_by_key(office: Office, key: str) -> Evidence | None:
    """A file of a published finding."""
    return _file(office, key, Finding.reported_on.is_not(None))


def draft_file_by_key(office: Office, key: str) -> Evidence | None:
    """A file of a finding that is not published yet."""
    return _file(office, key, Finding.state == State.DRAFT)


def _file(office: Office, key: str, condition: ColumnElement[bool]) -> Evidence | None:
    found = (
        select(Evidence)
        .join(Finding, Finding.id == Evidence.finding_id)
        .where(Evidence.office_id == office.id, Evidence.key == key, condition)
    )
    return db.session.scalar(found.options(joinedload(Evidence.file)))


def reported_of(audit: Audit, reach: Reach) -> list[Finding]:
    """The published findings of an audit that the reader may see, in the order they were written."""
    found = _REPORTED if reach.everything else _REPORTED.where(within(reach))
    rows = db.session.execute(found, {"audit_id": audit.id}).all()
    fill_told(rows, *_SHOWN_OF_REPORTED)
    return [row[0] for row in rows]


def concerning(departments: Collection[int] | BindParameter[int]) -> ColumnElement[bool]:
    """The findings that concern one of these departments beside the one that answers."""
    column = FindingDepartment.department_id
    of_one = column == departments if isinstance(departments, BindParameter) else column.in_(departments)
    return Finding.id.in_(select(FindingDepartment.finding_id).where(of_one))


def worked_on(person: int | BindParameter[int]) -> ColumnElement[bool]:
    """The cases in which the person does something."""
    return Finding.id.in_(select(Action.finding_id).where(Action.owner_id == person))


def audited(person: int | BindParameter[int]) -> ColumnElement[bool]:
    """The findings of audits whose team the person is on."""
    return Finding.audit_id.in_(select(AuditMember.audit_id).where(AuditMember.person_id == person))


def handed_to(person: int | BindParameter[int]) -> ColumnElement[bool]:
    """The cases whose answer was handed over to the person."""
    return Finding.answerer_id == person


def within(reach: Reach) -> ColumnElement[bool]:
    """What a person may list as one condition, for lists that are short anyway."""
    if reach.everything:
        return true()
    who = reach.person_id
    own = (concerning(reach.department_ids), worked_on(who), audited(who), handed_to(who))
    return or_(false(), Finding.department_id.in_(reach.department_ids), *own)


def has_open_cases() -> ColumnElement[bool]:
    """That an audit, named by the statement around this, found a nonconformity that is not closed yet."""
    is_case = (Finding.waits_for.is_not(None), Finding.is_light.is_(False))
    open_cases = select(Finding.id).where(Finding.audit_id == Audit.id, *is_case)
    return open_cases.correlate(Audit).exists()


def is_under_way() -> ColumnElement[bool]:
    """That an action belongs to this finding's present round and is to be done now."""
    return and_(
        Finding.id == Action.finding_id,
        Finding.waits_for == Kind.ACTION,
        Finding.round_number == Action.round_number,
    )


def is_done_here() -> ColumnElement[bool]:
    """That an action stands for none of another case, which would be done there."""
    return ~exists().where(SharedAction.action_id == Action.id, SharedAction.ended_on.is_(None))


@dataclass(frozen=True)
class Counts:
    """How many nonconformities and potential ones are open, and how many single actions overdue; to `FIGURED` + 1."""

    open: int
    potential: int
    overdue_actions: int


def is_open(*categories: Category) -> ColumnElement[bool]:
    """That a case of one of these categories waits for something; an index serves it by office."""
    return and_(Finding.waits_for.is_not(None), Finding.category.in_(categories))


def _open_of(*categories: Category) -> Select[Any]:
    found = select(Finding.id).where(Finding.office_id == bindparam("office_id"), is_open(*categories))
    return found.limit(bindparam("most", type_=Integer))


_NONCONFORMITIES: Final = _open_of(*GRAVE)
_POTENTIAL: Final = _open_of(Category.POTENTIAL)
_LATE_ACTIONS: Final = (
    select(Action.id)
    .join(Finding, is_under_way())
    .where(
        Finding.office_id == bindparam("office_id"),
        Finding.due_on < bindparam("today"),  # the day of its nearest action
        Action.due_on < bindparam("today"),
        Action.done_on.is_(None),
        is_done_here(),
    )
    .limit(bindparam("most", type_=Integer))
)


def counts(office_id: int, today: date) -> Counts:
    """Counting stops where a number says no more to anybody, so that it costs little in the largest office."""
    asked = {"office_id": office_id, "today": today, "most": FIGURED + 1}
    found = (_NONCONFORMITIES, _POTENTIAL, _LATE_ACTIONS)
    return Counts(*(len(db.session.scalars(each, asked).all()) for each in found))
