"""Links in letters as their readers use them: read in the letter, opened and answered without a session."""

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from qms.core import clock
from qms.core.db import db
from qms.domain.grants import Purpose, named
from qms.findings.models import Action, Finding
from qms.grants import service as grants
from qms.people.models import Person
from tests.support.forms import form_of
from tests.support.mail_server import mail_server
from tests.support.post import send

HERE: Mapping[str, str] = {"Origin": "http://localhost"}
_LINK = re.compile(r"http://localhost(/o/(?:odpowiedz|wykonane)/\S+)")


def links_to(person: Person) -> list[str]:
    """The links in the letters that leave now for this person, oldest first."""
    with mail_server() as server:
        send(server)
    return [path for letter in server.letters_to(person.email) for path in _LINK.findall(letter.text)]


def link_of(purpose: Purpose, key: str, reader: Person, *, is_new: bool = False) -> str:
    """What is secret in a link about a case or an action, which is good from now on; no letter is sent."""
    office_id = db.session.scalars(select(Finding.office_id).where(Finding.key == key)).first()
    office_id = office_id or db.session.scalars(select(Action.office_id).where(Action.key == key)).one()
    told = {"letter_id": 1, "reader": reader, "secret": current_app.config["SECRET_KEY"], "today": clock.today()}
    linked = grants.linked(named(purpose, office_id, key, is_new=is_new), **told)
    grants.give(linked.rows)
    return str(linked.payload["path"]).rpartition("/")[2]


def stranger() -> FlaskClient:
    """A browser that was never here."""
    return current_app.test_client()


def press(path: str, button: str = "", *, browser: FlaskClient | None = None, **typed: Any) -> TestResponse:
    """Open the page, type into its form, press one of its buttons."""
    visitor = browser or stranger()
    return press_again(path, visitor.get(path), button, browser=visitor, **typed)


def press_again(
    path: str, page: TestResponse, button: str = "", *, browser: FlaskClient | None = None, **typed: Any
) -> TestResponse:
    """The same on a page that is open already."""
    fields: dict[str, Any] = form_of(page.data) | typed | ({button: "1"} if button else {})
    return (browser or stranger()).post(path, data=fields, headers=dict(HERE))


AN_ANSWER: Mapping[str, str] = {
    "correction": "Odnowiono upoważnienia.",
    "cause": "Nikt nie pilnuje dat.",
    "actions-0-description": "Rejestr z datami.",
    "actions-0-due_on": "18.12.2026",
}


def answer(path: str, **typed: Any) -> TestResponse:
    """Fill the four fields in, check and send."""
    checked = press(path, **(dict(AN_ANSWER) | typed))
    return press_again(path, checked, "confirm")


def heading(page: TestResponse) -> str:
    found = BeautifulSoup(page.data, "html.parser").h1
    return " ".join(found.get_text().split()) if found else ""
