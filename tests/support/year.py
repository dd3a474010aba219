"""A year of the demonstration lived day by day, with its scheduler at work: who got how many letters in which month.

python -m tests.support.year   writes the table of all offices anew into `year_of_letters.txt`; look at every change
of it as somebody who would have got those letters
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as hour
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any, Final

from flask_migrate import upgrade
from sqlalchemy import select

from qms import config, jobs
from qms.app import create_app
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.transactions import looking, writing
from qms.demo import letters, living
from qms.demo.cast import ROLES, Cast, all_offices
from qms.demo.scene import Event, play
from qms.demo.story import STORIES
from qms.domain.errors import InvalidInput
from qms.offices.models import Office
from qms.people import absences
from qms.people import queries as people
from qms.people.models import Person
from qms.reminders import delivery
from qms.standards import catalogue

TABLE: Final = Path(__file__).with_name("year_of_letters.txt")
ON: Final = date(2026, 12, 1)  # the day on which the history ends
FIRST, LAST = date(2025, 12, 1), date(2026, 11, 30)
_BEGUN: Final = timedelta(days=7)  # before the first day, so that the year does not begin with all that was late
MONTHS: Final = tuple(date(2025 + (11 + place) // 12, (11 + place) % 12 + 1, 1) for place in range(12))
_OUTAGES: Final = 8
_SUBSTITUTES: Final = {
    "head": "secretary",
    "secretary": "proxy",
    "proxy": "deputy",
    "first_head": "first_auditor",
    "second_head": "second_auditor",
    "first_auditor": "",
    "second_auditor": "",
    "deputy": "",
}


class Sink:
    """A way for letters to leave that takes them all."""

    def open(self) -> None:
        """It is always open."""

    def send(self, recipient: str, message: bytes) -> None:
        """Nobody looks at it; what left is written in the queue."""

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class Sent:
    """A letter that left."""

    kind: str
    person_id: int
    on: date


@dataclass(frozen=True)
class Leave:
    """Days on which somebody is away."""

    first: date
    last: date
    noted_on: date


class Year:
    """The offices that are lived, and what became of their letters."""

    def __init__(self, slugs: Iterable[str], first: date = FIRST) -> None:
        self.slugs = frozenset(slugs)
        self.first = first
        self.casts: dict[str, Cast] = {}
        rng = Random("outages")  # noqa: S311 - the same each time, no secret
        starts = rng.sample(range((LAST - FIRST).days), _OUTAGES)
        self.off = {FIRST + timedelta(days=start + day) for start in starts for day in range(rng.randint(1, 7))}

    def live(self) -> None:
        """From the first day of all to the end of the year."""
        with writing():
            catalogue.load()
            admin_id = living._register_instance()
            told = self._open([facts for facts in all_offices() if facts.slug in STORIES], living.FIRST_DAY, admin_id)
        joined_on, begins_on = ON - timedelta(days=living._JOINED_AGO), self.first - _BEGUN
        events = [event for event in living._told(told, ON) if event.act is not letters.remind]
        before, year = _split([event for event in events if event.cast.slug in self.slugs], begins_on)
        with writing():
            for place, event in enumerate(before):
                play(event, place)
            letters.put_away(begins_on)
        self._note_absences(told.values(), begins_on)
        self._days(begins_on, joined_on, year)
        with writing():
            others = [facts for facts in all_offices() if facts.slug in self.slugs - STORIES.keys()]
            joined = self._open(others, joined_on, admin_id)
        self._note_absences(joined.values(), joined_on)
        self._days(max(begins_on, joined_on), ON, [*year, *living._little_told(joined, ON)])

    def _open(self, facts: list[Any], since: date, admin_id: int) -> dict[str, Cast]:
        opened = living._open(facts, since, admin_id=admin_id, say=lambda _line: None)
        self.casts |= {slug: cast for slug, cast in opened.items() if slug in self.slugs}
        return opened

    def _days(self, first: date, end: date, events: list[Event]) -> None:
        of_day = {day: list(found) for day, found in groupby(sorted(events, key=_by_day), key=_by_day)}
        for day in (first + timedelta(days=number) for number in range((end - first).days)):
            if day not in self.off:
                self._plan(day)
                self._send(day, hour(7, 31))
            with writing():
                for place, event in enumerate(of_day.get(day, ())):
                    play(event, place)
            if day not in self.off:
                self._send(day, hour(16))

    def _plan(self, day: date) -> None:
        with clock.at(clock.moment(day, hour(0, 5))):
            jobs._plan_each([cast.office_id for cast in self.casts.values()], day, is_whole=False)

    def _send(self, day: date, at: hour) -> None:
        with clock.at(clock.moment(day, at)):
            delivery.send_due(Sink())

    def _note_absences(self, casts: Iterable[Cast], today: date) -> None:
        """Two weeks of everybody's summer and one of their winter."""
        for cast in casts:
            with writing(), clock.at(clock.moment(today, hour(7))), scoped(frozenset({cast.office_id})):
                for role in ROLES if cast.slug in self.slugs else ():
                    _go_away(cast, role, today)


def _by_day(event: Event) -> date:
    return event.day


def _split(events: list[Event], first: date) -> tuple[list[Event], list[Event]]:
    ordered = sorted((event for event in events if event.day < ON), key=attrgetter("day"))
    return [event for event in ordered if event.day < first], [event for event in ordered if event.day >= first]


def _go_away(cast: Cast, role: str, today: date) -> None:
    rng = Random(f"{cast.slug} {role}")  # noqa: S311 - as above
    winter = date(2026, 1, 12) + timedelta(days=7 * rng.randrange(6))
    summer = date(2026, 6, 29) + timedelta(days=7 * rng.randrange(8))
    office, person = db.session.get_one(Office, cast.office_id), db.session.get_one(Person, cast.people[role])
    substitute = _SUBSTITUTES[role]
    key = db.session.get_one(Person, cast.people[substitute]).key if substitute else ""
    for first, days in ((winter, 6), (summer, 13)):
        _note(office, person, key, Leave(first, first + timedelta(days=days), today))


def _note(office: Office, person: Person, key: str, leave: Leave) -> None:
    """Without a substitute where theirs is away too; who reads somebody else's letters stays."""
    for substitute in (key, ""):
        with suppress(InvalidInput):
            absences.note(
                office,
                person,
                from_on=leave.first,
                until_on=leave.last,
                by=people.actor_of(person, leave.noted_on),
                today=leave.noted_on,
                substitute_key=substitute,
            )
            db.session.flush()
            return


def sent(first: date) -> list[Sent]:
    """What left since a day."""
    columns = select(Letter.kind, Letter.person_id, Letter.sent_at).where(Letter.state == "sent", Letter.tries == 1)
    with looking(), scoped(EVERY_OFFICE):
        found = [Sent(kind, person_id, clock.day_of(at)) for kind, person_id, at in db.session.execute(columns) if at]
    return [letter for letter in found if letter.on >= first]


Counts = dict[tuple[str, str], list[int]]


def counted(year: Year) -> Counts:
    """The letters of each month for each office and role that got any, then of all months, then the digests of all."""
    found = sent(year.first)
    per_month = Counter((letter.person_id, letter.on.replace(day=1)) for letter in found)
    digests = Counter(letter.person_id for letter in found if letter.kind == "digest")
    counts: Counts = {}
    for slug, cast in sorted(year.casts.items()):
        for role in ROLES:
            months = [per_month[cast.people[role], month] for month in MONTHS]
            if any(months):
                counts[slug, role] = [*months, sum(months), digests[cast.people[role]]]
    return counts


def written(counts: Counts) -> str:
    """The table as it is kept."""
    heading = "".join(f"{month:%m}".rjust(4) for month in MONTHS)
    lines = [f"{'office':20}{'role':16}{heading}   all   digests"]
    for (slug, role), row in counts.items():
        months = "".join(f"{count or '.':>4}" for count in row[:-2])
        lines.append(f"{slug:20}{role:16}{months}{row[-2]:>6}{row[-1]:>10}")
    return "\n".join(lines) + "\n"


def read() -> Counts:
    """What is kept."""
    rows = (line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return {(slug, role): [int(count.replace(".", "0")) for count in counts] for slug, role, *counts in rows}


@contextmanager
def lived(slugs: Iterable[str], folder: Path, *, first: date = FIRST) -> Iterator[Year]:
    """The year of some of the offices from a day on, in a folder of its own; its database is open inside."""
    app = create_app(config.from_environment({"QMS_INSTANCE": str(folder)}))
    app.config["KEEPS_QUIET_HOURS"] = True
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        year = Year(slugs, first)
        try:
            year.live()
            yield year
        finally:
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, lived([facts.slug for facts in all_offices()], Path(folder)) as year:
        TABLE.write_text(written(counted(year)), encoding="utf-8")
    sys.stdout.write(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
