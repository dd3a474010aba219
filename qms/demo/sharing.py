"""Good practice that goes from one office of the demonstration to all others, and one more that waits."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from qms.core import trail
from qms.core.db import db
from qms.demo.cast import Cast
from qms.demo.papers import day_of
from qms.demo.scene import Event, Scene
from qms.domain.practices import OFFERABLE, Move
from qms.findings.models import Finding
from qms.people import queries as people
from qms.people import reading
from qms.practices import queries, service

_SHARED, _WAITS = "um-lodz", "sp-bochnia"
_OFFERED: Final = 31  # days before the last one
_DECIDED: Final = 27
_OFFERED_LATE: Final = 4


def events_of(casts: Mapping[str, Cast], on: date) -> Iterator[Event]:
    """One is published under the name of its office; the other has not been read by the coordinator yet."""
    yield Event(day_of(on, _OFFERED), casts[_SHARED], _offer)
    yield Event(day_of(on, _DECIDED), casts[_SHARED], _publish)
    yield Event(day_of(on, _OFFERED_LATE), casts[_WAITS], _offer)


def _offer(scene: Scene) -> None:
    found = select(Finding).where(
        Finding.category.in_(OFFERABLE), Finding.reported_on.is_not(None), Finding.clause_id.is_not(None)
    )
    newest = db.session.scalars(found.order_by(Finding.reported_on.desc(), Finding.id).limit(1)).one()
    is_named = scene.cast.slug == _SHARED
    with scene.played_by("proxy") as by:
        service.offer(newest, newest.statement, is_named=is_named, by=by, today=scene.day)


def _publish(scene: Scene) -> None:
    coordinator = reading.coordinators()[0]
    with trail.acting(coordinator.id, via="page"):
        for told in queries.waiting():
            practice = queries.by_key(told.key)
            if practice is not None:
                by = people.actor_of(coordinator, scene.day)
                service.decide(practice, Move.SHARE, "", by=by, today=scene.day)
        db.session.flush()
