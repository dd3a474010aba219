"""Giving actions to somebody else: one, or several at once; whoever had them no longer reports them done.

Whoever had an action judges nothing of its round, as if it were still theirs: giving it away makes nobody independent.
"""

from collections.abc import Collection, Sequence
from datetime import date

from qms.core.trail import because
from qms.domain.errors import N_, InvalidInput, NotIndependent
from qms.domain.findings import Step
from qms.findings import notices, sharing, waiting
from qms.findings.facts import check_way, granted, is_judge_left
from qms.findings.models import Action, Finding, Reassignment
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Actor


def check_reassignable(action: Action, *, by: Actor, today: date) -> None:
    """Refuse for whatever a form could not change. Raises `RuleViolation`."""
    waiting.check_waits(action)
    check_way(Step.REASSIGN, action.finding, by=by, today=today)


def doers(actions: Collection[Action], today: date) -> list[Person]:
    """To whom these actions of one office can be given: its people, less whoever does all of them now."""
    owner_ids = {action.owner_id for action in actions}
    found = people.people_of(next(iter(actions)).office_id, today) if actions else []
    return [person for person in found if owner_ids != {person.id}]


def reassign(action: Action, to_id: int | None, reason: str, *, by: Actor, today: date) -> Person:
    """Let another person of the office do an action. Raises `RuleViolation`."""
    return reassign_all([action], to_id, reason, by=by, today=today)


def reassign_all(actions: Sequence[Action], to_id: int | None, reason: str, *, by: Actor, today: date) -> Person:
    """Let one person do all these actions, and tell both sides. Raises `RuleViolation`, having changed nothing."""
    to = next((person for person in doers(actions, today) if person.id == to_id), None)
    if to is None:
        raise InvalidInput(N_("Choose a person of this office who does not do this action yet."), field="doer")
    for action in actions:
        waiting.check_waits(action)
        granted(Step.REASSIGN, action.finding, by=by, today=today, has_reason=bool(reason))
    others = [each for action in actions for each in sharing.followers(action)]
    _check_doer([*actions, *others], to, today)

    because(reason)
    given = [_give(action, to, by=by, today=today) for action in actions]
    for each in others:
        _give(each, to, by=by, today=today)
    notices.reassigned(actions, given, to=to, by_name=by.name, reason=reason, today=today)
    return to


def _check_doer(actions: Sequence[Action], to: Person, today: date) -> None:
    theirs = [action.finding for action in actions if action.owner_id == to.id]
    if theirs:
        message = N_("This person does an action of %(numbers)s already. Choose somebody else, or leave that one out.")
        raise InvalidInput(message, field="doer", numbers=_numbers(theirs))
    alone = [action.finding for action in actions if not is_judge_left(action.finding, today, besides=to.id)]
    if alone:
        message = N_("Only this person is left to check the work of %(numbers)s. Choose somebody else to do it.")
        raise NotIndependent(message, field="doer", numbers=_numbers(alone))


def _numbers(findings: Collection[Finding]) -> str:
    return ", ".join(sorted({finding.number or "" for finding in findings}))


def _give(action: Action, to: Person, *, by: Actor, today: date) -> Reassignment:
    finding = action.finding
    row = Reassignment(
        office_id=action.office_id,
        action_id=action.id,
        round_number=action.round_number,
        from_id=action.owner_id,
        to_id=to.id,
        reassigned_by_id=by.person_id,
        reassigned_on=today,
    )
    finding.reassignments.append(row)
    action.owner_id = to.id
    waiting.settle(finding)
    return row
