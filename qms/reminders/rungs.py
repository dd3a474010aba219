"""Who stands on each rung of escalation in an office on a day; for somebody who is away, their substitute."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.domain.deadlines import Deadline
from qms.domain.reminders import Level, Step, rung_of
from qms.domain.standing import Who
from qms.people import queries as people
from qms.people import reading
from qms.reminders.queries import Key

_POSTS: Final[Mapping[Level, tuple[Who, ...]]] = {
    Level.PROXY: (Who.PROXY, Who.DEPUTY),
    Level.SECRETARY: (Who.SECRETARY,),
    Level.HEAD: (Who.HEAD_OF_OFFICE,),
}


@dataclass(frozen=True)
class Line:
    """One step of one duty that one person is to be told."""

    duty: Deadline
    step: Step
    person_id: int
    level: Level
    instead_of_id: int | None = None
    """Who is away."""

    @property
    def key(self) -> Key:
        """What keeps it from being told twice."""
        duty = self.duty
        return Key(duty.office_id, duty.kind, duty.subject, duty.due_on, self.step.name, self.person_id)


class Rungs:
    """The rungs of one office: who holds its posts, who is away and who reads for them, whose accounts are active."""

    def __init__(
        self, held: Mapping[Who, Sequence[int]], away: Mapping[int, int | None], active: Collection[int]
    ) -> None:
        self._posts = {level: _first_held(held, posts) for level, posts in _POSTS.items()}
        self._away = away
        self._active = active

    def lines(self, duty: Deadline, step: Step) -> list[Line]:
        """Everybody to be told of a step, each once, on the lowest of their rungs."""
        told: dict[int, Line] = {}
        for level in step.recipients:
            for person_id, instead_of in sorted(self.on(level, duty).items()):
                told.setdefault(person_id, Line(duty, step, person_id, level, instead_of))
        return list(told.values())

    def on(self, level: Level, duty: Deadline) -> dict[int, int | None]:
        """The readers of a rung, each with whom they stand in for; where it is empty, those of the rung that helps."""
        answering = [person_id for person_id in duty.answers if person_id in self._active]
        named: dict[Level, Sequence[int]] = {Level.PERSON: answering, **self._posts}
        readers = {rung: self._readers(person_ids) for rung, person_ids in named.items()}
        rung = rung_of(level, readers)
        return readers[rung] if rung is not None else {}

    def in_post(self, level: Level) -> dict[int, int | None]:
        """Who reads for the holders of a post, each with whom they stand in for; nobody for a vacant one."""
        return self._readers(self._posts[level])

    def _readers(self, person_ids: Iterable[int]) -> dict[int, int | None]:
        """Who reads for these persons, and instead of whom. Nobody reads for who is away and named nobody."""
        readers: dict[int, int | None] = {}
        for person_id in person_ids:
            if person_id not in self._away:
                readers[person_id] = None
                continue
            substitute = self._away[person_id]
            if substitute is not None and substitute not in self._away:
                readers.setdefault(substitute, person_id)
        return readers


def rungs_of(office_ids: Collection[int], duties: Iterable[Deadline], today: date) -> dict[int, Rungs]:
    """The rungs of these offices for these duties; as many statements for one office as for many."""
    active = people.active_ids({person_id for duty in duties for person_id in duty.answers})
    held, away = people.holders_of(office_ids, today), reading.away_of(office_ids, today)
    return {office_id: Rungs(held[office_id], away[office_id], active) for office_id in office_ids}


def _first_held(held: Mapping[Who, Sequence[int]], posts: tuple[Who, ...]) -> Sequence[int]:
    return next((held[post] for post in posts if held.get(post)), ())
