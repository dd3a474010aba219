"""Sessions of those who signed in: rows that end when they should; of the token in the cookie only the hash is kept."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, or_, select

from qms.auth.models import SignedIn, hashed
from qms.core import clock, runs
from qms.core.db import db
from qms.domain.errors import N_, NotPermitted
from qms.people.models import Person

LIFE: Final = timedelta(hours=12)
IDLE_LIFE: Final = timedelta(hours=2)
SEEN_EVERY: Final = timedelta(minutes=5)
FRESH: Final = timedelta(minutes=15)
_NOT_FRESH: Final = N_("Sign out, sign in again, and set the password within %(minutes)s minutes. Nothing was changed.")


def refuse_unless_fresh(token: str) -> None:
    """Raises `NotPermitted` when the session is an old one: somebody else may sit at the computer by now."""
    session = person_of(token)
    if session is None or session.started_at <= clock.now() - FRESH:
        raise NotPermitted(_NOT_FRESH, minutes=int(FRESH.total_seconds() // 60))


def start(person: Person) -> str:
    """Open a session; returns the token for the cookie, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(SignedIn(token_hash=hashed(token), person_id=person.id, started_at=now, seen_at=now))
    return token


# Asked at each request, and so written once: building it takes longer than running it. What every page has to know
# besides comes along: whether all of this is an example.
_LIVE_SESSION: Final = (
    select(
        SignedIn.id.label("session_id"),
        SignedIn.started_at,
        SignedIn.seen_at,
        Person.id,
        Person.name,
        Person.language,
        Person.is_admin,
        Person.is_coordinator,
        runs.IS_DEMO,
    )
    .join(Person, Person.id == SignedIn.person_id)
    .where(
        SignedIn.token_hash == bindparam("token_hash"),
        SignedIn.ended_at.is_(None),
        SignedIn.started_at > bindparam("started_after"),
        SignedIn.seen_at > bindparam("seen_after"),
        Person.deactivated_at.is_(None),
        or_(Person.reopened_at.is_(None), SignedIn.started_at >= Person.reopened_at),
    )
)


def person_of(token: str) -> Any:  # noqa: ANN401 - a row of the statement above, or none
    """Who has a live session by this token: not ended, not too old, not idle, the person not deactivated."""
    now = clock.now()
    asked = {"token_hash": hashed(token), "started_after": now - LIFE, "seen_after": now - IDLE_LIFE}
    return db.session.execute(_LIVE_SESSION, asked).one_or_none()


def is_seen_long_ago(seen_at: datetime) -> bool:
    """Whether a session's last sign of life is old enough to be written anew."""
    return clock.now() - seen_at > SEEN_EVERY


def note_sign_of_life(session_id: int) -> None:
    """Keep the session from going idle."""
    session = db.session.get(SignedIn, session_id)
    if session is not None:
        session.seen_at = clock.now()


def end(token: str) -> None:
    """Sign out."""
    session = db.session.scalar(select(SignedIn).where(SignedIn.token_hash == hashed(token)))
    if session is not None and session.ended_at is None:
        session.ended_at = clock.now()


def end_others(person_id: int, token: str) -> int:
    """Sign the person out everywhere else; returns how many sessions ended."""
    found = select(SignedIn).where(
        SignedIn.person_id == person_id, SignedIn.ended_at.is_(None), SignedIn.token_hash != hashed(token)
    )
    sessions = list(db.session.scalars(found))
    for session in sessions:
        session.ended_at = clock.now()
    return len(sessions)


def tidy(now: datetime) -> None:
    """Drop sessions that are over."""
    db.session.execute(delete(SignedIn).where(SignedIn.started_at < now - 2 * LIFE))
