"""Letters about what was reported: to whoever decides, and to whoever reported it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from qms.core import outbox
from qms.domain.sources import Fate
from qms.domain.standing import Who
from qms.intake.models import Problem
from qms.people import queries as people

# Who decides where no proxy is appointed.
_IN_PLACE_OF_PROXY: Final = (Who.PROXY, Who.DEPUTY, Who.SECRETARY, Who.HEAD_OF_OFFICE)


def reported(problem: Problem, *, by_name: str, today: date) -> None:
    """Ask for a decision; whoever decides about their own report needs no letter."""
    payload = _told(problem) | {"reported_by": by_name, "noticed_on": problem.noticed_on.isoformat()}
    _tell("problem_reported", problem, to=_deciders(problem, today), payload=payload)


def decided(problem: Problem) -> None:
    """Tell whoever reported it what became of it."""
    told = {"is_taken": problem.fate == Fate.TAKEN, "became": _became(problem), "reason": problem.reason}
    _tell("problem_decided", problem, to=[problem.reported_by_id], payload=_told(problem) | told)


def _became(problem: Problem) -> str:
    became = problem.finding or problem.product
    return (became.number or "") if became else ""


def _deciders(problem: Problem, today: date) -> list[int]:
    heads = people.heads(problem.office_id, today).get(problem.decided_in_id or 0)
    if heads:
        return heads
    held = people.holders(problem.office_id, today)
    return next((held[post] for post in _IN_PLACE_OF_PROXY if held.get(post)), [])


def _told(problem: Problem) -> dict[str, Any]:
    path = f"/u/{problem.office.slug}/zgloszenia/{problem.key}"
    return {"number": problem.number, "what": problem.what, "path": path}


def _tell(kind: str, problem: Problem, *, to: Iterable[int], payload: dict[str, Any]) -> None:
    acting = {problem.reported_by_id} if problem.fate == Fate.WAITING else {problem.decided_by_id}
    for person_id in people.active_people([each for each in to if each not in acting]):
        dedupe = f"{kind}:{problem.key}:{person_id}"
        outbox.put(kind, person_id=person_id, dedupe=dedupe, office_id=problem.office_id, payload=payload)
