"""The page on which an action is said to serve other cases too, or no longer."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import CheckboxesField, Form, optional
from qms.core.saving import saving
from qms.findings import queries, sharing
from qms.findings.models import Action
from qms.findings.pages import bp, cannot_go_on, gettext, refusal_of, to_case, to_case_instead
from qms.policy import Can

_SHOWN_LETTERS = 90


class ShareForm(Form):
    """The cases that an action serves besides its own."""

    case_ids = CheckboxesField(
        _("Which cases it serves too"),
        description=_("Cases of your office whose work is under way. Untick one to take it back."),
        validators=[optional()],
    )

    def offer(self, cases: Any) -> None:  # noqa: ANN401 - findings, which forms know nothing of
        """Fill the cases in."""
        self.case_ids.choices = [
            SelectChoice(each.id, f"{each.number}, {each.department.name}: {each.statement[:_SHOWN_LETTERS]}")
            for each in cases
        ]


@bp.route("/u/<slug>/dzialania/<key>/sprawy", methods=["GET", "POST"])
@guard(Can.SHARE_ACTION, load=queries.action_by_key)
def share_action(action: Action) -> ResponseReturnValue:
    """Let one action serve further cases, or take it back from them."""
    form, today, finding = ShareForm(), clock.today(), action.finding
    refusal = refusal_of(lambda: sharing.check_shareable(action, by=actor(), today=today))
    form.offer([] if refusal else sharing.offered(action, by=actor(), today=today))
    if request.method == "GET":
        if refusal:
            return to_case_instead(finding, refusal)
        form.version.data = action.version
        form.case_ids.data = [each.finding_id for each in sharing.followers(action)]
    elif refusal:
        return cannot_go_on(finding, refusal, form)
    if form.validate_on_submit():
        with saving(form, action):
            sharing.serve(action, form.case_ids.data, by=actor(), today=today)
            return to_case(finding, gettext("Saved. Each case shows the action and keeps its own verification."))
    return render_template("findings/share_action.html", form=form, action=action, finding=finding, today=today)
