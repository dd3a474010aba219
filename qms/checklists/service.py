"""What is done with lists of questions: the office's own, and that of one audit before it is held."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from qms.audits import service as audits
from qms.audits.models import INTERNAL, Audit
from qms.checklists import queries
from qms.checklists.earlier import last_findings
from qms.checklists.models import AuditQuestion, ListIssue, ListQuestion, QuestionList, QuestionListProcess
from qms.core import text
from qms.core.db import db, new_key
from qms.domain import checklist, editions
from qms.domain.checklist import Asked, Source
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.requirements import queries as requirements
from qms.standards import queries as standards
from qms.standards.models import Clause


@dataclass(frozen=True, kw_only=True)
class Row:
    """A question of a list as it is written; `number` is that of its clause."""

    number: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class Content:
    """A list as it is written."""

    name: str
    rows: Sequence[Row]
    process_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the list of an audit is built of."""

    with_clauses: bool
    with_earlier: bool
    list_keys: frozenset[str] = frozenset()


def create_list(office: Office, edition_code: str, content: Content, *, by: int, today: date) -> QuestionList:
    """Begin a list of the office. Raises `InvalidInput` like `change_list`."""
    edition = standards.edition(edition_code)
    if edition is None or not standards.auditable(edition.code):
        raise InvalidInput(N_("Choose the edition whose clauses the questions are about."), field="edition_code")
    created = QuestionList(office_id=office.id, key=new_key(), edition_code=edition.code, issue_number=0)
    _issue(created, content, by=by, today=today)
    return created


def change_list(changed: QuestionList, content: Content, *, by: int, today: date) -> None:
    """Make a new issue of a list; audits keep the questions they were given.

    Raises `InvalidInput` when no question is left, one names a clause that the edition does not have, or the list names
    a process that the office does not have.
    """
    if changed.retired_on is not None:
        raise NotAllowedNow(N_("This list is not used any more. Make a new one."))
    _issue(changed, content, by=by, today=today)


def retire_list(retired: QuestionList, *, today: date) -> None:
    """Offer the list to no further audit; its issues can still be read."""
    if retired.retired_on is not None:
        raise NotAllowedNow(N_("This list is not used any more. Make a new one."))
    retired.retired_on = today


def _issue(of: QuestionList, content: Content, *, by: int, today: date) -> None:
    rows = content.rows
    if not rows:
        raise InvalidInput(N_("Write at least one question, with its clause."), field="rows")
    checklist.check_count(len(rows))
    if not content.process_ids <= {each.id for each in offices.processes(of.office_id)}:
        raise InvalidInput(N_("The list has changed in the meantime. Choose again."), field="process_ids")
    clauses = {clause.number: clause for clause in standards.auditable(of.edition_code)}
    unknown = [row.number for row in rows if row.number not in clauses]
    if unknown:
        message = N_("There is no clause %(number)s to audit against in this edition. Check the number.")
        raise InvalidInput(message, field="rows", number=unknown[0])
    of.name, of.sort_key = content.name, text.sort_key(content.name)
    of.issue_number, of.question_count = of.issue_number + 1, len(rows)
    _name_processes(of, content.process_ids)
    db.session.add(of)
    db.session.flush()  # its issues point at it
    db.session.add(
        ListIssue(
            office_id=of.office_id,
            list_id=of.id,
            number=of.issue_number,
            saved_on=today,
            saved_by_id=by,
            questions=[
                _stored(of.office_id, clauses[row.number], row, place=place) for place, row in enumerate(rows, start=1)
            ],
        )
    )


def _name_processes(of: QuestionList, wanted: frozenset[int]) -> None:
    kept = [each for each in of.processes if each.process_id in wanted]
    new = sorted(wanted - of.process_ids)
    of.processes = [*kept, *(QuestionListProcess(office_id=of.office_id, process_id=each) for each in new)]


def _stored(office_id: int, clause: Clause, row: Row, *, place: int) -> ListQuestion:
    return ListQuestion(office_id=office_id, place=place, clause_id=clause.id, text=row.text, hint=row.hint)


def build(audit: Audit, chosen: Chosen) -> int:
    """Add questions to the list of an audit; returns how many. What is on the list stays as it is.

    Raises `RuleViolation` when the audit is over or nothing is left to add.
    """
    audits.refuse_ended(audit)
    if not (chosen.with_clauses or chosen.with_earlier or chosen.list_keys):
        raise InvalidInput(N_("Tick at least one kind of questions to take."), field="with_clauses")
    department_ids = [part.department_id for part in audit.departments]
    listed = queries.questions(audit.id)
    added = checklist.built(
        _wanted(audit, chosen, department_ids),
        department_ids=department_ids,
        numbers={part.clause.number for part in audit.clauses},
        excluded=requirements.excluded(audit.office_id, audit.edition_code, audit.starts_on),
        known={question.identity for question in listed},
    )
    db.session.add_all(_asked(audit, question) for question in added)
    return len(added)


def _wanted(audit: Audit, chosen: Chosen, department_ids: Collection[int]) -> list[Asked]:
    found = last_findings(audit, department_ids) if chosen.with_earlier else []
    everywhere = _of_clauses(audit) if chosen.with_clauses else []
    offered = queries.lists_for(audit.office_id, audit.edition_code)
    taken = {each.id: each for each in offered if each.key in chosen.list_keys}
    of_processes: list[Asked] = []
    for issue in queries.newest(list(taken.values())):
        audited = _audited_processes(audit, taken[issue.list_id])
        questions = [_of_list(question, is_of_process=bool(audited)) for question in issue.questions]
        if audited:
            of_processes += checklist.in_every(_where_run(audit, audited), questions)
        else:
            everywhere += questions
    return found + of_processes + checklist.in_every(department_ids, everywhere)


def fitting(audit: Audit, lists: Iterable[QuestionList]) -> list[str]:
    """The keys of lists to propose: those about no process, and those about one that the audit covers."""
    return [each.key for each in lists if not each.processes or _audited_processes(audit, each)]


def _audited_processes(audit: Audit, of: QuestionList) -> frozenset[int]:
    return of.process_ids & {part.process_id for part in audit.processes}


def _where_run(audit: Audit, process_ids: Collection[int]) -> list[int]:
    run = offices.departments_of_processes(audit.office_id)
    through = {unit for process_id in process_ids for unit in run.get(process_id, ())}
    return checklist.where_run([part.department_id for part in audit.departments], through)


def _of_clauses(audit: Audit) -> list[Asked]:
    """The catalogue's own questions; a part of a clause has none, so it takes that of the whole."""
    whole = {clause.number: clause for clause in standards.clauses(audit.edition_code)}
    audited = sorted((part.clause for part in audit.clauses), key=lambda clause: clause.place)
    asked = ((clause, clause if clause.question_pl else whole[clause.parent_number]) for clause in audited)
    return [
        Asked(
            department_id=0,
            clause_id=clause.id,
            number=clause.number,
            source=Source.CLAUSE,
            text=says.question_pl,
            text_en=says.question_en,
        )
        for clause, says in asked
        if says.question_pl
    ]


def _of_list(question: ListQuestion, *, is_of_process: bool) -> Asked:
    return Asked(
        is_of_process=is_of_process,
        department_id=0,
        clause_id=question.clause_id,
        number=question.clause.number,
        source=Source.LIST,
        text=question.text,
        hint=question.hint,
    )


def _asked(audit: Audit, question: Asked) -> AuditQuestion:
    return AuditQuestion(
        office_id=audit.office_id,
        audit_id=audit.id,
        key=new_key(),
        department_id=question.department_id,
        clause_id=question.clause_id,
        source=question.source,
        text=question.text,
        text_en=question.text_en,
        hint=question.hint,
        earlier_number=question.earlier_number,
    )


def add_question(audit: Audit, words: str, *, hint: str, clause_id: int | None, department_id: int | None) -> None:
    """Put the team's own question on the list. Raises `InvalidInput` at the field that has to change."""
    audits.refuse_ended(audit)
    if department_id not in {part.department_id for part in audit.departments}:
        raise InvalidInput(N_("Choose a unit that this audit covers."), field="department_id")
    clause = standards.clauses_by_id([clause_id]).get(clause_id) if clause_id else None
    if clause is None or clause.edition_code != audit.edition_code or clause.kind not in standards.AUDITABLE:
        raise InvalidInput(N_("Choose a clause of the edition this audit is held against."), field="clause_id")
    question = Asked(
        department_id=department_id, clause_id=clause.id, number=clause.number, source=Source.OWN, text=words, hint=hint
    )
    excluded = requirements.excluded(audit.office_id, audit.edition_code, audit.starts_on)
    editions.check_applied(clause.number, excluded, by_outsiders=audit.kind not in INTERNAL, field="clause_id")
    listed = queries.questions(audit.id)
    checklist.check_count(len(listed) + 1)
    if question.identity in {each.identity for each in listed}:
        raise InvalidInput(N_("This question is on the list already."), field="text")
    db.session.add(_asked(audit, question))


def take_off(audit: Audit, keys: Iterable[str]) -> int:
    """Take questions off the list; returns how many. Raises `RuleViolation` for one that was answered."""
    audits.refuse_ended(audit)
    wanted = set(keys)
    chosen = [each for each in queries.questions(audit.id) if each.key in wanted]
    if not chosen:
        raise InvalidInput(N_("Tick at least one question to take off the list."), field="removed")
    answers = queries.answers(audit.id)
    if any(each.id in answers for each in chosen):
        message = N_("A question that was answered stays on the list. Answer “Not applicable” instead.")
        raise NotAllowedNow(message, field="removed")
    for question in chosen:
        question.is_removed = True
    return len(chosen)
