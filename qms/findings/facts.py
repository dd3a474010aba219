"""What is known of a case when somebody asks for a step: read from its rows, for the one table of the domain."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any, Final

from qms.audits.models import INTERNAL
from qms.domain.calendar import add_days, add_months
from qms.domain.deadlines import Kind
from qms.domain.editions import NodeKind, is_auditable
from qms.domain.errors import RuleViolation
from qms.domain.findings import Category, Facts, State, Step, after, allowed_steps, check, lacking, needs_criterion
from qms.domain.independence import first_free, is_last_free
from qms.domain.pleas import Fate
from qms.domain.pleas import Kind as PleaKind
from qms.domain.sources import Source
from qms.domain.standing import TeamRole, Who
from qms.findings import taking_part, waiting
from qms.findings.models import Finding
from qms.people import queries as people
from qms.policy import Actor, standing

SILENCE_DAYS = 7
REOPEN_MONTHS = 12
OF_A_CASE = frozenset({Step.ANALYSE, Step.ANSWER, Step.MOVE_DATE})
JUDGED_IN = frozenset({State.DONE, State.EFFECTIVENESS_CHECK})


def granted(step: Step, finding: Finding, *, by: Actor, today: date, **typed: Any) -> State:
    """The state the step leads to. Raises `RuleViolation` when this person may not take it now; changes nothing."""
    state = State(finding.state)
    check(step, state, who=standing(by, finding.concern), facts=facts(finding, by=by, today=today, **typed))
    return after(step, state)


def lacks(step: Step, finding: Finding, *, by: Actor, today: date, **typed: Any) -> list[RuleViolation]:
    """All that the step's form has to say yet; changes nothing."""
    return lacking(step, who=standing(by, finding.concern), facts=facts(finding, by=by, today=today, **typed))


def check_way(step: Step, finding: Finding, *, by: Actor, today: date, **known: Any) -> None:
    """Refuse the step for whatever its form could not change; `known` beside the case. Raises `RuleViolation`."""
    granted(step, finding, by=by, today=today, **_TYPED, **known)


# What an answer says that lacks nothing.
WHOLE_ANSWER: Final = dict.fromkeys(
    ("has_correction_or_reason", "has_cause", "has_action", "has_person_and_date_on_every_action"), True
)
_TYPED: Final = WHOLE_ANSWER | dict.fromkeys(
    ("has_criterion", "has_reason", "has_new_day", "has_how_shown", "has_lead_consent"), True
)


def offered(finding: Finding, *, by: Actor, today: date) -> frozenset[Step]:
    """The steps to show a way to. What the step's own form will ask for is not yet required."""
    who = standing(by, finding.concern)
    steps = frozenset(allowed_steps(State(finding.state), who=who, facts=facts(finding, by=by, today=today)))
    if finding.waits_for == Kind.CLOSING:
        steps -= {Step.JUDGE_EFFECTIVE, Step.POSTPONE}
    return steps if waiting.is_case(finding) else steps - OF_A_CASE


def facts(finding: Finding, *, by: Actor, today: date, **typed: Any) -> Facts:
    """Everything known now; `typed` is what the form of the step adds."""
    known = Facts(
        has_statement=bool(finding.statement),
        has_evidence=bool(finding.evidence or finding.files),
        needs_clause=finding.clause is not None or finding.source == Source.AUDIT,
        has_leaf_clause=finding.clause is not None and is_auditable(NodeKind(finding.clause.kind)),
        has_requirement=bool(finding.clause or finding.requirement),
        needs_requirement=waiting.is_case(finding),
        is_of_audit=finding.audit is not None,
        needs_lead_consent=finding.audit is not None,
        needs_criterion=needs_criterion(Category(finding.category)),
        is_check_day_reached=finding.due_on is None or finding.due_on <= today,
        date_moves=finding.date_moves,
        is_answer_awaited=finding.waits_for == Kind.ANSWER,
        has_answer_day=finding.due_on is not None,
        is_time_asked=finding.plea(PleaKind.MORE_TIME) is not None,
        is_objected=finding.plea(PleaKind.OBJECTION) is not None,
        is_upheld=any(each.kind == PleaKind.OBJECTION and each.fate == Fate.REFUSED for each in finding.pleas),
        is_within_year_of_closing=bool(finding.closed_on and today <= add_months(finding.closed_on, REOPEN_MONTHS)),
        is_unit_silent_for_a_week=bool(finding.reported_on and today > add_days(finding.reported_on, SILENCE_DAYS)),
        is_light=finding.is_light,
        is_from_body=is_from_body(finding),
        **_of_round(finding, by),
        **_of_person(finding, by, today),
    )
    return replace(known, **typed)


def is_from_body(finding: Finding) -> bool:
    """Whether somebody outside found it who alone can take it back."""
    return finding.audit.kind not in INTERNAL if finding.audit else finding.source == Source.BODY


def _of_round(finding: Finding, by: Actor) -> dict[str, Any]:
    round_, actions = finding.round, finding.current_actions
    with_files = {file.action_id for file in finding.files} | {each.action_id for each in finding.borrowed}
    judged_by = round_.judged_by_id if round_ else None
    return {
        "is_answer_sent": finding.is_answer_sent,
        "are_all_actions_done": all(action.done_on for action in actions),
        "has_evidence_on_every_action": all(action.done_note or action.id in with_files for action in actions),
        "is_returned": bool(round_ and round_.returned_note),
        "is_judged_effective": bool(round_ and round_.is_effective),
        "is_own_judgement": judged_by == by.person_id,
        # Both signatures: of the one who judged the effect, and of another who closes.
        "needs_two_signatures": is_from_body(finding) and finding.category == Category.MAJOR,
        "has_two_signatures": judged_by not in {None, by.person_id},
    }


def _of_person(finding: Finding, by: Actor, today: date) -> dict[str, Any]:
    who, involved = standing(by, finding.concern), taking_part.of_case(finding)
    works_there = finding.department_id in by.departments.get(finding.office_id, frozenset())
    took_part = by.person_id in involved or Who.UNIT_HEAD in who
    may_be_last = Who.HEAD_OF_OFFICE in who and finding.state in JUDGED_IN
    return {
        "is_own_case": took_part or works_there,
        "is_owner_or_doer": took_part,
        "is_nobody_else_left": may_be_last and _is_nobody_else_left(finding, today),
    }


def _is_nobody_else_left(finding: Finding, today: date) -> bool:
    """Of those who still can: everybody who could judge before the head of the office."""
    return not first_free([_judges(finding, today)], _barred(finding, today))


def is_judge_left(finding: Finding, today: date, *, besides: int) -> bool:
    """Whether somebody could still look at the work if this person did it; the head of the office is asked last."""
    head = people.holders(finding.office_id, today).get(Who.HEAD_OF_OFFICE, [])
    return not is_last_free(besides, [_judges(finding, today), head], _barred(finding, today))


def _barred(finding: Finding, today: date) -> frozenset[int]:
    heads = people.heads(finding.office_id, today).get(finding.department_id, [])
    return taking_part.of_case(finding).union(heads)


def _judges(finding: Finding, today: date) -> Collection[int]:
    proxies = people.holders(finding.office_id, today).get(Who.PROXY, [])
    team = finding.audit.team if finding.audit else ()
    auditors = {member.person_id for member in team if member.role in {TeamRole.LEAD, TeamRole.AUDITOR}}
    serving = {person_id for _, person_id in people.serving([finding.office_id], auditors, today)}
    return people.active_ids({*proxies, *serving})
