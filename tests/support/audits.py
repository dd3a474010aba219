"""Audits of the two small offices, as tests plan them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from qms.audits import service
from qms.audits.models import Audit
from qms.audits.planning import Plan
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.people.models import Person
from qms.standards import queries as standards
from qms.training.models import Training
from tests.support.world import SINCE, TODAY, OfficeWorld

START = TODAY + timedelta(days=7)
END = START + timedelta(days=1)


def clause_ids(*numbers: str, edition: str = "9001:2015") -> frozenset[int]:
    return frozenset(each.id for each in standards.clauses(edition) if each.number in numbers)


def wanted(place: OfficeWorld, **changed: Any) -> Plan:
    """An internal audit of the finance department, as it should be."""
    facts: dict[str, Any] = {
        "edition_code": "9001:2015",
        "department_ids": frozenset({place.departments["FN"].id}),
        "clause_ids": clause_ids("8.1", "9.2.2"),
        "starts_on": START,
        "ends_on": END,
        "lead_id": place.auditor.id,
    }
    return Plan(**(facts | changed))


def planned(place: OfficeWorld, **changed: Any) -> Audit:
    with scoped(frozenset({place.office.id})):
        audit = service.plan(place.office, wanted(place, **changed), today=TODAY)
        db.session.commit()
    return audit


def trained(place: OfficeWorld, person: Person, edition: str = "9001:2015", **facts: Any) -> None:
    as_usual = {"validity": "without_end", "title": "Auditor wewnętrzny", "provider": "Ośrodek", "held_on": SINCE}
    row = as_usual | facts | {"person_id": person.id, "trained_as": "auditor", "edition_code": edition}
    db.session.add(Training(office_id=place.office.id, **row))


def letters(kind: str) -> dict[int, dict[str, Any]]:
    return {each.person_id: each.payload for each in db.session.scalars(select(Letter).where(Letter.kind == kind))}
