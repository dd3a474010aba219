"""Findings that come back: proposed by department and clause, linked by a person."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core.db import db
from qms.domain.errors import InvalidInput
from qms.findings import repeats, service
from qms.findings.models import FindingRepeat
from qms.offices import queries as offices
from qms.standards import queries as standards
from qms.standards.models import ClauseMapping
from tests.support.application import typed
from tests.support.cases import Case, acting, written
from tests.support.pdf import words_of_pdf
from tests.support.statements import counted
from tests.support.world import TODAY


@pytest.fixture
def place(world):
    return world.bochnia


def found(where, *, days_ago=0, **changed):
    """A published finding of so many days ago."""
    case = Case(where)
    with case.scope():
        service.change(case.finding, written(where, **changed), by=acting(where.auditor))
        db.session.commit()
    case.publish()
    with case.scope():
        case.finding.reported_on = TODAY - timedelta(days=days_ago)
        db.session.commit()
    return case


def numbers(case):
    with case.scope():
        return [each.number for each in repeats.alike_before(case.finding)]


def page(client, case):
    return BeautifulSoup(client.get(case.address).data, "html.parser").main


def decide(client, case, chosen):
    return typed(client, f"{case.address}/powtorzenie", earlier=chosen)


def test_what_was_found_before_in_the_department_against_the_clause_is_proposed_newest_first(place):
    oldest, before = found(place, days_ago=400), found(place, days_ago=30)
    found(place, days_ago=20, clause_id=clause("9.1.3").id)
    found(place, days_ago=20, department_id=place.departments["FN"].id, clause_id=clause("9.1.3").id)
    now = found(place)
    found(place)

    assert numbers(now) == [before.finding.number, oldest.finding.number]


@pytest.mark.parametrize(("days_ago", "is_proposed"), [(30, True), (360, True), (370, False)])
def test_the_same_kind_of_cause_is_alike_within_a_year_whatever_the_clause(place, days_ago, is_proposed):
    before, now = found(place, days_ago=days_ago), found(place, clause_id=clause("9.1.3").id)
    assert numbers(now) == []

    with now.scope():
        key = next(each.key for each in offices.cause_kinds(place.office.id))
        before.finding.cause_key = now.finding.cause_key = key
        db.session.commit()

    assert numbers(now) == ([before.finding.number] if is_proposed else [])


def clause(number, edition="9001:2015"):
    found_clause = next(each for each in standards.auditable(edition) if each.number.startswith(number))
    db.session.rollback()
    return found_clause


@pytest.mark.parametrize("is_forward", [True, False])
def test_a_clause_of_another_edition_is_alike_through_the_mapping(place, is_forward):
    before, now = found(place, days_ago=30), found(place, clause_id=clause("9.1.3").id)
    pair = (before.finding.clause_id, now.finding.clause_id)
    assert numbers(now) == []

    from_id, to_id = pair if is_forward else pair[::-1]
    db.session.add(ClauseMapping(from_id=from_id, to_id=to_id))
    db.session.commit()

    assert numbers(now) == [before.finding.number]


def test_the_proxy_links_them_and_each_leads_to_the_other(signed_in, place):
    before, now = found(place, days_ago=30), found(place)
    proxy = signed_in(place.proxy)
    assert "Powiedz, czy wróciło" in page(proxy, now).text

    decide(proxy, now, before.finding.key)

    assert before.finding.number in page(proxy, now).text
    assert now.finding.number in page(proxy, before).text


def test_a_proposal_alone_links_nothing(place):
    found(place, days_ago=30)
    found(place)

    with Case(place).scope():
        assert db.session.scalars(select(FindingRepeat)).all() == []


def test_the_choice_can_be_taken_back(signed_in, place):
    before, now = found(place, days_ago=30), found(place)
    proxy = signed_in(place.proxy)
    decide(proxy, now, before.finding.key)
    form = BeautifulSoup(proxy.get(f"{now.address}/powtorzenie").data, "html.parser")
    assert form.select_one("input[name=earlier][checked]")["value"] == before.finding.key

    decide(proxy, now, "zadne")

    assert before.finding.number not in page(proxy, now).text


def test_only_what_was_proposed_can_be_chosen(signed_in, world, place):
    found(place, days_ago=30)
    other, now = found(place, days_ago=5, clause_id=clause("9.1.3").id), found(place)
    foreign = Case(world.leczyca).publish()

    for chosen in (other.finding.key, foreign.finding.key, now.finding.key, ""):
        assert "earlier-error" in decide(signed_in(place.proxy), now, chosen).get_data(as_text=True)
    with now.scope(), pytest.raises(InvalidInput):
        repeats.link(now.finding, foreign.finding.key, [], by=acting(place.proxy), today=TODAY)


def test_nothing_alike_is_said_in_a_sentence(signed_in, place):
    now = found(place)
    told = signed_in(place.proxy).get(f"{now.address}/powtorzenie").get_data(as_text=True)

    assert "nie było wcześniej" in told
    assert "Powiedz, czy wróciło" not in page(signed_in(place.proxy), now).text


def test_who_may_not_list_the_earlier_one_is_not_told_of_it(signed_in, place):
    before, now = found(place, days_ago=30), found(place)
    decide(signed_in(place.proxy), now, before.finding.key)
    now.answer(owner="gd_head").accept()

    doer = signed_in(place.gd_head)
    assert doer.get(now.address).status_code == 200
    assert before.finding.number not in page(doer, now).text
    assert before.finding.number in page(signed_in(place.fn_head), now).text


def test_the_page_costs_the_same_for_one_and_for_many_that_came_back(signed_in, place):
    first, proxy = found(place, days_ago=30), signed_in(place.proxy)
    decide(proxy, found(place, days_ago=9), first.finding.key)
    with counted() as few:
        page(proxy, first)
    for _ in range(3):
        decide(proxy, found(place), first.finding.key)

    with counted() as many:
        page(proxy, first)
    assert len(many) == len(few)


def test_the_card_names_what_it_repeats_to_whoever_may_know_of_it(place, signed_in):
    before, now = found(place, days_ago=30), found(place)
    proxy, card = signed_in(place.proxy), f"{now.address}/karta"
    decide(proxy, now, before.finding.key)

    told = BeautifulSoup(proxy.get(card).data, "html.parser").main

    assert told.find("a", href=before.address).get_text().startswith(before.finding.number)
    assert before.finding.number in words_of_pdf(proxy.get(f"{card}.pdf").data)


def test_what_was_found_since_warns_who_judges_the_effect_unless_it_did_not_stand(place):
    first, then, again = found(place, days_ago=30), found(place, days_ago=9), found(place)
    with then.scope():
        then.finding.state, then.finding.waits_for = "cancelled", None
        db.session.commit()

        assert [each.number for each in repeats.alike_since(first.finding)] == [again.finding.number]
        assert repeats.alike_since(again.finding) == []
