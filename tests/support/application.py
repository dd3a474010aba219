"""The application on a fresh database for every test, on SQLite and on PostgreSQL alike."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, g, has_app_context
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


def _prepare(app: Flask) -> None:
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        catalogue.load()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


class Browser(FlaskClient):
    """Its requests begin with an empty `g`, as on a server.

    Those of a test run inside the test's own context, and would know who asked before and in which language.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


class Store:
    """A prepared database that is put back to its first state before each test."""

    def __init__(self, folder: Path, url: str, renew: Callable[[], None]) -> None:
        environment = {"QMS_INSTANCE": str(folder), "QMS_DATABASE_URL": url, "QMS_BASE_URL": "http://localhost"}
        self.app = create_app(config.from_environment(environment))
        self.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, KEEPS_QUIET_HOURS=True)
        self.app.test_client_class = Browser
        self.renew = renew

    def let_go(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def fresh(self) -> Flask:
        self.let_go()
        self.renew()
        return self.app


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """SQLite in a file, copied anew for each test."""
    folder = tmp_path_factory.mktemp("instance")
    first, used = folder / "first.db", folder / "qms.db"

    def renew() -> None:
        for leftover in (Path(f"{used}-wal"), Path(f"{used}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(first, used)
        shutil.rmtree(folder / "files", ignore_errors=True)
        shutil.rmtree(folder / "mail", ignore_errors=True)
        (folder / "copy.json").unlink(missing_ok=True)

    store = Store(folder, f"sqlite:///{used}", renew)
    _prepare(store.app)
    used.rename(first)
    yield store
    store.let_go()


@pytest.fixture(scope="session")
def postgresql_store(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database on a real server, copied from a template for each test."""
    folder = tmp_path_factory.mktemp("instance")
    name = f"qms_{uuid.uuid4().hex[:8]}"
    url = postgres.create_database(name)

    def renew() -> None:
        postgres.drop_database(name)
        postgres.create_database(name, template=f"{name}_first")
        shutil.rmtree(folder / "files", ignore_errors=True)
        shutil.rmtree(folder / "mail", ignore_errors=True)
        (folder / "copy.json").unlink(missing_ok=True)

    store = Store(folder, url, renew)
    _prepare(store.app)
    postgres.create_database(f"{name}_first", template=name)
    yield store
    store.let_go()


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with an empty database and the catalogue, at 10:00 on a working Friday."""
    store: Store = request.getfixturevalue(f"{request.param}_store")
    app = store.fresh()
    with app.app_context(), clock.at(NOON):
        yield app
        set_scope(None)
        set_reading(only=False)
        db.session.remove()


@pytest.fixture
def world(app: Flask) -> worlds.World:
    """Two offices with people in every post."""
    return worlds.build()


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
