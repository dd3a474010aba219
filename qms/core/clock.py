"""The only clock of the product.

Due days are civil dates in Europe/Warsaw, instants are UTC. `QMS_TODAY` and `at` move the day for
demonstrations and tests; whoever needs a day is told it as an argument and does not ask here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)
_settings: dict[str, date] = {}


def pin(day: date) -> None:
    """Make `day` today for this whole process (the setting QMS_TODAY)."""
    _settings["today"] = day


def unpin() -> None:
    """Let today be the real day again."""
    _settings.pop("today", None)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let the code inside believe that it is `instant` (aware)."""
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def now() -> datetime:
    """The present instant in UTC; on a moved day, the real time of that day."""
    moved = _moved.get()
    if moved is not None:
        return moved
    real = datetime.now(UTC)
    day = _settings.get("today")
    return datetime.combine(day, real.astimezone(WARSAW).time(), WARSAW).astimezone(UTC) if day else real


def today() -> date:
    """The civil day in Poland, whatever the server's zone."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The civil day in Poland on which an instant falls."""
    return instant.astimezone(WARSAW).date()


def moment(day: date, at_time: time) -> datetime:
    """The UTC instant of a wall-clock time in Poland."""
    return datetime.combine(day, at_time, WARSAW).astimezone(UTC)


def is_pinned() -> bool:
    """Whether QMS_TODAY moved the day of this process."""
    return "today" in _settings
