"""A sender may die at any moment: no letter is lost, and a copy goes out only where a doubt was written down.

Between the last dot and the commit that notes the answer nobody can know whether the server has the letter; nowhere
else may a copy arise. `make faults` runs the long form.
"""

import contextvars
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from qms.core import clock, inserts
from qms.core.db import db, new_key
from qms.core.outbox import LEASE, Letter
from qms.core.transactions import looking, writing
from qms.people import queries
from qms.people import service as people
from tests.support.mail_server import MailServer, mail_server
from tests.support.post import send

ROOT = Path(__file__).parents[2]
STOPS_WITHIN = 30.0  # seconds
DONE_WITHIN = 600.0  # the long form sends 2,000 letters on a busy machine
READER = "anna@example.com"

# where the sender dies -> what comes of the letter it has in hand
POINTS = {
    "claiming": "nothing",
    "claimed": "nothing",
    "marked": "a doubt, no copy",
    "recipient": "a doubt, no copy",
    "half": "a doubt, no copy",
    "last dot": "a copy, known",
    "answered": "a copy, known",
    "settling": "a copy, known",
    "settled": "nothing",
}


def real_now() -> datetime:
    """The senders live in real time, so the test has to, though its application stands at a day of its own."""
    return contextvars.Context().run(clock.now)


def put(count: int) -> None:
    """Queue as many letters that somebody waits for, so that they leave at any hour."""
    now = real_now()
    with writing():
        reader = queries.by_email(READER) or people.register(name="Anna Nowak", email=READER)
        rows = [
            {"kind": "test", "person_id": reader.id, "dedupe": new_key() + new_key(), "payload": {"asked_by": "Jan"}}
            | {"created_at": now, "not_before": now, "is_awaited": True}
            for _ in range(count)
        ]
        inserts.insert_all_once(Letter, rows)


def deliveries(server: MailServer) -> Counter[str]:
    """How often each letter reached the server, by the Message-ID it keeps over all tries."""
    return Counter(str(taken.message["Message-ID"]) for taken in server.taken)


def doubts() -> dict[str, int]:
    with looking():
        return dict(db.session.execute(select(Letter.message_id, Letter.doubts)).all())


def waiting() -> int:
    with looking():
        left = select(func.count(Letter.id)).where(Letter.state.not_in(("sent", "failed", "void")))
        return db.session.scalar(left) or 0


@contextmanager
def started(app: Flask, server: MailServer, what: str) -> Iterator[subprocess.Popen[str]]:
    """A sender in a process of its own, on the test's database and mail server."""
    environment = {
        "PATH": os.environ["PATH"],
        "QMS_INSTANCE": app.instance_path,
        "QMS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "QMS_SMTP_URL": server.url,
        "QMS_MAIL_FROM": app.config["MAIL_FROM"],
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.sender", what],
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_kill_at_each_point_loses_nothing_and_copies_only_where_nobody_can_know(
    app: Flask, times: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    rounds = times(5, 100)
    found: Counter[tuple[str, str]] = Counter()

    with mail_server() as server, started(app, server, "points") as sender:
        for point in POINTS:
            for _ in range(rounds):
                put(3)
                assert _killed_at(point, sender) == signal.SIGKILL
                found[point, _what_came_of_it(server)] += 1
                server.taken.clear()

    assert found == dict.fromkeys(POINTS.items(), rounds)
    record_property("kills", rounds * len(POINTS))
    record_property("copies", sum(count for (_, came), count in found.items() if came == "a copy, known"))


def _killed_at(point: str, sender: subprocess.Popen[str]) -> int:
    assert sender.stdin is not None
    assert sender.stdout is not None
    sender.stdin.write(f"{point}\n")
    sender.stdin.flush()
    return int(sender.stdout.readline())


def _what_came_of_it(server: MailServer) -> str:
    """Let a second sender come after the lease, and see what the server and our books say of the letters."""
    before = {message_id for message_id, doubt in doubts().items() if doubt}
    with clock.at(real_now() + LEASE + timedelta(minutes=1)):
        send(server)
    assert waiting() == 0
    doubted = {message_id for message_id, doubt in doubts().items() if doubt} - before
    came = deliveries(server)
    assert len(came) == 3, "a letter was lost"
    if sorted(came.values()) == [1, 1, 1]:
        return "a doubt, no copy" if doubted else "nothing"
    assert sorted(came.values()) == [1, 1, 2]
    return "a copy, known" if {message_id for message_id, count in came.items() if count > 1} == doubted else "unknown"


def test_starts_stops_and_kills_of_the_scheduler_lose_nothing_while_letters_wait(
    app: Flask, times: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    stops, kills = times(2, 10), times(2, 10)
    put(times(100, 1000))
    total, slowest = waiting(), 0.0

    with mail_server() as server:
        server.delay = 0.02
        for _ in range(stops):
            slowest = max(slowest, _run_a_while(app, server, signal.SIGTERM))
        assert set(deliveries(server).values()) <= {1}, "a stop in good order copies nothing"
        assert set(doubts().values()) <= {0}
        for _ in range(kills):
            _run_a_while(app, server, signal.SIGKILL)
        _finish(app, server)

    came = deliveries(server)
    copied = {message_id for message_id, count in came.items() if count > 1}
    doubted = {message_id for message_id, doubt in doubts().items() if doubt}
    assert len(came) == total, "a letter was lost"
    assert max(came.values()) <= 2
    assert copied <= doubted, "a copy nobody knows of"
    assert len(doubted) <= kills
    assert slowest < STOPS_WITHIN
    for name, figure in (("letters", total), ("stops", stops), ("kills", kills), ("lost", total - len(came))):
        record_property(name, figure)
    for name, figure in (("copies", len(copied)), ("doubts", len(doubted)), ("slowest stop, s", round(slowest, 1))):
        record_property(name, figure)


def _run_a_while(app: Flask, server: MailServer, number: signal.Signals) -> float:
    """Start a scheduler, end it by this signal while it sends; how long the end took."""
    before = len(server.taken)
    with started(app, server, "ticker") as ticker:
        _wait_until(lambda: len(server.taken) > before or waiting() == 0)
        time.sleep(random.uniform(0, 0.3))  # noqa: S311 -- any moment will do
        ticker.send_signal(number)
        asked = time.monotonic()
        ticker.wait(timeout=STOPS_WITHIN)
        return time.monotonic() - asked


def _finish(app: Flask, server: MailServer) -> None:
    with started(app, server, "ticker"):
        _wait_until(lambda: waiting() == 0)


def _wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + DONE_WITHIN
    while not is_so():
        assert time.monotonic() < give_up_at, f"{waiting()} letters still wait"
        time.sleep(0.1)


def test_two_schedulers_side_by_side_send_each_letter_once(
    app: Flask, times: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    put(times(60, 2000))
    total = waiting()

    with mail_server() as server, started(app, server, "ticker"), started(app, server, "ticker"):
        _wait_until(lambda: waiting() == 0)

    assert len(deliveries(server)) == total
    assert set(deliveries(server).values()) == {1}
    record_property("letters", total)
