"""Several days moved at once, of actions or of answers: all of those that may be, or none."""

from collections.abc import Sequence
from datetime import date

from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.domain.findings import Step
from qms.findings import service, waiting
from qms.findings.facts import check_way
from qms.findings.models import Action, Finding
from qms.policy import Actor


def check_movable(action: Action, *, by: Actor, today: date) -> None:
    """The same rules as for one action on its own, less what is still to be typed. Raises `RuleViolation`."""
    waiting.check_waits(action)
    check_way(Step.MOVE_DATE, action.finding, by=by, today=today, date_moves=action.date_moves)


def check_answer_movable(finding: Finding, *, by: Actor, today: date) -> None:
    """The same for the day of an answer. Raises `RuleViolation`."""
    if finding.waits_for == Kind.ACTION:
        raise NotAllowedNow(N_("The actions of this case are being done. Move their days in the register of actions."))
    service.check_answer_waits(finding)
    check_way(Step.MOVE_DATE, finding, by=by, today=today)


def move_all_answers(cases: Sequence[Finding], reason: str, new_due_on: date, *, by: Actor, today: date) -> None:
    """Grant a later day for each of these answers; refuses, having changed nothing, when one is due later anyway."""
    later = sorted(case.number or "" for case in cases if case.due_on and case.due_on >= new_due_on)
    if later:
        message = N_("The new day is not later than the present one of: %(numbers)s. Choose a later day.")
        raise InvalidInput(message, field="new_due_on", numbers=", ".join(later))
    for case in cases:
        service.move_answer_date(case, reason, new_due_on, by=by, today=today)


def move_all(actions: Sequence[Action], reason: str, new_due_on: date, *, by: Actor, today: date) -> None:
    """Grant a later day for each of these actions; refuses, having changed nothing, when one is due later anyway."""
    later = sorted({action.finding.number or "" for action in actions if action.due_on >= new_due_on})
    if later:
        message = N_("The new day is not later than the present one of an action of: %(numbers)s. Choose a later day.")
        raise InvalidInput(message, field="new_due_on", numbers=", ".join(later))
    for action in actions:
        service.move_action_date(action, reason, new_due_on, by=by, today=today)
