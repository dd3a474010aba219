"""The application on a fresh database for every test, on SQLite and on PostgreSQL alike."""

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup
from flask import Flask, current_app, g, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade

from qms import config
from qms.app import create_app
from qms.auth import sessions
from qms.core import clock
from qms.core.db import db, set_scope
from qms.core.engine import set_reading
from qms.people.models import Person
from qms.standards import catalogue
from tests.support import world as worlds
from tests.support.postgres import PostgresServer

NOON = datetime.combine(worlds.TODAY, time(10, 0), clock.WARSAW)
DATABASES = ("sqlite", "postgresql")


EMPTY, WORLD = "empty", "world"  # states of a database that are kept: with the catalogue alone, with the two offices


def _prepare() -> None:
    upgrade(directory=current_app.extensions["migrate"].directory)
    catalogue.load()
    db.session.commit()


# Making the world by its verbs takes longer than most tests; so it is made once.
_MAKING: Final[Mapping[str, Callable[[], object]]] = {EMPTY: _prepare, WORLD: worlds.build}


class Browser(FlaskClient):
    """Its requests begin with an empty `g`, as on a server.

    Those of a test run inside the test's own context, and would know who asked before and in which language.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


class Store:
    """A prepared database that is put back to one of its kept states before each test."""

    def __init__(self, folder: Path, url: str, *, keep: Callable[[str], None], renew: Callable[[str], None]) -> None:
        environment = {"QMS_INSTANCE": str(folder), "QMS_DATABASE_URL": url, "QMS_BASE_URL": "http://localhost"}
        self.app = create_app(config.from_environment(environment))
        self.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, KEEPS_QUIET_HOURS=True)
        self.app.test_client_class = Browser
        self._folder, self._keep, self._renew = folder, keep, renew
        self._kept: set[str] = set()

    def let_go(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def fresh(self, state: str = EMPTY) -> Flask:
        if state not in self._kept:
            self._make(state)
        self.let_go()
        self._renew(state)
        for leftover in ("files", "mail"):
            shutil.rmtree(self._folder / leftover, ignore_errors=True)
        (self._folder / "copy.json").unlink(missing_ok=True)
        return self.app

    def _make(self, state: str) -> None:
        if state != EMPTY:
            self.fresh(EMPTY)
        with self.app.app_context(), clock.at(NOON):
            _MAKING[state]()
        self.let_go()
        self._keep(state)
        self._kept.add(state)


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """SQLite in a file, copied anew for each test."""
    folder = tmp_path_factory.mktemp("instance")
    used = folder / "qms.db"

    def keep(state: str) -> None:
        shutil.copyfile(used, folder / f"{state}.db")

    def renew(state: str) -> None:
        for leftover in (Path(f"{used}-wal"), Path(f"{used}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(folder / f"{state}.db", used)

    store = Store(folder, f"sqlite:///{used}", keep=keep, renew=renew)
    yield store
    store.let_go()


@pytest.fixture(scope="session")
def postgresql_store(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database on a real server, copied from a template for each test."""
    folder = tmp_path_factory.mktemp("instance")
    name = f"qms_{uuid.uuid4().hex[:8]}"
    url = postgres.create_database(name)

    def keep(state: str) -> None:
        postgres.create_database(f"{name}_{state}", template=name)

    def renew(state: str) -> None:
        postgres.drop_database(name)
        postgres.create_database(name, template=f"{name}_{state}")

    store = Store(folder, url, keep=keep, renew=renew)
    yield store
    store.let_go()


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with the catalogue, and the world for a test that asks for it, at 10:00 on a working Friday."""
    store: Store = request.getfixturevalue(f"{request.param}_store")
    app = store.fresh(WORLD if "world" in request.fixturenames else EMPTY)
    with app.app_context(), clock.at(NOON):
        yield app
        set_scope(None)
        set_reading(only=False)
        db.session.remove()


@pytest.fixture
def world(app: Flask) -> worlds.World:
    """Two offices with people in every post."""
    return worlds.load()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody signed in with."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """A browser of a person, signed in."""

    def sign_in(person: Person) -> FlaskClient:
        token = sessions.start(person)
        db.session.commit()
        client = app.test_client()
        client.set_cookie("rejestr", token)
        return client

    return sign_in


def typed(client: FlaskClient, address: str, **fields: Any) -> Any:
    """Send the form of a page as a person would: its hidden fields as loaded, these fields typed."""
    page = BeautifulSoup(client.get(address).data, "html.parser")
    form = page.select_one("main form[method=post]") or page
    hidden = {item["name"]: item.get("value", "") for item in form.select("input[type=hidden]") if item.get("name")}
    return client.post(address, data=hidden | fields, content_type="multipart/form-data")
