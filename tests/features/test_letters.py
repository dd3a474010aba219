"""Letters in the queue: when they may leave, who holds them, and how often they are sent."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from flask import Flask

from qms.core import clock, mail, outbox, runs
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import LEASE, Claim, LostClaim, Written
from qms.core.smtp import SmtpTransport
from qms.core.transactions import writing
from qms.offices.models import OfficeDayOff
from qms.people import service as people
from qms.reminders import delivery
from tests.support.mail_server import Taken, mail_server
from tests.support.post import FRIDAY, MONDAY, SATURDAY, at, later, letter, put, reader, send, states
from tests.support.world import TODAY, World


def test_one_cause_makes_one_letter(world: World) -> None:
    put(world.admin, "same cause")

    with writing():
        is_new = outbox.put("test", person_id=world.admin.id, dedupe="same cause", payload={})

    assert not is_new
    assert states() == {"queued": 1}


QUIET = [
    # now, leaves at
    (at(FRIDAY, 10), at(FRIDAY, 10)),
    (at(FRIDAY, 7), at(FRIDAY, 7)),
    (at(FRIDAY, 6, 59), at(FRIDAY, 7, 30)),
    (at(FRIDAY, 0, 5), at(FRIDAY, 7, 30)),
    (at(FRIDAY, 19, 59), at(FRIDAY, 19, 59)),
    (at(FRIDAY, 20), at(MONDAY, 7, 30)),
    (at(SATURDAY, 12), at(MONDAY, 7, 30)),
    (at(date(2026, 12, 23), 22), at(date(2026, 12, 28), 7, 30)),  # Christmas Eve is a day off since 2025
]


@pytest.mark.parametrize(("now", "leaves_at"), QUIET)
@pytest.mark.usefixtures("app")
def test_a_letter_waits_for_a_working_hour(now: datetime, leaves_at: datetime) -> None:
    assert outbox.out_of_quiet(now.astimezone(UTC)) == leaves_at


@pytest.mark.parametrize("now", [at(FRIDAY, 23), at(SATURDAY, 12), at(date(2026, 12, 25), 3)])
def test_a_sign_in_code_leaves_at_once_at_any_hour(world: World, now: datetime) -> None:
    with clock.at(now), mail_server() as server:
        put(world.admin, "code", kind="sign_in_code", payload={"code": "493817"})
        put(world.admin, "other", is_awaited=False)
        send(server)

    assert [taken.recipient for taken in server.taken] == [world.admin.email]
    assert "493817" in server.taken[0].text
    assert "493817" not in str(server.taken[0].message["Subject"])
    assert letter("other").state == "queued"


def test_nothing_of_a_code_is_kept_once_it_is_sent(world: World) -> None:
    put(world.admin, kind="sign_in_code", payload={"code": "493817"})

    with mail_server() as server:
        send(server)

    sent = letter()
    assert sent.state == "sent"
    assert "493817" not in f"{sent.payload}{sent.text}{sent.html}{sent.subject}"


def test_a_code_that_is_too_late_is_not_sent(world: World) -> None:
    put(world.admin, kind="sign_in_code", payload={"code": "493817"})

    with mail_server() as server, later(minutes=16):
        send(server)

    assert (server.taken, letter().state, letter().payload) == ([], "void", {})


def test_nobody_gets_a_letter_after_the_account_was_closed(world: World) -> None:
    put(world.bochnia.auditor)
    with writing():
        people.deactivate(world.bochnia.auditor, reason="left")

    with mail_server() as server:
        send(server)

    assert (server.taken, letter().state) == ([], "void")


def test_a_day_off_of_the_office_holds_its_letters_but_no_others(world: World) -> None:
    with scoped(EVERY_OFFICE), writing():
        db.session.add(OfficeDayOff(office_id=world.bochnia.office.id, day=TODAY))
    put(world.bochnia.auditor, "here", office_id=world.bochnia.office.id, is_awaited=False)
    put(world.leczyca.auditor, "there", office_id=world.leczyca.office.id, is_awaited=False)

    with mail_server() as server:
        send(server)

    assert server.recipients == [world.leczyca.auditor.email]
    assert letter("here").not_before == at(MONDAY, 7, 30)


def test_the_letters_somebody_waits_for_go_first(world: World) -> None:
    put(world.admin, "old", is_awaited=False)
    with mail_server() as server, later(minutes=1):
        put(world.coordinator, "new and awaited")
        send(server)

    assert server.recipients == [world.coordinator.email, world.admin.email]


def _claim(*, worker: str = "one", limit: int = 10) -> list[Claim]:
    with writing():
        return outbox.claim(worker, limit)


WORDS = Written("Subject", "text", "<p>text</p>", "<1@example.com>", "a@example.com")


def test_a_claimed_letter_is_nobody_elses_until_the_lease_ends(world: World) -> None:
    put(world.admin)

    assert len(_claim()) == 1
    assert _claim(worker="two") == []
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        assert len(_claim(worker="two")) == 1


def test_who_lost_the_lease_writes_nothing(world: World) -> None:
    put(world.admin)
    [mine] = _claim()
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        [theirs] = _claim(worker="two")

        for settle in (
            lambda: outbox.begin(mine, WORDS),
            lambda: outbox.settle_sent(mine),
            lambda: outbox.settle_failed(mine, "x"),
            lambda: outbox.put_back(mine),
            lambda: outbox.settle_void(mine, "x"),
        ):
            with pytest.raises(LostClaim), writing():
                settle()

        assert letter().state == "claimed"
        with writing():
            outbox.begin(theirs, WORDS)
        assert letter().state == "sending"


def test_a_lease_that_ran_out_does_not_begin(world: World) -> None:
    put(world.admin)
    [mine] = _claim()

    with clock.at(clock.now() + LEASE + timedelta(seconds=1)), pytest.raises(LostClaim), writing():
        outbox.begin(mine, WORDS)


def test_a_sender_that_died_while_sending_leaves_a_doubt_and_one_more_try(world: World) -> None:
    put(world.admin)
    [mine] = _claim()
    with writing():
        outbox.begin(mine, WORDS)

    for doubts in (1, 2):
        with clock.at(clock.now() + doubts * (LEASE + timedelta(seconds=1))):
            again = _claim(worker="two")
            assert letter().doubts == doubts
            if doubts == 1:
                with writing():
                    outbox.begin(again[0], WORDS)

    assert again == []
    assert letter().state == "uncertain"


def test_a_slow_sender_whose_letter_was_taken_after_all_ends_the_doubt(world: World) -> None:
    put(world.admin)
    [mine] = _claim()
    with writing():
        outbox.begin(mine, WORDS)
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        with writing():
            outbox._take_back_expired(clock.now())
        with writing():
            outbox.settle_sent(mine)

        assert letter().state == "sent"
        assert _claim(worker="two") == []


@pytest.mark.usefixtures("world")
def test_many_senders_send_each_letter_once(app: Flask) -> None:
    readers = [reader(f"r{number}") for number in range(60)]
    for person in readers:
        put(person, person.email)
    addresses = Counter(person.email for person in readers)
    db.session.rollback()  # an open transaction of the test's own would hold the senders up
    now = clock.now()
    problems: list[BaseException] = []

    def work(url: str) -> None:
        try:
            with app.app_context(), clock.at(now):
                delivery.send_due(SmtpTransport(url, sender="rejestr@example.com"))
        except BaseException as problem:  # noqa: BLE001 -- told to the test
            problems.append(problem)

    with mail_server() as server:
        workers = [threading.Thread(target=work, args=(server.url,)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert problems == []
    assert Counter(server.recipients) == addresses
    assert states() == {"sent": 60}


@pytest.mark.usefixtures("world")
def test_a_sender_told_to_stop_finishes_its_letter_and_gives_the_others_back() -> None:
    for number in range(5):
        put(reader(f"r{number}"), str(number))

    with mail_server() as server:
        server.on_letter = lambda _letter: delivery.stopping.set()
        try:
            send(server)
        finally:
            delivery.stopping.clear()

    assert len(server.taken) == 1
    assert states() == {"sent": 1, "queued": 4}


def test_no_transaction_is_open_while_the_server_thinks(app: Flask, world: World) -> None:
    put(world.admin)
    seen: list[str] = []

    def write_beside(_letter: Taken) -> None:
        with app.app_context(), writing():
            runs.set_note("beside", "written")
            seen.append("written")

    with mail_server() as server:
        server.on_letter = write_beside
        send(server)

    assert seen == ["written"]
    assert letter().state == "sent"


@pytest.mark.parametrize(
    "name",
    ["Anna Nowak", "Nowak, Anna", 'Anna "Ania" Nowak', "Żaneta Łęcka", "A <b@example.com>", "=?utf-8?q?x?="],
)
def test_plain_headers_are_written_as_the_library_would_write_them(name: str) -> None:
    message = EmailMessage(policy=mail._POLICY)
    message["From"] = Address(name, addr_spec="audity@example.com")
    message["To"] = Address(name, addr_spec="somebody.with.a.long.address@a.rather.long.domain.example.com")
    message["Subject"] = name
    message["Message-ID"] = f"<v1.{'0' * 32}@example.com>"
    message.set_content("Text")

    assert message.as_bytes() == message.as_bytes(policy=policy.SMTP.clone(cte_type="7bit"))
