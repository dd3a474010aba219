"""The page everybody lands on: what they have to do, and for who runs the system, how it stands; and their calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from qms.agenda import calls, feed, queries
from qms.auth import calendar_address
from qms.core import clock
from qms.core.access import actor, guard, public
from qms.core.db import scoped
from qms.cycle import queries as cycle
from qms.cycle import telling
from qms.cycle.course import Course
from qms.cycle.milestones import milestones
from qms.domain.standing import Concern, Who
from qms.findings.queries import FIGURED
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Actor, Can, can, offices_of

bp = Blueprint("agenda", __name__)

SHOWN_AT_FIRST = 20
MOST_IN_CALENDAR = 1000  # late things first; a program asks for all of it several times a day
RUNNING_THE_SYSTEM = frozenset({Who.PROXY, Who.DEPUTY, Who.HEAD_OF_OFFICE, Who.SECRETARY})


@bp.get("/zadania")
@guard(Can.SEE_OWN_TASKS)
def tasks() -> ResponseReturnValue:
    """One's own tasks, late ones first."""
    today, own = clock.today(), offices.by_ids(offices_of(actor()))
    most = None if "wszystkie" in request.args else SHOWN_AT_FIRST
    waiting, called = queries.waiting_for(actor(), today, most=most), calls.calls_on(actor(), clock.now())
    return render_template(
        "agenda/tasks.html",
        tasks=waiting.tasks,
        total=waiting.total + len(called),
        more_than=waiting.more_than,
        calls=called,
        held_today=calls.held_today(actor(), today),
        is_many_offices=len({each.office_name for each in waiting.tasks} | {each.office_name for each in called}) > 1,
        next_task=None if waiting.tasks or called else queries.next_task_of(actor(), today),
        why=telling.why,
        most_counted=FIGURED,
        setting_up=[
            each for each in own if each.set_up_on is None and can(actor(), Can.SET_LIMITS, Concern(office_id=each.id))
        ],
        overviews=[_overview(office, waiting.courses[office.id], today) for office in _run_by(actor(), own)],
        reporting_in=[each.slug for each in own if can(actor(), Can.REPORT_PROBLEM, Concern(office_id=each.id))],
    )


def _run_by(person: Actor, own: Iterable[Office]) -> list[Office]:
    return [each for each in own if person.posts.get(each.id, frozenset()) & RUNNING_THE_SYSTEM]


@dataclass(frozen=True)
class Overview:
    """How the system of one office stands."""

    office: Office
    figures: queries.Figures
    strip: telling.Strip | None


def _overview(office: Office, courses: list[Course], today: date) -> Overview:
    with scoped(frozenset({office.id})):
        current = cycle.current(courses, today)
        strip = telling.strip(current, milestones(current, today), today) if current else None
        return Overview(office, queries.figures_of(office.id, today), strip)


@bp.get("/kal/<token>.ics")
@public("the address is the key: a calendar program cannot sign in")
def calendar(token: str) -> ResponseReturnValue:
    """A person's tasks as a calendar."""
    request.path = "/kal/"  # what fails is logged with its path, and this one is a secret
    person = calendar_address.person_of(token, current_app.config["SECRET_KEY"])
    if person is None:
        abort(404)
    today = clock.today()
    tasks = queries.due_within_a_year(people.actor_of(person, today), today, most=MOST_IN_CALENDAR)
    with force_locale(person.language):
        text = feed.text(tasks, base_url=current_app.config["BASE_URL"], made_at=clock.now())
    response = Response(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="zadania.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
