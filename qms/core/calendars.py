"""Calendars as other programs read them (RFC 5545, RFC 7986): an attachment of a letter, or a feed.

All entries are whole days, for which no zone is needed; it is told all the same, for readers that look for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from icalendar import STATUS, TRANSP, Calendar, Event, Timezone

from qms.core.mail import clean_header, printable
from qms.domain.calendar import add_days

METHOD: Final = "PUBLISH"
_PRODUCT: Final = "-//qms//kalendarz//PL"
_ASK_AGAIN_AFTER: Final = timedelta(hours=6)
# As the law of the European Union has it since 1996; no entry is older.
_WARSAW: Final = """BEGIN:VTIMEZONE
TZID:Europe/Warsaw
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a calendar, from the first day to the last, both included."""

    uid: str
    summary: str
    description: str
    first_on: date
    last_on: date
    takes_time: bool = False
    """Whether who has it is busy on these days; a due day keeps nobody from other work."""
    sequence: int | None = None
    """Rises with each change, so that a reader keeps the newest; a feed is read whole and needs none."""
    is_cancelled: bool = False
    place: str = ""


def uid_of(kind: str, subject: str, *, slug: str, base_url: str) -> str:
    """What a thing is called in every calendar. Holds no day: when the day is moved, it is still the same thing."""
    return f"{kind}-{subject}-{slug}@{urlsplit(base_url).hostname}"


def attachment(entries: Iterable[Entry], *, made_at: datetime) -> bytes:
    """Entries to be taken over into one's own calendar."""
    return _written(_calendar(), entries, made_at)


def feed(entries: Iterable[Entry], *, name: str, made_at: datetime) -> bytes:
    """A calendar that is asked for again and again."""
    calendar = _calendar()
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", _ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", _ASK_AGAIN_AFTER)  # the same, in the words of Outlook
    return _written(calendar, entries, made_at)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", METHOD)
    calendar.add("X-WR-TIMEZONE", "Europe/Warsaw")
    calendar.add_component(Timezone.from_ical(_WARSAW))
    return calendar


def _written(calendar: Calendar, entries: Iterable[Entry], made_at: datetime) -> bytes:
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry, made_at: datetime) -> Event:
    return Event.new(
        uid=entry.uid,
        stamp=made_at,
        start=entry.first_on,
        end=add_days(entry.last_on, 1),  # the first day after
        summary=clean_header(entry.summary),
        description=printable(entry.description),
        location=clean_header(entry.place) or None,
        sequence=entry.sequence,
        status=STATUS.CANCELLED if entry.is_cancelled else None,
        transparency=TRANSP.OPAQUE if entry.takes_time else TRANSP.TRANSPARENT,
    )
