"""The ticker: it brings letters within seconds, stops in good order, and outlives a job that fails."""

import contextvars
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qms import jobs, scheduler
from qms.auth.models import Attempt
from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.runs import JobRun
from qms.core.transactions import looking, writing
from tests.support.post import put
from tests.support.world import TODAY, World


@pytest.fixture(autouse=True)
def _real_time(world: World) -> Iterator[None]:
    """The ticker's threads live in real time, so the test has to."""
    with clock.at(contextvars.Context().run(clock.now)):
        yield


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> float:
    """How long it took."""
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() - started < seconds
        time.sleep(0.05)
    return time.monotonic() - started


def came(app: Flask, words: str) -> list[Path]:
    """Letters with these words; by the hour of the day the ticker writes others by the way."""
    letters = (Path(app.config["MAILBOX"]) / "new").glob("*")
    return [letter for letter in letters if words in letter.read_text()]


def test_a_sign_in_code_is_in_the_mailbox_within_five_seconds_at_any_hour(app: Flask, world: World) -> None:
    ticker = scheduler.start(app)
    try:
        put(world.bochnia.proxy, kind="sign_in_code", payload={"code": "493817"})
        db.session.rollback()  # an open transaction of the test's own would hold the ticker up
        wait_until(lambda: bool(came(app, "493817")), seconds=5)
    finally:
        scheduler.stop(ticker)

    assert len(came(app, "493817")) == 1


def test_two_tickers_send_each_letter_once_and_stop_at_once(app: Flask, world: World) -> None:
    for number in range(10):
        put(world.bochnia.proxy, str(number), payload={"asked_by": "Ticker"})
    db.session.rollback()

    tickers = [scheduler.start(app), scheduler.start(app)]
    try:
        wait_until(_none_waits, seconds=30)
    finally:
        started = time.monotonic()
        for ticker in tickers:
            scheduler.stop(ticker)

    assert time.monotonic() - started < 10
    assert len(came(app, "Ticker")) == 10


def _none_waits() -> bool:
    """Of those put here: reminders that the ticker planned by the way wait for working hours."""
    with looking():
        return db.session.scalars(select(Letter.id).where(Letter.state != "sent", Letter.is_awaited)).first() is None


def test_a_job_that_fails_is_written_down_and_the_ticker_goes_on(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_today: date) -> str:
        raise RuntimeError("as bad as can be")

    monkeypatch.setitem(jobs.JOBS, "send", jobs.Job(timedelta(seconds=1), fail))  # type: ignore[arg-type] # a dict
    ticker = scheduler.start(app)
    try:
        wait_until(lambda: _outcome("send") == "FAILED, see the log", seconds=10)
        monkeypatch.undo()
        put(world.bochnia.proxy, payload={"asked_by": "Ticker"})
        db.session.rollback()
        wait_until(lambda: bool(came(app, "Ticker")), seconds=10)
    finally:
        scheduler.stop(ticker)


def _outcome(job: str) -> str | None:
    with looking():
        return db.session.scalar(select(JobRun.outcome).where(JobRun.name == job))


def test_an_idle_sender_writes_its_heartbeat_once_a_minute() -> None:
    beats = set()
    for seconds in (0, 2, 30, 59, 61, 63):
        with clock.at(clock.now() + timedelta(seconds=seconds)):
            jobs.run_job("send", TODAY)
            with looking():
                beats.add(db.session.scalar(select(JobRun.finished_at).where(JobRun.name == "send")))

    assert len(beats) == 2


def test_tidying_drops_what_is_of_no_use_any_more(app: Flask) -> None:
    with writing():
        for days in (0, 30):
            db.session.add(Attempt(door="code-address", subject="x", at=clock.now() - timedelta(days=days)))
    leftover = Path(app.config["FILES"]) / "1" / "leftover"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"no row names it")

    assert jobs.run_job("tidy", TODAY) == "0 files without a row removed"
    with clock.at(clock.now() + timedelta(days=2)):
        assert jobs.run_job("tidy", TODAY) == "1 files without a row removed"
    assert len(db.session.scalars(select(Attempt)).all()) == 0


def test_a_job_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        jobs.run_job("dance", TODAY)


def test_the_first_tick_does_not_wait_for_its_interval(app: Flask, world: World) -> None:
    """Or the page of letters would say for a minute after each start that nothing is at work."""
    db.session.rollback()
    ticker = scheduler.start(app)
    try:
        wait_until(lambda: _has_run("plan"), seconds=20)
    finally:
        scheduler.stop(ticker)


def _has_run(job: str) -> bool:
    with looking():
        return db.session.get(JobRun, job) is not None
