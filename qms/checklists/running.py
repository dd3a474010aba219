"""Answers as they come from pages and tablets. None is ever thrown away, whatever the audit has become meanwhile.

An answer that tells of a finding writes its draft at once: clause, unit, person and day are known. Where that is
refused, the answer stands all the same and the reason is said.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import IO, Final

from qms.audits import service as audits
from qms.audits.models import OPEN_STATES, Audit
from qms.checklists import queries
from qms.checklists.models import AnswerEvent, AnswerFile, AuditQuestion
from qms.core import clock, files
from qms.core.db import db
from qms.domain import checklist
from qms.domain.checklist import Result
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted, RuleViolation
from qms.domain.findings import MAY, TEAM, Category
from qms.domain.standing import Who
from qms.domain.words import clean_text
from qms.findings import queries as findings
from qms.findings import recording
from qms.findings.models import Finding
from qms.findings.recording import Upload, Written
from qms.policy import Actor, standing

LONGEST_NOTE: Final = 4000
LONGEST_SIDE: Final = 1600  # of a photo, in pixels


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as it came. `device_at` is what the clock of the device said, right or wrong."""

    event_key: str
    question_key: str
    result: str
    note: str = ""
    device_at: datetime | None = None


def offered(audit: Audit) -> dict[Result, str]:
    """The answers to choose from, with the office's own name of what follows from each, empty where it has none."""
    names: dict[str, str] = {}
    for each in recording.categories(audit):
        names.setdefault(each.called.category, each.called.name)
    return {each: names.get(each, "") for each in checklist.results(names)}


@dataclass(frozen=True, kw_only=True)
class GivenFile:
    """A photo or file that belongs to an answer, as it came."""

    event_key: str
    question_key: str
    name: str
    stream: IO[bytes]
    device_at: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What became of something that came: it is kept, and `remark` says where it did not go."""

    is_late: bool = False
    remark: RuleViolation | None = None


KNOWN: Final = Taken()


def take(audit: Audit, given: Given, *, by: Actor, today: date) -> Taken:
    """Keep an answer and write the draft that follows from it.

    Raises `RuleViolation`, having kept nothing, when the person is not on the team or the answer cannot be read.
    """
    question = _question(audit, given.event_key, given.question_key, by=by)
    note = clean_text(given.note, LONGEST_NOTE, field="note") if given.note.strip() else ""
    if queries.is_known(audit.office_id, given.event_key):
        return KNOWN
    result = _result(audit, given.result)
    is_late = audit.state not in OPEN_STATES
    event = AnswerEvent(result=result, note=note, **_came(audit, question, given=given, by=by))
    db.session.add(event)
    question.is_removed = False
    db.session.flush()
    if is_late:
        return Taken(is_late=True, remark=_too_late())
    return Taken(remark=_follow(audit, question, event, by=by, today=today))


def take_file(audit: Audit, given: GivenFile, *, by: Actor) -> Taken:
    """Keep a photo or file, and show it with the draft that the answer made.

    Raises `RuleViolation` like `take`, and for a kind or size that is not kept.
    """
    question = _question(audit, given.event_key, given.question_key, by=by)
    if queries.is_known(audit.office_id, given.event_key):
        return KNOWN
    stored = files.store(given.stream, given.name, office_id=audit.office_id, longest_side=LONGEST_SIDE)
    kept = AnswerFile(file=stored, **_came(audit, question, given=given, by=by))
    db.session.add(kept)
    question.is_removed = False
    db.session.flush()
    if kept.is_late:
        return Taken(is_late=True, remark=_too_late())
    finding = _draft_of(audit, question)
    if finding is not None and not audit.report_waits_for:
        _attach(finding, [kept], by=by)
    return Taken()


def _question(audit: Audit, event_key: str, question_key: str, *, by: Actor) -> AuditQuestion:
    if not standing(by, audit.concern) & {*TEAM, Who.TRAINEE}:
        raise NotPermitted(MAY[TEAM])
    checklist.check_event_id(event_key)
    queries.lock(audit)
    question = queries.question(audit.id, question_key)
    if question is None:
        raise InvalidInput(N_("This question is not one of this audit. Open the page again and answer once more."))
    return question


def _result(audit: Audit, typed: str) -> Result:
    return checklist.check_result(typed, {each.called.category for each in recording.categories(audit)})


def _came(audit: Audit, question: AuditQuestion, *, given: Given | GivenFile, by: Actor) -> dict[str, object]:
    return {
        "office_id": audit.office_id,
        "event_key": given.event_key,
        "audit_id": audit.id,
        "question_id": question.id,
        "person_id": by.person_id,
        "device_at": given.device_at,
        "received_at": clock.now(),
        "is_late": audit.state not in OPEN_STATES,
    }


def _too_late() -> RuleViolation:
    return NotAllowedNow(
        N_("The audit is over, so this answer changes nothing in its report. It is kept with the questions.")
    )


def _follow(
    audit: Audit, question: AuditQuestion, event: AnswerEvent, *, by: Actor, today: date
) -> RuleViolation | None:
    """Begin the audit with its first answer and bring the draft into line; what is refused there is told."""
    try:
        if audit.state == "planned":
            audits.start(audit)
        _settle(audit, question, event, by=by, today=today)
    except RuleViolation as refusal:
        return refusal
    return None


def _settle(audit: Audit, question: AuditQuestion, event: AnswerEvent, *, by: Actor, today: date) -> None:
    category, finding, note = checklist.category_of(Result(event.result)), _draft_of(audit, question), event.note
    if category is None:
        if finding is not None:
            recording.withdraw(finding, by=by, today=today)
            question.finding_id = None
    elif finding is not None:
        recording.change(finding, _rewritten(finding, category, note), by=by)
    elif note:
        finding = recording.record(audit, _written(question, category, note), by=by)
        question.finding_id = finding.id
        _attach(finding, queries.files(audit.id).get(question.id, ()), by=by)


def _draft_of(audit: Audit, question: AuditQuestion) -> Finding | None:
    """The draft this question made, unless somebody took it back since."""
    made = db.session.get(Finding, question.finding_id) if question.finding_id else None
    return findings.draft_by_key(audit.office, made.key) if made is not None else None


def _written(question: AuditQuestion, category: Category, note: str) -> Written:
    return Written(
        clause_id=question.clause_id, department_id=question.department_id, category=category, statement=note
    )


def _rewritten(before: Finding, category: Category, note: str) -> Written:
    """What was written besides, on the page of the draft, stays; so does the kind, if it means the same."""
    return Written(
        clause_id=before.clause_id,
        department_id=before.department_id,
        category=recording.code_of(before) if before.category == category else category,
        requirement=before.requirement,
        evidence=before.evidence,
        statement=note or before.statement,
        outer_number=before.outer_number,
        concerned_ids=frozenset(each.department_id for each in before.concerned),
    )


def _attach(finding: Finding, kept: Iterable[AnswerFile], *, by: Actor) -> None:
    for each in kept:
        with files.path_of(each.file).open("rb") as stream:
            recording.attach(finding, [Upload(each.file.name, stream)], by=by)


def take_all(
    audit: Audit, answers: Iterable[Given], attached: Iterable[GivenFile], *, by: Actor, today: date
) -> list[Taken]:
    """Keep what one page brought. Raises the first refusal, with the key of its question as `question`."""
    keep: list[tuple[str, Callable[[], Taken]]] = [
        *((each.question_key, partial(take, audit, each, by=by, today=today)) for each in answers),
        *((each.question_key, partial(take_file, audit, each, by=by)) for each in attached),
    ]
    return [_kept(question_key, verb) for question_key, verb in keep]


def _kept(question_key: str, verb: Callable[[], Taken]) -> Taken:
    try:
        return verb()
    except RuleViolation as refusal:
        refusal.params["question"] = question_key
        raise
