"""The ledger: what is owed is written once, caught up after days off line, and told to the right people."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qms.core import clock, inserts
from qms.core.db import OutOfScope, db, scoped
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.domain.deadlines import Kind
from qms.domain.reminders import Ladder, Level
from qms.domain.standing import Who
from qms.offices import ladders
from qms.offices.models import OfficeDayOff
from qms.people import service as people
from qms.reminders import ahead, queries, service
from qms.reminders.models import Reminder
from tests.support.ledger import ledger, nonconformity, plan, training, without_trainings
from tests.support.post import MONDAY, at
from tests.support.statements import counted
from tests.support.world import TODAY, World


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


def test_planning_twice_writes_nothing_more_and_a_full_sweep_finds_nothing(world: World) -> None:
    training(world.bochnia, world.bochnia.auditor, until=TODAY + timedelta(days=30))

    assert plan(world.bochnia) == 2
    assert plan(world.bochnia) == 0
    assert plan(world.bochnia, is_whole=True) == 0
    assert ledger() == [("-30", "auditor"), ("-30", "proxy")]


def test_nothing_is_owed_before_its_day(world: World) -> None:
    training(world.bochnia, world.bochnia.auditor, until=MONDAY + timedelta(days=181))

    assert plan(world.bochnia) == 0
    assert plan(world.bochnia, MONDAY) == 0
    assert plan(world.bochnia, MONDAY + timedelta(days=1)) == 2


@pytest.mark.parametrize("days_off_line", [1, 3, 7, 40, 120])
def test_after_days_off_line_the_newest_step_alone_is_owed_once(world: World, days_off_line: int) -> None:
    due_on = TODAY + timedelta(days=95)
    training(world.bochnia, world.bochnia.auditor, until=due_on)
    plan(world.bochnia)
    back_on = TODAY + timedelta(days=days_off_line)

    plan(world.bochnia, back_on)

    steps = {step for step, _ in ledger()}
    newest = {1: set(), 3: set(), 7: {"-90"}, 40: {"-90"}, 120: {"mon:2027-03-01"}}[days_off_line]
    assert steps == {"-180"} | newest
    assert plan(world.bochnia, back_on, is_whole=True) == 0


def test_day_by_day_planning_owes_what_full_sweeps_owe(world: World) -> None:
    for days in (-60, -20, -1, 0, 3, 8, 20):
        nonconformity(world.bochnia, due_on=TODAY + timedelta(days=days))

    for day in range(30):
        on = TODAY + timedelta(days=day)
        plan(world.bochnia, on)
        assert plan(world.bochnia, on, is_whole=True) == 0, on


def test_a_moved_day_opens_a_new_ladder(world: World) -> None:
    case = nonconformity(world.bochnia, due_on=TODAY + timedelta(days=3))
    plan(world.bochnia)
    with writing():
        case.due_on = TODAY + timedelta(days=7)

    assert plan(world.bochnia, TODAY + timedelta(days=1)) == 1
    assert ledger() == [("-3", "fn_head"), ("-7", "fn_head")]


def test_what_appears_late_is_told_on_the_next_day(world: World) -> None:
    plan(world.bochnia)
    nonconformity(world.bochnia, due_on=TODAY + timedelta(days=2))

    assert plan(world.bochnia) == 0
    assert plan(world.bochnia, TODAY + timedelta(days=1)) == 1


def test_a_cleared_limit_owes_nothing(world: World) -> None:
    case = nonconformity(world.bochnia, due_on=TODAY)
    with writing():
        case.due_on = None

    assert plan(world.bochnia) == 0


def test_planning_is_no_edit_of_the_office(world: World) -> None:
    before = world.bochnia.office.version
    plan(world.bochnia)

    db.session.refresh(world.bochnia.office)
    assert world.bochnia.office.planned_through == TODAY
    assert world.bochnia.office.version == before


@pytest.mark.parametrize("years", [0, 1, 100])
def test_a_day_planned_by_mistake_far_ahead_hides_nothing_that_is_owed(world: World, years: int) -> None:
    """As after a wrong year, or QMS_TODAY moved forward and back."""
    plan(world.bochnia, TODAY.replace(year=TODAY.year + years) + timedelta(days=5))
    nonconformity(world.bochnia, due_on=TODAY)

    with scoped(frozenset({world.bochnia.office.id})):
        coming = ahead.preview(world.bochnia.office.id, TODAY, TODAY, today=TODAY)
    assert queries.not_planned(TODAY) == [world.bochnia.office.id, world.leczyca.office.id]
    assert plan(world.bochnia) == len(coming) == 1
    assert world.bochnia.office.planned_through == TODAY
    assert plan(world.bochnia) == 0


def test_two_planners_at_once_write_each_line_once(app: Flask, world: World) -> None:
    for days in range(12):
        nonconformity(world.bochnia, due_on=TODAY - timedelta(days=days))
    training(world.leczyca, world.bochnia.fn_head, until=TODAY + timedelta(days=30))
    with writing():
        people.appoint(world.bochnia.fn_head, world.leczyca.office, Who.AUDITOR, from_on=TODAY)
    office_ids = [world.bochnia.office.id, world.leczyca.office.id]
    db.session.rollback()  # an open transaction of the test's own would hold the planners up
    problems: list[BaseException] = []

    def work(order: int) -> None:
        try:
            with app.app_context(), clock.at(at(TODAY, 7)):
                for office_id in office_ids[::order]:
                    with scoped(frozenset({office_id})), writing():
                        service.plan([office_id], TODAY)
        except BaseException as problem:  # noqa: BLE001 -- told to the test
            problems.append(problem)

    workers = [threading.Thread(target=work, args=(order,)) for order in (1, -1, 1, -1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert problems == []
    lines = ledger()
    assert len(lines) == len(db.session.scalars(select(Reminder)).all())
    assert plan(world.bochnia, is_whole=True) == plan(world.leczyca, is_whole=True) == 0
    digests = Counter(db.session.scalars(select(Letter.person_id)))
    assert set(digests.values()) == {1}


def test_a_ledger_line_cannot_be_written_for_another_office(world: World) -> None:
    row = {"office_id": world.leczyca.office.id, "kind": "audit", "subject": "x", "due_on": TODAY, "step": "0"}

    with scoped(frozenset({world.bochnia.office.id})), pytest.raises(OutOfScope):
        inserts.insert_all_once(Reminder, [row])


def test_planning_takes_as_many_queries_for_twenty_duties_as_for_one(world: World) -> None:
    counts = []
    for number in range(20):
        nonconformity(world.bochnia, due_on=TODAY - timedelta(days=10 + number))
        if number in {0, 19}:
            with counted() as statements:
                plan(world.bochnia, TODAY + timedelta(days=number // 3), is_whole=True)  # within one month
            counts.append(len(statements))

    assert counts[1] <= counts[0] + 1  # a superior is called: the letter that waits is brought forward


def test_offices_planned_together_are_planned_as_alone(world: World) -> None:
    """One is new and looks at everything, the other has a day off and a ladder of its own."""
    bochnia, leczyca = world.bochnia, world.leczyca
    for of in (bochnia, leczyca):
        for days in (-500, -40, -8, -1, 0, 1, 2, 3, 4, 6, 9, 14):
            nonconformity(of, due_on=TODAY + timedelta(days=days))
    with writing():
        leczyca.office.planned_through = TODAY - timedelta(days=1)
        db.session.add(OfficeDayOff(office_id=leczyca.office.id, day=TODAY + timedelta(days=1)))
        ladders.change(leczyca.office, Kind.ANSWER, Ladder((6, 2), (8,), {Level.SECRETARY: -10}))
    office_ids = [bochnia.office.id, leczyca.office.id]

    with counted() as statements:
        together = _planned(office_ids)
    with counted() as alone:
        apart = [line for office_id in office_ids for line in _planned([office_id])]

    assert together == sorted(apart)
    assert len({line[0] for line in together}) == 2
    assert len(statements) < len(alone)


def _planned(office_ids: list[int]) -> list[tuple[object, ...]]:
    """What planning would write."""
    with scoped(frozenset(office_ids)), clock.at(at(TODAY, 7)):
        service.plan(office_ids, TODAY)
        lines = select(Reminder.office_id, Reminder.subject, Reminder.due_on, Reminder.step, Reminder.person_id)
        found = [tuple(line) for line in db.session.execute(lines.where(Reminder.office_id.in_(office_ids)))]
    db.session.rollback()
    return sorted(found)


ESCALATION = [
    # days after the due day, who is told
    (-7, {"fn_head"}),
    (0, {"fn_head"}),
    (6, {"fn_head"}),
    (7, {"fn_head", "proxy"}),
    (14, {"fn_head", "proxy", "secretary"}),
    (60, {"fn_head", "proxy", "secretary"}),
]


@pytest.mark.parametrize(("days", "told"), ESCALATION)
def test_who_is_told_rises_with_the_delay(world: World, days: int, told: set[str]) -> None:
    nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=days))

    plan(world.bochnia, MONDAY)

    assert {name for _, name in ledger()} == told


VACANCIES = [
    # who left, who is told of an answer a week late
    ((), {"fn_head", "proxy"}),
    (("fn_head",), {"proxy"}),
    (("proxy",), {"fn_head", "deputy"}),
    (("proxy", "deputy"), {"fn_head", "secretary"}),
    (("proxy", "deputy", "secretary"), {"fn_head", "head"}),
    (("fn_head", "proxy", "deputy", "secretary"), {"head"}),
]


@pytest.mark.parametrize(("gone", "told"), VACANCIES)
def test_the_share_of_a_vacant_post_goes_to_who_stands_in(world: World, gone: tuple[str, ...], told: set[str]) -> None:
    nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=7))
    for name in gone:
        with writing():
            people.deactivate(world.bochnia.people[name], reason="left")

    plan(world.bochnia, MONDAY)

    assert {name for _, name in ledger("answer")} == told


def test_the_coordinator_gets_no_reminder(world: World) -> None:
    nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=60))

    plan(world.bochnia, MONDAY)

    assert world.coordinator.id not in set(db.session.scalars(select(Reminder.person_id)))
