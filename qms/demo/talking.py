"""The talk about one case under way: a question answered, and one that waits for the proxy."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.demo.cast import Cast
from qms.demo.papers import day_of
from qms.demo.scene import Event, Scene
from qms.demo.texts import phrases
from qms.discussion import service
from qms.discussion.models import Message
from qms.domain.deadlines import Kind
from qms.findings import queries
from qms.findings.models import Finding
from qms.people import queries as people

_ASKED: Final = 6  # days before the last one
_ANSWERED: Final = 5
_ASKED_BACK: Final = 2


def events_of(cast: Cast, on: date) -> Iterator[Event]:
    """The proxy asks, the head of the unit answers and asks back."""
    yield Event(day_of(on, _ASKED), cast, _ask)
    yield Event(day_of(on, _ANSWERED), cast, partial(_reply, "answer", asks=False))
    yield Event(day_of(on, _ASKED_BACK), cast, partial(_reply, "asked_back", asks=True))


def _ask(scene: Scene) -> None:
    proxy_id = scene.cast.people["proxy"]
    heads = people.heads(scene.cast.office_id, scene.day)
    worked_on = select(Finding).where(Finding.waits_for == Kind.ACTION).order_by(Finding.reported_on.desc())
    newest = next(case for case in db.session.scalars(worked_on) if proxy_id not in heads[case.department_id])
    _write(scene, newest, "question", by="proxy", asked_id=heads[newest.department_id][0])


def _reply(words: str, scene: Scene, *, asks: bool) -> None:
    question = db.session.scalars(select(Message).order_by(Message.id)).first()
    if question is None:
        raise LookupError(words)
    head = next(role for role, person_id in scene.cast.people.items() if person_id == question.asked_id)
    asked_id = question.author_id if asks else None
    _write(scene, db.session.get_one(Finding, question.finding_id), words, by=head, asked_id=asked_id)


def _write(scene: Scene, case: Finding, words: str, *, by: str, asked_id: int | None) -> None:
    [finding] = queries.whole(scene.office, [case.id])
    with scene.played_by(by) as writer:
        service.write(finding, phrases()["talk"][words], asked_id, by=writer, today=scene.day)
