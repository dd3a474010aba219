"""The talk about a case: who writes and is asked, what waits for whom, and what is struck out but stays."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms import jobs
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.discussion import queries, service
from qms.discussion.models import Message
from qms.people import queries as people
from qms.people import service as people_service
from qms.people.models import Person
from qms.policy import Can, can
from tests.support.cases import Case, acting
from tests.support.forms import complaint, send
from tests.support.statements import counted
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]
QUESTION = "Kto prowadzi rejestr upoważnień?"


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish()


def main(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").main


def ask(case: Case, words: str = QUESTION, *, by: str = "proxy", asked: str | None = "fn_head") -> str:
    """Write as somebody, perhaps asking another; the key of the message."""
    with case.scope():
        asked_id = case.where.people[asked].id if asked else None
        found = service.write(case.again(), words, asked_id, by=acting(case.where.people[by]), today=TODAY)
        db.session.commit()
        return found.key


def tasks_of(client: FlaskClient) -> list[str]:
    return [str(each.a["href"]) for each in main(client, "/zadania").select("li.task") if "rozmowie" in each.text]


def letters() -> list[Letter]:
    found = list(db.session.scalars(select(Letter).where(Letter.kind == "message_asked")))
    db.session.commit()
    return found


def test_a_question_waits_among_the_tasks_of_who_is_asked_until_they_write(case: Case, signed_in: SignIn) -> None:
    proxy, head, talk = signed_in(case.where.proxy), signed_in(case.where.fn_head), f"{case.address}/rozmowa"
    assert complaint(send(proxy, f"{talk}/nowa", asked_id=str(case.where.fn_head.id)), "words")

    sent = send(proxy, f"{talk}/nowa", words=QUESTION, asked_id=str(case.where.fn_head.id))

    assert sent.location == talk
    assert tasks_of(head) == [talk]
    assert [(letter.person_id, letter.payload["words"]) for letter in letters()] == [(case.where.fn_head.id, QUESTION)]
    assert main(head, case.address).select_one("details.fold[open]") is not None
    ask(case, "Też chcę wiedzieć.", by="auditor", asked=None)
    assert tasks_of(head) == [talk], "what others write answers nothing"

    send(head, f"{talk}/nowa", words="Prowadzi go pani Anna.", asked_id="")

    assert tasks_of(head) == []
    said = [each.text for each in main(proxy, talk).select(".history li > .prose")]
    assert said == [QUESTION, "Też chcę wiedzieć.", "Prowadzi go pani Anna."]


def test_a_message_struck_out_stays_to_be_read_and_asks_nobody(case: Case, signed_in: SignIn) -> None:
    address = f"/u/sp-bochnia/wiadomosci/{ask(case)}/skresl"
    proxy, head = signed_in(case.where.proxy), signed_in(case.where.fn_head)
    assert head.get(address).status_code == 403
    assert complaint(send(proxy, address), "reason")

    send(proxy, address, reason="Pomyłka.")

    assert tasks_of(head) == []
    shown = main(head, f"{case.address}/rozmowa")
    assert QUESTION in shown.find("del").text
    assert "Pomyłka." in shown.text
    assert proxy.get(address).location == f"{case.address}/rozmowa", "once is enough"
    jobs.run_job("send", TODAY)
    assert [letter.state for letter in letters()] == ["void"], "the letter had nothing left to ask"


def test_a_message_is_kept_as_typed_and_what_cannot_be_kept_is_given_back(case: Case, signed_in: SignIn) -> None:
    client, address = signed_in(case.where.proxy), f"{case.address}/rozmowa/nowa"
    for typed in ("   ", "\u200b", "a\x00b", "x" * 4001):
        answer = send(client, address, words=typed)
        assert complaint(answer, "words")
    assert "x" * 4001 in answer.text
    assert complaint(send(client, address, words="Dobrze.", asked_id=str(case.where.gd_head.id)), "asked_id")

    send(client, address, words="<b>Jedna</b>\nlinia", asked_id="")

    [kept] = main(client, f"{case.address}/rozmowa").select(".history li > .prose")
    assert kept.text == "<b>Jedna</b>\nlinia"


def test_whoever_is_offered_to_be_asked_is_just_who_may_write(world: World) -> None:
    case = Case(world.bochnia).publish().answer().accept()
    with case.scope():
        finding = case.again()
        offered = {person.id for person in queries.askable(finding, TODAY)}
        everybody = people.people_of(finding.office_id, TODAY)
        may = {each.id for each in everybody if can(acting(each), Can.DISCUSS, finding.concern)}
        db.session.commit()

    assert offered == may
    assert case.where.fn_clerk.id in offered
    assert case.where.gd_head.id not in offered


def test_nobody_is_called_on_by_a_case_they_may_not_see_any_more(case: Case, signed_in: SignIn) -> None:
    ask(case)
    head = case.where.fn_head
    with case.scope():
        people_service.move(head, case.where.departments["OR"], from_on=TODAY, by=acting(case.where.head), today=TODAY)
        db.session.commit()

    client = signed_in(head)
    assert client.get(f"{case.address}/rozmowa").status_code == 404
    assert tasks_of(client) == []


def test_a_case_and_the_tasks_cost_the_same_however_much_was_said(case: Case, signed_in: SignIn) -> None:
    ask(case)
    client, costs = signed_in(case.where.fn_head), []
    for count in (0, 120):
        with case.scope():
            told = {"office_id": case.where.office.id, "finding_id": case.finding.id, "words": "Tak."}
            told |= {"author_id": case.where.proxy.id, "asked_id": case.where.fn_head.id}
            first = db.session.scalars(select(Message)).first()
            assert first is not None
            db.session.add_all(Message(**told, written_at=first.written_at) for _ in range(count))
            db.session.commit()
        for path in (case.address, "/zadania", f"{case.address}/rozmowa"):
            client.get(path)
            with counted() as statements:
                main(client, path)
            costs.append(len(statements))

    assert costs[:3] == costs[3:]
    assert len(main(client, f"{case.address}/rozmowa").select(".history > li")) == 21, "the last of three pages"
    assert len(tasks_of(client)) == 1


def test_the_talk_of_another_office_is_not_there(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    key, client = ask(case), signed_in(world.leczyca.proxy)

    for path in (f"{case.address}/rozmowa", f"/u/sp-leczyca/wiadomosci/{key}/skresl"):
        assert client.get(path).status_code == 404
    with scoped(frozenset({world.leczyca.office.id})):
        assert db.session.scalars(select(Message)).all() == []
        db.session.commit()
