"""The actions that a unit proposes, and the rows they become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qms.core.db import db, new_key
from qms.domain.errors import N_, InvalidInput
from qms.findings.models import Action, Finding
from qms.people import queries as people
from qms.people.models import Person


@dataclass(frozen=True)
class Planned:
    """A corrective action as the unit proposes it; a draft may lack its day."""

    description: str
    owner_id: int | None
    due_on: date | None

    @property
    def is_whole(self) -> bool:
        return bool(self.description and self.owner_id and self.due_on)


def checked_plan(finding: Finding, actions: Sequence[Planned], today: date) -> list[tuple[str, Person, date]]:
    """The actions with those who do them. Raises `InvalidInput` for a person or a day that cannot be."""
    known = {person.id: person for person in people.people_of(finding.office_id, today)}
    checked = []
    for action in actions:
        if action.owner_id not in known:
            raise InvalidInput(N_("Choose a person of this office for each action."), field="actions")
        if action.due_on is None or action.due_on < today:
            raise InvalidInput(N_("Enter today or a later day."), field="actions")
        checked.append((action.description, known[action.owner_id], action.due_on))
    return checked


def plan(finding: Finding, planned: Sequence[tuple[str, Person, date]]) -> None:
    """Make the rows of the plan; those of an answer that was returned are taken over, so that their keys stay."""
    kept = finding.current_actions
    for action in kept[len(planned) :]:
        finding.actions.remove(action)
    for _ in planned[len(kept) :]:
        action = Action(office_id=finding.office_id, key=new_key(), round_number=finding.round_number)
        finding.actions.append(action)
    for action, (description, owner, due_on) in zip(finding.current_actions, planned, strict=True):
        action.description, action.owner, action.due_on = description, owner, due_on
    db.session.flush()  # letters and the policy go by the owners' ids
