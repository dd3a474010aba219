"""Parts of an action: its doer divides it, ticks it off, and reports the whole once nothing is open."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from qms.core.db import db
from qms.domain.errors import RuleViolation
from qms.domain.parts import Part, Typed
from qms.findings import service
from qms.people.models import Person
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, form_of, send
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish().answer(due_on=later(30)).accept()


def address(case: Case) -> str:
    return f"/u/sp-bochnia/dzialania/{case.action.key}/czesci"


def parts(case: Case) -> tuple[Part, ...]:
    with case.scope():
        case.again()
        found = case.action.parts
        db.session.commit()
    return found


def row(place: int, **typed: str) -> dict[str, str]:
    return {f"parts-{place}-{name}": value for name, value in typed.items()}


def test_the_doer_divides_the_action_and_the_case_shows_it(case: Case, signed_in: SignIn) -> None:
    doer = signed_in(case.where.fn_clerk)

    told = row(0, what="Spisać upoważnienia", is_done="y") | row(1, what="Ogłosić rejestr", due_on="1.12.2026")
    answer = send(doer, address(case), **told)

    assert answer.location.endswith(case.address)
    assert parts(case) == (
        Part(what="Spisać upoważnienia", done_on=TODAY),
        Part(what="Ogłosić rejestr", due_on=later(11)),
    )
    page = signed_in(case.where.proxy).get(case.address).text
    assert "Spisać upoważnienia" in page
    assert "wykonano 20.11.2026" in page


def test_a_wrong_row_is_told_in_its_place_and_nothing_is_kept(case: Case, signed_in: SignIn) -> None:
    answer = send(signed_in(case.where.fn_clerk), address(case), **row(1, what="Za późno", due_on="1.12.2027"))

    assert "Termin działania to 20.12.2026" in complaint(answer, "parts-1-due_on")
    assert "Za późno" in answer.text
    assert parts(case) == ()


@pytest.mark.parametrize("way", ["page", "service"])
def test_an_action_with_an_open_part_is_not_done(case: Case, signed_in: SignIn, way: str) -> None:
    doer = case.where.fn_clerk
    send(signed_in(doer), address(case), **row(0, what="Ogłosić rejestr"))

    if way == "page":
        page = f"/u/sp-bochnia/dzialania/{case.action.key}/wykonane"
        answer = send(signed_in(doer), page, done_on="20.11.2026", evidence="Gotowe.")
        assert "Części tego działania są otwarte" in answer.text
    else:
        with case.scope(), pytest.raises(RuleViolation, match="Parts of this action are open"):
            service.report_done(case.again().current_actions[0], "Gotowe.", done_on=TODAY, by=acting(doer), today=TODAY)
    with case.scope():
        assert case.again().current_actions[0].done_on is None
        db.session.commit()


def test_once_each_is_done_or_left_out_the_whole_is_reported(case: Case) -> None:
    by = acting(case.where.fn_clerk)
    with case.scope():
        action = case.again().current_actions[0]
        typed = [Typed(what="Spis", is_done=True), Typed(what="Druk", left_because="Rejestr jest w sieci.")]
        service.divide(action, typed, today=TODAY)
        service.report_done(action, "Gotowe.", done_on=TODAY, by=by, today=TODAY)
        db.session.commit()
        assert case.again().current_actions[0].done_on == TODAY
        with pytest.raises(RuleViolation, match="reported done already"):
            service.divide(case.finding.current_actions[0], typed, today=TODAY)
        db.session.rollback()


@pytest.mark.parametrize("name", ["proxy", "fn_head", "auditor", "head"])
def test_only_the_doer_divides_it(case: Case, signed_in: SignIn, name: str) -> None:
    assert signed_in(case.where.people[name]).get(address(case)).status_code in {403, 404}


def test_two_who_divide_at_once_lose_nothing(case: Case, signed_in: SignIn) -> None:
    doer = signed_in(case.where.fn_clerk)
    opened = form_of(doer.get(address(case)).data)
    send(doer, address(case), **row(0, what="Pierwsza"))

    answer = doer.post(address(case), data=opened | row(0, what="Druga"))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Druga" in answer.text
    assert parts(case) == (Part(what="Pierwsza"),)
