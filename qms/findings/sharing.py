"""One action for many cases: it is done once, and each case it serves keeps its own verification and its own effect.

A case that is served holds an action of its own that stands for the leading one, with the same owner and day, so that
nobody who does the work judges it in any of these cases.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from qms.core.db import db, new_key
from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotIndependent, RuleViolation
from qms.domain.findings import Step
from qms.findings import queries, waiting
from qms.findings.facts import check_way, granted, is_judge_left
from qms.findings.models import Action, Finding
from qms.findings.share_models import SharedAction
from qms.policy import Actor

OFFERED: Final = 60  # of the cases under way; whoever looks for an older one opens its own page
FIELD: Final = "case_ids"


def check_shareable(action: Action, *, by: Actor, today: date) -> None:
    """Refuse for whatever a form could not change. Raises `RuleViolation`."""
    waiting.check_waits(action)
    check_way(Step.SHARE_ACTION, action.finding, by=by, today=today)


def followers(action: Action) -> list[Action]:
    """What stands for this action in other cases and is not done there."""
    case_ids = {each.finding_id for each in action.lent}
    found = {}
    for case in queries.whole(action.finding.office, case_ids):
        for each in case.actions:
            set_committed_value(each, "finding", case)
            found[each.id] = each
    standing_for = [found[each.action_id] for each in action.lent if each.action_id in found]
    return [each for each in standing_for if each.done_on is None]


def offered(action: Action, *, by: Actor, today: date) -> list[Finding]:
    """The cases that the action serves now, and those under way that this person may let it serve."""
    served = {each.finding_id for each in followers(action)}
    newest = select(Finding.id).where(Finding.office_id == action.office_id, Finding.waits_for == Kind.ACTION)
    newest = newest.where(Finding.id != action.finding_id).order_by(Finding.reported_on.desc(), Finding.id.desc())
    found = queries.whole(action.finding.office, served.union(db.session.scalars(newest.limit(OFFERED))))
    cases = [case for case in found if case.id in served or _may_join(case, by, today)]
    return sorted(cases, key=lambda case: (case.reported_on, case.id), reverse=True)


def _may_join(case: Finding, by: Actor, today: date) -> bool:
    try:
        check_way(Step.SHARE_ACTION, case, by=by, today=today)
    except RuleViolation:
        return False
    return True


def serve(action: Action, case_ids: Collection[int], *, by: Actor, today: date) -> None:
    """Let an action serve just these cases besides its own. Raises `RuleViolation`, having changed nothing."""
    check_shareable(action, by=by, today=today)
    served = {each.finding_id: each for each in followers(action)}
    joining = [case for case in offered(action, by=by, today=today) if case.id in set(case_ids) - served.keys()]
    leaving = [each for case_id, each in served.items() if case_id not in case_ids]
    if not (joining or leaving):
        raise InvalidInput(N_("Tick a case that this action serves too, or untick one."), field=FIELD)
    _check_joining(joining, action, by=by, today=today)
    _check_leaving(leaving)
    for case in joining:
        _join(case, action, by=by, today=today)
    for each in leaving:
        _leave(each, action, today=today)
    waiting.settle(action.finding)


def _check_joining(cases: Iterable[Finding], action: Action, *, by: Actor, today: date) -> None:
    alone = []
    for case in cases:
        granted(Step.SHARE_ACTION, case, by=by, today=today)
        if not is_judge_left(case, today, besides=action.owner_id):
            alone.append(case.number or "")
    if alone:
        message = N_("Whoever does this action is the last one left to check the work of %(numbers)s. Leave it out.")
        raise NotIndependent(message, field=FIELD, numbers=", ".join(alone))


def _check_leaving(standing_for: Iterable[Action]) -> None:
    bare = [each.finding.number or "" for each in standing_for if waiting.undone_actions(each.finding) == [each]]
    if bare:
        message = N_("This action is all that %(numbers)s still waits for, so it has to stay until it is done.")
        raise NotAllowedNow(message, field=FIELD, numbers=", ".join(bare))


def _join(case: Finding, action: Action, *, by: Actor, today: date) -> None:
    own = Action(office_id=case.office_id, key=new_key(), round_number=case.round_number)
    own.description, own.owner_id, own.due_on = action.description, action.owner_id, action.due_on
    case.actions.append(own)
    db.session.flush()  # the row below names its id
    shared = SharedAction(office_id=case.office_id, leader_id=action.id, leader_finding_id=action.finding_id)
    shared.finding_id, shared.action_id = case.id, own.id
    shared.shared_by_id, shared.shared_on = by.person_id, today
    db.session.add(shared)
    waiting.wait_for_actions(case, since=case.counted_from or today)
    waiting.settle(case)


def _leave(own: Action, action: Action, *, today: date) -> None:
    """The case is served no longer: what stood for the action goes, and that it stood there stays known."""
    case = own.finding
    shared = next(each for each in action.lent if each.action_id == own.id)
    shared.action_id, shared.ended_on = None, today
    for each in [each for each in case.reassignments if each.action_id == own.id]:
        case.reassignments.remove(each)
    db.session.flush()  # nothing names the row any more
    case.actions.remove(own)
    waiting.wait_for_actions(case, since=case.counted_from or today)
    waiting.settle(case)


def let_go(finding: Finding, *, today: date) -> None:
    """A case ends before its work is done: what it lent stays with the cases it served, as their own."""
    for each in [shared for action in finding.actions for shared in action.lent if action.done_on is None]:
        each.ended_on = today
    stand_alone([action for action in finding.actions if action.done_on is None], today=today)


def stand_alone(actions: Iterable[Action], *, today: date) -> None:
    """Let these be done in their own case from now on, whatever they stood for."""
    for shared in filter(None, (action.borrowed for action in actions)):
        shared.ended_on = today
