"""The scheduler is off for an hour, a day, three days, a week: no step gets lost, and nobody gets a pile of letters.

Of several steps that came meanwhile only the newest is told: it says all that the older ones would have said.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from qms import jobs
from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.domain.calendar import is_working_day
from qms.domain.deadlines import Kind
from qms.domain.reminders import LADDERS, owed, step_days
from tests.support.ledger import nonconformity, outcomes, training, without_trainings
from tests.support.mail_server import mail_server
from tests.support.post import MONDAY, at, send
from tests.support.world import World

LENGTHS = (1, 3, 7)  # days
# A due day among working days, one on a Sunday, one on the last of two weeks full of days off.
DUE_DAYS = (date(2026, 11, 19), date(2026, 11, 22), date(2027, 1, 3))


def told_by(owed_on: dict[date, str], off_on: date, back_on: date) -> dict[str, date]:
    """The names of the steps, each with the day on which planning writes it down, when it is off in between."""
    told: dict[str, date] = {}
    for day, name in owed_on.items():
        if not off_on <= day < back_on:
            told.setdefault(name, day)
    return told


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


@pytest.mark.parametrize("due_on", DUE_DAYS)
@pytest.mark.parametrize("kind", [kind for kind in Kind if LADDERS[kind].has_steps])
def test_an_outage_over_any_step_of_any_ladder_loses_none_and_repeats_none(kind: Kind, due_on: date) -> None:
    ladder, last = LADDERS[kind], due_on + timedelta(days=60)
    steps = step_days(ladder, due_on, until=last)
    seen = ((day, owed(ladder, due_on, today=day)) for day in days(steps[0].on - timedelta(days=10), last))
    owed_on = {day: step.name for day, step in seen if step is not None}
    whole = told_by(owed_on, date.max, date.max)
    assert whole == {name: on for on, name in {step.on: step.name for step in steps}.items() if on <= last}

    starts = {step.on - timedelta(days=before) for step in steps for before in range(max(LENGTHS))}
    for off_on, length in product(sorted(starts), LENGTHS):
        back_on = off_on + timedelta(days=length)
        if back_on <= last:
            come = {name: on for name, on in whole.items() if off_on <= on <= back_on}
            newest = {max(come, key=come.__getitem__): back_on} if come else {}
            apart = {name: on for name, on in whole.items() if name not in come}
            assert told_by(owed_on, off_on, back_on) == apart | newest


@pytest.fixture(autouse=True)
def _no_trainings(request: pytest.FixtureRequest) -> Iterator[None]:
    if "world" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("world")
    with without_trainings():
        yield


# off from, back at; what each person's letter of the day of return says is the newest step of each of their duties
OUTAGES = {
    "an hour before the letters": (at(MONDAY, 7), at(MONDAY, 8)),
    "an hour over midnight": (at(MONDAY, 0) - timedelta(minutes=30), at(MONDAY, 0, 30)),
    "a day": (at(MONDAY, 0), at(MONDAY + timedelta(days=1), 0)),
    "three days": (at(MONDAY, 0), at(MONDAY + timedelta(days=3), 0)),
    "a week": (at(MONDAY, 0), at(MONDAY + timedelta(days=7), 0)),
}
FIRST, LAST = MONDAY - timedelta(days=5), MONDAY + timedelta(days=10)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # planning on both is tested in test_reminders
@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_after_an_outage_each_person_gets_one_letter_with_the_newest_step_of_everything(world: World, outage) -> None:
    office = world.bochnia
    for after in (-20, -8, -3, 0, 1, 2, 4, 8, 12):
        nonconformity(office, due_on=MONDAY + timedelta(days=after))
    training(office, office.auditor, until=MONDAY + timedelta(days=31))
    off_at, back_at = outage

    with mail_server() as server:
        for day in days(FIRST, LAST):
            for hour, minute in ((0, 30), (7, 31), (8, 0)):
                now = at(day, hour, minute)
                if not off_at <= now < back_at:
                    with clock.at(now):
                        jobs.run_job("plan", day)
                        send(server)
        by_day = {(each.recipient, str(each.message["Date"])[:16]) for each in server.taken}
        assert len(by_day) == len(server.taken), "two letters on one day"
        with clock.at(at(LAST, 12)):
            assert jobs.run_job("sweep", LAST).startswith("nothing new")

    assert set(outcomes()) == {"told"}
    assert all(is_working_day(clock.day_of(sent_at)) for sent_at in db.session.scalars(select(Letter.sent_at)))
    returned = clock.day_of(back_at)
    on_return = [each for each in server.taken if each.recipient == office.fn_head.email and _day(each) == returned]
    assert len(on_return) == 1


def _day(taken) -> date:
    return clock.day_of(taken.message["Date"].datetime)
