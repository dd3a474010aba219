"""The register of actions: whose it shows, in which order, how it is narrowed, and that its cost does not grow."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core import paging
from qms.core.db import db, scoped
from qms.findings import actions
from qms.findings.models import Action
from qms.policy import Reach
from tests.support.cases import Case, later, on
from tests.support.sheets import csv_rows
from tests.support.statements import counted
from tests.support.world import TODAY, World

LIST = "/u/sp-bochnia/dzialania"


def numbers(client: FlaskClient, address: str = LIST) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    return [link.text for link in BeautifulSoup(page.data, "html.parser").select("tbody th a")]


@pytest.fixture
def four(world: World) -> World:
    """Due in thirty days, due in five, done, and one whose plan nobody accepted yet; and one elsewhere."""
    Case(world.bochnia).publish().answer(due_on=later(30)).accept()
    Case(world.bochnia).publish().answer(due_on=later(5), owner="km_head").accept()
    Case(world.bochnia).publish().answer().accept().do()
    Case(world.bochnia).publish().answer()
    Case(world.leczyca).publish().answer().accept()
    return world


N1, N2, N3 = (f"N-2026-00{place}" for place in (1, 2, 3))
FILTERS = {
    "": [N2, N1],
    "?stan=wykonane": [N3],
    "?stan=wszystkie": [N2, N1, N3],
    "?termin=tydzien": [N2],
    "?termin=miesiac&stan=wszystkie": [N2, N1],
    "?termin=po-terminie": [],
    "?termin=x&stan=x&komorka=x&osoba=x&strona=x": [N2, N1],
    "?strona=9999999999": [],
}


def test_the_latest_comes_first_and_the_address_narrows_the_list(four, signed_in):
    client = signed_in(four.bochnia.proxy)

    assert {address: numbers(client, LIST + address) for address in FILTERS} == FILTERS


def test_it_is_narrowed_to_a_person_and_a_department(four, signed_in):
    client, there = signed_in(four.bochnia.proxy), four.bochnia

    assert numbers(client, f"{LIST}?osoba={there.km_head.key}") == [N2]
    assert numbers(client, f"{LIST}?komorka={there.departments['FN'].key}&stan=wszystkie") == [N2, N1, N3]
    assert numbers(client, f"{LIST}?komorka={there.departments['GD'].key}&stan=wszystkie") == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("proxy", [N2, N1, N3]),
        ("external", [N2, N1, N3]),
        ("fn_head", [N2, N1, N3]),
        ("fn_clerk", [N1, N3]),
        ("km_head", [N2]),
        ("gd_head", []),
    ],
)
def test_people_see_the_actions_of_the_cases_they_see(four, signed_in, who, seen):
    client = signed_in(four.bochnia.people[who])

    assert numbers(client, f"{LIST}?stan=wszystkie") == seen
    assert [row[0] for row in csv_rows(client.get(f"{LIST}.csv?stan=wszystkie"))[1:]] == seen


def test_another_office_has_no_such_list_and_none_of_its_rows(four, signed_in):
    other = signed_in(four.leczyca.proxy)

    assert [other.get(LIST + ending).status_code for ending in ("", ".csv", ".xlsx")] == [404] * 3
    assert len(csv_rows(other.get("/u/sp-leczyca/dzialania.csv?stan=wszystkie"))) == 1 + 1
    assert numbers(other, f"/u/sp-leczyca/dzialania?osoba={four.bochnia.km_head.key}") == [N1]


def test_people_to_narrow_to_are_only_those_one_may_read_of(four, signed_in):
    page = BeautifulSoup(signed_in(four.bochnia.km_head).get(LIST).data, "html.parser")

    assert [option.text for option in page.select("#osoba option")][1:] == [four.bochnia.km_head.name]


def test_days_late_are_told_and_a_cancelled_case_asks_for_nothing(four, signed_in):
    with on(later(8)):
        client = signed_in(four.bochnia.proxy)
        text = " ".join(client.get(f"{LIST}?termin=po-terminie").get_data(as_text=True).split())
        line = dict(zip(*csv_rows(client.get(f"{LIST}.csv?termin=po-terminie")), strict=True))

    assert "3 dni po terminie" in text
    assert line["Dni po terminie"] == "3"


def more(case: Case, count: int, **changed: Any) -> None:
    with case.scope():
        told = {"office_id": case.finding.office_id, "round_number": 1, "description": "Przeszkolić."}
        told |= {"finding_id": case.finding.id, "owner_id": case.where.fn_clerk.id, "due_on": TODAY} | changed
        db.session.add_all(Action(**told) for _ in range(count))
        db.session.commit()


def test_the_list_sends_as_many_statements_for_many_as_for_one(world, signed_in):
    case = Case(world.bochnia).publish().answer().accept()
    client = signed_in(world.bochnia.proxy)
    client.get(LIST)
    with counted() as one:
        client.get(LIST)
    more(case, 120)
    with counted() as many:
        assert len(numbers(client)) == 50

    assert len(many) == len(one)


def test_what_is_to_be_done_leads_over_into_what_was_done(world, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 60)
    case = Case(world.bochnia).publish().answer().accept()
    more(case, 69, due_on=TODAY + timedelta(days=1))
    more(case, 60, done_on=TODAY)
    both = actions.Filters(is_done=True)

    with case.scope():
        pages = [actions.page(case.finding.office_id, Reach(everything=True), both, number=n) for n in (1, 2, 3, 4)]

    assert [len(page.rows) for page in pages] == [50, 50, 30, 0]
    assert len({row.id for page in pages for row in page.rows}) == 130
    assert [row.done_on is None for page in pages for row in page.rows] == [True] * 70 + [False] * 60
    assert [page.has_next for page in pages] == [True, True, False, False]


def test_what_was_done_is_narrowed_among_the_newest(world, monkeypatch):
    monkeypatch.setattr(actions, "SEARCHED", 5)
    case = Case(world.bochnia).publish().answer().accept()
    more(case, 9, done_on=TODAY)
    more(case, 2, done_on=TODAY - timedelta(days=90))
    mine = actions.Filters(is_undone=False, is_done=True, owner_id=world.bochnia.fn_clerk.id)

    with scoped(frozenset({world.bochnia.office.id})):
        narrow = actions.page(case.finding.office_id, Reach(everything=True), mine)
        whole = actions.page(case.finding.office_id, Reach(everything=True), actions.Filters(is_done=True))

    assert (narrow.total, narrow.done_since) == (9, TODAY)
    assert (whole.total, whole.done_since) == (12, None)


def test_an_empty_list_says_what_fills_it(world, signed_in):
    client = signed_in(world.bochnia.proxy)

    assert "Żadne działanie nie czeka na wykonanie" in client.get(LIST).get_data(as_text=True)
    assert "Żadne działanie nie pasuje" in client.get(f"{LIST}?termin=tydzien").get_data(as_text=True)
