"""A restored or copied database writes to nobody, save what somebody waits for, until a person lets it go."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from qms import doctor, jobs
from qms.cli import main
from qms.core import clock, runs
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.runs import InstanceNote, JobRun
from qms.core.transactions import writing
from qms.offices.models import Office
from qms.reminders import copies, safety
from qms.reminders.models import Reminder
from tests.support.ledger import ledger, nonconformity, without_trainings
from tests.support.mail_server import MailServer, mail_server
from tests.support.post import MONDAY, at, put, send
from tests.support.threads import at_once
from tests.support.world import TODAY, World

_TABLES = (Letter, Reminder, InstanceNote, JobRun)


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


class Backup:
    """What the database holds of the post at one moment, to be put back at another."""

    def __init__(self) -> None:
        self._rows = {table: db.session.execute(select(table.__table__)).mappings().all() for table in _TABLES}
        self._planned = dict(db.session.execute(select(Office.id, Office.planned_through)).all())
        db.session.rollback()

    def restore(self) -> None:
        with writing():
            for table in (Reminder, Letter, InstanceNote, JobRun):
                db.session.execute(table.__table__.delete())
            for table, rows in self._rows.items():
                if rows:
                    db.session.execute(table.__table__.insert(), [dict(row) for row in rows])
            for office_id, planned in self._planned.items():
                db.session.get_one(Office, office_id).planned_through = planned
        db.session.expire_all()


def day(number: int) -> Any:
    return clock.at(at(TODAY + timedelta(days=number), 9))


def live(number: int, server: MailServer | None = None) -> None:
    """The scheduler ticks on that many days from today."""
    with day(number):
        jobs.tick("plan")
        if server is not None:
            send(server)


def test_a_database_of_a_month_ago_sends_nothing_but_a_sign_in_code_before_it_is_let_go(
    app: Flask, world: World
) -> None:
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=5))
    put(world.bochnia.fn_head, "waits", is_awaited=False, office_id=world.bochnia.office.id)
    live(0)
    backup = Backup()
    with mail_server() as server:
        for number in (3, 10, 20, 31):  # the last one is a working Monday
            live(number, server)
        before = len(server.recipients)
        backup.restore()

        with day(31):
            put(world.bochnia.proxy, "code", kind="sign_in_code", payload={"code": "493817"})
            send(server)  # a sender may be at work before the first tick
            for job in ("plan", "sweep", "send"):
                jobs.tick(job)
            send(server)
            assert server.recipients[before:] == [world.bochnia.proxy.email]
            assert list(safety.troubles()) == [safety.RESTORED]
            assert {step for step, _ in ledger()} == {"-3"}

            safety.resume()
            jobs.tick("plan")
            send(server)

    assert safety.troubles() == {}
    told = {
        world.bochnia.people[name].email for name in ("fn_head", "proxy", "secretary", "head")
    }  # how it stands, too
    assert set(server.recipients[before + 1 :]) == told
    assert {step for step, _ in ledger()} == {"-3", "mon:2026-12-21"}


def test_a_copy_in_another_folder_sends_nothing_before_it_is_let_go(
    app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(0)
    first_folder = app.instance_path
    nonconformity(world.bochnia, due_on=TODAY)
    monkeypatch.setattr(app, "instance_path", str(tmp_path))

    live(3)
    assert (ledger(), list(safety.troubles())) == ([], [safety.COPIED])
    with day(3):
        safety.resume()
    live(3)
    assert ledger() != []

    monkeypatch.setattr(app, "instance_path", first_folder)
    live(4)
    assert not safety.is_stopped()


def test_a_second_machine_that_is_not_let_go_stops_nobody_beside_it(
    app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(0)
    first_folder = app.instance_path
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    live(0)
    monkeypatch.setattr(app, "instance_path", first_folder)

    assert not safety.is_stopped()


def test_a_folder_that_lost_its_file_waits_for_a_person(app: Flask) -> None:
    live(0)
    copies.path().unlink()

    assert copies.doubt() == copies.COPIED


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"copy": 1}', '{"copy": "a", "ticked_at": "noon"}'])
def test_a_file_that_cannot_be_read_is_as_good_as_lost(app: Flask, damage: str) -> None:
    live(0)
    copies.path().write_text(damage)

    assert copies.doubt() == copies.COPIED


def test_restoring_a_database_from_before_its_first_tick_is_noticed(app: Flask, world: World) -> None:
    backup = Backup()
    live(0)
    backup.restore()

    assert copies.doubt() == copies.RESTORED


def test_who_saw_a_restored_database_stops_the_schedulers_that_were_off_meanwhile(
    app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup_folder = tmp_path / "second"
    backup_folder.mkdir()
    first_folder = app.instance_path
    live(0)
    monkeypatch.setattr(app, "instance_path", str(backup_folder))
    with day(0):
        safety.resume()
    backup = Backup()
    monkeypatch.setattr(app, "instance_path", first_folder)
    live(20)
    backup.restore()
    live(20)

    monkeypatch.setattr(app, "instance_path", str(backup_folder))
    live(20)

    assert safety.is_stopped()
    with day(20):
        assert not safety.tick()


class Killed(BaseException):
    """As a process that is no more."""


def die(*_arguments: object) -> None:
    raise Killed


def test_a_kill_between_the_file_and_the_database_stops_nobody(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:  # the first tick of all: the file is written, the database is not
        patch.setattr(db.session, "commit", die)
        with pytest.raises(Killed):
            safety.tick()
    assert copies.read() is not None
    assert not safety.is_stopped()

    for number in (0, 1, 30):  # later ones: the database is written, the file is not
        with monkeypatch.context() as patch:
            patch.setattr(copies, "note_tick", die)
            with pytest.raises(Killed):
                live(number)
        with day(number):
            assert not safety.is_stopped()
    live(31)
    assert not safety.is_stopped()


def test_letting_go_after_the_clock_was_put_back_may_be_killed_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    live(20)

    with day(0), monkeypatch.context() as patch:
        patch.setattr(copies, "note_tick", die)
        with pytest.raises(Killed):
            safety.resume()

    with day(0):
        assert not safety.is_stopped()
        assert safety.tick()


def test_the_first_ticks_of_all_may_come_at_once(app: Flask, world: World) -> None:
    now = clock.now()
    db.session.rollback()  # an open transaction of the test's own would hold the ticks up

    def tick() -> bool:
        with app.app_context(), clock.at(now):
            return safety.tick()

    assert at_once(tick, times=4) == [True] * 4
    assert not safety.is_stopped()


def test_a_slow_tick_does_not_make_the_database_look_old(app: Flask) -> None:
    """A process that slept between reading the clock and writing finds that another one ticked meanwhile."""
    live(0)
    late = clock.now() + timedelta(minutes=4)
    with clock.at(late):
        assert safety.tick()

    with clock.at(late - timedelta(minutes=4)):
        assert safety.tick()

    assert runs.note(copies.TICKED) == late.isoformat()


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_restart_after_days_off_line_goes_on_by_itself(app: Flask, world: World, days: int) -> None:
    live(0)
    nonconformity(world.bochnia, due_on=TODAY)

    live(days)

    assert ledger() != []
    assert safety.troubles() == {}


def test_a_new_register_and_one_made_anew_in_an_old_folder_begin_without_asking(app: Flask) -> None:
    assert not copies.doubt()
    live(0)
    with writing():
        for note in db.session.scalars(select(InstanceNote)):
            db.session.delete(note)
        runs.set_note("demo", "2026-11-20")

    live(1)

    assert not safety.is_stopped()


def test_a_demonstration_is_never_stopped(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    with writing():
        runs.set_note("demo", "2026-11-20")
    live(0)
    monkeypatch.setattr(app, "instance_path", str(tmp_path))

    live(1)

    assert not safety.is_stopped()


def run(app: Flask, *arguments: str) -> Any:
    db.session.commit()
    return app.test_cli_runner().invoke(main, arguments, obj=ScriptInfo(create_app=lambda: app))


def test_the_command_lists_what_would_go_and_lets_go_only_when_told(app: Flask, world: World) -> None:
    live(0)
    backup = Backup()
    live(3)
    nonconformity(world.bochnia, due_on=MONDAY)
    for number in range(25):
        put(world.bochnia.fn_head, f"waits {number}", is_awaited=False, office_id=world.bochnia.office.id)
    letters = Backup()
    backup.restore()
    letters._rows.pop(InstanceNote)
    letters._planned = backup._planned
    with writing():
        notes = {note.name: note.value for note in db.session.scalars(select(InstanceNote))}
    letters.restore()
    with writing():
        for name, value in notes.items():
            runs.set_note(name, value)

    with day(3):
        jobs.tick("plan")
        listed = run(app, "resume").output.splitlines()
        assert safety.is_stopped()
        freed = run(app, "resume", "--yes")

    assert listed[0] == "25 letters wait: test 25"
    assert listed[1] == "1 reminder would be planned: answer 1"
    assert len([line for line in listed if world.bochnia.fn_head.email in line]) == 20
    assert listed[-2:] == ["  and 6 more", "Nothing was let go. To let it go: qms resume --yes"]
    assert "0 letters held back will go now" in freed.output
    with day(3):
        assert not safety.is_stopped()


def test_the_doctor_tells_of_a_restored_database(app: Flask) -> None:
    live(0)
    backup = Backup()
    live(30)
    backup.restore()
    live(30)

    said = [sign.says for sign in doctor.examine(app) if sign.about == "post" and not sign.is_well]

    assert len(said) == 1
    assert "qms resume" in said[0]
