"""Two schedulers, six senders and four readers of pages at once, each a process: every reminder is delivered once."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from qms.core import clock, text
from qms.core.db import EVERY_OFFICE, db, new_key, scoped
from qms.core.outbox import Letter
from qms.core.runs import JobRun
from qms.core.transactions import looking, writing
from qms.domain.standing import Who
from qms.people.models import Appointment, Person
from qms.reminders import safety
from qms.reminders.models import Reminder
from qms.training.models import Training
from tests.support.ledger import without_trainings
from tests.support.mail_server import MailServer, mail_server
from tests.support.world import TODAY, World

ROOT = Path(__file__).parents[2]

_COURSE = {
    "trained_as": "auditor",
    "edition_code": "9001:2015",
    "title": "Auditor",
    "provider": "Ośrodek",
    "held_on": TODAY - timedelta(days=700),
    "validity": "until",
    "valid_until": TODAY + timedelta(days=30),
}


@contextmanager
def crowd(app: Flask, server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    """All of them at work, at ten on the day of the tests."""
    shift = clock.now() - datetime.now(UTC)  # noqa: TID251 -- the processes live in real time, moved by this
    environment = {
        "PATH": os.environ["PATH"],
        "QMS_INSTANCE": app.instance_path,
        "QMS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "QMS_SMTP_URL": server.url,
        "QMS_MAIL_FROM": app.config["MAIL_FROM"],
    }
    command = [sys.executable, "-m", "tests.support.sender", "crowd", str(shift.total_seconds())]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.communicate(timeout=60)


def owe(world: World, count: int) -> None:
    """A training of each of so many people ends in a month; they and both proxies are to be told today."""
    office_ids = [world.bochnia.office.id, world.leczyca.office.id]
    with writing():
        first = db.session.scalar(select(func.max(Person.id))) or 0
        ids = range(first + 1, first + 1 + count)
        db.session.execute(insert(Person.__table__), [_person(each) for each in ids])
        held = [{"person_id": each, "office_id": office_ids[each % 2]} for each in ids]
        post = {"post": Who.AUDITOR, "from_on": TODAY - timedelta(days=700)}
        db.session.execute(insert(Appointment.__table__), [{"key": new_key(), **each, **post} for each in held])
        db.session.execute(insert(Training.__table__), [{"key": new_key(), **each, **_COURSE} for each in held])
        safety.release()  # ten thousand letters would be a flood: somebody said that they may go
        db.session.get_one(Person, world.coordinator.id).wants_status = False  # the counts are of reminders alone


def _person(number: int) -> dict[str, object]:
    name = f"Reader {number}"
    seen = {"name": name, "sort_key": text.sort_key(name), "search_text": text.search_text(name)}
    return {"id": number, "key": new_key(), "email": f"reader.{number}@example.com", **seen}


@pytest.mark.timeout(1800)
def test_many_schedulers_senders_and_readers_deliver_each_reminder_once(
    app: Flask, world: World, times: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    count = times(200, 10_000)
    with without_trainings():
        owe(world, count)
    db.session.rollback()  # an open transaction of the test's own would hold the others up

    with mail_server() as server:
        began = time.monotonic()
        with crowd(app, server) as process:
            while not _is_over(count + 2):
                assert process.poll() is None, "the crowd is gone"
                assert time.monotonic() < began + times(60, 900), _went()
                time.sleep(0.2)
            took = time.monotonic() - began

    assert Counter(Counter(str(each.message["Message-ID"]) for each in server.taken).values()) == {1: count + 2}
    assert set(Counter(server.recipients).values()) == {1}
    assert _states() == {"sent": count + 2}
    with looking(), scoped(EVERY_OFFICE):
        lines = dict(db.session.execute(select(Reminder.outcome, func.count()).group_by(Reminder.outcome)).all())
        assert db.session.scalar(select(func.sum(Letter.doubts))) == 0
    assert lines == {"told": 2 * count}
    record_property("deliveries", len(server.taken))
    record_property("seconds", round(took, 1))


def _states() -> dict[str, int]:
    with looking():
        found = select(Letter.state, func.count()).where(Letter.kind == "digest").group_by(Letter.state)
        return dict(db.session.execute(found).all())


def _is_over(letters: int) -> bool:
    return _states() == {"sent": letters}


def _went() -> list[object]:
    """What to show when it did not come to an end."""
    with looking():
        return [_states(), *map(tuple, db.session.execute(select(JobRun.name, JobRun.outcome)))]
