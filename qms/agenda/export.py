"""Deadlines as plain rows, for `qms agenda --json`."""

from collections.abc import Collection
from datetime import date
from typing import Any

from qms.agenda.queries import gather
from qms.core.db import scoped
from qms.domain.deadlines import Deadline
from qms.offices import queries as offices
from qms.people import queries as people


def rows(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[dict[str, Any]]:
    """What is due in these offices from the first to the last day; days as ISO text, `answers` as addresses."""
    with scoped(frozenset(office_ids)):
        found = gather(office_ids, first, last, today=today)
        slugs = {office.id: office.slug for office in offices.by_ids(office_ids)}
        answering = people.active_people({person_id for deadline in found for person_id in deadline.answers})
    addresses = {person_id: person.email for person_id, person in answering.items()}
    return [_row(deadline, slugs[deadline.office_id], addresses) for deadline in found]


def _row(deadline: Deadline, slug: str, addresses: dict[int, str]) -> dict[str, Any]:
    return {
        "office": slug,
        "kind": deadline.kind.value,
        "subject": deadline.subject,
        "due_on": deadline.due_on.isoformat(),
        "rule": deadline.rule.value,
        "counted_from": deadline.counted_from.isoformat(),
        "answers": sorted(addresses[person_id] for person_id in deadline.answers),
    }
