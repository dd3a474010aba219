"""A moment of the demonstration's history: a day, an office, and the person who acts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time

from qms.core import clock, trail
from qms.core.db import db, scoped
from qms.demo.cast import Cast
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Actor

_OPENS_AT = 8 * 60  # minutes after midnight
_OPEN_FOR = 7 * 60


@dataclass(frozen=True)
class Scene:
    """One thing about to happen; rows are read anew in each, as a page would."""

    cast: Cast
    day: date

    @property
    def office(self) -> Office:
        return db.session.get_one(Office, self.cast.office_id)

    def person(self, role: str) -> Person:
        """Who has the role, whether or not they still work here."""
        return db.session.get_one(Person, self.cast.people[role])

    @contextmanager
    def played_by(self, role: str) -> Iterator[Actor]:
        """Let the code inside be done by the person in a role."""
        person = self.person(role)
        with trail.acting(person.id, via="page"):
            yield people.actor_of(person, self.day)
            db.session.flush()  # here, so that the trail names the person


Act = Callable[[Scene], object]


@dataclass(frozen=True)
class Event:
    """What happens in an office on a day."""

    day: date
    cast: Cast
    act: Act


def play(event: Event, place: int) -> None:
    """Let it happen, at an hour that follows from its place among the events of the day."""
    minutes = _OPENS_AT + place % _OPEN_FOR
    instant = clock.moment(event.day, time(minutes // 60, minutes % 60))
    with clock.at(instant), scoped(frozenset({event.cast.office_id})):
        event.act(Scene(event.cast, event.day))
    db.session.expunge_all()
