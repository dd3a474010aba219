"""Pages of what an office leaves out of the standard: which clauses, by whose approval and since when."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.access import guard
from qms.core.i18n import said
from qms.core.saving import lead_to, saving
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can
from qms.requirements import history, queries, service
from qms.requirements.forms import ChangeExclusionForm, EndExclusionForm, ExclusionForm, exclusion_rules
from qms.requirements.models import Exclusion
from qms.requirements.words import FIELDS, own_titles, written_in

bp = Blueprint("requirements", __name__)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"written_in": written_in, "own_titles": own_titles}


@bp.get("/u/<slug>/wylaczenia")
@guard(Can.SEE_REGISTERS)
def exclusions(office: Office) -> ResponseReturnValue:
    """The requirements that the office leaves out, and who approved it."""
    found = queries.exclusions(office.id)
    return render_template("requirements/exclusions.html", exclusions=found, today=clock.today())


@bp.route("/u/<slug>/wylaczenia/nowe", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def new_exclusion(office: Office) -> ResponseReturnValue:
    """Leave a clause out."""
    today = clock.today()
    form = ExclusionForm(today, people.people_of(office.id, today))
    if form.validate_on_submit():
        clause = form.clauses[form.clause.data]
        with saving(form):
            service.exclude(office, clause, form.facts, today=today)
            doubt = service.doubt_about(clause)
            if doubt is not None:
                flash(said(doubt), "warning")
            return _saved(gettext("Exclusion saved."))
    return render_template("requirements/new_exclusion.html", form=form, rules=exclusion_rules())


@bp.get("/u/<slug>/wylaczenia/<key>")
@guard(Can.SEE_REGISTERS, load=queries.exclusion_by_key)
def exclusion(exclusion: Exclusion) -> ResponseReturnValue:
    """One exclusion with all that was ever written about it."""
    return render_template(
        "requirements/exclusion.html",
        exclusion=exclusion,
        history=history.of_exclusion(exclusion),
        fields=FIELDS,
        today=clock.today(),
    )


@bp.route("/u/<slug>/wylaczenia/<key>/zmien", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=queries.exclusion_by_key)
def change_exclusion(exclusion: Exclusion) -> ResponseReturnValue:
    """Correct an exclusion, or follow a new issue of the manual."""
    today = clock.today()
    form = ChangeExclusionForm(exclusion, people.people_of(exclusion.office_id, today))
    if request.method == "GET":
        form.version.data = exclusion.version
    if form.validate_on_submit():
        with saving(form, exclusion):
            service.change(exclusion, form.facts, today=today)
            return _saved(gettext("Saved."), exclusion)
    return render_template("requirements/change_exclusion.html", form=form, exclusion=exclusion)


@bp.route("/u/<slug>/wylaczenia/<key>/zakoncz", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=queries.exclusion_by_key)
def end_exclusion(exclusion: Exclusion) -> ResponseReturnValue:
    """Apply a clause again."""
    form = EndExclusionForm(data={"valid_until": clock.today()})
    if form.validate_on_submit():
        with saving(form):
            service.end_exclusion(exclusion, on=form.valid_until.data, reason=form.reason.data or "")
            return _saved(gettext("The end of the exclusion is saved."), exclusion)
    return render_template("requirements/end_exclusion.html", form=form, exclusion=exclusion)


def _saved(message: str, exclusion: Exclusion | None = None) -> Response:
    flash(message, "success")
    if exclusion is None:
        return lead_to(url_for("requirements.exclusions", slug=g.office.slug))
    return lead_to(url_for("requirements.exclusion", slug=g.office.slug, key=exclusion.key))
