"""What the mail server answers, or does not, and what becomes of the letter."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import update

from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.domain.mail_server import parse_url
from qms.reminders import safety
from tests.support.mail_server import free_port, mail_server, raw_server, trusting
from tests.support.post import later, letter, put, reader, send, states
from tests.support.world import World

ANSWERS = [
    # who            state, tries, in how many minutes again
    ("ok", "sent", 1, None),
    ("foreign", "sent", 1, None),
    ("gone", "failed", 1, None),
    ("full", "failed", 1, None),
    ("spam", "failed", 1, None),
    ("busy", "queued", 1, 5),
    ("many", "queued", 1, 5),
    ("later", "queued", 1, 5),
    ("drops", "uncertain", 1, 5),
    ("silent", "uncertain", 1, 5),
    ("nologin", "queued", 0, 0),
]


@pytest.mark.parametrize(("who", "state", "tries", "minutes"), ANSWERS)
@pytest.mark.usefixtures("world")
def test_each_answer_of_the_server_leads_to_its_state(*, who: str, state: str, tries: int, minutes: int | None) -> None:
    put(reader(who))

    with mail_server() as server:
        send(server, silence=0.5)

    found = letter()
    assert (found.state, found.tries) == (state, tries)
    if minutes is not None:
        assert found.not_before - clock.now() == timedelta(minutes=minutes)


@pytest.mark.usefixtures("world")
def test_one_bad_recipient_takes_no_letter_from_the_others() -> None:
    for who in ("a.ok", "gone", "busy", "drops", "later", "z.ok"):
        put(reader(who), who)

    with mail_server() as server:
        send(server)

    assert {who: letter(who).state for who in ("a.ok", "gone", "busy", "drops", "later", "z.ok")} == {
        "a.ok": "sent",
        "gone": "failed",
        "busy": "queued",
        "drops": "uncertain",
        "later": "queued",
        "z.ok": "sent",
    }


def test_a_busy_mailbox_is_tried_48_times_and_then_the_proxy_is_told(world: World) -> None:
    busy = reader("busy")
    put(busy, office_id=world.bochnia.office.id, is_awaited=False)
    with writing():
        db.session.execute(update(Letter).values(tries=46))

    with mail_server() as server:
        send(server)
        assert (letter().state, letter().tries) == ("queued", 47)
        with later(minutes=4):
            assert send(server) == "nothing to send"
        with later(minutes=5):
            send(server)

    assert (letter().state, letter().tries) == ("failed", 48)
    assert [busy.email in taken.text for taken in server.letters_to(world.bochnia.proxy.email)] == [True]


def test_a_letter_about_a_failed_letter_is_not_followed_by_another(world: World) -> None:
    failed = {"what": "Test letter", "name": "Jan", "address": "jan@example.com", "is_in_doubt": False}
    put(reader("gone"), kind="letter_failed", payload=failed, office_id=world.bochnia.office.id)

    with mail_server() as server:
        send(server)

    assert (server.taken, states()) == ([], {"failed": 1})


def test_a_letter_in_doubt_is_tried_once_more_as_it_was_and_then_left_to_a_person(world: World) -> None:
    drops = reader("drops")
    put(drops, office_id=world.bochnia.office.id)

    with mail_server() as server:
        send(server)
        assert (letter().state, letter().doubts) == ("uncertain", 1)
        with later(minutes=5):
            send(server)
        assert (letter().state, letter().doubts) == ("uncertain", 2)
        with later(days=3):
            send(server)

    first, second = server.letters_to(drops.email)
    for header in ("Message-ID", "Date", "Subject"):
        assert first.message[header] == second.message[header]
    assert (first.text, first.html) == (second.text, second.html)
    assert len(server.letters_to(world.bochnia.proxy.email)) == 1


REFUSALS = {
    "it offers no encryption": ({}, trusting(), ""),
    "nobody vouches for its certificate": ({"offers_tls": True}, None, ""),
    "it does not know our password": ({"offers_tls": True, "wants_sign_in": True}, trusting(), "anna:wrong@"),
}


@pytest.mark.parametrize(("nature", "context", "user"), REFUSALS.values(), ids=REFUSALS)
def test_a_server_that_refuses_us_pauses_the_queue_and_spends_no_try(
    world: World, nature: dict[str, Any], *, context: ssl.SSLContext | None, user: str
) -> None:
    put(world.admin)

    with mail_server(**nature) as server:
        send(server.url.replace("?tls=off", "").replace("//", f"//{user}"), context=context)
        assert server.taken == []
        assert (letter().state, letter().tries) == ("queued", 0)
        assert safety.SERVER in safety.troubles()
        with later(minutes=4):
            assert send(server) == "nothing to send"
    with mail_server() as mended, later(minutes=6):
        send(mended)

    assert mended.recipients == [world.admin.email]
    assert safety.troubles() == {}


def test_letters_are_encrypted_and_signed_in_when_the_server_can(world: World) -> None:
    put(world.admin)

    with mail_server(offers_tls=True, wants_sign_in=True) as server:
        send(server.url.replace("//", "//anna:good@"), context=trusting())

    assert [taken.was_encrypted for taken in server.taken] == [True]


async def _says_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _is_busy(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"421 try again later\r\n")
    await writer.drain()
    writer.close()


async def _drips(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for letter_of_the_greeting in b"220-" + b"x" * 500:
        writer.write(bytes([letter_of_the_greeting]))
        await asyncio.sleep(0.1)


async def _talks_for_ever(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 " + b"x" * 1_000_000 + b"\r\n")


async def _is_no_mail_server(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("talk", [_says_nothing, _is_busy, _drips, _talks_for_ever, _is_no_mail_server])
def test_a_server_nobody_can_talk_to_holds_nobody_up(world: World, talk: Callable[..., Any]) -> None:
    put(world.admin)

    started = monotonic()
    with raw_server(talk) as url:
        send(url, silence=0.5, exchange=1.0)

    assert monotonic() - started < 5
    assert (letter().state, letter().tries) == ("queued", 0)


def test_a_server_that_is_not_there_is_asked_again_in_seconds(world: World) -> None:
    put(world.admin)

    send(f"smtp://127.0.0.1:{free_port()}?tls=off")
    assert (letter().state, letter().tries) == ("queued", 0)
    with mail_server() as server, later(seconds=16):
        send(server)

    assert server.recipients == [world.admin.email]


@pytest.mark.parametrize(
    "url",
    ["", "localhost:25", "http://localhost", "smtp://", "smtp://h?tls=maybe", "smtps://h?tls=off", "smtp://h:x"],
)
def test_an_address_of_a_server_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)a mail server|port"):
        parse_url(url)
