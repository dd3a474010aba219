"""What a case waits for and until when: the one place where its due days are set."""

from collections.abc import Collection
from datetime import date

from qms.core import clock
from qms.domain import deadlines, limits
from qms.domain.certification import Due
from qms.domain.deadlines import Kind, Rule
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.domain.findings import Category, State, needs_answer, stage_of
from qms.domain.limits import AGREED, Limit, Unit
from qms.domain.moving import given_back
from qms.findings.models import Action, Finding
from qms.findings.plea_models import Plea
from qms.offices import queries as offices

_RULES = {
    Kind.ANSWER: Rule.ANSWER,
    Kind.DECISION_ON_ANSWER: Rule.DECISION_ON_ANSWER,
    Kind.ACTION: Rule.ACTION,
    Kind.VERIFICATION: Rule.VERIFICATION,
    Kind.EFFECTIVENESS: Rule.EFFECTIVENESS,
    Kind.CLOSING: Rule.CLOSING,
}


def rule_of(kind: Kind, round_number: int, due_rule: str = "") -> Rule:
    """By which rule the day of this wait is counted: that of the first answer counts from the publication.

    `due_rule` names another one, where a certification body set the day.
    """
    if due_rule:
        return Rule(due_rule)
    return Rule.ANSWER_AGAIN if kind is Kind.ANSWER and round_number > 1 else _RULES[kind]


def wait_for(finding: Finding, kind: Kind, *, since: date) -> None:
    """Let the case wait for its next step, until the end of the office's limit counted from a day.

    A limit that is an agreed day leads to none here: `wait_for_review` takes the day.
    """
    limit, off = _limit_of(finding, kind), offices.days_off(finding.office_id)
    last_day = limits.due_on(limit, since, off)
    rolls = finding.office.rolls_due_days
    due_on = deadlines.rolled(rule_of(kind, finding.round_number), last_day, off, rolls=rolls) if last_day else None
    _set(finding, kind, due_on=due_on, counted_from=since)
    finding.due_limit = f"{limit.value} {limit.unit}" if due_on else ""


def _limit_of(finding: Finding, kind: Kind) -> Limit:
    if kind is not Kind.ANSWER:
        return offices.limit(finding.office_id, kind.value)
    return limits.for_answer(finding.category, offices.limits([finding.office_id])[finding.office_id])


def wait_for_body(finding: Finding, due: Due) -> None:
    """Let the case wait for its first answer until the day that a certification body set."""
    _set(finding, Kind.ANSWER, due_on=due.due_on, counted_from=due.counted_from)
    finding.due_rule = due.rule
    finding.due_limit = f"{due.limit.value} {due.limit.unit}" if due.limit else ""
    finding.changed_at = clock.now()


def wait_for_answer_until(finding: Finding, due_on: date | None, *, since: date) -> None:
    """Let the case wait for a completed answer until a day that somebody chose.

    The first answer still counts from the publication, one of a later round from the day it was returned.
    """
    _set(finding, Kind.ANSWER, due_on=due_on, counted_from=finding.reported_on if finding.round_number == 1 else since)
    finding.due_limit = ""


def is_review_agreed(finding: Finding) -> bool:
    """Whether the office agrees on the day of each effectiveness review instead of counting it."""
    return offices.limit(finding.office_id, Kind.EFFECTIVENESS.value).unit is Unit.AGREED


def check_review_day(finding: Finding, review_on: date | None, *, today: date) -> None:
    """Refuse a missing or past day where the office agrees on it. Raises `InvalidInput`."""
    if not is_review_agreed(finding):
        return
    if review_on is None:
        raise InvalidInput(N_("Enter the day agreed for the effectiveness review."), field="review_on")
    if review_on < today:
        raise InvalidInput(N_("Enter today or a later day."), field="review_on")


def wait_for_review(finding: Finding, *, since: date, review_on: date | None) -> None:
    """Let the case wait for the effectiveness review: by the limit, or until the day that was agreed."""
    if not is_review_agreed(finding):
        wait_for(finding, Kind.EFFECTIVENESS, since=since)
        return
    _set(finding, Kind.EFFECTIVENESS, due_on=review_on, counted_from=since)
    finding.due_limit = Unit.AGREED


def wait_for_actions(finding: Finding, *, since: date) -> None:
    """Let the case wait for the nearest action that is not done."""
    undone = undone_actions(finding)
    _set(finding, Kind.ACTION, due_on=min(action.due_on for action in undone), counted_from=since)
    finding.due_limit = ""


def wait_for_nothing(finding: Finding) -> None:
    """Let the case rest."""
    _set(finding, None, due_on=None, counted_from=None)
    finding.due_limit = ""


def _set(finding: Finding, kind: Kind | None, *, due_on: date | None, counted_from: date | None) -> None:
    finding.waits_for, finding.due_on, finding.counted_from = kind, due_on, counted_from
    finding.first_due_on, finding.date_moves, finding.due_rule = None, 0, ""


def undone_actions(finding: Finding) -> list[Action]:
    """The actions of this round that nobody reported done."""
    return [action for action in finding.current_actions if action.done_on is None]


def check_waits(action: Action) -> None:
    """Refuse an action that nobody has to do now. Raises `NotAllowedNow`."""
    finding = action.finding
    if finding.waits_for != Kind.ACTION or action not in undone_actions(finding):
        raise NotAllowedNow(N_("This action does not wait to be done. Open the case to see what it waits for."))
    refuse_borrowed(action)


def refuse_borrowed(action: Action) -> None:
    """Refuse what is decided in another case, of whose action this one is a part. Raises `NotAllowedNow`."""
    if action.borrowed:
        message = N_("This action serves several cases and is looked after in %(number)s. Open that case.")
        raise NotAllowedNow(message, number=action.borrowed.leader_finding.number)


def propose_answer_day(finding: Finding, today: date) -> date | None:
    """Until when a new answer could be given: the office's limit, counted from today."""
    limit, off = _limit_of(finding, Kind.ANSWER), offices.days_off(finding.office_id)
    last_day = limits.due_on(limit, today, off)
    rolls = finding.office.rolls_due_days
    return deadlines.rolled(Rule.ANSWER, last_day, off, rolls=rolls) if last_day else None


def propose_day_after(plea: Plea, finding: Finding, today: date) -> date | None:
    """Until when an answer could be given once what was asked for is declined; none where nobody waited for that."""
    if finding.waits_for != Kind.ANSWER or finding.due_on is None:
        return None
    day = given_back(finding.due_on, asked_on=plea.asked_on, today=today)
    off, rolls = offices.days_off(finding.office_id), finding.office.rolls_due_days
    return deadlines.rolled(Rule.ANSWER, day, off, rolls=rolls) if day else None


def limit_of(due_limit: str) -> Limit:
    """The limit a due day was counted by; a day that somebody chose was counted by none."""
    value, _, unit = due_limit.partition(" ")
    return Limit(int(value), Unit(unit)) if unit else AGREED


def is_case(finding: Finding) -> bool:
    """Whether the finding is answered and followed; others are for information."""
    return finding.is_light or needs_answer(Category(finding.category))


def settle(finding: Finding) -> None:
    """Bring what is kept beside the state in line with it; every verb ends with this."""
    state = State(finding.state)
    stage = stage_of(state, is_answer_sent=finding.is_answer_sent)
    is_shown = finding.reported_on is not None and (is_case(finding) or state in _ENDED)
    finding.stage = stage if is_shown else None
    finding.changed_at = clock.now()


_ENDED: Collection[State] = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED})
