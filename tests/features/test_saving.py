"""The guard, the transaction and the refusals, tried on a small page of their own."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from qms.core.access import check_every_route, guard, public
from qms.core.web import safe_next
from qms.policy import Can
from tests.support.application import typed


def test_an_app_with_an_unguarded_route_does_not_start():
    app = Flask("bare")
    app.add_url_rule("/open", "open", lambda: "")

    with pytest.raises(RuntimeError, match="open"):
        check_every_route(app, {"static": "files"})


def test_an_app_whose_routes_all_say_who_may_enter_starts():
    app = Flask("bare")
    app.add_url_rule("/open", "open", public("a test")(lambda: ""))
    app.add_url_rule("/shut", "shut", guard(Can.SEE_OWN_TASKS)(lambda: ""))

    check_every_route(app, {"static": "files"})


@pytest.mark.parametrize("address", ["/zadania", "/u/sp-bochnia/ustalenia?rok=2026&stan=otwarte", "/u/a/b/c.d-e_f~g"])
def test_a_page_of_this_site_may_be_gone_on_to(address):
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "////evil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "\\\\evil.example",
        "//evil.example",
        "\x01https://evil.example",
        "javascript:alert(1)",
        "https://evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/..//evil",
        "zadania",
        "/\\evil.example",
        "/a@evil.example",
        "/a b",
    ],
)
def test_no_other_address_is(address):
    assert safe_next(address) is None


def test_a_form_sent_twice_is_saved_once(world, signed_in):
    client = signed_in(world.bochnia.proxy)
    page = BeautifulSoup(client.get("/konto").data, "html.parser")
    once = page.select_one("main form input[name=once]")["value"]
    chosen = {"once": once, "language": "en", "wants_digest": "tak", "letters_at": "07:30"}
    chosen["wants_status"] = "nie"
    answers = [client.post("/konto", data=chosen) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert "saved already" in client.get("/konto").get_data(as_text=True)


def test_a_refused_form_keeps_what_was_typed(world, signed_in):
    answer = typed(signed_in(world.bochnia.proxy), "/konto", language="xx")

    assert answer.status_code == 200
    assert "error" in answer.get_data(as_text=True)


def test_every_answer_carries_the_security_headers(client):
    answer = client.get("/logowanie")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80@localhost"])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/logowanie", headers={"Host": host}).status_code == 400
