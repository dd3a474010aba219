"""The coordinator's list of all offices: who may see it, what can be found in it, and that its cost does not grow."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from qms import demo
from qms.coordination import queries
from qms.coordination.queries import Wanted
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.people.models import Person
from tests.support.cases import Case
from tests.support.offices import an_office, certify
from tests.support.statements import counted
from tests.support.world import TODAY

LIST = "/urzedy"
TOWNS = ("Łódź", "Zamość", "Łęczyca", "Żary", "Łowicz", "Ćmielów", "Lipsko", "Ciechanów")


@pytest.fixture
def every_office(app: Flask) -> Iterator[None]:
    with scoped(EVERY_OFFICE):
        yield


@pytest.fixture
def coordinator(world: Any, signed_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return signed_in(world.coordinator)


@pytest.fixture
def towns(world: Any, every_office: None) -> None:
    for number, town in enumerate(TOWNS):
        an_office(town, number)
    db.session.commit()


def names(client: FlaskClient, address: str = LIST) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    return [cell.get_text(strip=True) for cell in BeautifulSoup(page.data, "html.parser").select("tbody th")]


# ----------------------------------------------------------------------------------------------- who may see it

STAFF = ("proxy", "deputy", "head", "secretary", "auditor", "office_admin", "external", "fn_head")


@pytest.mark.parametrize("name", STAFF)
def test_people_of_an_office_do_not_know_that_there_is_such_a_page(world, signed_in, name):
    assert signed_in(world.bochnia.people[name]).get(LIST).status_code == 404


def test_the_administrator_does_not_compare_offices(world, signed_in):
    assert signed_in(world.admin).get(LIST).status_code == 404


def test_a_stranger_is_led_to_sign_in(world, client):
    assert client.get(LIST).headers["Location"].startswith("/logowanie")


def test_the_page_tells_no_name_and_no_word_of_a_finding(world, coordinator):
    Case(world.bochnia).publish()

    page = coordinator.get(LIST).get_data(as_text=True)

    everybody = {person.name for person in db.session.scalars(select(Person))} - {world.coordinator.name}
    assert "Starostwo Powiatowe w Bochni" in page
    assert "Dwa upoważnienia" not in page
    assert not [name for name in everybody if name in page]


def test_only_an_office_that_agreed_can_be_opened_from_the_list(world, coordinator):
    world.leczyca.office.shares_content = True
    db.session.commit()

    page = BeautifulSoup(coordinator.get(LIST).data, "html.parser")

    assert {link["href"] for link in page.select("tbody a")} == {"/u/sp-leczyca/certyfikat"}
    assert coordinator.get("/u/sp-leczyca/certyfikat").status_code == 200


# -------------------------------------------------------------------------------------------- what can be found


def test_offices_stand_in_the_order_of_a_polish_dictionary(towns, coordinator):
    towns_shown = [name.removeprefix("Urząd Miasta ") for name in names(coordinator) if "Miasta" in name]

    assert towns_shown == ["Ciechanów", "Ćmielów", "Lipsko", "Łęczyca", "Łowicz", "Łódź", "Zamość", "Żary"]


@pytest.mark.parametrize("typed", ["Łódź", "łódź", "lodz", "LODZ", "urzad lodz", "miasto łódź"])
def test_an_office_is_found_however_its_letters_are_typed(towns, coordinator, typed):
    assert names(coordinator, f"{LIST}?q={typed}") == ["Urząd Miasta Łódź"]


def test_words_are_found_by_their_beginning(towns, coordinator):
    assert names(coordinator, f"{LIST}?q=łęcz") == ["Starostwo Powiatowe w Łęczycy", "Urząd Miasta Łęczyca"]
    assert names(coordinator, f"{LIST}?q=czyca") == []


@pytest.mark.parametrize("typed", ["%", "_", "'", "100%25", "%00", "x" * 5000, "\\"])
def test_marks_that_a_database_would_read_are_harmless(towns, coordinator, typed):
    assert coordinator.get(LIST, query_string={"q": typed}).status_code == 200


def test_filters_narrow_the_list_together(towns, coordinator, every_office):
    an_office("Krosno", 90, voivodeship="podkarpackie", type="powiat")
    certify(an_office("Jasło", 91, voivodeship="podkarpackie"), starts=-900, ends=9)
    db.session.commit()

    assert names(coordinator, f"{LIST}?woj=podkarpackie") == ["Urząd Miasta Jasło", "Urząd Miasta Krosno"]
    assert names(coordinator, f"{LIST}?woj=podkarpackie&typ=powiat") == ["Urząd Miasta Krosno"]
    assert names(coordinator, f"{LIST}?woj=podkarpackie&uwaga=certyfikat") == ["Urząd Miasta Jasło"]
    assert names(coordinator, f"{LIST}?woj=podkarpackie&typ=powiat&q=jaslo") == []


def test_words_of_the_address_that_mean_nothing_are_passed_over(towns, coordinator):
    assert len(names(coordinator, f"{LIST}?woj=atlantyda&typ=x&uwaga=x&strona=-4")) == len(TOWNS) + 2


def test_each_big_number_leads_to_the_offices_it_counts(towns, coordinator):
    page = BeautifulSoup(coordinator.get(LIST).data, "html.parser")

    for number in page.select(".big-number"):
        shown = int(number.select_one(".big-number__value").text)
        assert len(names(coordinator, number.select_one("a")["href"])) == shown


def test_fifty_offices_stand_on_a_page(world, coordinator, every_office):
    for number in range(60):
        an_office(f"Miasto {number:02}", number)
    db.session.commit()

    first, second, beyond = (names(coordinator, f"{LIST}?strona={number}") for number in (1, 2, 9))

    assert (len(first), len(second)) == (50, 12)
    assert beyond == second
    assert len({*first, *second}) == 62


def test_the_page_asks_as_many_questions_for_two_offices_as_for_a_hundred(world, coordinator):
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, starts=-400, ends=600)
        db.session.commit()
    with counted() as of_two:
        names(coordinator)
    with scoped(EVERY_OFFICE):
        for number in range(100):
            certify(an_office(f"Miasto {number:03}", number), starts=-400, ends=600)
        db.session.commit()
    with counted() as of_many:
        names(coordinator)

    assert len(of_many) == len(of_two)


def test_fifty_large_offices_cost_no_more_questions_than_one(app, every_office):
    demo.synthesise(offices=51, audits=4, findings=10, on=TODAY, say=lambda _: None)

    with counted() as of_one:
        queries.page(Wanted(typed=" 17"), TODAY, number=1, total=1)
    with counted() as of_fifty:
        queries.page(Wanted(), TODAY, number=1, total=51)

    assert len(of_fifty) == len(of_one)
