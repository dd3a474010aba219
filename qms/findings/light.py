"""The light path of what is no nonconformity: the unit says whether it acts, and somebody else takes note.

No cause is asked for and no effect is judged; the reason not to act may be returned once.
"""

from collections.abc import Sequence
from datetime import date

from qms.core import clock
from qms.core.db import db
from qms.domain.deadlines import Kind
from qms.domain.errors import InvalidInput, RuleViolation
from qms.domain.findings import State, Step
from qms.domain.pleas import Kind as PleaKind
from qms.findings import light_notices, waiting
from qms.findings.facts import check_way, granted, lacks
from qms.findings.models import Finding
from qms.findings.plans import Planned, checked_plan, plan
from qms.findings.pleading import lapse
from qms.policy import Actor


def act(finding: Finding, actions: Sequence[Planned], *, by: Actor, today: date) -> None:
    """Say that the unit acts: what, who and until when; the work begins at once. Raises `RuleViolation`."""
    state = granted(Step.ACT, finding, by=by, today=today, **_said(actions))
    checked = checked_plan(finding, actions, today)
    _reply(finding, state, "", by=by, today=today)
    plan(finding, checked)
    waiting.wait_for_actions(finding, since=today)
    waiting.settle(finding)
    light_notices.acts(finding)


def act_lacks(finding: Finding, actions: Sequence[Planned], *, by: Actor, today: date) -> list[RuleViolation]:
    """All that has to be said yet of what the unit will do."""
    found = lacks(Step.ACT, finding, by=by, today=today, **_said(actions))
    try:
        checked_plan(finding, actions if not found else (), today)
    except InvalidInput as refusal:
        found.append(refusal)
    return found


def leave(finding: Finding, reason: str, *, by: Actor, today: date) -> None:
    """Say that the unit does not act, and why; somebody else takes note of that. Raises `RuleViolation`."""
    state = granted(Step.LEAVE, finding, by=by, today=today, has_reason=bool(reason))
    _reply(finding, state, reason, by=by, today=today)
    plan(finding, [])
    waiting.wait_for(finding, Kind.DECISION_ON_ANSWER, since=today)
    waiting.settle(finding)
    light_notices.left(finding, today=today)


def check_awaited(finding: Finding, *, by: Actor, today: date) -> None:
    """Refuse whatever nothing typed could change. Raises `RuleViolation`."""
    check_way(Step.LEAVE, finding, by=by, today=today)


def take_note(finding: Finding, note: str, *, by: Actor, today: date) -> None:
    """Take note of why the unit does not act, and close. Raises `RuleViolation`."""
    state = granted(Step.TAKE_NOTE, finding, by=by, today=today)
    round_ = finding.rounds[-1]
    round_.accepted_by_id, round_.accepted_on, round_.verification = by.person_id, today, note
    _close(finding, state, today)


def confirm(finding: Finding, note: str, *, by: Actor, today: date) -> None:
    """Confirm that the unit did what it said, and close: nobody judges an effect. Raises `RuleViolation`."""
    state = granted(Step.CONFIRM, finding, by=by, today=today)
    round_ = finding.rounds[-1]
    round_.verified_by_id, round_.verified_on, round_.verification = by.person_id, today, note
    _close(finding, state, today)


def _close(finding: Finding, state: State, today: date) -> None:
    db.session.flush()  # so that the trail tells what was seen before the closing
    finding.state, finding.closed_on = state, today
    lapse(finding, PleaKind.OBJECTION, today=today)
    waiting.wait_for_nothing(finding)
    waiting.settle(finding)


def _said(actions: Sequence[Planned]) -> dict[str, bool]:
    is_whole = all(action.is_whole for action in actions)
    return {"has_action": bool(actions), "has_person_and_date_on_every_action": is_whole}


def _reply(finding: Finding, state: State, reason: str, *, by: Actor, today: date) -> None:
    round_ = finding.rounds[-1]
    round_.no_correction_reason = reason
    round_.answered_by_id, round_.answered_at = by.person_id, clock.now()
    finding.state = state
    # Whoever was to answer and did not has no part in the case any more.
    finding.answerer_id = by.person_id if by.person_id == finding.answerer_id else None
    lapse(finding, PleaKind.MORE_TIME, today=today)
