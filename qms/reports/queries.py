"""Reports, cards and templates as their pages read them; as many statements for sixty findings as for none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from qms.audits import queries as audits
from qms.audits.models import INTERNAL, Audit
from qms.core import clock
from qms.core.db import db
from qms.core.loading import PARENTS, fill
from qms.domain.findings import Category, scale
from qms.domain.independence import Item, ItemKind
from qms.domain.report import Parts
from qms.domain.standing import Concern, TeamRole, Who
from qms.findings import queries as findings
from qms.findings.models import Action, Evidence, Finding, Round
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Reach
from qms.reports.left_out import left_out_of, named
from qms.reports.models import KINDS, PaperTemplate, ReportIssue
from qms.reports.report import Answered, Card, Done, Found, Issue, Member, OwnWork, Proof, Report, Signer
from qms.standards.models import Clause

# Written once, because building a statement takes longer than running it.
_ISSUES: Final = (
    select(ReportIssue)
    .where(ReportIssue.audit_id == bindparam("audit_id"))
    .order_by(ReportIssue.number)
    .options(joinedload(ReportIssue.published_by))
)
_PROOFS: Final = (
    select(Evidence)
    .where(Evidence.finding_id.in_(PARENTS), Evidence.action_id.is_(None))
    .order_by(Evidence.id)
    .options(joinedload(Evidence.file))
)
_TEMPLATES: Final = (
    select(PaperTemplate)
    .where(PaperTemplate.office_id == bindparam("office_id"))
    .options(joinedload(PaperTemplate.file), joinedload(PaperTemplate.added_by))
)


def published_by_key(office: Office, key: str) -> Audit | None:
    """An audit of the office whose report is published."""
    audit = audits.by_key(office, key)
    return audit if audit is not None and audit.published_at is not None else None


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
        scale=scale(uses_grades=audit.office.uses_grades or audit.kind not in INTERNAL),
        findings=tuple(_found(finding) for finding in written),
        parts=parts_of(audit),
        is_published=audit.published_at is not None,
        issues=tuple(_issue(each) for each in issues),
        signers=tuple(_signers(audit, day)),
    )


def _findings_of(audit: Audit) -> list[Finding]:
    if audit.published_at is None:
        return findings.drafts_of(audit)
    found = findings.reported_of(audit, Reach(everything=True))
    fill(found, "files", _PROOFS, by="finding_id")
    return found


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


def _found(finding: Finding) -> Found:
    return Found(
        key=finding.key,
        number=finding.number or "",
        category=Category(finding.category),
        department_id=finding.department_id,
        department=finding.department.name,
        clause=named(finding.clause),
        statement=finding.statement,
        requirement=finding.requirement,
        evidence=finding.evidence,
        files=_proofs(file for file in finding.files if file.action_id is None),
    )


def _proofs(given: Iterable[Evidence]) -> tuple[Proof, ...]:
    return tuple(Proof(each.file.name, each.file.sha256) for each in given)


def _issue(row: ReportIssue) -> Issue:
    return Issue(row.number, row.parts, row.reason, row.published_at, row.published_by.name)


def _signers(audit: Audit, day: date) -> list[Signer]:
    """Who signs the report: its lead, the heads of the audited units, the proxy and the head of the office."""
    leads = [Signer("lead", each.person.name) for each in audit.team if each.role == TeamRole.LEAD]
    return leads + _of_office(audit.office_id, {part.department_id for part in audit.departments}, day)


def _of_office(office_id: int, department_ids: Iterable[int], day: date) -> list[Signer]:
    heads, holders = people.heads(office_id, day), people.holders(office_id, day)
    posts = [("unit_head", person_id) for unit in sorted(department_ids) for person_id in heads.get(unit, [])]
    posts += [("proxy", person_id) for person_id in holders.get(Who.PROXY, [])]
    posts += [("head_of_office", person_id) for person_id in holders.get(Who.HEAD_OF_OFFICE, [])]
    names = people.names({person_id for _, person_id in posts})
    return [Signer(role, names[person_id]) for role, person_id in dict.fromkeys(posts)]


def card_of(finding: Finding, *, today: date) -> Card:
    """The card of a published finding that was read with its whole case."""
    day = finding.closed_on or today
    lead = next((each.person.name for each in finding.audit.team if each.role == TeamRole.LEAD), "")
    return Card(
        office=finding.office.name,
        found=_found(finding),
        audit_number=finding.audit.number,
        reported_on=finding.reported_on or day,
        recorded_by=finding.recorded_by.name,
        lead=lead,
        stage=finding.stage,
        state=finding.state,
        waits_for=finding.waits_for,
        rounds=tuple(_answered(finding, each) for each in finding.rounds if each.answered_at),
        reason=finding.reason,
        closed_on=finding.closed_on,
        signers=(
            *([Signer("lead", lead)] if lead else []),
            *(each for each in _of_office(finding.office_id, [finding.department_id], day) if each.role != _HEAD),
        ),
    )


_HEAD: Final = "head_of_office"  # signs reports; a card stays between the team, the unit and the proxy


def _answered(finding: Finding, row: Round) -> Answered:
    if row.answered_at is None:
        raise ValueError(row.id)
    actions = [each for each in finding.actions if each.round_number == row.number]
    return Answered(
        number=row.number,
        correction=row.correction,
        no_correction_reason=row.no_correction_reason,
        cause=row.cause,
        answered_by=row.answered_by.name if row.answered_by else "",
        answered_at=row.answered_at,
        actions=tuple(_done(each, finding.files) for each in actions),
        accepted_by=row.accepted_by.name if row.accepted_by else "",
        accepted_on=row.accepted_on,
        verification=row.verification,
        verified_by=row.verified_by.name if row.verified_by else "",
        verified_on=row.verified_on,
        effectiveness=row.effectiveness,
        is_effective=row.is_effective,
        judged_by=row.judged_by.name if row.judged_by else "",
        judged_on=row.judged_on,
    )


def _done(action: Action, files: Sequence[Evidence]) -> Done:
    return Done(
        description=action.description,
        owner=action.owner.name,
        due_on=action.due_on,
        done_on=action.done_on,
        done_note=action.done_note,
        files=_proofs(file for file in files if file.action_id == action.id),
    )


@dataclass(frozen=True)
class Slot:
    """Where the office's own template of one kind of paper goes, filled or not."""

    office: Office
    kind: str
    template: PaperTemplate | None

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id)

    @property
    def version(self) -> str:
        """The version a form is loaded with; empty where there is no template yet."""
        return str(self.template.version) if self.template else ""


def slots(office: Office) -> list[Slot]:
    """The kinds of papers, each with the office's own template if it has one."""
    own = {each.kind: each for each in db.session.scalars(_TEMPLATES, {"office_id": office.id})}
    return [Slot(office, kind, own.get(kind)) for kind in KINDS]


def slot_of(office: Office, paper: str) -> Slot | None:
    """The place for the template of one kind of paper."""
    return next((each for each in slots(office) if each.kind == paper), None)
