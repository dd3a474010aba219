"""An overdue surveillance audit is found over all offices at once, and is the one that the office itself is told of."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qms.audits.models import Audit
from qms.certificates.models import Certificate
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.cycle import deadlines
from qms.cycle.overdue import is_surveillance_overdue
from qms.domain.calendar import add_months
from qms.domain.deadlines import Kind
from qms.domain.limits import Limit, Unit
from qms.offices import service as offices
from qms.offices.models import Office
from tests.support.offices import an_office

EVER, FAR = date(1990, 1, 1), date(2060, 12, 31)
DECIDED = date(2025, 11, 15)
PRINTED = {"edition_code": "9001:2015", "body": "Biuro Certyfikacji"}


@pytest.fixture(autouse=True)
def _every_office(app: Flask) -> Iterator[None]:
    with scoped(EVERY_OFFICE):
        yield


def certify(office: Office, **changed: Any) -> None:
    facts = {"number": "C", "decided_on": DECIDED, "valid_from": DECIDED, "valid_until": date(2028, 11, 14)}
    db.session.add(Certificate(office_id=office.id, **(PRINTED | facts | changed)))


def visit(office: Office, on: date, **changed: Any) -> None:
    facts = {"kind": "surveillance", "state": "planned", "edition_code": "9001:2015"} | changed
    if facts["state"] == "finished":
        facts["published_at"] = clock.now()
    db.session.add(Audit(office_id=office.id, number=f"V-{on}-{facts['kind']}", starts_on=on, ends_on=on, **facts))


def found(today: date) -> set[int]:
    db.session.flush()
    return set(db.session.scalars(select(Office.id).where(is_surveillance_overdue(Office.id, today))))


BY_MONTHS = {"rhythm_months": 12}
CASES: dict[str, tuple[dict[str, Any], list[tuple[date, dict[str, Any]]], date, bool]] = {
    "twelve months after the decision": ({}, [], date(2026, 11, 15), False),
    "the day after": ({}, [], date(2026, 11, 16), True),
    "it was held": ({}, [(date(2026, 10, 1), {})], date(2026, 11, 16), False),
    "it is only planned": ({}, [(date(2026, 12, 1), {})], date(2026, 11, 16), True),
    "it was cancelled": ({}, [(date(2026, 10, 1), {"state": "cancelled"})], date(2026, 11, 16), True),
    "its report is there before its day": ({}, [(date(2026, 12, 1), {"state": "finished"})], date(2026, 11, 16), False),
    "an internal audit is none": ({}, [(date(2026, 10, 1), {"kind": "internal"})], date(2026, 11, 16), True),
    "one before the decision is none": ({}, [(date(2025, 11, 15), {})], date(2026, 11, 16), True),
    "a renewal has no first one": ({"is_initial": False}, [], date(2026, 12, 31), False),
    "but one in each year": ({"is_initial": False}, [], date(2027, 1, 1), True),
    "the second year was missed": ({}, [(date(2026, 10, 1), {})], date(2028, 1, 1), True),
    "not before it is over": ({}, [(date(2026, 10, 1), {})], date(2027, 12, 31), False),
    "the year of recertification needs none": (
        {"valid_until": date(2028, 3, 30)},
        [(date(2026, 10, 1), {})],
        date(2028, 1, 2),
        False,
    ),
    "a recertification audit in its year": (
        {},
        [(date(2026, 10, 1), {}), (date(2027, 12, 1), {"kind": "recertification"})],
        date(2028, 1, 1),
        False,
    ),
    "withdrawn": ({"withdrawn_on": date(2026, 11, 16)}, [], date(2026, 11, 16), False),
    "suspended all the same": ({"suspended_on": date(2026, 11, 1)}, [], date(2026, 11, 16), True),
    "ended": ({"valid_until": date(2026, 11, 15)}, [], date(2026, 11, 16), False),
    "by the rules of 2011, from stage 2": (
        {"rules": "2011", "stage2_ended_on": date(2025, 10, 1)},
        [],
        date(2026, 10, 2),
        True,
    ),
    "every twelve months, after the last visit": (
        BY_MONTHS | {"is_initial": False},
        [(date(2026, 10, 1), {})],
        date(2027, 10, 2),
        True,
    ),
    "with thirty days of tolerance": (
        BY_MONTHS | {"is_initial": False, "rhythm_tolerance": 30},
        [(date(2026, 10, 1), {})],
        date(2027, 10, 31),
        False,
    ),
    "twice a year": (BY_MONTHS | {"rhythm_months": 6}, [], date(2026, 5, 16), True),
    "near the end the recertification comes": (
        BY_MONTHS | {"is_initial": False},
        [(date(2027, 9, 1), {})],
        date(2028, 9, 2),
        False,
    ),
    "a recertification audit is a visit": (
        BY_MONTHS | {"rhythm_months": 6},
        [(date(2027, 8, 1), {"kind": "recertification"})],
        date(2028, 1, 31),
        False,
    ),
    "another standard": ({"edition_code": "14001:2015"}, [], date(2026, 11, 16), False),
    "by the rules of 2011 without that day": ({"rules": "2011"}, [], date(2026, 12, 31), False),
}


@pytest.mark.parametrize(("recorded", "held", "today", "is_overdue"), CASES.values(), ids=CASES.keys())
def test_a_surveillance_audit_is_overdue_when_its_last_day_has_passed(recorded, held, today, is_overdue):
    office = an_office("Łódź")
    certify(office, **recorded)
    for on, facts in held:
        visit(office, on, **facts)

    assert (office.id in found(today)) is is_overdue
    assert (office.id in _told_by_the_cycle([office.id], today)) is is_overdue


def test_a_certificate_that_was_followed_asks_for_nothing():
    office = an_office("Łódź")
    certify(office)
    certify(office, number="D", decided_on=date(2026, 11, 1), valid_from=date(2026, 11, 2))

    assert found(date(2026, 11, 16)) == set()


def test_it_is_the_same_over_all_offices_as_in_each():
    chance = Random(17)  # noqa: S311 - a test that comes out alike each time
    office_ids = [_an_office_of(chance, number) for number in range(80)]
    days = {date(2027, 1, 1) + timedelta(days=chance.randrange(1500)) for _ in range(25)}
    db.session.flush()

    told = {day: found(day) for day in days | EDGES}

    assert told == {day: _told_by_the_cycle(office_ids, day) for day in days | EDGES}
    assert all(0 < len(overdue) < len(office_ids) for overdue in told.values())


EDGES = {date(2028, 2, 28), date(2028, 2, 29), date(2029, 2, 28), date(2029, 3, 1), date(2028, 12, 31)}
EDGES |= {date(2029, 1, 1), date(2029, 3, 30), date(2029, 3, 31), date(2029, 4, 1)}


def _an_office_of(chance: Random, number: int) -> int:
    """One with a history that a body may have printed, odd ones among them."""
    office = an_office(f"Miasto {number:02}", number)
    usual = date(2026, 2, 25) + timedelta(days=chance.randrange(8) if number % 2 else chance.randrange(700))
    valid_from = usual + timedelta(days=chance.choice((0, 0, 1, 40)))
    ends_on = add_months(valid_from, chance.choice((36, 36, 36, 24, 60))) + timedelta(days=chance.choice((-1, 0, 90)))
    rules = chance.choice(({}, {}, {"rules": "2011", "stage2_ended_on": usual - timedelta(days=20)}))
    dates = {"decided_on": usual, "valid_from": valid_from, "valid_until": ends_on}
    rhythm = {"rhythm_months": chance.choice((None, None, 12, 6)), "rhythm_tolerance": chance.choice((0, 30, 90))}
    certify(office, is_initial=chance.random() < 0.7, **dates, **rules, **rhythm)
    for kind, chances in (("surveillance", 3), ("recertification", 1)):
        for on in {usual + timedelta(days=chance.randrange(1, 1300)) for _ in range(chance.randint(0, chances))}:
            visit(office, on, kind=kind, state=chance.choice(("planned", "finished", "cancelled")))
    if chance.random() < 0.3:
        aim = Limit(chance.choice((20, 24)), Unit.MONTHS, tolerance=chance.choice((0, 90)))
        offices.set_limit(office, "second_surveillance", aim)
    return office.id


def _told_by_the_cycle(office_ids: list[int], today: date) -> set[int]:
    due = deadlines.due_between(office_ids, EVER, FAR, today=today)
    return {each.office_id for each in due if each.kind is Kind.SURVEILLANCE and each.is_overdue(today)}
