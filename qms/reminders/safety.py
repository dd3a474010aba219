"""Three things stop the post until a person looks: a flood, a jump of the clock, a mail server that refuses us.

Letters that somebody is waiting for (sign-in codes above all) leave all the same, or nobody could sign in to look.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from qms.core import clock, runs
from qms.core.db import db
from qms.core.outbox import Letter
from qms.domain.errors import N_
from qms.reminders import queries

FLOOR: Final = 200  # letters; fewer are never a flood
FACTOR: Final = 3  # times the busiest day of the last thirty
LONGEST_GAP: Final = timedelta(days=35)
LONGEST_STEP_BACK: Final = timedelta(minutes=5)
_RELEASE_HOLDS: Final = timedelta(days=1)

FLOOD, CLOCK, SERVER = "post_flood", "post_clock", "post_server"
_RELEASED, _TICKED = "post_released_at", "post_ticked_at"

# What the health line says of each, and what to do.
TROUBLES: Final = {
    FLOOD: N_(
        "Far more letters than usual were due at once, so they are held. "
        "Check why, then let them go with the command: qms resume."
    ),
    CLOCK: N_(
        "The clock of the server jumped, so no reminders are sent. "
        "Check the clock, then go on with the command: qms resume."
    ),
    SERVER: N_("The mail server takes no letters. They wait and leave by themselves once it does."),
}


def troubles() -> dict[str, str]:
    """What stops the post now, each with its detail."""
    return {name: found for name in TROUBLES if (found := runs.note(name))}


def is_stopped() -> bool:
    """Whether only awaited letters may leave."""
    return bool(runs.note(CLOCK))


def watch_clock() -> bool:
    """Note this tick; false when the clock jumped since the last one, and a person has to look."""
    now = clock.now()
    if clock.is_pinned():
        return True
    before = _instant(_TICKED)
    if before is not None and not before - LONGEST_STEP_BACK <= now <= before + LONGEST_GAP:
        runs.set_note(CLOCK, f"{before.isoformat()} -> {now.isoformat()}")
        return False
    runs.set_note(_TICKED, now.isoformat())
    if runs.note(CLOCK):
        runs.set_note(CLOCK, "")
    return True


def stem_flood() -> int:
    """Hold the letters due now when they are far more than on any day before; how many were held."""
    now = clock.now()
    released_at = _instant(_RELEASED)
    if queries.due_now(now, at_most=FLOOR + 1) <= FLOOR or (released_at and now < released_at + _RELEASE_HOLDS):
        return 0
    usual = max(FLOOR, FACTOR * queries.busiest_day(now))
    due = queries.due_now(now, at_most=usual + 1)
    if due <= usual:
        return 0
    held = _hold(now)
    runs.set_note(FLOOD, f"{held} letters, {now.isoformat()}")
    return held


def _hold(now: datetime) -> int:
    due = (Letter.state == "queued", Letter.is_awaited.is_(False), Letter.not_before <= now)
    return db.session.execute(update(Letter).where(*due).values(state="held")).rowcount  # type: ignore[attr-defined,no-any-return]


def release() -> int:
    """Let everything go that was held, and trust the clock again; how many letters were held."""
    freed = db.session.execute(update(Letter).where(Letter.state == "held").values(state="queued"))
    now = clock.now().isoformat()
    for name, value in ((FLOOD, ""), (CLOCK, ""), (_RELEASED, now), (_TICKED, now)):
        runs.set_note(name, value)
    return freed.rowcount  # type: ignore[attr-defined,no-any-return]


def pause(reason: str, until: datetime) -> None:
    """Leave the mail server alone for a while; the letters wait, and no try of theirs is spent."""
    runs.set_note(SERVER, f"{until.isoformat()} {reason}"[:300])


def is_paused() -> bool:
    """Whether the mail server is left alone for now."""
    until, _, _ = (runs.note(SERVER) or "").partition(" ")
    return bool(until) and datetime.fromisoformat(until) > clock.now()


def end_pause() -> None:
    """The mail server takes letters again."""
    if runs.note(SERVER):
        runs.set_note(SERVER, "")


def _instant(name: str) -> datetime | None:
    found = runs.note(name)
    return datetime.fromisoformat(found) if found else None
