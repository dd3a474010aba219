"""The page of letters: one office, fifty a page, and whether the post runs."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core import clock, inserts, paging, runs
from qms.core.db import EVERY_OFFICE, scoped
from qms.core.transactions import writing
from qms.people.models import Person
from qms.reminders import queries
from qms.reminders.models import Reminder
from tests.support.mail_server import mail_server
from tests.support.post import put, send
from tests.support.statements import counted
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]


def test_the_page_shows_the_letters_of_this_office_and_of_no_other(world: World, signed_in: SignIn) -> None:
    put(world.bochnia.fn_head, "ours", office_id=world.bochnia.office.id)
    put(world.leczyca.fn_head, "theirs", office_id=world.leczyca.office.id)
    put(world.bochnia.fn_head, "nobody's", kind="sign_in_code", payload={"code": "493817"})

    page = signed_in(world.bochnia.proxy).get("/u/sp-bochnia/listy").get_data(as_text=True)

    assert page.count(world.bochnia.fn_head.name) == 1
    assert world.leczyca.fn_head.name not in page
    assert "493817" not in page


def test_a_line_of_the_page_unfolds_to_all_there_is_to_say_of_the_letter(world: World, signed_in: SignIn) -> None:
    put(world.bochnia.fn_head, office_id=world.bochnia.office.id, is_awaited=False)

    [row] = BeautifulSoup(signed_in(world.bochnia.proxy).get("/u/sp-bochnia/listy").data, "html.parser").select(
        "tbody tr"
    )

    assert row.th.get_text() == world.bochnia.fn_head.name
    assert row.select_one("summary").get_text() == "List próbny"
    assert f"Napisany: {TODAY:%d.%m.%Y}, 10:00" in row.select_one(".fold__body").get_text()
    assert row.select("td")[-1].get_text() == "czeka"


def test_the_page_takes_as_many_queries_for_one_letter_as_for_fifty(world: World, signed_in: SignIn) -> None:
    counts = []
    for number in range(51):
        put(world.bochnia.fn_head, f"letter {number}", office_id=world.bochnia.office.id)
        if number in {0, 50}:
            client = signed_in(world.bochnia.proxy)
            with counted() as statements:
                page = BeautifulSoup(client.get("/u/sp-bochnia/listy").data, "html.parser")
            counts.append(len(statements))

    assert counts[0] == counts[1]
    assert len(page.select("tbody tr")) == 50
    assert len(BeautifulSoup(client.get("/u/sp-bochnia/listy?strona=2").data, "html.parser").select("tbody tr")) == 1


@pytest.mark.parametrize("page", ["0", "-1", "99999", "x", "9" * 30])
def test_a_page_that_is_not_there_shows_the_nearest(world: World, signed_in: SignIn, page: str) -> None:
    put(world.bochnia.fn_head, office_id=world.bochnia.office.id)

    answer = signed_in(world.bochnia.proxy).get(f"/u/sp-bochnia/listy?strona={page}")

    assert answer.status_code == 200
    assert world.bochnia.fn_head.name in answer.get_data(as_text=True)


def test_a_test_letter_comes_to_who_asks_for_it_once(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    page = BeautifulSoup(client.get("/u/sp-bochnia/listy").data, "html.parser")
    form = page.select_one('form[action$="/listy/probny"]')
    assert form is not None
    hidden = {str(field["name"]): field.get("value", "") for field in form.select("input[type=hidden]")}

    for _ in range(2):
        assert client.post("/u/sp-bochnia/listy/probny", data=hidden).status_code == 302
    with mail_server() as server:
        send(server)

    assert server.recipients == [world.bochnia.proxy.email]


def test_the_page_says_when_the_scheduler_is_silent(world: World, signed_in: SignIn) -> None:
    silent = signed_in(world.bochnia.proxy).get("/u/sp-bochnia/listy").get_data(as_text=True)
    with writing():
        runs.record("plan", started_at=clock.now(), outcome="well")
    alive = signed_in(world.bochnia.proxy).get("/u/sp-bochnia/listy").get_data(as_text=True)

    assert "notice--warning" in silent
    assert "notice--warning" not in alive


def test_the_history_counts_of_a_digest_only_what_is_about_this_office(world: World) -> None:
    digest = put(world.bochnia.proxy, kind="digest", payload={})
    line = {"kind": "audit", "due_on": TODAY, "step": "0", "level": "person", "planned_at": clock.now()}
    line |= {"person_id": world.bochnia.proxy.id, "letter_id": digest.id}
    ours, theirs = world.bochnia.office.id, world.leczyca.office.id
    with scoped(EVERY_OFFICE), writing():
        subjects = [("a", ours), ("b", theirs), ("c", theirs)]
        inserts.insert_all_once(Reminder, [line | {"subject": name, "office_id": office} for name, office in subjects])

    with scoped(frozenset({ours})):
        [shown] = queries.history(ours, number=1).rows

    assert [each.subject for each in shown.matters] == ["a"]


def test_letters_are_counted_to_a_thousand_and_leafed_to_the_end(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 100)
    for number in range(130):
        put(world.bochnia.fn_head, f"letter {number}", office_id=world.bochnia.office.id)
    client = signed_in(world.bochnia.proxy)
    pages = {}

    for number in (1, 2, 3, 4, int("9" * 30)):
        pages[number] = BeautifulSoup(client.get(f"/u/sp-bochnia/listy?strona={number}").data, "html.parser")

    assert "z ponad 100" in " ".join(pages[1].main.text.split())
    assert [len(page.select("tbody tr")) for page in pages.values()] == [50, 50, 30, 50, 50]
    assert [bool(page.select_one("a[rel=next]")) for page in pages.values()] == [True, True, False, True, True]


def test_the_administrator_of_the_register_finds_how_its_post_runs_without_any_post(
    world: World, signed_in: SignIn
) -> None:
    put(world.bochnia.proxy)
    client = signed_in(world.admin)

    menu = BeautifulSoup(client.get("/zadania").data, "html.parser").select("nav.tabs a")
    page = BeautifulSoup(client.get("/stan").data, "html.parser").main

    assert [link["href"] for link in menu] == ["/zadania", "/stan"]
    assert "Czekają na wysłanie 1" in page.get_text(" ", strip=True)
    assert world.bochnia.proxy.name not in page.get_text()
    assert "qms scheduler" in page.get_text()
