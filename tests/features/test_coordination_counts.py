"""What the coordinator's list says of each office, beside what somebody finds who counts by hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from qms import demo
from qms.audits.models import Audit
from qms.certificates.models import Certificate
from qms.coordination import queries
from qms.coordination.queries import Row, Wanted, Worry
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.cycle import deadlines as cycle
from qms.domain import certification
from qms.domain.certification import CertFacts, CertificateStatus
from qms.domain.deadlines import Kind
from qms.domain.standing import Who
from qms.findings.models import Finding
from qms.offices.models import Office
from qms.people.models import Appointment
from tests.support.cases import later
from tests.support.offices import an_office, appoint, certify
from tests.support.world import TODAY


@pytest.fixture(autouse=True)
def _every_office(app: Flask) -> Iterator[None]:
    with scoped(EVERY_OFFICE):
        yield


def rows(wanted: Wanted | None = None, *, number: int = 1) -> list[Row]:
    wanted = wanted or Wanted()
    totals = queries.totals(wanted, TODAY)
    total = totals.worries[wanted.worry] if wanted.worry else totals.offices
    return queries.page(wanted, TODAY, number=number, total=total).rows


def worries(office: Office) -> frozenset[Worry]:
    return next(row.worries for row in rows() if row.office.id == office.id)


def test_counts_are_those_of_somebody_who_counts_by_hand():
    demo.synthesise(offices=70, audits=3, findings=6, on=TODAY, say=lambda _: None)
    _upset_some_offices()

    by_hand = {office.id: _by_hand(office) for office in db.session.scalars(select(Office))}
    told = {row.office.id: _told(row) for number in (1, 2) for row in rows(number=number)}

    assert told == by_hand


@pytest.mark.parametrize("worry", Worry)
def test_each_total_is_the_number_of_offices_listed_for_it(worry):
    demo.synthesise(offices=40, audits=2, findings=3, on=TODAY, say=lambda _: None)
    _upset_some_offices()

    listed = rows(Wanted(worry=worry))

    assert 0 < queries.totals(Wanted(), TODAY).worries[worry] == len(listed) < 40
    assert all(worry in row.worries for row in listed)


def _upset_some_offices() -> None:
    """Proxies who left, certificates that were suspended or withdrawn, audits in every state."""
    posts = db.session.scalars(select(Appointment).where(Appointment.post == Who.PROXY).order_by(Appointment.id)).all()
    posts[3].until_on, posts[5].until_on = TODAY - timedelta(days=1), TODAY
    certificates = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    certificates[7].suspended_on = certificates[8].suspended_on = TODAY - timedelta(days=9)
    certificates[8].restored_on = certificates[9].withdrawn_on = TODAY
    for number, changed in enumerate(({}, {"state": "cancelled"}, {"starts_on": later(-1)}, {"starts_on": later(3)})):
        db.session.add(_planned(certificates[7].office_id, f"X-{number}", **changed))
    db.session.commit()


def _planned(office_id: int, number: str, **changed: Any) -> Audit:
    facts = {"starts_on": TODAY, "state": "planned", "edition_code": "9001:2015"} | changed
    return Audit(office_id=office_id, number=number, ends_on=facts["starts_on"], **facts)


def _told(row: Row) -> dict[str, Any]:
    worries = set(row.worries) - {Worry.ANY}
    assert (Worry.ANY in row.worries) is bool(worries)
    return {
        "audits": (row.audits_held, row.audits_planned),
        "cases": (row.open, row.overdue),
        "worries": worries,
    }


def _by_hand(office: Office) -> dict[str, Any]:
    cases = [case for case in _all(Finding, office) if case.waits_for]
    late = [case for case in cases if case.due_on and case.due_on < TODAY]
    proxies = [post for post in _all(Appointment, office) if post.post == Who.PROXY]
    found = {
        Worry.OVERDUE: bool(late),
        Worry.NO_PROXY: not any(post.until_on is None or post.until_on >= TODAY for post in proxies),
        Worry.CERTIFICATE: _is_in_danger(*_all(Certificate, office)),
        Worry.SURVEILLANCE: _is_surveillance_late(office),
    }
    return {
        "audits": _audits_by_hand(office),
        "cases": (len(cases), len(late)),
        "worries": {worry for worry, is_so in found.items() if is_so},
    }


def _audits_by_hand(office: Office) -> tuple[int, int]:
    planned = [audit for audit in _all(Audit, office) if audit.starts_on.year == TODAY.year]
    planned = [audit for audit in planned if audit.state != "cancelled"]
    held = [audit for audit in planned if audit.state == "finished" or audit.ends_on < TODAY]
    return len(held), len(planned)


def _is_surveillance_late(office: Office) -> bool:
    due = cycle.due_between([office.id], later(-5000), TODAY, today=TODAY)
    return any(each.kind is Kind.SURVEILLANCE and each.is_overdue(TODAY) for each in due)


def _is_in_danger(certificate: Certificate) -> bool:
    facts = CertFacts(
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        suspended_on=certificate.suspended_on,
        resumed_on=certificate.restored_on,
        withdrawn_on=certificate.withdrawn_on,
    )
    is_valid = certification.status(facts, TODAY) is CertificateStatus.VALID
    return not is_valid or (certificate.valid_until - TODAY).days <= 90


def _all(model: Any, office: Office) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.office_id == office.id)))


@pytest.mark.parametrize(("due_on", "is_worry"), [(later(-1), True), (TODAY, False), (None, False)])
def test_a_case_worries_from_the_day_after_it_was_due(due_on, is_worry):
    demo.synthesise(offices=1, audits=4, findings=10, on=TODAY, say=lambda _: None)
    for case in db.session.scalars(select(Finding).where(Finding.waits_for.is_not(None))):
        case.due_on = due_on
    db.session.flush()

    [row] = rows()

    assert row.open > 0
    assert (Worry.OVERDUE in row.worries, row.overdue) == (is_worry, row.open if is_worry else 0)


RUNNING = {"starts": -500, "ends": 500}
CERTIFICATES = {
    "none was ever recorded": ([], False),
    "it ends in 91 days": ([{"starts": -1000, "ends": 91}], False),
    "it ends in 90 days": ([{"starts": -1000, "ends": 90}], True),
    "today is its last day": ([{"starts": -1000, "ends": 0}], True),
    "it ended long ago": ([{"starts": -3000, "ends": -2000}], True),
    "it has not begun": ([{"starts": 5, "ends": 50, "decided_on": TODAY}], False),
    "it is suspended": ([RUNNING | {"suspended_on": TODAY}], True),
    "it will be suspended": ([RUNNING | {"suspended_on": later(1)}], False),
    "its suspension ended": ([RUNNING | {"suspended_on": later(-9), "restored_on": TODAY}], False),
    "its suspension ends tomorrow": ([RUNNING | {"suspended_on": later(-9), "restored_on": later(1)}], True),
    "it was withdrawn": ([RUNNING | {"withdrawn_on": TODAY}], True),
    "a newer one is in force": ([{"starts": -1500, "ends": -400}, {"starts": -399, "ends": 700}], False),
    "the newer one ends soon": ([{"starts": -1500, "ends": 700}, {"starts": -399, "ends": 80}], True),
    "its successor is recorded": (
        [{"starts": -1000, "ends": 10}, {"starts": 11, "ends": 1100, "decided_on": TODAY}],
        False,
    ),
    "of two that begin together the one decided later stands": (
        [{"starts": -100, "ends": 80}, {"starts": -100, "ends": 900, "decided_on": later(-99), "number": "B"}],
        False,
    ),
    "its edition is over": ([{"starts": -3500, "ends": 900, "edition_code": "9001:2008"}], True),
}


@pytest.mark.parametrize(("recorded", "is_worry"), CERTIFICATES.values(), ids=CERTIFICATES.keys())
def test_a_certificate_worries_when_it_is_not_valid_or_ends_within_ninety_days(recorded, is_worry):
    office = an_office("Łódź")
    for each in recorded:
        certify(office, **each)

    assert (Worry.CERTIFICATE in worries(office)) is is_worry


PROXIES = {
    "since long ago": ({}, True),
    "from today": ({"since": 0}, True),
    "until today": ({"until": 0}, True),
    "until yesterday": ({"until": -1}, False),
    "from tomorrow": ({"since": 1}, False),
}


@pytest.mark.parametrize(("served", "is_there"), PROXIES.values(), ids=PROXIES.keys())
def test_a_proxy_is_there_on_the_days_of_the_appointment(served, is_there):
    office = an_office("Łódź")
    appoint(office, **served)

    assert (Worry.NO_PROXY in worries(office)) is not is_there


def test_a_proxy_whose_account_is_closed_is_not_there():
    office = an_office("Łódź")
    appoint(office).deactivated_at = clock.now()

    assert Worry.NO_PROXY in worries(office)


def test_a_certificate_that_worries_is_shown_with_its_last_valid_day():
    certify(an_office("Łódź"), starts=-1000, ends=-5)

    [row] = rows()

    assert (row.certificate.ends_on, row.certificate.status) == (later(-5), CertificateStatus.EXPIRED_RESTORABLE)
