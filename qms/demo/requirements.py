"""What an office of the demonstration makes of the standard: which clauses it leaves out, and how it calls some."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from qms.demo.cast import Cast
from qms.demo.papers import day_of
from qms.demo.scene import Event, Scene
from qms.demo.story import NOW, THEN
from qms.requirements import service
from qms.requirements.service import ExclusionFacts
from qms.standards import queries as standards

_JOINED: Final = date(2011, 12, 1)
_THEN_ENDED: Final = date(2018, 9, 14)
_SINCE: Final = 1350  # days before the last one
_OWN_TITLES: Final = {"8.4": "Zakupy i zlecanie usług", "8.5": "Załatwianie spraw"}
_DESIGNS_NOTHING: Final = "Urząd nie projektuje usług: ich przebieg, opłaty i terminy określają ustawy."
_ENDS_AT_DELIVERY: Final = "Sprawa kończy się doręczeniem decyzji: urząd nie prowadzi serwisu ani gwarancji."


def decided(cast: Cast, on: date) -> Iterator[Event]:
    """Design is left out by either edition, what follows a delivery by the present one; two groups have own titles."""
    exclusions = (
        (_JOINED, THEN, "7.3", _DESIGNS_NOTHING),
        (_SINCE, NOW, "8.3", _DESIGNS_NOTHING),
        (_SINCE, NOW, "8.5.5", _ENDS_AT_DELIVERY),
    )
    for day, edition, number, why in exclusions:
        yield Event(day_of(on, day), cast, partial(_leave_out, (edition, number), why=why))
    yield Event(day_of(on, _SINCE), cast, _name)


def _name(scene: Scene) -> None:
    with scene.played_by("proxy"):
        ids = {each.number: each.id for each in standards.clauses(NOW)}
        service.name_clauses(scene.office, {ids[number]: title for number, title in _OWN_TITLES.items()})


def _leave_out(of: tuple[str, str], scene: Scene, why: str) -> None:
    edition, number = of
    clause = next(each for each in standards.clauses(edition) if each.number == number)
    is_old = edition == THEN
    facts = ExclusionFacts(
        justification=why,
        manual_issue="wydanie 1 z 2011 r." if is_old else "wydanie 5",
        manual_section="1.2" if is_old else "4.3",
        approved_by_id=scene.cast.people["head"],
        valid_from=scene.day,
        valid_until=_THEN_ENDED if is_old else None,
    )
    with scene.played_by("proxy"):
        service.exclude(scene.office, clause, facts, today=scene.day)
