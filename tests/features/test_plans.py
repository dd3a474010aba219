"""What else the plan of an audit holds: method, places, numbers from elsewhere, its hours, and how it was moved."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar
from sqlalchemy import select

from qms.audits import service, timetable
from qms.audits.deadlines import late_notice
from qms.audits.history import moves_of
from qms.audits.models import Audit
from qms.audits.timetable import Row
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.core.trail import acting
from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.reminders.appointments import attached
from tests.support.application import typed
from tests.support.audits import END, START, letters, planned, wanted
from tests.support.world import TODAY

LIST = "/u/sp-bochnia/audity"


@pytest.fixture
def bochnia(world: Any) -> Any:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def row(**changed: Any) -> Row:
    usual = {"day": START, "from_time": time(9), "to_time": time(10), "subject": "Spotkanie otwierające"}
    return Row(**(usual | changed))


def test_the_plan_keeps_method_places_criteria_and_whom_to_meet(bochnia):
    told = {"method": "hybrid", "places": "Rynek 1", "criteria": "Ustawa o finansach", "auditees": "Skarbnik"}

    audit = planned(bochnia, **told)

    assert {name: getattr(audit, name) for name in told} == told


def test_an_audit_from_before_the_register_keeps_its_number_and_no_other_gets_it(bochnia):
    day = date(2026, 3, 2)
    old = planned(bochnia, number="A-2026-02", starts_on=day, ends_on=day)

    with pytest.raises(InvalidInput, match="has this number") as refused:
        planned(bochnia, number="A-2026-02")
    assert refused.value.field == "number"
    assert (old.number, planned(bochnia).number, planned(bochnia).number) == ("A-2026-02", "A-2026-01", "A-2026-03")


def test_a_cancelled_audit_keeps_its_number(bochnia):
    service.cancel(planned(bochnia), reason="Powódź.", today=TODAY)

    assert planned(bochnia).number == "A-2026-02"


def test_a_partner_who_audits_is_named_and_may_use_any_edition(bochnia):
    with pytest.raises(InvalidInput, match="partner or client") as refused:
        planned(bochnia, kind="second_party", lead_id=None)

    assert refused.value.field == "body"
    assert planned(bochnia, kind="second_party", body="Związek Gmin", number="ZG/4", lead_id=None).number == "ZG/4"


def test_people_of_two_audits_on_the_same_days_are_named(bochnia):
    first = planned(bochnia)
    second = planned(bochnia, starts_on=END, ends_on=END, department_ids=frozenset({bochnia.departments["OR"].id}))
    later = planned(bochnia, starts_on=END + timedelta(days=1), ends_on=END + timedelta(days=1))

    assert [str(clash) for clash in service.clashes(second)] == [
        f"Auditor Sp-Bochnia is also on the team of audit {first.number} on these days. Agree on the hours."
    ]
    assert service.clashes(later) == []


def test_planning_says_calmly_that_the_notice_comes_too_late(bochnia):
    day = TODAY + timedelta(days=6)
    soon, later = planned(bochnia, starts_on=day, ends_on=day), planned(bochnia, starts_on=day + timedelta(days=1))

    assert late_notice(soon, TODAY).params == {"day": date(2026, 11, 19)}
    assert late_notice(later, TODAY) is None
    assert late_notice(soon, day + timedelta(days=1)) is None


def test_the_same_hours_are_refused_in_one_audit_and_in_two(bochnia):
    first, second = planned(bochnia), planned(bochnia, department_ids=frozenset({bochnia.departments["OR"].id}))
    timetable.add(first, row())
    db.session.commit()

    for audit in (first, second):
        with pytest.raises(InvalidInput, match=f"busy then in audit {first.number}, from 09:00 to 10:00") as refused:
            timetable.add(audit, row(from_time=time(9, 30), to_time=time(11), person_id=bochnia.auditor.id))
        assert refused.value.field == "from_time"
    timetable.add(second, row(from_time=time(10), to_time=time(11)))
    service.cancel(first, reason="Powódź.", today=TODAY)
    db.session.flush()
    timetable.add(second, row())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (lambda place: {"day": END + timedelta(days=1)}, "day"),
        (lambda place: {"to_time": time(8)}, "to_time"),
        (lambda place: {"person_id": place.second_auditor.id}, "person_id"),
        (lambda place: {"department_id": place.departments["OR"].id}, "department_id"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_field(bochnia, changed, field):
    audit = planned(bochnia)

    with pytest.raises(InvalidInput) as refused:
        timetable.add(audit, row(**changed(bochnia)))

    assert refused.value.field == field
    assert audit.slots == []


def with_rows(place: Any) -> Audit:
    audit = planned(place, member_ids=frozenset({place.second_auditor.id}))
    timetable.add(audit, row(day=END, person_id=place.second_auditor.id, department_id=place.departments["FN"].id))
    db.session.commit()
    return audit


def test_the_timetable_moves_with_the_audit(bochnia):
    audit = with_rows(bochnia)
    moved = {"starts_on": START + timedelta(days=3), "ends_on": END + timedelta(days=3)}
    plan = wanted(bochnia, member_ids=frozenset({bochnia.second_auditor.id}), **moved)

    service.change(audit, plan, today=TODAY, reason="Grypa.")

    assert [slot.day for slot in audit.slots] == [END + timedelta(days=3)]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (lambda place: {"ends_on": START}, "ends_on"),
        (lambda place: {"member_ids": frozenset()}, "lead_id"),
        (lambda place: {"department_ids": frozenset({place.departments["OR"].id})}, "department_ids"),
    ],
)
def test_a_plan_does_not_leave_rows_of_the_timetable_behind(bochnia, changed, field):
    audit = with_rows(bochnia)
    team = {"member_ids": frozenset({bochnia.second_auditor.id})}

    with pytest.raises(NotAllowedNow) as refused:
        service.change(audit, wanted(bochnia, **(team | changed(bochnia))), today=TODAY, reason="Grypa.")

    assert refused.value.field == field


def test_the_timetable_is_sent_with_places_and_hours_and_replaces_the_entry_in_calendars(bochnia):
    audit = planned(bochnia, places="Rynek 1, sala 4")
    sent_before = audit.version
    timetable.add(audit, row())

    assert service.tell_timetable(audit, today=TODAY) == 2
    db.session.commit()
    (told,) = [each for each in letters_of(bochnia.fn_head.id) if each.payload["timetable"]]
    assert told.payload["timetable"] == [
        {"held_on": "2026-11-27", "hours": "09:00–10:00", "subject": "Spotkanie otwierające", "who": ""}
    ]
    (entry,) = Calendar.from_ical(attached(told, [bochnia.office], "pl")).walk("VEVENT")
    assert entry["LOCATION"] == "Rynek 1, sala 4"
    assert "27.11.2026, 09:00–10:00: Spotkanie otwierające" in entry["DESCRIPTION"]
    assert entry["SEQUENCE"] > sent_before


def letters_of(person_id: int) -> list[Any]:
    return list(db.session.scalars(select(Letter).where(Letter.person_id == person_id, Letter.kind == "audit_notice")))


def test_an_empty_or_past_timetable_is_sent_to_nobody(bochnia):
    with pytest.raises(NotAllowedNow, match="empty"):
        service.tell_timetable(planned(bochnia), today=TODAY)
    audit = with_rows(bochnia)
    with pytest.raises(NotAllowedNow, match="is over"):
        service.tell_timetable(audit, today=END + timedelta(days=1))
    assert set(letters("audit_moved")) == set()


def test_the_timetable_of_an_audit_that_is_over_stays(bochnia):
    audit = with_rows(bochnia)
    service.cancel(audit, reason="Powódź.", today=TODAY)

    for act in (lambda: timetable.add(audit, row()), lambda: timetable.remove(audit.slots[0])):
        with pytest.raises(NotAllowedNow, match="over"):
            act()


def test_the_page_tells_the_days_first_planned_how_often_it_was_moved_and_why(world, bochnia, signed_in):
    audit = planned(bochnia)
    key = audit.key
    with acting(bochnia.proxy.id, via="page"):
        for days, reason in ((3, "Grypa."), (7, "Kontrola NIK.")):
            plan = wanted(bochnia, starts_on=START + timedelta(days=days), ends_on=END + timedelta(days=days))
            service.change(audit, plan, today=TODAY, reason=reason)
            db.session.commit()

    moves = moves_of(audit)
    assert [(each.starts_on, each.reason, each.who) for each in moves] == [
        (START + timedelta(days=3), "Kontrola NIK.", "Proxy Sp-Bochnia"),
        (START, "Grypa.", "Proxy Sp-Bochnia"),
    ]
    db.session.rollback()
    page = signed_in(world.bochnia.proxy).get(f"{LIST}/{key}").text
    assert "Grypa." in page
    assert "27.11.2026" in page


def test_rows_are_added_changed_taken_off_and_sent_on_the_pages(world, signed_in):
    with scoped(frozenset({world.bochnia.office.id})):
        key = planned(world.bochnia).key
    lead = signed_in(world.bochnia.auditor)
    page, path = f"{LIST}/{key}", f"{LIST}/{key}/harmonogram"
    sent = {"day": "27.11.2026", "from_time": "9.00", "to_time": "10", "subject": "Spotkanie", "person_id": ""}

    assert typed(lead, path, **(sent | {"department_id": "", "from_time": "dziewiąta"})).status_code == 200
    assert typed(lead, path, **sent, department_id="").location == path
    link = BeautifulSoup(lead.get(page).data, "html.parser").select_one("a[href*='/harmonogram/']")
    shown = BeautifulSoup(lead.get(link["href"]).data, "html.parser")
    assert shown.select_one("#from_time")["value"] == "09:00"
    assert typed(lead, link["href"], **(sent | {"subject": "Inne"}), department_id="").location == page
    assert "Inne" in lead.get(page).text
    sending = BeautifulSoup(lead.get(page).data, "html.parser").select_one("form[action$='/wyslij']")
    assert lead.post(sending["action"], data=hidden(sending)).location == page
    removing = BeautifulSoup(lead.get(link["href"]).data, "html.parser").select_one("form[action$='/usun']")
    assert lead.post(removing["action"], data=hidden(removing)).location == page
    assert "Inne" not in BeautifulSoup(lead.get(page).data, "html.parser").select_one("main").text


def hidden(form: Any) -> dict[str, str]:
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def test_what_few_people_fill_is_folded_and_opens_when_something_is_wrong_in_it(world, signed_in):
    browser = signed_in(world.bochnia.proxy)
    calm = BeautifulSoup(browser.get(f"{LIST}/nowy").data, "html.parser").select_one("#criteria").find_parent("details")
    wrong = typed(browser, f"{LIST}/nowy", kind="internal", criteria="x" * 5000)
    opened = BeautifulSoup(wrong.data, "html.parser").select_one("#criteria").find_parent("details")

    assert not calm.has_attr("open")
    assert opened.has_attr("open")


def test_a_finding_from_outside_keeps_the_number_it_has_there(world, signed_in):
    with scoped(frozenset({world.bochnia.office.id})):
        lead = world.bochnia.auditor
        outer = planned(world.bochnia, kind="surveillance", body="PCBC", lead_id=lead.id).key
        own = planned(world.bochnia).key
    browser = signed_in(world.bochnia.auditor)
    form = BeautifulSoup(browser.get(f"{LIST}/{outer}/ustalenia/nowe").data, "html.parser")
    clause = form.select_one("#clause_id option[value]:not([value=''])")["value"]
    sent = {
        "clause_id": clause,
        "department_id": str(world.bochnia.departments["FN"].id),
        "category": "observation",
        "statement": "Brak daty na wzorze.",
        "outer_number": "NCR-7/2026",
    }

    assert typed(browser, f"{LIST}/{outer}/ustalenia/nowe", **sent).status_code == 302
    assert "NCR-7/2026" in browser.get(f"{LIST}/{outer}/ustalenia").text
    assert "outer_number" not in browser.get(f"{LIST}/{own}/ustalenia/nowe").text


def test_an_observer_is_told_of_the_audit_as_one_who_takes_part(bochnia):
    planned(bochnia, observer_ids=frozenset({bochnia.gd_head.id}))

    assert letters("audit_notice")[bochnia.gd_head.id]["role"] == "guest"
