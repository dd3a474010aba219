"""Years gone through hour by hour in a process of its own, whose zone of time its environment names.

python -m tests.support.years   reads from its input the hours (in UTC) to go through, and a list of pairs, the first
and the last day of each stretch; lets the scheduler tick, and writes which job ran on which days, and the ledger
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from typing import Any, cast

from sqlalchemy import event, select

from qms import jobs
from qms.app import create_app
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.transactions import looking, writing
from qms.reminders import safety
from qms.reminders.models import Reminder

Stretch = tuple[date, date]
NAMES = ("plan", "sweep", "tidy")
NIGHT = range(6)  # in UTC: what runs once a night only says by day that it is done


def hours_of(first: date, last: date) -> Iterator[datetime]:
    """Every full hour, in UTC, of days in Poland."""
    now, end = clock.moment(first, hour(0)), clock.moment(last + timedelta(days=1), hour(0))
    while now < end:
        yield now
        now += timedelta(hours=1)


def polish_day(instant: datetime) -> date:
    """By the directive 2000/84/EC: two hours ahead from the last Sunday of March, 1:00 UTC, to that of October."""
    begins, ends = (_last_sunday(instant.year, month) for month in (3, 10))
    return (instant + timedelta(hours=2 if begins <= instant < ends else 1)).date()


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


class Diary:
    """Which job did something on which days."""

    def __init__(self) -> None:
        self.ran: dict[str, list[str]] = defaultdict(list)

    def keep(self, name: str, run: Callable[[date], str]) -> None:
        """Let a job of the table write here what it does."""

        def noted(today: date) -> str:
            said = run(today)
            if said != "every office is planned":
                self.ran[name].append(today.isoformat())
            return said

        table = cast("dict[str, Any]", jobs.JOBS)
        table[name] = jobs.Job(jobs.JOBS[name].every, noted, jobs.JOBS[name].after)


def live(stretches: list[Stretch], hours: set[int], diary: Diary) -> None:
    """Tick through them; between two of them a person says that the clock is right."""
    for first, last in stretches:
        with clock.at(clock.moment(first, hour(0))), writing():
            safety.release()
        for now in hours_of(first, last):
            if now.hour in hours:
                with clock.at(now):
                    assert clock.today() == polish_day(now), now
                    for name in NAMES if now.hour in NIGHT else NAMES[:1]:
                        jobs.tick(name)


def ledger() -> list[tuple[str, ...]]:
    """Every line, with the day on which it was planned."""
    columns = (Reminder.kind, Reminder.subject, Reminder.due_on, Reminder.step, Reminder.person_id)
    with looking(), scoped(EVERY_OFFICE):
        rows = db.session.execute(select(*columns, Reminder.planned_at).order_by(Reminder.id)).all()
        return [(*map(str, row[:-1]), row.planned_at.isoformat()) for row in rows]


def _do_not_wait_for_the_disk() -> None:
    """Nothing crashes here, and there are hundreds of thousands of ticks."""
    os.fsync = lambda fd: None
    event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


def main() -> None:
    asked = json.load(sys.stdin)
    stretches = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in asked["stretches"]]
    diary = Diary()
    diary.keep("plan", jobs.plan)
    diary.keep("sweep", jobs.sweep)
    diary.keep("tidy", lambda _today: "")
    with create_app().app_context():
        _do_not_wait_for_the_disk()
        live(stretches, set(asked["hours"]), diary)
        json.dump({"ran": diary.ran, "ledger": ledger()}, sys.stdout)


if __name__ == "__main__":
    main()
