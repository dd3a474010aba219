"""Whether the post of an office runs: when its jobs last did and will, what waits, what did not arrive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Integer, and_, bindparam, exists, func, or_, select

from qms.core import clock
from qms.core.db import UTCDateTime, db
from qms.core.outbox import Letter
from qms.core.runs import JobRun
from qms.domain.calendar import add_days
from qms.domain.errors import N_
from qms.people.models import Person
from qms.reminders import queries
from qms.reminders.models import Reminder

MOST_SHOWN: Final = 20
_HISTORY: Final = timedelta(days=30)
_WAITING: Final = ("queued", "claimed", "sending")

# How often each job that letters depend on runs: `qms.jobs` stands above this room and says the same.
RHYTHM: Final[dict[str, tuple[timedelta, time | None]]] = {
    "plan": (timedelta(minutes=1), None),
    "send": (timedelta(seconds=2), None),
    "listen": (timedelta(minutes=10), None),
    "sweep": (timedelta(minutes=10), time(4)),
    "tell": (timedelta(minutes=10), time(5)),
}
NAMES: Final = {
    "plan": N_("Writing down who is to be reminded of what"),
    "send": N_("Sending letters"),
    "listen": N_("Writing about devices on which answers of an audit may wait"),
    "sweep": N_("Checking at night that nobody was left out"),
    "tell": N_("Writing to coordinators once a week"),
}


@dataclass(frozen=True)
class Beat:
    """A job: when it last finished, and when it is to run next."""

    name: str
    last_at: datetime | None
    next_at: datetime


@dataclass(frozen=True)
class Counts:
    """Letters not settled yet; failed ones are those of the last thirty days."""

    waiting: int = 0
    held: int = 0
    failed: int = 0
    in_doubt: int = 0
    next_at: datetime | None = None
    """When the next of those that wait may leave."""


# Written once, because building a statement takes longer than running it.
_OFFICE: Final = bindparam("office_id", type_=Integer)
_SINCE: Final = bindparam("since", type_=UTCDateTime)
# Written about this office alone, or a digest with a line about it.
_IS_ABOUT: Final = or_(
    Letter.office_id == _OFFICE, exists().where(Reminder.letter_id == Letter.id, Reminder.office_id == _OFFICE)
)
_RUNS: Final = select(JobRun.name, JobRun.finished_at).where(JobRun.name.in_(RHYTHM))
_ALL_OPEN: Final = (
    select(Letter.state, func.count(), func.min(Letter.not_before))
    .where(
        Letter.state.in_((*_WAITING, "held", "failed", "uncertain")),
        or_(Letter.state != "failed", Letter.created_at > _SINCE),
    )
    .group_by(Letter.state)
)
_OPEN: Final = _ALL_OPEN.where(_IS_ABOUT)
_IS_STUCK: Final = and_(
    Letter.state.in_(("failed", "uncertain")),
    or_(Letter.state == "failed", Letter.doubts > 1),
    Letter.created_at > _SINCE,
    _IS_ABOUT,
)
_STUCK: Final = select(func.count(Letter.id)).where(_IS_STUCK)
_UNDELIVERED: Final = (
    select(
        Letter.id,
        Letter.kind,
        Letter.state,
        Letter.sent_to,
        Letter.created_at,
        Letter.last_error,
        queries.READER,
        Person.email,
    )
    .join(Person, Person.id == Letter.person_id)
    .where(_IS_STUCK)
    .order_by(Letter.created_at.desc(), Letter.id.desc())
    .limit(MOST_SHOWN)
)


def beats(now: datetime) -> list[Beat]:
    """The jobs that letters depend on."""
    last = {name: at for name, at in db.session.execute(_RUNS) if at is not None}
    return [
        Beat(name, last.get(name), _next(last.get(name), now, every=every, after=after))
        for name, (every, after) in RHYTHM.items()
    ]


def _next(last_at: datetime | None, now: datetime, *, every: timedelta, after: time | None) -> datetime:
    if after is None:
        return now if last_at is None else max(now, last_at + every)
    today: date = clock.day_of(now)
    is_done = last_at is not None and clock.day_of(last_at) >= today
    return max(now, clock.moment(add_days(today, 1) if is_done else today, after))


def counts(office_id: int | None) -> Counts:
    """Of the letters about an office, or of the whole instance."""
    since = {"since": clock.now() - _HISTORY}
    rows = db.session.execute(*((_ALL_OPEN, since) if office_id is None else (_OPEN, since | {"office_id": office_id})))
    found = {state: (letters, first_at) for state, letters, first_at in rows}

    def of(*states: str) -> int:
        return sum(found[state][0] for state in states if state in found)

    next_at = found["queued"][1] if "queued" in found else None
    return Counts(of(*_WAITING), of("held"), of("failed"), of("uncertain"), next_at)


def stuck(office_id: int) -> int:
    """How many letters about an office wait for a person: refused for good, or twice in doubt."""
    return db.session.scalar(_STUCK, {"office_id": office_id, "since": clock.now() - _HISTORY}) or 0


def undelivered(office_id: int) -> list[Any]:
    """The newest of them, with what the mail server said."""
    return list(db.session.execute(_UNDELIVERED, {"office_id": office_id, "since": clock.now() - _HISTORY}))
