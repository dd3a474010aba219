"""Views of the registers that people keep: their own, checked, and gone when removed."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db, scoped
from qms.domain.views import Listed
from qms.findings import views
from qms.findings.view_models import SavedView
from qms.people.models import Person
from tests.support.forms import send
from tests.support.world import TODAY, World

HOME = "/u/sp-bochnia"
SignIn = Callable[[Person], FlaskClient]


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser")


def link(found: BeautifulSoup, words: str) -> str:
    return next(str(each["href"]) for each in found.select("main a") if words in each.text)


def kept(client: FlaskClient, list_url: str, name: str) -> str:
    """Keep what the list shows now; where that leads."""
    answer = send(client, link(page(client, list_url), "Zapisz ten widok"), name=name)
    assert answer.status_code == 302
    return answer.location


@pytest.mark.parametrize(
    ("plain", "other", "query"),
    [
        (f"{HOME}/ustalenia", f"{HOME}/dzialania", "stan=otwarte&po_terminie=y"),
        (f"{HOME}/dzialania", f"{HOME}/ustalenia", "termin=miesiac"),
    ],
)
def test_a_view_stands_above_its_list_until_it_is_removed(
    world: World, signed_in: SignIn, plain: str, other: str, query: str
) -> None:
    client = signed_in(world.bochnia.proxy)

    led_to = kept(client, f"{plain}?{query}", "Moje")
    shown = page(client, plain)

    assert parse_qs(urlsplit(led_to).query) == parse_qs(query)
    assert link(shown, "Moje") == led_to
    assert "Moje" not in page(client, other).main.text
    assert "Moje" not in page(signed_in(world.bochnia.deputy), plain).main.text

    remove = link(page(client, led_to), "Usuń widok")
    assert send(client, remove).status_code == 302
    assert "Moje" not in page(client, plain).main.text


def test_only_filters_of_the_list_are_kept(world: World, signed_in: SignIn) -> None:
    address = f"{HOME}/ustalenia?stan=otwarte&rok=x&next=//evil.example&_external=1&slug=sp-leczyca&strona=2"

    led_to = kept(signed_in(world.bochnia.proxy), address, "Moje")

    assert led_to == f"{HOME}/ustalenia?stan=otwarte"


def test_a_stored_name_that_is_no_filter_leads_nowhere_else(world: World, signed_in: SignIn) -> None:
    with scoped(frozenset({world.bochnia.office.id})):
        stored = {"stan": "otwarte", "_external": "1", "_anchor": "x", "dalej": "//evil.example"}
        what = views.Narrowed(Listed.FINDINGS, stored)
        views.keep(world.bochnia.office, "Moje", what, person_id=world.bochnia.proxy.id, today=TODAY)
        db.session.commit()

    assert link(page(signed_in(world.bochnia.proxy), f"{HOME}/ustalenia"), "Moje") == f"{HOME}/ustalenia?stan=otwarte"


def test_a_view_needs_a_filter_and_a_name_of_its_own(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    kept(client, f"{HOME}/ustalenia?stan=otwarte", "Moje")
    address = link(page(client, f"{HOME}/ustalenia?rok=2026"), "Zapisz ten widok")

    none = client.get(f"{HOME}/widoki/nowy")
    unnamed, again = send(client, address), send(client, address, name="MOJE")

    assert none.location == f"{HOME}/ustalenia"
    assert "Wpisz nazwę widoku." in unnamed.text
    assert "Masz już widok o tej nazwie" in again.text


def test_nobody_else_removes_a_view(world: World, signed_in: SignIn) -> None:
    kept(signed_in(world.bochnia.proxy), f"{HOME}/ustalenia?stan=otwarte", "Moje")
    with scoped(frozenset({world.bochnia.office.id})):
        key = db.session.query(SavedView.key).scalar()

    answers = [
        signed_in(who).get(f"{HOME}/widoki/{key}/usun").status_code
        for who in (world.bochnia.proxy, world.bochnia.deputy, world.leczyca.proxy)
    ]

    assert answers == [200, 404, 404]
