"""The year's plan as a mixed-integer problem, solved by HiGHS in a child process that is killed when time is up.

`python -m qms.programme.solver` takes a problem and answers with rows of numbers; it knows no database and no web.
What it gives is checked again before anybody believes it.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from qms.core import children, confined
from qms.core.children import Busy, ChildFailed
from qms.domain.proposal import GROUPS_A_VISIT, Plan, Problem, Row, greedy, plan_of

KILLED_AFTER: Final = 4.0  # seconds
THINKS_UNTIL: Final = 3.2  # seconds after it was asked: the rest is for giving the answer
THINKS_AT_LEAST: Final = 0.2
GAP: Final = 0.001
SEED: Final = 2026

# What a plan costs. A department left out costs more than anything else, then a second visit; then a chapter audited
# nowhere in the year; then what is looked at, how evenly the work lies, and that what matters comes early.
_LEFT_OUT: Final = 10_000.0
_SECOND_LEFT_OUT: Final = 1_000.0
_CHAPTER_UNSEEN: Final = 500.0
_WORTH: Final = 0.1
_FULLEST_MONTH: Final = 40.0
_BUSIEST_LEAD: Final = 40.0
_LATENESS: Final = 0.01


@dataclass(frozen=True)
class Solved:
    """The plan, and whether the solver made it or the simple rival had to."""

    plan: Plan
    is_solved: bool


def solve(problem: Problem, *, seconds: float = KILLED_AFTER) -> Solved:
    """The best plan that the child process finds in time, else the simple one."""
    simple = greedy(problem)
    if not any(any(problem.options(visit)) for visit in problem.visits):
        return Solved(simple, is_solved=True)
    rows = _asked(told(problem, simple) | {"asked_at": time.monotonic()}, seconds)
    if rows is None or not _keeps_limits(problem, rows):
        return Solved(simple, is_solved=False)
    return Solved(plan_of(problem, rows), is_solved=True)


def _asked(question: dict[str, Any], seconds: float) -> list[Row] | None:
    try:
        answer = children.run("qms.programme.solver", question, longest=seconds)
    except (Busy, ChildFailed):
        return None
    return [Row(visit, month, lead, tuple(chapters)) for visit, month, lead, chapters in answer["rows"]]


def _keeps_limits(problem: Problem, rows: Sequence[Row]) -> bool:
    """Whether each row is one of the problem's options, and no month or person has more than fits."""
    months, leads = Counter(row.month for row in rows), Counter(row.lead for row in rows)
    return (
        len({row.visit for row in rows}) == len(rows)
        and all((row.month, row.lead) in problem.options(problem.visits[row.visit]) for row in rows)
        and all(count <= problem.room_in(month) for month, count in months.items())
        and all(count <= problem.room_of(lead) for lead, count in leads.items())
    )


def told(problem: Problem, simple: Plan) -> dict[str, Any]:
    """The problem as JSON, with a plan to begin from."""
    options = [[place, *each] for place, visit in enumerate(problem.visits) for each in problem.options(visit)]
    return {
        "options": options,
        "scores": [list(visit.scores.values()) for visit in problem.visits],
        "weights": [visit.weight for visit in problem.visits],
        "second": [visit.is_second for visit in problem.visits],
        "units": [visit.unit for visit in problem.visits],
        "chapters": list(problem.chapters),
        "months": {month: [problem.room_in(month), problem.taken_months.get(month, 0)] for _, month, _ in options},
        "leads": {lead: [problem.room_of(lead), problem.taken_leads.get(lead, 0)] for _, _, lead in options},
        "begin": [[row.visit, row.month, row.lead, list(row.chapters)] for row in simple.rows],
    }


def _grouped(options: list[list[int]]) -> dict[tuple[int, int], list[int]]:
    """The places of the options by visit, by month and by lead."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, option in enumerate(options):
        for part, value in enumerate(option):
            found[part, value].append(place)
    return found


class _Model:
    """The child's half: the problem as columns and rows of HiGHS."""

    def __init__(self, asked: dict[str, Any]) -> None:
        import highspy  # noqa: PLC0415 -- slow to load, and only the child needs it

        self.asked = asked
        self.options: list[list[int]] = asked["options"]
        self.visits, self.chapters = range(len(asked["scores"])), range(len(asked["chapters"]))
        self.highs, self.whole = highspy.Highs(), highspy.HighsVarType.kInteger
        for name, value in _SETTINGS.items():
            self.highs.setOptionValue(name, value)
        self.placed = _grouped(self.options)
        self._columns()
        self._rows()

    def _columns(self) -> None:
        weights = self.asked["weights"]
        mean = max(1.0, sum(weights) / max(1, len(weights)))
        self.chosen = [self._column(_LATENESS * 40 * weights[v] / mean * m, is_whole=True) for v, m, _ in self.options]
        self.left_out = [self._column(_SECOND_LEFT_OUT if each else _LEFT_OUT) for each in self.asked["second"]]
        self.looked_at = [
            [self._column(-_WORTH * score, is_whole=True) for score in scores] for scores in self.asked["scores"]
        ]
        self.unseen = [self._column(_CHAPTER_UNSEEN) for _ in self.chapters]
        self.fullest = self._column(_FULLEST_MONTH, most=1000.0)
        self.busiest = self._column(_BUSIEST_LEAD, most=1000.0)

    def _column(self, cost: float, *, most: float = 1.0, is_whole: bool = False) -> int:
        place: int = self.highs.getNumCol()
        self.highs.addCol(cost, 0.0, most, 0, [], [])
        if is_whole:
            self.highs.changeColIntegrality(place, self.whole)
        return place

    def _row(self, least: float, most: float, columns: list[int], *, factors: list[float]) -> None:
        self.highs.addRow(least, most, len(columns), columns, factors)

    def _rows(self) -> None:
        for visit in self.visits:
            placed = self._where(0, visit)
            self._row(1, 1, [*placed, self.left_out[visit]], factors=[1.0] * (len(placed) + 1))
            chapters = self.looked_at[visit]
            most = float(GROUPS_A_VISIT)
            self._row(-_FREE, most, [*chapters, self.left_out[visit]], factors=[1.0] * len(chapters) + [most])
            self._never_twice(visit)
        for chapter in self.chapters:
            seen = [self.looked_at[visit][chapter] for visit in self.visits]
            self._row(1, _FREE, [*seen, self.unseen[chapter]], factors=[1.0] * (len(seen) + 1))
        for kind, limits, top in ((1, self.asked["months"], self.fullest), (2, self.asked["leads"], self.busiest)):
            for each, (room, taken) in limits.items():
                columns = self._where(kind, int(each))
                self._row(-_FREE, room, columns, factors=[1.0] * len(columns))
                self._row(-_FREE, -taken, [*columns, top], factors=[1.0] * len(columns) + [-1.0])

    def _never_twice(self, visit: int) -> None:
        """What the visit looks at, an earlier one of the same department does not."""
        units = self.asked["units"]
        for other in (each for each in range(visit) if units[each] == units[visit]):
            for pair in zip(self.looked_at[visit], self.looked_at[other], strict=True):
                self._row(-_FREE, 1, list(pair), factors=[1.0, 1.0])

    def _where(self, part: int, value: int) -> list[int]:
        return [self.chosen[place] for place in self.placed[part, value]]

    def begin(self) -> None:
        """Start from the simple plan, so that there is something to give when time is up."""
        begun = {tuple(row[:3]): row[3] for row in self.asked["begin"]}
        columns = [self.chosen[place] for place, option in enumerate(self.options) if tuple(option) in begun]
        for (visit, _, _), chapters in begun.items():
            columns += [self.looked_at[visit][self.asked["chapters"].index(each)] for each in chapters]
        self.highs.setSolution(len(columns), columns, [1.0] * len(columns))

    def solution(self) -> list[list[Any]]:
        """The rows of the best plan found."""
        left = THINKS_UNTIL - (time.monotonic() - self.asked["asked_at"])  # the clock is the computer's
        self.highs.setOptionValue("time_limit", max(THINKS_AT_LEAST, left))
        self.highs.run()
        values = self.highs.getSolution().col_value
        if not values:
            return self.asked["begin"]  # type: ignore[no-any-return] # what was sent
        return [
            [*option, [name for name, column in zip(self.asked["chapters"], self.looked_at[option[0]], strict=True)
                       if values[column] > _HALF]]
            for option, column in zip(self.options, self.chosen, strict=True)
            if values[column] > _HALF
        ]  # fmt: skip


_FREE: Final = 1e30
_HALF: Final = 0.5
_SETTINGS: Final[dict[str, Any]] = {
    "output_flag": False,
    "mip_rel_gap": GAP,
    "random_seed": SEED,
    "threads": 1,
}


def _solved(question: dict[str, Any]) -> dict[str, Any]:
    model = _Model(question)
    model.begin()
    return {"rows": model.solution()}


if __name__ == "__main__":
    confined.serve(_solved)
