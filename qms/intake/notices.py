"""Letters about what was reported: to whoever decides, and to whoever reported it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from qms.core import outbox
from qms.domain.sources import Fate
from qms.domain.standing import Who
from qms.intake.models import Problem
from qms.people import queries as people

_PROXIES: Final = (Who.PROXY, Who.DEPUTY)
_APPOINTING: Final = (Who.SECRETARY, Who.HEAD_OF_OFFICE)  # they may not decide, but say who does


def reported(problem: Problem, *, by_name: str, today: date) -> None:
    """Ask for a decision, or for a proxy where nobody may decide; a decider's own report needs no letter."""
    told = {"reported_by": by_name, "noticed_on": problem.noticed_on.isoformat()}
    deciders = _deciders(problem, today)
    if not deciders:
        told["people_path"] = f"/u/{problem.office.slug}/osoby"
    to = deciders or _first_holding(_APPOINTING, problem, today)
    _tell("problem_reported", problem, to=to, payload=_told(problem) | told)


def decided(problem: Problem) -> None:
    """Tell whoever reported it what became of it."""
    told = {"is_taken": problem.fate == Fate.TAKEN, "became": _became(problem), "reason": problem.reason}
    _tell("problem_decided", problem, to=[problem.reported_by_id], payload=_told(problem) | told)


def _became(problem: Problem) -> str:
    became = problem.finding or problem.product
    return (became.number or "") if became else ""


def _deciders(problem: Problem, today: date) -> list[int]:
    heads = people.heads(problem.office_id, today).get(problem.decided_in_id or 0)
    return heads or _first_holding(_PROXIES, problem, today)


def _first_holding(posts: Iterable[Who], problem: Problem, today: date) -> list[int]:
    held = people.holders(problem.office_id, today)
    return next((held[post] for post in posts if held.get(post)), [])


def _told(problem: Problem) -> dict[str, Any]:
    path = f"/u/{problem.office.slug}/zgloszenia/{problem.key}"
    return {"number": problem.number, "what": problem.what, "path": path}


def _tell(kind: str, problem: Problem, *, to: Iterable[int], payload: dict[str, Any]) -> None:
    acting = {problem.reported_by_id} if problem.fate == Fate.WAITING else {problem.decided_by_id}
    for person_id in people.active_people([each for each in to if each not in acting]):
        dedupe = f"{kind}:{problem.key}:{person_id}"
        outbox.put(kind, person_id=person_id, dedupe=dedupe, office_id=problem.office_id, payload=payload)
