"""What would leave if somebody let the post go again: read before `qms resume --yes`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from qms.core import clock
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.people import queries as people
from qms.people.models import Person
from qms.reminders import ahead, queries

SHOWN: Final = 20
_STATES: Final = ("queued", "held", "uncertain", "claimed", "sending")
_WAITS: Final = (Letter.state.in_(_STATES), Letter.is_awaited.is_(False), Letter.doubts <= 1)


@dataclass(frozen=True)
class Waits:
    """One thing that would go: a letter, or a reminder that planning would put into one."""

    person: str
    what: str
    since: date


@dataclass(frozen=True)
class Load:
    """All of it, counted by kind, and the first of it."""

    letters: Counter[str]
    reminders: Counter[str]
    first: list[Waits]


def load(today: date) -> Load:
    """Letters that wait or are held, then the reminders that planning of today would add, office by office."""
    letters, reminders, first = _letters(), Counter[str](), _first_letters()
    for kind, waits in _reminders(today):
        reminders[kind] += 1
        if len(first) < SHOWN:
            first.append(waits)
    return Load(letters, reminders, first)


def _letters() -> Counter[str]:
    counted = select(Letter.kind, func.count()).where(*_WAITS).group_by(Letter.kind)
    return Counter(dict(db.session.execute(counted).all()))


def _first_letters() -> list[Waits]:
    columns = (Person.email, Letter.subject, Letter.kind, Letter.created_at)
    found = select(*columns).join(Letter, Letter.person_id == Person.id).where(*_WAITS)
    rows = db.session.execute(found.order_by(Letter.created_at, Letter.id).limit(SHOWN))
    return [Waits(row.email, row.subject or row.kind, clock.day_of(row.created_at)) for row in rows]


def _reminders(today: date) -> Iterator[tuple[str, Waits]]:
    for office_id in queries.not_planned(today):
        with scoped(frozenset({office_id})):
            coming = ahead.preview(office_id, today, today, today=today)
            addresses = people.active_people({line.person_id for line in coming})
        for line in coming:
            duty = line.duty
            what = f"{duty.kind.value} {duty.number or duty.subject}, due {duty.due_on}, step {line.step}"
            yield duty.kind.value, Waits(addresses[line.person_id].email, what, line.planned_on)
