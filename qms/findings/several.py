"""Several actions at once: which of them a step may be taken with, and what stands against the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.domain.errors import RuleViolation
from qms.findings import queries
from qms.findings.models import Action
from qms.offices.models import Office

MOST: Final = 200  # changed at once; whoever changes more has to look at less


@dataclass(frozen=True)
class Weighed:
    """Actions as they stand: those the step may be taken with now, and the others with what is against it."""

    ready: Sequence[Action]
    barred: Sequence[tuple[Action, RuleViolation]]

    @property
    def seen(self) -> str:
        """What was seen of those to be changed, to tell later whether it still stands so."""
        return " ".join(f"{action.key}:{action.version}:{action.finding.version}" for action in self.ready)


def weigh(office: Office, ids: Sequence[int], check: Callable[[Action], None]) -> Weighed:
    """These actions in their order, by what `check` refuses with a `RuleViolation`."""
    told = [(action, _refusal(action, check)) for action in _whole(office, ids)]
    ready = [action for action, refusal in told if refusal is None]
    return Weighed(ready, [(action, refusal) for action, refusal in told if refusal is not None])


def _whole(office: Office, ids: Sequence[int]) -> list[Action]:
    """These actions, each with its whole case."""
    cases = set(db.session.scalars(select(Action.finding_id).where(Action.id.in_(ids))))
    found = {action.id: action for case in queries.whole(office, cases) for action in case.actions}
    return [found[action_id] for action_id in ids if action_id in found]


def _refusal(action: Action, check: Callable[[Action], None]) -> RuleViolation | None:
    try:
        check(action)
    except RuleViolation as refusal:
        return refusal
    return None
