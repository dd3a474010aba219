"""Who says who heads a department, and moves that leave known where people worked."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.errors import NotPermitted
from qms.domain.standing import Who
from qms.people import service
from qms.people.models import Membership, Person
from tests.support.application import typed
from tests.support.cases import acting
from tests.support.world import SINCE, TODAY, World

OFFICE = "/u/sp-bochnia"
DAY = timedelta(days=1)
SAID = "Kierownika komórki wpisuje i zmienia pełnomocnik ds. SZJ."


def work(person: Person) -> list[tuple[int, bool, date, date | None]]:
    with scoped(EVERY_OFFICE):
        found = db.session.scalars(select(Membership).where(Membership.person_id == person.id).order_by(Membership.id))
        rows = [(each.department_id, each.is_head, each.from_on, each.until_on) for each in found]
        db.session.commit()
    return rows


def move(client, person, department, from_on="1.12.2026", **fields):
    said = {"department": department.key, "from_on": from_on} | fields
    return typed(client, f"{OFFICE}/osoby/{person.key}/przenies", **said)


def refusal(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").select_one(".error-summary").get_text(" ", strip=True)


def test_the_administrator_of_the_office_makes_nobody_a_head_herself_included(signed_in, world):
    place = world.bochnia
    client = signed_in(place.office_admin)
    before = {person.id: work(person) for person in (place.office_admin, place.fn_clerk)}

    for person in (place.office_admin, place.fn_clerk):
        assert SAID in refusal(move(client, person, place.departments["KM"], is_head="y"))
    fields = {"name": "Jan Kot", "email": "jan@example.com", "from_on": "20.11.2026", "is_head": "y"}
    added = typed(client, f"{OFFICE}/osoby/nowa", **fields, department=place.departments["FN"].key)

    assert SAID in refusal(added)
    assert {person.id: work(person) for person in (place.office_admin, place.fn_clerk)} == before
    assert db.session.scalar(select(Person).where(Person.email == "jan@example.com")) is None


def test_nor_does_she_end_the_headship_of_a_head_or_take_over_a_heads_mailbox(signed_in, world):
    place, head = world.bochnia, world.bochnia.fn_head
    client, before = signed_in(place.office_admin), work(head)

    refused = [
        move(client, head, place.departments["KM"]),
        move(client, head, place.departments["FN"]),
        typed(client, f"{OFFICE}/osoby/{head.key}/zakoncz", reason="x"),
        typed(client, f"{OFFICE}/osoby/{head.key}/adres", email="jan@example.com"),
    ]

    assert [SAID in refusal(each) for each in refused] == [True] * len(refused)
    db.session.refresh(head)
    assert (work(head), head.deactivated_at, head.email) == (before, None, "fn_head@sp-bochnia.example.com")


def test_she_still_moves_and_adds_people_who_head_nothing(signed_in, world):
    place = world.bochnia

    move(signed_in(place.office_admin), place.fn_clerk, place.departments["KM"])

    assert work(place.fn_clerk)[-1][:2] == (place.departments["KM"].id, False)


@pytest.mark.parametrize(("reader", "is_asked"), [("proxy", True), ("deputy", True), ("office_admin", False)])
@pytest.mark.parametrize("page", ["osoby/nowa", "osoby/{key}/przenies"])
def test_only_who_may_say_it_is_asked_who_heads_a_department(signed_in, world, reader, is_asked, page):
    place = world.bochnia

    shown = signed_in(place.people[reader]).get(f"{OFFICE}/{page.format(key=place.fn_clerk.key)}")

    assert bool(BeautifulSoup(shown.data, "html.parser").select("#is_head")) is is_asked


NAMES_HEADS = {Who.PROXY, Who.DEPUTY, Who.HEAD_OF_OFFICE, Who.SECRETARY}


@pytest.mark.parametrize("name", ["proxy", "deputy", "head", "secretary", "auditor", "office_admin", "external"])
def test_the_proxy_and_the_management_say_who_heads_a_department_and_nobody_else(world: World, name: str) -> None:
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        by = acting(place.people[name])
        asked = {"from_on": TODAY + DAY, "is_head": True, "by": by, "today": TODAY}
        if by.posts[place.office.id] & NAMES_HEADS:
            service.move(place.fn_clerk, place.departments["KM"], **asked)
        else:
            with pytest.raises(NotPermitted):
                service.move(place.fn_clerk, place.departments["KM"], **asked)
        db.session.rollback()


# Moves


@pytest.mark.parametrize("first_day", [SINCE, SINCE - DAY, date(2000, 1, 1)])
def test_a_move_does_not_begin_before_the_work_so_far(signed_in, world, first_day):
    place = world.bochnia
    before = work(place.auditor)

    refused = move(signed_in(place.proxy), place.auditor, place.departments["FN"], f"{first_day:%d.%m.%Y}")

    assert "02.01.2024" in refusal(refused)
    assert work(place.auditor) == before


def test_a_move_recorded_late_ends_the_work_so_far_the_day_before(signed_in, world):
    place = world.bochnia

    move(signed_in(place.proxy), place.auditor, place.departments["FN"], "2.11.2026")

    assert work(place.auditor) == [
        (place.departments["KM"].id, False, SINCE, date(2026, 11, 1)),
        (place.departments["FN"].id, False, date(2026, 11, 2), None),
    ]


def test_work_that_is_over_is_not_made_shorter(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    move(client, place.auditor, place.departments["FN"], "2.11.2026")
    before = work(place.auditor)

    refused = move(client, place.auditor, place.departments["GD"], "1.10.2026")

    assert "01.11.2026" in refusal(refused)
    assert work(place.auditor) == before


def test_work_that_has_not_begun_is_taken_back_by_an_earlier_move(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    move(client, place.auditor, place.departments["FN"], "1.12.2026")

    move(client, place.auditor, place.departments["GD"], "25.11.2026")

    assert work(place.auditor) == [
        (place.departments["KM"].id, False, SINCE, date(2026, 11, 24)),
        (place.departments["GD"].id, False, date(2026, 11, 25), None),
    ]
