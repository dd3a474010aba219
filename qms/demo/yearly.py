"""The programmes of an office: last year's plan for this year, approved, and a suggestion for the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from qms.audits import service as auditing
from qms.audits.models import INTERNAL, Audit
from qms.audits.planning import Plan
from qms.demo.cast import Cast
from qms.demo.scene import Event, Scene
from qms.demo.story import NOW
from qms.domain.calendar import next_working_day, previous_working_day
from qms.domain.editions import is_excluded
from qms.domain.programme import State, months_window
from qms.domain.proposal import greedy
from qms.domain.standing import Who
from qms.people import queries as people
from qms.programme import approving, facts, proposing, queries, service
from qms.programme.models import ProgrammeEntry
from qms.programme.proposing import Asked
from qms.programme.service import Wanted
from qms.requirements import queries as requirements
from qms.standards import queries as standards

_MADE_ON: Final = (11, 17)  # of the year before
_DECIDED_AFTER: Final = timedelta(days=9)
_SUGGESTED_AGO: Final = timedelta(days=3)
_SUGGESTED_FROM: Final = 10  # October: who thinks of the next year earlier
_CHAPTERS: Final = {"or": ("4", "5", "9"), "fn": ("7", "8"), "first": ("7", "8", "10"), "second": ("6", "8", "9")}


@dataclass(frozen=True)
class Foreseen:
    """An audit that a programme plans: where, when and led by whom."""

    unit: str
    starts_on: date
    lead: str


def events_of(cast: Cast, foreseen: list[Foreseen], on: date, *, suggests: bool) -> Iterator[Event]:
    """The programme of the last year, and for some a suggestion for the one after."""
    made_on = previous_working_day(date(on.year - 1, *_MADE_ON))
    of_year = sorted((each for each in foreseen if each.starts_on.year == on.year), key=lambda each: each.starts_on)
    if of_year:
        yield Event(made_on, cast, partial(_plan, of_year))
        yield Event(next_working_day(made_on + _DECIDED_AFTER), cast, partial(_approve, on.year))
    if suggests and on.month >= _SUGGESTED_FROM:
        yield Event(previous_working_day(on - _SUGGESTED_AGO), cast, partial(_suggest, on.year + 1))


def _plan(foreseen: list[Foreseen], scene: Scene) -> None:
    office = scene.office
    with scene.played_by(planner(scene)) as by:
        for each in foreseen:
            service.add(office, each.starts_on.year, _wanted(scene, each), today=scene.day)
        programme = queries.version(office, foreseen[0].starts_on.year)
        if programme is not None:
            approving.send(programme, by=by, today=scene.day)


def _wanted(scene: Scene, foreseen: Foreseen) -> Wanted:
    chapters = _CHAPTERS[foreseen.unit]
    left_out = requirements.excluded(scene.office.id, NOW, foreseen.starts_on)
    applied = [each for each in standards.auditable(NOW) if not is_excluded(each.number, left_out)]
    clauses = [each.id for each in applied if each.number.partition(".")[0] in chapters]
    lead = scene.cast.people.get(foreseen.lead)
    year, month = foreseen.starts_on.year, foreseen.starts_on.month
    return Wanted(
        edition_code=NOW,
        department_ids=frozenset({scene.cast.departments[foreseen.unit]}),
        clause_ids=frozenset(clauses),
        window=months_window(year, month, None),
        lead_id=lead if lead in facts.staff(scene.office.id, year).auditors else None,
    )


def _approve(year: int, scene: Scene) -> None:
    programme = queries.version(scene.office, year)
    if programme is not None:
        with scene.played_by("head") as by:
            approving.approve(
                programme, by=by, today=scene.day, order_number=f"{scene.office.id + 40}/{scene.day.year}"
            )


def _suggest(year: int, scene: Scene) -> None:
    """The simple plan, which is the same on every computer."""
    usual = proposing.usual(scene.office, year, NOW, today=scene.day)
    asked = Asked(edition_code=NOW, most_a_month=usual.a_month, most_a_lead=usual.an_auditor)
    with scene.played_by(planner(scene)):
        question = proposing.question(scene.office, year, asked, today=scene.day)
        proposing.take_over(scene.office, question, greedy(question.problem))


def log(scene: Scene, wanted: Plan) -> Audit:
    """Log an audit as the programme planned it, or beside the programme."""
    entry = _entry_for(scene, wanted) if wanted.kind in INTERNAL else None
    if entry is None:
        return auditing.plan(scene.office, wanted, today=scene.day)
    return service.log_audit(entry, wanted, today=scene.day)


def _entry_for(scene: Scene, wanted: Plan) -> ProgrammeEntry | None:
    programme = queries.version(scene.office, wanted.starts_on.year)
    if programme is None or programme.state != State.APPROVED:
        return None
    units = wanted.department_ids
    fitting = (each for each in programme.planned if each.held_as is None and each.compared.units == units)
    return next((each for each in fitting if each.first_on.month == wanted.starts_on.month), None)


def planner(scene: Scene) -> str:
    """Who plans for the office on the day."""
    held = people.holders(scene.cast.office_id, scene.day)
    return "proxy" if held.get(Who.PROXY) else "deputy"
