"""Which copy of the register this is, so that a restored database, or a second one, writes to nobody unasked.

A file in the instance folder names the folder and keeps the instant of its last tick; the database knows the folders
it was let go in, and its own last tick. A database that is older than the folder it stands in was restored; one that
knows other folders and not this one was copied. The order of writing matters, since a process may be killed in
between: a new name goes to the file first and then to the database, a tick to the database first and then to the file.

A folder that was copied or put back whole takes file and database along, and both agree. So the file tells two things
more that do not travel: by which number its file system knows the folder, and when the file was written by the file
system's own clock. Tools that copy keep times of change, but none sets the time at which the file came to be there.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask import current_app
from sqlalchemy import select

from qms.core import clock, runs
from qms.core.db import db
from qms.core.runs import InstanceNote
from qms.offices.models import Office

TOLERANCE: Final = timedelta(minutes=5)
TICKED: Final = "post_ticked_at"
_KNOWN, _DEMO = "post_copies", "demo"
RESTORED, COPIED = "restored", "copied"


@dataclass(frozen=True)
class Mark:
    """What the file says: the folder's name, and when its scheduler last ticked, if ever."""

    copy: str
    ticked_at: str
    folder: int | None = None  # as the file system numbers it; files written by earlier versions say neither
    written: float | None = None  # seconds, by the clock of the file system


def doubt() -> str:
    """Why nothing may leave until a person says so: `RESTORED`, `COPIED`, or nothing."""
    if clock.is_pinned():  # such a register sends no real letters, and its days jump
        return ""
    wanted = select(InstanceNote.name, InstanceNote.value).where(InstanceNote.name.in_((_KNOWN, TICKED, _DEMO)))
    notes = dict(db.session.execute(wanted).all())
    if _DEMO in notes:
        return ""
    return _judge(read(), known=json.loads(notes.get(_KNOWN, "[]")), ticked_at=_instant(notes.get(TICKED, "")))


def _judge(mark: Mark | None, *, known: list[str], ticked_at: datetime | None) -> str:
    folder_ticked_at = _instant(mark.ticked_at) if mark else None
    if known and (mark is None or mark.copy not in known or _was_put_here(mark)):
        return COPIED
    if folder_ticked_at is None:
        return ""
    if ticked_at is None:  # new, and then empty; or a copy made before its first tick and put back
        return RESTORED if db.session.scalar(select(Office.id).limit(1)) else ""
    return RESTORED if ticked_at < folder_ticked_at - TOLERANCE else ""


def _was_put_here(mark: Mark) -> bool:
    """Whether the file stands in another folder than it was written in, or came there later."""
    is_elsewhere = mark.folder is not None and mark.folder != _folder()
    return is_elsewhere or (
        mark.written is not None and path().stat().st_ctime > mark.written + TOLERANCE.total_seconds()
    )


def _folder() -> int:
    return path().parent.stat().st_ino


def register() -> None:
    """Let the database know this folder; the caller commits. Returns with the file there, whatever happens then."""
    mark = read()
    if mark is None:
        mark = _write(secrets.token_hex(16))
    known = json.loads(runs.note(_KNOWN) or "[]")
    if mark.copy not in known:
        runs.set_note(_KNOWN, json.dumps([*known, mark.copy]))


def forgive() -> None:
    """Trust the clock of now: a last tick that lies ahead of it would make the database look old ever after."""
    mark, now = read(), clock.now()
    if mark is not None and mark.ticked_at and datetime.fromisoformat(mark.ticked_at) > now:
        _write(mark.copy, now.isoformat())


def note_tick(at: datetime) -> None:
    """Write into the file when the scheduler ticked; after the database has kept the same instant."""
    mark = read()
    if mark is not None:
        _write(mark.copy, at.isoformat())


def path() -> Path:
    """Where the file stands."""
    return Path(current_app.instance_path) / "copy.json"


def read() -> Mark | None:
    """What the file says; nothing if there is none or it cannot be understood."""
    try:
        found = json.loads(path().read_text(encoding="utf-8"))
        mark = Mark(str(found["copy"]), str(found["ticked_at"]), **_whereabouts(found))
        _instant(mark.ticked_at)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mark


def _whereabouts(found: dict[str, Any]) -> dict[str, Any]:
    return {name: as_type(found[name]) for name, as_type in (("folder", int), ("written", float)) if name in found}


def _write(copy: str, ticked_at: str = "") -> Mark:
    """Whole or not at all: a reader finds the old file or the new one."""
    beside = path().with_name(f"copy.{secrets.token_hex(4)}.new")
    with beside.open("w", encoding="utf-8") as file:
        mark = Mark(copy, ticked_at, _folder(), os.fstat(file.fileno()).st_ctime)
        json.dump(asdict(mark), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path())
    return mark


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
