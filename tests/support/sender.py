"""Senders in processes of their own, for the tests that kill them.

python -m tests.support.sender points   reads names of points from its input; for each, a child sends what is due
and kills itself there; answers with the signal that ended the child
python -m tests.support.sender ticker   the scheduler, with leases short enough for a test to wait for
python -m tests.support.sender crowd 60 six senders, two schedulers and four readers of pages, each a process whose
clock is so many seconds ahead; until its input ends
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from flask import Flask

from qms import jobs, scheduler
from qms.app import create_app
from qms.core import clock, mail
from qms.reminders import delivery

LEASE = timedelta(seconds=3)
CROWD = {"sender": 6, "scheduler": 2, "reader": 4}


def killer(point: str) -> Callable[[str], None]:
    """What to put into `mail.reached`: nobody survives this point."""

    def reached(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def serve_points(app: Flask) -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            mail.reached = killer(line.strip())
            with app.app_context():
                delivery.send_due()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}\n")
        sys.stdout.flush()


def send(_today: date) -> str:
    return delivery.send_due(lease=LEASE)


def tick(app: Flask) -> None:
    # Letters are what is killed here; planning has tests of its own.
    table = cast("dict[str, Any]", jobs.JOBS)
    table.clear()
    table["send"] = jobs.Job(timedelta(seconds=1), send)
    scheduler.run_forever(app)


@contextmanager
def _shifted(app: Flask) -> Iterator[None]:
    """The present, moved by as much in every process, since leases and ticks of one are compared in another."""
    with app.app_context(), clock.at(datetime.now(UTC) + SHIFT):  # noqa: TID251 -- the real time is what is moved
        yield


SHIFT = timedelta(seconds=float((*sys.argv[2:], "0")[0]))


def gather_crowd(app: Flask) -> None:
    children = [_fork(app, role) for role, count in CROWD.items() for _ in range(count)]
    sys.stdin.read()
    for child in children:
        os.kill(child, signal.SIGTERM)
    for child in children:
        os.waitpid(child, 0)


def _fork(app: Flask, role: str) -> int:
    child = os.fork()
    if child == 0:
        {"sender": _send_always, "scheduler": _schedule, "reader": _read_always}[role](app)
        os._exit(0)
    return child


def _send_always(app: Flask) -> None:
    while True:
        with _shifted(app):
            if delivery.send_due() == delivery.IDLE:
                time.sleep(0.05)


def _schedule(app: Flask) -> None:
    def tick(app: Flask, name: str) -> None:
        with _shifted(app):
            jobs.tick(name)

    scheduler._tick = tick
    table = cast("dict[str, Any]", jobs.JOBS)
    for name in ("plan", "send"):
        table[name] = jobs.Job(timedelta(seconds=1), jobs.JOBS[name].run)
    scheduler.run_forever(app)


def _read_always(app: Flask) -> None:
    """Ask for pages, and for a sign-in code with an address nobody has: that writes."""
    client = app.test_client()
    while True:
        client.get("/logowanie")
        client.post("/logowanie", data={"email": "nobody@example.com"})
        time.sleep(0.2)


if __name__ == "__main__":
    {"points": serve_points, "ticker": tick, "crowd": gather_crowd}[sys.argv[1]](create_app())
