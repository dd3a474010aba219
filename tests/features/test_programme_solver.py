"""The solver in its child process: what it promises on forty offices, and what happens when it cannot answer."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from qms.domain.proposal import GROUPS_A_VISIT, Limits, greedy, worth
from qms.domain.staffing import Rule, check
from qms.programme import solver
from tests.support.planning_offices import PlanningOffice, offices


@pytest.mark.parametrize("office", offices(), ids=lambda office: office.name)
def test_a_plan_breaks_no_rule_and_covers_every_department_or_says_why_not(
    office: PlanningOffice, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    solved = solver.solve(office.problem)
    record_property("seconds to suggest a programme", f"{time.monotonic() - began:.2f}")

    planned, plan = office.planned(solved.plan), solved.plan
    breaches = check(planned, staff=office.staff, limits=office.problem.limits, units=office.units)
    missing = {breach.unit for breach in breaches if breach.rule is Rule.UNIT_MISSING}
    explained = {office.problem.visits[place].unit for place in plan.left_out}
    assert [breach for breach in breaches if breach.rule is not Rule.UNIT_MISSING] == []
    assert missing <= explained
    assert len(plan.rows) + len(plan.left_out) == len(office.problem.visits)
    assert all(0 < len(row.chapters) <= GROUPS_A_VISIT for row in plan.rows)


@pytest.mark.parametrize("office", offices()[::8], ids=lambda office: office.name)
def test_the_solver_places_no_less_than_the_simple_plan(office: PlanningOffice) -> None:
    tight = replace(office.problem, limits=Limits(2, office.problem.limits.an_auditor - 1))

    solved, simple = worth(tight, solver.solve(tight).plan), worth(tight, greedy(tight))

    assert (solved.placed, -solved.chapters_unseen) >= (simple.placed, -simple.chapters_unseen)


def test_a_solver_that_is_killed_leaves_the_simple_plan() -> None:
    problem = offices()[20].problem

    solved = solver.solve(problem, seconds=0.01)

    assert not solved.is_solved
    assert solved.plan == greedy(problem)


@pytest.mark.parametrize("wrong", ["visit twice", "not an option", "month too full", "lead too busy"])
def test_rows_that_break_the_problem_are_not_believed(wrong: str) -> None:
    problem = offices()[0].problem
    rows = list(greedy(problem).rows)
    told = {
        "visit twice": (problem, [rows[0], *rows]),
        "not an option": (problem, [replace(rows[0], lead=999), *rows[1:]]),
        "month too full": (replace(problem, taken_months=dict.fromkeys(range(1, 13), 99)), rows),
        "lead too busy": (replace(problem, limits=Limits(99, 0)), rows),
    }

    assert solver._keeps_limits(problem, rows)
    assert not solver._keeps_limits(*told[wrong])


def test_nothing_to_place_needs_no_solver() -> None:
    assert solver.solve(replace(offices()[0].problem, visits=())).plan.rows == ()
