"""Answering from a mailbox, as the reader of a letter does: by its link, not signed in."""

from typing import Any

from bs4 import BeautifulSoup
from flask import current_app
from sqlalchemy import select
from werkzeug.test import TestResponse

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.people import links
from qms.people.models import AddressChange, Invitation


def newest(model: type[Invitation | AddressChange], email: str) -> Any:
    """The newest invitation, or change, with this address."""
    with scoped(EVERY_OFFICE):
        found = db.session.scalars(select(model).where(model.email == email).order_by(model.id.desc())).first()
        if found is not None:
            db.session.expunge(found)
        db.session.commit()
    return found


def link(what: str, email: str) -> str:
    """The link that the newest letter to this address carries, or about it for the old mailbox."""
    asked = newest(Invitation if what == links.JOIN else AddressChange, email)
    return links.path_of(what, asked.key, current_app.config["SECRET_KEY"])


def press(path: str) -> TestResponse:
    """Open the page behind a link and press its button."""
    browser = current_app.test_client()
    page = BeautifulSoup(browser.get(path).data, "html.parser")
    fields = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    return browser.post(path, data=fields)


def accept(email: str) -> TestResponse:
    return press(link(links.JOIN, email))


def confirm(email: str) -> TestResponse:
    return press(link(links.CONFIRM, email))
