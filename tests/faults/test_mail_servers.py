"""Twenty-two kinds of mail server: what becomes of the letters meanwhile, and once the server is well again.

Nothing may get lost with any of them, and nothing may arrive twice but what was in doubt. `make faults` sends a hundred
letters to each kind.
"""

import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from qms.core import clock, runs, smtp
from qms.core.db import db
from qms.core.outbox import LEASE, Letter
from qms.core.transactions import writing
from qms.people.models import Person
from qms.reminders import safety
from tests.support import bad_servers
from tests.support.mail_server import MailServer, Taken, free_port, mail_server, raw_server, trusting
from tests.support.post import later, letter, put, reader, send
from tests.support.world import World

# What a letter becomes depends on the server alone, not on the database.
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SILENCE, EXCHANGE = 0.4, 1.0  # seconds, instead of 20 and 60
SLACK = 1.0  # for a busy machine
IN_SECONDS, IN_MINUTES = timedelta(seconds=15), timedelta(minutes=5)


@dataclass(frozen=True)
class Kind:
    """A server, whom its letters go to, and what is to become of each of them."""

    server: Callable[[], AbstractContextManager[MailServer]]
    to: str = "ok"
    user: str = ""
    context: ssl.SSLContext | None = None
    first: str = "queued"
    tries: int = 0
    again: timedelta | None = None
    """How soon it is tried again; None: never."""
    last: str = "sent"
    copies: int = 1
    """How often a server that is well in the end has got the letter in all."""


@contextmanager
def _raw(talk: bad_servers.Talk, *, is_plain: bool = True) -> Iterator[MailServer]:
    with raw_server(talk) as url:
        yield MailServer(url if is_plain else _encrypted(url))


def _encrypted(url: str) -> str:
    return url.replace("?tls=off", "").replace("127.0.0.1", "localhost")


@contextmanager
def _not_there() -> Iterator[MailServer]:
    yield MailServer(f"smtp://127.0.0.1:{free_port()}?tls=off")


@contextmanager
def _without_tls() -> Iterator[MailServer]:
    with mail_server() as server:
        server.url = _encrypted(server.url)
        yield server


_PASSING: Final[dict[str, Any]] = {"tries": 1, "again": IN_MINUTES}
_FINAL: Final[dict[str, Any]] = {"first": "failed", "tries": 1, "last": "failed", "copies": 0}
_IN_DOUBT: Final[dict[str, Any]] = {"first": "uncertain", "tries": 1, "again": IN_MINUTES, "copies": 2}
_NO_LETTERS: Final[dict[str, Any]] = {"again": IN_SECONDS}
_REFUSES_US: Final[dict[str, Any]] = {"again": IN_MINUTES}
_FINE: Final[dict[str, Any]] = {"first": "sent", "tries": 1}

KINDS = {
    "421 at the greeting": Kind(partial(_raw, bad_servers.is_busy), **_NO_LETTERS),
    "nobody answers there": Kind(_not_there, **_NO_LETTERS),
    "450 to a recipient, as greylisting does": Kind(mail_server, to="busy", **_PASSING),
    "451 after the letter": Kind(mail_server, to="later", **_PASSING),
    "452 too many recipients": Kind(mail_server, to="many", **_PASSING),
    "550 no such mailbox": Kind(mail_server, to="gone", **_FINAL),
    "552 over quota": Kind(mail_server, to="full", **_FINAL),
    "554 refused by policy": Kind(mail_server, to="spam", **_FINAL),
    "535 wrong password": Kind(
        partial(mail_server, offers_tls=True, wants_sign_in=True), user="anna:wrong@", context=trusting(), **_REFUSES_US
    ),
    "silent from the start": Kind(partial(_raw, bad_servers.says_nothing), **_NO_LETTERS),
    "silent after the last dot": Kind(mail_server, to="silent", **_IN_DOUBT),
    "gone after the last dot": Kind(mail_server, to="drops", **_IN_DOUBT),
    "250 after nine minutes": Kind(mail_server, to="slow", **_IN_DOUBT),
    "a greeting of a megabyte": Kind(partial(_raw, bad_servers.talks_for_ever), **_NO_LETTERS),
    "no encryption where it is required": Kind(_without_tls, context=trusting(), **_REFUSES_US),
    "a certificate nobody vouches for": Kind(partial(mail_server, offers_tls=True), **_REFUSES_US),
    "a letter larger than it takes": Kind(partial(mail_server, largest=1000), **_FINAL),
    "an answer in another encoding": Kind(mail_server, to="foreign", **_FINE),
    "250, and the letter is gone": Kind(mail_server, to="lost", **_FINE | {"copies": 0}),
    # One byte a second, words slipped in before the encryption, and letters in other scripts: below.
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_letter_comes_to_its_right_end_with_each_kind_of_server(
    world: World, times: Callable[[int, int], int], kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    readers = [reader(f"{kind.to}.{number}").email for number in range(times(3, 100))]
    for email in readers:
        put(_person(email), email, office_id=world.bochnia.office.id)

    with kind.server() as server:
        started = monotonic()
        send(server.url.replace("//", f"//{kind.user}"), context=kind.context, silence=SILENCE, exchange=EXCHANGE)
        held_up = monotonic() - started
    assert _states(readers) == {(kind.first, kind.tries): len(readers)}
    assert _comes_again() == kind.again
    with mail_server() as well, later(minutes=6):
        well.is_mended = True
        send(well)

    assert _states(readers).keys() == {(kind.last, kind.tries + (kind.again is not None))}
    arrived = _arrived([*server.taken, *well.taken], readers)
    assert arrived == dict.fromkeys(readers, [kind.copies] if kind.copies else [])
    assert held_up < len(readers) * EXCHANGE + SLACK
    record_property(f"seconds that {len(readers)} letters took", round(held_up, 1))


def _person(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def _states(readers: list[str]) -> Counter[tuple[str, int]]:
    letters = [letter(email) for email in readers]
    return Counter((each.state, each.tries) for each in letters)


def _comes_again() -> timedelta | None:
    """When the letters are tried next: their own time, or when the server is asked again."""
    until, _, _ = (runs.note(safety.SERVER) or "").partition(" ")
    if until:
        return datetime.fromisoformat(until) - clock.now()
    waits = Letter.state.in_(("queued", "uncertain"))
    found = db.session.scalar(select(func.max(Letter.not_before)).where(waits, Letter.kind == "test"))
    return found - clock.now() if found else None


def _arrived(taken: list[Taken], readers: list[str]) -> dict[str, list[int]]:
    """How often each letter of each reader is in the mailbox."""
    found: dict[str, Counter[str]] = {email: Counter() for email in readers}
    for each in taken:
        if each.recipient in found and not each.is_refused:
            found[each.recipient][str(each.message["Message-ID"])] += 1
    return {email: list(of_reader.values()) for email, of_reader in found.items()}


@pytest.mark.parametrize("step", bad_servers.STEPS)
def test_a_server_that_says_a_byte_a_second_holds_the_sender_up_for_an_exchange_or_two(world: World, step: str) -> None:
    put(world.admin)

    started = monotonic()
    with raw_server(bad_servers.drips_at(step)) as url:
        send(url, silence=SILENCE, exchange=EXCHANGE)

    assert monotonic() - started < 2 * EXCHANGE + SLACK
    assert letter().state == ("uncertain" if step == "last dot" else "queued")


@pytest.mark.usefixtures("app")
def test_no_sender_is_held_up_for_longer_than_two_minutes_or_than_its_lease() -> None:
    assert max(smtp.SILENCE, smtp.EXCHANGE) <= 60
    assert timedelta(seconds=2 * smtp.EXCHANGE) < LEASE


def test_what_is_slipped_in_before_the_encryption_is_not_heard(world: World) -> None:
    put(world.admin)
    server = bad_servers.Overheard([])

    with raw_server(server.talk) as url:
        send(_encrypted(url), context=trusting(), silence=SILENCE, exchange=EXCHANGE)

    assert letter().state == "sent"
    assert server.commands[:4] == ["EHLO", "MAIL", "RCPT", "DATA"]


def test_an_address_the_server_cannot_write_fails_alone(world: World) -> None:
    """Nobody can enter such an address; a row of another origin must not stop the queue all the same."""
    odd = reader("odd")
    with writing():
        odd.email = "zażółć@example.com"
    put(odd, "odd", office_id=world.bochnia.office.id)
    put(world.admin, "behind it")

    with mail_server() as server:
        send(server)

    assert (letter("odd").state, letter("behind it").state) == ("failed", "sent")


def test_one_dead_recipient_delays_nobody_and_one_refused_takes_nobody_along(world: World) -> None:
    names = ("a.ok", "gone", "silent", "busy", "drops", "slow", "later", "full", "z.ok")
    for name in names:
        put(reader(name), name, office_id=world.bochnia.office.id)

    with mail_server() as server:
        started = monotonic()
        send(server, silence=SILENCE, exchange=EXCHANGE)
        assert monotonic() - started < 2 * SILENCE + 2 * SLACK

    assert [letter(name).state for name in ("a.ok", "gone", "z.ok")] == ["sent", "failed", "sent"]
