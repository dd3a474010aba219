"""Several findings at once: reminders and later days, every one decided alone, with what stays and why."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.core.db import db
from qms.core.outbox import Letter
from qms.findings import reminding
from qms.people.models import Person
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, form_of
from tests.support.statements import counted
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]
LIST = "/u/sp-bochnia/ustalenia"


@pytest.fixture
def three(world: World) -> tuple[Case, Case, Case]:
    """One waits for its answer, one for an action, one for nothing more."""
    waiting, worked = Case(world.bochnia).publish(), Case(world.bochnia).publish().answer(due_on=later(9)).accept()
    return waiting, worked, Case(world.bochnia, category="observation").publish()


def asked(page: str, *cases: Case) -> str:
    return f"{LIST}/{page}?" + "&".join(f"d={case.finding.key}" for case in cases)


def text(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.data, "html.parser").main.text.split())


def sent(client: FlaskClient, address: str, **typed: str) -> Any:
    return client.post(address, data=form_of(client.get(address).data) | typed, follow_redirects=True)


def reminded() -> set[int]:
    found = set(db.session.scalars(select(Letter.person_id).where(Letter.kind == reminding.REMINDER)))
    db.session.commit()
    return found


def test_each_case_is_reminded_of_alone_and_what_waits_for_nobody_says_so(three, signed_in: SignIn) -> None:
    waiting, worked, still = three
    place, client = waiting.where, signed_in(waiting.where.proxy)

    shown = text(client.get(asked("przypomnij", *three)))
    answer = sent(client, asked("przypomnij", *three), note="Do piątku.")

    assert "Przypomnienia o 2 sprawach" in shown
    assert "1 ustalenie się nie zmieni" in shown
    assert still.finding.number in shown
    assert "Przypomnienia wyjdą w 2 sprawach." in text(answer)
    assert reminded() == {place.fn_head.id, place.fn_clerk.id}

    again = sent(client, asked("przypomnij", worked, waiting))
    assert "wysłano już dziś przypomnienie" in text(again)
    assert "Przypomnienia wyjdą w 0 sprawach." in text(again)


def test_answers_get_a_later_day_and_actions_keep_theirs(three, signed_in: SignIn) -> None:
    waiting, worked, _ = three
    client, page = signed_in(waiting.where.proxy), asked("nowy-termin", waiting, worked)
    typed = form_of(client.get(page).data)
    assert complaint(client.post(page, data=typed), "reason")
    early = typed | {"reason": "Urlop.", "new_due_on": f"{TODAY:%d.%m.%Y}"}
    assert complaint(client.post(page, data=early), "new_due_on")

    answer = sent(client, page, reason="Urlop.", new_due_on=f"{later(60):%d.%m.%Y}")

    assert "Nowy termin 1 odpowiedzi: 19.01.2027." in text(answer)
    with waiting.scope():
        assert (waiting.again().due_on, waiting.finding.date_moves) == (later(60), 1)
        assert worked.finding.due_on == later(9)
        db.session.commit()
    assert "rejestrze działań" in text(client.get(page)), "an action says where its day is moved"


def test_what_changed_after_it_was_seen_is_shown_again_and_nothing_is_done(three, signed_in: SignIn) -> None:
    waiting, worked, _ = three
    client, page = signed_in(waiting.where.proxy), asked("przypomnij", waiting, worked)
    seen = form_of(client.get(page).data)
    waiting.answer()

    answer = client.post(page, data=seen)

    assert "zmieniły się w międzyczasie" in text(answer)
    assert reminded() == set()


def test_only_who_may_is_offered_to_choose_and_other_offices_are_not_touched(
    three, world: World, signed_in: SignIn
) -> None:
    foreign = Case(world.leczyca).publish()
    proxy, head = signed_in(world.bochnia.proxy), signed_in(world.bochnia.fn_head)

    assert len(BeautifulSoup(proxy.get(LIST).data, "html.parser").select("input[name=d]")) == len(three)
    assert BeautifulSoup(head.get(LIST).data, "html.parser").select("input[name=d]") == []
    assert head.get(asked("przypomnij", three[0])).status_code == 404
    led = proxy.get(asked("przypomnij", foreign))
    assert led.location == LIST
    assert "Zaznacz najpierw" in text(proxy.get(LIST))


def test_all_that_match_are_chosen_and_many_cost_as_much_as_one(three, world: World, signed_in: SignIn) -> None:
    client, page = signed_in(world.bochnia.proxy), f"{LIST}/przypomnij?zaznacz=wszystkie&stan=otwarte"
    costs = []
    for more in (0, 3):
        for _ in range(more):
            Case(world.bochnia).publish()
        client.get(page)
        with counted() as statements:
            shown = text(client.get(page))
        costs.append(len(statements))

    assert costs[0] == costs[1]
    assert "Przypomnienia o 5 sprawach" in shown


def test_readers_of_many_are_those_of_each(three, world: World) -> None:
    with three[0].scope():
        by = acting(world.bochnia.proxy)
        cases = [case.finding for case in three]
        together = reminding.readers_in(cases, by=by, today=TODAY)
        assert together == {case.id: reminding.readers(case, by=by, today=TODAY) for case in cases}
        db.session.commit()
