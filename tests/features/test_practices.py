"""Good practice goes to other offices in the words its office chose, and nothing else of the office goes with it."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qms.core.db import db, scoped
from qms.findings import service as findings
from qms.findings.opening import Taken
from qms.intake import service as intake
from qms.people.models import Person
from qms.practices import queries
from tests.support.application import typed
from tests.support.cases import Case, acting
from tests.support.statements import counted
from tests.support.world import TODAY, World

LIST = "/wzorce"
TEXT = "Jeden rejestr dla całego wydziału."
NO = {"decision": "decline", "word": "Usuń nazwę ulicy."}
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def strength(world: World) -> Case:
    return Case(world.bochnia, category="strength").publish()


def offer(client: FlaskClient, strength: Case, **answers: str) -> TestResponse:
    return typed(client, f"{strength.address}/wzorzec", **({"text": TEXT} | answers))


def key_of(strength: Case) -> str:
    with strength.scope():
        db.session.expire_all()
        practice = queries.of_finding(strength.finding)
        assert practice is not None
        return practice.key


def decide(client: FlaskClient, strength: Case, **answers: str) -> TestResponse:
    return typed(client, f"{LIST}/{key_of(strength)}", **(answers or {"decision": "share"}))


def read(client: FlaskClient, path: str = LIST) -> str:
    page = BeautifulSoup(client.get(path).data, "html.parser")
    return " ".join(page.main.get_text(" ").split())


def test_a_foreign_auditor_reads_only_the_text_and_the_clause(world: World, strength: Case, signed_in: SignIn) -> None:
    offer(signed_in(world.bochnia.proxy), strength)
    decide(signed_in(world.coordinator), strength)

    page = signed_in(world.leczyca.auditor).get(LIST).text

    assert TEXT in page
    assert strength.finding.clause.number in page
    hidden = (world.bochnia.office.name, world.bochnia.office.slug, world.bochnia.proxy.name, key_of(strength))
    finding = (strength.finding.number, strength.finding.key, strength.finding.statement, strength.finding.evidence)
    assert [each for each in hidden + finding if str(each) in page] == []


def test_the_office_is_named_only_where_it_agreed(world: World, strength: Case, signed_in: SignIn) -> None:
    offer(signed_in(world.bochnia.proxy), strength, is_named="y")
    decide(signed_in(world.coordinator), strength)

    assert world.bochnia.office.name in read(signed_in(world.leczyca.proxy))


def test_before_the_coordinator_published_it_no_other_office_reads_it(
    world: World, strength: Case, signed_in: SignIn
) -> None:
    offer(signed_in(world.bochnia.proxy), strength)

    assert TEXT not in read(signed_in(world.leczyca.proxy))
    assert TEXT in read(signed_in(world.coordinator))
    assert world.bochnia.office.name not in read(signed_in(world.coordinator), f"{LIST}/{key_of(strength)}")


def test_a_refusal_needs_a_word_and_the_office_reads_it(world: World, strength: Case, signed_in: SignIn) -> None:
    proxy, coordinator = signed_in(world.bochnia.proxy), signed_in(world.coordinator)
    offer(proxy, strength)

    refused = decide(coordinator, strength, decision="decline", word="")
    decide(coordinator, strength, **NO)

    assert "Napisz dlaczego" in refused.text
    assert NO["word"] in read(proxy)
    assert NO["word"] in read(proxy, strength.address)
    assert TEXT not in read(coordinator)


def test_a_changed_text_waits_for_the_coordinator_again(world: World, strength: Case, signed_in: SignIn) -> None:
    proxy = signed_in(world.bochnia.proxy)
    offer(proxy, strength)
    decide(signed_in(world.coordinator), strength)

    offer(proxy, strength, text="Nowe słowa.")

    other = read(signed_in(world.leczyca.proxy))
    assert TEXT not in other
    assert "Nowe słowa." not in other


def test_what_was_withdrawn_nobody_reads_and_nobody_decides_on(world: World, strength: Case, signed_in: SignIn) -> None:
    proxy, coordinator = signed_in(world.bochnia.proxy), signed_in(world.coordinator)
    offer(proxy, strength)
    decide(coordinator, strength)

    typed(proxy, f"{strength.address}/wzorzec/wycofaj")

    assert TEXT not in read(signed_in(world.leczyca.proxy))
    assert coordinator.get(f"{LIST}/{key_of(strength)}").location == LIST


def test_a_coordinator_who_comes_too_late_is_not_told_who_changed_it(
    world: World, strength: Case, signed_in: SignIn
) -> None:
    proxy, coordinator = signed_in(world.bochnia.proxy), signed_in(world.coordinator)
    offer(proxy, strength)
    path = f"{LIST}/{key_of(strength)}"
    form = BeautifulSoup(coordinator.get(path).data, "html.parser").main.form
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    offer(proxy, strength, text="Nowe słowa.")

    answer = coordinator.post(path, data=sent | {"decision": "share"}, follow_redirects=True)

    assert "Nowe słowa." in answer.text
    assert world.bochnia.proxy.name not in answer.text
    assert TEXT not in read(signed_in(world.leczyca.proxy))


def test_a_nonconformity_is_no_example_to_others(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    proxy = signed_in(world.bochnia.proxy)

    assert proxy.get(f"{case.address}/wzorzec").location == case.address
    assert "wzorzec" not in proxy.get(case.address).text


def test_a_finding_without_a_clause_is_not_offered(world: World, signed_in: SignIn) -> None:
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        told = intake.Told(what="Jedno okienko.", noticed_on=TODAY)
        problem = intake.report(place.office, told, by=acting(place.fn_clerk), today=TODAY)
        taken = Taken(department_id=place.departments["FN"].id, category="strength", statement="Jedno okienko.")
        intake.take(problem, taken, by=acting(place.proxy), today=TODAY)
        db.session.commit()
        address = f"/u/sp-bochnia/ustalenia/{problem.finding.key}"
    proxy = signed_in(place.proxy)

    assert "wzorzec" not in proxy.get(address).text
    refused = typed(proxy, f"{address}/wzorzec", text=TEXT)

    assert refused.location == address
    assert "wskazuje punkt normy" in proxy.get(address).text


def test_an_offer_falls_with_its_finding(world: World, strength: Case, signed_in: SignIn) -> None:
    proxy, coordinator = signed_in(world.bochnia.proxy), signed_in(world.coordinator)
    offer(proxy, strength)
    path = f"{LIST}/{key_of(strength)}"
    decide(coordinator, strength)
    assert TEXT in read(signed_in(world.leczyca.proxy))

    with strength.scope():
        findings.cancel(strength.again(), "Nie stoi.", by=acting(world.bochnia.deputy), today=TODAY)
        db.session.commit()

    assert TEXT not in read(signed_in(world.leczyca.proxy))
    assert coordinator.get(path).location == LIST
    assert "wycofan" in read(proxy)
    page = read(proxy, strength.address)
    assert "wycofan" in page
    assert "Dla innych urzędów" in page


def test_the_list_takes_as_many_queries_for_none_as_for_many(world: World, signed_in: SignIn) -> None:
    proxy, coordinator = signed_in(world.bochnia.proxy), signed_in(world.coordinator)

    def statements(client: FlaskClient) -> int:
        client.get(LIST)
        with counted() as found:
            client.get(LIST)
        return len(found)

    before = [statements(client) for client in (proxy, coordinator)]
    for _ in range(3):
        strength = Case(world.bochnia, category="strength").publish()
        offer(proxy, strength, is_named="y")
        decide(coordinator, strength)

    assert [statements(client) for client in (proxy, coordinator)] == before
