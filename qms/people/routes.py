"""Pages of an office's people and posts, and the page of the office itself, which shows both."""

from collections import defaultdict
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.saving import lead_to, saving
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.offices.models import Department, Office, Process
from qms.offices.routes import bp as office_pages
from qms.offices.words import IMPORTANCE_WORDS, limit_lines
from qms.people import addresses, colleagues, invitations, processes, queries, service
from qms.people.colleagues import Colleague
from qms.people.forms import (
    AppointForm,
    CloseDepartmentForm,
    EndPostForm,
    EndWorkForm,
    MoveForm,
    RenameForm,
)
from qms.people.models import AddressChange, Appointment
from qms.people.words import POST_WORDS
from qms.policy import Can

bp = Blueprint("people", __name__)

PROXIES = (Who.PROXY, Who.DEPUTY)


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {"POST_WORDS": POST_WORDS, "IMPORTANCE_WORDS": IMPORTANCE_WORDS}


@office_pages.get("/u/<slug>/urzad")
@guard(Can.MANAGE_PEOPLE)
def index(office: Office) -> ResponseReturnValue:
    """The office at a glance, with a way to change each part."""
    today = clock.today()
    departments = offices.departments(office.id, today)
    staff = colleagues.all_of(office, today)
    return render_template(
        "offices/index.html",
        departments=departments,
        processes=_processes(office, today),
        names={each.id: each.name for each in departments},
        colleagues=staff,
        invited=invitations.waiting(office.id, today),
        heads=_heads(staff),
        limit_lines=limit_lines(offices.limits([office.id])[office.id]),
        **_posts(office),
    )


def _processes(office: Office, today: date) -> list[tuple[Process, str]]:
    """Each process with the name of who answers for it today."""
    found = offices.processes(office.id, today)
    owners = {process.id: processes.owner_of(process, today) for process in found}
    names = queries.names({each for each in owners.values() if each is not None})
    return [(process, names.get(owners[process.id] or 0, "")) for process in found]


def _heads(staff: list[Colleague]) -> dict[int, str]:
    """Who heads each department, by its id."""
    found: dict[int, list[str]] = defaultdict(list)
    for colleague in staff:
        for membership in colleague.memberships:
            if membership.is_head:
                found[membership.department_id].append(colleague.person.name)
    return {department_id: ", ".join(names) for department_id, names in found.items()}


@bp.get("/u/<slug>/osoby")
@guard(Can.SEE_REGISTERS)
def posts(office: Office) -> ResponseReturnValue:
    """Who holds which post; for the head of the office, the place to appoint the proxy."""
    return render_template("people/posts.html", **_posts(office))


def _posts(office: Office) -> dict[str, Any]:
    today = clock.today()
    found = colleagues.posts_held(office.id, today)
    held = {Who(each.post) for each in found if each.from_on <= today}
    return {"posts": found, "is_proxy_vacant": Who.PROXY not in held, "today": today, "proxies": PROXIES}


def find_colleague(office: Office, key: str) -> Colleague | None:
    """Somebody of the office by the key of an address."""
    return colleagues.by_key(office, key, clock.today())


@bp.route("/u/<slug>/osoby/<key>/zmien", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=find_colleague)
def change(colleague: Colleague) -> ResponseReturnValue:
    """What the office knows of a person; the name can be corrected here."""
    form = RenameForm(obj=colleague.person)
    if request.method == "GET":
        form.version.data = colleague.person.version
    if form.validate_on_submit():
        with saving(form, colleague.person):
            service.rename(colleague.person, colleague.office, name=form.name.data, today=clock.today())
            return _saved(gettext("Saved."))
    asked = addresses.of_person(colleague.office.id, colleague.person.id)
    return render_template("people/change.html", form=form, colleague=colleague, **_address_asked(asked))


def _address_asked(asked: AddressChange | None) -> dict[str, Any]:
    """The request for another mailbox that waits, and the form that withdraws it."""
    withdrawing = Form()
    if asked is not None:
        withdrawing.version.data = str(asked.version)
    return {"asked": asked, "withdrawing": withdrawing, "today": clock.today()}


@bp.route("/u/<slug>/osoby/<key>/przenies", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=find_colleague)
def move(colleague: Colleague) -> ResponseReturnValue:
    """Let a person work in another department, or head one."""
    form = MoveForm(offices.departments(colleague.office.id, clock.today()))
    if form.validate_on_submit() and form.chosen is not None:
        with saving(form):
            said = {"from_on": form.from_on.data, "is_head": form.is_head.data}
            service.move(colleague.person, form.chosen, **said, by=actor(), today=clock.today())
            return _saved(gettext("Saved."))
    return render_template("people/move.html", form=form, colleague=colleague)


@bp.route("/u/<slug>/osoby/<key>/zakoncz", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=find_colleague)
def end(colleague: Colleague) -> ResponseReturnValue:
    """End what a person may do in the office, at once."""
    form = EndWorkForm()
    if form.validate_on_submit():
        with saving(form):
            service.end_work(
                colleague.person,
                colleague.office,
                reason=form.reason.data,
                by=actor(),
                today=clock.today(),
            )
            return _saved(gettext("Access ended. The name stays on records."))
    return render_template("people/end.html", form=form, colleague=colleague)


@bp.route("/u/<slug>/stanowiska/nowe", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def appoint(office: Office) -> ResponseReturnValue:
    """Give a post; that of proxy only by those who may appoint one."""
    return _appoint(office, service.posts_given_by(actor(), office), "offices.index")


@bp.route("/u/<slug>/stanowiska/pelnomocnik", methods=["GET", "POST"])
@guard(Can.APPOINT_PROXY)
def appoint_proxy(office: Office) -> ResponseReturnValue:
    """Appoint the proxy or a deputy."""
    return _appoint(office, list(PROXIES), "people.posts")


def _appoint(office: Office, given: list[Who], back: str) -> ResponseReturnValue:
    form = AppointForm(given, queries.people_of(office.id, clock.today()))
    if form.validate_on_submit():
        with saving(form):
            service.appoint(
                form.people[form.person.data],
                office,
                Who(form.post.data),
                from_on=form.from_on.data,
                until_on=form.until_on.data,
                order_number=form.order_number.data or "",
                by=actor().person_id,
            )
            return _saved(gettext("Appointment saved."), back)
    return render_template(
        "people/appoint.html",
        form=form,
        given=given,
        is_of_proxy=given == list(PROXIES),
        back_url=url_for(back, slug=office.slug),
        **_posts(office),
    )


def _proxy(office: Office, key: str) -> Appointment | None:
    found = colleagues.post_by_key(office, key)
    return found if found is not None and found.post in PROXIES else None


def _other_post(office: Office, key: str) -> Appointment | None:
    found = colleagues.post_by_key(office, key)
    return found if found is not None and found.post not in PROXIES else None


@bp.route("/u/<slug>/stanowiska/<key>/zakoncz", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=_other_post)
def end_post(appointment: Appointment) -> ResponseReturnValue:
    """End a post."""
    return _end_post(appointment, "offices.index")


@bp.route("/u/<slug>/stanowiska/pelnomocnik/<key>/zakoncz", methods=["GET", "POST"])
@guard(Can.APPOINT_PROXY, load=_proxy)
def end_proxy(appointment: Appointment) -> ResponseReturnValue:
    """End the post of a proxy or deputy."""
    return _end_post(appointment, "people.posts")


def _end_post(appointment: Appointment, back: str) -> ResponseReturnValue:
    form = EndPostForm()
    if form.validate_on_submit():
        with saving(form):
            service.revoke(appointment, on=form.until_on.data, reason=form.reason.data)
            return _saved(gettext("The end of the post is saved."), back)
    back_url = url_for(back, slug=g.office.slug)
    return render_template("people/end_post.html", form=form, appointment=appointment, back_url=back_url)


@bp.route("/u/<slug>/komorki/<key>/zamknij", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=offices.department_by_key)
def close_department(department: Department) -> ResponseReturnValue:
    """Close a department that nobody works in any more."""
    form = CloseDepartmentForm()
    if form.validate_on_submit():
        with saving(form):
            service.close_department(department, on=form.closed_on.data, reason=form.reason.data)
            return _saved(gettext("The department is closed. Its audits and findings stay."))
    return render_template("offices/close_department.html", form=form, department=department)


def _saved(said: str, to: str = "offices.index") -> Response:
    flash(said, "success")
    return lead_to(url_for(to, slug=g.office.slug))
