"""The life of a finding: who may take which step, from which state, on what condition, and where it leads.

The whole of it is the one table `STEPS`. Source of the order of steps: ISO 9001:2015, 10.2.1, and ISO 9001:2008, 8.5.2;
the states and the duties of each post are the office's own working rules. A case never closes on a tick: somebody who
neither owns nor did the actions looks at the work, and later at whether it helped. Of what is no nonconformity an
office may ask only whether the unit acts: that closes once somebody else took note, of the reason or of the work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from qms.domain import sources
from qms.domain.case_conditions import ANSWERING, DECIDING, REQUIREMENTS, Condition, Requirement
from qms.domain.case_facts import Facts
from qms.domain.errors import N_, NotAllowedNow, NotPermitted, RuleViolation
from qms.domain.standing import Who

__all__ = ["Category", "Condition", "Facts", "Stage", "State", "Step"]


class Category(StrEnum):
    NONCONFORMITY = "nonconformity"
    MAJOR = "major"
    MINOR = "minor"
    POTENTIAL = "potential"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    STRENGTH = "strength"
    GOOD_PRACTICE = "good_practice"


GRAVE: tuple[Category, ...] = (Category.NONCONFORMITY, Category.MAJOR, Category.MINOR)
# A potential nonconformity has the way of a nonconformity: its cause is removed before anything happens.
# Source: ISO 9001:2008, 8.5.3.
NEEDING_ANSWER = frozenset({*GRAVE, Category.POTENTIAL})
# An office may want to hear whether the unit acts on these.
LIGHT = frozenset({Category.OBSERVATION, Category.OPPORTUNITY})


def needs_answer(category: Category) -> bool:
    return category in NEEDING_ANSWER


def is_put_right(category: Category) -> bool:
    """Whether something has happened that could be put right at once."""
    return category is not Category.POTENTIAL


def needs_criterion(category: Category) -> bool:
    """Whether nobody starts the work before it is said how its effect will be judged: of the highest grade only."""
    return category is Category.MAJOR


class State(StrEnum):
    DRAFT = "draft"
    REPORTED = "reported"
    ACCEPTED = "accepted"
    IN_ANALYSIS = "in_analysis"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    EFFECTIVENESS_CHECK = "effectiveness_check"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


BEFORE_WORK = frozenset({State.REPORTED, State.ACCEPTED, State.IN_ANALYSIS})
WITH_OPEN_DATES = BEFORE_WORK | {State.PLANNED, State.IN_PROGRESS}
OPEN_STATES = WITH_OPEN_DATES | {State.DONE, State.EFFECTIVENESS_CHECK}


class Stage(IntEnum):
    """What people see of the state, in the order of the work."""

    WAITS_FOR_ANSWER = 1
    TO_BE_CHECKED = 2
    BEING_DONE = 3
    TO_BE_JUDGED = 4
    CLOSED = 5
    CANCELLED = 6


STAGES: dict[State, Stage] = {
    **dict.fromkeys(BEFORE_WORK, Stage.WAITS_FOR_ANSWER),
    State.PLANNED: Stage.BEING_DONE,
    State.IN_PROGRESS: Stage.BEING_DONE,
    State.DONE: Stage.TO_BE_JUDGED,
    State.EFFECTIVENESS_CHECK: Stage.TO_BE_JUDGED,
    State.CLOSED: Stage.CLOSED,
    State.REJECTED: Stage.CLOSED,
    State.CANCELLED: Stage.CANCELLED,
}


def stage_of(state: State, *, is_answer_sent: bool) -> Stage | None:
    """None for a draft, which only its audit's team sees."""
    if state is State.IN_ANALYSIS and is_answer_sent:
        return Stage.TO_BE_CHECKED
    return STAGES.get(state)


class Step(StrEnum):
    PUBLISH = "publish"
    TAKE_UP = "take_up"
    WITHDRAW = "withdraw"
    ACKNOWLEDGE = "acknowledge"
    ANALYSE = "analyse"
    ANSWER = "answer"
    RETURN_ANSWER = "return_answer"
    ACCEPT_ANSWER = "accept_answer"
    START_WORK = "start_work"
    REPORT_DONE = "report_done"
    COMPLETE = "complete"
    VERIFY = "verify"
    SEND_BACK = "send_back"
    JUDGE_EFFECTIVE = "judge_effective"
    JUDGE_INEFFECTIVE = "judge_ineffective"
    POSTPONE = "postpone"
    CLOSE = "close"
    REOPEN = "reopen"
    REJECT = "reject"
    CANCEL = "cancel"
    MOVE_DATE = "move_date"
    REASSIGN = "reassign"
    SHARE_ACTION = "share_action"
    ASK_TIME = "ask_time"
    REFUSE_TIME = "refuse_time"
    OBJECT = "object"
    UPHOLD = "uphold"
    ACT = "act"
    LEAVE = "leave"
    TAKE_NOTE = "take_note"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Transition:
    """`to` None: the step changes the case but not its state."""

    who: frozenset[Who]
    from_states: frozenset[State]
    to: State | None
    conditions: tuple[Condition, ...] = ()


LEAD = frozenset({Who.LEAD})
TEAM = frozenset({Who.LEAD, Who.TEAM})
DOING = frozenset({Who.UNIT_HEAD, Who.DOER})
REPORTING = frozenset({Who.DOER})
JUDGING = frozenset({Who.LEAD, Who.TEAM, Who.PROXY, Who.HEAD_OF_OFFICE})
POSTPONING = frozenset({Who.LEAD, Who.TEAM, Who.PROXY, Who.DEPUTY})
NOTING = TEAM | DECIDING
CLOSING = DECIDING | {Who.HEAD_OF_OFFICE}
ACKNOWLEDGING = ANSWERING | DECIDING
TAKING_UP = sources.DECIDING
MOVING = DECIDING | {Who.SECRETARY}
REASSIGNING = sources.DECIDING
SHARING = DECIDING | LEAD


def _only(state: State) -> frozenset[State]:
    return frozenset({state})


C = Condition
PUBLISHABLE = (C.STATEMENT, C.EVIDENCE, C.LEAF_CLAUSE)
TAKEABLE = (C.NOT_OF_AUDIT, C.STATEMENT, C.LEAF_CLAUSE, C.REQUIREMENT)
ANSWERABLE = (C.FULL, C.ANSWER_NOT_SENT, C.CORRECTION_OR_REASON, C.CAUSE, C.ONE_WAY, C.ACTION, C.PERSON_AND_DATE)
FINISHED = (C.ALL_ACTIONS_DONE, C.EVIDENCE_ON_EVERY_ACTION)
SOMEONE_ELSE = (C.HEAD_ONLY_AS_LAST, C.INDEPENDENT)
EFFECTIVE = (*SOMEONE_ELSE, C.CHECK_DAY_REACHED, C.HOW_SHOWN)
CLOSABLE = (C.HEAD_CLOSES_OWN_JUDGEMENT, C.EFFECTIVE_RESULT, C.TWO_SIGNATURES)
MOVABLE = (C.SECOND_MOVE_BY_SECRETARY, C.NOT_OWN_CASE, C.NEW_DAY, C.REASON)
TIME_ASKABLE = (C.ANSWER_AWAITED, C.ANSWER_DAY, C.TIME_NOT_ASKED, C.NEW_DAY, C.REASON)
TIME_REFUSABLE = (C.TIME_ASKED, C.SECOND_MOVE_BY_SECRETARY, C.NOT_OWN_CASE, C.REASON)
OBJECTABLE = (C.ANSWER_AWAITED, C.NOT_OBJECTED, C.NOT_UPHELD, C.REASON)
UPHOLDABLE = (C.OBJECTED, C.NOT_OWN_CASE, C.REASON)
ACTED_ON = (C.LIGHT, C.ANSWER_NOT_SENT, C.ACTION, C.PERSON_AND_DATE)
LEFT = (C.LIGHT, C.ANSWER_NOT_SENT, C.REASON)
NOTABLE = (C.LIGHT, C.ANSWER_SENT, C.NOT_OWN_CASE)
RETURNED = (C.ANSWER_SENT, C.NOT_OWN_CASE, C.RETURNABLE, C.REASON)
ACCEPTABLE = (C.FULL, C.ANSWER_SENT, C.NOT_OWN_CASE, C.CRITERION)
REJECTABLE = (C.NOT_FROM_BODY, C.NOT_OWN_CASE, C.LEAD_CONSENT, C.REASON)

DRAFT, REPORTED, ACCEPTED = _only(State.DRAFT), _only(State.REPORTED), _only(State.ACCEPTED)
IN_ANALYSIS, PLANNED, IN_PROGRESS = _only(State.IN_ANALYSIS), _only(State.PLANNED), _only(State.IN_PROGRESS)
DONE, IN_CHECK, CLOSED = _only(State.DONE), _only(State.EFFECTIVENESS_CHECK), _only(State.CLOSED)

STEPS: dict[Step, Transition] = {
    Step.PUBLISH: Transition(LEAD, DRAFT, State.REPORTED, PUBLISHABLE),
    Step.TAKE_UP: Transition(TAKING_UP, DRAFT, State.REPORTED, TAKEABLE),
    Step.WITHDRAW: Transition(TEAM, DRAFT, State.CANCELLED),
    Step.ACKNOWLEDGE: Transition(ACKNOWLEDGING, REPORTED, State.ACCEPTED, (C.PROXY_WAITED,)),
    Step.ANALYSE: Transition(ANSWERING, ACCEPTED, State.IN_ANALYSIS, (C.FULL, C.CORRECTION_OR_REASON)),
    Step.ANSWER: Transition(ANSWERING, IN_ANALYSIS, None, ANSWERABLE),
    Step.RETURN_ANSWER: Transition(DECIDING, IN_ANALYSIS, None, RETURNED),
    Step.ACCEPT_ANSWER: Transition(DECIDING, IN_ANALYSIS, State.PLANNED, ACCEPTABLE),
    Step.START_WORK: Transition(DOING, PLANNED, State.IN_PROGRESS),
    Step.REPORT_DONE: Transition(REPORTING, IN_PROGRESS, None, (C.EVIDENCE_OF_DOING, C.PARTS_DONE)),
    Step.COMPLETE: Transition(DOING, IN_PROGRESS, State.DONE, FINISHED),
    Step.VERIFY: Transition(JUDGING, DONE, State.EFFECTIVENESS_CHECK, (C.FULL, *SOMEONE_ELSE)),
    Step.SEND_BACK: Transition(JUDGING, DONE, State.IN_PROGRESS, (*SOMEONE_ELSE, C.REASON)),
    Step.JUDGE_EFFECTIVE: Transition(JUDGING, IN_CHECK, None, EFFECTIVE),
    Step.JUDGE_INEFFECTIVE: Transition(JUDGING, IN_CHECK, State.IN_ANALYSIS, (*SOMEONE_ELSE, C.HOW_SHOWN)),
    Step.POSTPONE: Transition(POSTPONING, IN_CHECK, None, (C.NEW_DAY, C.REASON)),
    Step.CLOSE: Transition(CLOSING, IN_CHECK, State.CLOSED, CLOSABLE),
    Step.REOPEN: Transition(DECIDING, CLOSED, State.IN_ANALYSIS, (C.WITHIN_YEAR, C.REASON)),
    Step.REJECT: Transition(DECIDING, REPORTED | ACCEPTED, State.REJECTED, REJECTABLE),
    Step.CANCEL: Transition(DECIDING, OPEN_STATES, State.CANCELLED, (C.NOT_OWN_CASE, C.REASON)),
    Step.MOVE_DATE: Transition(MOVING, WITH_OPEN_DATES, None, MOVABLE),
    Step.REASSIGN: Transition(REASSIGNING, PLANNED | IN_PROGRESS, None, (C.REASON,)),
    Step.SHARE_ACTION: Transition(SHARING, PLANNED | IN_PROGRESS, None, (C.NOT_OWN_CASE,)),
    Step.ASK_TIME: Transition(ANSWERING, BEFORE_WORK, None, TIME_ASKABLE),
    Step.REFUSE_TIME: Transition(MOVING, BEFORE_WORK, None, TIME_REFUSABLE),
    Step.OBJECT: Transition(ANSWERING, BEFORE_WORK, None, OBJECTABLE),
    Step.UPHOLD: Transition(DECIDING, OPEN_STATES, None, UPHOLDABLE),
    Step.ACT: Transition(ANSWERING, BEFORE_WORK, State.IN_PROGRESS, ACTED_ON),
    Step.LEAVE: Transition(ANSWERING, BEFORE_WORK, State.IN_ANALYSIS, LEFT),
    Step.TAKE_NOTE: Transition(NOTING, IN_ANALYSIS, State.CLOSED, NOTABLE),
    Step.CONFIRM: Transition(JUDGING, DONE, State.CLOSED, (C.LIGHT, *SOMEONE_ELSE)),
}

NEXT: dict[State, str] = {
    State.DRAFT: N_("The finding is still a draft. The lead auditor publishes it with the report."),
    State.REPORTED: N_("The unit has not acknowledged the finding yet. Wait until the head of the unit does."),
    State.ACCEPTED: N_("The unit is preparing its answer. Record what was put right at once, then find the cause."),
    State.IN_ANALYSIS: N_("The answer is not accepted yet. Wait until it is sent and the proxy accepts it."),
    State.PLANNED: N_("The plan is accepted. Start the work on its actions first."),
    State.IN_PROGRESS: N_("The actions are being done. Wait until all of them are reported done."),
    State.DONE: N_("The actions are reported done. Somebody independent has to look at the work first."),
    State.EFFECTIVENESS_CHECK: N_("The work is confirmed. Record the effectiveness review, then close the case."),
    State.CLOSED: N_("The case is closed. If the problem is back, ask the proxy to reopen it."),
    State.REJECTED: N_("The finding was rejected. If it stands after all, report it anew."),
    State.CANCELLED: N_("The case was cancelled. If it is needed after all, report it anew."),
}

MAY: dict[frozenset[Who], str] = {
    LEAD: N_("Only the lead auditor can do this. Ask the lead auditor."),
    TEAM: N_("Only auditors of this audit can do this. Ask the lead auditor."),
    **dict.fromkeys(
        (ACKNOWLEDGING, TAKING_UP), N_("Only the head of the unit or the proxy can do this. Ask one of them.")
    ),
    ANSWERING: N_(
        "Only the head of the unit, or whoever it was handed over to, can do this. Ask the head of the unit."
    ),
    DECIDING: N_("Only the proxy or the deputy can do this. Ask the proxy."),
    DOING: N_("Only the people who carry out this case can do this. Ask the head of the unit."),
    REPORTING: N_("Only the person who does the action can report it. Ask that person."),
    JUDGING: N_("Only the lead auditor, an auditor or the proxy can do this. Ask one of them."),
    NOTING: N_("Only the auditors, the proxy or the deputy can do this. Ask one of them."),
    POSTPONING: N_("Only the auditors or the proxy can do this. Ask one of them."),
    CLOSING: N_("Only the proxy or the deputy can close a case. Ask the proxy."),
    SHARING: N_("Only the proxy, the deputy or the lead auditor can do this. Ask one of them."),
    MOVING: N_("Only the proxy or the secretary can grant a new day. Ask the proxy."),
}

Table = Mapping[Step, Transition]


def after(step: Step, state: State, steps: Table = STEPS) -> State:
    """Where the step leads from the state; refuses when it cannot be taken from there."""
    transition = steps[step]
    if state not in transition.from_states:
        raise NotAllowedNow(NEXT[state])
    return transition.to or state


def check(step: Step, state: State, *, who: frozenset[Who], facts: Facts, steps: Table = STEPS) -> None:
    """Refuse the step, saying what to do next, or return in silence."""
    acting = who & steps[step].who
    if not acting:
        raise NotPermitted(MAY[STEPS[step].who])
    after(step, state, steps)
    for requirement in _unmet(steps[step], facts, acting):
        raise requirement.refused()


def lacking(step: Step, *, who: frozenset[Who], facts: Facts) -> list[RuleViolation]:
    """All that the form of the step has to meet yet, so that it is said at once; `check` alone grants the step."""
    unmet = _unmet(STEPS[step], facts, who & STEPS[step].who)
    return [requirement.refused() for requirement in unmet if requirement.field is not None]


def allowed_steps(state: State, *, who: frozenset[Who], facts: Facts) -> tuple[Step, ...]:
    """The steps to offer. What the step's own form will ask for is not yet required."""
    return tuple(step for step in Step if _is_offered(STEPS[step], state, who=who, facts=facts))


def _is_offered(transition: Transition, state: State, *, who: frozenset[Who], facts: Facts) -> bool:
    acting = who & transition.who
    standing = (requirement for requirement in _unmet(transition, facts, acting) if requirement.field is None)
    return bool(acting) and state in transition.from_states and not any(standing)


def _unmet(transition: Transition, facts: Facts, acting: frozenset[Who]) -> list[Requirement]:
    requirements = (REQUIREMENTS[condition] for condition in transition.conditions)
    return [requirement for requirement in requirements if not requirement.is_met(facts, acting)]
