"""What of findings is due: answers, decisions, actions, verifications, reviews and closings still open."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Integer, Select, bindparam, func, or_, select

from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind, Rule
from qms.domain.standing import Who
from qms.findings import queries
from qms.findings.asked import know
from qms.findings.models import Action, Finding
from qms.findings.waiting import limit_of, rule_of, undone_actions
from qms.findings.whose import is_handed_over, is_headed
from qms.offices.models import Department
from qms.people import queries as people

TITLE_LETTERS = 80


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """Everything of findings that is due on these days and still waited for; at most fifteen statements."""
    asked = {"office_ids": list(office_ids), "first": first, "last": last, "today": today}
    cases = db.session.execute(_CASES, asked).all()
    knowledge = know(cases, today)
    found = [of_case(case, *knowledge.asked(case)) for case in cases]
    return found + [of_action(action) for action in db.session.execute(_ACTIONS, asked)]


def case_rows() -> Select[*tuple[Any, ...]]:
    """What the deadline of a case is made of, for every case that waits for something; actions have their own.

    The day is a parameter (`today`).
    """
    return (
        select(
            Finding.id,
            Finding.key,
            Finding.number,
            Finding.office_id,
            Finding.department_id,
            Finding.audit_id,
            Finding.waits_for,
            Finding.due_on,
            Finding.counted_from,
            Finding.due_limit,
            Finding.due_rule,
            Finding.round_number,
            Finding.is_light,
            func.substr(Finding.statement, 1, TITLE_LETTERS).label("statement"),
            Department.name.label("department"),
            Finding.answerer_id,
            or_(is_headed(), is_handed_over()).label("has_answerer"),
        )
        .join(Department, Department.id == Finding.department_id)
        .where(Finding.waits_for.is_not(None), Finding.waits_for != Kind.ACTION)
    )


def action_rows() -> Select[*tuple[Any, ...]]:
    """What the deadline of an action is made of, for every action to be done now; one for many cases is one."""
    return (
        select(
            Action.key,
            Finding.key.label("case_key"),
            Action.office_id,
            Action.due_on,
            Action.owner_id,
            func.substr(Action.description, 1, TITLE_LETTERS).label("description"),
            Finding.number,
            Finding.department_id,
            Finding.counted_from,
            Department.name.label("department"),
        )
        .join(Finding, queries.is_under_way())
        .join(Department, Department.id == Finding.department_id)
        .where(Action.done_on.is_(None), queries.is_done_here())
    )


# Written once, because building a statement takes longer than running it.
_OFFICES: Final = bindparam("office_ids", type_=Integer, expanding=True)
_DAYS: Final = (bindparam("first", type_=Date), bindparam("last", type_=Date))
_CASES: Final = case_rows().where(Finding.office_id.in_(_OFFICES), Finding.due_on.between(*_DAYS))
_ACTIONS: Final = action_rows().where(Action.office_id.in_(_OFFICES), Action.due_on.between(*_DAYS))


def of_case(case: Any, answers: Iterable[int], duty: Duty) -> Deadline:  # noqa: ANN401 - one of `case_rows`
    """The deadline of a case, for which these persons answer, or else the post."""
    kind = Kind(case.waits_for)
    counted_from = case.counted_from or case.due_on
    return Deadline(
        kind=kind,
        office_id=case.office_id,
        subject=f"finding:{case.key}",
        title=titled(case.statement, case.department),
        number=case.number,
        due_on=case.due_on,
        rule=rule_of(kind, case.round_number, case.due_rule),
        counted_from=counted_from,
        answers=tuple(answers),
        duty=duty,
        department_id=case.department_id,
        limit=limit_of(case.due_limit),
        url_key=case.key,
        lacks_head=kind is Kind.ANSWER and not case.has_answerer,
        is_light=case.is_light,
    )


def lacks_head(finding: Finding, today: date) -> bool:
    """Whether an answer is asked of a unit that nobody heads."""
    return finding.waits_for == Kind.ANSWER and not know([finding], today).asked(finding)[0]


def waited_for(finding: Finding, today: date) -> list[int]:
    """Who the case waits for now: the persons of its deadline, or the holders of the post that answers."""
    return waited_for_in([finding], today)[finding.id]


def waited_for_in(cases: Collection[Finding], today: date) -> dict[int, list[int]]:
    """The same by case; as many statements for many as for one."""
    found = {case.id: [action.owner_id for action in undone_actions(case)] for case in cases}
    asked = [case for case in cases if case.waits_for != Kind.ACTION]
    waiting = [case for case in asked if case.waits_for is not None]
    knowledge = know(waiting, today) if waiting else None
    holders = people.holders_of({case.office_id for case in waiting}, today) if waiting else {}
    for case in asked:
        persons, duty = knowledge.asked(case) if knowledge and case in waiting else ((), None)
        found[case.id] = list(persons) or (holders[case.office_id].get(Who(duty), []) if duty else [])
    return found


def of_action(action: Any) -> Deadline:  # noqa: ANN401 - one of `action_rows`
    """The deadline of an action, for which its owner answers."""
    return Deadline(
        kind=Kind.ACTION,
        office_id=action.office_id,
        subject=f"action:{action.key}",
        title=titled(action.description, action.department),
        number=action.number,
        due_on=action.due_on,
        rule=Rule.ACTION,
        counted_from=action.counted_from or action.due_on,
        answers=(action.owner_id,),
        duty=Duty.PROXY,
        department_id=action.department_id,
        url_key=action.case_key,
    )


def titled(words: str, department: str) -> str:
    """The title of a deadline about a case: its first words, and the unit."""
    line = " ".join(words.split())
    shown = line if len(words) < TITLE_LETTERS else line[: TITLE_LETTERS - 1].rstrip() + "…"
    return f"{shown} ({department})"
