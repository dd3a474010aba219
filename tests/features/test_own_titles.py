"""An office's own titles of clauses: read everywhere in the office, and nowhere else."""

import pytest
from bs4 import BeautifulSoup

from qms.core.db import db, scoped
from qms.requirements import queries, service
from qms.standards import queries as standards
from tests.support.application import typed
from tests.support.cases import Case, clause_id
from tests.support.statements import counted

OFFICE = "/u/sp-bochnia"
TITLES = f"{OFFICE}/norma/90012015/tytuly"
OWN, OFFICIAL = "Papiery i rejestry", "Nadzór nad udokumentowanymi informacjami"


def rename(client, title=OWN, number="7.5.3", **changed):
    return typed(client, TITLES, **{f"title_{clause_id(number)}": title} | changed)


def page(client, address):
    return " ".join(BeautifulSoup(client.get(address).data, "html.parser").main.get_text(" ").split())


def share(place):
    with scoped(frozenset({place.office.id})):
        db.session.refresh(place.office)
        place.office.shares_content = True
        db.session.commit()


def test_a_title_is_read_in_the_office_and_the_official_one_stands_beside_it_on_its_page(signed_in, world):
    place = world.bochnia

    answer = rename(signed_in(place.proxy))

    assert answer.location == f"{OFFICE}/norma?wydanie=90012015"
    shown = page(signed_in(place.auditor), answer.location)
    assert f"7.5.3 {OWN} Tytuł oficjalny: {OFFICIAL}" in shown


def test_findings_reports_and_lists_call_the_clause_as_the_office_does(signed_in, world):
    place = world.bochnia
    rename(signed_in(place.proxy), number="9.1.3", title="Analizy")
    case = Case(place).publish()
    client = signed_in(place.proxy)
    audit = f"{OFFICE}/audity/{case.audit.key}"

    pages = [page(client, address) for address in (audit, f"{audit}/raport", f"{OFFICE}/audity/nowy")]

    assert all("9.1.3 Analizy" in each and "9.1.3 Analiza" not in each for each in pages)


@pytest.mark.parametrize("title", ["", "   "])
def test_an_emptied_line_gives_the_official_title_back(signed_in, world, title):
    client = signed_in(world.bochnia.proxy)
    rename(client)

    rename(client, title=title)

    assert OWN not in page(client, f"{OFFICE}/norma")
    assert f"7.5.3 {OFFICIAL}" in page(client, f"{OFFICE}/norma")


def test_another_office_and_a_coordinator_read_the_official_title(signed_in, world):
    place = world.bochnia
    rename(signed_in(place.proxy))
    share(place)

    assert OWN not in page(signed_in(world.leczyca.proxy), "/u/sp-leczyca/norma")
    visitor = page(signed_in(world.coordinator), f"{OFFICE}/norma")
    assert OWN not in visitor
    assert OFFICIAL in visitor


def test_a_title_that_is_too_long_is_refused_at_its_line_and_nothing_is_lost(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    others = {f"title_{clause_id('9.1.3')}": "Analizy"}

    refused = rename(client, title="x" * 201, **others)

    shown = BeautifulSoup(refused.data, "html.parser")
    assert [each["id"] for each in shown.select("main p.error")] == [f"title_{clause_id('7.5.3')}-error"]
    assert shown.select_one(f"#title_{clause_id('9.1.3')}")["value"] == "Analizy"
    with scoped(frozenset({world.bochnia.office.id})):
        assert queries.own_titles(world.bochnia.office.id) == {}


def test_titles_saved_meanwhile_are_not_overwritten(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    loaded = BeautifulSoup(client.get(TITLES).data, "html.parser").select_one("main [name=version]")["value"]
    rename(client)

    assert rename(client, title="Inne", version=loaded).status_code == 409


def test_a_page_takes_one_statement_more_for_any_number_of_titles(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    address = f"{OFFICE}/norma"
    client.get(address)
    with counted() as none:
        client.get(address)
    with scoped(frozenset({place.office.id})):
        db.session.refresh(place.office)
        every = {each.id: f"Nazwa {each.number}" for each in standards.clauses("9001:2015") if each.title_pl}
        service.name_clauses(place.office, every)
        db.session.commit()

    with counted() as many:
        client.get(address)

    assert len(many) == len(none)


def test_a_part_of_a_clause_bears_the_offices_title_of_the_clause(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    rename(client, number="9.2", title="Sprawdziany")

    assert "9.2.2 Sprawdziany Tytuł oficjalny: Audit wewnętrzny" in page(client, f"{OFFICE}/norma")


def first_of(client, address=TITLES):
    """The labels of the lines that stand open above the folded chapters."""
    form = BeautifulSoup(client.get(address).data, "html.parser").select_one("main form[method=post]")
    return [each.text.split()[0] for each in form.select("label") if not each.find_parent("details")]


def test_changed_titles_stand_first_and_any_clause_is_found_by_number_or_words(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    assert first_of(client) == []
    rename(client, number="9.2")

    assert first_of(client) == ["9.2"]
    assert first_of(client, f"{TITLES}?szukaj=7.5") == ["7.5", "7.5.1", "7.5.2", "7.5.3"]
    assert first_of(client, f"{TITLES}?szukaj=INFRASTRUKT") == ["7.1.3"]
    assert "Sprawdź pisownię" in page(client, f"{TITLES}?szukaj=żyrafa")


def test_saving_what_was_found_keeps_the_other_titles(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    rename(client, number="9.2", title="Sprawdziany")

    found = f"{TITLES}?szukaj=7.5.3"
    typed(client, found, **{f"title_{clause_id('7.5.3')}": OWN})

    assert {OWN, "Sprawdziany"} <= set(own(world).values())


def own(world):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        return queries.own_titles(place.office.id)
