"""How a database is opened, and how its transactions begin.

Importing this sets every connection of SQLite up; the app, the command line and the migrations all come by here.
"""

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from qms.core.db import db

_FIXED_SQLITE: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))

_only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, and so wait for nobody."""
    token = _only_reading.set(True)
    try:
        yield
    finally:
        _only_reading.reset(token)


def set_reading(*, only: bool) -> None:
    """Say for the rest of this request whether it only reads."""
    _only_reading.set(only)


def sqlite_module() -> ModuleType:
    """The SQLite driver: `pysqlite3` where it has a wheel, because older libraries can corrupt a WAL file."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ModuleNotFoundError:
        return sqlite3


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix of the WAL-reset corruption (3.51.3, 3.50.7, 3.44.6)."""
    return version >= _FIXED_SQLITE[0] or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_SQLITE[1:]
    )


def engine_options(url: str) -> dict[str, Any]:
    """How to open the database behind `url`."""
    if url.startswith("sqlite"):
        return {"module": sqlite_module(), "connect_args": {"timeout": 30, "check_same_thread": False}}
    return {"pool_pre_ping": True}


@event.listens_for(Engine, "connect")
def _set_up_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
    if not type(connection).__module__.startswith(("sqlite3", "pysqlite3")):
        return
    connection.isolation_level = None
    mode = "WAL" if is_wal_safe(sqlite_module().sqlite_version_info) else "TRUNCATE"
    for pragma in (f"journal_mode={mode}", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Writers queue at BEGIN: an upgrade from reading to writing cannot wait and fails at once."""
    if connection.dialect.name != "sqlite":
        return
    if _only_reading.get():
        connection.connection.execute("BEGIN")  # takes no lock, so it cannot fail, and the driver's own way is short
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def learn_how_rows_are_spread() -> None:
    """Let SQLite choose its indexes by what the tables hold; PostgreSQL does this by itself.

    Without it every index looks alike, and the rows of one case are found by reading all of its office. Tables are
    read whole, some seconds for 400,000 findings: a part of them says too little where one office is far the largest.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        connection = db.session.connection()
        connection.exec_driver_sql("PRAGMA analysis_limit=0")
        connection.exec_driver_sql("PRAGMA optimize=0x10002")
