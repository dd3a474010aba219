"""What is done with a finding, from the first note to the proof that it helped.

Every verb asks the one table of `qms.domain.findings` first and changes nothing when it refuses; the caller commits.
`by` is the person as they stand today; `today` is the civil day.
"""

from datetime import date

from qms.core.db import db
from qms.core.trail import because
from qms.domain.deadlines import Kind
from qms.domain.errors import N_, NotAllowedNow, RuleViolation
from qms.domain.findings import State, Step
from qms.domain.limits import Unit
from qms.domain.moving import is_later
from qms.domain.pleas import Kind as PleaKind
from qms.findings import notices, sharing, waiting
from qms.findings.answering import (
    Answer,
    accept_answer,
    accept_lacks,
    answer_lacks,
    check_answer,
    check_answerable,
    return_answer,
    save_answer,
    send_answer,
)
from qms.findings.doing import (
    add_evidence,
    check_doable,
    divide,
    done_lacks,
    report_done,
    send_back,
    send_back_lacks,
    verify,
)
from qms.findings.facts import granted, lacks, offered
from qms.findings.handing_over import colleagues, hand_over
from qms.findings.light import act, act_lacks, confirm, leave, take_note
from qms.findings.models import Action, Finding, Round
from qms.findings.plans import Planned
from qms.findings.pleading import ask_time, grant_time, lapse, object_to, refuse_time, take_back, uphold
from qms.findings.reassigning import reassign
from qms.findings.recording import (
    Upload,
    Written,
    change,
    check_publishable,
    missing_parts,
    publish,
    record,
    refuse_ended,
    withdraw,
)
from qms.policy import Actor

__all__ = [
    "Answer",
    "Planned",
    "Upload",
    "Written",
    "accept_answer",
    "accept_lacks",
    "acknowledge",
    "act",
    "act_lacks",
    "add_evidence",
    "answer_lacks",
    "ask_time",
    "cancel",
    "change",
    "check_answer",
    "check_answer_waits",
    "check_answerable",
    "check_doable",
    "check_publishable",
    "close",
    "colleagues",
    "confirm",
    "divide",
    "done_lacks",
    "hand_over",
    "judge_effective",
    "judge_ineffective",
    "lacks",
    "leave",
    "missing_parts",
    "move_action_date",
    "move_answer_date",
    "object_to",
    "postpone",
    "postpone_lacks",
    "publish",
    "reassign",
    "record",
    "refuse_ended",
    "refuse_time",
    "reject",
    "reopen",
    "report_done",
    "return_answer",
    "save_answer",
    "send_answer",
    "send_back",
    "send_back_lacks",
    "take_note",
    "uphold",
    "verify",
    "withdraw",
]


def acknowledge(finding: Finding, *, by: Actor, today: date) -> None:
    """Note that the unit knows of the finding."""
    finding.state = granted(Step.ACKNOWLEDGE, finding, by=by, today=today)
    waiting.settle(finding)


def judge_effective(finding: Finding, how_shown: str, *, by: Actor, today: date) -> None:
    """Record that the actions helped. Whoever may close the case closes it with that; else it waits for the proxy."""
    granted(Step.JUDGE_EFFECTIVE, finding, by=by, today=today, has_how_shown=bool(how_shown))
    _refuse_judged(finding)
    _judge(finding, how_shown, by=by, today=today, is_effective=True)
    db.session.flush()  # so that the trail tells the judgement before the closing
    if Step.CLOSE in offered(finding, by=by, today=today):
        close(finding, by=by, today=today)
        return
    waiting.wait_for(finding, Kind.CLOSING, since=today)
    waiting.settle(finding)


def judge_ineffective(finding: Finding, how_shown: str, *, by: Actor, today: date) -> None:
    """Record that the actions did not help: a new round opens, the one before is kept whole."""
    state = granted(Step.JUDGE_INEFFECTIVE, finding, by=by, today=today, has_how_shown=bool(how_shown))
    _judge(finding, how_shown, by=by, today=today, is_effective=False)
    _open_round(finding, state, today)
    notices.returned(finding, how_shown, by_name=by.name, today=today)


def postpone_lacks(
    finding: Finding, reason: str, new_due_on: date | None, *, by: Actor, today: date
) -> list[RuleViolation]:
    """All that has to be said yet before the review can be put off."""
    later = is_later(new_due_on, finding.due_on, today)
    return lacks(Step.POSTPONE, finding, by=by, today=today, has_reason=bool(reason), has_new_day=later)


def postpone(finding: Finding, reason: str, new_due_on: date | None, *, by: Actor, today: date) -> None:
    """Say that it is too early to judge, and when to look again."""
    _refuse_judged(finding)
    later = is_later(new_due_on, finding.due_on, today)
    granted(Step.POSTPONE, finding, by=by, today=today, has_reason=bool(reason), has_new_day=later)
    because(reason)
    finding.first_due_on = finding.first_due_on or finding.due_on
    finding.due_on = new_due_on
    if finding.due_limit != Unit.AGREED:
        finding.due_limit = ""
    waiting.settle(finding)


def close(finding: Finding, *, by: Actor, today: date) -> None:
    """Close a case whose actions were judged effective."""
    finding.state = granted(Step.CLOSE, finding, by=by, today=today)
    finding.closed_on = today
    lapse(finding, PleaKind.OBJECTION, today=today)
    waiting.wait_for_nothing(finding)
    waiting.settle(finding)


def reject(finding: Finding, reason: str, *, has_lead_consent: bool, by: Actor, today: date) -> None:
    """Take a finding out that does not stand; the lead auditor agreed."""
    typed = {"has_reason": bool(reason), "has_lead_consent": has_lead_consent}
    _end(finding, granted(Step.REJECT, finding, by=by, today=today, **typed), reason, by=by, today=today)


def cancel(finding: Finding, reason: str, *, by: Actor, today: date) -> None:
    """End a case that nobody has to finish."""
    state = granted(Step.CANCEL, finding, by=by, today=today, has_reason=bool(reason))
    sharing.let_go(finding, today=today)
    _end(finding, state, reason, by=by, today=today)


def reopen(finding: Finding, reason: str, *, by: Actor, today: date) -> None:
    """Open a closed case again because the problem is back: a new round, the earlier ones kept."""
    state = granted(Step.REOPEN, finding, by=by, today=today, has_reason=bool(reason))
    because(reason)
    finding.closed_on, finding.reason = None, reason
    _open_round(finding, state, today)
    notices.returned(finding, reason, by_name=by.name, today=today)


def check_answer_waits(finding: Finding) -> None:
    """Refuse a case that nobody has to answer now. Raises `NotAllowedNow`."""
    if finding.waits_for == Kind.DECISION_ON_ANSWER:
        raise NotAllowedNow(N_("The answer has been sent, so its day cannot be moved. Accept it or return it."))
    if finding.waits_for != Kind.ANSWER:
        raise NotAllowedNow(N_("The case no longer waits for an answer. Open it to see what it waits for."))


def move_answer_date(finding: Finding, reason: str, new_due_on: date | None, *, by: Actor, today: date) -> None:
    """Grant the unit a later day to answer."""
    check_answer_waits(finding)
    later = is_later(new_due_on, finding.due_on, today)
    granted(Step.MOVE_DATE, finding, by=by, today=today, has_reason=bool(reason), has_new_day=later)
    because(reason)
    finding.first_due_on = finding.first_due_on or finding.due_on
    finding.due_on, finding.due_limit, finding.date_moves = new_due_on, "", finding.date_moves + 1
    finding.due_rule = ""
    grant_time(finding, reason, by=by, today=today)
    waiting.settle(finding)


def move_action_date(action: Action, reason: str, new_due_on: date | None, *, by: Actor, today: date) -> None:
    """Grant a later day for one action."""
    finding = action.finding
    waiting.check_waits(action)
    typed = {"has_reason": bool(reason), "has_new_day": is_later(new_due_on, action.due_on, today)}
    granted(Step.MOVE_DATE, finding, by=by, today=today, date_moves=action.date_moves, **typed)
    because(reason)
    for each in (action, *sharing.followers(action)):
        each.first_due_on = each.first_due_on or each.due_on
        each.due_on, each.date_moves = new_due_on or each.due_on, each.date_moves + 1
        waiting.wait_for_actions(each.finding, since=each.finding.counted_from or today)
        waiting.settle(each.finding)


def _refuse_judged(finding: Finding) -> None:
    if finding.waits_for == Kind.CLOSING:
        raise NotAllowedNow(N_("The actions were judged effective already. The proxy can close the case."))


def _judge(finding: Finding, how_shown: str, *, by: Actor, today: date, is_effective: bool) -> None:
    round_ = finding.rounds[-1]
    round_.is_effective, round_.effectiveness = is_effective, how_shown
    round_.judged_by_id, round_.judged_on = by.person_id, today


def _open_round(finding: Finding, state: State, today: date) -> None:
    finding.state, finding.round_number, finding.answerer_id = state, finding.round_number + 1, None
    finding.cause_key = None
    finding.rounds.append(Round(office_id=finding.office_id, number=finding.round_number))
    waiting.wait_for(finding, Kind.ANSWER, since=today)
    waiting.settle(finding)


def _end(finding: Finding, state: State, reason: str, *, by: Actor, today: date) -> None:
    because(reason)
    finding.state, finding.reason = state, reason
    waiting.wait_for_nothing(finding)
    take_back(finding, reason, by=by, today=today)
    waiting.settle(finding)
