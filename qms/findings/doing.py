"""The work on a nonconformity: how its actions are reported done, shown, confirmed or sent back."""

from collections.abc import Collection, Sequence
from datetime import date

from qms.core.trail import because
from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted, RuleViolation
from qms.domain.files import FIELD
from qms.domain.findings import MAY, REPORTING, State, Step, after, check
from qms.domain.parts import Typed, settled
from qms.findings import notices, sharing, waiting
from qms.findings.facts import facts, granted, lacks
from qms.findings.models import Action, Finding
from qms.findings.recording import Upload, attach
from qms.policy import Actor, standing

_NONE_CHOSEN = N_("Choose the actions that are not done.")


def check_doable(action: Action) -> None:
    """Refuse an action that nobody has to do any more. Raises `RuleViolation`."""
    if action.done_on is not None:
        raise NotAllowedNow(N_("This action was reported done already. Open the case to see what comes next."))
    if action.finding.waits_for != Kind.ACTION or action not in action.finding.current_actions:
        raise NotAllowedNow(N_("This action does not wait to be done. Open the case to see what it waits for."))
    waiting.refuse_borrowed(action)


def report_done(
    action: Action, note: str, uploads: Sequence[Upload] = (), *, done_on: date, by: Actor, today: date
) -> None:
    """Report one action done, shown by a note or files. The last one brings the whole case to be verified.

    The others learn of it today, so verifying counts from today; whether it helps is asked from `done_on` on. What
    stands for the action in other cases is done with it.
    """
    check_doable(action)
    _check_done_day(action.finding, done_on, today)
    for each in (action, *sharing.followers(action)):
        _mark_done(each, note, is_shown=bool(note or uploads), done_on=done_on, by=by, today=today)
        attach(each.finding, uploads if each is action else (), by=by, action_id=each.id)
        _go_on(each, by=by, today=today)


def _mark_done(action: Action, note: str, *, is_shown: bool, done_on: date, by: Actor, today: date) -> None:
    finding = action.finding
    known = facts(finding, by=by, today=today, has_evidence_of_doing=is_shown, has_open_parts=_is_any_open(action))
    who = standing(by, action.concern)
    state = State(finding.state)
    if state is State.PLANNED:
        check(Step.START_WORK, state, who=who, facts=known)
        state = after(Step.START_WORK, state)
    check(Step.REPORT_DONE, state, who=who, facts=known)
    finding.state = state
    action.done_on, action.done_note, action.reported_by_id = done_on, note, by.person_id


def divide(action: Action, typed: Sequence[Typed], *, today: date) -> None:
    """Say what the action consists of and which of it is done. Raises `RuleViolation`."""
    check_doable(action)
    found = settled(typed, action.parts, action_due_on=action.due_on, today=today)
    action.stored_parts = [part.stored for part in found]


def _is_any_open(action: Action) -> bool:
    return any(part.is_open for part in action.parts)


def _go_on(action: Action, *, by: Actor, today: date) -> None:
    """Let the case wait for its other actions, or for somebody who looks at the work."""
    finding = action.finding
    is_last = not waiting.undone_actions(finding)
    if is_last:
        finding.state = granted(Step.COMPLETE, finding, by=by, today=today)
        waiting.wait_for(finding, Kind.VERIFICATION, since=today)
    else:
        waiting.wait_for_actions(finding, since=finding.counted_from or today)
    waiting.settle(finding)
    notices.action_reported(finding, action, by_name=by.name, all_done=is_last, today=today)


def done_lacks(
    action: Action, note: str, uploads: Sequence[Upload], *, done_on: date | None, by: Actor, today: date
) -> list[RuleViolation]:
    """All that has to be said yet before the action can be reported done."""
    is_shown = bool(note or uploads)
    typed = {"has_evidence_of_doing": is_shown, "has_open_parts": _is_any_open(action)}
    found = lacks(Step.REPORT_DONE, action.finding, by=by, today=today, **typed)
    try:
        if done_on is not None:
            _check_done_day(action.finding, done_on, today)
    except InvalidInput as refusal:
        found.append(refusal)
    return found


def _check_done_day(finding: Finding, done_on: date, today: date) -> None:
    if done_on > today:
        raise InvalidInput(N_("This day has not come yet. Report the action once it is done."), field="done_on")
    accepted_on = finding.round and finding.round.accepted_on
    if accepted_on and done_on < accepted_on:
        message = N_("The plan was accepted on %(day)s. Enter that day or a later one.")
        raise InvalidInput(message, field="done_on", day=accepted_on)


def add_evidence(finding: Finding, uploads: Sequence[Upload], *, by: Actor) -> None:
    """Add files to a case that is not over. Raises `RuleViolation` when it is, or when none was chosen."""
    if not standing(by, finding.concern) & REPORTING:
        raise NotPermitted(MAY[REPORTING])
    if finding.waits_for is None:
        raise NotAllowedNow(N_("This case is over, so nothing can be added to it. If the problem is back, reopen it."))
    if not uploads:
        raise InvalidInput(N_("Choose a file to add."), field=FIELD)
    attach(finding, uploads, by=by)


def verify(finding: Finding, note: str, *, by: Actor, today: date, review_on: date | None = None) -> None:
    """Confirm that the work was done; whether it helped is judged later, on `review_on` where the office agrees on it.

    Raises `RuleViolation` when that day is missing.
    """
    state = granted(Step.VERIFY, finding, by=by, today=today)
    waiting.check_review_day(finding, review_on, today=today)
    finding.state = state
    round_ = finding.rounds[-1]
    round_.verified_by_id, round_.verified_on, round_.verification = by.person_id, today, note
    waiting.wait_for_review(finding, since=_last_done_on(finding, today), review_on=review_on)
    waiting.settle(finding)


def send_back(finding: Finding, reason: str, action_ids: Collection[int], *, by: Actor, today: date) -> None:
    """Say which actions are not done after all, and why."""
    state = granted(Step.SEND_BACK, finding, by=by, today=today, has_reason=bool(reason))
    undone = [action for action in finding.current_actions if action.id in action_ids]
    if not undone:
        raise InvalidInput(_NONE_CHOSEN, field="undone")
    because(reason)
    finding.state = state
    sharing.stand_alone(undone, today=today)
    for action in undone:
        action.done_on = None
    waiting.wait_for_actions(finding, since=today)
    waiting.settle(finding)


def send_back_lacks(
    finding: Finding, reason: str, action_ids: Collection[int], *, by: Actor, today: date
) -> list[RuleViolation]:
    """All that has to be said yet before the work can be sent back."""
    found = lacks(Step.SEND_BACK, finding, by=by, today=today, has_reason=bool(reason))
    return found if action_ids else [InvalidInput(_NONE_CHOSEN, field="undone"), *found]


def _last_done_on(finding: Finding, today: date) -> date:
    return max((action.done_on for action in finding.current_actions if action.done_on), default=today)
