"""Pages of what is reported besides audits."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.core import clock, files
from qms.core.access import actor, guard, may
from qms.core.forms import given_files
from qms.core.i18n import said
from qms.core.paging import Paged, nearest, turns
from qms.core.saving import lead_to, saving
from qms.domain import editions
from qms.domain.sources import Fate, Source, check_deciding
from qms.findings.opening import categories
from qms.findings.pages import refusal_of
from qms.findings.recording import Upload
from qms.intake import queries, service, words
from qms.intake.forms import ProblemForm, RefuseForm, TakeForm, routes_form
from qms.intake.models import Problem
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can, Reach, standing
from qms.products import words as product_words
from qms.requirements import queries as requirements
from qms.requirements.standard import in_force
from qms.standards import queries as standards
from qms.standards.models import Clause

bp = Blueprint("intake", __name__)


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Let the page of a case, which stands below, lead back to what was reported."""
    state.app.jinja_env.globals |= {"problem_behind": queries.behind}


@bp.get("/u/<slug>/zgloszenia")
@guard(Can.REPORT_PROBLEM)
def index(office: Office) -> ResponseReturnValue:
    """What was reported: all of it for management, one's own and what is one's to decide for everybody else."""
    part, is_waiting = _reach(office), request.args.get("stan") == WAITING
    total = queries.count(office.id, part, is_waiting=is_waiting)
    number = nearest(request.args.get("strona", 1, type=int), total)
    return render_template(
        "intake/index.html",
        problems=queries.page(office.id, part, number, is_waiting=is_waiting),
        page=turns(Paged(number=number, total=total), _address_of_page(is_waiting=is_waiting)),
        is_waiting=is_waiting,
        sees_all=part.everything,
        words=words,
        list_url=_list(),
        waiting_url=_list(stan=WAITING),
    )


WAITING = "czeka"  # in the address of the list


def _list(**where: Any) -> str:
    return url_for("intake.index", slug=g.office.slug, **where)


def _address_of_page(*, is_waiting: bool) -> Callable[[int], str]:
    kept = {"stan": WAITING} if is_waiting else {}
    return lambda number: _list(**kept, strona=number)


def _reach(office: Office) -> Reach:
    if may(Can.SEE_PROBLEM):
        return Reach(everything=True)
    headed = actor().headed.get(office.id, frozenset())
    return Reach(everything=False, department_ids=headed, person_id=actor().person_id)


def _address(problem: Problem) -> str:
    return url_for("intake.detail", slug=g.office.slug, key=problem.key)


@bp.route("/u/<slug>/zgloszenia/nowe", methods=["GET", "POST"])
@guard(Can.REPORT_PROBLEM)
def new(office: Office) -> ResponseReturnValue:
    """Report that something went wrong."""
    form = ProblemForm(offices.departments(office.id, clock.today()), clock.today())
    if form.validate_on_submit():
        with saving(form):
            given = [Upload(file.filename or "", file.stream) for file in given_files()]
            told = service.report(office, form.told, *given[:1], by=actor(), today=clock.today())
            flash(gettext("Reported as %(number)s. Thank you.", number=told.number), "success")
            return lead_to(_address(told))
    return render_template("intake/new.html", form=form)


@bp.get("/u/<slug>/zgloszenia/<key>")
@guard(Can.SEE_PROBLEM, load=queries.by_key)
def detail(problem: Problem) -> ResponseReturnValue:
    """What was reported, what was decided, and how far it is."""
    became = problem.finding or problem.product
    number, unit = (became.number, became.department.name) if became else ("", "")
    is_mine = problem.fate == Fate.WAITING and may(Can.DECIDE_ON_PROBLEM, problem)
    what = words.TO_DECIDE if is_mine else words.NEXT[problem.fate]
    told = said(what, who=_decider(problem), number=number, department=unit)
    shown = {"words": words, "product_words": product_words}
    return render_template("intake/detail.html", problem=problem, next=told, **shown)


def _decider(problem: Problem) -> str:
    heads = people.heads(problem.office_id, clock.today()).get(problem.decided_in_id or 0, [])
    names = people.names(heads).values() if heads else ()
    return ", ".join(names) or gettext("The proxy")


@bp.get("/u/<slug>/zgloszenia/<key>/plik")
@guard(Can.SEE_PROBLEM, load=queries.with_file)
def download(problem: Problem) -> Response:
    """The file that came with it."""
    return files.sent(problem.file)  # type: ignore[arg-type] # the loader refuses one without a file


@bp.route("/u/<slug>/zgloszenia/<key>/przyjmij", methods=["GET", "POST"])
@guard(Can.DECIDE_ON_PROBLEM, load=queries.by_key)
def take(problem: Problem) -> ResponseReturnValue:
    """Make a case, or a finding for information, of it."""
    if refusal := _barred(problem):
        return refusal
    form = TakeForm(problem, categories(offices.finding_kinds(problem.office_id), Source(problem.source)))
    form.offer(offices.departments(problem.office_id, clock.today()), _clauses(problem.office))
    if request.method == "GET":
        form.version.data = problem.version
    if form.validate_on_submit():
        with saving(form, problem):
            shows_file = form.is_file_shown
            number = service.take(problem, form.taken, shows_file=shows_file, by=actor(), today=clock.today())
            flash(gettext("Taken as %(number)s.", number=number), "success")
            return lead_to(_address(problem))
    return render_template("intake/take.html", form=form, problem=problem)


def _clauses(office: Office) -> list[Clause]:
    """Those of the edition in force that the office applies."""
    edition = in_force().code
    excluded = requirements.excluded(office.id, edition, clock.today())
    return [each for each in standards.auditable(edition) if not editions.is_excluded(each.number, excluded)]


@bp.route("/u/<slug>/zgloszenia/<key>/odmow", methods=["GET", "POST"])
@guard(Can.DECIDE_ON_PROBLEM, load=queries.by_key)
def refuse(problem: Problem) -> ResponseReturnValue:
    """Refuse it, with a reason that whoever reported it reads."""
    if refusal := _barred(problem):
        return refusal
    form = RefuseForm()
    if request.method == "GET":
        form.version.data = problem.version
    if form.validate_on_submit():
        with saving(form, problem):
            service.refuse(problem, form.reason.data, by=actor(), today=clock.today())
            flash(gettext("Refused. Whoever reported it gets a letter with the reason."), "success")
            return lead_to(_address(problem))
    return render_template("intake/refuse.html", form=form, problem=problem)


def _barred(problem: Problem) -> ResponseReturnValue | None:
    """Whoever comes too late is led to what was decided meanwhile."""
    refusal = refusal_of(lambda: check_deciding(Fate(problem.fate), standing(actor(), problem.concern)))
    if refusal is None or request.method == "POST":
        return None
    flash(said(refusal), "info")
    return redirect(_address(problem))


@bp.route("/u/<slug>/zgloszenia/zasady", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def routes(office: Office) -> ResponseReturnValue:
    """Say who decides about the reports of each source, and what they usually become."""
    form = routes_form(queries.routes(office.id), offices.departments(office.id, clock.today()))
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            service.set_routes(office, form.routed(), today=clock.today())
            flash(gettext("Saved. Reports from now on follow it."), "success")
            return lead_to(_list())
    return render_template("intake/routes.html", form=form)
