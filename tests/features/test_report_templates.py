"""Word files of reports and cards: the same words as the page, from our template or from the office's own."""

from collections.abc import Callable
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qms.core.db import db, scoped
from qms.core.files import StoredFile
from qms.papers.paper import HEAD
from qms.people.models import Person
from qms.reports import slots
from qms.reports.models import KINDS
from qms.reports.samples import sample
from tests.features.test_reports import address, published
from tests.features.test_word_documents import with_link
from tests.support.application import typed
from tests.support.papers import document, give_template, words_of
from tests.support.world import World

SignIn = Callable[[Person], FlaskClient]

HERE = "/u/sp-bochnia/wzory-pism"


def give(client: FlaskClient, content: bytes, *, paper: str = "raport", name: str = "wzor.docx") -> TestResponse:
    return typed(client, f"{HERE}/{paper}", template=(BytesIO(content), name))


def refusal(answer: TestResponse) -> str:
    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 200, answer.headers
    return page.select_one(".error-summary").get_text(" ", strip=True)


# our own


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_paper_has_a_name_of_its_own(app: Flask, kind: str) -> None:
    with app.test_request_context("/"):
        paper = sample(kind)

    names = [*HEAD, *(block.name for block in paper.blocks)]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not (name.isascii() and name.isidentifier())] == []


# the office's own


def test_words_sent_in_place_of_a_file_are_refused_with_a_sentence(world: World, signed_in: SignIn) -> None:
    refused = typed(signed_in(world.bochnia.proxy), f"{HERE}/raport", template="wzor.docx")

    page = BeautifulSoup(refused.data, "html.parser")
    assert refused.status_code == 200
    assert page.select_one("#template-error").get_text().endswith("Wskaż plik Worda z wzorem urzędu.")


def test_an_office_takes_our_template_changes_it_and_gives_it_back(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    starter = client.get(f"{HERE}/raport/wzor.docx")

    given = give(client, starter.data)
    listed = client.get(HERE).get_data(as_text=True)

    assert "{{ wnioski }}" in words_of(starter.data)
    assert given.location == HERE
    assert "wzor.docx" in listed


def test_word_files_are_made_from_the_offices_template(world: World, signed_in: SignIn) -> None:
    case, client = published(world.bochnia), signed_in(world.bochnia.proxy)
    lines = ("Nasz raport {{ numer }}", "{%p for w in ustalenia %}", "• {{ w.stwierdzenie }}", "{%p endfor %}")

    given = give(client, document(*lines, header="Nagłówek: {{ urzad }}"))
    words = words_of(client.get(f"{address(case.audit)}.docx").data)
    theirs = client.get(f"{case.address}/karta.docx")

    assert given.status_code == 302
    assert words.splitlines() == [
        "Nagłówek: Starostwo Powiatowe w Bochni",
        "Nasz raport A-2026-01",
        "• Dwa upoważnienia straciły ważność.",
    ]
    assert "Karta niezgodności" in words_of(theirs.data), "the other paper keeps our template"


def test_a_second_template_takes_the_place_of_the_first(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    give(client, document("{{ numer }}"), name="pierwszy.docx")

    give(client, document("{{ tytul }}"), name="drugi.docx")

    with scoped(frozenset({world.bochnia.office.id})):
        assert [file.name for file in db.session.scalars(db.select(StoredFile))] == ["drugi.docx"]


def test_a_removed_template_is_used_no_more(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    give(client, document("{{ numer }}"))

    removed = typed(client, f"{HERE}/raport/usun")
    again = client.get(f"{HERE}/raport/usun")

    assert removed.location == again.location == HERE
    with scoped(frozenset({world.bochnia.office.id})):
        assert slots.slot_of(world.bochnia.office, "raport").template is None
        assert db.session.scalars(db.select(StoredFile)).all() == []


def test_templates_of_one_office_are_not_those_of_another(world: World, signed_in: SignIn) -> None:
    case = published(world.bochnia)
    with scoped(frozenset({world.leczyca.office.id})):
        give_template(world.leczyca.office, "raport", world.leczyca.proxy, "Obcy wzór")
        db.session.commit()

    words = words_of(signed_in(world.bochnia.proxy).get(f"{address(case.audit)}.docx").data)

    assert "Obcy wzór" not in words


def test_an_unknown_kind_of_paper_is_not_there(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.bochnia.proxy).get(f"{HERE}/umowa").status_code == 404


# bad input


BAD = {
    "an unknown field": (
        lambda: document("{{ nazwa_urzedu }}"),
        ("„nazwa_urzedu”", "urzad", "ustalenia: stwierdzenie"),
    ),
    "a broken tag": (lambda: document("{{ numer"), ("{{ numer",)),
    "something from outside": (lambda: with_link("image", "http://example.com/a.png"), ("http://example.com/a.png",)),
    "half a file": (lambda: document("{{ numer }}")[:9000], ("DOCX",)),
    "a template that eats memory": (lambda: document("{{ numer * 2000000000 }}"), ("zbyt długo",)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_document_that_cannot_be_a_template_is_refused_in_words(world: World, signed_in: SignIn, name: str) -> None:
    make, told = BAD[name]

    said = refusal(give(signed_in(world.bochnia.proxy), make()))

    assert [words for words in told if words not in said] == []
    with scoped(frozenset({world.bochnia.office.id})):
        assert slots.slot_of(world.bochnia.office, "raport").template is None


@pytest.mark.parametrize(("name", "content"), [("wzor.docm", document("a")), ("wzor.pdf", b"%PDF-1.4\n%%EOF\n")])
def test_only_word_documents_without_macros_are_taken(world, signed_in, name: str, content: bytes) -> None:
    assert refusal(give(signed_in(world.bochnia.proxy), content, name=name))


def test_nothing_given_is_asked_for(world: World, signed_in: SignIn) -> None:
    answer = typed(signed_in(world.bochnia.proxy), f"{HERE}/raport")

    assert "Wskaż plik Worda" in refusal(answer)
