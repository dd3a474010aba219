"""An office reminds in its own rhythm: a ladder changed, cleared, and put back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.transactions import writing
from qms.domain.deadlines import Kind
from qms.domain.reminders import LADDERS, NO_LADDER, Ladder, Level
from qms.offices import ladders, queries, service
from tests.support.application import typed
from tests.support.ledger import ledger, nonconformity, plan, without_trainings
from tests.support.world import TODAY, World

PAGE = "/u/sp-bochnia/drabiny/odpowiedz"
TOLD = {"person": "-10000", "proxy": "7", "secretary": "", "head": ""}
STEPS = {"before": "10, 2", "after": "3", "every_weeks": "2"} | TOLD


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


def set_ladder(world: World, ladder: Ladder, kind: Kind = Kind.ANSWER) -> None:
    with scoped(frozenset({world.bochnia.office.id})):
        ladders.change(world.bochnia.office, kind, ladder)
        db.session.commit()


def own(world: World) -> dict[Kind, Ladder]:
    with scoped(EVERY_OFFICE):
        return queries.own_ladders(world.bochnia.office.id)


def test_an_office_reminds_by_its_own_steps_and_another_by_those_it_began_with(world: World) -> None:
    set_ladder(world, Ladder((20,), (), {Level.PERSON: -20}, every_weeks=None))
    for place in (world.bochnia, world.leczyca):
        nonconformity(place, due_on=TODAY + timedelta(days=20))
        plan(place)

    assert ledger() == [("-20", "fn_head")]


def test_a_step_far_ahead_is_found_though_the_first_ladder_reached_less_far(world: World) -> None:
    set_ladder(world, Ladder((200,), (), {Level.PERSON: -200}, every_weeks=None))
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=200))

    plan(world.bochnia)

    assert ledger() == [("-200", "fn_head")]


def test_what_the_office_reminds_of_sooner_stands_sooner_on_the_list_of_tasks(world: World, signed_in) -> None:
    finding = nonconformity(world.bochnia, due_on=TODAY + timedelta(days=100))
    client = signed_in(world.bochnia.fn_head)
    assert finding.number not in client.get("/zadania").get_data(as_text=True)

    set_ladder(world, Ladder((120,), (), {Level.PERSON: -120}, every_weeks=None))

    assert finding.number in client.get("/zadania").get_data(as_text=True)


def test_of_a_cleared_kind_nobody_is_reminded(world: World) -> None:
    set_ladder(world, NO_LADDER)
    nonconformity(world.bochnia, due_on=TODAY)

    assert plan(world.bochnia) == 0


def test_a_change_is_planned_on_the_same_day(world: World) -> None:
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=20))
    assert plan(world.bochnia) == 0

    set_ladder(world, Ladder((20,), (), {Level.PERSON: -20}, every_weeks=None))

    assert plan(world.bochnia) == 1


def test_an_office_may_leave_reminders_on_days_off(world: World) -> None:
    world.bochnia.office.rolls_reminders = False
    db.session.commit()
    monday = TODAY + timedelta(days=3)
    nonconformity(world.bochnia, due_on=monday + timedelta(days=6))  # seven days before is the Sunday

    assert plan(world.bochnia, monday - timedelta(days=2)) == 0
    assert plan(world.bochnia, monday - timedelta(days=1)) == 1


def test_the_office_chooses_whether_days_move_off_days_off(world: World, signed_in) -> None:
    client, office = signed_in(world.bochnia.proxy), world.bochnia.office
    patterns = {"audit_pattern": "A-{yyyy}-{n:02}", "finding_pattern": "{prefix}-{yyyy}-{n:03}"}

    assert typed(client, "/u/sp-bochnia/ustawienia", **patterns, rolls_reminders="y").status_code == 302

    db.session.refresh(office)
    assert (office.rolls_due_days, office.rolls_reminders) == (False, True)


def test_the_proxy_changes_a_ladder_clears_it_and_puts_it_back(world: World, signed_in) -> None:
    client = signed_in(world.bochnia.proxy)

    assert typed(client, PAGE, **STEPS).status_code == 302
    joins = {Level.PERSON: -10000, Level.PROXY: 7}
    assert own(world) == {Kind.ANSWER: Ladder((10, 2), (3,), joins, every_weeks=2)}
    assert "10, 2" in client.get("/u/sp-bochnia/drabiny").get_data(as_text=True)

    typed(client, PAGE, **STEPS, clear="1")
    assert own(world) == {Kind.ANSWER: NO_LADDER}

    typed(client, PAGE, **STEPS, restore="1")
    assert own(world) == {}


def test_a_cleared_ladder_says_what_that_means_and_how_to_be_reminded_again(world: World, signed_in) -> None:
    client = signed_in(world.bochnia.proxy)

    def told(address: str = PAGE) -> str:
        return BeautifulSoup(client.get(address).data, "html.parser").main.get_text(" ")

    assert "Nikt nie dostaje" not in told()
    typed(client, PAGE, **STEPS, clear="1")

    assert "sprawa zostaje na liście zadań" in told("/u/sp-bochnia/drabiny")
    page = told()
    assert "Nikt nie dostaje o tym przypomnień" in page
    assert page.count("Wróć do ustawień początkowych") == 2  # the notice names the button below


def test_a_ladder_put_back_by_hand_is_no_longer_the_offices_own(world: World, signed_in) -> None:
    client = signed_in(world.bochnia.proxy)
    typed(client, PAGE, **STEPS)
    first = LADDERS[Kind.ANSWER]
    joins = {level.value: str(first.joins.get(level, "")) for level in Level}

    days = {"before": ", ".join(map(str, first.before)), "after": ", ".join(map(str, first.after)), "every_weeks": "1"}
    typed(client, PAGE, **days, **joins)

    assert own(world) == {}


def test_every_kind_has_a_page_of_its_own(world: World, signed_in) -> None:
    client = signed_in(world.bochnia.proxy)
    page = BeautifulSoup(client.get("/u/sp-bochnia/drabiny").data, "html.parser")
    found = [link["href"] for link in page.select(".summary a")]

    assert len(set(found)) == len(Kind)
    assert {client.get(address).status_code for address in found} == {200}
    assert client.get("/u/sp-bochnia/drabiny/nieznana").status_code == 404


def test_a_ladder_is_not_cleared_by_leaving_its_fields_empty(world: World, signed_in) -> None:
    client, empty = signed_in(world.bochnia.proxy), dict.fromkeys(STEPS, "")

    assert "co najmniej jeden dzień" in typed(client, PAGE, **empty).get_data(as_text=True)
    assert "co najmniej jedną osobę" in typed(client, PAGE, **(STEPS | dict.fromkeys(TOLD, ""))).get_data(as_text=True)
    assert own(world) == {}


@pytest.mark.parametrize(("wrong", "said"), [({"before": "a week"}, "liczby całkowite"), ({"after": "900"}, "730")])
def test_wrong_days_are_refused_and_kept(world: World, signed_in, wrong: dict[str, str], said: str) -> None:
    answer = typed(signed_in(world.bochnia.proxy), PAGE, **(STEPS | wrong))

    page = BeautifulSoup(answer.data, "html.parser")
    (name, value), *_ = wrong.items()
    assert said in page.select_one("main [role=alert]").get_text()
    assert page.select_one(f"[name={name}]")["value"] == value
    assert own(world) == {}


def test_a_day_off_added_is_reckoned_with_on_the_same_day(world: World) -> None:
    monday = TODAY + timedelta(days=3)
    nonconformity(world.bochnia, due_on=monday + timedelta(days=3))
    plan(world.bochnia)
    assert ledger() == [("-7", "fn_head")]

    with writing():
        service.add_days_off(world.bochnia.office, from_on=monday, until_on=monday, note="Przerwa")
    plan(world.bochnia)

    assert ledger() == [("-3", "fn_head"), ("-7", "fn_head")]
