"""What a person is called on for besides deadlines, on the page they land on."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from qms.audits import permits
from qms.audits import service as audits
from qms.checklists import queries as checklists
from qms.checklists import service
from qms.core.db import db, scoped
from qms.domain.limits import NOT_SET
from qms.domain.products import Kind, Remedy
from qms.offices import service as offices
from qms.policy import Reach
from qms.products import queries
from qms.products import service as products
from qms.products.service import Dealt, Noted
from tests.support.application import typed
from tests.support.audits import planned
from tests.support.cases import Case, acting, on, plan_audit
from tests.support.checklists import CLAUSES, answer, given
from tests.support.programmes import YEAR, add, approve, send
from tests.support.statements import counted
from tests.support.world import TODAY

RUN = ".card a.button"
LOOK_AGAIN = "Sprawdź jeszcze raz, co poprawiono"


def page_of(client) -> BeautifulSoup:
    answer = client.get("/zadania")
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").main


def calls(client, words):
    return [each for each in page_of(client).select("li.task") if words in each.text]


def opened(place):
    return scoped(frozenset({place.office.id}))


def dealt_with(place, *, by):
    """A decision issued wrongly in the department of finance, put right."""
    unit = place.departments["FN"].id
    noted = Noted(kind=Kind.DECISION, description="Zła kwota.", department_id=unit, noticed_on=TODAY)
    dealt = Dealt(kind=Kind.DECISION, remedy=Remedy.RECTIFIED, done="Postanowienie.", dealt_on=TODAY)
    with opened(place):
        product = products.note(place.office, noted, by=acting(place.fn_clerk), today=TODAY)
        by_whom = acting(place.people[by])
        products.deal(product, dealt, by=by_whom, reach=Reach(everything=True), today=TODAY)
        db.session.commit()
        return queries.by_key(place.office, product.key)


def test_the_team_of_todays_audit_begins_it_from_the_page_everybody_lands_on(world, signed_in):
    audit = plan_audit(world.bochnia)

    for name in ("auditor", "second_auditor"):
        page = page_of(signed_in(world.bochnia.people[name]))
        assert page.select_one(RUN)["href"] == f"/u/sp-bochnia/audity/{audit.key}/prowadz"
        assert "Wydział Finansowy" in page.select_one(".card").text
    for person in (world.bochnia.proxy, world.leczyca.auditor):
        assert page_of(signed_in(person)).select_one(RUN) is None


@pytest.mark.parametrize("days", [-1, 1])
def test_on_another_day_nobody_is_led_there(world, signed_in, days):
    plan_audit(world.bochnia)

    with on(TODAY + timedelta(days=days)):
        assert page_of(signed_in(world.bochnia.auditor)).select_one(RUN) is None


def test_an_audit_that_is_over_or_of_somebody_from_outside_is_not_begun(world, signed_in):
    cancelled = plan_audit(world.bochnia)
    plan_audit(world.bochnia, kind="surveillance", member=None)
    with opened(world.bochnia):
        audits.cancel(cancelled, reason="Powódź.", today=TODAY)
        db.session.commit()

    assert page_of(signed_in(world.bochnia.auditor)).select_one(RUN) is None


def test_one_tap_leads_to_where_the_auditor_left_off(world, signed_in):
    place = world.bochnia
    audit = plan_audit(place)
    with opened(place):
        service.build(audit, CLAUSES)
        db.session.commit()
        for each in checklists.questions(audit.id):
            if each.number.startswith("7"):
                answer(audit, given(each), where=place)
    client = signed_in(place.auditor)

    led = client.get(page_of(client).select_one(RUN)["href"])

    assert led.location.endswith("/prowadz/9")


def test_an_audit_that_waits_for_a_permit_calls_on_the_head_of_its_office(world, signed_in):
    place, words = world.bochnia, "Wydaj zgodę na skład zespołu"
    with opened(place):
        units = frozenset({place.departments["KM"].id})
        audit = planned(place, department_ids=units, asks_head=True, team_reason="Nikt inny.")
        db.session.commit()

    (call,) = calls(signed_in(place.head), words)

    assert call.a["href"] == f"/u/sp-bochnia/audity/{audit.key}/zgoda"
    assert audit.number in call.text
    for person in (place.secretary, place.proxy, world.leczyca.head):
        assert calls(signed_in(person), words) == []
    with opened(place):
        permits.permit(audit, reason="Mały urząd.", by=place.head.id, today=TODAY)
        db.session.commit()
    assert calls(signed_in(place.head), words) == []


def test_a_programme_calls_on_whoever_takes_its_next_step(world, signed_in):
    place, words = world.bochnia, "Zatwierdź program auditów"
    add(place)
    assert calls(signed_in(place.head), words) == []
    send(place)

    assert [each.a["href"] for each in calls(signed_in(place.head), words)] == [f"/u/sp-bochnia/audity/program/{YEAR}"]
    for person in (place.secretary, place.proxy, world.leczyca.head):
        assert calls(signed_in(person), words) == []
    approve(place, place.head)
    assert calls(signed_in(place.head), words) == []


def test_what_was_put_right_calls_on_somebody_else_to_look_again(world, signed_in):
    place = world.bochnia
    dealt_with(place, by="fn_head")  # whose department it is

    (task,) = calls(signed_in(place.proxy), LOOK_AGAIN)
    assert "WN-2026-001" in task.text
    assert "7 dni po" in task.text
    for person in (place.fn_head, place.gd_head, place.auditor, world.leczyca.proxy):
        assert calls(signed_in(person), LOOK_AGAIN) == []


def test_without_a_limit_it_has_no_day_and_is_asked_all_the_same(world, signed_in):
    place = world.bochnia
    with opened(place):
        offices.set_limit(place.office, "product_check", NOT_SET)
        db.session.commit()
    product = dealt_with(place, by="fn_clerk")

    (call,) = calls(signed_in(place.fn_head), LOOK_AGAIN)
    assert call.a["href"] == f"/u/sp-bochnia/wyroby-niezgodne/{product.key}"
    assert calls(signed_in(place.proxy), LOOK_AGAIN) == []
    with opened(place):
        by = acting(place.fn_head)
        found = queries.by_key(place.office, product.key)
        products.verify(found, "Akta obejrzane.", is_right=True, by=by, today=TODAY)
        db.session.commit()
    assert calls(signed_in(place.fn_head), LOOK_AGAIN) == []


def test_offers_of_good_practice_call_on_the_coordinator_alone(world, signed_in):
    strength = Case(world.bochnia, category="strength").publish()
    typed(signed_in(world.bochnia.proxy), f"{strength.address}/wzorzec", text="Jeden rejestr.")

    (call,) = calls(signed_in(world.coordinator), "dobre praktyki")

    assert call.a["href"] == "/wzorce"
    assert calls(signed_in(world.bochnia.proxy), "dobre praktyki") == []


def test_what_calls_on_somebody_counts_among_what_there_is_to_do_and_costs_the_same(world, signed_in):
    place = world.bochnia
    client = signed_in(place.head)
    page_of(client)
    add(place)
    send(place)
    with counted() as for_one:
        page = page_of(client)
    assert "Do zrobienia: 1 sprawa" in page.h1.text
    add(place, year=YEAR + 1)
    send(place, YEAR + 1)
    with counted() as for_two:
        page = page_of(client)

    assert len(page.select("li.task")) == 2
    assert len(for_two) == len(for_one)
