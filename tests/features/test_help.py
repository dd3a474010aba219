"""The help page and the accessibility statement, open to everybody."""

import pytest
from bs4 import BeautifulSoup

# What the ministry's checker looks for in a statement.
IDS = (
    *("a11y-wstep", "a11y-podmiot", "a11y-url", "a11y-data-publikacja", "a11y-data-aktualizacja", "a11y-status"),
    *("a11y-data-sporzadzenie", "a11y-kontakt", "a11y-osoba", "a11y-email", "a11y-telefon", "a11y-procedura"),
    *("a11y-architektura", "a11y-aplikacje"),
)


@pytest.fixture(params=["nobody", "the proxy"])
def reader(request, client, signed_in, world):
    return client if request.param == "nobody" else signed_in(world.bochnia.proxy)


def main_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").main


@pytest.mark.parametrize("name", IDS)
def test_the_statement_has_each_part_once(reader, name):
    assert len(main_of(reader, "/deklaracja-dostepnosci").select(f"#{name}")) == 1


def test_the_statement_names_the_readers_own_office_and_its_proxy(signed_in, world):
    statement = main_of(signed_in(world.leczyca.fn_clerk), "/deklaracja-dostepnosci")

    assert statement.select_one("#a11y-podmiot").get_text() == world.leczyca.office.name
    assert statement.select_one("#a11y-osoba").get_text() == world.leczyca.proxy.name
    assert statement.select_one("#a11y-email")["href"] == f"mailto:{world.leczyca.proxy.email}"


@pytest.mark.usefixtures("world")
def test_a_stranger_reads_the_name_of_no_office(client):
    assert "Starostwo" not in main_of(client, "/deklaracja-dostepnosci").get_text()


def test_every_page_leads_to_the_statement_and_the_help(reader):
    page = BeautifulSoup(reader.get("/pomoc").data, "html.parser")

    assert page.select_one("meta[name='deklaracja-dostępności']")["content"] == "/deklaracja-dostepnosci"
    assert {link["href"] for link in page.select("footer a")} >= {"/pomoc", "/deklaracja-dostepnosci"}


def test_every_line_of_the_contents_leads_to_a_part_of_the_help(client):
    page = main_of(client, "/pomoc")

    targets = [link["href"].removeprefix("#") for link in page.select("nav li a")]
    assert targets == [part["id"] for part in page.select("section")]
    assert len(targets) > 10


def test_the_help_is_there_in_both_languages(client):
    client.set_cookie("jezyk", "en")

    assert main_of(client, "/pomoc").h1.get_text() == "Help: each job step by step"
