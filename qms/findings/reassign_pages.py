"""The page on which one action is given to somebody else."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.saving import saving
from qms.findings import queries, reassigning
from qms.findings.models import Action
from qms.findings.pages import bp, cannot_go_on, gettext, refusal_of, to_case, to_case_instead
from qms.findings.step_forms import ReassignForm
from qms.policy import Can


@bp.route("/u/<slug>/dzialania/<key>/przekaz", methods=["GET", "POST"])
@guard(Can.REASSIGN, load=queries.action_by_key)
def reassign(action: Action) -> ResponseReturnValue:
    """Let another person of the office do an action."""
    form, today, finding = ReassignForm(), clock.today(), action.finding
    form.offer(reassigning.doers([action], today))
    refusal = refusal_of(lambda: reassigning.check_reassignable(action, by=actor(), today=today))
    if request.method == "GET":
        form.version.data = action.version
        if refusal:
            return to_case_instead(finding, refusal)
    elif refusal:
        return cannot_go_on(finding, refusal, form)
    if form.validate_on_submit():
        with saving(form, action):
            to = reassigning.reassign(action, form.doer.data, form.reason.data, by=actor(), today=today)
            return to_case(finding, gettext("%(name)s does this action now and gets a letter.", name=to.name))
    return render_template("findings/reassign.html", form=form, action=action, finding=finding, today=today)
