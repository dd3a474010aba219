"""Programmes of the two small offices, as tests make them."""

from datetime import date
from typing import Any

from qms.core.db import db, scoped
from qms.domain.programme import months_window
from qms.people import queries as people
from qms.people.models import Person
from qms.programme import approving, queries, service
from qms.programme.models import Programme, ProgrammeEntry
from qms.programme.service import Wanted
from tests.support.audits import clause_ids
from tests.support.world import TODAY, OfficeWorld

YEAR = 2027


def planned(place: OfficeWorld, symbol: str = "FN", *, month: int | None = 3, **changed: Any) -> Wanted:
    """An audit of a department in a month, as it should be."""
    year = changed.pop("year", YEAR)
    facts: dict[str, Any] = {
        "edition_code": "9001:2015",
        "department_ids": frozenset({place.departments[symbol].id}),
        "clause_ids": clause_ids("8.1", "9.1.3"),
        "window": months_window(year, month, None),
        "lead_id": place.auditor.id,
    }
    return Wanted(**(facts | changed))


def add(place: OfficeWorld, wanted: Wanted | None = None, *, year: int = YEAR, today: date = TODAY) -> ProgrammeEntry:
    with scoped(frozenset({place.office.id})):
        entry = service.add(place.office, year, wanted or planned(place, year=year), today=today)
        db.session.commit()
    return entry


def newest(place: OfficeWorld, year: int = YEAR) -> Programme:
    """The newest version; whoever calls has opened the office."""
    found = queries.version(place.office, year)
    assert found is not None
    return found


def send(place: OfficeWorld, year: int = YEAR, *, today: date = TODAY) -> None:
    with scoped(frozenset({place.office.id})):
        approving.send(newest(place, year), by=people.actor_of(place.proxy, today), today=today)
        db.session.commit()


def approve(place: OfficeWorld, person: Person, year: int = YEAR, *, today: date = TODAY, **told: Any) -> None:
    with scoped(frozenset({place.office.id})):
        approving.approve(newest(place, year), by=people.actor_of(person, today), today=today, **told)
        db.session.commit()
