"""The page on which an office says by which steps it approves its papers."""

from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.approvals import queries, service, words
from qms.approvals.forms import chain_form
from qms.core.access import guard
from qms.core.saving import lead_to, saving
from qms.offices.models import Office
from qms.policy import Can

bp = Blueprint("approvals", __name__)


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {"approval_words": words}


@bp.route("/u/<slug>/kroki-zatwierdzania", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def chain(office: Office) -> ResponseReturnValue:
    """Say who approves programmes, in which order and by which verb, and whether reports too."""
    form = chain_form(queries.chain(office.id), approves_reports=office.approves_reports)
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            form.refuse_gap()
            service.set_chain(office, form.steps, approves_reports=form.approves_reports.data)
            flash(gettext("Saved. What is sent from now on takes these steps."), "success")
            return lead_to(url_for("offices.index", slug=g.office.slug))
    return render_template("approvals/chain.html", form=form)
