"""`qms doctor`: what an administrator wants to know when something is wrong, or before it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import metadata
from platform import python_version
from typing import Final

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from qms.core import clock, outbox, runs
from qms.core.db import db
from qms.core.engine import is_wal_safe, sqlite_module
from qms.core.trigger import missing_triggers
from qms.reminders import safety

_SILENCE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Sign:
    """One thing looked at."""

    about: str
    says: str
    is_well: bool = True


def examine(app: Flask) -> Iterator[Sign]:
    """Look at versions, database, triggers, keys, mail and the scheduler's heartbeat."""
    yield Sign("versions", f"qms {metadata.version('qms-compliance')}, Python {python_version()}")
    yield _database()
    try:
        yield tables(app)
        yield _triggers()
        yield from _mail(app)
        yield _heartbeat()
        yield from _failures()
        yield from _troubles()
    except SQLAlchemyError as error:
        yield Sign("tables", f"cannot be read ({type(error).__name__}): run `qms db upgrade`", is_well=False)
    yield Sign("key", f"{app.instance_path}/secret.key is there and only its owner reads it")
    if clock.is_pinned():
        yield Sign("clock", f"QMS_TODAY makes today {clock.today()}", is_well=False)


def _database() -> Sign:
    if db.engine.dialect.name != "sqlite":
        return Sign("database", f"{db.engine.dialect.name}, {db.engine.url.render_as_string(hide_password=True)}")
    module = sqlite_module()
    version = module.sqlite_version
    if is_wal_safe(module.sqlite_version_info):
        return Sign("database", f"SQLite {version} by {module.__name__}, write-ahead log")
    says = f"SQLite {version} can corrupt a write-ahead log, so it runs without one: slower with many people at once"
    return Sign("database", says, is_well=False)


def tables(app: Flask) -> Sign:
    """Whether the tables are those that this version works on."""
    wanted = ScriptDirectory(app.extensions["migrate"].directory).get_current_head()
    found = MigrationContext.configure(db.session.connection()).get_current_revision()
    if found == wanted:
        return Sign("tables", f"at {found}, the newest")
    return Sign("tables", f"at {found}, the newest is {wanted}: run `qms db upgrade`", is_well=False)


def _triggers() -> Sign:
    missing = missing_triggers(db.session.connection())
    if missing:
        return Sign("trail", f"triggers are missing: {', '.join(missing)}; restore a backup", is_well=False)
    return Sign("trail", "its triggers are in place")


def _mail(app: Flask) -> Iterator[Sign]:
    if app.config["SMTP_URL"]:
        yield Sign("mail", f"goes out from {app.config['MAIL_FROM']}")
    else:
        yield Sign("mail", "no QMS_SMTP_URL: letters go to the local mailbox at /poczta")
    by_state = select(outbox.Letter.state, func.count()).group_by(outbox.Letter.state)
    counted = dict(db.session.execute(by_state).all())
    parked = counted.get("failed", 0) + counted.get("held", 0) + counted.get("uncertain", 0)
    says = f"{counted.get('queued', 0)} letters wait, {parked} need a look"
    yield Sign("letters", says, is_well=parked == 0)


def _heartbeat() -> Sign:
    last = db.session.get(runs.JobRun, "send")
    if last is None or last.finished_at is None:
        return Sign("scheduler", "has not run yet: start `qms run` or `qms scheduler`", is_well=False)
    silent = clock.now() - last.finished_at
    says = f"last sent letters at {last.finished_at:%Y-%m-%d %H:%M} UTC: {last.outcome}"
    return Sign("scheduler", says, is_well=silent < _SILENCE)


def _failures() -> Iterator[Sign]:
    """Jobs whose last run failed, wholly or in part; the next run that goes well clears it."""
    failed = select(runs.JobRun).where(runs.JobRun.outcome.contains("FAILED", autoescape=True))
    for run in db.session.scalars(failed.order_by(runs.JobRun.name)):
        at = f" at {run.finished_at:%Y-%m-%d %H:%M} UTC" if run.finished_at else ""
        yield Sign("job", f"{run.name}{at}: {run.outcome}", is_well=False)


def _troubles() -> Iterator[Sign]:
    """What stops the post, as the page of letters says it too."""
    for name, detail in safety.troubles().items():
        yield Sign("post", f"{safety.TROUBLES[name]} ({detail})", is_well=False)
