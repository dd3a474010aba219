"""Suggesting a programme: what the problem is, and what the plan becomes in the draft."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qms.domain import programme as rules
from qms.domain import proposal
from qms.domain import turns as rules_of_turns
from qms.domain.editions import is_excluded
from qms.domain.errors import N_, NotAllowedNow
from qms.domain.programme import months_window
from qms.domain.proposal import Limits, Plan, Problem, Unit, Visit
from qms.domain.staffing import Breach, check
from qms.domain.turns import Turn
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.programme import facts, queries, service
from qms.programme.models import Programme
from qms.programme.service import Wanted
from qms.requirements import queries as requirements
from qms.standards import queries as standards


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody chose before a programme is suggested."""

    edition_code: str
    most_a_month: int
    most_a_lead: int
    important: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Question:
    """The problem, with what is needed to say why each row is there."""

    year: int
    asked: Asked
    problem: Problem
    units: dict[int, Unit]
    turns: list[Turn]
    today: date


def question(office: Office, year: int, asked: Asked, *, today: date) -> Question:
    """What is to be solved. Raises `RuleViolation` when nothing can be planned."""
    rules.check_year(year, today)
    rules.check_edition(asked.edition_code, queries.used_editions(office.id))
    months = proposal.open_months(year, today)
    if not months:
        raise NotAllowedNow(N_("No month of %(year)s is left. Suggest the programme of the next year."), year=year)
    programme = queries.version(office, year)
    units = _units(office, year, asked, today=today)
    turns = _turns(office.id, year, programme, today=today)
    pressing = rules_of_turns.pressing(turns, list(units), today)
    visits = [
        visit if visit.is_second else replace(visit, pressing=pressing.get(visit.unit, 0))
        for visit in _without_planned(_visits(office, year, asked, units=units, today=today), programme)
    ]
    taken = facts.planned(programme) if programme else []
    problem = Problem(
        visits=tuple(visits),
        chapters=tuple(visits[0].scores) if visits else (),
        limits=Limits(asked.most_a_month, asked.most_a_lead),
        free=facts.staff(office.id, year).free(list(units), year, months, edition=asked.edition_code),
        taken_months=Counter(each.month for each in taken if each.month),
        taken_leads=Counter(each.lead_id for each in taken if each.lead_id),
    )
    return Question(year, asked, problem, units, turns, today)


def _turns(office_id: int, year: int, programme: Programme | None, *, today: date) -> list[Turn]:
    """The processes that the programme does not hold yet."""
    planned = {part.process_id for entry in programme.planned for part in entry.processes} if programme else set()
    return [turn for turn in facts.turns(office_id, year, today=today) if turn.process not in planned]


def _units(office: Office, year: int, asked: Asked, *, today: date) -> dict[int, Unit]:
    ids = [each.id for each in audited(office.id, year, today)]
    found = facts.units(office.id, asked.edition_code, ids=ids, important=asked.important, today=today)
    return {each.unit: each for each in found}


def audited(office_id: int, year: int, today: date) -> list[Department]:
    """The departments that a programme of the year is to cover: those that work then."""
    return offices.departments(office_id, _begins(year, today))


def _visits(office: Office, year: int, asked: Asked, *, units: dict[int, Unit], today: date) -> list[Visit]:
    places = _clauses(office, asked.edition_code, _begins(year, today))
    return proposal.visits_of(list(units.values()), list(places), proposal.open_months(year, today), today=today)


def _begins(year: int, today: date) -> date:
    """The first day on which an audit of the programme may still be held."""
    return max(today, date(year, 1, 1))


def _clauses(office: Office, edition: str, on: date) -> dict[str, list[int]]:
    """By chapter, the clauses to audit against; parts go with their clause, and what is left out is not applied."""
    left_out = requirements.excluded(office.id, edition, on)
    found: dict[str, list[int]] = {}
    for clause in standards.clauses(edition):
        if clause.kind == "leaf" and not is_excluded(clause.number, left_out):
            found.setdefault(clause.number.partition(".")[0], []).append(clause.id)
    return found


def _without_planned(visits: Sequence[Visit], programme: Programme | None) -> list[Visit]:
    """Those that the programme does not hold yet."""
    planned = Counter(part.department_id for entry in programme.planned for part in entry.units) if programme else {}
    left = []
    for visit in visits:
        if planned.get(visit.unit, 0) > 0:
            planned[visit.unit] -= 1
        else:
            left.append(visit)
    return left


def take_over(office: Office, question: Question, plan: Plan) -> Programme:
    """Write the plan into the draft of the year; what the draft held stays. Raises `RuleViolation`."""
    programme = service.draft(office, question.year, today=question.today)
    programme.most_a_month, programme.most_a_lead = question.asked.most_a_month, question.asked.most_a_lead
    clauses = _clauses(office, question.asked.edition_code, _begins(question.year, question.today))
    led = [(question.problem.visits[row.visit].unit, row.lead) for row in plan.rows]
    shared = rules_of_turns.shared_out(question.turns, led, question.today)
    wanted = [_wanted(question, row, clauses, turns=shared.get(place, [])) for place, row in enumerate(plan.rows)]
    service.add_all(programme, wanted)
    return programme


def _wanted(question: Question, row: proposal.Row, clauses: dict[str, list[int]], *, turns: Sequence[Turn]) -> Wanted:
    visit = question.problem.visits[row.visit]
    return Wanted(
        edition_code=question.asked.edition_code,
        department_ids=frozenset({visit.unit}),
        clause_ids=frozenset(clause for chapter in row.chapters for clause in clauses[chapter]),
        process_ids=frozenset(turn.process for turn in turns),
        window=months_window(question.year, row.month, None),
        lead_id=row.lead,
        reasons=(
            *proposal.reasons(question.units[visit.unit], row.chapters, question.today),
            *rules_of_turns.reasons(turns, question.today),
        ),
    )


def left_out(question: Question, plan: Plan) -> dict[str, list[int]]:
    """By reason, the departments for which no audit was found."""
    found: dict[str, list[int]] = {}
    for place, reason in plan.left_out.items():
        found.setdefault(reason, []).append(question.problem.visits[place].unit)
    return found


def usual(office: Office, year: int, edition: str, *, today: date) -> Limits:
    """What an office is offered to begin with."""
    auditors = facts.staff(office.id, year).auditors
    asked = Asked(edition_code=edition, most_a_month=1, most_a_lead=1)
    visits = sum(unit.visits for unit in _units(office, year, asked, today=today).values())
    return proposal.usual_limits(visits, len(auditors), proposal.open_months(year, today) or proposal.MONTHS)


def breaches(programme: Programme, today: date) -> list[Breach]:
    """Every rule that a version breaks as it stands."""
    staff = facts.staff(programme.office_id, programme.year)
    units = [each.id for each in audited(programme.office_id, programme.year, today)]
    planned = facts.planned(programme)
    usual_limits = proposal.usual_limits(len(planned), len(staff.auditors), proposal.MONTHS)
    limits = Limits(programme.most_a_month or usual_limits.a_month, programme.most_a_lead or usual_limits.an_auditor)
    return check(planned, staff=staff, limits=limits, units=units)
