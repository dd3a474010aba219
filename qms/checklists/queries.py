"""Lists of questions, the questions of an audit and the answers to them, as pages and other rooms read them."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import BindParameter, Integer, bindparam, select
from sqlalchemy.orm import Load, contains_eager, joinedload, raiseload

from qms.audits.models import Audit
from qms.checklists.models import (
    AnswerEvent,
    AnswerFile,
    AuditQuestion,
    ListIssue,
    ListQuestion,
    QuestionList,
    QuestionListProcess,
)
from qms.core.db import db
from qms.core.loading import PARENTS, Held, fill
from qms.domain.checklist import Answer, Event, Section, fold, sections
from qms.domain.checklist import unanswered as without_answer
from qms.offices.models import Office, Process

_AUDIT: Final[BindParameter[int]] = bindparam("audit_id", type_=Integer)

# Written once, because building a statement takes longer than running it.
_QUESTIONS: Final = (
    select(AuditQuestion)
    .where(AuditQuestion.audit_id == _AUDIT)
    .options(
        joinedload(AuditQuestion.clause),
        joinedload(AuditQuestion.department),
        joinedload(AuditQuestion.finding),
        Load(AuditQuestion).raiseload("*", sql_only=True),  # a draft is still read whole where it is changed
    )
)
_EVENTS: Final = select(AnswerEvent).where(AnswerEvent.audit_id == _AUDIT).order_by(AnswerEvent.id)
_FILES: Final = (
    select(AnswerFile)
    .where(AnswerFile.audit_id == _AUDIT)
    .order_by(AnswerFile.id)
    .options(joinedload(AnswerFile.file), raiseload("*", sql_only=True))
)
_OF_ISSUES: Final = Held(
    "questions",
    select(ListQuestion)
    .where(ListQuestion.issue_id.in_(PARENTS))
    .order_by(ListQuestion.place)
    .options(joinedload(ListQuestion.clause)),
    by=ListQuestion.issue_id,
)
_PROCESSES: Final = Held(
    "processes",
    select(QuestionListProcess)
    .join(Process, Process.id == QuestionListProcess.process_id)
    .where(QuestionListProcess.list_id.in_(PARENTS))
    .order_by(Process.sort_key)
    .options(contains_eager(QuestionListProcess.process)),
    by=QuestionListProcess.list_id,
)


def lists(office_id: int) -> list[QuestionList]:
    """The lists of an office in use, in Polish order, with the processes they are about."""
    found = select(QuestionList).where(QuestionList.office_id == office_id, QuestionList.retired_on.is_(None))
    rows = list(db.session.scalars(found.order_by(QuestionList.sort_key).options(raiseload("*", sql_only=True))))
    fill(rows, _PROCESSES)
    return rows


def lists_for(office_id: int, edition_code: str) -> list[QuestionList]:
    """Those whose questions are about clauses of this edition."""
    return [each for each in lists(office_id) if each.edition_code == edition_code]


def list_by_key(office: Office, key: str) -> QuestionList | None:
    """A list of the office, also one that is no longer used."""
    return db.session.scalar(select(QuestionList).where(QuestionList.office_id == office.id, QuestionList.key == key))


def issues(of: QuestionList) -> list[ListIssue]:
    """The issues of a list, the newest first, without their questions."""
    found = select(ListIssue).where(ListIssue.list_id == of.id).order_by(ListIssue.number.desc())
    return list(db.session.scalars(found.options(joinedload(ListIssue.saved_by))))


def fill_questions(of: list[ListIssue]) -> None:
    """Read the questions of issues."""
    fill(of, _OF_ISSUES)


def newest(of: list[QuestionList]) -> list[ListIssue]:
    """The newest issue of each list, with its questions."""
    numbers = {each.id: each.issue_number for each in of}
    found = db.session.scalars(select(ListIssue).where(ListIssue.list_id.in_(numbers)).order_by(ListIssue.id))
    latest = [issue for issue in found if issue.number == numbers[issue.list_id]]
    fill_questions(latest)
    return latest


def all_questions(audit_id: int) -> list[AuditQuestion]:
    """The questions of an audit by unit and clause, those taken off the list too."""
    found = db.session.scalars(_QUESTIONS, {"audit_id": audit_id})
    return sorted(found, key=lambda each: (each.department.sort_key, each.department_id, each.clause.place, each.id))


def questions(audit_id: int) -> list[AuditQuestion]:
    """The list of questions of an audit, by unit and clause."""
    return [each for each in all_questions(audit_id) if not each.is_removed]


def in_sections(asked: Sequence[AuditQuestion]) -> list[Section[AuditQuestion]]:
    """The same, cut into pages."""
    return sections(asked, lambda each: (each.department_id, each.number))


def question(audit_id: int, key: str) -> AuditQuestion | None:
    """One question of an audit, also one taken off the list."""
    return db.session.scalar(_QUESTIONS.where(AuditQuestion.key == key), {"audit_id": audit_id})


def answers(audit_id: int) -> dict[int, Answer]:
    """What was answered, by the id of the question."""
    return fold(event.told for event in db.session.scalars(_EVENTS, {"audit_id": audit_id}))


def events_by_key(audit_id: int, keys: Collection[str]) -> dict[str, Event]:
    """Answers of an audit by the name their device gave them."""
    found = _EVENTS.where(AnswerEvent.event_key.in_(keys))
    return {event.event_key: event.told for event in db.session.scalars(found, {"audit_id": audit_id})}


def unanswered(audit_id: int) -> list[AuditQuestion]:
    """The questions of an audit that nobody has answered yet, for the report to name."""
    asked = questions(audit_id)
    missing = set(without_answer([each.id for each in asked], answers(audit_id)))
    return [each for each in asked if each.id in missing]


def files(audit_id: int) -> dict[int, list[AnswerFile]]:
    """What came with answers, by the id of the question."""
    found: dict[int, list[AnswerFile]] = {}
    for each in db.session.scalars(_FILES, {"audit_id": audit_id}):
        found.setdefault(each.question_id, []).append(each)
    return found


def file_by_key(office: Office, key: str) -> AnswerFile | None:
    """A file that came with an answer."""
    found = select(AnswerFile).where(AnswerFile.office_id == office.id, AnswerFile.key == key)
    return db.session.scalar(found.options(joinedload(AnswerFile.file)))


def is_known(office_id: int, event_key: str) -> bool:
    """Whether this event has come before."""
    for table in (AnswerEvent, AnswerFile):
        found = select(table.id).where(table.office_id == office_id, table.event_key == event_key)
        if db.session.scalar(found) is not None:
            return True
    return False


def lock(audit: Audit) -> None:
    """Let nobody publish the audit, or answer in it, until this transaction ends; read how it stands now."""
    db.session.refresh(audit, ["state", "report_waits_for", "version"], with_for_update=True)
