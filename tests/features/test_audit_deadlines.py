"""What is still due about audits, when and by whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.audits import service
from qms.audits.deadlines import due_between
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.deadlines import Deadline, Duty, Kind, Rule
from qms.domain.limits import Limit, Unit
from qms.offices import service as offices
from qms.offices.models import OfficeDayOff
from qms.people.models import Appointment, Membership, Person
from tests.support.audits import END, START, planned
from tests.support.statements import counted
from tests.support.world import TODAY, World

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


@pytest.fixture
def bochnia(world: World) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def due(place: Any, today: date = TODAY, *, first: date = FIRST, last: date = LAST) -> list[Deadline]:
    return due_between([place.office.id], first, last, today=today)


def test_a_planned_audit_is_due_on_its_first_day_and_its_lead_answers(bochnia):
    audit = planned(bochnia)

    (deadline,) = due(bochnia)

    assert deadline == Deadline(
        kind=Kind.AUDIT,
        office_id=bochnia.office.id,
        subject=f"audit:{audit.key}",
        title="Wydział Finansowy",
        number="A-2026-01",
        due_on=START,
        rule=Rule.AUDIT_HELD,
        counted_from=START,
        answers=(bochnia.auditor.id,),
        duty=Duty.PROXY,
        url_key=audit.key,
    )


@pytest.mark.parametrize(("today", "kinds"), [(START, {Kind.AUDIT}), (START + timedelta(days=1), set())])
def test_an_audit_that_runs_is_not_late_though_nobody_wrote_anything_yet(bochnia, today, kinds):
    planned(bochnia, ends_on=START + timedelta(days=3))

    assert {each.kind for each in due(bochnia, today=today)} == kinds


def test_an_audit_that_was_not_held_is_late(bochnia):
    planned(bochnia)

    assert Kind.AUDIT in {each.kind for each in due(bochnia, today=END + timedelta(days=1))}


def test_an_audit_of_the_body_is_answered_for_by_the_proxy(bochnia):
    planned(bochnia, kind="surveillance", body="PCBC", lead_id=None)

    (deadline,) = due(bochnia)

    assert (deadline.kind, deadline.answers, deadline.duty) == (Kind.AUDIT, (), Duty.PROXY)


def test_an_audit_of_the_body_has_no_report_of_ours(bochnia):
    planned(bochnia, kind="surveillance", body="PCBC", lead_id=None)

    assert {each.kind for each in due(bochnia, today=END)} == {Kind.AUDIT}


def test_an_audit_of_the_body_counts_as_held_when_its_last_day_is_over(bochnia):
    planned(bochnia, kind="surveillance", body="PCBC", lead_id=None)

    assert due(bochnia, today=END + timedelta(days=1)) == []


def reports(place: Any, today: date) -> list[tuple[date, tuple[int, ...]]]:
    return [(each.due_on, each.answers) for each in due(place, today) if each.kind is Kind.AUDIT_REPORT]


def test_a_report_is_due_once_the_audit_is_over(bochnia):
    planned(bochnia, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24))
    answers = (bochnia.auditor.id,)

    assert reports(bochnia, date(2026, 11, 23)) == []
    assert reports(bochnia, date(2026, 11, 24)) == [(date(2026, 12, 8), answers)]
    assert reports(bochnia, date(2027, 6, 1)) == [(date(2026, 12, 8), answers)]


def test_a_lead_who_left_the_office_is_asked_for_nothing(bochnia):
    planned(bochnia, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24))
    for row in (*_of(Membership, bochnia.auditor), *_of(Appointment, bochnia.auditor)):
        row.until_on = TODAY - timedelta(days=1)

    assert [(each.answers, each.lacks_lead) for each in due(bochnia)] == [((), True)]
    assert reports(bochnia, date(2026, 11, 24)) == [(date(2026, 12, 8), ())]


def leave(person: Person) -> None:
    for row in (*_of(Membership, person), *_of(Appointment, person)):
        row.until_on = TODAY - timedelta(days=1)


def close_account(person: Person) -> None:
    person.deactivated_at = clock.now()


@pytest.mark.parametrize("go", [leave, close_account])
def test_where_the_lead_has_left_the_proxy_is_asked_to_name_another_and_led_there(bochnia, signed_in, go):
    ended = TODAY - timedelta(days=3)
    audit = planned(bochnia, starts_on=ended, ends_on=ended)
    go(bochnia.auditor)
    db.session.commit()

    page = BeautifulSoup(signed_in(bochnia.proxy).get("/zadania").data, "html.parser")

    links = [each for each in page.select("main a[href]") if audit.key in each["href"]]  # to hold it, and its report
    assert ["Wskaż innego auditora wiodącego" in each.get_text() for each in links] == [True] * 2
    assert {each["href"].rpartition("/audity/")[2] for each in links} == {f"{audit.key}/zmien"}
    assert signed_in(bochnia.proxy).get(links[0]["href"]).status_code == 200


def test_once_another_lead_is_named_they_are_asked_for_the_report(bochnia):
    audit = planned(bochnia, starts_on=TODAY, ends_on=TODAY)
    leave(bochnia.auditor)
    [lead] = [member for member in audit.team if member.role == "lead"]
    lead.person_id = bochnia.second_auditor.id
    db.session.flush()

    [report] = [each for each in due(bochnia, today=TODAY) if each.kind is Kind.AUDIT_REPORT]
    assert (report.answers, report.lacks_lead) == ((bochnia.second_auditor.id,), False)


def test_a_lent_lead_is_asked_for_the_report_also_when_the_loan_is_over(bochnia, world):
    audit = planned(bochnia, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24))
    [lead] = [member for member in audit.team if member.role == "lead"]
    lead.person_id, lead.is_lent = world.leczyca.auditor.id, True

    assert reports(bochnia, date(2026, 11, 24)) == [(date(2026, 12, 8), (world.leczyca.auditor.id,))]


def _of(table: Any, person: Person) -> Any:
    return db.session.scalars(select(table).where(table.person_id == person.id))


def test_a_report_is_not_due_on_a_day_off_of_the_office(bochnia):
    planned(bochnia, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24))
    db.session.add(OfficeDayOff(office_id=bochnia.office.id, day=date(2026, 12, 8)))
    db.session.commit()

    assert [day for day, _ in reports(bochnia, date(2026, 11, 25))] == [date(2026, 12, 9)]


def test_without_a_limit_no_report_is_due(bochnia):
    planned(bochnia, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24))
    offices.set_limit(bochnia.office, "report", Limit(None, Unit.DAYS))
    db.session.commit()

    assert reports(bochnia, date(2026, 12, 1)) == []


def test_only_what_falls_between_the_days_is_given(bochnia):
    planned(bochnia)

    assert len(due(bochnia, first=START, last=START)) == 1
    assert due(bochnia, first=START + timedelta(days=1)) == []
    assert due(bochnia, last=START - timedelta(days=1)) == []


def test_nothing_is_due_of_an_audit_that_is_cancelled_or_of_one_being_held(bochnia):
    held, cancelled = planned(bochnia), planned(bochnia)
    service.start(held)
    service.cancel(cancelled, reason="Flood.", today=TODAY)
    db.session.commit()

    assert due(bochnia) == []


def test_the_number_of_queries_does_not_grow_with_audits_and_offices(world):
    def queries() -> int:
        with scoped(EVERY_OFFICE), counted() as sent:
            ids = [world.bochnia.office.id, world.leczyca.office.id]
            found = due_between(ids, FIRST, LAST, today=START + timedelta(days=9))
        assert found
        return len(sent)

    planned(world.bochnia)
    db.session.refresh(world.bochnia.office)
    db.session.refresh(world.leczyca.office)
    few = queries()
    for place in (world.bochnia, world.leczyca) * 3:
        planned(place, department_ids=frozenset({place.departments["FN"].id, place.departments["OR"].id}))
    db.session.refresh(world.bochnia.office)
    db.session.refresh(world.leczyca.office)

    assert queries() == few
