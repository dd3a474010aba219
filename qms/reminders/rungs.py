"""An office's day, and who stands on each rung of escalation on it: the readers of everything that is sent unasked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.domain.deadlines import Deadline
from qms.domain.reminders import Ladders, Level, Step, resolve
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.people import queries as people
from qms.people import reading
from qms.reminders.queries import Key

_POSTS: Final[Mapping[Level, tuple[Who, ...]]] = {
    Level.PROXY: (Who.PROXY, Who.DEPUTY),
    Level.SECRETARY: (Who.SECRETARY,),
    Level.HEAD: (Who.HEAD_OF_OFFICE,),
}


@dataclass(frozen=True)
class Day:
    """A day of an office, which has days off and ladders of its own."""

    office_id: int
    today: date
    off: frozenset[date]
    ladders: Ladders
    rolls: bool


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
        return Key(self.duty.kind, self.duty.subject, self.duty.due_on, self.step.name, self.person_id)


def day_of(office_id: int, today: date) -> Day:
    """What an office's own settings make of a day."""
    rolls = offices.rolls_reminders(office_id)
    return Day(office_id, today, offices.days_off(office_id), offices.ladders(office_id), rolls)


class Rungs:
    """Who stands on each rung of escalation in an office on a day; for somebody who is away, their substitute."""

    def __init__(self, office_id: int, duties: Iterable[Deadline], today: date) -> None:
        answering = {person_id for duty in duties for person_id in duty.answers}
        self._active = people.active_people(answering).keys()
        self._away = reading.away(office_id, today)
        held = people.holders(office_id, today)
        self._posts = {level: _first_held(held, posts) for level, posts in _POSTS.items()}

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
        instead = {reader: away for of_rung in readers.values() for reader, away in of_rung.items() if away is not None}
        found = resolve([level], {rung: list(of_rung) for rung, of_rung in readers.items()})
        own = {reader for of_rung in readers.values() for reader, away in of_rung.items() if away is None}
        return {reader: None if reader in own else instead.get(reader) for reader in found}

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


def _first_held(held: Mapping[Who, Sequence[int]], posts: tuple[Who, ...]) -> Sequence[int]:
    return next((held[post] for post in posts if held.get(post)), ())
