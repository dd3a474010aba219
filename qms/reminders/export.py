"""What will be sent as plain rows, for `qms reminders preview --json`."""

from collections.abc import Collection
from datetime import date
from typing import Any

from qms.core.db import scoped
from qms.cycle import telling as cycle
from qms.offices import queries as offices
from qms.people import queries as people
from qms.reminders import ahead, telling
from qms.reminders.ahead import Coming


def rows(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[dict[str, Any]]:
    """What planning will write from the first to the last day; days as ISO text, people as addresses."""
    found: list[dict[str, Any]] = []
    for office in offices.by_ids(office_ids):
        with scoped(frozenset({office.id})):
            found += _rows(ahead.preview(office.id, first, last, today=today), office.slug)
    return found


def _rows(coming: list[Coming], slug: str) -> list[dict[str, Any]]:
    told = {each for line in coming for each in (line.person_id, line.instead_of_id) if each}
    addresses = {person_id: person.email for person_id, person in people.active_people(told).items()}
    return [_row(line, slug, addresses) for line in coming]


def _row(line: Coming, slug: str, addresses: dict[int, str]) -> dict[str, Any]:
    return {
        "office": slug,
        "on": line.day.isoformat(),
        "person": addresses[line.person_id],
        "instead_of": addresses.get(line.instead_of_id) if line.instead_of_id else None,
        "kind": line.duty.kind.value,
        "subject": line.duty.subject,
        "number": line.duty.number,
        "due_on": line.duty.due_on.isoformat(),
        "step": line.step,
        "level": line.level.value,
        "why": f"{telling.step(line.step)}. {cycle.why(line.duty)}",
    }
