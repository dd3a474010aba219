"""What stops the post until a person looks: a flood, a jump of the clock, a database that was restored or copied.

A mail server that refuses us stops it too, until it takes letters again. Letters that somebody is waiting for (sign-in
codes above all) leave all the same, or nobody could sign in to look.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from qms.core import clock, runs
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.domain.errors import N_
from qms.reminders import copies, queries

FLOOR: Final = 200  # letters; fewer are never a flood
FACTOR: Final = 3  # times the busiest day of the last thirty
LONGEST_GAP: Final = timedelta(days=35)
LONGEST_STEP_BACK: Final = copies.TOLERANCE
_RELEASE_HOLDS: Final = timedelta(days=1)

FLOOD, CLOCK, SERVER = "post_flood", "post_clock", "post_server"
RESTORED, COPIED = "post_restored", "post_copied"
_RELEASED, _TICKED = "post_released_at", copies.TICKED
_DOUBTS: Final = {copies.RESTORED: RESTORED, copies.COPIED: COPIED}

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
    RESTORED: N_(
        "The database is older than the last work of this register, as after restoring a backup, so no reminders are "
        "sent. See what would go, then let it go with the command: qms resume."
    ),
    COPIED: N_(
        "This seems to be a copy of another register, or its folder was replaced, so no reminders are sent from here. "
        "See what would go, then let it go with the command: qms resume."
    ),
    SERVER: N_("The mail server takes no letters. They wait and leave by themselves once it does."),
}


def troubles() -> dict[str, str]:
    """What stops the post now, each with its detail."""
    noted = runs.notes(TROUBLES)
    return {name: noted[name] for name in TROUBLES if noted.get(name)}


def is_stopped() -> bool:
    """Whether only awaited letters may leave.

    The clock and the copy are looked at each time, not only their notes, since a sender may be at work before the next
    tick. A copy's note stops nobody: it may have been written by a second machine beside one that is in order.
    """
    return bool(runs.note(CLOCK) or runs.note(RESTORED) or _has_leapt() or copies.doubt())


def tick() -> bool:
    """Note this tick in the database and then in the folder; false when a person has to look first."""
    with writing():
        is_trusted, ticked_at = watch_clock(), _instant(_TICKED)
    if is_trusted and ticked_at is not None and not clock.is_pinned():
        copies.note_tick(ticked_at)
    return is_trusted


def watch_clock() -> bool:
    """Note this tick; false when the clock jumped since the last one or the database is not the one it was."""
    if clock.is_pinned():
        return True
    doubt = copies.doubt()
    if doubt and not runs.note(_DOUBTS[doubt]):
        runs.set_note(_DOUBTS[doubt], clock.now().isoformat())
    if doubt or runs.note(RESTORED):
        return False
    # Other jobs and schedulers tick at the same moment, the first time too: one after the other they find the folder
    # known, and the later instant stays, or the database would look older than its folder.
    runs.hold_note(_TICKED)
    before, now = _instant(_TICKED), clock.now()
    if before is not None and not before - LONGEST_STEP_BACK <= now <= before + LONGEST_GAP:
        runs.set_note(CLOCK, f"{before.isoformat()} -> {now.isoformat()}")
        return False
    copies.register()
    runs.set_note(_TICKED, max(before or now, now).isoformat())
    if runs.note(CLOCK):
        runs.set_note(CLOCK, "")
    return True


def _has_leapt() -> bool:
    """Whether the clock says a day that is still to come, as far as the last tick can tell."""
    before = _instant(_TICKED)
    return before is not None and clock.now() > before + LONGEST_GAP and not clock.is_pinned()


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


def resume() -> int:
    """Let everything go, of this copy too; how many letters were held."""
    copies.forgive()
    with writing():
        freed, ticked_at = release(), clock.now()
    copies.note_tick(ticked_at)
    return freed


def release() -> int:
    """Let everything go that was held, and trust the clock and this copy; how many letters were held."""
    runs.hold_note(_TICKED)
    freed = db.session.execute(update(Letter).where(Letter.state == "held").values(state="queued"))
    copies.register()
    now = clock.now().isoformat()
    for name, value in (*dict.fromkeys((FLOOD, CLOCK, RESTORED, COPIED), "").items(), (_RELEASED, now), (_TICKED, now)):
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
