"""The jobs: planning, the nightly sweep, and what happens when one of them meets trouble."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import select

from qms import jobs
from qms.core import clock
from qms.core.db import db
from qms.offices.models import Office
from qms.reminders import queries, service
from tests.support.ledger import ledger, nonconformity, without_trainings
from tests.support.post import MONDAY, at, later
from tests.support.world import TODAY, World


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


def test_the_job_plans_every_office_once_a_day_and_the_sweep_says_that_nothing_was_missed(world: World) -> None:
    nonconformity(world.bochnia, due_on=TODAY)
    nonconformity(world.leczyca, due_on=TODAY)

    assert jobs.run_job("plan", TODAY) == "2 new in 2 offices"
    assert jobs.run_job("plan", TODAY) == "every office is planned"
    assert jobs.run_job("sweep", TODAY) == "nothing new in 2 offices"


def test_the_sweep_finds_what_planning_missed(world: World) -> None:
    jobs.run_job("plan", TODAY)
    nonconformity(world.bochnia, due_on=TODAY)

    assert jobs.run_job("sweep", TODAY) == "1 new in 2 offices"


def test_an_office_that_cannot_be_planned_holds_no_other_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nonconformity(world.leczyca, due_on=TODAY)
    real = service.plan

    def plan_or_fail(office_ids: list[int], today: date, *, is_whole: bool) -> int:
        if world.bochnia.office.id in office_ids:
            raise ValueError("a row that should not be")
        return real(office_ids, today, is_whole=is_whole)

    monkeypatch.setattr(service, "plan", plan_or_fail)

    assert jobs.run_job("plan", TODAY) == f"1 new in 2 offices; FAILED in offices [{world.bochnia.office.id}]"
    monkeypatch.undo()
    assert jobs.run_job("plan", TODAY) == "nothing new in 1 offices"


def test_planning_waits_for_a_person_when_the_clock_jumped(world: World) -> None:
    with clock.at(at(TODAY, 7)):
        jobs.tick("plan")
    nonconformity(world.bochnia, due_on=TODAY)

    with later(days=36):
        jobs.tick("plan")

    assert ledger() == []
    assert set(db.session.scalars(select(Office.planned_through))) == {TODAY}


def test_the_sweep_runs_once_a_night(world: World) -> None:
    ran = []
    for hour, minute in ((3, 59), (4, 0), (4, 10), (23, 0)):
        with clock.at(at(MONDAY, hour, minute)):
            jobs.tick("sweep")
            ran.append(str(clock.now()) if _last_sweep() == clock.now() else "")

    assert [bool(each) for each in ran] == [False, True, False, False]


def _last_sweep() -> datetime | None:
    return queries.last_run("sweep")
