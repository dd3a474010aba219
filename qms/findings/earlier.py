"""Open cases of earlier audits within what an audit covers, and what its team saw of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Load, joinedload, raiseload

from qms.audits import service as audits
from qms.audits.models import Audit, AuditClause, AuditDepartment, AuditProcess
from qms.core import clock
from qms.core.db import db
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.findings import MAY, TEAM, Step
from qms.domain.following import Seen, check_shown, leads_to
from qms.domain.independence import OWN_WORK
from qms.domain.report import check_not_given
from qms.domain.standing import Who
from qms.findings import queries, taking_part
from qms.findings.facts import offered
from qms.findings.models import Finding, FindingCheck
from qms.findings.recording import refuse_ended
from qms.offices.models import ProcessDepartment
from qms.policy import Actor, Reach, standing

MOST: Final = 100  # on one page; an office with more of them in one scope has its register for the rest


def _covered() -> Select[Finding]:
    """Cases of the units of an audit, and those of units that its processes run through, against its clauses."""
    of = {"id": bindparam("audit_id", type_=Integer)}
    units = select(AuditDepartment.department_id).where(AuditDepartment.audit_id == of["id"])
    through = (
        select(ProcessDepartment.department_id)
        .join(AuditProcess, AuditProcess.process_id == ProcessDepartment.process_id)
        .where(AuditProcess.audit_id == of["id"])
    )
    clauses = select(AuditClause.clause_id).where(AuditClause.audit_id == of["id"])
    return (
        select(Finding)
        .where(
            Finding.office_id == bindparam("office_id", type_=Integer),
            Finding.waits_for.is_not(None),
            Finding.department_id.in_(units.union_all(through)),
            or_(Finding.department_id.in_(units), Finding.clause_id.in_(clauses)),
            Finding.audit_id.is_distinct_from(of["id"]),
        )
        .order_by(Finding.due_on.is_(None), Finding.due_on, Finding.id)
        .limit(MOST + 1)
        .options(joinedload(Finding.clause), joinedload(Finding.department), raiseload("*", sql_only=True))
    )


# Written once, because building a statement takes longer than running it.
_COVERED: Final = _covered()
_CHECKS: Final = (
    select(FindingCheck)
    .where(FindingCheck.audit_id == bindparam("audit_id", type_=Integer))
    .order_by(FindingCheck.id)
    .options(
        joinedload(FindingCheck.checked_by),
        joinedload(FindingCheck.finding).joinedload(Finding.department),
        Load(FindingCheck).raiseload("*", sql_only=True),
    )
)


@dataclass(frozen=True)
class Look:
    """What the team saw of one case; `note` is what shows it."""

    finding_id: int
    seen: Seen
    note: str = ""


def open_before(audit: Audit, reach: Reach) -> list[Finding]:
    """What earlier audits left open within the scope of this one, the most pressing first; at most `MOST` and one."""
    found = _COVERED if reach.everything else _COVERED.where(queries.within(reach))
    return list(db.session.scalars(found, {"audit_id": audit.id, "office_id": audit.office_id}))


def checks_of(audit: Audit) -> Mapping[int, FindingCheck]:
    """By finding, what the team of the audit saw of it last."""
    return {check.finding_id: check for check in db.session.scalars(_CHECKS, {"audit_id": audit.id})}


def not_looked_at(audit: Audit) -> list[Finding]:
    """Those of which the team has said nothing."""
    checks = checks_of(audit)
    return [case for case in open_before(audit, Reach(everything=True)) if case.id not in checks]


def note(audit: Audit, looks: list[Look], *, by: Actor, today: date) -> list[FindingCheck]:
    """Keep what the team saw of earlier cases; the audit is under way from the first of them on.

    Raises `RuleViolation` when the audit is over or its report waits for approval, the person is not on its team, owns
    or did what they looked at, or a case is not open any more; its value `row` is the id of that case.
    """
    refuse_ended(audit)
    check_not_given(audit.report_waits_for)
    if not standing(by, audit.concern) & {*TEAM, Who.TRAINEE}:
        raise NotPermitted(MAY[TEAM])
    if not looks:
        raise NotAllowedNow(N_("Nothing is noted yet. Say of at least one case what you saw."))
    cases = {case.id: case for case in queries.whole(audit.office, [look.finding_id for look in looks])}
    for look in looks:
        _check(look, cases.get(look.finding_id), by=by)
    if audit.state == "planned":
        audits.start(audit)
    kept = [_keep(audit, look, cases[look.finding_id], by=by, today=today) for look in looks]
    db.session.flush()  # what is offered next asks who looked
    return kept


def _check(look: Look, case: Finding | None, *, by: Actor) -> None:
    if case is None or case.waits_for is None:
        raise InvalidInput(N_("This case is not open any more. Leave it out."), field="seen", row=look.finding_id)
    if by.person_id in taking_part.of_case(case):
        raise InvalidInput(OWN_WORK, field="seen", row=look.finding_id)
    try:
        check_shown(look.seen, look.note)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message, field=refusal.field, row=look.finding_id) from refusal


def _keep(audit: Audit, look: Look, case: Finding, *, by: Actor, today: date) -> FindingCheck:
    is_lent = any(member.person_id == by.person_id and member.is_lent for member in audit.team)
    check = FindingCheck(
        office_id=audit.office_id,
        audit_id=audit.id,
        finding_id=case.id,
        seen=look.seen,
        note=look.note,
        checked_by_id=by.person_id,
        checked_on=today,
        may_judge=bool(standing(by, audit.concern) & TEAM) and not is_lent,
    )
    case.checks.append(check)
    case.changed_at = clock.now()
    return check


def next_steps(audit: Audit, checks: Mapping[int, FindingCheck], *, by: Actor, today: date) -> dict[int, Step]:
    """By finding, the step of its case that what was seen speaks for and that this person may take now."""
    cases = queries.whole(audit.office, list(checks))
    steps = {case.id: leads_to(Seen(checks[case.id].seen), offered(case, by=by, today=today)) for case in cases}
    return {finding_id: step for finding_id, step in steps.items() if step is not None}
