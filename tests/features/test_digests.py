"""One letter a day for each person, true at the moment of sending."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qms.core import clock, outbox
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.offices.models import OfficeDayOff
from qms.people import service as people
from qms.people.models import Appointment, Membership, Person
from qms.reminders.models import Reminder
from tests.support.ledger import ledger, letter_states, nonconformity, outcomes, plan, without_trainings
from tests.support.mail_server import mail_server
from tests.support.post import FRIDAY, MONDAY, SATURDAY, at, send
from tests.support.world import TODAY, World


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


def _digests() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == "digest").order_by(Letter.id)))


def test_a_person_of_two_offices_gets_one_digest_that_says_which(world: World) -> None:
    both = world.bochnia.fn_head
    nonconformity(world.bochnia, due_on=TODAY)
    with writing():
        people.join(both, world.leczyca.departments["GD"], from_on=date(2024, 1, 2), is_head=True)
    nonconformity(world.leczyca, due_on=TODAY, department="GD")

    plan(world.bochnia)
    plan(world.leczyca)
    with mail_server() as server:
        send(server)

    [taken] = server.letters_to(both.email)
    assert world.bochnia.office.name in taken.text
    assert world.leczyca.office.name in taken.text


def test_lines_that_come_while_the_digest_waits_join_it_and_later_ones_wait_for_the_next_working_day(
    world: World,
) -> None:
    head = world.bochnia.fn_head
    nonconformity(world.bochnia, due_on=TODAY)
    plan(world.bochnia)
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=1))
    plan(world.bochnia, is_whole=True)
    assert len(_digests()) == 1

    with mail_server() as server:
        send(server)
        nonconformity(world.bochnia, due_on=TODAY + timedelta(days=2))
        plan(world.bochnia, is_whole=True)
        send(server)
        with clock.at(at(SATURDAY, 12)):
            send(server)
        assert len(server.letters_to(head.email)) == 1
        with clock.at(at(MONDAY, 7, 31)):
            send(server)

    first, second = server.letters_to(head.email)
    assert first.text.count("/o/odpowiedz/") == 2
    assert second.text.count("/o/odpowiedz/") == 1


def test_a_digest_that_could_not_leave_takes_the_lines_of_the_next_day_in(world: World) -> None:
    for days in (0, 1):
        nonconformity(world.bochnia, due_on=MONDAY + timedelta(days=days))
        plan(world.bochnia, MONDAY + timedelta(days=days))

    assert len(_digests()) == 1


def test_a_digest_that_was_tried_or_is_in_a_senders_hands_takes_nothing_more_in(world: World) -> None:
    with writing():
        world.bochnia.fn_head.email = "busy@example.com"
    nonconformity(world.bochnia, due_on=TODAY)
    plan(world.bochnia)
    with mail_server() as server:
        send(server)
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=1))
    plan(world.bochnia, is_whole=True)
    with clock.at(at(MONDAY, 8)), writing():
        assert len(outbox.claim("a sender", 10)) == 2
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=2))
    plan(world.bochnia, is_whole=True)

    assert len(_digests()) == 3
    assert sorted(Counter(db.session.scalars(select(Reminder.letter_id))).values()) == [1, 1, 1]


def test_what_is_planned_on_a_day_off_leaves_in_one_letter_on_the_next_working_day(world: World) -> None:
    nonconformity(world.bochnia, due_on=SATURDAY)
    plan(world.bochnia, SATURDAY)
    nonconformity(world.bochnia, due_on=MONDAY)
    plan(world.bochnia, MONDAY)

    with mail_server() as server:
        with clock.at(at(SATURDAY, 12)):
            assert send(server) == "nothing to send"
        with clock.at(at(MONDAY, 7, 29)):
            assert send(server) == "nothing to send"
        with clock.at(at(MONDAY, 7, 30)):
            send(server)

    [taken] = server.letters_to(world.bochnia.fn_head.email)
    assert taken.text.count("/o/odpowiedz/") == 2


def test_a_step_on_a_day_off_of_the_office_is_told_the_working_day_before(world: World) -> None:
    with writing():
        db.session.add(OfficeDayOff(office_id=world.bochnia.office.id, day=MONDAY))
    nonconformity(world.bochnia, due_on=MONDAY)
    nonconformity(world.leczyca, due_on=MONDAY)

    plan(world.bochnia, FRIDAY)
    plan(world.leczyca, FRIDAY)

    names = {(email, step) for email, step in _steps_by_address()}
    assert (world.bochnia.fn_head.email, "0") in names
    assert (world.leczyca.fn_head.email, "-3") in names


def _steps_by_address() -> list[Any]:
    return list(db.session.execute(select(Person.email, Reminder.step).join(Reminder, Reminder.person_id == Person.id)))


def test_the_digest_says_first_what_is_late_then_what_is_near_and_who_answers(world: World) -> None:
    nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=7))
    nonconformity(world.bochnia, due_on=MONDAY + timedelta(days=3))
    plan(world.bochnia, MONDAY)

    with mail_server() as server, clock.at(at(MONDAY, 8)):
        send(server)

    [to_head] = server.letters_to(world.bochnia.fn_head.email)
    assert to_head.text.index("N-2026-11-16") < to_head.text.index("N-2026-11-26")
    assert world.bochnia.fn_head.name not in to_head.text
    assert str(to_head.message["X-Rejestr-Powod"]) == "odpowiedzialny"
    [to_proxy] = server.letters_to(world.bochnia.proxy.email)
    assert world.bochnia.fn_head.name in to_proxy.text
    assert "N-2026-11-26" not in to_proxy.text
    assert str(to_proxy.message["X-Rejestr-Powod"]) == "pelnomocnik"


def test_a_digest_shows_ten_lines_and_counts_the_rest(world: World) -> None:
    for days in range(14):
        nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=days))
    plan(world.bochnia, MONDAY)

    with mail_server() as server, clock.at(at(MONDAY, 8)):
        send(server)

    [taken] = server.letters_to(world.bochnia.fn_head.email)
    assert taken.text.count("/o/odpowiedz/") == 10
    assert outcomes() == {"told": len(ledger())}


def test_nobody_is_told_of_a_thing_that_is_done(world: World) -> None:
    done, open_one = (nonconformity(world.bochnia, due_on=TODAY + timedelta(days=days)) for days in (0, 2))
    plan(world.bochnia)
    with writing():
        done.waits_for, done.due_on, done.state, done.closed_on = None, None, "closed", TODAY

    with mail_server() as server:
        send(server)

    [taken] = server.letters_to(world.bochnia.fn_head.email)
    assert str(open_one.number) in taken.text
    assert "N-2026-11-20" not in taken.text
    assert outcomes() == {"told": 1, "done": 1}


def test_a_digest_with_nothing_left_to_say_is_not_sent(world: World) -> None:
    case = nonconformity(world.bochnia, due_on=TODAY)
    plan(world.bochnia)
    with writing():
        case.due_on = TODAY + timedelta(days=60)

    with mail_server() as server:
        send(server)

    assert server.taken == []
    assert letter_states() == {"void": 1}
    assert outcomes() == {"done": 1}


def test_what_was_handed_to_somebody_else_is_told_to_them(world: World) -> None:
    nonconformity(world.bochnia, due_on=TODAY)
    plan(world.bochnia)
    with writing():
        [was] = db.session.scalars(select(Membership).where(Membership.person_id == world.bochnia.fn_head.id))
        was.is_head = False
        [now] = db.session.scalars(select(Membership).where(Membership.person_id == world.bochnia.fn_clerk.id))
        now.is_head = True

    with mail_server() as server:
        send(server)
        assert server.taken == []
        plan(world.bochnia, MONDAY)
        with clock.at(at(MONDAY, 8)):
            send(server)

    assert server.recipients == [world.bochnia.fn_clerk.email]
    assert outcomes()["passed on"] == 1


def test_a_proxy_who_no_longer_is_one_is_not_told(world: World) -> None:
    nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=7))
    plan(world.bochnia, MONDAY)
    with writing():
        [post] = db.session.scalars(
            select(Appointment)
            .where(Appointment.post == "proxy")
            .where(Appointment.person_id == world.bochnia.proxy.id)
        )
        post.until_on = FRIDAY

    with mail_server() as server, clock.at(at(MONDAY, 8)):
        send(server)

    assert server.letters_to(world.bochnia.proxy.email) == []
