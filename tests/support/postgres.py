"""A throw-away PostgreSQL server for the tests.

It listens on a socket in its own folder and nowhere else, trusts whoever reaches that folder, and is gone
with the session that started it. Tests connect as `qms_app`, which owns its databases but is no superuser
and cannot pass row-level security.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

APPLICATION_ROLE = "qms_app"
SERVER_ACCOUNT = "postgres"  # root may not run the server, so root lends it to this account
INSTALLED_UNDER = Path("/usr/lib/postgresql")  # by Debian, one folder a version
STARTS_WITHIN = 30.0  # seconds
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    # A crash of the server loses nothing even so; only a crash of the machine would.
    "fsync": "off",
    "full_page_writes": "off",
}


class CannotStartError(Exception):
    """This machine has no PostgreSQL that the tests could start; the text says what is missing."""


class PostgresServer:
    """A running server. `stop` and `start` may be called in between, to see what the product makes of it."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{APPLICATION_ROLE}@/{database}?host={self._folder}"

    def create_database(self, name: str, *, template: str = "template0") -> str:
        """Return the address of a new database, a copy of `template`, to which nobody may be connected."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        self.administer(statement.format(*map(sql.Identifier, (name, APPLICATION_ROLE, template))))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop the database and end whoever is connected to it."""
        self.administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def administer(self, statement: sql.Composed) -> None:
        """Run a statement as the superuser, outside any transaction."""
        with self._superuser() as connection:
            connection.execute(statement)

    def start(self) -> None:
        settings = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-k", str(self._folder), *settings]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, **_as_server(self._folder), stdout=log, stderr=log)
        self._wait_until_it_answers(self._process)

    def stop(self, *, at_once: bool = False) -> None:
        """End all connections and shut down; `at_once` is a crash, after which `start` has to recover."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._process.wait(timeout=STARTS_WITHIN)
            self._process = None

    def initialise(self) -> None:
        command = [str(self._binaries / "initdb"), "-D", str(self._data), "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        with self._log.open("ab") as log:
            subprocess.run(command, **_as_server(self._folder), stdout=log, stderr=log, check=True)

    def create_application_role(self) -> None:
        role = sql.Identifier(APPLICATION_ROLE)
        self.administer(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS").format(role))

    @property
    def knows_polish_order(self) -> bool:
        with self._superuser() as connection:
            found = connection.execute("SELECT 1 FROM pg_collation WHERE collname = 'pl-x-icu'").fetchone()
        return found is not None

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _superuser(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres", autocommit=True)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        give_up_at = time.monotonic() + STARTS_WITHIN
        while process.poll() is None and time.monotonic() < give_up_at:
            try:
                self._superuser().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise CannotStartError(f"PostgreSQL did not start: {self._log.read_text()[-2000:]}")


def find_binaries() -> Path:
    """Return the folder of the newest `initdb`; refuse with CannotStartError when there is none for us."""
    if os.geteuid() == 0 and not _account_exists(SERVER_ACCOUNT):
        raise CannotStartError(f"PostgreSQL refuses to run as root and there is no account {SERVER_ACCOUNT}")
    installed = sorted(INSTALLED_UNDER.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not installed and on_path is None:
        raise CannotStartError("postgresql is not installed")
    return installed[-1].parent if installed else Path(str(on_path)).resolve().parent


def _account_exists(name: str) -> bool:
    return any(account.pw_name == name for account in pwd.getpwall())


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, user=SERVER_ACCOUNT)


def _as_server(folder: Path) -> dict[str, Any]:
    """Return how to start a program of the server: in its folder, and as its account when we are root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    return {"cwd": folder, "user": SERVER_ACCOUNT, "group": pwd.getpwnam(SERVER_ACCOUNT).pw_gid, "extra_groups": []}


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    binaries = find_binaries()
    # A short path, since a socket's may not be longer than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="qms-pg-"))
    try:
        _give_to_server(folder)
        server = PostgresServer(binaries, folder)
        server.initialise()
        server.start()
        try:
            server.create_application_role()
            if not server.knows_polish_order:
                raise CannotStartError("this PostgreSQL was built without ICU, so it has no Polish order")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
