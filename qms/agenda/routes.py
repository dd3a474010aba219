"""The page everybody lands on: what they have to do, and for who runs the system, how it stands."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from qms.agenda import queries
from qms.core import clock
from qms.core.db import scoped
from qms.core.web import actor, guard
from qms.cycle import queries as cycle
from qms.cycle import telling
from qms.cycle.course import milestones
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.policy import Actor, Can

bp = Blueprint("agenda", __name__)

SHOWN_AT_FIRST = 20
RUNNING_THE_SYSTEM = frozenset({Who.PROXY, Who.DEPUTY, Who.HEAD_OF_OFFICE, Who.SECRETARY})


@bp.get("/zadania")
@guard(Can.SEE_OWN_TASKS)
def tasks() -> ResponseReturnValue:
    """One's own tasks, late ones first."""
    today = clock.today()
    most = None if "wszystkie" in request.args else SHOWN_AT_FIRST
    waiting = queries.waiting_for(actor(), today, most=most)
    return render_template(
        "agenda/tasks.html",
        tasks=waiting.tasks,
        total=waiting.total,
        is_many_offices=len({task.deadline.office_id for task in waiting.tasks}) > 1,
        next_task=None if waiting.tasks else queries.next_task_of(actor(), today),
        why=telling.why,
        overviews=[_overview(office, today) for office in _run_by(actor())],
    )


def _run_by(person: Actor) -> list[Office]:
    run = [office_id for office_id, posts in person.posts.items() if posts & RUNNING_THE_SYSTEM]
    return offices.by_ids(run) if run else []


@dataclass(frozen=True)
class Overview:
    """How the system of one office stands."""

    office: Office
    figures: queries.Figures
    strip: telling.Strip | None


def _overview(office: Office, today: date) -> Overview:
    with scoped(frozenset({office.id})):
        current = cycle.current(cycle.history(office.id), today)
        strip = telling.strip(current, milestones(current, today), today) if current else None
        return Overview(office, queries.figures_of(office.id, today), strip)
