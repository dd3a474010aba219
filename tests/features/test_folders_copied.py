"""A folder that was copied, moved or put back whole writes to nobody, save what somebody waits for, until let go."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from qms import jobs
from qms.core import clock, runs
from qms.core.db import db
from qms.core.transactions import writing
from qms.people.models import Person
from qms.reminders import safety
from tests.support.application import Store
from tests.support.post import at, letter, put, reader
from tests.support.site import open_app
from tests.support.world import TODAY

MONTH = timedelta(days=30)


class Register:
    """One whose database and files stand in one folder, as SQLite keeps them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def on_day(self, number: int) -> Iterator[None]:
        app = open_app(self.folder)
        with app.app_context(), clock.at(at(TODAY + timedelta(days=number), 9)):
            yield
            db.session.remove()
            db.engine.dispose()

    def troubles(self, number: int) -> list[str]:
        """What stops the post on a day, once a sign-in code and a reminder had their chance to leave."""
        with self.on_day(number):
            person = db.session.scalars(select(Person)).one()
            for name, is_awaited in (("code", True), ("reminder", False)):
                put(person, f"{name} {number}", is_awaited=is_awaited)
            for job in ("plan", "send"):
                jobs.tick(job)
            left = {name: letter(f"{name} {number}").state for name in ("code", "reminder")}
            assert left == {"code": "sent", "reminder": "queued" if safety.is_stopped() else "sent"}
            return list(safety.troubles())

    def resume(self, number: int) -> None:
        with self.on_day(number):
            safety.resume()

    def passes(self, time: timedelta) -> None:
        """Let the file in the folder be that much older: its times lie in the past, as on a real machine."""
        file = self.folder / "copy.json"
        mark = json.loads(file.read_text(encoding="utf-8"))
        mark["written"] -= time.total_seconds()
        file.write_text(json.dumps(mark), encoding="utf-8")
        os.utime(file, (mark["written"], mark["written"]))


@pytest.fixture
def register(sqlite_store: Store, tmp_path: Path) -> Register:
    """It ticked once, on day 0."""
    found = Register(tmp_path / "srv" / "register")
    found.folder.mkdir(parents=True)
    shutil.copyfile(Path(sqlite_store.fresh().instance_path) / "qms.db", found.folder / "qms.db")
    with found.on_day(0):
        reader("anna")
        jobs.tick("plan")
    return found


def test_a_copy_of_the_whole_folder_waits_and_the_first_one_goes_on(register: Register, tmp_path: Path) -> None:
    copy = Register(tmp_path / "copy")
    shutil.copytree(register.folder, copy.folder)  # times of change are kept

    assert copy.troubles(1) == [safety.COPIED]
    assert register.troubles(1) == []

    copy.resume(1)
    assert copy.troubles(2) == []
    assert register.troubles(2) == []


def test_a_folder_of_a_month_ago_put_back_in_its_place_waits(register: Register, tmp_path: Path) -> None:
    register.passes(MONTH)
    shutil.copytree(register.folder, tmp_path / "backup")

    shutil.copytree(tmp_path / "backup", register.folder, dirs_exist_ok=True)

    assert register.troubles(30) == [safety.COPIED]
    assert register.troubles(30 + 1) == [safety.COPIED]
    register.resume(31)
    assert register.troubles(32) == []


def test_a_file_of_a_minute_ago_is_no_sign_of_anything(register: Register) -> None:
    register.passes(timedelta(minutes=4))

    assert register.troubles(0) == []


def test_a_folder_above_may_be_renamed(register: Register, tmp_path: Path) -> None:
    (tmp_path / "srv").rename(tmp_path / "data")

    assert Register(tmp_path / "data" / "register").troubles(1) == []


@pytest.mark.parametrize("days", [1, 30])
def test_a_register_that_was_off_goes_on_by_itself(register: Register, days: int) -> None:
    assert register.troubles(days) == []


def test_a_file_of_an_earlier_version_is_believed_and_completed(register: Register, tmp_path: Path) -> None:
    file = register.folder / "copy.json"
    mark = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({name: mark[name] for name in ("copy", "ticked_at")}), encoding="utf-8")

    assert register.troubles(1) == []
    shutil.copytree(register.folder, tmp_path / "copy")
    assert Register(tmp_path / "copy").troubles(2) == [safety.COPIED]


def test_a_demonstration_may_be_copied(register: Register, tmp_path: Path) -> None:
    with register.on_day(0), writing():
        runs.set_note("demo", "2026-11-20")
    shutil.copytree(register.folder, tmp_path / "copy")

    assert Register(tmp_path / "copy").troubles(1) == []
