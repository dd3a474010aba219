"""The local mailbox: what is in it, who may look, where its links lead."""

from contextlib import nullcontext
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from qms.auth import service
from qms.core import clock, i18n
from qms.core.db import db
from qms.core.mail import MailboxTransport
from qms.core.paging import PER_PAGE
from tests.support.statements import counted

CODE_LETTER = "Twój kod:\n\n    482915\n\nWpisz go na stronie.\n"


@pytest.fixture
def put(app):
    """Lays a letter into the local mailbox."""

    def lay(text, *, subject="Kod do logowania", to="anna@sp-bochnia.example.com", html="<p>x</p>", file=None):
        message = EmailMessage()
        message["To"], message["Subject"], message["Date"] = to, subject, format_datetime(clock.now())
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        if file is not None:
            message.add_attachment(file, "text", "calendar", filename="termin.ics")
        transport = MailboxTransport(Path(app.config["MAILBOX"]))
        transport.open()
        transport.send(to, message.as_bytes())

    return lay


def page(client, address="/poczta"):
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").main


def first_letter(client):
    return page(client).select_one("a[href^='/poczta/']")["href"]


def test_an_empty_mailbox_says_that_it_is_empty(client):
    assert page(client).select_one(".empty")


def test_letters_stand_newest_first(client, put):
    for number, hour in enumerate((0, 2, 1)):
        with clock.at(clock.now().replace(hour=hour)):
            put("Dzień dobry", subject=f"List {number}")

    assert [link.get_text() for link in page(client).select(".tasks a")] == ["List 1", "List 2", "List 0"]


def test_more_letters_than_a_page_holds_are_leafed_through_and_none_is_out_of_reach(client, put):
    for number in range(PER_PAGE + 1):
        with clock.at(clock.now() + timedelta(minutes=number)):
            put("Dzień dobry", subject=f"List {number}")
    first, second = page(client), page(client, "/poczta?strona=2")

    assert [f"Pokazano 1–50 z {PER_PAGE + 1}" in first.get_text(), len(first.select(".tasks a"))] == [True, PER_PAGE]
    assert "Strona 1 z 2" in first.select_one(".pager").get_text()
    assert first.select_one(".pager a[rel=next]")["href"] == "/poczta?strona=2"
    [oldest] = second.select(".tasks a")
    assert oldest.get_text() == "List 0"
    assert page(client, oldest["href"]).h1.get_text() == "List 0"
    assert page(client, "/poczta?strona=9").select_one(".tasks a").get_text() == "List 0"


def test_a_sign_in_code_stands_out_in_the_list_and_in_the_letter(client, put):
    put(CODE_LETTER)

    assert page(client).select_one("b.number").get_text() == "482915"
    assert page(client, first_letter(client)).select_one("b.number").get_text() == "482915"


def test_a_letter_without_a_code_shows_none(client, put):
    put("Audit A-2026-01 zacznie się 20.11.2026, numer 123456 w rejestrze.\n")

    assert page(client).select("b.number") == []


def test_links_to_this_site_can_be_followed_and_no_others(client, put):
    put(
        "Odpowiedz: http://localhost/u/sp-bochnia/ustalenia/k7f3q9 teraz\nhttp://localhost.evil.example/x http://evil.example/"
    )

    letter = page(client, first_letter(client)).select_one(".letter")
    assert [link["href"] for link in letter.select("a")] == ["/u/sp-bochnia/ustalenia/k7f3q9"]
    assert "http://evil.example/" in letter.get_text()


def test_what_a_letter_says_is_text_and_never_markup(client, put):
    put("<script>alert(1)</script>\n", subject="<b>x</b>", html="<script>alert(2)</script>")

    shown = page(client, first_letter(client))
    assert "<script>alert(1)</script>" in shown.get_text()
    assert not shown.select("script")
    assert not shown.select("h1 b")


def test_the_files_of_a_letter_are_named_and_can_be_saved(client, put):
    put("Audit", file=b"BEGIN:VCALENDAR\r\n<script>")
    address = first_letter(client)

    [link] = page(client, address).select("a[download]")
    assert link.get_text() == "termin.ics"
    assert "text/calendar, 1 kB" in page(client, address).get_text()
    saved = client.get(link["href"])
    assert saved.data == b"BEGIN:VCALENDAR\r\n<script>"
    assert saved.headers["Content-Disposition"] == "attachment; filename=termin.ics"
    assert saved.mimetype == "text/calendar"
    assert [client.get(f"{address}/{place}").status_code for place in (0, 2, "x")] == [404, 404, 404]


def test_a_letter_that_is_not_there_gets_404(client, put):
    put("x")

    for name in ("1", "..%2F..%2Fsecret.key", "x" * 500):
        assert client.get(f"/poczta/{name}").status_code == 404


OUTSIDE = {
    "another computer": {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
    "through a proxy": {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    "through a proxy that says so otherwise": {"headers": {"Forwarded": "for=127.0.0.1"}},
    "through a proxy that tells its own name": {"headers": {"Via": "1.1 gateway"}},
}


@pytest.mark.parametrize("way", OUTSIDE)
def test_the_mailbox_is_not_there_for_anybody_else(client, put, way):
    put(CODE_LETTER, file=b"x")
    address = first_letter(client)

    assert client.get("/poczta", **OUTSIDE[way]).status_code == 404
    assert client.get(f"{address}/1", **OUTSIDE[way]).status_code == 404
    assert client.get(address, **OUTSIDE[way]).status_code == 404


@pytest.mark.parametrize(("setting", "value"), [("MAILBOX_IS_OPEN", False), ("BASE_URL", "https://audity.example.pl")])
def test_it_is_not_there_once_letters_are_sent_or_the_site_is_public(app, client, put, monkeypatch, setting, value):
    put(CODE_LETTER)
    monkeypatch.setitem(app.config, setting, value)

    assert client.get("/poczta").status_code == 404


def test_the_page_for_the_code_points_to_the_mailbox_of_this_computer_only(app, world, client):
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    for browser in (client, stranger):
        with browser.session_transaction() as session:
            session["email"] = world.bochnia.proxy.email

    assert client.get("/logowanie/kod").text.count("/poczta") == 1
    assert stranger.get("/logowanie/kod").text.count("/poczta") == 0


def shown_code(client):
    """What the list says of the newest letter with a code."""
    return page(client).select_one("li:has(b.number)").get_text(" ", strip=True)


@pytest.fixture
def given(world, put):
    """A code in a letter of the proxy, and the code itself."""
    code = service.code_on_console(world.bochnia.proxy)
    db.session.commit()
    put(CODE_LETTER.replace("482915", code), to=f"{world.bochnia.proxy.name} <{world.bochnia.proxy.email}>")
    return code


def test_a_code_says_until_when_it_is_valid_and_that_it_was_used(world, client, given):
    until = clock.now() + service.CODE_LIFE
    assert f"(ważny do {i18n.time(until)})" in shown_code(client)

    service.sign_in_with_code(world.bochnia.proxy.email, given, browser="x", machine="y")
    db.session.commit()

    assert "(użyty)" in shown_code(client)
    assert "(użyty)" in page(client, first_letter(client)).get_text()


def wait(_person):
    return clock.at(clock.now() + service.CODE_LIFE)


def guess(person):
    for _ in range(service.CODE_TRIES):
        service.sign_in_with_code(person.email, "0", browser="x", machine="y")
    return nullcontext()


def leave(person):
    person.deactivated_at = clock.now()
    return nullcontext()


def move(person):
    person.email = "inny@example.com"
    return nullcontext()


def come_back(person):
    person.reopened_at = clock.now() + timedelta(seconds=1)
    return nullcontext()


@pytest.mark.parametrize("what", [wait, guess, leave, move, come_back])
def test_a_code_that_lets_nobody_in_any_more_says_so(world, client, given, what):
    later = what(world.bochnia.proxy)
    db.session.commit()

    with later:
        assert "(już nieważny)" in shown_code(client)


def test_a_code_of_somebody_else_says_nothing_of_ones_own(world, client, given, put):
    put(CODE_LETTER.replace("482915", given), to=world.leczyca.proxy.email)

    assert "(już nieważny)" in shown_code(client)


def test_the_mailbox_asks_the_database_as_often_for_many_codes_as_for_one(world, client, given, put):
    def asked():
        with counted() as statements:
            page(client)
        return len(statements)

    once = asked()
    for number in range(5):
        put(CODE_LETTER.replace("482915", f"48291{number}"), to=world.bochnia.deputy.email)

    assert asked() == once
