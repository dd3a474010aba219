"""The programme that the solver suggests beside the simple one: what is covered, how the load lies, how late it is."""

import time
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Final

from qms.domain.proposal import greedy, worth
from qms.domain.staffing import Planned, Rule, check
from qms.programme import solver
from tests.support.planning_offices import PlanningOffice, offices

Say = Callable[[str], None]
# In the order of `Worth`: how many audits and what they look at, chapters seen nowhere, the fullest month, the busiest
# lead, the mean month; then the rules it breaks. The columns of the simple plan follow.
_HEADS: Final = ("placed", "worth", "unseen", "month", "lead", "late", "broken")
_LINE: Final = "{:34} {:>6} | " + " ".join(["{:>7}"] * len(_HEADS)) + " | " + " ".join(["{:>7}"] * len(_HEADS))


def measure(say: Say, *, is_quick: bool) -> None:
    """Plan each generated office twice; the last line adds the offices up, the lateness as its mean."""
    chosen = offices()[::10] if is_quick else offices()
    say("")
    say(_LINE.format("a programme suggested", "s", *_HEADS, *(f"s.{head}"[:7] for head in _HEADS)))
    results = [_planned(office, say) for office in chosen]
    sums = [[_told(column) for column in zip(*side, strict=True)] for side in zip(*results, strict=True)]
    say(_LINE.format(f"{len(chosen)} offices", "", *sums[0], *sums[1]))


def _planned(office: PlanningOffice, say: Say) -> tuple[tuple[float, ...], tuple[float, ...]]:
    began = time.monotonic()
    solved = solver.solve(office.problem)
    took = time.monotonic() - began
    plans = solved.plan, greedy(office.problem)
    both = [(*astuple(worth(office.problem, plan)), _broken(office, office.planned(plan))) for plan in plans]
    name = office.name if solved.is_solved else f"{office.name} (simple)"
    say(_LINE.format(name, f"{took:.2f}", *(_told([value]) for side in both for value in side)))
    return both[0], both[1]


def _broken(office: PlanningOffice, planned: list[Planned]) -> int:
    found = check(planned, staff=office.staff, limits=office.problem.limits, units=office.units)
    return sum(breach.rule is not Rule.UNIT_MISSING for breach in found)


def _told(values: Sequence[float]) -> str:
    total = sum(values)
    return f"{total / len(values):.2f}" if any(isinstance(value, float) for value in values) else f"{total}"
