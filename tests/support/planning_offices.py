"""Generated offices whose year is to be planned: units, auditors who work in them, trainings, and what was seen."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from qms.domain.competence import Appointment, AuditorRole, Qualification, Validity
from qms.domain.independence import Membership
from qms.domain.programme import months_window
from qms.domain.proposal import Plan, Problem, Unit, open_months, usual_limits, visits_of
from qms.domain.staffing import Auditor, Planned, Staff

EDITION: Final = "9001:2015"
CHAPTERS: Final = ("4", "5", "6", "7", "8", "9", "10")
ON, YEAR = date(2026, 11, 20), 2027
_SINCE: Final = date(2020, 1, 1)
HOW_MANY: Final = 40


@dataclass(frozen=True)
class PlanningOffice:
    """One office: what is to be solved, and what the rules need to check the answer."""

    name: str
    problem: Problem
    staff: Staff
    units: tuple[int, ...]

    def planned(self, plan: Plan) -> list[Planned]:
        """A plan as the rules check it."""
        return [
            Planned(
                number=place,
                units=frozenset({self.problem.visits[row.visit].unit}),
                edition=EDITION,
                window=months_window(YEAR, row.month, None),
                lead_id=row.lead,
            )
            for place, row in enumerate(plan.rows, start=1)
        ]


def offices() -> list[PlanningOffice]:
    """From 5 departments and 2 auditors to 40 and 12, the same ones each time; some are short of people or room."""
    rng = Random(2027)  # noqa: S311 - the same offices each time, no secret
    return [_office(place, rng) for place in range(HOW_MANY)]


def _office(place: int, rng: Random) -> PlanningOffice:
    share = place / (HOW_MANY - 1)
    units, auditors = tuple(range(1, round(5 + 35 * share) + 1)), round(2 + 10 * share)
    staff = _staff(units, auditors, rng)
    known = [_unit(unit, rng) for unit in units]
    months = open_months(YEAR, ON)
    visits = visits_of(known, CHAPTERS, months, today=ON)
    problem = Problem(
        visits=tuple(visits),
        chapters=CHAPTERS,
        limits=usual_limits(len(visits), auditors, months),
        free=staff.free(units, YEAR, months, edition=EDITION),
    )
    return PlanningOffice(f"{place + 1}: {len(units)} departments, {auditors} auditors", problem, staff, units)


def _staff(units: tuple[int, ...], count: int, rng: Random) -> Staff:
    """Each auditor works somewhere; one in five joins late, and one in five has a training that ends in the year."""
    auditors, memberships = {}, [Membership(1000 + unit, unit, _SINCE, is_head=True) for unit in units]
    for person in range(1, count + 1):
        since = date(YEAR, rng.randint(2, 8), 1) if rng.random() < 0.2 else _SINCE
        until = date(YEAR, rng.randint(5, 11), 15) if rng.random() < 0.2 else date(YEAR + 1, 6, 1)
        trained = Qualification(
            role=AuditorRole.LEAD, edition=EDITION, held_on=_SINCE, validity=Validity.UNTIL, valid_until=until
        )
        auditors[person] = Auditor(person, (Appointment(since),), (trained,))
        memberships.append(Membership(person, rng.choice(units), _SINCE))
    parents = {unit: units[0] if unit != units[0] and rng.random() < 0.1 else None for unit in units}
    return Staff(auditors=auditors, memberships=memberships, parents=parents)


def _unit(unit: int, rng: Random) -> Unit:
    seen = {chapter: date(rng.randint(2023, 2026), rng.randint(1, 10), 3) for chapter in CHAPTERS if rng.random() < 0.7}
    open_cases = {chapter: rng.randint(1, 3) for chapter in CHAPTERS if rng.random() < 0.06}
    return Unit(unit=unit, last_seen=seen, open_cases=open_cases, is_important=rng.random() < 0.05)
