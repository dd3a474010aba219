"""JOBS: what is done without anybody asking, and how often. A job is a function of a day that says what it did.

A job may run twice, late, or in two processes at once: each asks the database what is left to do.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from qms.auth import service as auth
from qms.checklists import devices
from qms.coordination import weekly
from qms.core import clock, files, runs, saving
from qms.core.db import EVERY_OFFICE, scoped
from qms.core.engine import learn_how_rows_are_spread
from qms.core.transactions import looking, writing
from qms.offices import queries as offices
from qms.reminders import queries, safety, service
from qms.reminders.delivery import FAULTS, IDLE, send_due

log = logging.getLogger(__name__)

_FORMS_KEPT: Final = timedelta(days=2)
_HEARTBEAT: Final = timedelta(minutes=1)
_AT_ONCE: Final = 100  # offices planned in one transaction: others who want to write wait no longer than they notice


@dataclass(frozen=True)
class Job:
    """A line of the table. `after` makes it once a day, at that time in Poland or later."""

    every: timedelta
    run: Callable[[date], str]
    after: time | None = None


def plan(today: date) -> str:
    """Write into the ledger what is owed today, in every office not yet planned."""
    with looking():
        waiting = queries.not_planned(today)
    return _plan_all(waiting, today, is_whole=False) if waiting else "every office is planned"


def sweep(today: date) -> str:
    """Look at everything that is open, as if nothing had been planned; what it finds, planning missed."""
    with looking():
        every = offices.active_ids()
    return _plan_all(every, today, is_whole=True)


def _plan_all(office_ids: list[int], today: date, *, is_whole: bool) -> str:
    """A portion of offices a transaction; what goes wrong in one office does not keep the others waiting."""
    found, wrong = 0, []
    for start in range(0, len(office_ids), _AT_ONCE):
        portion = office_ids[start : start + _AT_ONCE]
        try:
            found += _plan(portion, today, is_whole=is_whole)
        except (*FAULTS, SQLAlchemyError):
            several, failed = _plan_each(portion, today, is_whole=is_whole)
            found += several
            wrong += failed
    said = f"{found} new in {len(office_ids)} offices" if found else f"nothing new in {len(office_ids)} offices"
    return f"{said}; FAILED in offices {wrong}" if wrong else said


def _plan_each(office_ids: list[int], today: date, *, is_whole: bool) -> tuple[int, list[int]]:
    """One by one, so that only those which cannot be planned are left out: how much was new, and which these are."""
    found, wrong = 0, []
    for office_id in office_ids:
        try:
            found += _plan([office_id], today, is_whole=is_whole)
        except (*FAULTS, SQLAlchemyError):
            log.exception("office %s cannot be planned", office_id)
            wrong.append(office_id)
    return found, wrong


def _plan(office_ids: list[int], today: date, *, is_whole: bool) -> int:
    with scoped(frozenset(office_ids)), writing():
        return service.plan(office_ids, today, is_whole=is_whole)


def tell_coordinators(today: date) -> str:
    """Queue the weekly letters to coordinators, once the week has opened."""
    with scoped(EVERY_OFFICE), writing():
        told = weekly.owe(today)
    return f"{told} coordinators told" if told else "no coordinator is owed a letter"


def listen(_today: date) -> str:
    """Queue a letter about each device on which answers of an audit may wait unsent."""
    with scoped(EVERY_OFFICE), writing():
        told = devices.tell(clock.now())
    return f"{told} silent devices" if told else "no device is silent"


def send(_today: date) -> str:
    """Send the letters that are due."""
    return send_due()


def tidy(_today: date) -> str:
    """Drop what is of no use any more: codes, tries, form tokens, files without a row; and keep lookups fast."""
    now = clock.now()
    with writing():
        auth.tidy(now)
        saving.forget_used_forms(now - _FORMS_KEPT)
        learn_how_rows_are_spread()
    with looking():
        removed = files.sweep()
    return f"{removed} files without a row removed"


# Nothing is bound to an hour between 2 and 3, which in October comes twice and in March not at all.
JOBS: Final[Mapping[str, Job]] = {
    "plan": Job(timedelta(minutes=1), plan),
    "send": Job(timedelta(seconds=2), send),
    "sweep": Job(timedelta(minutes=10), sweep, after=time(4)),
    "tell": Job(timedelta(minutes=10), tell_coordinators, after=time(5)),
    "listen": Job(timedelta(minutes=10), listen),
    "tidy": Job(timedelta(minutes=10), tidy, after=time(3, 30)),
}


# A day that is not today, or a ledger that forgot what was sent, would have them plan what nobody is owed.
_PLANNING: Final = frozenset({"plan", "sweep", "tell", "listen"})


def run_job(name: str, today: date) -> str:
    """Run a job now for a day, write down how it went and return it; that it raised is written down too."""
    started_at = clock.now()
    outcome = runs.FAILED
    try:
        outcome = JOBS[name].run(today)
    finally:
        _note_run(name, started_at, outcome)
    return outcome


def _note_run(name: str, started_at: datetime, outcome: str) -> None:
    """Write the heartbeat; a sender that finds nothing to do writes it once a minute, not every two seconds."""
    with looking():
        last = queries.last_run(name)
    if outcome == IDLE and last is not None and timedelta() <= started_at - last < _HEARTBEAT:
        return
    with writing():
        runs.record(name, started_at=started_at, outcome=outcome)


def tick(name: str) -> None:
    """What the scheduler calls: run the job if it is its time, and a planning one if nothing stops it."""
    after, now = JOBS[name].after, clock.now()
    with looking():
        is_time = after is None or _is_still_to_run(name, after, now)
    if is_time and (name not in _PLANNING or _may_plan(name, now)):
        run_job(name, clock.day_of(now))


def _may_plan(name: str, now: datetime) -> bool:
    """Whether nothing stops planning; where even this cannot be told, the job is written down as failed."""
    outcome = runs.FAILED
    try:
        may_plan, outcome = safety.tick(), ""
    finally:
        if outcome:
            _note_run(name, now, outcome)
    return may_plan


def _is_still_to_run(name: str, after: time, now: datetime) -> bool:
    last, today = queries.last_run(name), clock.day_of(now)
    is_done = last is not None and clock.day_of(last) >= today
    return not is_done and now >= clock.moment(today, after)
