"""What of findings is due: answers, decisions, actions, verifications, reviews and closings still open."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from qms.audits.models import AuditMember
from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind, Rule
from qms.domain.standing import TeamRole, Who
from qms.findings import queries
from qms.findings.facts import involved_ids
from qms.findings.models import Action, Finding, Round
from qms.findings.waiting import RULES, limit_of, undone_actions
from qms.offices.models import Department
from qms.people import queries as people

TITLE_LETTERS = 80
# Somebody independent looks at these; the lead auditor is asked first.
JUDGED = frozenset({Kind.VERIFICATION, Kind.EFFECTIVENESS})


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """Everything of findings that is due on these days and still waited for; at most six statements."""
    due = case_rows().where(Finding.office_id.in_(office_ids), Finding.due_on.between(first, last))
    cases = db.session.execute(due).all()
    leads = _leads({case.audit_id for case in cases if case.waits_for in JUDGED})
    involved = _involved({case.id for case in cases if case.waits_for in JUDGED})
    is_answer_due = any(case.waits_for == Kind.ANSWER for case in cases)
    heads = people.heads_of({case.office_id for case in cases}, today) if is_answer_due else {}
    found = [_of_case(case, leads.get(case.audit_id), involved=involved[case.id], heads=heads) for case in cases]
    actions = action_rows().where(Action.office_id.in_(office_ids), Action.due_on.between(first, last))
    return found + [of_action(action) for action in db.session.execute(actions)]


def case_rows() -> Select[*tuple[Any, ...]]:
    """What the deadline of a case is made of, for every case that waits for something; actions have their own."""
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
            func.substr(Finding.statement, 1, TITLE_LETTERS).label("statement"),
            Department.name.label("department"),
        )
        .join(Department, Department.id == Finding.department_id)
        .where(Finding.waits_for.is_not(None), Finding.waits_for != Kind.ACTION)
    )


def action_rows() -> Select[*tuple[Any, ...]]:
    """What the deadline of an action is made of, for every action to be done now."""
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
        .where(Action.done_on.is_(None))
    )


def _of_case(
    case: Any,  # noqa: ANN401 - a row of the statement above
    lead: int | None,
    *,
    involved: Collection[int],
    heads: dict[int, list[int]],
) -> Deadline:
    heads_of_unit = heads.get(case.department_id, ())
    answers, duty = _who_answers(Kind(case.waits_for), lead, involved=involved, heads=heads_of_unit)
    return of_case(case, answers, duty)


def of_case(case: Any, answers: Iterable[int], duty: Duty) -> Deadline:  # noqa: ANN401 - one of `case_rows`
    """The deadline of a case, for which these persons answer, or else the post."""
    kind = Kind(case.waits_for)
    counted_from = case.counted_from or case.due_on
    return Deadline(
        kind=kind,
        office_id=case.office_id,
        subject=f"finding:{case.key}",
        title=_title(case.statement, case.department),
        number=case.number,
        due_on=case.due_on,
        rule=RULES[kind],
        counted_from=counted_from,
        answers=tuple(answers),
        duty=duty,
        department_id=case.department_id,
        limit=limit_of(case.due_limit, counted_from=counted_from, due_on=case.due_on),
        url_key=case.key,
    )


def _who_answers(
    kind: Kind, lead: int | None, *, involved: Collection[int], heads: Iterable[int]
) -> tuple[Iterable[int], Duty]:
    """Persons first; the post answers where there are none, or where they have left."""
    if kind is Kind.ANSWER:
        return heads, Duty.UNIT_HEAD if heads else Duty.PROXY
    if kind in JUDGED and lead is not None and lead not in involved:
        return (lead,), Duty.PROXY
    return (), Duty.PROXY


def waited_for(finding: Finding, today: date) -> list[int]:
    """Who the case waits for now: the persons of its deadline, or the proxy where a post answers."""
    if finding.waits_for is None:
        return []
    proxies = people.holders(finding.office_id, today).get(Who.PROXY, [])
    if finding.waits_for == Kind.ACTION:
        return [action.owner_id for action in undone_actions(finding)]
    lead = next((member.person_id for member in finding.audit.team if member.role == TeamRole.LEAD), None)
    heads = people.heads(finding.office_id, today).get(finding.department_id, [])
    answers, _duty = _who_answers(Kind(finding.waits_for), lead, involved=involved_ids(finding), heads=heads)
    return list(answers) or proxies


def of_action(action: Any) -> Deadline:  # noqa: ANN401 - one of `action_rows`
    """The deadline of an action, for which its owner answers."""
    return Deadline(
        kind=Kind.ACTION,
        office_id=action.office_id,
        subject=f"action:{action.key}",
        title=_title(action.description, action.department),
        number=action.number,
        due_on=action.due_on,
        rule=Rule.ACTION,
        counted_from=action.counted_from or action.due_on,
        answers=(action.owner_id,),
        duty=Duty.PROXY,
        department_id=action.department_id,
        url_key=action.case_key,
    )


def _title(words: str, department: str) -> str:
    line = " ".join(words.split())
    shown = line if len(words) < TITLE_LETTERS else line[: TITLE_LETTERS - 1].rstrip() + "…"
    return f"{shown} ({department})"


def _leads(audit_ids: Collection[int]) -> dict[int, int]:
    if not audit_ids:
        return {}
    found = select(AuditMember.audit_id, AuditMember.person_id).where(
        AuditMember.audit_id.in_(audit_ids), AuditMember.role == TeamRole.LEAD
    )
    return dict(db.session.execute(found).all())


def _involved(finding_ids: Collection[int]) -> dict[int, set[int]]:
    """Who owns or did something in the present round of each case, and so cannot judge it."""
    found: dict[int, set[int]] = defaultdict(set)
    if not finding_ids:
        return found
    doers = (
        select(Action.finding_id, Action.owner_id, Action.reported_by_id)
        .join(Finding, (Finding.id == Action.finding_id) & (Finding.round_number == Action.round_number))
        .where(Action.finding_id.in_(finding_ids))
    )
    answerers = (
        select(Round.finding_id, Round.answered_by_id, Round.answered_by_id)
        .join(Finding, (Finding.id == Round.finding_id) & (Finding.round_number == Round.number))
        .where(Round.finding_id.in_(finding_ids))
    )
    for statement in (doers, answerers):
        for finding_id, one, other in db.session.execute(statement):
            found[finding_id] |= {each for each in (one, other) if each is not None}
    return found
