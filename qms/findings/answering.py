"""The answer to a nonconformity: how the unit drafts and sends it, and how the proxy takes or returns it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from qms.core import clock
from qms.core.trail import because
from qms.domain.cause_analysis import Analysis
from qms.domain.deadlines import Kind
from qms.domain.empty_causes import ends_at_a_person
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, RuleViolation
from qms.domain.findings import STEPS, Category, Facts, State, Step, after, check, is_put_right, lacking
from qms.domain.pleas import Kind as PleaKind
from qms.findings import notices, waiting
from qms.findings.facts import WHOLE_ANSWER, facts, granted, lacks
from qms.findings.models import Finding, Round
from qms.findings.plans import Planned, checked_plan, plan
from qms.findings.pleading import lapse
from qms.offices import queries as offices
from qms.policy import Actor, standing


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the unit answers: what was put right at once or why nothing could be, why it happened, what will change."""

    correction: str = ""
    no_correction_reason: str = ""
    cause: str = ""
    analysis: Analysis = field(default_factory=Analysis)
    """How the cause was found, where more than a text was typed."""
    cause_key: str = ""
    """Of the office's catalogue of causes, if the unit chooses one."""
    criterion: str = ""
    """How the effect will be judged, if the unit proposes it."""
    actions: tuple[Planned, ...] = ()

    @property
    def written_cause(self) -> str:
        """The cause as one text with the way to it."""
        return self.analysis.written(self.cause)

    @property
    def blames_somebody(self) -> bool:
        """Whether the cause ends at a person, so that one more why is worth asking; no reason to refuse it."""
        return ends_at_a_person(self.written_cause)


def check_answer(finding: Finding, answer: Answer, *, by: Actor, today: date) -> State:
    """The state the case is in once this answer is sent. Raises `RuleViolation` when it cannot be sent as it is."""
    _refuse_for_information(finding)
    known = _with(finding, answer, by=by, today=today)
    state = _walk(finding, (Step.ACKNOWLEDGE, Step.ANALYSE), by=by, known=known)
    check(Step.ANSWER, state, who=standing(by, finding.concern), facts=known)
    _check_cause(finding, answer.cause_key)
    checked_plan(finding, answer.actions, today)
    return after(Step.ANSWER, state)


def answer_lacks(finding: Finding, answer: Answer, *, by: Actor, today: date) -> list[RuleViolation]:
    """All that keeps this answer from being sent and has a field, said at once."""
    known = _with(finding, answer, by=by, today=today)
    found = lacking(Step.ANSWER, who=standing(by, finding.concern), facts=known)
    if not any(refusal.field == "actions" for refusal in found):
        try:
            checked_plan(finding, answer.actions, today)
        except InvalidInput as refusal:
            found.append(refusal)
    return found


def check_answerable(finding: Finding, *, by: Actor, today: date) -> None:
    """Refuse whatever nothing typed could change. Raises `RuleViolation`."""
    _refuse_for_information(finding)
    known = _with(finding, Answer(correction="-"), by=by, today=today)
    state = _walk(finding, (Step.ACKNOWLEDGE, Step.ANALYSE), by=by, known=known)
    _refuse_sent(finding, state, by=by, known=known)


def save_answer(finding: Finding, answer: Answer, *, by: Actor, today: date) -> None:
    """Keep an answer that is not ready; only the unit sees it, and the case stays as it is.

    A page does this while somebody types, so that nothing may follow from it. Raises `RuleViolation` when an answer was
    sent already.
    """
    check_answerable(finding, by=by, today=today)
    kept = [
        {
            "description": action.description,
            "owner_id": action.owner_id,
            "due_on": action.due_on.isoformat() if action.due_on else None,
        }
        for action in answer.actions
    ]
    finding.draft = {
        "correction": answer.correction,
        "no_correction_reason": answer.no_correction_reason,
        "cause": answer.cause,
        "analysis": answer.analysis.kept,
        "cause_key": answer.cause_key,
        "criterion": answer.criterion,
        "actions": kept,
    }


def send_answer(finding: Finding, answer: Answer, *, by: Actor, today: date) -> None:
    """Send the answer to the proxy, with a copy to who sent it."""
    finding.state = check_answer(finding, answer, by=by, today=today)
    round_ = _keep(finding, answer)
    round_.answered_by_id, round_.answered_at = by.person_id, clock.now()
    # Whoever was to answer and did not has no part in the case any more.
    finding.draft = None
    lapse(finding, PleaKind.MORE_TIME, today=today)
    finding.answerer_id = by.person_id if by.person_id == finding.answerer_id else None
    plan(finding, checked_plan(finding, answer.actions, today))
    waiting.wait_for(finding, Kind.DECISION_ON_ANSWER, since=today)
    waiting.settle(finding)
    notices.answered(finding, today=today)


def return_answer(finding: Finding, reason: str, *, answer_due_on: date | None, by: Actor, today: date) -> None:
    """Ask the unit to complete its answer, until a day or with no day set."""
    state = granted(Step.RETURN_ANSWER, finding, by=by, today=today, has_reason=bool(reason))
    if answer_due_on is not None and answer_due_on < today:
        raise InvalidInput(N_("Enter today or a later day."), field="answer_due_on")
    because(reason)
    finding.state = state
    finding.rounds[-1].answered_at, finding.rounds[-1].returned_note = None, reason
    waiting.wait_for_answer_until(finding, answer_due_on, since=today)
    waiting.settle(finding)
    notices.returned(finding, reason, by_name=by.name, today=today)


def accept_lacks(finding: Finding, criterion: str, *, by: Actor, today: date) -> list[RuleViolation]:
    """All that has to be said yet before the plan can be accepted."""
    return lacks(Step.ACCEPT_ANSWER, finding, by=by, today=today, has_criterion=bool(criterion))


def accept_answer(
    finding: Finding, *, by: Actor, today: date, criterion: str | None = None, cause_key: str | None = None
) -> None:
    """Agree to the plan, so that the work may begin.

    Where no other criterion or kind of cause is given, those of the unit stand. Raises `RuleViolation`.
    """
    round_ = finding.rounds[-1]
    agreed = round_.criterion if criterion is None else criterion
    kind = round_.cause_key if cause_key is None else _check_cause(finding, cause_key)
    finding.state = granted(Step.ACCEPT_ANSWER, finding, by=by, today=today, has_criterion=bool(agreed))
    round_.criterion, round_.accepted_by_id, round_.accepted_on = agreed, by.person_id, today
    round_.cause_key = finding.cause_key = kind
    waiting.wait_for_actions(finding, since=today)
    waiting.settle(finding)
    notices.plan_accepted(finding)


def _refuse_for_information(finding: Finding) -> None:
    if not waiting.is_case(finding):
        raise NotAllowedNow(N_("This finding is for information and needs no answer. Go back to the register."))


def _refuse_sent(finding: Finding, state: State, *, by: Actor, known: Facts) -> None:
    """A draft may lack anything, but not follow an answer that was sent."""
    if state not in STEPS[Step.ANSWER].from_states:
        return
    check(Step.ANSWER, state, who=standing(by, finding.concern), facts=replace(known, **WHOLE_ANSWER))


def _with(finding: Finding, answer: Answer, *, by: Actor, today: date) -> Facts:
    return facts(
        finding,
        by=by,
        today=today,
        has_correction_or_reason=bool(answer.correction or answer.no_correction_reason)
        or not is_put_right(Category(finding.category)),
        has_cause=bool(answer.written_cause),
        is_cause_sought_twice=answer.analysis.is_two_ways,
        has_action=bool(answer.actions),
        has_person_and_date_on_every_action=all(action.is_whole for action in answer.actions),
    )


_ANSWERED_FROM = frozenset({State.REPORTED, State.ACCEPTED, State.IN_ANALYSIS})


def _walk(finding: Finding, steps: Sequence[Step], *, by: Actor, known: Facts) -> State:
    """Take those of the steps that lead on from where the case is, so that nobody has to take each by hand."""
    state, who = State(finding.state), standing(by, finding.concern)
    if not who & STEPS[Step.ANSWER].who or state not in _ANSWERED_FROM:
        check(Step.ANSWER, state, who=who, facts=known)  # refuses, and says who may or what comes next
    for step in steps:
        if state in STEPS[step].from_states:
            check(step, state, who=who, facts=known)
            state = after(step, state)
    return state


def _check_cause(finding: Finding, key: str) -> str | None:
    """The key, if it can be chosen. Raises `InvalidInput` for one that is no longer used, unless it stood before."""
    known = {each.key for each in offices.cause_kinds(finding.office_id) if each.is_used} if key else set()
    if key and key not in known | {finding.cause_key}:
        raise InvalidInput(N_("This kind of cause is no longer used. Choose another one, or none."), field="cause_key")
    return key or None


def _keep(finding: Finding, answer: Answer) -> Round:
    round_ = finding.rounds[-1]
    round_.correction, round_.no_correction_reason = answer.correction, answer.no_correction_reason
    round_.cause, round_.analysis = answer.written_cause, answer.analysis.kept
    round_.criterion = answer.criterion
    round_.cause_key = finding.cause_key = answer.cause_key or None
    return round_
