"""What a year's programme should hold, as plain data: needs with their reasons, limits, and what a plan is.

Source: ISO 9001:2008, 8.2.2 and ISO 9001:2015, 9.2.2 (status and importance of processes, results of earlier audits).
A clause group is a chapter of the edition. Who may lead when is settled in `domain.staffing`; this only counts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Final

from qms.domain.calendar import last_day_of_month
from qms.domain.coverage import LONG_UNSEEN_MONTHS, months_unseen
from qms.domain.errors import N_, Notice

MONTHS: Final = tuple(range(1, 13))
LIGHT_MONTHS: Final = frozenset({7, 8, 12})  # holidays, and the end of the year
GROUPS_A_VISIT: Final = 3
USUAL_A_MONTH: Final = 3
LONGEST_UNSEEN: Final = 36  # a longer time unseen weighs no more, and never seen weighs as much
CASE_WEIGHT, MOST_CASES = 6, 3
WHOLE: Final = ""  # in place of a chapter, for the cases of a department that name no clause
IMPORTANT_WEIGHT: Final = 12

NEVER_AUDITED: Final = N_("Not audited yet.")
UNSEEN: Final = N_("Chapters not audited for at least %(months)s months: %(chapters)s.")
OPEN_CASES: Final = N_("Open nonconformities: %(count)s.")
IMPORTANT: Final = N_("Chosen as important.")
EVERY_YEAR: Final = N_("Each department once a year.")

NOBODY_FREE: Final = N_(
    "Nobody may lead it: each auditor works there or has no valid training. "
    "Ask another office for an auditor, or record a training."
)
NO_ROOM: Final = N_(
    "Those who may lead it lead enough already, or the months are full. Raise a limit, or add it by hand."
)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What is known of a department: by chapter, when it was last audited and how many cases are open.

    Cases of the `WHOLE` make it worth a second visit, and no chapter worth more than another.
    """

    unit: int
    last_seen: Mapping[str, date] = field(default_factory=dict)
    open_cases: Mapping[str, int] = field(default_factory=dict)
    is_important: bool = False

    def score(self, chapter: str, today: date) -> int:
        """How much the chapter is worth looking at here."""
        last = self.last_seen.get(chapter)
        unseen = LONGEST_UNSEEN if last is None else min(months_unseen(last, today), LONGEST_UNSEEN)
        cases = CASE_WEIGHT * min(self.open_cases.get(chapter, 0), MOST_CASES)
        return unseen + cases + IMPORTANT_WEIGHT * self.is_important

    @property
    def visits(self) -> int:
        """Once a year; twice where cases are open or the office says that it matters."""
        return 2 if self.is_important or any(self.open_cases.values()) else 1


def reasons(unit: Unit, chapters: Collection[str], today: date) -> list[Notice]:
    """Why these chapters are to be audited here."""
    if not unit.last_seen:
        found = [Notice(NEVER_AUDITED)]
    else:
        first = date.min
        old = [each for each in chapters if _months(unit.last_seen.get(each, first), today) >= LONG_UNSEEN_MONTHS]
        told = {"months": LONG_UNSEEN_MONTHS, "chapters": ", ".join(old)}
        found = [Notice(UNSEEN, told)] if old else []
    if cases := sum(unit.open_cases.values()):
        found.append(Notice(OPEN_CASES, {"count": cases}))
    if unit.is_important:
        found.append(Notice(IMPORTANT))
    return found or [Notice(EVERY_YEAR)]


def _months(last_on: date, today: date) -> int:
    return LONGEST_UNSEEN if last_on == date.min else months_unseen(last_on, today)


@dataclass(frozen=True)
class Visit:
    """An audit to be placed: of which department, in which of the months, and what each chapter is worth there."""

    unit: int
    months: tuple[int, ...]
    scores: Mapping[str, int]
    is_second: bool = False
    pressing: int = 0
    """What else makes it matter that it is early: processes that go along with it."""

    @property
    def weight(self) -> int:
        return sum(self.scores.values()) + self.pressing


def visits_of(
    units: Collection[Unit], chapters: Collection[str], months: Collection[int], *, today: date
) -> list[Visit]:
    """What is to be placed; of two visits to a department, one falls into each half of the months."""
    open_months = tuple(sorted(months))
    half = ceil(len(open_months) / 2)
    found = []
    for unit in units:
        scores = {chapter: unit.score(chapter, today) for chapter in chapters}
        parts = [open_months] if unit.visits == 1 else [open_months[:half], open_months[half:]]
        found += [Visit(unit.unit, part, scores, place > 0) for place, part in enumerate(parts) if part]
    return found


def open_months(year: int, today: date) -> tuple[int, ...]:
    """The months of the year in which an audit can still be announced: from the next one on."""
    return tuple(month for month in MONTHS if date(year, month, 1) > today)


def month_span(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), last_day_of_month(year, month)


@dataclass(frozen=True)
class Limits:
    """How much fits: audits in a month, fewer in holiday months, and audits one auditor leads in the year."""

    a_month: int
    an_auditor: int

    def of_month(self, month: int) -> int:
        return max(1, self.a_month // 3) if month in LIGHT_MONTHS else self.a_month


def usual_limits(visits: int, auditors: int, months: Collection[int]) -> Limits:
    """What an office is offered to begin with: room for everything, and some over."""
    full = max(1, len(set(months) - LIGHT_MONTHS))
    return Limits(max(USUAL_A_MONTH, ceil(visits / full) + 1), max(2, ceil(visits / max(1, auditors)) + 2))


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything a plan is made from. `free` tells who may lead an audit of a department in a month.

    `taken_months` and `taken_leads` are what the programme holds already.
    """

    visits: tuple[Visit, ...]
    chapters: tuple[str, ...]
    limits: Limits
    free: Mapping[int, Mapping[int, tuple[int, ...]]]
    taken_months: Mapping[int, int] = field(default_factory=dict)
    taken_leads: Mapping[int, int] = field(default_factory=dict)

    def room_in(self, month: int) -> int:
        return max(0, self.limits.of_month(month) - self.taken_months.get(month, 0))

    def room_of(self, auditor: int) -> int:
        return max(0, self.limits.an_auditor - self.taken_leads.get(auditor, 0))

    def options(self, visit: Visit) -> Iterator[tuple[int, int]]:
        """The months and the leads that the visit may have."""
        for month in visit.months:
            for lead in self.free.get(visit.unit, {}).get(month, ()):
                yield month, lead


@dataclass(frozen=True)
class Row:
    """A placed visit, by its place among those of the problem."""

    visit: int
    month: int
    lead: int
    chapters: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The rows, and of each visit left out the reason."""

    rows: tuple[Row, ...]
    left_out: Mapping[int, str]


def plan_of(problem: Problem, rows: Collection[Row]) -> Plan:
    """The rows in the order of the year, with the reasons of what is not among them."""
    placed = {row.visit for row in rows}
    left_out = {
        place: NO_ROOM if any(problem.options(visit)) else NOBODY_FREE
        for place, visit in enumerate(problem.visits)
        if place not in placed
    }
    return Plan(tuple(sorted(rows, key=lambda row: (row.month, row.visit))), left_out)


def greedy(problem: Problem) -> Plan:
    """First visits before second ones and heavy ones before light, each where least is planned; never looks back."""
    months, leads = Counter(problem.taken_months), Counter(problem.taken_leads)
    looked_at: dict[int, set[str]] = defaultdict(set)
    rows = []
    for place in sorted(range(len(problem.visits)), key=lambda each: _turn(problem.visits[each], each)):
        visit = problem.visits[place]
        fitting = [
            (months[month], leads[lead], month, lead)
            for month, lead in problem.options(visit)
            if months[month] < problem.limits.of_month(month) and leads[lead] < problem.limits.an_auditor
        ]
        if fitting:
            _, _, month, lead = min(fitting)
            months[month] += 1
            leads[lead] += 1
            chapters = _heaviest(visit.scores, besides=looked_at[visit.unit])
            looked_at[visit.unit].update(chapters)
            rows.append(Row(place, month, lead, chapters))
    return plan_of(problem, rows)


def _turn(visit: Visit, place: int) -> tuple[bool, int, int]:
    return visit.is_second, -visit.weight, place


def _heaviest(scores: Mapping[str, int], *, besides: Collection[str]) -> tuple[str, ...]:
    """The chapters worth most that no other visit looks at, in their own order."""
    left = sorted(set(scores) - set(besides), key=lambda chapter: (-scores[chapter], chapter))[:GROUPS_A_VISIT]
    return tuple(chapter for chapter in scores if chapter in left)


@dataclass(frozen=True)
class Worth:
    """How good a plan is: visits placed, what their chapters are worth, chapters seen nowhere, spread, lateness.

    The spread is the most audits in a month and the most that one auditor leads; lateness the mean month, heavier
    visits counting more.
    """

    placed: int
    worth: int
    chapters_unseen: int
    fullest_month: int
    busiest_lead: int
    lateness: float


def worth(problem: Problem, plan: Plan) -> Worth:
    """How good a plan is."""
    weights = [problem.visits[row.visit].weight for row in plan.rows]
    late = sum(row.month * weight for row, weight in zip(plan.rows, weights, strict=True))
    return Worth(
        placed=len(plan.rows),
        worth=sum(problem.visits[row.visit].scores[chapter] for row in plan.rows for chapter in row.chapters),
        chapters_unseen=len(set(problem.chapters) - {chapter for row in plan.rows for chapter in row.chapters}),
        fullest_month=max(Counter(row.month for row in plan.rows).values(), default=0),
        busiest_lead=max(Counter(row.lead for row in plan.rows).values(), default=0),
        lateness=late / max(1, sum(weights)),
    )
