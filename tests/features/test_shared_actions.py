"""One action for many cases: one owner and day, done once; each case keeps its own verification."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db
from qms.domain.errors import NotAllowedNow, NotIndependent, RuleViolation
from qms.findings import deadlines, service, sharing
from qms.findings.models import Action
from qms.people.models import Person
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, form_of, send
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def cases(world: World) -> tuple[Case, Case]:
    """Two cases under way: a clerk works on the first, the head of the unit on the second."""
    first = Case(world.bochnia).publish().answer(due_on=later(30)).accept()
    return first, Case(world.bochnia).publish().answer("fn_head", due_on=later(20)).accept()


def serve(first: Case, *served: Case, by: str = "proxy") -> None:
    with first.scope():
        first.again()
        case_ids = [case.finding.id for case in served]
        sharing.serve(first.action, case_ids, by=acting(first.where.people[by]), today=TODAY)
        db.session.commit()


def standing(case: Case) -> list[Action]:
    """What stands in a case for actions of others."""
    with case.scope():
        found = [each for each in case.again().current_actions if each.borrowed]
        db.session.commit()
    return found


def own_done(case: Case) -> None:
    with case.scope():
        action = next(each for each in case.again().current_actions if not each.borrowed)
        service.report_done(action, "Zrobiono.", done_on=TODAY, by=acting(action.owner), today=TODAY)
        db.session.commit()


def state(case: Case) -> tuple[str, str | None]:
    with case.scope():
        found = case.again().state, case.finding.waits_for
        db.session.commit()
    return found


def test_an_action_done_once_moves_every_case_it_serves(cases: tuple[Case, Case], signed_in: SignIn) -> None:
    first, second = cases
    proxy, page = signed_in(first.where.proxy), f"/u/sp-bochnia/dzialania/{first.action.key}/sprawy"
    assert complaint(send(proxy, page), "case_ids")

    send(proxy, page, case_ids=[str(second.finding.id)])

    [stands] = standing(second)
    assert (stands.owner_id, stands.due_on) == (first.where.fn_clerk.id, later(30))
    assert first.finding.number in proxy.get(second.address).text
    assert second.finding.number in proxy.get(first.address).text
    clerk = signed_in(first.where.fn_clerk)
    with first.scope():
        due = deadlines.due_between([first.where.office.id], TODAY, later(90), today=TODAY)
        db.session.commit()
    assert [each.number for each in due if first.where.fn_clerk.id in each.answers] == [first.finding.number]
    done = f"/u/sp-bochnia/dzialania/{first.action.key}/wykonane"
    assert done in clerk.get(second.address).text
    own_done(second)
    assert state(second) == ("in_progress", "action")

    send(clerk, done, evidence="Założono rejestr.")

    assert state(first) == state(second) == ("done", "verification")


def test_whoever_does_a_shared_action_verifies_none_of_its_cases(world: World) -> None:
    place = world.bochnia
    first = Case(place).publish().answer("second_auditor").accept()
    second = Case(place).publish().answer().accept()
    serve(first, second)
    own_done(second)
    own_done(first)

    for case in (first, second):
        with case.scope():
            with pytest.raises(NotIndependent):
                service.verify(case.again(), "Ok.", by=acting(place.second_auditor), today=TODAY)
            service.verify(case.finding, "Ok.", by=acting(place.auditor), today=TODAY)
            db.session.commit()


def test_a_new_owner_and_a_new_day_hold_in_all_its_cases(cases: tuple[Case, Case]) -> None:
    first, second = cases
    serve(first, second)
    with first.scope():
        first.again()
        by = acting(first.where.proxy)
        service.move_action_date(first.action, "Przetarg.", later(50), by=by, today=TODAY)
        service.reassign(first.action, first.where.secretary.id, "Urlop.", by=by, today=TODAY)
        db.session.commit()

    [stands] = standing(second)
    assert (stands.owner_id, stands.due_on, stands.first_due_on) == (first.where.secretary.id, later(50), later(30))
    with second.scope():
        assert [each.from_id for each in second.again().reassignments] == [first.where.fn_clerk.id]
        with pytest.raises(NotAllowedNow, match="looked after in"):
            service.move_action_date(stands, "Nie.", later(60), by=acting(first.where.proxy), today=TODAY)
        with pytest.raises(NotAllowedNow, match="looked after in"):
            service.report_done(stands, "Tak.", done_on=TODAY, by=acting(first.where.secretary), today=TODAY)
        db.session.rollback()


def test_it_is_taken_back_until_it_is_done_unless_a_case_waits_for_nothing_else(cases: tuple[Case, Case]) -> None:
    first, second = cases
    serve(first, second)
    serve(first)
    assert standing(second) == []
    with second.scope():
        assert second.again().due_on == later(20)
        db.session.commit()

    serve(first, second)
    own_done(second)
    with pytest.raises(NotAllowedNow, match="has to stay"):
        serve(first)
    db.session.rollback()
    own_done(first)
    with pytest.raises(RuleViolation):
        serve(first)
    db.session.rollback()


def test_a_case_that_ends_leaves_what_it_lent_to_the_others(cases: tuple[Case, Case]) -> None:
    first, second = cases
    serve(first, second)
    with first.scope():
        service.cancel(first.again(), "Zadanie przejął powiat.", by=acting(first.where.proxy), today=TODAY)
        db.session.commit()

    assert standing(second) == []
    with second.scope():
        for action in list(second.again().current_actions):
            service.report_done(action, "Tak.", done_on=TODAY, by=acting(action.owner), today=TODAY)
        db.session.commit()
    assert state(second) == ("done", "verification")


def test_work_sent_back_in_one_case_is_that_case_s_own(cases: tuple[Case, Case]) -> None:
    first, second = cases
    serve(first, second)
    own_done(second)
    own_done(first)
    [stands] = standing(second)
    with second.scope():
        service.send_back(second.again(), "Brak listy.", [stands.id], by=acting(first.where.auditor), today=TODAY)
        db.session.commit()

    assert standing(second) == []
    assert state(first) == ("done", "verification")
    assert state(second) == ("in_progress", "action")


@pytest.mark.parametrize("who", ["fn_head", "second_auditor", "secretary"])
def test_only_the_proxy_and_the_lead_say_so(cases: tuple[Case, Case], signed_in: SignIn, who: str) -> None:
    first, _ = cases
    page = f"/u/sp-bochnia/dzialania/{first.action.key}/sprawy"

    assert signed_in(first.where.people[who]).get(page).status_code == 403
    assert signed_in(first.where.auditor).get(page).status_code == 200


def test_a_case_of_another_office_is_not_offered_and_not_taken(
    cases: tuple[Case, Case], world: World, signed_in: SignIn
) -> None:
    first, second = cases
    foreign = Case(world.leczyca).publish().answer().accept()
    client, page = signed_in(first.where.proxy), f"/u/sp-bochnia/dzialania/{first.action.key}/sprawy"

    offered = BeautifulSoup(client.get(page).data, "html.parser").select("input[name=case_ids]")
    assert [each["value"] for each in offered] == [str(second.finding.id)]
    typed = form_of(client.get(page).data) | {"case_ids": [str(foreign.finding.id)]}
    assert complaint(client.post(page, data=typed), "case_ids")
    assert standing(foreign) == []
