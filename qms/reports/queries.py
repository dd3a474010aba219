"""Reports as their pages read them, and what other papers share; as many statements for sixty findings as for none."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from qms.approvals.models import StepOfPaper
from qms.audits import queries as audits
from qms.audits.models import Audit
from qms.checklists.models import AnswerFile
from qms.core import clock
from qms.core.db import db
from qms.core.loading import PARENTS, Held, fill
from qms.domain.independence import Item, ItemKind
from qms.domain.report import PENDING, Given, Parts
from qms.domain.standing import TeamRole, Who
from qms.findings import earlier
from qms.findings import queries as findings
from qms.findings.models import Evidence, Finding, FindingCheck
from qms.findings.recording import categories
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Reach
from qms.reports.left_out import left_out_of, named
from qms.reports.models import GivenReport, ReportApproval, ReportIssue
from qms.reports.report import Approval, Arranged, Checked, Found, Issue, Member, OwnWork, Proof, Report, Signer
from qms.standards.models import Clause

# Written once, because building a statement takes longer than running it.
_ISSUES: Final = (
    select(ReportIssue)
    .where(ReportIssue.audit_id == bindparam("audit_id"))
    .order_by(ReportIssue.number)
    .options(joinedload(ReportIssue.published_by))
)
_GIVEN: Final = (
    select(GivenReport).where(GivenReport.audit_id == bindparam("audit_id")).order_by(GivenReport.id.desc()).limit(1)
)
_APPROVALS: Final = Held(
    "approvals",
    select(ReportApproval)
    .where(ReportApproval.given_id.in_(PARENTS))
    .order_by(ReportApproval.place)
    .options(joinedload(ReportApproval.person)),
    by=ReportApproval.given_id,
)
_GIVEN_AS: Final = select(GivenReport).where(
    GivenReport.audit_id == bindparam("audit_id"),
    GivenReport.number == bindparam("number"),
    GivenReport.state == Given.PUBLISHED,
)


def published_by_key(office: Office, key: str) -> Audit | None:
    """An audit of the office whose report is published."""
    audit = audits.by_key(office, key)
    return audit if audit is not None and audit.published_at is not None else None


def given_by_key(office: Office, key: str) -> GivenReport | None:
    """What was last given for approval of an audit's report, whatever became of it."""
    audit = audits.by_key(office, key)
    return given_of(audit) if audit is not None else None


def pending_by_key(office: Office, key: str) -> GivenReport | None:
    """What waits for approval or publication."""
    given = given_by_key(office, key)
    return given if given is not None and given.state in PENDING else None


def given_of(audit: Audit) -> GivenReport | None:
    """What was last given for approval of the report of an audit, with its steps."""
    given = db.session.scalar(_GIVEN, {"audit_id": audit.id})
    if given is not None:
        set_committed_value(given, "audit", audit)
        fill([given], _APPROVALS)
    return given


def parts_of(audit: Audit) -> Parts:
    """What the report of an audit says beside the findings: as drafted, or as the last issue has it."""
    return Parts(**{each.name: getattr(audit, each.name) for each in fields(Parts)})


def issues_of(audit: Audit) -> list[ReportIssue]:
    """The issues of its report, the first one first."""
    return list(db.session.scalars(_ISSUES, {"audit_id": audit.id}))


def report_of(audit: Audit, *, today: date) -> Report:
    """The report of an audit, or its draft with the findings as they stand."""
    written = _findings_of(audit)
    issues = issues_of(audit) if audit.published_at else []
    day = clock.day_of(audit.published_at) if audit.published_at else today
    return Report(
        audit=arranged(audit, issues),
        scale=tuple(each.called for each in categories(audit)),
        findings=tuple(found_as(finding) for finding in written),
        checked=tuple(_checked(each) for each in earlier.checks_of(audit).values()),
        parts=parts_of(audit),
        is_published=audit.published_at is not None,
        issues=tuple(_issue(each) for each in issues),
        signers=tuple(signers(audit, day)),
        approvals=_approved(audit, len(issues)),
    )


def _approved(audit: Audit, number: int) -> tuple[Approval, ...]:
    """Who approved the last issue, where the office approves reports."""
    if not number:
        return ()
    given = list(db.session.scalars(_GIVEN_AS, {"audit_id": audit.id, "number": number}))
    fill(given, _APPROVALS)
    return tuple(approval_as(step) for each in given for step in each.approvals)


def given_report(given: GivenReport, *, today: date) -> Report:
    """The report as it would be published, with how far its approval is."""
    approvals = tuple(approval_as(step) for step in given.approvals)
    told = report_of(given.audit, today=today)
    return replace(told, parts=given.parts, approvals=approvals, given_number=given.number)


def approval_as(step: StepOfPaper) -> Approval:
    """A step as papers tell it."""
    return Approval(
        verb=step.verb,
        post=step.post,
        person=step.person.name if step.person else "",
        decided_at=step.decided_at,
        order_number=step.order_number,
    )


def arranged(audit: Audit, issues: Sequence[ReportIssue] = ()) -> Arranged:
    """How an audit is arranged, as its plan and its report tell it; exclusions as its last issue keeps them."""
    return Arranged(
        office=audit.office.name,
        number=audit.number,
        kind=audit.kind,
        edition_code=audit.edition_code,
        body=audit.body,
        objective=audit.objective,
        starts_on=audit.starts_on,
        ends_on=audit.ends_on,
        departments=tuple(_departments(audit)),
        processes=tuple(sorted(part.process.name for part in audit.processes)),
        clauses=tuple(named(clause) for clause in _clauses(audit)),
        left_out=left_out_of(audit, issues),
        criteria=audit.criteria,
        method=audit.method,
        places=audit.places,
        team=tuple(_team(audit)),
        team_reason=audit.team_reason,
        own_work=tuple(_own_work(audit)),
    )


def _findings_of(audit: Audit) -> list[Finding]:
    if audit.published_at is None:
        return findings.drafts_of(audit)
    return findings.reported_of(audit, Reach(everything=True))


def _departments(audit: Audit) -> Iterable[str]:
    units = sorted((part.department for part in audit.departments), key=lambda unit: unit.sort_key)
    return (unit.name for unit in units)


def _clauses(audit: Audit) -> list[Clause]:
    return sorted((part.clause for part in audit.clauses), key=lambda clause: clause.place)


def _team(audit: Audit) -> Iterable[Member]:
    """The lead first, then as they were chosen."""
    members = sorted(audit.team, key=lambda member: member.role != TeamRole.LEAD)
    return (Member(each.person.name, each.role, each.is_lent, tuple(each.warning.split())) for each in members)


def _own_work(audit: Audit) -> Iterable[OwnWork]:
    """Close to whose work somebody of the team came, as last checked."""
    names = {Item(ItemKind.UNIT, part.department_id): part.department.name for part in audit.departments}
    names |= {Item(ItemKind.PROCESS, part.process_id): part.process.name for part in audit.processes}
    names |= {Item(ItemKind.CLAUSE, part.clause_id): part.clause.number for part in audit.clauses}
    for each in audit.conflicts:
        yield OwnWork(
            name=each.person.name,
            item=names.get(each.item, ""),
            ground=each.ground,
            severity=each.severity,
            permitted_by=each.permitted_by.name if each.permitted_by else "",
            permitted_on=each.permitted_on,
            reason=each.permit_reason,
        )


def found_as(finding: Finding) -> Found:
    """A finding that was read with its files."""
    return Found(
        key=finding.key,
        number=finding.number or "",
        called=finding.called,
        department_id=finding.department_id,
        department=finding.department.name,
        concerned=tuple(each.department.name for each in finding.concerned),
        concerned_ids=frozenset(each.department_id for each in finding.concerned),
        clause=named(finding.clause) if finding.clause else None,
        statement=finding.statement,
        requirement=finding.requirement,
        evidence=finding.evidence,
        files=proofs(file for file in finding.files if file.action_id is None),
    )


def _checked(check: FindingCheck) -> Checked:
    return Checked(
        number=check.finding.number or "",
        statement=check.finding.statement,
        department=check.finding.department.name,
        seen=check.seen,
        note=check.note,
        checked_by=check.checked_by.name,
        checked_on=check.checked_on,
    )


def proofs(given: Iterable[Evidence | AnswerFile]) -> tuple[Proof, ...]:
    """Files as papers name them."""
    return tuple(Proof(each.file.name, each.file.sha256) for each in given)


def _issue(row: ReportIssue) -> Issue:
    return Issue(row.number, row.parts, row.reason, row.published_at, row.published_by.name)


def signers(audit: Audit, day: date) -> list[Signer]:
    """Who signs what is about an audit: its lead, and `signers_of` its office."""
    leads = [Signer("lead", each.person.name) for each in audit.team if each.role == TeamRole.LEAD]
    return leads + signers_of(audit.office_id, {part.department_id for part in audit.departments}, day)


def signers_of(office_id: int, department_ids: Iterable[int], day: date) -> list[Signer]:
    """Who signs for an office on the day: the heads of these units, the proxy and the head of the office."""
    heads, holders = people.heads(office_id, day), people.holders(office_id, day)
    posts = [("unit_head", person_id) for unit in sorted(department_ids) for person_id in heads.get(unit, [])]
    posts += [("proxy", person_id) for person_id in holders.get(Who.PROXY, [])]
    posts += [("head_of_office", person_id) for person_id in holders.get(Who.HEAD_OF_OFFICE, [])]
    names = people.names({person_id for _, person_id in posts})
    return [Signer(role, names[person_id]) for role, person_id in dict.fromkeys(posts)]
