"""What comes up besides audits: a complaint taken as a case, a refusal, what waits, and decisions issued wrongly."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.demo.cast import HEADS, Cast
from qms.demo.papers import day_of
from qms.demo.scene import Event, Scene
from qms.demo.texts import phrases
from qms.domain.calendar import next_working_day
from qms.domain.products import Kind, Remedy
from qms.domain.sources import Source
from qms.findings import queries as findings
from qms.findings import service as cases
from qms.findings.models import Finding
from qms.findings.opening import Taken
from qms.findings.service import Answer, Planned
from qms.intake import queries, service
from qms.intake.models import Problem
from qms.intake.service import Told
from qms.policy import Reach
from qms.products import service as products
from qms.products.models import Product
from qms.products.service import Dealt, Noted

_COMPLAINT, _REFUSED, _WAITING = 40, 26, 3  # days before the last one
_CORRECTED: Final = 55
_PUT_RIGHT: Final = 5
_ANSWERED_AFTER: Final = 9
_ACCEPTED_AFTER: Final = 12
_UNIT: Final = "first"


def events_of(cast: Cast, on: date) -> Iterator[Event]:
    """Three reports and what became of them, and three things issued wrongly."""
    yield Event(day_of(on, _CORRECTED), cast, _correct)
    yield Event(day_of(on, _WAITING), cast, _leave)
    yield Event(day_of(on, _PUT_RIGHT), cast, _put_right)
    yield Event(day_of(on, _COMPLAINT), cast, partial(_report, "complaint", "secretary"))
    yield Event(day_of(on, _COMPLAINT - 1), cast, _take)
    yield Event(day_of(on, _COMPLAINT - _ANSWERED_AFTER), cast, _answer)
    yield Event(day_of(on, _COMPLAINT - _ACCEPTED_AFTER), cast, _accept)
    yield Event(day_of(on, _REFUSED), cast, partial(_report, "refused", "second_head"))
    yield Event(day_of(on, _REFUSED - 1), cast, _refuse)
    yield Event(day_of(on, _WAITING), cast, partial(_report, "waiting", "first_auditor"))


def _correct(scene: Scene) -> None:
    """A decision rectified and looked at again on the day it was noticed."""
    noted = _deal(scene, "rectified", Remedy.RECTIFIED)
    said = phrases()["issued_wrongly"]["rectified"]
    with scene.played_by("proxy") as by:
        products.verify(noted, said["verification"], is_right=True, by=by, today=scene.day)


def _put_right(scene: Scene) -> None:
    """A service done anew, at which nobody has looked again yet."""
    _deal(scene, "repeated", Remedy.REPEATED)


def _deal(scene: Scene, name: str, remedy: Remedy) -> Product:
    noted, said = _note(scene, name), phrases()["issued_wrongly"][name]
    dealt = Dealt(kind=Kind(said["kind"]), remedy=remedy, done=said["done"], dealt_on=scene.day)
    with scene.played_by(HEADS[_UNIT]) as by:
        products.deal(noted, dealt, by=by, reach=Reach(everything=True), today=scene.day)
    return noted


def _note(scene: Scene, name: str) -> Product:
    said = phrases()["issued_wrongly"][name]
    noted = Noted(
        kind=Kind(said["kind"]),
        description=said["description"],
        department_id=scene.cast.departments[_UNIT],
        noticed_on=scene.day,
        sign=said["sign"],
        mark=said["mark"],
    )
    with scene.played_by("first_auditor") as by:
        return products.note(scene.office, noted, by=by, today=scene.day)


def _leave(scene: Scene) -> None:
    _note(scene, "noticed")


def _report(name: str, role: str, scene: Scene) -> None:
    said = phrases()["reported"][name]
    told = Told(
        what=said["what"],
        noticed_on=scene.day,
        department_id=scene.cast.departments[said.get("unit", _UNIT)],
        source=Source(said.get("source", Source.STAFF)),
        outer_number=said.get("sign", ""),
        requirement=said.get("requirement", ""),
    )
    with scene.played_by(role) as by:
        service.report(scene.office, told, by=by, today=scene.day)


def _newest(scene: Scene) -> Problem:
    key = db.session.scalars(select(Problem.key).order_by(Problem.id.desc())).first()
    found = queries.by_key(scene.office, key or "")
    if found is None:
        raise LookupError(key)
    return found


def _take(scene: Scene) -> None:
    with scene.played_by("proxy") as by:
        problem = _newest(scene)
        taken = Taken(
            department_id=problem.department_id,
            category="nonconformity",
            statement=problem.what,
            requirement=problem.requirement,
        )
        service.take(problem, taken, by=by, today=scene.day)


def _refuse(scene: Scene) -> None:
    with scene.played_by("proxy") as by:
        service.refuse(_newest(scene), phrases()["reported"]["refused"]["reason"], by=by, today=scene.day)


def _case(scene: Scene) -> Finding:
    finding = _newest(scene).finding
    case = findings.by_key(scene.office, finding.key) if finding else None
    if case is None:
        raise LookupError(_newest(scene).number)
    return case


def _accept(scene: Scene) -> None:
    with scene.played_by("proxy") as by:
        cases.accept_answer(_case(scene), by=by, today=scene.day)


def _answer(scene: Scene) -> None:
    """The unit answers; its action is still being done on the last day."""
    said = phrases()["reported"]["complaint"]
    case = _case(scene)
    due_on = next_working_day(scene.day + timedelta(days=60))
    actions = (Planned(said["action"], scene.cast.people["first_auditor"], due_on),)
    with scene.played_by(HEADS[_UNIT]) as by:
        answer = Answer(correction=said["correction"], cause=said["cause"], actions=actions)
        cases.send_answer(case, answer, by=by, today=scene.day)
