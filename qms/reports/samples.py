"""A report and a card in which everything is said: templates are tried on them, and the first one is made from them."""

from datetime import UTC, date, datetime
from typing import Final

from qms.domain.findings import Category, Stage, State
from qms.domain.independence import Ground, Severity
from qms.domain.report import Parts
from qms.papers.paper import Paper
from qms.reports.card_paper import card_paper
from qms.reports.report import (
    Answered,
    Card,
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
    category=Category.NONCONFORMITY,
    department_id=0,
    department="Wydział Finansowy",
    clause=_CLAUSE,
    statement=_TEXT,
    requirement=_TEXT,
    evidence=_TEXT,
    files=(_PROOF,),
)
_REPORT: Final = Report(
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
    scale=(Category.NONCONFORMITY,),
    findings=(_FOUND,),
    parts=_PARTS,
    is_published=True,
    issues=(Issue(1, _PARTS, _TEXT, _AT, _NAME),),
    signers=_SIGNERS,
)
_CARD: Final = Card(
    office=_OFFICE,
    found=_FOUND,
    audit_number="A-2026-01",
    reported_on=_DAY,
    recorded_by=_NAME,
    lead=_NAME,
    stage=Stage.CLOSED,
    state=State.CLOSED,
    waits_for=None,
    rounds=(
        Answered(
            number=1,
            correction=_TEXT,
            no_correction_reason=_TEXT,
            cause=_TEXT,
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
)


def sample(kind: str) -> Paper:
    """The sample of one kind of paper in the reader's language."""
    return report_paper(_REPORT) if kind == "raport" else card_paper(_CARD)
