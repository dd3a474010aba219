"""The weekly letter to each coordinator: how many offices need attention, and which, in counts and days alone.

It is owed on the first working day of a week, once for each week and coordinator; after an outage, on the day on
which the jobs run again, for the week of that day. An instance without offices has nothing to say.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import select

from qms.coordination import queries
from qms.coordination.queries import Row, Wanted, Worry
from qms.core import outbox
from qms.core.db import db
from qms.core.outbox import Letter
from qms.cycle.words import STATUSES
from qms.domain.calendar import monday_of, next_working_day
from qms.domain.letters import week_opens_on
from qms.domain.reminders import send_at
from qms.people import reading
from qms.people.models import Person
from qms.practices import queries as practices

KIND: Final = "weekly_status"
SHOWN: Final = 10


def owe(today: date) -> int:
    """Queue the letters of this week that are not queued yet, and return how many; every office has to be in scope."""
    leaves_on = next_working_day(today)
    # What would leave when another week has opened is that week's letter.
    is_of_this_week = week_opens_on(today) <= today and monday_of(leaves_on) == monday_of(today)
    owed = _owed(today) if is_of_this_week else []
    told = facts(today) if owed else None
    if told is None:
        return 0
    for person in owed:
        outbox.put(
            KIND,
            person_id=person.id,
            dedupe=_name(person, today),
            payload=told | {"before": _before(person)},
            at=send_at(leaves_on, person.letters_at),
        )
    return len(owed)


def _owed(today: date) -> list[Person]:
    wanted = {_name(person, today): person for person in reading.coordinators() if person.wants_status is not False}
    queued = db.session.scalars(select(Letter.dedupe).where(Letter.dedupe.in_(wanted)))
    return [wanted[name] for name in wanted.keys() - set(queued)]


def _name(person: Person, today: date) -> str:
    return f"{KIND}:{monday_of(today)}:{person.id}"


def facts(today: date) -> dict[str, Any] | None:
    """What the letter says, as plain data; none while there is no office."""
    totals = queries.totals(Wanted(), today)
    if not totals.offices:
        return None
    worried = totals.worries[Worry.ANY]
    page = queries.page(Wanted(worry=Worry.ANY), today, number=1, total=worried)
    return {
        "as_of_on": today.isoformat(),
        "year": today.year,
        "offices": totals.offices,
        "worries": {worry.name.lower(): count for worry, count in totals.worries.items()},
        "rows": [_row(row) for row in page.rows[:SHOWN]],
        "hidden": max(0, worried - SHOWN),
        "offers": practices.waiting_count(),
        "list_path": f"/urzedy?uwaga={Worry.ANY.value}" if worried else "/urzedy",
    }


def _row(row: Row) -> dict[str, Any]:
    certificate = row.certificate
    return {
        "name": row.office.name,
        "open": row.open,
        "overdue": row.overdue,
        "held": row.audits_held,
        "planned": row.audits_planned,
        "is_surveillance_overdue": Worry.SURVEILLANCE in row.worries,
        "has_proxy": Worry.NO_PROXY not in row.worries,
        "status": STATUSES[certificate.status] if certificate.certificate else None,
        "ends_on": certificate.ends_on.isoformat() if certificate.ends_on else None,
        "days_left": certificate.days_left,
    }


def _before(person: Person) -> dict[str, int] | None:
    """How many offices were in need of attention by the last of these letters, and why."""
    last = select(Letter.payload).where(Letter.person_id == person.id, Letter.kind == KIND)
    found = db.session.scalar(last.order_by(Letter.created_at.desc(), Letter.id.desc()).limit(1))
    return found["worries"] if found else None
