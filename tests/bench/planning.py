"""What a day's reminders of every office cost, when much is owed and when nothing is, and how fast letters leave.

`python -m tests.bench.planning FOLDER DAY` plans a day in a process of its own, so that its memory is its own;
`python -m tests.bench.planning sink` is a mail server that takes everything until its input ends.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, update

from qms import jobs
from qms.certificates.models import Certificate
from qms.core import clock, text
from qms.core.db import EVERY_OFFICE, db, new_key, scoped
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.findings.models import Action, Finding
from qms.offices.models import Office
from qms.people.models import Membership, Person
from qms.reminders import delivery, safety
from tests.bench.stock import DAY, Stock, opened
from tests.support.mail_server import mail_server

PEOPLE: Final = 15  # an office
OWED_ON: Final = DAY + timedelta(days=6)  # a Thursday, so no line of the Mondays is among them
_FAR: Final = DAY + timedelta(days=2000)
Say = Callable[[str], None]


def measure(say: Say, *, is_quick: bool) -> None:
    """Fill a copy of the stock up; plan a day on which nothing is owed, and the next on which much is; send."""
    made = Stock(4, 3, 10, share_of_first=0.4) if is_quick else Stock(2809, 10, 10)
    with tempfile.TemporaryDirectory() as spoilt:
        folder = Path(shutil.copytree(made.make(), Path(spoilt) / "instance"))
        with opened(folder), scoped(EVERY_OFFICE):
            _hire()
            _put_everything_off()
            jobs.run_job("tidy", DAY)  # as every night
            say(f"{made.offices} offices, {_count(Person)} people, {_count(Finding)} findings")
        owed = 4 if is_quick else 10_000
        _planned(folder, OWED_ON - timedelta(days=2))  # what certificates ask for, and Monday
        say(f"planning, nothing owed: {_planned(folder, OWED_ON - timedelta(days=1))}")
        with opened(folder), scoped(EVERY_OFFICE):
            _owe(owed)
        say(f"planning, {owed} duties owed: {_planned(folder, OWED_ON)}")
        say(f"sending: {_sent(folder, 20 if is_quick else 1000)}")


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _hire() -> None:
    """Clerks, until every office has its fifteen."""
    there = func.count(Membership.person_id.distinct())
    offices = select(Membership.office_id, func.min(Membership.department_id), there).group_by(Membership.office_id)
    places = [row[:2] for row in db.session.execute(offices) for _ in range(PEOPLE - row[2])]
    first = _count(Person) + 1
    with writing():
        db.session.execute(insert(_table(Person)), [_person(first + place) for place in range(len(places))])
        since = {"from_on": DAY - timedelta(days=1000), "is_head": False}
        rows = [
            {"person_id": first + place, "office_id": office_id, "department_id": department_id, **since}
            for place, (office_id, department_id) in enumerate(places)
        ]
        db.session.execute(insert(_table(Membership)), rows)


def _person(number: int) -> dict[str, object]:
    name = f"Clerk {number}"
    seen = {"name": name, "sort_key": text.sort_key(name), "search_text": text.search_text(name)}
    return {"id": number, "key": new_key(), "email": f"clerk.{number}@example.com", **seen}


def _put_everything_off() -> None:
    """So that nothing is owed but what is asked for."""
    with writing():
        for model, column in ((Finding, "due_on"), (Action, "due_on"), (Certificate, "valid_until")):
            table = _table(model)
            db.session.execute(update(table).where(table.c[column].is_not(None)).values({column: _FAR}))
        db.session.execute(update(_table(Office)).values(planned_through=DAY))


def _owe(count: int) -> None:
    """So many answers are due on the day, spread over all offices."""
    table = _table(Finding)
    cases = select(table.c.id).where(table.c.category == "nonconformity").order_by(table.c.key).limit(count)
    waits = {"waits_for": "answer", "due_on": OWED_ON, "state": "reported", "stage": 1, "closed_on": None}
    with writing():
        db.session.execute(update(table).where(table.c.id.in_(cases)).values(waits))


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _planned(folder: Path, day: date) -> str:
    command = [sys.executable, "-m", "tests.bench.planning", str(folder), day.isoformat()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _plan(folder: Path, day: date) -> str:
    with opened(folder):
        began = time.monotonic()
        said = jobs.run_job("plan", day)
        took = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{took:.1f} s, {memory:.0f} MB, {said}"


def _sent(folder: Path, most: int) -> str:
    """One sender, and a mail server beside it."""
    command = [sys.executable, "-m", "tests.bench.planning", "sink"]
    with opened(folder) as app, clock.at(clock.moment(OWED_ON, hour(9))):
        with writing():
            safety.release()
            first = select(Letter.id).where(Letter.state == "queued").order_by(Letter.id).limit(most)
            others = (Letter.state == "queued", Letter.id.not_in(first.scalar_subquery()))
            db.session.execute(update(Letter).where(*others).values(state="held"))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sink:
            assert sink.stdout is not None
            app.config["SMTP_URL"] = sink.stdout.readline().strip()
            began = time.monotonic()
            said = delivery.send_due()
            took = time.monotonic() - began
            taken, _ = sink.communicate()
    return f"{int(taken) / took:.0f} letters/s, {said}"


def _sink() -> None:
    with mail_server() as server:
        print(server.url, flush=True)
        sys.stdin.read()
        print(len(server.taken))


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        _sink()
    else:
        print(_plan(Path(sys.argv[1]), date.fromisoformat(sys.argv[2])))
