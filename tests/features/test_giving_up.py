"""Giving letters up: an address in their head that a mail program can press, and what one letter a week still tells."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.auth import giving_up
from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.core.transactions import writing
from qms.people import service as people
from qms.people.models import Person
from qms.reminders import ahead
from qms.reminders.models import Reminder
from tests.support.ledger import nonconformity, plan, without_trainings
from tests.support.mail_server import mail_server
from tests.support.post import MONDAY, at, put, send
from tests.support.wording import Words
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    with without_trainings():
        yield world.bochnia


@pytest.fixture
def address(app: Flask) -> Callable[[str, Person], str]:
    return lambda what, person: giving_up.path_of(what, person, app.config["SECRET_KEY"])


def person(of: Person) -> Person:
    return db.session.get_one(Person, of.id, populate_existing=True)


def test_letters_that_come_by_themselves_can_be_pressed_away_and_no_others(bochnia: OfficeWorld, app: Flask) -> None:
    nonconformity(bochnia, due_on=TODAY)
    plan(bochnia)
    put(bochnia.fn_head)
    with mail_server() as server:
        send(server)

    heads = {
        bool(taken.message["List-Unsubscribe"]): taken.message for taken in server.letters_to(bochnia.fn_head.email)
    }

    assert set(heads) == {True, False}
    path = giving_up.path_of("przypomnienia", bochnia.fn_head, app.config["SECRET_KEY"])
    assert heads[True]["List-Unsubscribe"] == f"<{app.config['BASE_URL']}{path}>"
    assert heads[True]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert heads[False]["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("language", ["pl", "en"])
def test_opening_the_address_changes_nothing_and_pressing_its_button_does(
    bochnia: OfficeWorld, client: FlaskClient, address: Callable[[str, Person], str], language: str
) -> None:
    words, head = Words(language), bochnia.head
    with writing():
        head.language = language
    path = address("stan", head)

    page = BeautifulSoup(client.get(path).data, "html.parser")
    assert page.html["lang"] == language
    assert person(head).wants_status is None
    [button] = page.select("main form button")
    assert (button["name"], button["value"], button.get_text()) == (
        *ONE_CLICK,
        *ONE_CLICK.values(),
        words("Stop this letter"),
    )

    refused = client.post(path)
    assert words("Nothing was changed yet. Press the button below.") in refused.text
    assert person(head).wants_status is None
    answer = client.post(path, data=ONE_CLICK)

    assert answer.status_code == 200
    assert words("You will get no more letters about how things stand.") in answer.text
    assert "/konto" in answer.text
    assert person(head).wants_status is False


CHOSEN = {"stan": {"wants_status": False}, "przypomnienia": {"wants_weekly": True}}
TAKEN_BACK = {"stan": {"wants_status": True}, "przypomnienia": {"wants_weekly": False}}


@pytest.mark.parametrize("what", CHOSEN)
def test_the_page_of_what_was_given_up_says_so_and_how_to_take_it_back(
    bochnia: OfficeWorld, client: FlaskClient, address: Callable[[str, Person], str], what: str
) -> None:
    def shown(choice: dict[str, bool]) -> Tag:
        with writing():
            for name, chosen in choice.items():
                setattr(person(bochnia.head), name, chosen)
        return BeautifulSoup(client.get(address(what, bochnia.head)).data, "html.parser").main

    given_up, taken_back = shown(CHOSEN[what]), shown(TAKEN_BACK[what])

    assert not given_up.select("form")
    assert given_up.select_one(".notice").get_text().startswith("Wybrano")
    [(field, _)] = CHOSEN[what].items()
    place = {"wants_weekly": "wants_digest"}.get(field, field)
    assert given_up.select_one(f"a.button[href='/konto#{place}']")
    assert [len(taken_back.select("form")), len(taken_back.select(".notice"))] == [1, 0]


def test_a_mail_program_presses_it_without_cookies_or_token_and_the_trail_says_who(
    app: Flask, bochnia: OfficeWorld, address: Callable[[str, Person], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)

    answer = app.test_client().post(address("przypomnienia", bochnia.fn_head), data=ONE_CLICK)

    assert answer.status_code == 200
    assert (person(bochnia.fn_head).wants_digest, person(bochnia.fn_head).wants_weekly) == (True, True)
    told = select(TrailEntry).where(TrailEntry.about == "person", TrailEntry.row_id == str(bochnia.fn_head.id))
    last = db.session.scalars(told.order_by(TrailEntry.seq.desc())).first()
    assert last is not None
    assert (last.person_id, last.via) == (bochnia.fn_head.id, "letter")


def test_nobody_finds_the_address_of_another(
    bochnia: OfficeWorld, client: FlaskClient, address: Callable[[str, Person], str]
) -> None:
    right = address("stan", bochnia.head)
    token = right.rpartition("/")[2]
    key, _, seal = token.partition("-")
    wrong = [
        right.replace("stan", "przypomnienia"),
        right.replace("stan", "inne"),
        right.replace(key, bochnia.secretary.key),
        right[:-1],
        right + "0",
        right.replace(seal, "0" * len(seal)),
        right.replace(seal, seal.upper()),
    ]

    assert len(seal) * 4 == 160
    assert [client.post(each, data=ONE_CLICK).status_code for each in wrong] == [404] * len(wrong)
    with writing():
        people.deactivate(bochnia.head, reason="Odejście")
    assert client.get(right).status_code == 404


def test_a_failure_logs_no_secret_address(
    app: Flask,
    bochnia: OfficeWorld,
    address: Callable[[str, Person], str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", value=False)
    monkeypatch.setattr(giving_up, "GIVE_UP", {"stan": fail})
    path = address("stan", bochnia.head)

    assert app.test_client().post(path, data=ONE_CLICK).status_code == 500
    assert path.rpartition("-")[2] not in caplog.text


def digests() -> dict[date, list[str]]:
    """Due days of the lines of each digest, by the day from which it may leave."""
    found: dict[date, list[str]] = {}
    rows = select(Letter.not_before, Reminder.due_on).join(Reminder, Reminder.letter_id == Letter.id)
    for at_, due_on in db.session.execute(rows.order_by(Letter.not_before, Reminder.due_on)):
        found.setdefault(clock.day_of(at_), []).append(str(due_on))
    return found


def weekly(of: OfficeWorld) -> None:
    with writing():
        person(of.fn_head).wants_weekly = True


def test_one_letter_a_week_tells_on_monday_what_can_wait_and_at_once_what_cannot(bochnia: OfficeWorld) -> None:
    weekly(bochnia)
    nonconformity(bochnia, due_on=TUESDAY + timedelta(days=7))  # a week before: today
    nonconformity(bochnia, due_on=TUESDAY + timedelta(days=3))  # three days before: today
    plan(bochnia, TUESDAY)

    assert digests() == {TUESDAY: ["2026-11-27"], NEXT_MONDAY: ["2026-12-01"]}


def test_what_can_wait_joins_the_letter_of_the_week_and_nothing_late_is_held_by_it(bochnia: OfficeWorld) -> None:
    weekly(bochnia)
    nonconformity(bochnia, due_on=TUESDAY + timedelta(days=7))
    nonconformity(bochnia, due_on=TUESDAY + timedelta(days=8))
    plan(bochnia, TUESDAY)
    plan(bochnia, TUESDAY + timedelta(days=1))
    nonconformity(bochnia, due_on=TUESDAY - timedelta(days=1))
    plan(bochnia, TUESDAY + timedelta(days=1), is_whole=True)

    assert digests()[NEXT_MONDAY] == ["2026-12-01", "2026-12-02"]
    assert digests()[TUESDAY + timedelta(days=1)] == ["2026-11-23"]


def test_no_due_day_of_anybody_who_wants_one_letter_a_week_passes_before_the_letter(bochnia: OfficeWorld) -> None:
    weekly(bochnia)
    for days in range(15):
        nonconformity(bochnia, due_on=MONDAY + timedelta(days=days))
    for days in range(22):
        plan(bochnia, MONDAY + timedelta(days=days))
    first_told = {}
    for leaves_on, due in digests().items():
        for each in due:
            first_told.setdefault(date.fromisoformat(each), leaves_on)

    assert len(first_told) == 15
    assert [due for due, told in first_told.items() if told > due] == []


def test_what_will_be_sent_shows_the_day_of_the_week(bochnia: OfficeWorld) -> None:
    weekly(bochnia)
    nonconformity(bochnia, due_on=TUESDAY + timedelta(days=7))

    coming = ahead.preview(bochnia.office.id, TUESDAY, TUESDAY, today=TUESDAY)

    assert [(each.planned_on, each.day) for each in coming] == [(TUESDAY, NEXT_MONDAY)]


def test_the_digest_leads_to_the_settings(bochnia: OfficeWorld) -> None:
    nonconformity(bochnia, due_on=TODAY)
    plan(bochnia)

    with mail_server() as server, clock.at(at(TODAY, 16)):
        send(server)

    [taken] = server.letters_to(bochnia.fn_head.email)
    assert re.search(r"Zmień, co i kiedy przychodzi: http://\S+/konto$", taken.text, re.MULTILINE)
    assert "/konto" in taken.html
