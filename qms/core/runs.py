"""What a job last did: the scheduler's heartbeat, read by the health page and `qms doctor`."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import String, Text, bindparam, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from qms.core import clock
from qms.core.db import Model, UTCDateTime, db
from qms.core.inserts import insert_all_once, insert_or_change

FAILED: Final = "FAILED, see the log"


class JobRun(Model):
    """The last run of one job; an outcome that failed, wholly or in some offices, says FAILED."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(300), default="")


class InstanceNote(Model):
    """A fact about the whole instance, such as that it holds demonstration data."""

    __tablename__ = "instance_note"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


# Asked on every page, and so written once.
_NOTE: Final = select(InstanceNote.value).where(InstanceNote.name == bindparam("name"))


def note(name: str) -> str | None:
    """A noted fact, or none."""
    return db.session.scalar(_NOTE, {"name": name})


# Whether the instance holds example data, as a column of another statement.
IS_DEMO: Final = exists().where(InstanceNote.name == "demo").label("is_demo")
_NOTES: Final = select(InstanceNote.name, InstanceNote.value).where(
    InstanceNote.name.in_(bindparam("names", expanding=True))
)


def notes(names: Collection[str]) -> dict[str, str]:
    """Those of these facts that are noted."""
    return dict(db.session.execute(_NOTES, {"names": list(names)}).all())


def set_note(name: str, value: str) -> None:
    """Note a fact about the instance."""
    insert_or_change(InstanceNote, {"name": name, "value": value})


def hold_note(name: str) -> None:
    """Keep other processes from this note until the transaction ends, also while nothing is noted yet."""
    insert_all_once(InstanceNote, [{"name": name, "value": ""}])
    db.session.execute(_NOTE.with_for_update(), {"name": name})


def record(name: str, *, started_at: datetime, outcome: str) -> None:
    """Keep what a job's run did; the caller commits."""
    run = {"name": name, "started_at": started_at, "finished_at": clock.now(), "outcome": outcome[:300]}
    insert_or_change(JobRun, run)
