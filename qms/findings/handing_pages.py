"""The page on which an answer is handed over to a colleague."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.saving import lead_to, saving
from qms.findings import queries, service
from qms.findings.answer_steps import why_closed
from qms.findings.models import Finding
from qms.findings.pages import bp, cannot_go_on, gettext, to_case, to_case_instead
from qms.findings.step_forms import HandOverForm
from qms.policy import Can, can


@bp.route("/u/<slug>/ustalenia/<key>/przekaz", methods=["GET", "POST"])
@guard(Can.ANSWER, load=queries.by_key)
def hand_over(finding: Finding) -> ResponseReturnValue:
    """Let somebody else of the office answer."""
    form, today = HandOverForm(), clock.today()
    form.offer(service.colleagues(finding, today))
    refusal = why_closed(finding, by=actor(), today=today)
    if request.method == "GET":
        form.version.data = finding.version
        if refusal:
            return to_case_instead(finding, refusal)
    elif refusal:
        return cannot_go_on(finding, refusal, form)
    if form.validate_on_submit():
        with saving(form, finding):
            to = service.hand_over(finding, form.colleague.data, by=actor(), today=today)
            return _done(finding, gettext("Handed over. %(name)s gets a letter.", name=to.name))
    return render_template("findings/hand_over.html", form=form, finding=finding)


def _done(finding: Finding, said: str) -> ResponseReturnValue:
    """To the case, unless it is nobody's business of the reader any more."""
    if can(actor(), Can.SEE_FINDING, finding.concern):
        return to_case(finding, said)
    flash(said, "success")
    return lead_to(url_for("agenda.tasks"))
