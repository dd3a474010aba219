"""Somebody is reminded of a case by hand: who gets the letter, how often, and not once it is settled."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core.db import db
from qms.core.outbox import Letter
from qms.findings.notices import REMINDER
from qms.people import service as people
from tests.support.cases import Case, later, on
from tests.support.forms import form_of
from tests.support.letter_links import heading, links_to, stranger
from tests.support.mail_server import mail_server
from tests.support.post import send
from tests.support.world import World


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish().answer().accept()


def text(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.data, "html.parser").main.text.split())


def remind(client: Any, case: Case, note: str = "Auditor wraca w czwartek.") -> Any:
    address = f"{case.address}/przypomnij"
    typed = form_of(client.get(address).data) | {"note": note}
    return client.post(address, data=typed, follow_redirects=True)


def letters() -> list[Letter]:
    db.session.expire_all()
    return list(db.session.scalars(select(Letter).where(Letter.kind == REMINDER)))


def test_whoever_has_an_action_to_do_gets_a_letter_with_a_link_to_report_it(case, signed_in):
    answer = remind(signed_in(case.where.proxy), case)

    assert f"Przypomnienie dostanie: {case.where.fn_clerk.name}" in text(answer)
    with mail_server() as server:
        send(server)
    [letter] = [each for each in server.letters_to(case.where.fn_clerk.email) if "przypomina" in each.text]
    assert case.where.proxy.name in letter.text
    assert "Auditor wraca w czwartek." in letter.text
    assert "Założyć rejestr" in letter.text
    assert "/o/wykonane/" in letter.text


def test_the_head_of_the_unit_gets_a_link_to_the_answer(world, signed_in):
    case = Case(world.bochnia).publish()
    links_to(case.where.fn_head)  # those of the report are not looked at here

    remind(signed_in(case.where.proxy), case, note="")

    [link] = links_to(case.where.fn_head)
    assert heading(stranger().get(link)) == "Odpowiedz na N-2026-001"


def test_one_letter_a_day_and_person_is_enough(case, signed_in):
    client = signed_in(case.where.proxy)
    remind(client, case)

    again = remind(client, case)

    assert "Przypomnienie już dziś wysłano" in text(again)
    assert "Auditor wraca w czwartek." in text(again)
    assert len(letters()) == 1
    with on(later(1)):
        assert "Przypomnienie dostanie" in text(remind(signed_in(case.where.deputy), case))
    assert len(letters()) == 2


def test_what_was_done_before_the_letter_left_is_not_reminded_of(case, signed_in):
    remind(signed_in(case.where.proxy), case)
    case.do()

    with mail_server() as server:
        send(server)

    assert [letter.state for letter in letters()] == ["void"]


def test_words_about_the_answer_do_not_come_with_the_action_that_follows(world, signed_in):
    case = Case(world.bochnia).publish()
    remind(signed_in(case.where.proxy), case)
    case.answer(owner="fn_head").accept()

    with mail_server() as server:
        send(server)

    assert [letter.state for letter in letters()] == ["void"]


def test_nobody_reminds_themselves_or_whoever_left(world, signed_in):
    own = Case(world.bochnia).publish().answer(owner="proxy").accept(by="deputy")
    left = Case(world.bochnia).publish().answer().accept()
    people.deactivate(left.where.fn_clerk, reason="Left.")
    db.session.commit()
    client = signed_in(own.where.proxy)

    for case in (own, left):
        assert "Wyślij przypomnienie" not in text(client.get(case.address))
        shown = text(client.get(f"{case.address}/przypomnij", follow_redirects=True))
        assert "nie czeka na nikogo, komu można przypomnieć" in shown
