"""Pages on which an office is set up. Its own page shows people too, and so is made in the room above, `people`."""

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.web import guard, lead_to, saving
from qms.offices import queries, service
from qms.offices.forms import DepartmentForm, SettingsForm, limits_form
from qms.offices.models import Department, Office
from qms.policy import Can

bp = Blueprint("offices", __name__)


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
    """Change the scale, the numbering and what coordinators may read."""
    form = SettingsForm(obj=office)
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            service.change_settings(
                office,
                shares_content=form.shares_content.data,
                uses_grades=form.uses_grades.data,
                audit_pattern=form.audit_pattern.data,
                finding_pattern=form.finding_pattern.data,
            )
            return _saved(gettext("Saved."))
    return render_template("offices/settings.html", form=form)


def _saved(said: str) -> Response:
    flash(said, "success")
    return lead_to(url_for("offices.index", slug=g.office.slug))
