"""Whom an office admits as an auditor: its rule, what is confirmed of people, the matrix, and teams checked by it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.admission import queries, service
from qms.admission.matrix import matrix
from qms.admission.models import AdmissionRule, AdmissionStatement
from qms.audits.service import plan
from qms.core.db import db, scoped
from qms.domain.admission import drawn_up
from qms.domain.errors import NotQualified
from qms.domain.standing import Who
from qms.people import service as posts
from qms.training.models import Training
from tests.support.application import typed
from tests.support.audits import trained, wanted
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY

PAGE = "/u/sp-bochnia/kwalifikacje"
ROWS = "main table"


@pytest.fixture
def bochnia(world) -> Iterator:
    """The office, its rows open to the test."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def asks(place, key, lines, months=None):
    service.draw_up(queries.rule_by_key(place.office, key), drawn_up(lines, months))
    db.session.flush()


def confirm(place, person, ground, **days):
    facts = {"ground": ground, "from_on": date(2020, 1, 1), "until_on": None, "shown_by": "Pismo 1"} | days
    return service.write_down(place.office, person, service.StatementFacts(**facts))


def told(answer):
    return BeautifulSoup(answer.data, "html.parser").main.get_text(" ", strip=True)


def test_a_rule_is_drawn_up_by_ticking_and_read_in_words(world, signed_in):
    client = signed_in(world.bochnia.proxy)

    ticked = {"line1": ["course"], "line2": ["service", "experience"], "months": "12"}
    assert typed(client, f"{PAGE}/zasada/auditor", **ticked).status_code == 302
    page = told(client.get(PAGE))
    form = BeautifulSoup(client.get(f"{PAGE}/zasada/auditor").data, "html.parser")

    assert "(staż co najmniej 12 miesięcy LUB wcześniejsze doświadczenie auditora)" in page
    assert {each["value"] for each in form.select("input[name=line2][checked]")} == {"service", "experience"}
    assert form.select_one("#months")["value"] == "12"


def test_a_rule_with_service_needs_its_months_and_keeps_what_was_ticked(world, signed_in):
    client = signed_in(world.bochnia.proxy)

    answer = typed(client, f"{PAGE}/zasada/wiodacy", line1=["service"], line2=["consent"])
    page = BeautifulSoup(answer.data, "html.parser")

    assert page.select_one("#months-error")
    assert page.select_one("input[name=line2][value=consent][checked]")
    assert client.get(f"{PAGE}/zasada/nikt").status_code == 404


def test_that_nothing_is_asked_for_is_said_and_not_left_to_an_empty_form(world, signed_in):
    client, address = signed_in(world.bochnia.proxy), f"{PAGE}/zasada/wiodacy"

    assert BeautifulSoup(typed(client, address).data, "html.parser").select_one("#line1-error")
    both = typed(client, address, line1=["consent"], asks_nothing="y")
    assert BeautifulSoup(both.data, "html.parser").select_one("#asks_nothing-error")
    assert typed(client, address, asks_nothing="y").status_code == 302


@pytest.mark.parametrize("ground", ["consent", "experience"])
def test_a_lead_is_refused_for_what_is_missing_and_let_in_once_it_is_there(bochnia, ground):
    asks(bochnia, "wiodacy", [["course"], ["consent", "experience"]])

    with pytest.raises(NotQualified) as refusal:
        plan(bochnia.office, wanted(bochnia), today=TODAY)
    assert refusal.value.field == "lead_id"
    assert refusal.value.params["what"] == "zgoda kierownika komórki LUB wcześniejsze doświadczenie auditora"
    confirm(bochnia, bochnia.auditor, ground)
    assert plan(bochnia.office, wanted(bochnia), today=TODAY)


def test_service_is_counted_on_the_day_of_the_audit(bochnia):
    asks(bochnia, "wiodacy", [["service"]], 12)
    assert plan(bochnia.office, wanted(bochnia), today=TODAY)

    asks(bochnia, "wiodacy", [["service"]], 240)
    with pytest.raises(NotQualified):
        plan(bochnia.office, wanted(bochnia), today=TODAY)


def test_a_rule_of_another_office_asks_nothing_here(world, bochnia):
    with scoped(frozenset({world.leczyca.office.id})):
        asks(world.leczyca, "wiodacy", [["consent"]])

    assert plan(bochnia.office, wanted(bochnia), today=TODAY)


def test_the_matrix_says_who_is_qualified_until_when_and_what_is_missing(bochnia):
    asks(bochnia, "auditor", [["consent"]])
    (row,) = [each for each in matrix(bochnia.office.id, TODAY).rows if each.person.id == bochnia.auditor.id]
    assert [cell.is_qualified for cell in row.cells] == [False] * len(row.cells)

    confirm(bochnia, bochnia.auditor, "consent", until_on=TODAY + timedelta(days=30))
    found = matrix(bochnia.office.id, TODAY)
    (row,) = [each for each in found.rows if each.person.id == bochnia.auditor.id]
    qualified = [edition for edition, cell in zip(found.editions, row.cells, strict=True) if cell.is_qualified]

    assert qualified == ["9001:2015"]
    assert (bochnia.auditor.id, "9001:2015") in {(person.id, edition) for person, edition in found.ending}
    assert ("9001:2015", 1, 0) in found.qualified()


def test_a_certificate_that_ends_within_half_a_year_is_told(bochnia):
    kept = db.session.scalars(select(Training).where(Training.person_id == bochnia.auditor.id)).all()
    for each in kept:
        each.validity, each.valid_until = "until", TODAY + timedelta(days=100)
    db.session.flush()

    found = matrix(bochnia.office.id, TODAY)

    assert bochnia.auditor.id in {person.id for person, _ in found.ending}


def test_the_page_and_its_sheets_say_the_same(world, signed_in):
    client = signed_in(world.bochnia.proxy)
    page, sheet = told(client.get(PAGE)), client.get(f"{PAGE}/kwalifikacje.csv").data.decode("utf-8-sig")

    assert world.bochnia.auditor.name in page
    assert world.bochnia.auditor.name in sheet
    assert "ISO 9001:2015" in sheet
    assert "Ma kwalifikacje" in page
    assert client.get(f"{PAGE}/kwalifikacje.xlsx").status_code == 200


def test_what_a_paper_says_is_written_down_changed_and_ended(world, signed_in):
    client, person = signed_in(world.bochnia.proxy), world.bochnia.auditor
    facts = {"ground": "consent", "from_on": "1.3.2026", "shown_by": "OR.0142.3.2026"}

    empty = BeautifulSoup(typed(client, f"{PAGE}/potwierdzenie/nowe").data, "html.parser")
    assert {each["id"] for each in empty.select(".error[id]")} >= {f"{name}-error" for name in (*facts, "person")}
    assert typed(client, f"{PAGE}/potwierdzenie/nowe", person=person.key, **facts).status_code == 302
    with scoped(frozenset({world.bochnia.office.id})):
        key = db.session.scalars(select(AdmissionStatement)).one().key
    address = f"{PAGE}/potwierdzenie/{key}/zmien"
    refused = BeautifulSoup(typed(client, address, **facts, until_on="1.2.2026").data, "html.parser")
    assert refused.select_one("#until_on-error")
    assert typed(client, address, **facts, until_on="1.4.2026").status_code == 302
    assert "OR.0142.3.2026" in told(client.get(PAGE))
    assert signed_in(world.leczyca.proxy).get(address).status_code == 404


def test_the_cost_of_the_matrix_does_not_grow_with_auditors(bochnia):
    asks(bochnia, "auditor", [["consent"]])
    with counted() as few:
        matrix(bochnia.office.id, TODAY)
    for person in (bochnia.fn_clerk, bochnia.office_admin):
        confirm(bochnia, person, "consent")
        trained(bochnia, person)
        posts.appoint(person, bochnia.office, Who.AUDITOR, from_on=SINCE, until_on=None, order_number="7/2020")
    db.session.flush()
    with counted() as more:
        found = matrix(bochnia.office.id, TODAY)

    assert len(found.rows) > 2
    assert len(more) == len(few)
    assert db.session.scalars(select(AdmissionRule)).one().rule == drawn_up([["consent"]], None)
