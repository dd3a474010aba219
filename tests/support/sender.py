"""Senders in processes of their own, for the tests that kill them.

python -m tests.support.sender points   reads names of points from its input; for each, a child sends what is due
and kills itself there; answers with the signal that ended the child
python -m tests.support.sender ticker   the scheduler, with leases short enough for a test to wait for
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

from flask import Flask

from qms import jobs, scheduler
from qms.app import create_app
from qms.core import mail
from qms.reminders import delivery

LEASE = timedelta(seconds=3)


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


if __name__ == "__main__":
    {"points": serve_points, "ticker": tick}[sys.argv[1]](create_app())
