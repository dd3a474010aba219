"""Objecting to a finding, signed in and from the letter; who answers; what stands meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.domain.errors import NotAllowedNow, RuleViolation
from qms.domain.findings import State
from qms.domain.pleas import Fate
from qms.findings import service
from qms.findings.plea_models import Plea
from qms.people.models import Person
from tests.support.cases import Case, acting, on
from tests.support.forms import complaint, send, shown
from tests.support.letter_links import answer, heading, links_to, press, stranger
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]
WHY = "Rejestr leżał w szafie obok."


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish()


def object_to(case: Case) -> None:
    with case.scope():
        service.object_to(case.again(), WHY, by=acting(case.where.fn_head), today=TODAY)
        db.session.commit()


def plea_of(case: Case) -> Plea:
    with scoped(frozenset({case.where.office.id})):
        found = db.session.scalars(select(Plea).execution_options(populate_existing=True)).one()
        db.session.commit()
    return found


def letters(kind: str) -> dict[int, dict[str, object]]:
    found = {letter.person_id: letter.payload for letter in db.session.scalars(select(Letter)) if letter.kind == kind}
    db.session.commit()
    return found


def tasks_of(client: FlaskClient) -> list[str]:
    page = BeautifulSoup(client.get("/zadania").data, "html.parser")
    return [str(each.a["href"]) for each in page.select("li.task") if "zastrzeżenie" in each.text]


def test_an_objection_is_answered_with_a_word_and_the_case_goes_on(case: Case, signed_in: SignIn) -> None:
    head, proxy, due_on = signed_in(case.where.fn_head), signed_in(case.where.proxy), case.finding.due_on
    assert complaint(send(head, f"{case.address}/zastrzezenie"), "reason")

    send(head, f"{case.address}/zastrzezenie", reason=WHY)

    told = letters("objected")
    assert {person_id: each["is_to_answer"] for person_id, each in told.items()} == {
        case.where.proxy.id: True,
        case.where.auditor.id: False,
    }
    assert WHY in proxy.get(case.address).text
    [path] = tasks_of(proxy)
    assert complaint(send(proxy, path), "reason")
    send(proxy, path, reason="Rejestru nie było w wykazie.")
    plea = plea_of(case)
    assert (plea.fate, plea.word) == (Fate.REFUSED, "Rejestru nie było w wykazie.")
    [said] = letters("objection_answered").values()
    assert (said["stands"], said["is_awaited"]) == (True, True)
    assert tasks_of(proxy) == []
    assert "ustalenie pozostaje w mocy" in head.get(case.address).text
    with case.scope():
        assert (case.again().state, case.finding.due_on) == (State.REPORTED, due_on)
        db.session.commit()
    with pytest.raises(NotAllowedNow, match="it stands"):
        object_to(case)


def test_the_days_that_the_objection_waited_are_offered_back(case: Case, signed_in: SignIn) -> None:
    object_to(case)
    due_on = case.finding.due_on
    assert due_on is not None
    with on(due_on + timedelta(days=3)) as today:
        proxy = signed_in(case.where.proxy)
        page = f"{case.address}/zastrzezenie/odpowiedz"
        offered = shown(proxy.get(page), "new_due_on")
        send(proxy, page, reason="Rejestru nie było.")
        task = next(
            each for each in signed_in(case.where.fn_head).get("/zadania").text.split("<li") if case.address in each
        )

    found = case.again()
    assert found.due_on == due_on + (today - TODAY)
    assert offered == f"{found.due_on:%d.%m.%Y}"
    assert (found.first_due_on, found.date_moves) == (due_on, 0)
    assert "po terminie" not in task


def test_from_the_letter_the_answer_is_asked_for_all_the_same(case: Case) -> None:
    [link] = links_to(case.where.fn_head)
    refused = press(f"{link}/zastrzezenie", reason="")
    assert complaint(refused, "reason")

    sent = press(f"{link}/zastrzezenie", reason=WHY)

    assert "Wysłano" in stranger().get(sent.location).text
    page = stranger().get(link)
    assert heading(page) == "Odpowiedz na N-2026-001"
    assert "zgłasza zastrzeżenie do ustalenia" in page.text
    assert "zgłasza zastrzeżenie" in press(f"{link}/zastrzezenie", reason=WHY).text
    answer(link)
    assert plea_of(case).fate == Fate.WAITING


def test_a_finding_that_is_rejected_tells_who_objected(case: Case, signed_in: SignIn) -> None:
    object_to(case)
    proxy = signed_in(case.where.proxy)
    page = proxy.get(f"{case.address}/zastrzezenie/odpowiedz")
    assert f"{case.address}/odrzuc" in page.text

    send(proxy, f"{case.address}/odrzuc", reason="Rejestr był.", lead_consent="y")

    assert plea_of(case).fate == Fate.GRANTED
    [said] = letters("objection_answered").values()
    assert (said["stands"], said["word"]) == (False, "Rejestr był.")


def test_after_the_answer_the_case_can_be_cancelled_in_place_of_rejecting(case: Case, signed_in: SignIn) -> None:
    object_to(case)
    case.answer()

    page = signed_in(case.where.proxy).get(f"{case.address}/zastrzezenie/odpowiedz")

    assert f"{case.address}/odrzuc" not in page.text
    assert f"{case.address}/anuluj" in page.text


def test_what_a_body_found_is_objected_to_and_not_rejected_here(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia, kind="surveillance", category="minor").publish()
    object_to(case)
    proxy = signed_in(world.bochnia.proxy)

    page = proxy.get(f"{case.address}/zastrzezenie/odpowiedz")

    assert WHY in page.text
    assert f"{case.address}/odrzuc" not in page.text
    assert "wycofać tylko jednostka certyfikująca" in page.text
    by = acting(world.bochnia.proxy)
    with case.scope(), pytest.raises(RuleViolation, match="cannot be rejected here"):
        service.reject(case.again(), "Nie.", has_lead_consent=True, by=by, today=TODAY)


def test_nobody_answers_an_objection_from_their_own_unit_or_without_one(case: Case, signed_in: SignIn) -> None:
    proxy, path = signed_in(case.where.proxy), f"{case.address}/zastrzezenie/odpowiedz"
    assert proxy.get(path).location.endswith(case.address)
    assert proxy.post(path, data={}).status_code == 200
    assert signed_in(case.where.fn_head).get(path).status_code == 403
    assert signed_in(case.where.auditor).get(f"{case.address}/zastrzezenie").status_code == 403


def test_an_objection_does_not_outlive_the_case(case: Case) -> None:
    object_to(case)
    case.answer().accept().do().verify().judge()
    with case.scope():
        if case.again().state != State.CLOSED:
            service.close(case.finding, by=acting(case.where.deputy), today=TODAY)
        db.session.commit()

    assert plea_of(case).fate == Fate.LAPSED


def test_an_observation_needs_no_answer_and_no_objection(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia, category="observation").publish()

    page = signed_in(world.bochnia.fn_head).get(f"{case.address}/zastrzezenie")

    assert page.location.endswith(case.address)
