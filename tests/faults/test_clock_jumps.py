"""The clock of the server jumps: what leaves, what waits, and that nothing gets lost or leaves twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qms import jobs
from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.smtp import SmtpTransport
from qms.offices.models import Office
from qms.reminders import delivery, safety
from tests.support.ledger import ledger, nonconformity, without_trainings
from tests.support.mail_server import MailServer, mail_server
from tests.support.post import MONDAY, at, letter, put
from tests.support.world import World

TUESDAY = MONDAY + timedelta(days=1)
NOON = at(MONDAY, 12)
FAR = timedelta(days=400)
HOURS = timedelta(hours=6)


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


def tick(server: MailServer, now: datetime, *, first: str = "plan") -> None:
    """Both jobs as the scheduler runs them, one of them first."""
    with clock.at(now):
        for name in sorted(("plan", "send"), key=lambda name: name != first):
            if name == "plan":
                jobs.tick("plan")
            else:
                delivery.send_due(SmtpTransport(server.url, sender="rejestr@example.com"))


def start(world: World) -> None:
    """A step is told on Monday, others are owed later; a letter waits until Tuesday, one for a year."""
    nonconformity(world.bochnia, due_on=MONDAY)
    put(world.admin, "tomorrow", is_awaited=False, at=at(TUESDAY, 9))
    put(world.admin, "next year", is_awaited=False, at=at(date(2027, 11, 22), 9))


@pytest.mark.parametrize("first", ["plan", "send"])
def test_six_hours_ahead_and_back_neither_lose_nor_repeat_anything(world: World, first: str) -> None:
    start(world)

    with mail_server() as server:
        for now in (NOON, NOON + HOURS, NOON + timedelta(minutes=1)):
            tick(server, now, first=first)
        assert safety.CLOCK in safety.troubles()
        put_and_send = world.bochnia.proxy
        with clock.at(NOON + timedelta(minutes=2)):
            put(put_and_send, "awaited")
        tick(server, NOON + timedelta(minutes=2), first=first)
        assert letter("awaited").state == "sent"
        for now in (NOON + HOURS, at(TUESDAY, 8), at(TUESDAY, 9)):
            tick(server, now, first=first)

    assert safety.troubles() == {}
    assert Counter(server.recipients) == {
        world.bochnia.fn_head.email: 2,  # of Monday and of Tuesday
        world.bochnia.proxy.email: 1,
        world.admin.email: 1,
    }
    assert [step for step, _ in ledger()] == ["+1", "0"]


@pytest.mark.parametrize("first", ["plan", "send"])
def test_four_hundred_days_ahead_nothing_leaves_and_back_nothing_is_missing(world: World, first: str) -> None:
    start(world)

    with mail_server() as server:
        tick(server, NOON, first=first)
        before = list(server.recipients)
        for seconds in (0, 2, 60, 120):
            tick(server, NOON + FAR + timedelta(seconds=seconds), first=first)
        assert server.recipients == before, "a letter of a day that has not come"
        assert set(db.session.scalars(select(Office.planned_through))) == {MONDAY}
        assert safety.CLOCK in safety.troubles()
        for now in (NOON + timedelta(minutes=3), at(TUESDAY, 8), at(TUESDAY, 9)):
            tick(server, now, first=first)

    assert safety.troubles() == {}
    assert Counter(server.recipients) == {world.bochnia.fn_head.email: 2, world.admin.email: 1}
    assert letter("next year").state == "queued"


class Jumping(SmtpTransport):
    """A way during whose first letter the clock jumps."""

    def __init__(self, *args: Any, by: timedelta, **options: Any) -> None:
        super().__init__(*args, **options)
        self._by = by

    def send(self, recipient: str, message: bytes) -> None:
        clock._moved.set(clock.now() + self._by)
        self._by = timedelta()
        super().send(recipient, message)


@pytest.mark.parametrize("by", [HOURS, -HOURS, FAR])
def test_a_jump_while_letters_are_handed_over_copies_none_and_loses_none(world: World, by: timedelta) -> None:
    people = [world.admin, world.coordinator, world.bochnia.proxy]
    for person in people:
        put(person, person.email)

    with mail_server() as server:
        with clock.at(NOON):
            delivery.send_due(Jumping(server.url, sender="rejestr@example.com", by=by))
        with clock.at(NOON + timedelta(minutes=10)):
            delivery.send_due(SmtpTransport(server.url, sender="rejestr@example.com"))

    assert Counter(server.recipients) == {person.email: 1 for person in people}
    assert {*db.session.scalars(select(Letter.state))} == {"sent"}
