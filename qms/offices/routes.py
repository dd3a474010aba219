"""Pages on which an office is set up. Its own page shows people too, and so is made in the room above, `people`."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.access import guard
from qms.core.i18n import language
from qms.core.saving import lead_to, saving
from qms.domain import calendar
from qms.domain.scale import WORDS
from qms.offices import causes as catalogue
from qms.offices import queries, scale, service
from qms.offices.causes_form import CauseForm
from qms.offices.forms import (
    DaysOffForm,
    DepartmentForm,
    RemoveDaysOffForm,
    SettingsForm,
)
from qms.offices.limit_form import limits_form
from qms.offices.models import CauseKind, Department, FindingKind, Office, OfficeDayOff
from qms.offices.scale_form import KindForm
from qms.offices.words import cause_called, cause_words, product_words
from qms.policy import Can

bp = Blueprint("offices", __name__)


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Give templates, and the macros they import, the words of causes."""
    state.app.jinja_env.globals["cause_called"] = cause_called


@bp.route("/u/<slug>/komorki/nowa", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def new_department(office: Office) -> ResponseReturnValue:
    """Add a department."""
    form = DepartmentForm(queries.departments(office.id, clock.today()))
    if form.validate_on_submit():
        with saving(form):
            service.open_department(office, name=form.name.data, symbol=form.symbol.data, parent=form.above)
            return _saved(gettext("Department added."))
    return render_template("offices/department.html", form=form, department=None)


@bp.route("/u/<slug>/komorki/<key>/zmien", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=queries.department_by_key)
def change_department(department: Department) -> ResponseReturnValue:
    """Correct a department."""
    form = DepartmentForm(queries.departments(department.office_id, clock.today()), department)
    if request.method == "GET":
        form.version.data = department.version
    if form.validate_on_submit():
        with saving(form, department):
            service.change_department(department, name=form.name.data, symbol=form.symbol.data, parent=form.above)
            return _saved(gettext("Saved."))
    return render_template("offices/department.html", form=form, department=department)


@bp.route("/u/<slug>/terminy", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def limits(office: Office) -> ResponseReturnValue:
    """Set or clear each limit."""
    form = limits_form(queries.limits([office.id])[office.id])
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            service.set_limits(office, form.limits)
            return _saved(gettext("Limits saved. Due days follow them from now on."))
    return render_template("offices/limits.html", form=form)


@bp.route("/u/<slug>/ustawienia", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def settings(office: Office) -> ResponseReturnValue:
    """Change the numbering, what days off do, and what coordinators may read."""
    form = SettingsForm(obj=office)
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            service.change_settings(office, form.settings)
            return _saved(gettext("Saved."))
    return render_template("offices/settings.html", form=form)


@bp.get("/u/<slug>/skala")
@guard(Can.SET_LIMITS)
def finding_kinds(office: Office) -> ResponseReturnValue:
    """The office's own kinds of finding."""
    return render_template("offices/kinds.html", kinds=queries.finding_kinds(office.id), WORDS=WORDS)


@bp.route("/u/<slug>/skala/nowy", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def new_finding_kind(office: Office) -> ResponseReturnValue:
    """Add a kind of finding."""
    form = KindForm(queries.finding_kinds(office.id))
    if form.validate_on_submit():
        with saving(form):
            scale.add(office, form.kind, place=form.place.data, words=product_words())
            return _saved(gettext("Kind of finding added."), "offices.finding_kinds")
    return render_template("offices/kind.html", form=form, kind=None, WORDS=WORDS)


@bp.route("/u/<slug>/skala/<key>/zmien", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=queries.finding_kind_by_key)
def change_finding_kind(kind: FindingKind) -> ResponseReturnValue:
    """Rename a kind of finding, or use it no more."""
    form = KindForm(queries.finding_kinds(kind.office_id), kind)
    if request.method == "GET":
        form.version.data = kind.version
    if form.validate_on_submit():
        with saving(form, kind):
            scale.change(kind, form.kind, place=form.place.data, words=product_words())
            return _saved(gettext("Saved. Findings keep the name they were written under."), "offices.finding_kinds")
    return render_template("offices/kind.html", form=form, kind=kind, WORDS=WORDS)


@bp.get("/u/<slug>/przyczyny")
@guard(Can.SET_LIMITS)
def causes(office: Office) -> ResponseReturnValue:
    """The office's own catalogue of causes."""
    return render_template("offices/causes.html", causes=queries.cause_kinds(office.id))


@bp.route("/u/<slug>/przyczyny/nowa", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def new_cause(office: Office) -> ResponseReturnValue:
    """Add a cause."""
    form = CauseForm(queries.cause_kinds(office.id))
    if form.validate_on_submit():
        with saving(form):
            catalogue.add(office, form.cause, place=form.place.data, words=cause_words())
            return _saved(gettext("Cause added."), "offices.causes")
    return render_template("offices/cause.html", form=form, cause=None)


@bp.route("/u/<slug>/przyczyny/<key>/zmien", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=queries.cause_kind_by_key)
def change_cause(cause: CauseKind) -> ResponseReturnValue:
    """Rename a cause, or use it no more."""
    form = CauseForm(queries.cause_kinds(cause.office_id), cause)
    if request.method == "GET":
        form.version.data = cause.version
    if form.validate_on_submit():
        with saving(form, cause):
            catalogue.change(cause, form.cause, place=form.place.data, words=cause_words())
            return _saved(gettext("Saved. Cases with this cause show its new name."), "offices.causes")
    return render_template("offices/cause.html", form=form, cause=cause)


@bp.get("/u/<slug>/dni-wolne")
@guard(Can.SEE_REGISTERS)
def days_off(office: Office) -> ResponseReturnValue:
    """The office's own days off in a year, beside those of the whole country."""
    this_year, found = clock.today().year, queries.own_days_off(office.id)
    years = sorted({this_year, this_year + 1, *(each.day.year for each in found)})
    asked = request.args.get("rok", this_year, type=int)
    year = asked if asked in years else this_year
    return render_template(
        "offices/days_off.html",
        days=[each for each in found if each.day.year == year],
        statutory=calendar.named_days_off(year, language()),
        years=years,
        year=year,
    )


@bp.route("/u/<slug>/dni-wolne/nowe", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def add_days_off(office: Office) -> ResponseReturnValue:
    """Close the office for a day or a few."""
    form = DaysOffForm()
    if form.validate_on_submit():
        from_on, until_on = form.from_on.data, form.until_on.data or form.from_on.data
        with saving(form):
            count = service.add_days_off(office, from_on=from_on, until_on=until_on, note=form.note.data or "")
            said_so = ngettext("%(num)d day off added.", "%(num)d days off added.", count)
            return _saved(f"{said_so} {_counted()}", "offices.days_off", rok=from_on.year)
    return render_template("offices/add_days_off.html", form=form)


@bp.route("/u/<slug>/dni-wolne/<key>/usun", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=queries.day_off_by_key)
def remove_days_off(day_off: OfficeDayOff) -> ResponseReturnValue:
    """Work on a day off after all."""
    form = RemoveDaysOffForm(data={"until_on": day_off.day})
    day = day_off.day
    if form.validate_on_submit():
        with saving(form):
            count = service.remove_days_off(
                day_off.office_id, from_on=day, until_on=form.until_on.data, reason=form.reason.data or ""
            )
            said_so = ngettext("%(num)d day off removed.", "%(num)d days off removed.", count)
            return _saved(f"{said_so} {_counted()}", "offices.days_off", rok=day.year)
    return render_template("offices/remove_days_off.html", form=form, day_off=day_off)


def _counted() -> str:
    return str(gettext("Due days follow it from now on."))


def _saved(message: str, to: str = "offices.index", **where: Any) -> Response:
    flash(message, "success")
    return lead_to(url_for(to, slug=g.office.slug, **where))
