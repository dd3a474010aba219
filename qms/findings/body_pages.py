"""The days a certification body gives, on the page of its audit and where they are entered."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from qms.audits.models import INTERNAL, Audit
from qms.core import whys
from qms.core.access import guard
from qms.core.saving import lead_to, saving
from qms.domain.body_terms import GRADES
from qms.domain.certification import Due
from qms.domain.scale import WORDS
from qms.findings import body
from qms.findings.body import Visit
from qms.findings.body_forms import BodyTermsForm
from qms.findings.pages import bp, gettext
from qms.policy import Can


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Let the page of an audit, which stands below, show the days."""
    state.app.jinja_env.globals["days_of_body"] = _shown


def _shown(audit: Audit) -> dict[str, Any] | None:
    """By grade until when the answer and the evidence are due, and why; none for an audit of the office's own."""
    if audit.kind in INTERNAL or audit.state == "cancelled":
        return None
    terms = body.terms_of(audit)
    if terms is None:
        return {"letter": "", "rows": []}
    asked = body.asked_of(audit, terms)
    rows = [(WORDS[each.grade], _said(each.answer), _said(each.evidence)) for each in asked]
    return {"letter": terms.letter, "rows": rows}


def _said(due: Due | None) -> tuple[Any, str] | None:
    if due is None:
        return None
    return due.due_on, whys.why(due.rule, due.limit, counted_from=due.counted_from, due_on=due.due_on)


@bp.route("/u/<slug>/audity/<key>/terminy-jednostki", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT, load=body.visit_by_key)
def body_terms(visit: Visit) -> ResponseReturnValue:
    """Enter the days from the letter of the body."""
    form = BodyTermsForm()
    if request.method == "GET":
        known = visit.terms
        given = {grade: known.term(grade) for grade in GRADES} if known else body.proposed(visit.audit)
        form.show(given, known.letter if known else "")
        form.version.data = str(known.version) if known else ""
    if form.validate_on_submit():
        with saving(form, visit.terms):
            body.set_terms(visit, form.terms, letter=form.letter.data or "")
            flash(gettext("Days saved. The answers and the evidence are due by them."), "success")
            return lead_to(url_for("findings.of_audit", slug=g.office.slug, key=visit.audit.key))
    return render_template("findings/body_terms.html", form=form, audit=visit.audit, is_known=visit.terms is not None)
