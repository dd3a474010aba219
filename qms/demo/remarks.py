"""Observations of the first office, of which it asks only whether the unit acts."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.demo.cast import Cast
from qms.demo.papers import change_kind, day_of
from qms.demo.scene import Event, Scene
from qms.demo.texts import phrases
from qms.domain.calendar import next_working_day
from qms.domain.deadlines import Kind
from qms.domain.findings import LIGHT
from qms.domain.standing import TeamRole
from qms.findings import service
from qms.findings.models import Finding
from qms.findings.service import Planned
from qms.people import queries as people

# Days before the last one; the last report, nine days old, waits for its answers still.
_ASKED, _ACTED, _DONE, _CONFIRMED, _LEFT, _ACTED_AGAIN = 100, 70, 45, 41, 6, 5
_ALL: Final = 100


def events_of(cast: Cast, on: date) -> Iterator[Event]:
    """One is acted on to the end, one is being acted on, and of one the reason waits to be taken note of."""
    yield Event(day_of(on, _ASKED), cast, _ask)
    yield Event(day_of(on, _ACTED), cast, _act)
    yield Event(day_of(on, _DONE), cast, _do)
    yield Event(day_of(on, _CONFIRMED), cast, _confirm)
    yield Event(day_of(on, _LEFT), cast, _leave)
    yield Event(day_of(on, _ACTED_AGAIN), cast, _act_on_one)


def _ask(scene: Scene) -> None:
    with scene.played_by("proxy"):
        for meaning in sorted(LIGHT):
            change_kind(scene, meaning, is_answered=True)


def _waiting(scene: Scene, kind: Kind) -> list[Finding]:
    light = (Finding.office_id == scene.cast.office_id, Finding.is_light, Finding.waits_for == kind)
    return list(db.session.scalars(select(Finding).where(*light).order_by(Finding.id)))


def _act(scene: Scene, most: int = _ALL) -> None:
    told = phrases()["remarks"]
    for finding in _waiting(scene, Kind.ANSWER)[:most]:
        with scene.played_by(_head(scene, finding)) as by:
            due_on = next_working_day(scene.day + timedelta(days=30))
            service.act(finding, [Planned(told["action"], by.person_id, due_on)], by=by, today=scene.day)


def _act_on_one(scene: Scene) -> None:
    _act(scene, 1)


def _do(scene: Scene) -> None:
    for finding in _waiting(scene, Kind.ACTION):
        for action in finding.current_actions:
            with scene.played_by(_role(scene, action.owner_id)) as by:
                done = phrases()["remarks"]["done"]
                service.report_done(action, done, done_on=scene.day, by=by, today=scene.day)


def _confirm(scene: Scene) -> None:
    for finding in _waiting(scene, Kind.VERIFICATION):
        lead = next(each for each in finding.found_in.team if each.role == TeamRole.LEAD)
        with scene.played_by(_role(scene, lead.person_id)) as by:
            service.confirm(finding, phrases()["remarks"]["seen"], by=by, today=scene.day)


def _leave(scene: Scene) -> None:
    for finding in _waiting(scene, Kind.ANSWER)[:1]:
        with scene.played_by(_head(scene, finding)) as by:
            service.leave(finding, phrases()["remarks"]["reason"], by=by, today=scene.day)


def _head(scene: Scene, finding: Finding) -> str:
    return _role(scene, people.heads(scene.cast.office_id, scene.day)[finding.department_id][0])


def _role(scene: Scene, person_id: int) -> str:
    return next(role for role, each in scene.cast.people.items() if each == person_id)
