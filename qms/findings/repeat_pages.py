"""The page on which somebody says what a finding repeats."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form, needed
from qms.core.i18n import day
from qms.core.saving import saving
from qms.findings import queries, repeats
from qms.findings.models import Finding
from qms.findings.pages import bp, gettext, to_case
from qms.policy import Can, reach

NONE = "zadne"
SHOWN = 90


class RepeatForm(Form):
    """Which of the earlier findings it is again."""

    earlier = RadioField(
        _("Which earlier finding is it again?"),
        validators=[needed(_("Choose one of these findings, or say that it repeats none."))],
        description=_("Proposed because department and clause are the same. You decide."),
    )

    def offer(self, alike: Sequence[Finding]) -> None:
        """Fill the findings in that look alike."""
        self.earlier.choices = [SelectChoice(each.key, f"{each.number}, {day(each.reported_on)}") for each in alike]
        self.earlier.choices.append(SelectChoice(NONE, gettext("It repeats none of these")))
        self.hints = {each.key: each.statement[:SHOWN] for each in alike}


@bp.route("/u/<slug>/ustalenia/<key>/powtorzenie", methods=["GET", "POST"])
@guard(Can.LINK_REPEAT, load=queries.by_key)
def repeat(finding: Finding) -> ResponseReturnValue:
    """Say that a finding is an earlier one again, or that it is not."""
    alike, form = repeats.alike_before(finding), RepeatForm()
    form.offer(alike)
    if request.method == "GET":
        known = repeats.linked(finding, reach(actor(), finding.concern)).earlier
        form.version.data, form.earlier.data = finding.version, known.key if known else None
    if form.validate_on_submit():
        with saving(form, finding):
            return to_case(finding, _decide(finding, form.earlier.data, alike))
    return render_template("findings/repeat.html", form=form, finding=finding, alike=alike)


def _decide(finding: Finding, chosen: str, alike: Sequence[Finding]) -> str:
    if chosen == NONE:
        repeats.unlink(finding)
        return gettext("Saved. The finding repeats none.")
    repeats.link(finding, chosen, alike, by=actor(), today=clock.today())
    return gettext("Saved. Both findings lead to each other now.")
