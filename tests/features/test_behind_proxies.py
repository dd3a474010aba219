"""Behind a reverse proxy, asked through a socket as a proxy does: who is believed, and what nobody outside may see."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from qms.auth.models import Attempt
from qms.core import visitors
from qms.core.db import db
from tests.support.site import Site
from tests.support.world import TODAY

Serve = Callable[..., Site]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    sites: list[Site] = []

    def start(**settings: str) -> Site:
        sites.append(Site(tmp_path, **settings))
        sites[-1].start(TODAY)
        return sites[-1]

    yield start
    for site in sites:
        site.stop()


def ask_for_a_code(site: Site, forwarded_for: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    browser.addheaders = [("X-Forwarded-For", forwarded_for)]
    with browser.open(f"{site.address}/logowanie") as answer:
        page = BeautifulSoup(answer.read(), "html.parser")
    fields = {field["name"]: field.get("value", "") for field in page.select("main form input[name]")}
    sent = urllib.parse.urlencode(fields | {"email": "nobody@example.com"}).encode()
    with browser.open(f"{site.address}/logowanie", sent) as answer:
        assert answer.url.endswith("/logowanie/kod")


def machines(site: Site) -> int:
    """How many machines the limits of the door tell apart."""
    with site.inside():
        return len(set(db.session.scalars(select(Attempt.subject).where(Attempt.door == "code-machine"))))


VISITORS = ("192.0.2.1", "198.51.100.7, 192.0.2.3", "2001:db8::1", "::ffff:192.0.2.4", "192.0.2.1:40312")


@pytest.mark.parametrize(("proxies", "told_apart"), [("1", len(VISITORS)), ("0", 1)])
def test_visitors_are_told_apart_by_a_trusted_proxy_and_by_nobody_else(
    serve: Serve, proxies: str, told_apart: int
) -> None:
    site = serve(QMS_TRUSTED_PROXIES=proxies)

    for visitor in VISITORS:
        ask_for_a_code(site, visitor)

    assert machines(site) == told_apart
    assert site.complaints == ""


@pytest.mark.parametrize(
    ("told", "machine"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.1:40312", "192.0.2.1:40312"),
        ("unknown", "unknown"),
    ],
)
def test_a_machine_is_an_address_or_the_network_of_a_computer_that_has_many(told: str, machine: str) -> None:
    with Flask("any").test_request_context(environ_base={"REMOTE_ADDR": told}):
        assert visitors.machine() == machine


def status(site: Site, path: str, **headers: str) -> int:
    asked = urllib.request.Request(f"{site.address}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


OF_PROXIES = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "localhost",
    "X-Forwarded-Proto": "http",
    "Forwarded": "for=127.0.0.1",
    "Via": "1.1 gateway",
    "X-Real-IP": "127.0.0.1",
}


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_a_proxy_on_this_computer_shows_the_local_mailbox_to_nobody(serve: Serve, proxies: str) -> None:
    site = serve(QMS_TRUSTED_PROXIES=proxies)

    assert status(site, "/poczta") == 200
    told = {name: status(site, "/poczta", **{name: value}) for name, value in OF_PROXIES.items()}
    assert told == dict.fromkeys(OF_PROXIES, 404)
    assert site.complaints == ""
