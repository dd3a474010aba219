"""Several actions moved at once: which of them may be, and all of those or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.domain.errors import N_, InvalidInput, RuleViolation
from qms.domain.findings import Step
from qms.findings import queries, service
from qms.findings.facts import check_way
from qms.findings.models import Action
from qms.offices.models import Office
from qms.policy import Actor

MOST: Final = 200  # moved at once; whoever moves more has to look at less


@dataclass(frozen=True)
class Weighed:
    """Actions as they stand: those that may be moved now, and the others with what is against it."""

    movable: Sequence[Action]
    barred: Sequence[tuple[Action, RuleViolation]]

    @property
    def seen(self) -> str:
        """What was seen of those to be moved, to tell later whether it still stands so."""
        return " ".join(f"{action.key}:{action.version}:{action.finding.version}" for action in self.movable)


def weigh(office: Office, ids: Sequence[int], *, by: Actor, today: date) -> Weighed:
    """What a person may do with the days of these actions, in their order."""
    actions = list(_whole(office, ids))
    refusals = [_refusal(action, by, today) for action in actions]
    told = list(zip(actions, refusals, strict=True))
    movable = [action for action, refusal in told if refusal is None]
    return Weighed(movable, [(action, refusal) for action, refusal in told if refusal is not None])


def _whole(office: Office, ids: Sequence[int]) -> list[Action]:
    """These actions, each with its whole case."""
    cases = set(db.session.scalars(select(Action.finding_id).where(Action.id.in_(ids))))
    found = {action.id: action for case in queries.whole(office, cases) for action in case.actions}
    return [found[action_id] for action_id in ids if action_id in found]


def _refusal(action: Action, by: Actor, today: date) -> RuleViolation | None:
    """The same rules as for one action on its own, less what is still to be typed."""
    try:
        service.check_waits(action)
        check_way(Step.MOVE_DATE, action.finding, by=by, today=today, date_moves=action.date_moves)
    except RuleViolation as refusal:
        return refusal
    return None


def move_all(actions: Sequence[Action], reason: str, new_due_on: date, *, by: Actor, today: date) -> None:
    """Grant a later day for each of these actions; refuses, having changed nothing, when one is due later anyway."""
    later = sorted({action.finding.number or "" for action in actions if action.due_on >= new_due_on})
    if later:
        message = N_("The new day is not later than the present one of an action of: %(numbers)s. Choose a later day.")
        raise InvalidInput(message, field="new_due_on", numbers=", ".join(later))
    for action in actions:
        service.move_action_date(action, reason, new_due_on, by=by, today=today)
