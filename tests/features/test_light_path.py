"""Observations of which an office asks only whether the unit acts: no cause, no review of the effect."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from qms.core.db import db, scoped
from qms.domain.deadlines import Kind
from qms.domain.errors import NotAllowedNow, NotIndependent, RuleViolation
from qms.findings import history, service
from qms.findings.service import Planned
from qms.offices import queries as offices
from tests.support.cases import Case, acting, an_answer, ask_whether_acting, later
from tests.support.forms import send
from tests.support.letter_links import heading, links_to, press, stranger
from tests.support.world import TODAY, OfficeWorld, World

ACTS = {"choice": "act", "actions-0-description": "Dopiszemy pole w rejestrze.", "actions-0-due_on": "18.12.2026"}
LEAVES = {"choice": "leave", "reason": "Rejestr zniknie z nowym rokiem."}


def asks(where: OfficeWorld) -> OfficeWorld:
    """The office, once it asks whether units act on its observations."""
    with scoped(frozenset({where.office.id})):
        ask_whether_acting(where)
        db.session.commit()
    return where


@pytest.fixture
def case(world: World) -> Case:
    return Case(asks(world.bochnia), category="observation").publish()


def plan(case: Case, owner: str = "fn_clerk") -> tuple[Planned, ...]:
    return (Planned("Dopiszemy pole.", case.where.people[owner].id, later(20)),)


def take(case: Case, verb: str, *said: Any, by: str = "fn_head", **named: Any) -> Case:
    with case.scope():
        getattr(service, verb)(case.again(), *said, by=acting(case.where.people[by]), today=TODAY, **named)
        db.session.commit()
    return case


def told(case: Case) -> list[str]:
    with case.scope():
        found = [each.what for each in history.of_case(case.again())]
        db.session.rollback()
    return found


def stands(case: Case) -> tuple[str, str | None]:
    with case.scope():
        found = case.again()
        stand = (found.state, found.waits_for)
        db.session.rollback()
    return stand


def test_the_unit_acts_from_the_letter_in_one_press_and_a_look_at_the_work_closes_the_case(case: Case) -> None:
    [link] = links_to(case.where.fn_head)
    page = stranger().get(link)
    assert "Czy komórka podejmuje działania?" in heading(page)
    assert not BeautifulSoup(page.data, "html.parser").select("[name=cause], [name=correction]")

    assert press(link, **ACTS).location == link
    assert "Wysłano odpowiedź" in heading(stranger().get(link))
    assert stands(case) == ("in_progress", Kind.ACTION)

    case.do()
    assert stands(case) == ("done", Kind.VERIFICATION)
    take(case, "confirm", "Pole jest.", by="auditor")
    assert stands(case) == ("closed", None)
    assert told(case)[:4] == [
        "The case was closed.",
        "The work was confirmed as done.",
        "Reported done: %(action)s",
        "The unit acts on it.",
    ]


def test_the_reason_not_to_act_is_returned_once_and_then_taken_note_of(case: Case) -> None:
    take(case, "leave", "Nie warto.")
    assert stands(case) == ("in_analysis", Kind.DECISION_ON_ANSWER)

    take(case, "return_answer", "Napisz, ile to kosztuje.", answer_due_on=later(7), by="proxy")
    assert stands(case) == ("in_analysis", Kind.ANSWER)
    take(case, "leave", "Za drogo: 40 tys. zł.")
    with pytest.raises(NotAllowedNow, match="returned once"):
        take(case, "return_answer", "Jeszcze raz.", answer_due_on=later(7), by="proxy")

    take(case, "take_note", "", by="proxy")
    assert stands(case) == ("closed", None)
    assert told(case).count("The unit does not act on it, and says why.") == 2


@pytest.mark.parametrize("who", ["auditor", "proxy", "deputy"])
def test_whoever_stands_outside_takes_note(case: Case, who: str) -> None:
    take(take(case, "leave", "Nie warto."), "take_note", "", by=who)

    assert stands(case) == ("closed", None)


def test_nobody_confirms_their_own_work(case: Case) -> None:
    take(case, "act", plan(case, "auditor")).do()

    with pytest.raises(NotIndependent):
        take(case, "confirm", "", by="auditor")


def test_it_asks_for_no_whole_answer_and_a_nonconformity_for_no_less(case: Case) -> None:
    answer = an_answer(case.where.fn_clerk, later(30))
    with pytest.raises(NotAllowedNow, match="only whether the unit acts"):
        take(case, "send_answer", answer)
    fault = Case(case.where).publish()
    for verb, said in (("act", plan(case)), ("leave", "Nie warto.")):
        with pytest.raises(RuleViolation):
            take(fault, verb, said)

    assert stands(fault) == ("reported", Kind.ANSWER)


def test_what_was_published_before_the_office_asked_stays_for_information(world: World) -> None:
    before = Case(world.bochnia, category="observation").publish()
    asks(world.bochnia)

    assert stands(before) == ("reported", None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Wybierz, czy komórka podejmuje działania."),
        ({"choice": "leave"}, "Napisz powód. Zostanie w aktach sprawy."),
        ({"choice": "act"}, "Dodaj co najmniej jedno działanie"),
        (ACTS | {"choice": "leave", "reason": "Nie."}, "Wybierz „Podejmujemy działania” albo usuń wpisane działania."),
        (ACTS | {"reason": "Nie."}, "Wybierz „Nie podejmujemy działań” albo usuń ten tekst."),
    ],
    ids=["nothing", "no reason", "no action", "actions beside a no", "a reason beside a yes"],
)
def test_what_is_lacking_is_said_and_nothing_typed_is_lost(case: Case, signed_in, typed, message) -> None:
    [link] = links_to(case.where.fn_head)
    client, door = signed_in(case.where.fn_head), f"{case.address}/odpowiedz"

    for refused in (press(link, **typed), send(client, door, **typed)):
        page = BeautifulSoup(refused.data, "html.parser")
        assert refused.status_code == 200
        assert message in page.main.get_text(" ", strip=True)
        for name, value in typed.items():
            assert name == "choice" or value in page.text or page.select_one(f"[name={name}][value='{value}']")
    assert stands(case) == ("reported", Kind.ANSWER)


def test_pages_lead_from_the_answer_to_the_note(case: Case, signed_in) -> None:
    head, proxy = signed_in(case.where.fn_head), signed_in(case.where.proxy)
    assert "Napisz, czy podejmujecie działania" in head.get(case.address).text
    assert send(head, f"{case.address}/odpowiedz", **LEAVES).status_code == 302

    page = proxy.get(case.address).text
    assert f"{case.address}/do-wiadomosci" in page
    assert "Rejestr zniknie z nowym rokiem." in page
    assert send(proxy, f"{case.address}/do-wiadomosci", outcome="note", note="Dobrze.").status_code == 302
    assert stands(case) == ("closed", None)
    assert "Przyjęto do wiadomości." in proxy.get(case.address).text


def test_the_work_is_confirmed_on_its_own_page_without_a_day_of_a_review(case: Case, signed_in) -> None:
    take(case, "act", plan(case)).do()

    assert send(signed_in(case.where.auditor), f"{case.address}/weryfikacja", outcome="done").status_code == 302
    assert stands(case) == ("closed", None)


def test_a_letter_that_reached_the_wrong_person_goes_on(case: Case) -> None:
    [link] = links_to(case.where.fn_head)

    press(f"{link}/przekaz", colleague=str(case.where.fn_clerk.id))

    [theirs] = links_to(case.where.fn_clerk)
    assert press(theirs, **LEAVES).status_code == 302
    assert stands(case) == ("in_analysis", Kind.DECISION_ON_ANSWER)


def test_the_office_says_on_the_page_of_a_kind_whether_it_asks(world: World, signed_in) -> None:
    client, scale = signed_in(world.bochnia.proxy), "/u/sp-bochnia/skala"
    with scoped(frozenset({world.bochnia.office.id})):
        keys = {each.meaning: each.key for each in offices.finding_kinds(world.bochnia.office.id)}
        db.session.rollback()
    assert "is_answered" not in client.get(f"{scale}/{keys['strength']}/zmien").text

    send(client, f"{scale}/{keys['observation']}/zmien", is_answered="y")

    assert "czy podejmuje działania" in client.get(scale).text
    assert stands(Case(world.bochnia, category="observation").publish()) == ("reported", Kind.ANSWER)
