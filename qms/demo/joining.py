"""One action that serves two cases: the proxy lets what is done in one of them serve another under way."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.demo.cast import Cast
from qms.demo.papers import day_of
from qms.demo.scene import Event, Scene
from qms.domain.deadlines import Kind
from qms.findings import queries, sharing
from qms.findings.models import Finding
from qms.findings.waiting import undone_actions

_JOINED: Final = 1  # days before the last one, when nothing more happens in cases that are due late


def events_of(cast: Cast, on: date) -> Iterator[Event]:
    """Two cases under way of one department, where one meeting tells of both changes."""
    yield Event(day_of(on, _JOINED), cast, _join)


def _join(scene: Scene) -> None:
    under_way = select(Finding.id).where(Finding.waits_for == Kind.ACTION)
    cases = queries.whole(scene.office, list(db.session.scalars(under_way)))
    with scene.played_by("proxy") as by:
        for leading in sorted(cases, key=lambda case: (case.due_on or scene.day, case.id), reverse=True):
            action = undone_actions(leading)[-1]
            offered = sharing.offered(action, by=by, today=scene.day)
            alike = [case.id for case in offered if case.department_id == leading.department_id]
            if alike:
                sharing.serve(action, alike[:1], by=by, today=scene.day)
                return
