"""The history of the demonstration, lived through the product's own verbs, day by day, as the people would."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from itertools import groupby
from operator import attrgetter
from random import Random
from typing import Final

from qms.core import clock, runs, trail
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.transactions import writing
from qms.demo import auditing, joining, letters, papers, remarks, reporting, requirements, sharing, talking, views
from qms.demo.cast import ADMIN, COORDINATOR, Cast, all_offices, found
from qms.demo.guests import people_to_try
from qms.demo.refusals import refuse_used_database
from qms.demo.scene import Event, play
from qms.demo.story import STORIES, Printed, Trained
from qms.domain.calendar import is_working_day, previous_working_day
from qms.domain.errors import N_, InvalidInput
from qms.offices.service import OfficeFacts
from qms.people import service as people
from qms.standards import catalogue
from qms.standards import queries as standards

FIRST_DAY: Final = date(2011, 9, 1)  # of the offices whose history is lived
EARLIEST: Final = date(2021, 6, 1)  # four years before, everybody worked by the 2015 edition
_CYCLE: Final = 1095  # days
_JOINED_AGO: Final = 330  # days before the last one, the offices of which little is told
_REMINDED: Final = 8  # days before the last one for which reminders are planned
_WORDED: Final = 90  # days before the last one whose letters can be read
_WITHOUT_CERTIFICATE: Final = "ug-rosciszewo"

Say = Callable[[str], object]


def live(*, on: date, say: Say) -> None:
    """Fill an empty database with offices, people and a history that ends on a day; whole or not at all.

    Raises `RuleViolation` when the database has offices or the day is before the standard's present edition settled.
    """
    _refuse(on)
    with writing():
        if not standards.editions():
            catalogue.load()
        _live(on, say)
        runs.set_note("demo", on.isoformat())
        runs.set_note("demo people", json.dumps(people_to_try(), ensure_ascii=False))
    say("The history is told up to its last day.")


def _refuse(on: date) -> None:
    refuse_used_database()
    if on < EARLIEST:
        message = N_("The demonstration can end on %(day)s at the earliest. Choose a later day.")
        raise InvalidInput(message, day=EARLIEST)


def _live(on: date, say: Say) -> None:
    joined_on, admin_id = previous_working_day(on - timedelta(days=_JOINED_AGO)), _register_instance()
    first = [facts for facts in all_offices() if facts.slug in STORIES]
    lived = _open(first, FIRST_DAY, admin_id=admin_id, say=say)
    events = [event for event in _told(lived, on) if event.day < on]
    _live_through([event for event in events if event.day < joined_on], on, say)

    others = [facts for facts in all_offices() if facts.slug not in STORIES]
    joined = _open(others, joined_on, admin_id=admin_id, say=say)
    events = [event for event in events if event.day >= joined_on]
    _live_through([*events, *_little_told(joined, on)], on, say)
    for cast in lived.values():
        play(Event(on, cast, letters.remind), 0)  # the sender takes it up once the register runs


def _register_instance() -> int:
    """Who belongs to no office; the administrator's number."""
    with clock.at(clock.moment(FIRST_DAY, time(7))):
        admin = people.register(name="Administrator Rejestru", email=ADMIN)
        coordinator = people.register(name="Koordynator Programu", email=COORDINATOR)
        admin.is_admin = coordinator.is_coordinator = True
        db.session.flush()
    return admin.id


def _open(facts: Iterable[OfficeFacts], since: date, *, admin_id: int, say: Say) -> dict[str, Cast]:
    """Register offices with their people on a day."""
    instant = clock.moment(since, time(7, 30))
    with scoped(EVERY_OFFICE), clock.at(instant), trail.acting(admin_id, via="page"):
        opened = {each.slug: found(each, since) for each in facts}
    db.session.expunge_all()
    say(f"{since}: {len(opened)} offices, {sum(len(cast.people) for cast in opened.values())} people")
    return opened


def _told(casts: dict[str, Cast], on: date) -> Iterator[Event]:
    """Everything that ever happens in the offices that have a story; of one day in this order."""
    yield from _reminded(list(casts.values()), on)
    for slug, story in STORIES.items():
        yield from papers.papers_of(casts[slug], story, on)
        yield from auditing.events_of(casts[slug], story, on)
    yield from papers.turns_of_fate(casts, on)
    yield from requirements.decided(casts["sp-bochnia"], on)
    yield from remarks.events_of(casts["sp-bochnia"], on)
    yield from views.events_of(casts, on)
    yield from sharing.events_of(casts, on)
    yield from talking.events_of(casts["sp-bochnia"], on)
    yield from reporting.events_of(casts["sp-bochnia"], on)
    yield from joining.events_of(casts["sp-bochnia"], on)


def _reminded(casts: Sequence[Cast], on: date) -> Iterator[Event]:
    """The ledger is kept for the last days only: it is large, and older lines say nothing new."""
    days = (on - timedelta(days=ago) for ago in range(_REMINDED, 0, -1))
    for day in filter(is_working_day, days):
        yield from (Event(day, cast, letters.remind) for cast in casts)
        yield Event(day, casts[-1], letters.leave_in_the_morning)  # the post of all offices


def _little_told(casts: dict[str, Cast], on: date) -> Iterator[Event]:
    """Of offices that joined within the year: trained people, and in all but one a first certificate."""
    for slug, cast in casts.items():
        for role in ("proxy", "first_auditor", "second_auditor"):
            yield papers.trained(cast, Trained(role=role, ago=_JOINED_AGO - 20, until=-700), on)
        if slug != _WITHOUT_CERTIFICATE:
            rng = Random(slug)  # noqa: S311 - the same day each time, no secret
            yield papers.certified(cast, Printed(ends=rng.randint(40, 290) - _CYCLE), on)


def _live_through(events: list[Event], on: date, say: Say) -> None:
    """Let everything happen in its order; what letters of the last weeks say is written down each evening."""
    worded_from, year = on - timedelta(days=_WORDED), 0
    for day, of_day in groupby(sorted(events, key=attrgetter("day")), key=attrgetter("day")):
        if day.year != year:
            year = day.year
            say(f"  {year} …")
        for place, event in enumerate(of_day):
            play(event, place)
        if day >= worded_from:
            letters.put_away(worded_from)
            letters.write_down(day)
