"""Papers in which everything is said: templates are tried on them, and the first ones are made from them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Final

from qms.domain.cause_analysis import Analysis
from qms.domain.causes import Cause, Starter
from qms.domain.checklist import Result
from qms.domain.findings import Category, Stage
from qms.domain.findings import State as CaseState
from qms.domain.following import Seen
from qms.domain.independence import Ground, Severity
from qms.domain.programme import Standing, State, months_window
from qms.domain.report import Parts
from qms.domain.scale import Called
from qms.domain.sources import Source
from qms.domain.standing import Who
from qms.papers.paper import Paper
from qms.reports.card_paper import card_paper
from qms.reports.plan_paper import plan_paper
from qms.reports.plans import (
    AuditPlan,
    BesideProgramme,
    Hours,
    Ordered,
    PlannedAudit,
    Question,
    QuestionSheet,
    Version,
    YearProgramme,
)
from qms.reports.programme_paper import programme_paper
from qms.reports.report import (
    Answered,
    Approval,
    Arranged,
    Card,
    Checked,
    Done,
    Found,
    Issue,
    LeftOut,
    Member,
    Named,
    OwnWork,
    Proof,
    Report,
    Signer,
)
from qms.reports.report_paper import report_paper
from qms.reports.sheet_paper import sheet_paper

_DAY: Final = date(2026, 11, 20)
_AT: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OFFICE: Final = "Starostwo Powiatowe"
_NAME: Final = "Anna Nowak"
_TEXT: Final = "Zażółć gęślą jaźń."
_CLAUSE: Final = Named("7.5.3", "Nadzór nad udokumentowanymi informacjami", "Control of documented information")
_PROOF: Final = Proof("rejestr.pdf", "0" * 64)
_SIGNERS: Final = tuple(Signer(role, _NAME) for role in ("lead", "unit_head", "proxy", "head_of_office"))
_PARTS: Final = Parts(conclusion=_TEXT, unaudited=_TEXT, obstacles=_TEXT, differing_opinions=_TEXT, distribution=_TEXT)
_FOUND: Final = Found(
    key="",
    number="N-2026-001",
    called=Called(Category.NONCONFORMITY),
    department_id=0,
    department="Wydział Finansowy",
    concerned=("Wydział Organizacyjny",),
    concerned_ids=frozenset(),
    clause=_CLAUSE,
    statement=_TEXT,
    requirement=_TEXT,
    evidence=_TEXT,
    files=(_PROOF,),
)
_AUDIT: Final = Arranged(
    office=_OFFICE,
    number="A-2026-01",
    kind="internal",
    edition_code="9001:2015",
    body=_TEXT,
    objective=_TEXT,
    starts_on=_DAY,
    ends_on=_DAY,
    departments=("Wydział Finansowy",),
    processes=("Pobór podatków",),
    clauses=(_CLAUSE,),
    left_out=(LeftOut(_CLAUSE, _TEXT, _TEXT, "1.3"),),
    criteria=_TEXT,
    method="on_site",
    places=_TEXT,
    team=(Member(_NAME, "lead"),),
    team_reason=_TEXT,
    own_work=(
        OwnWork(
            name=_NAME,
            item="Wydział Finansowy",
            ground=Ground.BELONGS,
            severity=Severity.BLOCK,
            permitted_by=_NAME,
            permitted_on=_DAY,
            reason=_TEXT,
        ),
    ),
)
_REPORT: Final = Report(
    audit=_AUDIT,
    scale=(Called(Category.NONCONFORMITY),),
    findings=(_FOUND,),
    checked=(
        Checked(
            number="N-2025-007",
            statement=_TEXT,
            department="Wydział Finansowy",
            seen=Seen.EFFECTIVE,
            note=_TEXT,
            checked_by=_NAME,
            checked_on=_DAY,
        ),
    ),
    parts=_PARTS,
    is_published=True,
    issues=(Issue(1, _PARTS, _TEXT, _AT, _NAME),),
    signers=_SIGNERS,
    approvals=(Approval(verb="", post=Who.HEAD_OF_OFFICE, person=_NAME, decided_at=_AT, order_number="12/2026"),),
)
_ANALYSIS: Final = Analysis(whys=(_TEXT, _TEXT))
_CARD: Final = Card(
    office=_OFFICE,
    found=_FOUND,
    source=Source.COMPLAINT,
    audit_number="A-2026-01",
    outer_number="OR.1510.3.2026",
    noticed_on=_DAY,
    reported_on=_DAY,
    recorded_by=_NAME,
    lead=_NAME,
    stage=Stage.CLOSED,
    state=CaseState.CLOSED,
    is_light=False,
    waits_for=None,
    rounds=(
        Answered(
            number=1,
            correction=_TEXT,
            no_correction_reason=_TEXT,
            cause=_ANALYSIS.written(_TEXT),
            analysis=_ANALYSIS,
            cause_kind=Cause(starter=Starter.TOOLS.value),
            criterion=_TEXT,
            answered_by=_NAME,
            answered_at=_AT,
            actions=(Done(description=_TEXT, owner=_NAME, due_on=_DAY, done_on=_DAY, done_note=_TEXT),),
            accepted_by=_NAME,
            accepted_on=_DAY,
            verification=_TEXT,
            verified_by=_NAME,
            verified_on=_DAY,
            effectiveness=_TEXT,
            is_effective=True,
            judged_by=_NAME,
            judged_on=_DAY,
        ),
    ),
    reason=_TEXT,
    closed_on=_DAY,
    signers=_SIGNERS[:3],
    earlier_number="N-2025-007",
    earlier_on=_DAY,
)
_PLAN: Final = AuditPlan(
    audit=_AUDIT,
    auditees=_TEXT,
    hours=(
        Hours(
            day=_DAY,
            from_time=time(9),
            to_time=time(10, 30),
            subject=_TEXT,
            department="Wydział Finansowy",
            person=_NAME,
            auditees=_TEXT,
        ),
    ),
    ordered=Ordered(2026, 1, 3, "12/2026"),
    is_cancelled=False,
    signers=_SIGNERS[:3],
)
_SHEET: Final = QuestionSheet(
    audit=_AUDIT,
    is_open=True,
    results={Result.CONFORMITY: "", Result.NONCONFORMITY: ""},
    questions=(
        Question(
            number=1,
            department="Wydział Finansowy",
            clause="7.5.3",
            text=_TEXT,
            hint=_TEXT,
            result=Result.CONFORMITY,
            note=_TEXT,
            answered_by=_NAME,
            answered_at=_AT,
            files=(_PROOF,),
        ),
        Question(number=2, department="Wydział Finansowy", clause="7.5.3", text=_TEXT, hint=""),
    ),
    signers=(Signer("lead", _NAME), Signer("auditor", _NAME)),
)
_PROGRAMME: Final = YearProgramme(
    office=_OFFICE,
    year=2026,
    issue=1,
    state=State.APPROVED,
    in_force=2,
    prepared_by=_NAME,
    audits=(
        PlannedAudit(
            line=1,
            departments=("Wydział Finansowy",),
            edition_code="9001:2015",
            clauses=("7.5.3", "8.5.1"),
            window=months_window(2026, 11, None),
            days=(_DAY, _DAY),
            lead=_NAME,
            standing=Standing.DONE,
            number="A-2026-01",
        ),
    ),
    beside=(
        BesideProgramme(number="A-2026-02", departments=("Wydział Finansowy",), days=(_DAY, _DAY), state="planned"),
    ),
    approvals=(
        Approval(verb="Sprawdzono", post=Who.PROXY, person=_NAME, decided_at=_AT),
        Approval(verb="", post=Who.HEAD_OF_OFFICE, person=_NAME, decided_at=_AT, order_number="12/2026"),
    ),
    versions=(Version(issue=1, state=State.APPROVED, approved_at=_AT, reason=_TEXT, changes=(_TEXT,)),),
)
_SAMPLES: Final[dict[str, Callable[[], Paper]]] = {
    "raport": lambda: report_paper(_REPORT),
    "karta": lambda: card_paper(_CARD),
    "program": lambda: programme_paper(_PROGRAMME),
    "plan": lambda: plan_paper(_PLAN),
    "lista": lambda: sheet_paper(_SHEET),
}


def sample(kind: str) -> Paper:
    """The sample of one kind of paper in the reader's language."""
    return _SAMPLES[kind]()
