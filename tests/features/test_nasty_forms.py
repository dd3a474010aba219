"""Forms sent as no page would send them: with ids of another office, with fields not theirs, twice, late, huge."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from qms.audits.models import Audit
from qms.certificates.models import Certificate
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.findings.models import Finding
from qms.offices.models import Department, Office
from qms.people.models import Person
from qms.training.models import Training
from tests.support import crowd as crowds
from tests.support.application import NOON, Store
from tests.support.crowd import Crowd
from tests.support.forms import complaint, form_of, send, shown
from tests.support.threads import at_once

HERE, THERE = "sp-bochnia", "sp-leczyca"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest) -> Iterator[Crowd]:
    store: Store = request.getfixturevalue(f"{request.param}_store")
    app = store.fresh()
    with clock.at(NOON):
        with app.app_context():
            found = crowds.gather(app)
        yield found


def at(crowd: Crowd, rest: str) -> str:
    return f"/u/{HERE}/{rest}".format(**crowd.keys[HERE])


# Each edit form: as whom, where, which field is typed into, and the row it edits.
EDITS: dict[str, tuple[str, str, str, Any]] = {
    "audit": ("proxy", "audity/{audit}/zmien", "objective", Audit),
    "draft": ("lead", "szkice/{draft}/zmien", "statement", Finding),
    "answer": ("unit head", "ustalenia/{returned}/odpowiedz", "cause", Finding),
    "decision": ("proxy", "ustalenia/{answered}/sprawdz", "reason", Finding),
    "verification": ("team", "ustalenia/{done}/weryfikacja", "note", Finding),
    "judgement": ("lead", "ustalenia/{verified}/skutecznosc", "how_shown", Finding),
    "certificate": ("deputy", "certyfikat/{certificate}/zmien", "scope", Certificate),
    "training": ("proxy", "szkolenia/{training}/zmien", "title", Training),
    "department": ("office admin", "komorki/{department}/zmien", "name", Department),
    "name": ("office admin", "osoby/{colleague}/zmien", "name", Person),
    "settings": ("proxy", "ustawienia", "audit_pattern", Office),
}
CHOSEN = {
    "decision": {"decision": "return"},
    "verification": {"outcome": "done"},
    "judgement": {"outcome": "no"},
    "answer": {"draft": "1"},
}
TYPED = "A-{yyyy}-{n:02}-9"  # fits every field, a pattern of numbers too


def stored(crowd: Crowd) -> dict[str, list[str]]:
    return crowds.contents(crowd.app, besides={"used_form"})


@pytest.mark.parametrize("name", EDITS)
def test_a_form_loaded_before_somebody_else_saved_keeps_what_was_typed_and_saves_nothing(
    crowd: Crowd, name: str
) -> None:
    role, path, field, _ = EDITS[name]
    before = stored(crowd)

    answer = send(crowd.browser(role), at(crowd, path), **CHOSEN.get(name, {}), **{field: TYPED}, version="0")

    assert answer.status_code == (200 if name == "answer" else 409)
    assert shown(answer, field) == TYPED
    assert form_of(answer.data)["version"] != ["0"]
    assert stored(crowd) == before


@pytest.mark.parametrize("name", EDITS)
def test_a_form_that_does_not_say_what_it_was_loaded_from_saves_nothing(crowd: Crowd, name: str) -> None:
    role, path, field, _ = EDITS[name]
    browser, before = crowd.browser(role), stored(crowd)
    fields = form_of(browser.get(at(crowd, path)).data) | CHOSEN.get(name, {}) | {field: TYPED}
    del fields["version"]

    answer = browser.post(at(crowd, path), data=fields)

    assert answer.status_code in {200, 409}
    assert stored(crowd) == before


@pytest.mark.parametrize("name", EDITS)
def test_a_text_of_a_hundred_thousand_characters_is_refused_at_its_place_and_kept_on_the_page(
    crowd: Crowd, name: str
) -> None:
    role, path, field, _ = EDITS[name]
    before, typed = stored(crowd), "ż" * 100_000

    answer = send(crowd.browser(role), at(crowd, path), **CHOSEN.get(name, {}), **{field: typed})

    assert answer.status_code == 200
    assert complaint(answer, field)
    assert shown(answer, field) == typed
    assert stored(crowd) == before


def columns() -> dict[str, str]:
    """A field for every column of every table, none of which a form should heed."""
    names = {column.name for table in db.metadata.sorted_tables for column in table.c}
    return dict.fromkeys(names, "1")


GUARDED = (
    "id",
    "key",
    "office_id",
    "number",
    "state",
    "slug",
    "email",
    "is_admin",
    "is_coordinator",
    "kind",
    "person_id",
)


@pytest.mark.parametrize("name", ["audit", "draft", "certificate", "training", "department", "name", "settings"])
def test_fields_that_a_form_has_not_change_nothing(crowd: Crowd, name: str) -> None:
    role, path, _, model = EDITS[name]
    browser = crowd.browser(role)
    own = form_of(browser.get(at(crowd, path)).data)
    before = guarded(crowd, model)

    answer = browser.post(at(crowd, path), data=columns() | own)

    assert answer.status_code == 302, BeautifulSoup(answer.data, "html.parser").select_one("[data-error-summary]")
    assert {each: values for each, values in guarded(crowd, model).items() if each not in own} == {
        each: values for each, values in before.items() if each not in own
    }


def guarded(crowd: Crowd, model: Any) -> dict[str, list[Any]]:
    with crowd.app.app_context(), scoped(EVERY_OFFICE):
        names = [name for name in GUARDED if name in model.__table__.c]
        return {name: db.session.scalars(select(getattr(model, name)).order_by(model.id)).all() for name in names}


def test_nobody_makes_themselves_an_administrator_on_the_page_of_their_account(crowd: Crowd) -> None:
    browser, before = crowd.browser("employee"), guarded(crowd, Person)
    own = form_of(browser.get("/konto").data)

    assert browser.post("/konto", data=columns() | own).status_code == 302
    assert guarded(crowd, Person) == before


def foreign(crowd: Crowd) -> dict[str, str]:
    """Ids and keys of the other office, as a form would hold them."""
    with crowd.app.app_context(), scoped(EVERY_OFFICE):
        department = db.session.scalars(
            select(Department).where(Department.key == crowd.keys[THERE]["department"])
        ).one()
        person = db.session.scalars(select(Person).where(Person.key == crowd.keys[THERE]["colleague"])).one()
        return {
            "department id": str(department.id),
            "department key": department.key,
            "person id": str(person.id),
            "person key": person.key,
            "action": crowd.keys[THERE]["action"],
        }


# As whom, where, which field gets an id of the other office, which one, and what is chosen besides.
BORROWED: dict[str, tuple[str, str, str, str, dict[str, Any]]] = {
    "department of an audit": ("proxy", "audity/{audit}/zmien", "department_ids", "department id", {}),
    "lead of an audit": ("proxy", "audity/{audit}/zmien", "lead_id", "person id", {}),
    "member of an audit": ("proxy", "audity/{audit}/zmien", "member_ids", "person id", {}),
    "trainee of an audit": ("proxy", "audity/{audit}/zmien", "trainee_ids", "person id", {}),
    "department of a finding": ("lead", "szkice/{draft}/zmien", "department_id", "department id", {}),
    "who does an action": (
        "unit head",
        "ustalenia/{returned}/odpowiedz",
        "actions-0-owner",
        "person id",
        {"confirm": "1", "actions-0-due_on": "1.12.2026"},
    ),
    "action that is not done": (
        "team",
        "ustalenia/{done}/weryfikacja",
        "undone",
        "person id",
        {"outcome": "undone", "reason": "No."},
    ),
    "person an action is given to": ("proxy", "dzialania/{action}/przekaz", "doer", "person id", {"reason": "Late."}),
    "action whose day is moved": (
        "proxy",
        "ustalenia/{accepted}/termin",
        "what",
        "action",
        {"reason": "Late.", "new_due_on": "1.12.2027"},
    ),
    "department of somebody new": (
        "proxy",
        "osoby/nowa",
        "department",
        "department key",
        {"name": "Jan Nowak", "email": "jan.nowak@example.com"},
    ),
    "department somebody moves to": ("proxy", "osoby/{colleague}/przenies", "department", "department key", {}),
    "department above": ("proxy", "komorki/{department}/zmien", "parent", "department key", {}),
    "who is appointed": ("proxy", "stanowiska/nowe", "person", "person key", {"post": "auditor"}),
    "who was trained": (
        "proxy",
        "szkolenia/nowe",
        "person",
        "person key",
        {
            "trained_as": "auditor",
            "title": "Kurs",
            "provider": "Ośrodek",
            "held_on": "1.1.2020",
            "edition_code": "9001:2015",
            "validity": "unknown",
        },
    ),
}


@pytest.mark.parametrize("what", BORROWED)
def test_an_id_of_another_office_in_a_form_is_refused_like_one_that_never_was(crowd: Crowd, what: str) -> None:
    role, path, field, kind, besides = BORROWED[what]
    browser, before = crowd.browser(role), stored(crowd)

    answers = [
        send(browser, at(crowd, path), **besides, **{field: each})
        for each in (foreign(crowd)[kind], "2147483" if kind.endswith("id") else "2222zzzz")
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    said = [sentences(answer) for answer in answers]
    assert said[0] == said[1] != []
    assert stored(crowd) == before


def sentences(answer: TestResponse) -> list[str]:
    soup = BeautifulSoup(answer.data, "html.parser")
    return [item.get_text(strip=True) for item in soup.select("[data-error-summary] li")]


def test_a_number_that_another_office_uses_is_free_here(crowd: Crowd) -> None:
    with crowd.app.app_context(), scoped(EVERY_OFFICE):
        there = db.session.scalars(select(Certificate).where(Certificate.key == crowd.keys[THERE]["certificate"])).one()
        number = there.number

    answer = send(crowd.browser("proxy"), at(crowd, "certyfikat/{certificate}/zmien"), number=number)

    assert answer.status_code == 302


def test_a_form_sent_twice_at_the_same_time_is_saved_once(crowd: Crowd) -> None:
    path = at(crowd, "komorki/nowa")
    fields = form_of(crowd.browser("proxy").get(path).data) | {"name": "Wydział Zdrowia", "symbol": "ZD"}
    answers = at_once(lambda: crowd.browser("proxy").post(path, data=fields).status_code, times=4)

    with crowd.app.app_context(), scoped(EVERY_OFFICE):
        made = db.session.scalars(select(Department).where(Department.symbol == "ZD")).all()
    assert answers == [302] * 4
    assert len(made) == 1


def test_of_two_people_who_save_the_same_thing_at_once_one_is_told(crowd: Crowd) -> None:
    path = at(crowd, "komorki/{department}/zmien")
    browsers: dict[str, tuple[FlaskClient, dict[str, Any]]] = {}
    for role in ("proxy", "office admin"):
        browser = crowd.browser(role)
        browsers[role] = browser, form_of(browser.get(path).data) | {"name": f"Wydział {role}"}
    waiting = iter(browsers.values())
    taken = threading.Lock()

    def save() -> int:
        with taken:
            browser, fields = next(waiting)
        return browser.post(path, data=fields).status_code

    assert sorted(at_once(save, times=2)) == [302, 409]


def test_a_body_that_is_no_form_is_read_as_an_empty_one(crowd: Crowd) -> None:
    browser, before = crowd.browser("proxy"), stored(crowd)

    for body, kind in (
        (b'{"id": 1, "office_id": 2, "is_admin": true}', "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "text/plain"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"no boundary", "multipart/form-data"),
    ):
        answer = browser.post(at(crowd, "komorki/{department}/zmien"), data=body, content_type=kind)
        assert answer.status_code in {200, 400, 415}, body

    assert stored(crowd) == before


def test_a_form_with_a_thousand_fields_too_many_is_refused(crowd: Crowd) -> None:
    many = {f"x{number}": "1" for number in range(3000)}

    answer = crowd.browser("proxy").post(at(crowd, "komorki/nowa"), data=many, content_type="multipart/form-data")

    assert answer.status_code == 413
