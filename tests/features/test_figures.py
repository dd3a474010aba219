"""The findings of an office in numbers: counted right, to those who may see them, at a cost that does not grow."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db, scoped
from qms.findings.models import Finding, Round
from qms.offices import queries as offices
from qms.people.models import Person
from tests.features.test_findings_register import copies
from tests.support.cases import Case, clause_id
from tests.support.sheets import csv_rows
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

PAGE = "/u/sp-bochnia/ustalenia/liczby"
BY = ("komorka", "rozdzial", "przyczyna", "zrodlo", "rok")
SignIn = Callable[[Person], FlaskClient]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def table(client: FlaskClient, address: str, place: int) -> dict[str, list[str]]:
    """The rows of one of the three tables by their names, without the hidden words of links."""
    answer = client.get(address)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.data, "html.parser")
    for hidden in page.select("td .hidden"):
        hidden.decompose()
    rows = page.select("main table")[place].select("tbody tr")
    return {row.th.text.strip(): [cell.text.strip() for cell in row.select("td")] for row in rows}


def first_rounds(case: Case, results: dict[str, bool | None]) -> None:
    """A judged first round for each of the findings with these numbers."""
    with case.scope():
        for number, is_effective in results.items():
            finding = db.session.query(Finding).filter_by(number=number).one()
            row = {"office_id": finding.office_id, "finding_id": finding.id}
            db.session.add(Round(**row, number=1, is_effective=is_effective))
            if is_effective is False:
                db.session.add(Round(**row, number=2, is_effective=True))
        db.session.commit()


@pytest.fixture
def place(world: World) -> OfficeWorld:
    """Open cases of four ages and closed ones of finance; an observation; a case of another department."""
    case = Case(world.bochnia).publish()
    waiting = {"waits_for": "answer", "due_on": days_ago(-1)}
    for number, days in enumerate((15, 30, 31, 91)):
        copies(case, 1, number=f"A-{number}", reported_on=days_ago(days), **waiting)
    copies(case, 1, number="B", reported_on=days_ago(40), waits_for="answer", due_on=days_ago(1))
    closed: dict[str, Any] = {"state": "closed", "stage": 5, "reported_on": date(2025, 3, 1)}
    for number, days in enumerate((10, 20, 31, 100)):
        copies(case, 1, number=f"Z-{number}", closed_on=date(2025, 3, 1) + timedelta(days=days), **closed)
    copies(case, 1, number="O", category="observation", stage=None)
    gd = world.bochnia.departments["GD"].id
    copies(case, 1, number="G", department_id=gd, source="complaint", audit_id=None, clause_id=clause_id("8.5.6"),
           reported_on=TODAY, **waiting)  # fmt: skip
    first_rounds(case, {"Z-0": True, "Z-1": True, "Z-2": False, "Z-3": True, "B": None})
    return world.bochnia


def test_open_cases_are_counted_by_their_age_and_the_overdue_ones_apart(place: OfficeWorld, signed_in: SignIn) -> None:
    found = table(signed_in(place.proxy), PAGE, 0)

    assert found[place.departments["FN"].name] == ["6", "1", "2", "2", "1", "1"]
    assert found[place.departments["GD"].name] == ["1", "1", "0", "0", "0", "0"]
    assert found["Wszystkie sprawy"] == ["7", "2", "2", "2", "1", "1"]


def test_cases_are_told_apart_by_the_kind_of_their_cause(place: OfficeWorld, signed_in: SignIn) -> None:
    with scoped(frozenset({place.office.id})):
        kind = offices.cause_kinds(place.office.id)[0]
        for number in ("A-0", "Z-0"):
            db.session.query(Finding).filter_by(number=number).one().cause_key = kind.key
        db.session.commit()
    client = signed_in(place.proxy)

    found = table(client, f"{PAGE}?wedlug=przyczyna", 0)
    link = BeautifulSoup(client.get(f"{PAGE}?wedlug=przyczyna").data, "html.parser").select_one("main tbody td a")

    assert {name: cells[0] for name, cells in found.items()} == {
        "Brak zasady albo zasada niejasna": "1",
        "Nie podano rodzaju przyczyny": "6",
        "Wszystkie sprawy": "7",
    }
    assert f"przyczyna={kind.key}" in link["href"]


def test_days_to_closing_have_a_median_of_each_row_and_one_of_all(place: OfficeWorld, signed_in: SignIn) -> None:
    by_year = table(signed_in(place.proxy), f"{PAGE}?wedlug=rok", 1)

    assert by_year["2025"] == ["4", "4", "26", "100", "4 sprawy"]
    assert by_year["2026"] == ["7", "0", "–", "–", "–"]
    assert by_year["Wszystkie sprawy"] == ["11", "4", "26", "100", "4 sprawy"]


def test_few_judged_cases_are_told_without_a_percentage(place: OfficeWorld, signed_in: SignIn) -> None:
    client = signed_in(place.proxy)
    few = table(client, PAGE, 2)[place.departments["FN"].name]
    first_rounds(Case(place).publish(), {"A-0": False})
    enough = table(client, PAGE, 2)[place.departments["FN"].name]

    assert few == ["4", "3", "3 z 4, za mało na procent"]
    assert enough == ["5", "3", "3 z 5, czyli 60%"]


def test_cases_are_told_apart_by_chapter_and_by_source(place: OfficeWorld, signed_in: SignIn) -> None:
    client = signed_in(place.proxy)

    chapters = table(client, f"{PAGE}?wedlug=rozdzial", 0)
    sources = table(client, f"{PAGE}?wedlug=zrodlo", 0)

    assert [name.split(",")[0] for name in chapters] == ["Rozdział 7", "Rozdział 8", "Wszystkie sprawy"]
    assert {name: cells[0] for name, cells in sources.items()} == {"Audit": "6", "Skarga": "1", "Wszystkie sprawy": "7"}


def test_a_period_holds_the_cases_reported_in_it(place: OfficeWorld, signed_in: SignIn) -> None:
    client = signed_in(place.proxy)

    found = table(client, f"{PAGE}?od=2025-01-01&do=31.12.2025", 1)
    turned = client.get(f"{PAGE}?od=2025-12-31&do=2025-01-01").text

    assert found["Wszystkie sprawy"][0] == "4"
    assert "Ostatni dzień wypada przed pierwszym" in turned


@pytest.mark.parametrize("by", BY)
def test_each_number_leads_to_just_these_cases(place: OfficeWorld, signed_in: SignIn, by: str) -> None:
    client = signed_in(place.proxy)
    page = BeautifulSoup(client.get(f"{PAGE}?wedlug={by}&od=2025-01-01").data, "html.parser")
    links = {link["href"]: int(link.contents[0]) for link in page.select("main td a.number")}

    listed = {address: BeautifulSoup(client.get(address).data, "html.parser") for address in links}

    assert len(links) > 5
    assert {address: len(each.select("tbody tr")) for address, each in listed.items()} == links


@pytest.mark.parametrize(
    ("who", "seen"), [("proxy", "11"), ("fn_head", "10"), ("gd_head", "1"), ("external", "11"), ("km_head", None)]
)
def test_people_see_numbers_of_what_the_register_shows_them(
    place: OfficeWorld, signed_in: SignIn, who: str, seen: str | None
) -> None:
    client = signed_in(place.people[who])

    if seen is None:
        assert "Nie ma jeszcze spraw" in client.get(PAGE).text
    else:
        assert table(client, PAGE, 1)["Wszystkie sprawy"][0] == seen


def test_another_office_has_neither_the_page_nor_its_cases(place: OfficeWorld, world: World, signed_in: SignIn) -> None:
    other = signed_in(world.leczyca.proxy)

    assert [other.get(f"{PAGE}{ending}").status_code for ending in ("", ".csv", ".xlsx")] == [404] * 3
    assert "Nie ma jeszcze spraw" in other.get("/u/sp-leczyca/ustalenia/liczby").text


def test_the_numbers_are_saved_as_the_page_shows_them(place: OfficeWorld, signed_in: SignIn) -> None:
    client = signed_in(place.proxy)

    head, *rows = csv_rows(client.get(f"{PAGE}.csv?wedlug=rok&do=2025-12-31"))

    assert head[0] == "Rok zgłoszenia"
    assert rows[0] == ["2025", "4", "0", "0", "0", "0", "0", "0", "4", "4", "26", "100", "4", "3"]
    assert [row[0] for row in rows] == ["2025", "Wszystkie sprawy"]
    assert client.get(f"{PAGE}.xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("by", BY)
def test_numbers_of_a_thousand_cases_take_as_many_queries_as_those_of_one(
    world: World, signed_in: SignIn, by: str
) -> None:
    case = Case(world.bochnia).publish()
    browser = signed_in(world.bochnia.proxy)
    taken = []
    for count in (0, 1000):
        copies(case, count, closed_on=TODAY, state="closed", stage=5)
        browser.get(f"{PAGE}?wedlug={by}")
        with counted() as statements:
            browser.get(f"{PAGE}?wedlug={by}")
        taken.append(len(statements))

    assert taken[0] == taken[1]
