"""A flood of letters and a clock that jumps wait for a person; what somebody waits for leaves all the same."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from qms.core import clock, inserts
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.reminders import copies, safety
from tests.support.mail_server import mail_server
from tests.support.post import later, letter, put, reader, send, states
from tests.support.world import World


def _flood(people_count: int, *, name: str) -> None:
    """As many letters as a clock gone wrong would make."""
    person = reader(name)
    now = clock.now()
    rows = [
        {"kind": "test", "person_id": person.id, "dedupe": f"{name}{number}", "payload": {"asked_by": "A"}}
        | {"created_at": now, "not_before": now}
        for number in range(people_count)
    ]
    with writing():
        inserts.insert_all_once(Letter, rows)


def test_a_flood_is_held_until_a_person_lets_it_go(world: World) -> None:
    _flood(201, name="flood")
    put(world.admin, "awaited")

    with mail_server() as server:
        send(server)
        assert server.recipients == [world.admin.email]
        assert states() == {"held": 201, "sent": 1}
        assert safety.FLOOD in safety.troubles()
        with writing():
            assert safety.release() == 201

    assert states() == {"queued": 201, "sent": 1}
    assert safety.troubles() == {}
    with writing():
        assert safety.stem_flood() == 0


@pytest.mark.parametrize(("usual", "due", "is_held"), [(0, 200, False), (70, 210, False), (70, 211, True)])
@pytest.mark.usefixtures("world")
def test_a_flood_is_three_times_the_busiest_day_and_never_fewer_than_two_hundred(
    usual: int, *, due: int, is_held: bool
) -> None:
    if usual:
        _flood(usual, name="usual")
        with writing():
            yesterday = clock.now() - timedelta(days=1)
            db.session.execute(update(Letter).values(state="sent", sent_at=yesterday))
    _flood(due, name="due")

    with writing():
        held = safety.stem_flood()

    assert bool(held) is is_held


def test_a_clock_that_jumps_stops_everything_but_awaited_letters_until_a_person_looks(world: World) -> None:
    put(world.admin, "waits", is_awaited=False)
    with writing():
        assert safety.watch_clock()

    with mail_server() as server:
        for jump in (timedelta(days=38), -timedelta(minutes=6)):
            with clock.at(clock.now() + jump):
                with writing():
                    assert not safety.watch_clock()
                put(world.admin, f"awaited {jump}")
                send(server)
                assert (letter("waits").state, letter(f"awaited {jump}").state) == ("queued", "sent")
        with later(days=38):
            with writing():
                safety.release()
            with writing():
                assert safety.watch_clock()
            send(server)

    assert letter("waits").state == "sent"


@pytest.mark.parametrize("gap", [timedelta(days=34), -timedelta(minutes=4)])
@pytest.mark.usefixtures("world")
def test_a_shorter_gap_is_caught_up_without_asking(gap: timedelta) -> None:
    with writing():
        safety.watch_clock()

    with clock.at(clock.now() + gap), writing():
        assert safety.watch_clock()


def test_an_empty_database_in_an_old_folder_begins_without_asking(app: Flask) -> None:
    mark = {"copy": "a" * 32, "ticked_at": clock.now().isoformat()}
    copies.path().write_text(json.dumps(mark))

    assert safety.tick()
    with later(minutes=1):
        assert not safety.is_stopped()
