"""Pages of good practice: offering what was found here, deciding, and reading what is shared."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.core import clock
from qms.core.access import actor, guard, may
from qms.core.db import EVERY_OFFICE, scoped, set_scope
from qms.core.forms import Form
from qms.core.paging import turns
from qms.core.saving import StaleForm, lead_to, saving
from qms.domain.errors import RuleViolation
from qms.domain.findings import Category, State
from qms.domain.practices import OFFERABLE, OUT, Move, Sharing, after, as_read, check_offerable
from qms.findings import queries as findings
from qms.findings.models import Finding
from qms.findings.pages import refusal_of, to_case, to_case_instead
from qms.policy import Can, offices_granting
from qms.practices import queries, service
from qms.practices.forms import DecisionForm, OfferForm
from qms.practices.models import Practice
from qms.practices.words import STATES

bp = Blueprint("practices", __name__)


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Let the page of a finding, which stands below, say whether others read of it."""
    state.app.jinja_env.globals |= {
        "practice_of": _practice_of,
        "is_offerable": lambda finding: _refusal(finding) is None,
        "sharing_of": lambda practice, finding: as_read(Sharing(practice.state), State(finding.state)),
        "sharing_words": STATES,
    }


def _refusal(finding: Finding) -> RuleViolation | None:
    has_clause = finding.clause_id is not None
    category, state = Category(finding.category), State(finding.state)
    return refusal_of(lambda: check_offerable(category, state, has_clause=has_clause))


def _practice_of(finding: Finding) -> Practice | None:
    return queries.of_finding(finding) if finding.category in OFFERABLE else None


@bp.get("/wzorce")
@guard(Can.READ_PRACTICES)
def index() -> ResponseReturnValue:
    """What offices share; before it what waits for the coordinator, and what one's own office offered."""
    with scoped(EVERY_OFFICE):
        page = queries.shared(number=request.args.get("strona", 1, type=int))
        waiting = queries.waiting() if may(Can.SHARE_PRACTICES) else []
    own = offices_granting(actor(), Can.OFFER_PRACTICE)
    with scoped(own):
        offered = queries.offered_by(own)
    return render_template(
        "practices/index.html",
        page=page,
        waiting=waiting,
        offered=offered,
        where=turns(page, lambda number: url_for("practices.index", strona=number)),
    )


@bp.route("/wzorce/<key>", methods=["GET", "POST"])
@guard(Can.SHARE_PRACTICES)
def decide(key: str) -> ResponseReturnValue:
    """Read an offer, and publish it or say why not."""
    with scoped(EVERY_OFFICE):
        practice = queries.by_key(key)
    if practice is None:
        abort(404)
    set_scope(frozenset({practice.office_id}))
    if queries.standing(practice) not in OUT:
        flash(gettext("The office does not offer this practice any more."), "info")
        return redirect(url_for("practices.index"))
    return _decide(practice)


def _decide(practice: Practice) -> ResponseReturnValue:
    form = DecisionForm()
    form.offer(is_published=practice.decided_on is not None)
    if request.method == "GET":
        form.version.data = practice.version
    if form.validate_on_submit():
        try:
            with saving(form, practice):
                move = Move(form.decision.data)
                service.decide(practice, move, form.word.data or "", by=actor(), today=clock.today())
                flash(gettext("Saved. The office sees your decision."), "success")
                return lead_to(url_for("practices.index"))
        except StaleForm:  # the usual page would name who of the office changed it
            flash(gettext("The office has changed its offer in the meantime. Read it again, then decide."), "info")
            return redirect(url_for("practices.decide", key=practice.key))
    return render_template("practices/decide.html", form=form, practice=practice)


@bp.route("/u/<slug>/ustalenia/<key>/wzorzec", methods=["GET", "POST"])
@guard(Can.OFFER_PRACTICE, load=findings.by_key)
def offer(finding: Finding) -> ResponseReturnValue:
    """Word a finding for other offices, and offer it to them."""
    if refusal := _refusal(finding):
        return to_case_instead(finding, refusal)
    practice = queries.of_finding(finding)
    form = OfferForm(obj=practice)
    if request.method == "GET":
        form.version.data = practice.version if practice else ""
        form.text.data = practice.text if practice else finding.statement
    if form.validate_on_submit():
        with saving(form, practice):
            service.offer(finding, form.text.data, is_named=form.is_named.data, by=actor(), today=clock.today())
            return to_case(finding, gettext("Offered. The coordinator reads it before other offices do."))
    return render_template("practices/offer.html", form=form, finding=finding, practice=practice)


@bp.route("/u/<slug>/ustalenia/<key>/wzorzec/wycofaj", methods=["GET", "POST"])
@guard(Can.OFFER_PRACTICE, load=findings.by_key)
def withdraw(finding: Finding) -> ResponseReturnValue:
    """Let nobody outside the office read it any more."""
    practice = queries.of_finding(finding)
    if practice is None:
        abort(404)
    if refusal := refusal_of(lambda: after(Sharing(practice.state), Move.WITHDRAW)):
        return to_case_instead(finding, refusal)
    form = Form()
    if request.method == "GET":
        form.version.data = practice.version
    if form.validate_on_submit():
        with saving(form, practice):
            service.withdraw(practice)
            return to_case(finding, gettext("Withdrawn. No other office reads it now."))
    return render_template("practices/withdraw.html", form=form, finding=finding, practice=practice)
