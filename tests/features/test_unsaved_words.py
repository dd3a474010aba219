"""A form that is not taken gives back what was written in it, whatever the reason."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from qms.core.db import db
from tests.support.application import typed
from tests.support.cases import Case
from tests.support.world import World

WORDS = "Nikt nie pilnuje dat <b>ważności</b>."
TYPED = {"correction": "Odnowiono.", "cause": WORDS, "actions-0-due_on": "27.3.2027", "draft": "1"}
GIVEN_BACK = "Nikt nie pilnuje dat &lt;b&gt;ważności&lt;/b&gt;."


@pytest.fixture
def address(world: World) -> str:
    """Where the head of the finance department writes an answer."""
    return Case(world.bochnia).publish().address + "/odpowiedz"


def test_whoever_was_signed_out_while_writing_gets_the_words_and_the_way_back(address, client):
    answer = client.post(address, data=TYPED)

    assert answer.status_code == 401
    assert GIVEN_BACK in answer.text
    assert "27.3.2027" not in answer.text
    assert f'href="/logowanie?dalej={address}"' in answer.text


def test_a_form_without_words_leads_to_the_door_as_a_link_does(address, client):
    answer = client.post(address, data={"cause": "", "actions-0-due_on": "27.3.2027"})

    assert (answer.status_code, answer.location) == (302, "/logowanie")


def test_whoever_may_not_do_it_gets_the_words(address, world, signed_in):
    answer = signed_in(world.bochnia.km_head).post(address, data=TYPED)

    assert answer.status_code in {403, 404}
    assert GIVEN_BACK in answer.text


def test_a_page_kept_open_over_another_sign_in_gets_the_words(app: Flask, address, world, signed_in):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = signed_in(world.bochnia.fn_head).post(address, data=TYPED | {"csrf_token": "of-yesterday"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 400
    assert GIVEN_BACK in answer.text


def test_a_failure_of_the_database_gives_the_words_back(address, world, signed_in, monkeypatch):
    browser = signed_in(world.bochnia.fn_head)

    def fail(*_arguments: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(db.session, "commit", fail)
    answer = typed(browser, address, cause=WORDS, draft="1")

    assert answer.status_code == 503
    assert GIVEN_BACK in answer.text


def test_a_password_is_never_given_back(app: Flask, client):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(
            "/logowanie/haslo", data={"email": "a@example.com", "password": "cztery zwykłe słowa tutaj"}
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 400
    assert "zwykłe" not in answer.text
