"""`qms doctor`: each thing that can be wrong is seen, and said with what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from qms import doctor, jobs
from qms.core import clock, runs
from qms.core.db import db
from qms.core.transactions import writing
from qms.core.trigger import NAMES
from qms.reminders import safety
from tests.support.post import put
from tests.support.world import World


@pytest.fixture(autouse=True)
def _scheduler_at_work(app: Flask) -> None:
    _beat(clock.now())


def _beat(at: datetime) -> None:
    with writing():
        runs.record("send", started_at=clock.now(), outcome="nothing to send")
        db.session.execute(text("UPDATE job_run SET finished_at = :at"), {"at": at})


def unwell(app: Flask) -> dict[str, str]:
    found = {sign.about: sign.says for sign in doctor.examine(app) if not sign.is_well}
    db.session.rollback()
    return found


def test_nothing_needs_care_where_all_is_well(app: Flask, world: World) -> None:
    assert unwell(app) == {}


def _silence() -> None:
    _beat(clock.now() - timedelta(minutes=6))


def _hold_the_post() -> None:
    with writing():
        runs.set_note(safety.FLOOD, "900 letters")


def _forget_a_migration() -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))  # rolled back, as the next


def _lose_a_trigger() -> None:
    on_table = " ON trail_entry" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER {min(NAMES)}{on_table}"))


def _fail_to_plan() -> None:
    with writing():
        runs.record("plan", started_at=clock.now(), outcome="1 new in 2 offices; FAILED in offices [7]")


@pytest.mark.parametrize(
    ("spoil", "about", "advice"),
    [
        (_silence, "scheduler", "last sent letters at"),
        (_hold_the_post, "post", "qms resume"),
        (_fail_to_plan, "job", "FAILED in offices [7]"),
        (_forget_a_migration, "tables", "qms db upgrade"),
        (_lose_a_trigger, "trail", "restore a backup"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    app: Flask, world: World, spoil: Callable[[], None], about: str, advice: str
) -> None:
    spoil()

    found = unwell(app)

    assert list(found) == [about]
    assert advice in found[about]


def test_a_letter_that_was_refused_for_good_needs_a_look(app: Flask, world: World) -> None:
    put(world.bochnia.proxy)
    with writing():
        db.session.execute(text("UPDATE letter SET state = 'failed'"))

    assert unwell(app) == {"letters": "0 letters wait, 1 need a look"}


def test_a_tick_that_fails_before_its_job_is_told_until_one_goes_well(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> bool:
        raise PermissionError("copy.json")

    with monkeypatch.context() as patch:
        patch.setattr(safety, "tick", fail)
        with pytest.raises(PermissionError):
            jobs.tick("plan")
    assert "FAILED, see the log" in unwell(app)["job"]

    jobs.tick("plan")
    assert "job" not in unwell(app)


def test_a_moved_day_is_told(app: Flask, world: World) -> None:
    clock.pin(clock.today())
    try:
        assert list(unwell(app)) == ["clock"]
    finally:
        clock.unpin()
