"""Findings as the audit team writes them, until the report makes them known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from qms.audits import permits
from qms.audits import service as audits
from qms.audits.models import INTERNAL, Audit
from qms.core import clock, files, text
from qms.core.db import db, new_key
from qms.core.files import StoredFile
from qms.domain import editions
from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.files import FIELD
from qms.domain.findings import LEAD, MAY, TEAM, State, Step, lacking
from qms.domain.report import check_not_given, check_says_something
from qms.domain.scale import Choice, choices
from qms.domain.scale import Kind as ScaleKind
from qms.domain.standing import Who
from qms.findings import body, concerned, notices, queries, waiting
from qms.findings.facts import facts, granted
from qms.findings.models import Evidence, Finding, Round
from qms.offices import queries as offices
from qms.offices.service import next_number
from qms.policy import Actor, standing
from qms.requirements import queries as requirements
from qms.standards import queries as standards
from qms.standards.models import Clause

SEARCHED = 4000


@dataclass(frozen=True)
class Upload:
    """A file as it was given."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, kw_only=True)
class Written:
    """What the team writes about a finding; what was seen and what follows from it stand apart.

    `category` is the code of one of the `categories` of the audit; a meaning alone stands for the first kind of it.
    """

    clause_id: int | None
    department_id: int | None
    category: str
    requirement: str = ""
    evidence: str = ""
    statement: str = ""
    outer_number: str = ""
    concerned_ids: frozenset[int] = frozenset()  # departments beside the one that answers


def record(audit: Audit, written: Written, uploads: Sequence[Upload] = (), *, by: Actor) -> Finding:
    """Add a draft to an audit, which is under way from its first finding on.

    Raises `RuleViolation` when the audit is over, the person is not on its team, or the clause or unit is wrong.
    """
    refuse_ended(audit)
    check_not_given(audit.report_waits_for)
    if not standing(by, audit.concern) & {*TEAM, Who.TRAINEE}:
        raise NotPermitted(MAY[TEAM])
    checked = _check(audit, written)
    concerned.check(audit, written.department_id, written.concerned_ids, by=by)
    if audit.state == "planned":
        audits.start(audit)
    finding = Finding(
        office_id=audit.office_id, key=new_key(), audit_id=audit.id, state=State.DRAFT, recorded_by_id=by.person_id
    )
    _write(finding, written, checked)
    finding.changed_at = clock.now()
    db.session.add(finding)
    db.session.flush()  # files point at it
    attach(finding, uploads, by=by)
    return finding


def change(
    finding: Finding,
    written: Written,
    uploads: Sequence[Upload] = (),
    *,
    by: Actor,
    removed: Collection[int | None] = (),
) -> None:
    """Rewrite a draft and take the files with these ids off it.

    Raises `RuleViolation` like `record`, and once the finding is published.
    """
    if finding.state != State.DRAFT:
        raise NotAllowedNow(N_("This finding is published, so its text stands. Write what is new in the case."))
    check_not_given(finding.found_in.report_waits_for)
    if not standing(by, finding.concern) & {*TEAM, Who.TRAINEE}:
        raise NotPermitted(MAY[TEAM])
    checked = _check(finding.found_in, written, kept=finding.clause_id)
    concerned.check(finding.found_in, written.department_id, written.concerned_ids, by=by)
    _write(finding, written, checked)
    _take_off(finding, removed)
    attach(finding, uploads, by=by)


def _take_off(finding: Finding, evidence_ids: Collection[int | None]) -> None:
    """The trail keeps the names; the contents go with the next sweep of the file store."""
    for evidence in [each for each in finding.files if each.id in evidence_ids]:
        finding.files.remove(evidence)
        db.session.delete(evidence.file)


def withdraw(finding: Finding, *, by: Actor, today: date) -> None:
    """Take a draft back; it keeps its row, gets no number and is shown nowhere."""
    check_not_given(finding.found_in.report_waits_for)
    finding.state = granted(Step.WITHDRAW, finding, by=by, today=today)
    waiting.settle(finding)


def missing_parts(drafts: Sequence[Finding], *, by: Actor, today: date) -> dict[int, list[str]]:
    """Per draft that cannot be published yet, by its id, the sentences that say what to add."""
    found = {}
    for finding in drafts:
        refusals = lacking(Step.PUBLISH, who=LEAD, facts=facts(finding, by=by, today=today))
        if refusals:
            found[finding.id] = [refusal.message for refusal in refusals]
    return found


def publish(audit: Audit, *, conclusion: str, by: Actor, today: date) -> list[Finding]:
    """Publish the report: number the findings, let the cases wait for an answer, write to the heads of the units.

    Raises `RuleViolation` when the audit is over, somebody else leads it, a draft lacks a part, or somebody of the team
    turned out to have judged their own work.
    """
    drafts, states = _publishable(audit, conclusion=conclusion, by=by, today=today)
    kinds = {row.key: row.kind for row in offices.finding_kinds(audit.office_id)}
    for finding, state in zip(drafts, states, strict=True):
        number_and_report(finding, state, today, kind=kinds[finding.kind_key])
    body.count_for(audit, drafts)
    audit.state, audit.conclusion = "finished", conclusion
    audit.published_at, audit.published_by_id = clock.now(), by.person_id
    audit.finding_count = len(drafts)
    db.session.flush()  # letters tell of the numbers
    notices.published(audit, drafts, today=today)
    return drafts


def check_publishable(audit: Audit, *, conclusion: str, by: Actor, today: date) -> None:
    """Raises what `publish` would, and does nothing."""
    _publishable(audit, conclusion=conclusion, by=by, today=today)


def _publishable(audit: Audit, *, conclusion: str, by: Actor, today: date) -> tuple[list[Finding], list[State]]:
    """The drafts and what each becomes."""
    refuse_ended(audit)
    if not standing(by, audit.concern) & LEAD:
        raise NotPermitted(MAY[LEAD])
    permits.check(audit)
    drafts = queries.drafts_of(audit)
    states = [granted(Step.PUBLISH, finding, by=by, today=today) for finding in drafts]
    check_says_something(conclusion, findings=len(drafts))
    return drafts, states


def number_and_report(finding: Finding, state: State, today: date, *, kind: ScaleKind) -> None:
    """Make a finding known under its number; a case waits for its answer from the day."""
    prefix = kind.symbol
    finding.number = next_number(finding.office, prefix, today, prefix=prefix, unit=finding.department.symbol)
    finding.is_light = kind.is_answered
    finding.state, finding.reported_on = state, today
    finding.search_text = _search_text(finding)
    if waiting.is_case(finding):
        finding.rounds.append(Round(office_id=finding.office_id, number=finding.round_number))
        waiting.wait_for(finding, Kind.ANSWER, since=today)
    waiting.settle(finding)


def attach(finding: Finding, uploads: Sequence[Upload], *, by: Actor, action_id: int | None = None) -> None:
    """Keep files as evidence. Raises `InvalidInput` for a kind or size that is not kept."""
    for stored in _stored(uploads, finding.office_id):
        finding.files.append(
            Evidence(
                office_id=finding.office_id,
                action_id=action_id,
                file=stored,
                added_by_id=by.person_id,
                added_at=clock.now(),
            )
        )
    finding.changed_at = clock.now()


def _stored(uploads: Sequence[Upload], office_id: int) -> list[StoredFile]:
    """Raises the first refusal, with the names of all files that are not kept as its value `refused`."""
    stored, refusals = [], {}
    for upload in uploads:
        try:
            stored.append(files.store(upload.stream, upload.name, office_id=office_id))
        except InvalidInput as refusal:
            refusals[upload.name] = refusal
    if refusals:
        first = next(iter(refusals.values()))
        raise InvalidInput(first.message, field=FIELD, **first.params, refused=[*refusals]) from first
    return stored


def refuse_ended(audit: Audit) -> None:
    """Raises `NotAllowedNow` once nothing can be added to the audit."""
    if audit.state == "finished":
        raise NotAllowedNow(N_("The report of this audit is published. Record what is new in another audit."))
    if audit.state == "cancelled":
        raise NotAllowedNow(N_("This audit was cancelled. Record the finding in another audit."))


def categories(audit: Audit) -> tuple[Choice, ...]:
    """The kinds of finding to choose from, in the office's order; a certification body always grades."""
    kinds = {each.key: each.kind for each in offices.finding_kinds(audit.office_id)}
    return choices(kinds, always_grades=audit.kind not in INTERNAL)


def code_of(draft: Finding) -> str:
    """The code of what a draft is recorded as; empty once the office no longer offers it."""
    own = (draft.kind_key, draft.category)
    return next((each.code for each in categories(draft.found_in) if (each.key, each.called.category) == own), "")


def _check(audit: Audit, written: Written, *, kept: int | None = None) -> tuple[Choice, Clause]:
    if written.department_id not in {part.department_id for part in audit.departments}:
        raise InvalidInput(N_("Choose a unit that this audit covers."), field="department_id")
    choice = next((each for each in categories(audit) if each.code == written.category), None)
    if choice is None:
        raise InvalidInput(N_("Choose what kind of finding it is."), field="category")
    if not written.statement:
        raise InvalidInput(N_("Write what was found."), field="statement")
    return choice, _check_clause(audit, written.clause_id, kept=kept)


def _check_clause(audit: Audit, clause_id: int | None, *, kept: int | None) -> Clause:
    """The clause, if a finding may be about it; the one a draft has stays good, though it was excluded meanwhile."""
    clause = standards.clauses_by_id([clause_id]).get(clause_id) if clause_id else None
    if clause is None or clause.edition_code != audit.edition_code:
        raise InvalidInput(N_("Choose a clause of the edition this audit is held against."), field="clause_id")
    if not editions.is_auditable(editions.NodeKind(clause.kind)):
        raise InvalidInput(N_("Choose the exact requirement, not a whole chapter or group."), field="clause_id")
    if clause.id != kept:
        excluded = requirements.excluded(audit.office_id, audit.edition_code, audit.starts_on)
        editions.check_applied(clause.number, excluded, by_outsiders=audit.kind not in INTERNAL, field="clause_id")
    return clause


def _write(finding: Finding, written: Written, as_checked: tuple[Choice, Clause]) -> None:
    choice, clause = as_checked
    finding.clause, finding.department_id = clause, written.department_id or 0
    finding.category, finding.category_name = choice.called.category, choice.called.name
    finding.kind_key = choice.key
    finding.requirement, finding.evidence = written.requirement, written.evidence
    finding.statement, finding.outer_number = written.statement, written.outer_number
    concerned.name(finding, written.concerned_ids)
    finding.search_text = _search_text(finding)


def _search_text(finding: Finding) -> str:
    return text.search_text(finding.number, finding.outer_number, finding.statement, finding.requirement)[:SEARCHED]
