"""Several actions get a later day at once: said before, all of those or none, nothing of another office."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db
from qms.findings import service, several
from qms.findings.models import Action
from tests.support.cases import Case, acting, later
from tests.support.forms import form_of
from tests.support.sheets import text_of, xlsx_cells
from tests.support.statements import counted
from tests.support.world import TODAY, World

LIST = "/u/sp-bochnia/dzialania"
MOVE = f"{LIST}/nowy-termin"


def work(where: Any, days: int = 30) -> Case:
    return Case(where).publish().answer(due_on=later(days)).accept()


def asked(*cases: Case) -> str:
    return f"{MOVE}?" + "&".join(f"d={case.action.key}" for case in cases)


def text(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.data, "html.parser").main.text.split())


def fields_of(answer: Any) -> dict[str, Any]:
    return form_of(answer.data)


def days(*cases: Case) -> list[Any]:
    db.session.expire_all()
    found = []
    for case in cases:
        with case.scope():
            found.append((case.action.due_on, case.action.date_moves))
    return found


def move(client: FlaskClient, address: str, day: Any = None, **changed: str) -> Any:
    typed = (
        fields_of(client.get(address)) | {"new_due_on": f"{day or later(60):%d.%m.%Y}", "reason": "Urlop."} | changed
    )
    return client.post(address, data=typed, follow_redirects=True)


@pytest.fixture
def pair(world: World) -> tuple[Case, Case]:
    return work(world.bochnia, 5), work(world.bochnia, 30)


def test_all_that_are_ticked_get_the_day_with_the_reason_in_their_history(pair, signed_in):
    client = signed_in(pair[0].where.proxy)

    answer = move(client, asked(*pair))

    assert "Nowy termin 2 działań: 19.01.2027." in text(answer)
    assert days(*pair) == [(later(60), 1)] * 2
    assert "Urlop." in text(client.get(pair[1].address))


def test_what_may_not_be_moved_stays_and_says_why(pair, signed_in):
    moved, free = pair
    with moved.scope():
        proxy = acting(moved.where.proxy)
        service.move_action_date(moved.action, "Urlop.", later(9), by=proxy, today=TODAY)
        db.session.commit()

    shown = text(signed_in(moved.where.proxy).get(asked(moved, free)))
    answer = move(signed_in(moved.where.proxy), asked(moved, free))

    assert "1 działanie dostanie nowy termin" in shown
    assert "1 działanie się nie zmieni" in shown
    assert "sekretarz" in shown
    assert "Nowy termin 1 działania" in text(answer)
    assert days(moved, free) == [(later(9), 1), (later(60), 1)]


def test_whoever_does_the_work_moves_no_day_of_it_here_either(world, signed_in):
    own = Case(world.bochnia).publish().answer(owner="proxy").accept(by="deputy")

    shown = text(signed_in(world.bochnia.proxy).get(asked(own)))

    assert "Żadnego z tych terminów nie można teraz przesunąć" in shown


def test_a_day_that_is_not_later_for_one_moves_none(pair, signed_in):
    answer = move(signed_in(pair[0].where.proxy), asked(*pair), later(20))

    assert "N-2026-002" in text(answer)
    assert "Urlop." in text(answer)
    assert days(*pair) == [(later(5), 0), (later(30), 0)]


def test_what_changed_meanwhile_is_looked_at_again(pair, signed_in):
    client, address = signed_in(pair[0].where.proxy), asked(*pair)
    typed = fields_of(client.get(address)) | {"new_due_on": f"{later(60):%d.%m.%Y}", "reason": "Urlop."}
    pair[0].do()

    again = client.post(address, data=typed)

    assert "zmieniły się w międzyczasie" in text(again)
    assert "Urlop." in text(again)
    assert days(pair[1]) == [(later(30), 0)]
    assert client.post(address, data=fields_of(again), follow_redirects=True).status_code == 200
    assert days(pair[1]) == [(later(60), 1)]


def test_nothing_ticked_says_what_to_do(pair, signed_in):
    client = signed_in(pair[0].where.proxy)

    for address in (MOVE, f"{MOVE}?d=nothing", f"{LIST}.xlsx?wybrane=1", f"{LIST}.csv?wybrane=1"):
        assert "Najpierw zaznacz co najmniej jedno działanie" in text(client.get(address, follow_redirects=True))


def test_keys_of_another_office_change_nothing_and_are_not_told(pair, world, signed_in):
    foreign = work(world.leczyca)
    client = signed_in(world.bochnia.proxy)

    alone = client.get(asked(foreign), follow_redirects=True)
    beside = client.get(asked(pair[0], foreign))
    seen = fields_of(beside)["seen"][0] + f" {foreign.action.key}:1:1"

    assert "Najpierw zaznacz" in text(alone)
    assert "1 działanie dostanie nowy termin" in text(beside)
    assert "zmieniły się w międzyczasie" in text(move(client, asked(pair[0], foreign), seen=seen))
    assert days(pair[0], foreign) == [(later(5), 0), (later(30), 0)]


def test_all_that_match_are_meant_by_one_link(pair, signed_in):
    client = signed_in(pair[0].where.proxy)
    page = BeautifulSoup(client.get(f"{LIST}?termin=tydzien").data, "html.parser")
    (link,) = (each["href"] for each in page.select("a[href]") if "zaznacz" in each["href"])
    page = BeautifulSoup(client.get(link).data, "html.parser")
    (bulk,) = (each["href"] for each in page.select("a[href]") if "nowy-termin" in each["href"])

    assert "termin=tydzien" in bulk
    assert "1 działanie dostanie nowy termin" in text(client.get(bulk))


def test_an_empty_form_says_what_is_missing(pair, signed_in):
    client, address = signed_in(pair[0].where.proxy), asked(*pair)

    answer = client.post(address, data=fields_of(client.get(address)))

    assert "Podaj nowy termin" in text(answer)
    assert "Napisz powód" in text(answer)
    assert days(*pair) == [(later(5), 0), (later(30), 0)]


def test_those_ticked_alone_are_saved_as_a_sheet(pair, signed_in):
    client = signed_in(pair[0].where.proxy)

    cells = xlsx_cells(client.get(f"{LIST}.xlsx?wybrane=1&d={pair[1].action.key}"))

    assert [text_of(row[0]) for row in cells[1:]] == ["N-2026-002"]


def test_more_than_may_be_moved_at_once_are_cut_and_said(pair, signed_in, monkeypatch):
    monkeypatch.setattr(several, "MOST", 1)

    shown = text(signed_in(pair[0].where.proxy).get(asked(*pair)))

    assert "najwyżej 1" in shown
    assert "1 działanie dostanie nowy termin" in shown


def test_looking_at_many_takes_as_many_statements_as_at_one(world, signed_in):
    case = work(world.bochnia)
    client = signed_in(world.bochnia.proxy)
    client.get(asked(case))
    with counted() as one:
        client.get(asked(case))
    with case.scope():
        told = {"office_id": case.finding.office_id, "round_number": 1, "description": "Przeszkolić."}
        told |= {"finding_id": case.finding.id, "owner_id": case.where.fn_clerk.id, "due_on": TODAY}
        db.session.add_all(Action(**told) for _ in range(40))
        db.session.commit()
    with counted() as many:
        assert "41 działań dostanie nowy termin" in text(client.get(f"{MOVE}?zaznacz=wszystkie"))

    assert len(many) <= len(one) + 1  # what matches is found by one more than what is ticked
