"""What whoever is to answer asks for besides answering, and what becomes of it; the day to answer stands meanwhile."""

from datetime import date

from qms.domain.deadlines import Kind as Deadline
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import Step
from qms.domain.moving import is_later
from qms.domain.pleas import Fate, Kind
from qms.findings import plea_notices, waiting
from qms.findings.facts import granted
from qms.findings.models import Finding
from qms.findings.plea_models import Plea
from qms.policy import Actor


def ask_time(finding: Finding, reason: str, new_due_on: date | None, *, by: Actor, today: date) -> None:
    """Ask for a later day to answer. Raises `RuleViolation`."""
    later = is_later(new_due_on, finding.due_on, today)
    granted(Step.ASK_TIME, finding, by=by, today=today, has_reason=bool(reason), has_new_day=later)
    plea = _put(finding, Kind.MORE_TIME, reason, by=by, today=today)
    plea.new_due_on = new_due_on
    waiting.settle(finding)
    plea_notices.time_asked(finding, plea, today=today)


def refuse_time(finding: Finding, word: str, *, by: Actor, today: date) -> None:
    """Let the present day stand, and say why to who asked. Raises `RuleViolation`."""
    granted(Step.REFUSE_TIME, finding, by=by, today=today, has_reason=bool(word))
    plea = decide(finding, Kind.MORE_TIME, Fate.REFUSED, word=word, by=by, today=today)
    waiting.settle(finding)
    plea_notices.time_decided(finding, plea)


def grant_time(finding: Finding, reason: str, *, by: Actor, today: date) -> None:
    """The day was moved: whoever asked for that hears of the new one."""
    if finding.plea(Kind.MORE_TIME):
        plea = decide(finding, Kind.MORE_TIME, Fate.GRANTED, word=reason, by=by, today=today)
        plea_notices.time_decided(finding, plea)


def object_to(finding: Finding, reason: str, *, by: Actor, today: date) -> None:
    """Say that the finding does not stand, and why. Raises `RuleViolation`."""
    granted(Step.OBJECT, finding, by=by, today=today, has_reason=bool(reason))
    plea = _put(finding, Kind.OBJECTION, reason, by=by, today=today)
    waiting.settle(finding)
    plea_notices.objected(finding, plea, today=today)


def uphold(finding: Finding, word: str, *, new_due_on: date | None = None, by: Actor, today: date) -> None:
    """Answer an objection: the finding stands, and the case goes on. Raises `RuleViolation`.

    `new_due_on` gives the unit the days back that the objection waited; nobody asked for it, so it counts as no move.
    """
    granted(Step.UPHOLD, finding, by=by, today=today, has_reason=bool(word))
    if new_due_on is not None:
        _give_back(finding, new_due_on, today)
    plea = decide(finding, Kind.OBJECTION, Fate.REFUSED, word=word, by=by, today=today)
    waiting.settle(finding)
    plea_notices.objection_answered(finding, plea)


def _give_back(finding: Finding, new_due_on: date, today: date) -> None:
    is_awaited = finding.waits_for == Deadline.ANSWER and finding.due_on is not None
    if not is_awaited or not is_later(new_due_on, finding.due_on, today):
        raise InvalidInput(N_("Choose a day later than the present one, by a year at most."), field="new_due_on")
    finding.first_due_on = finding.first_due_on or finding.due_on
    finding.due_on, finding.due_limit, finding.due_rule = new_due_on, "", ""


def take_back(finding: Finding, reason: str, *, by: Actor, today: date) -> None:
    """The finding ended before its time: whoever objected hears that, and what else was asked for lapses."""
    lapse(finding, Kind.MORE_TIME, today=today)
    if finding.plea(Kind.OBJECTION):
        plea = decide(finding, Kind.OBJECTION, Fate.GRANTED, word=reason, by=by, today=today)
        plea_notices.objection_answered(finding, plea)


def lapse(finding: Finding, *kinds: Kind, today: date) -> None:
    """What was asked for does not matter any more."""
    for plea in filter(None, map(finding.plea, kinds)):
        plea.fate, plea.decided_on = Fate.LAPSED, today


def decide(finding: Finding, kind: Kind, fate: Fate, *, word: str, by: Actor, today: date) -> Plea:
    """Note what became of what waits. Raises `LookupError` when nothing does."""
    plea = finding.plea(kind)
    if plea is None:
        raise LookupError(kind)
    plea.fate, plea.word, plea.decided_by_id, plea.decided_on = fate, word, by.person_id, today
    return plea


def _put(finding: Finding, kind: Kind, reason: str, *, by: Actor, today: date) -> Plea:
    plea = Plea(office_id=finding.office_id, kind=kind, reason=reason, asked_by_id=by.person_id, asked_on=today)
    plea.fate = Fate.WAITING
    finding.pleas.append(plea)
    return plea
