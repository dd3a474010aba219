"""The register served by a process of its own, as `qms run` serves it, on a day and at an hour the test chooses."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as hour
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from qms import config
from qms.app import create_app
from qms.auth import sessions
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.people.models import Person

STARTS_WITHIN = 150.0  # seconds; the demonstration is lived first
MORNING = hour(10)
# Letters nobody waits for keep office hours, so the whole process has to believe in the hour too.
_RUN = """
import sys, time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=True).start()
from qms.cli import main
main(["run", *sys.argv[2:]])
"""


class Site:
    """One register with its ticker, in its own folder and on its own port; letters go to its local mailbox."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.on = date.min
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, on: date, *options: str, at: hour = MORNING) -> None:
        """Serve as on that day."""
        self.on = on
        moment = datetime.combine(on, at, clock.WARSAW).isoformat()
        settings = {name: value for name, value in os.environ.items() if not name.startswith("QMS_")}
        settings |= {"QMS_INSTANCE": str(self.folder), "QMS_TODAY": on.isoformat(), "PORT": str(self.port)}
        settings |= self._settings
        with self.log.open("ab") as log:
            command = [sys.executable, "-c", _RUN, moment, *options]
            self._process = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
        self._wait_until_it_answers()

    def move_to(self, day: date) -> None:
        """Go on another day: the people find what they left."""
        self.stop()
        self.start(day)

    def stop(self) -> None:
        """Ask it to stop; refuses to leave it running."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    @property
    def log(self) -> Path:
        return self.folder / "served.log"

    @property
    def complaints(self) -> str:
        """What the server wrote of its own failures."""
        written = self.log.read_text(encoding="utf-8", errors="replace")
        return written[written.index("Traceback") - 300 :][:4000] if "Traceback" in written else ""

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Run code on its database, with every office open, on its day at ten; committed at the end."""
        app = open_app(self.folder)
        on = self.on if self.on != date.min else clock.today()
        with app.app_context(), clock.at(datetime.combine(on, MORNING, clock.WARSAW)), scoped(EVERY_OFFICE):
            try:
                yield app
                db.session.commit()
            finally:
                db.session.remove()
                db.engine.dispose()

    def session_of(self, email: str) -> str:
        """The cookie of a new session of that person."""
        with self.inside():
            return sessions.start(db.session.scalars(select(Person).where(Person.email == email)).one())

    def speak(self, language: str) -> None:
        """Give everybody this language, for pages and letters."""
        with self.inside():
            for person in db.session.scalars(select(Person)):
                person.language = language

    def _wait_until_it_answers(self) -> None:
        give_up_at = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < give_up_at and self._process is not None and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/logowanie", timeout=10):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        message = f"the register does not answer: {self.log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
        raise RuntimeError(message)


def open_app(folder: Path) -> Flask:
    """The application on a folder, in this process."""
    return create_app(config.from_environment({"QMS_INSTANCE": str(folder)}))


def copied(folder: Path, to: Path) -> Path:
    """A copy of a prepared folder, to be spoilt at will."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
    return port
