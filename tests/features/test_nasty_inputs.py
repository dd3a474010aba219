"""Hostile input through the doors people use: the list of `nasty_inputs.json`, each case with the outcome it names.

Accepted means saved and shown again as it is; refused means a sentence at the field, what was typed still in it and
nothing saved. No input makes an error of the server.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from werkzeug.test import TestResponse

from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.limits import STARTER_LIMITS
from qms.findings.models import Finding
from qms.offices.models import Department, OfficeLimit
from qms.people.models import Invitation
from qms.training.models import Training
from tests.support import crowd as crowds
from tests.support.application import NOON, Store
from tests.support.crowd import Crowd
from tests.support.forms import complaint, send, shown
from tests.support.nasty import cases, value

BOCHNIA = "/u/sp-bochnia"
LIMIT = next(iter(STARTER_LIMITS))

# What a case becomes where it is kept in another form than typed.
KEPT_AS = {
    "person_name-003": "Żółć",
    "person_name-015": "=1+1",
    "person_name-031": "JanKowalski",
    "person_name-033": "filip",
    "free_text-015": "BEGIN:VEVENT\nATTENDEE:mailto:x@y.pl",
    "free_text-017": ".\nMAIL FROM:<evil@example>",
    "free_text-023": "\u00e0" * 3,
    "email_address-001": "jan.kowalski@urzad.gov.pl",
    "date-001": "2024-02-29",
    "date-005": "2028-02-29",
    "date-027": "2025-12-24",
    "date-029": "2026-05-02",
    "number-003": "0",
    "number-023": "5",
    "person_name-037": "%ED%A0%80",  # bytes that are no text arrive spelled out
}
# Where a door of ours is stricter than the list, and why.
REFUSED_TOO = {
    "free_text-005": "longer than any text may be",
    "number-005": "limits are whole numbers",
    "host_header-005": "browsers send hosts in small letters",
    "date-019": "a number is a day only in a cell of a sheet",
}


def wanted(case: dict[str, Any]) -> str:
    """Refused or kept."""
    is_refused = case["expect"] == "reject_4xx" and case["id"] not in KEPT_AS
    return "refused" if is_refused or case["id"] in REFUSED_TOO else "kept"


def kept(case: dict[str, Any]) -> str:
    return KEPT_AS.get(case["id"], unicodedata.normalize("NFC", value(case).strip()))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest) -> Iterator[Crowd]:
    store: Store = request.getfixturevalue(f"{request.param}_store")
    app = store.fresh()
    with clock.at(NOON):
        with app.app_context():
            found = crowds.gather(app)
        yield found


@dataclass(frozen=True)
class Door:
    """A form people type into: as whom, where, which field, and what else it needs to be saved."""

    role: str
    path: Callable[[Crowd], str]
    name: str
    stored: Callable[[], list[str]]
    besides: Callable[[Crowd, str], dict[str, Any]] = field(default=lambda _crowd, _case: {})
    read_at: Callable[[Crowd], str] | None = None


def column(which: Any) -> Callable[[], list[str]]:
    """All values of a column, as text, in the order they were written."""

    def values() -> list[str]:
        with scoped(EVERY_OFFICE):
            model = which.class_
            found = [str(each) for each in db.session.scalars(select(which).order_by(model.id))]
            db.session.rollback()
        return found

    return values


def limit_values() -> list[str]:
    with scoped(EVERY_OFFICE):
        found = db.session.scalars(
            select(OfficeLimit.value).where(OfficeLimit.name == LIMIT).order_by(OfficeLimit.office_id)
        )
        return [str(each) for each in found.all()]


def newcomer(crowd: Crowd, case: str) -> dict[str, Any]:
    return {
        "name": "Jan Nowak",
        "email": f"{case.replace('_', '-')}@example.com",
        "department": crowd.keys["sp-bochnia"]["department"],
    }


def course(crowd: Crowd, _case: str) -> dict[str, Any]:
    return {
        "person": crowd.keys["sp-bochnia"]["colleague"],
        "trained_as": "auditor",
        "title": "Kurs",
        "provider": "Ośrodek",
        "held_on": "2020-01-01",
        "edition_code": "9001:2015",
        "validity": "until",
        "valid_until": "2027-01-01",
    }


def note(crowd: Crowd, _case: str) -> dict[str, Any]:
    with crowd.app.app_context(), scoped(EVERY_OFFICE):
        draft = db.session.scalars(select(Finding).where(Finding.key == crowd.keys["sp-bochnia"]["draft"])).one()
        return {
            "clause_id": str(draft.clause_id),
            "department_id": str(draft.department_id),
            "category": "nonconformity",
            "statement": "Brak wpisu.",
        }


def department(_crowd: Crowd, case: str) -> dict[str, Any]:
    return {"name": "Wydział", "symbol": case[-6:]}


def in_bochnia(rest: str) -> Callable[[Crowd], str]:
    """An address of the office; {name} is the key of that thing."""
    return lambda crowd: f"{BOCHNIA}/{rest}".format(**crowd.keys["sp-bochnia"])


OFFICE, TRAININGS, DRAFTS = in_bochnia("urzad"), in_bochnia("szkolenia"), in_bochnia("audity/{audit}/ustalenia")
NEW_FINDING = in_bochnia("audity/{audit}/ustalenia/nowe")
DOORS = {
    "name": Door("proxy", in_bochnia("osoby/nowa"), "name", column(Invitation.name), newcomer, OFFICE),
    "email": Door("proxy", in_bochnia("osoby/nowa"), "email", column(Invitation.email), newcomer),
    "department": Door("office admin", in_bochnia("komorki/nowa"), "name", column(Department.name), department, OFFICE),
    "statement": Door("lead", NEW_FINDING, "statement", column(Finding.statement), note, DRAFTS),
    "requirement": Door("team", NEW_FINDING, "requirement", column(Finding.requirement), note),
    "evidence": Door("trainee", NEW_FINDING, "evidence", column(Finding.evidence), note),
    "title": Door("deputy", in_bochnia("szkolenia/nowe"), "title", column(Training.title), course, TRAININGS),
    "date": Door("proxy", in_bochnia("szkolenia/nowe"), "valid_until", column(Training.valid_until), course),
    "number": Door("proxy", in_bochnia("terminy"), LIMIT, limit_values),
}


def try_door(crowd: Crowd, door: Door, case: dict[str, Any], *, is_needed: bool = True) -> None:
    """Type the case into the door and see that it is kept or refused as it should be."""
    browser, typed = crowd.browser(door.role), value(case)
    with crowd.app.app_context():
        before = door.stored()
    answer = send(browser, door.path(crowd), **(door.besides(crowd, case["id"]) | {door.name: typed}))
    with crowd.app.app_context():
        after = door.stored()
    outcome = wanted(case) if typed or is_needed else "kept"
    if outcome == "kept":
        assert answer.status_code == 302, complaint(answer, door.name)
        assert kept(case) in after
        if door.read_at:
            assert_inert(browser.get(door.read_at(crowd)), kept(case))
    elif answer.status_code != 413:
        assert (answer.status_code, after) == (200, before)
        assert complaint(answer, door.name)
        assert legible(shown(answer, door.name)) == legible(typed)


def assert_inert(page: TestResponse, text: str) -> None:
    """The text is on the page to be read, and is nothing else there."""
    soup = BeautifulSoup(page.data, "html.parser")
    assert " ".join(text.split()) in " ".join(soup.get_text().split())
    assert {script["src"].partition("?")[0] for script in soup.select("script")} == {"/static/app.js"}
    assert soup.select("main :is(img, style, link, iframe, object, base), [onerror], [onload]") == []
    assert [link for link in soup.select("a[href]") if not str(link["href"]).startswith(("/", "#", "?"))] == []


def legible(text: str) -> str:
    """Of a text what a page can give back: line ends of one kind, nothing that was never a character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char not in "\x00\ufffd\ud800").strip()


@pytest.mark.parametrize("case", cases("person_name"))
def test_a_name(crowd: Crowd, case: dict[str, Any]) -> None:
    try_door(crowd, DOORS["name"], case)


@pytest.mark.parametrize("case", cases("email_address"))
def test_an_email_address(crowd: Crowd, case: dict[str, Any]) -> None:
    try_door(crowd, DOORS["email"], case)


@pytest.mark.parametrize("case", cases("office_and_ids"))
def test_a_name_of_a_department(crowd: Crowd, case: dict[str, Any]) -> None:
    try_door(crowd, DOORS["department"], case)


@pytest.mark.parametrize("door", ["statement", "requirement", "evidence"])
@pytest.mark.parametrize("case", cases("free_text"))
def test_a_text_of_a_finding(crowd: Crowd, case: dict[str, Any], door: str) -> None:
    try_door(crowd, DOORS[door], case, is_needed=door == "statement")


@pytest.mark.parametrize("case", cases("email_subject"))
def test_a_line_that_letters_repeat(crowd: Crowd, case: dict[str, Any]) -> None:
    try_door(crowd, DOORS["title"], case)


@pytest.mark.parametrize("case", cases("date"))
def test_a_day(crowd: Crowd, case: dict[str, Any]) -> None:
    try_door(crowd, DOORS["date"], case)


@pytest.mark.parametrize("case", cases("number"))
def test_a_number(crowd: Crowd, case: dict[str, Any]) -> None:
    try_door(crowd, DOORS["number"], case)


@pytest.mark.parametrize("case", cases("object_id_in_path"))
@pytest.mark.parametrize(
    "page", ["ustalenia", "audity", "auditorzy", "dzialania", "pliki", "szkice", "komorki", "osoby"]
)
def test_a_key_in_an_address(crowd: Crowd, case: dict[str, Any], page: str) -> None:
    endings = {"dzialania": "/wykonane", "szkice": "/zmien", "komorki": "/zmien", "osoby": "/zmien"}

    answer = crowd.browser("proxy").get(f"{BOCHNIA}/{page}/{value(case)}{endings.get(page, '')}")

    assert answer.status_code == 404


LISTS = [f"{BOCHNIA}/{page}" for page in ("audity", "ustalenia", "szkolenia", "listy")] + ["/zadania", "/urzedy"]
NAMING_OTHERS = {"/urzedy", f"{BOCHNIA}/listy"}  # the list of offices, and letters about an auditor asked for
QUERIES = [
    *("strona=0", "strona=-1", "strona=999999999999", "strona=99999999999999999999999", "strona=1.5", "strona=%D9%A3"),
    *(
        "sort=password_hash",
        "filter[office_id]=2",
        "office_id=2",
        "slug=sp-leczyca",
        "_scheme=javascript",
        "_external=1",
    ),
    *("q=%", "q=%25", "q=_", "q=%5C", "q=NEAR(a b)", 'q="', "q=%00", "q=%ED%A0%80", "q=%FF", "q=" + "x" * 5000),
    *("rok=0", "rok=99999", "rok=%C2%B2", "rok=", "stan=x", "rodzaj=<b>", "komorka=%00", "po_terminie=x"),
    *(
        "woj='",
        "typ=%00",
        "uwaga=x",
        "wszystkie",
        "rok=2026&rok=2025",
        "&&==&",
        "ids=" + ",".join(map(str, range(5000))),
    ),
]


@pytest.mark.parametrize("query", QUERIES, ids=[query[:24] for query in QUERIES])
def test_a_list_asked_for_oddly(crowd: Crowd, query: str) -> None:
    for path in LISTS:
        browser = crowd.browser("coordinator" if path == "/urzedy" else "proxy")
        answer = browser.get(f"{path}?{query}")
        assert answer.status_code in {200, 400}, path
        assert "w Łęczycy" not in answer.text or path in NAMING_OTHERS


@pytest.mark.parametrize(
    ("words", "found"),
    [("accepted", 1), ("ACCEPTED", 1), ("acc%ted", 0), ("acc_pted", 0), ("acc\\epted", 0), ("NEAR(accepted)", 0)],
)
def test_words_are_looked_for_as_words(crowd: Crowd, words: str, found: int) -> None:
    answer = crowd.browser("proxy").get(f"{BOCHNIA}/ustalenia", query_string={"q": words})

    assert len(BeautifulSoup(answer.data, "html.parser").select("main tbody tr")) == found


@pytest.mark.parametrize("case", cases("redirect_next"))
def test_a_page_to_go_on_to(crowd: Crowd, case: dict[str, Any]) -> None:
    browser = crowd.app.test_client()

    answer = browser.post("/jezyk", data={"language": "en", "next": value(case)})
    door = browser.get("/logowanie", query_string={"dalej": value(case)})

    assert answer.status_code == 302
    assert answer.location == (value(case) if case["expect"] == "follow" else "/")
    assert door.status_code == 200


@pytest.mark.parametrize("case", cases("host_header"))
def test_a_host_in_a_header(crowd: Crowd, case: dict[str, Any]) -> None:
    host = value(case).removeprefix("Host: ").replace("qms.example", "localhost").replace("QMS.EXAMPLE", "LOCALHOST")

    answer = crowd.app.test_client().get("/logowanie", headers={"Host": host})

    assert answer.status_code == (400 if case["id"] in REFUSED_TOO else int(case["expect"]))
    assert b"evil" not in answer.data


def test_bytes_that_are_no_text_are_refused_where_files_are_sent_too(crowd: Crowd) -> None:
    path, fields = NEW_FINDING(crowd), note(crowd, "")
    lines = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() for name in fields]
    texts = [b"a\xff\xed\xa0\x80" if name == "statement" else text.encode() for name, text in fields.items()]
    body = b"".join(line + text + b"\r\n" for line, text in zip(lines, texts, strict=True)) + b"--x--\r\n"

    answer = crowd.browser("lead").post(path, data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 200
    assert complaint(answer, "statement")
