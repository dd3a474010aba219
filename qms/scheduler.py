"""The ticker: it only says that time has passed. What is due, the database knows.

Memory only and in UTC: nothing here is lost by a crash, no summer time can confuse it, and a second one beside
it does no harm.
"""

import logging
import signal
import threading
from datetime import UTC
from types import FrameType
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from qms import jobs
from qms.reminders import delivery

log = logging.getLogger(__name__)

# A late tick is as good as an early one, and many late ones are as good as one.
_DEFAULTS: Final = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def start(app: Flask) -> BackgroundScheduler:
    """Begin to tick."""
    ticker = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(len(jobs.JOBS))},
        job_defaults=_DEFAULTS,
        timezone=UTC,
    )
    # Coalesced ticks of a long job are how it is meant to be, not a warning every two seconds.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    for name, job in jobs.JOBS.items():
        trigger = IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC)
        ticker.add_job(_tick, args=(app, name), id=f"{name} at the start")  # now, not after the first interval
        ticker.add_job(_tick, trigger, args=(app, name), id=name)
    ticker.start()
    return ticker


def _tick(app: Flask, name: str) -> None:
    """One tick of one job; what it raises is logged by the ticker, which goes on."""
    with app.app_context():
        jobs.tick(name)


def stop(ticker: BackgroundScheduler) -> None:
    """Finish the letter in hand, begin no other, and end."""
    delivery.stopping.set()
    ticker.shutdown(wait=True)
    delivery.stopping.clear()


def run_forever(app: Flask) -> None:
    """Tick until the process is asked to stop (SIGTERM or SIGINT), and then stop in good order."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    ticker = start(app)
    # A signal that the system hands to another thread is noticed by this one only when it wakes.
    while not asked.wait(timeout=0.5):
        continue
    stop(ticker)
