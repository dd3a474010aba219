"""Several actions or cases at once: which of them a step may be taken with, and what stands against the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy import select

from qms.core.db import db
from qms.domain.errors import RuleViolation
from qms.findings import queries
from qms.findings.models import Action, Finding
from qms.findings.queries import within
from qms.offices.models import Office
from qms.policy import Reach

MOST: Final = 200  # changed at once; whoever changes more has to look at less

Thing = TypeVar("Thing", Action, Finding)


@dataclass(frozen=True)
class Weighed(Generic[Thing]):
    """Things as they stand: those the step may be taken with now, and the others with what is against it."""

    ready: Sequence[Thing]
    barred: Sequence[tuple[Thing, RuleViolation]]

    @property
    def seen(self) -> str:
        """What was seen of those to be changed, to tell later whether it still stands so."""
        return " ".join(map(_stand_of, self.ready))


def _stand_of(thing: Action | Finding) -> str:
    case = thing.finding.version if isinstance(thing, Action) else ""
    return f"{thing.key}:{thing.version}:{case}"


def weigh(things: Sequence[Thing], check: Callable[[Thing], None]) -> Weighed[Thing]:
    """These in their order, by what `check` refuses with a `RuleViolation`."""
    told = [(thing, _refusal(thing, check)) for thing in things]
    ready = [thing for thing, refusal in told if refusal is None]
    return Weighed(ready, [(thing, refusal) for thing, refusal in told if refusal is not None])


def actions(office: Office, ids: Sequence[int]) -> list[Action]:
    """These actions, each with its whole case."""
    case_ids = set(db.session.scalars(select(Action.finding_id).where(Action.id.in_(ids))))
    found = {action.id: action for case in queries.whole(office, case_ids) for action in case.actions}
    return [found[action_id] for action_id in ids if action_id in found]


def known(office_id: int, reach: Reach, keys: Sequence[str]) -> list[int]:
    """The ids of the findings with these keys that the reader may list, newest first; another key means nothing."""
    found = select(Finding.id).where(Finding.office_id == office_id, Finding.key.in_(keys))
    found = found.where(Finding.reported_on.is_not(None), within(reach))
    return list(db.session.scalars(found.order_by(Finding.reported_on.desc(), Finding.id.desc()))) if keys else []


def cases(office: Office, ids: Sequence[int]) -> list[Finding]:
    """These cases, whole."""
    found = {case.id: case for case in queries.whole(office, ids)}
    return [found[case_id] for case_id in ids if case_id in found]


def _refusal(thing: Thing, check: Callable[[Thing], None]) -> RuleViolation | None:
    try:
        check(thing)
    except RuleViolation as refusal:
        return refusal
    return None
