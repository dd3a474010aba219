"""Pages on which a programme is sent, approved and given back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.approvals import queries as approvals
from qms.approvals import steps
from qms.approvals.forms import ApproveForm, GiveBackForm
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.saving import saving
from qms.domain import programme as rules
from qms.domain.programme import State
from qms.policy import Can
from qms.programme import approving, queries
from qms.programme.models import Programme
from qms.programme.pages import bp, breaches_of, to_year


@bp.route("/u/<slug>/audity/programy/<key>/wyslij", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME, load=queries.by_key)
def send(programme: Programme) -> ResponseReturnValue:
    """Send a version to those who approve it."""
    rules.check_sendable(State(programme.state), len(programme.planned))
    form = Form()
    if request.method == "GET":
        form.version.data = str(programme.version)
    if form.validate_on_submit():
        with saving(form, programme):
            approving.send(programme, by=actor(), today=clock.today())
            return to_year(programme.year, gettext("Sent. Whoever is to approve it gets a letter."))
    chain = approvals.chain(programme.office_id)
    return render_template(
        "programme/send.html", form=form, programme=programme, steps=chain, breaches=breaches_of(programme)
    )


@bp.route("/u/<slug>/audity/programy/<key>/zatwierdz", methods=["GET", "POST"])
@guard(Can.APPROVE_PROGRAMME, load=queries.by_key)
def approve(programme: Programme) -> ResponseReturnValue:
    """Take one's step of the approval."""
    rules.check_sent(State(programme.state))
    form, step = ApproveForm(), approving.waits_for(programme)
    if request.method == "GET":
        form.version.data = programme.version
    if form.validate_on_submit():
        with saving(form, programme):
            approving.approve(programme, by=actor(), today=clock.today(), order_number=form.order_number.data or "")
            is_approved = programme.state == State.APPROVED
            said = gettext("The programme is approved.") if is_approved else gettext("Your step is saved.")
            return to_year(programme.year, said)
    doubt = steps.doubt_about(programme.approvals, actor())
    shown = {"step": step, "doubt": doubt, "breaches": breaches_of(programme)}
    return render_template("programme/approve.html", form=form, programme=programme, **shown)


@bp.route("/u/<slug>/audity/programy/<key>/zwroc", methods=["GET", "POST"])
@guard(Can.APPROVE_PROGRAMME, load=queries.by_key)
def give_back(programme: Programme) -> ResponseReturnValue:
    """Open a sent version for changes again."""
    rules.check_sent(State(programme.state))
    form = GiveBackForm()
    if request.method == "GET":
        form.version.data = programme.version
    if form.validate_on_submit():
        with saving(form, programme):
            approving.give_back(programme, reason=form.reason.data)
            return to_year(programme.year, gettext("The programme can be changed again."))
    return render_template("programme/give_back.html", form=form, programme=programme)
