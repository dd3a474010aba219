"""Whether the post of an office runs: when its jobs last did and will, what waits, what did not arrive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.runs import JobRun
from qms.domain.calendar import add_days
from qms.domain.errors import N_
from qms.people.models import Person
from qms.reminders.models import Reminder

MOST_SHOWN: Final = 20
_HISTORY: Final = timedelta(days=30)
_WAITING: Final = ("queued", "claimed", "sending")

# How often each job that letters depend on runs: `qms.jobs` stands above this room and says the same.
RHYTHM: Final[dict[str, tuple[timedelta, time | None]]] = {
    "plan": (timedelta(minutes=1), None),
    "send": (timedelta(seconds=2), None),
    "sweep": (timedelta(minutes=10), time(4)),
}
NAMES: Final = {
    "plan": N_("Writing down who is to be reminded of what"),
    "send": N_("Sending letters"),
    "sweep": N_("Checking at night that nobody was left out"),
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


def beats(now: datetime) -> list[Beat]:
    """The jobs that letters depend on."""
    runs = select(JobRun.name, JobRun.finished_at).where(JobRun.name.in_(RHYTHM))
    last = {name: at for name, at in db.session.execute(runs) if at is not None}
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
    about = () if office_id is None else (_is_about(office_id),)
    recent = or_(Letter.state != "failed", Letter.created_at > clock.now() - _HISTORY)
    open_ = Letter.state.in_((*_WAITING, "held", "failed", "uncertain"))
    grouped = select(Letter.state, func.count(), func.min(Letter.not_before)).where(open_, recent, *about)
    found = {
        state: (letters, first_at) for state, letters, first_at in db.session.execute(grouped.group_by(Letter.state))
    }

    def of(*states: str) -> int:
        return sum(found[state][0] for state in states if state in found)

    next_at = found["queued"][1] if "queued" in found else None
    return Counts(of(*_WAITING), of("held"), of("failed"), of("uncertain"), next_at)


def undelivered(office_id: int) -> list[Any]:
    """The newest letters about an office that a person has to look after, with what the mail server said."""
    needs_care = or_(Letter.state == "failed", and_(Letter.state == "uncertain", Letter.doubts > 1))
    columns = (Letter.id, Letter.kind, Letter.state, Letter.sent_to, Letter.created_at, Letter.last_error)
    found = (
        select(*columns, Person.name, Person.email)
        .join(Person, Person.id == Letter.person_id)
        .where(
            Letter.state.in_(("failed", "uncertain")),
            needs_care,
            Letter.created_at > clock.now() - _HISTORY,
            _is_about(office_id),
        )
        .order_by(Letter.created_at.desc(), Letter.id.desc())
    )
    return list(db.session.execute(found.limit(MOST_SHOWN)))


def _is_about(office_id: int) -> ColumnElement[bool]:
    """Written about this office alone, or a digest with a line about it."""
    has_line = exists().where(Reminder.letter_id == Letter.id, Reminder.office_id == office_id)
    return or_(Letter.office_id == office_id, has_line)
