"""The page on which somebody is reminded of a case by hand."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.saving import saving
from qms.findings import queries, reminding
from qms.findings.models import Finding
from qms.findings.pages import bp, cannot_go_on, gettext, left, refusal_of, to_case, to_case_instead
from qms.findings.step_forms import RemindForm
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/<key>/przypomnij", methods=["GET", "POST"])
@guard(Can.REMIND, load=queries.by_key)
def remind(finding: Finding) -> ResponseReturnValue:
    """Write to whoever the case waits for now."""
    form, by, today = RemindForm(), actor(), clock.today()
    refusal = refusal_of(lambda: reminding.check_remindable(finding, by=by, today=today))
    if request.method == "GET":
        form.version.data = finding.version
        if refusal:
            return to_case_instead(finding, refusal)
    elif refusal:
        return cannot_go_on(finding, refusal, form)
    if form.validate_on_submit():
        with saving(form, finding):
            names = reminding.remind(finding, form.note.data or "", by=by, today=today)
            return to_case(finding, gettext("A reminder goes to: %(names)s.", names=", ".join(names)))
    readers = ", ".join(person.name for person in reminding.readers(finding, by=by, today=today))
    return render_template("findings/remind.html", form=form, finding=finding, readers=readers, left=left(finding))
