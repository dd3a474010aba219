"""Pages on which a report is approved, given back, and published once it is approved."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.approvals import steps
from qms.approvals.forms import ApproveForm, GiveBackForm
from qms.core import clock
from qms.core.access import actor, guard, may
from qms.core.forms import Form
from qms.core.i18n import gettext
from qms.core.saving import lead_to, saving
from qms.domain import report as rules
from qms.domain.report import PENDING, Given
from qms.papers.paper import Paper
from qms.policy import Can
from qms.reports import approving, queries
from qms.reports.models import GivenReport
from qms.reports.pages import bp, give_files
from qms.reports.report_paper import report_paper

_GIVEN = "/u/<slug>/audity/<key>/raport/zatwierdzanie"


def _address(endpoint: str, given: GivenReport) -> str:
    return url_for(endpoint, slug=g.office.slug, key=given.audit.key)


@bp.get(_GIVEN)
@guard(Can.SEE_GIVEN_REPORT, load=queries.given_by_key)
def given(shown: GivenReport) -> ResponseReturnValue:
    """The report as it was given for approval, and how far that is."""
    if shown.state not in PENDING:
        return redirect(_address("reports.report", shown))
    step = approving.waits_for(shown)
    takes_step = steps.is_for(step, actor(), shown.office_id)
    return render_template(
        "reports/given.html", given=shown, audit=shown.audit, paper=_paper(shown), step=step, takes_step=takes_step
    )


@bp.route(f"{_GIVEN}/zatwierdz", methods=["GET", "POST"])
@guard(Can.APPROVE_REPORT, load=queries.given_by_key)
def approve(shown: GivenReport) -> ResponseReturnValue:
    """Take one's step of the approval."""
    rules.check_sent(Given(shown.state))
    form, step = ApproveForm(), approving.waits_for(shown)
    if request.method == "GET":
        form.version.data = shown.version
    if form.validate_on_submit():
        with saving(form, shown):
            approving.approve(shown, by=actor(), today=clock.today(), order_number=form.order_number.data or "")
            is_approved = shown.state == Given.APPROVED
            told = gettext("The report is approved. The lead auditor publishes it now.")
            return _to(shown, told if is_approved else gettext("Your step is saved."))
    doubt = approving.doubt_about(shown, actor())
    return render_template("reports/approve.html", form=form, given=shown, audit=shown.audit, step=step, doubt=doubt)


@bp.route(f"{_GIVEN}/zwroc", methods=["GET", "POST"])
@guard(Can.GIVE_REPORT_BACK, load=queries.given_by_key)
def give_back(shown: GivenReport) -> ResponseReturnValue:
    """Open the report for changes again."""
    rules.check_pending(Given(shown.state))
    form = GiveBackForm()
    if request.method == "GET":
        form.version.data = shown.version
    if form.validate_on_submit():
        with saving(form, shown):
            approving.give_back(shown, reason=form.reason.data, by=actor())
            return _to(shown, gettext("The report can be changed again."))
    return render_template("reports/give_back.html", form=form, given=shown, audit=shown.audit)


@bp.route(f"{_GIVEN}/opublikuj", methods=["GET", "POST"])
@guard(Can.PUBLISH_REPORT, load=queries.given_by_key)
def publish(shown: GivenReport) -> ResponseReturnValue:
    """Publish what was approved."""
    rules.check_approved(Given(shown.state))
    form = Form()
    if request.method == "GET":
        form.version.data = str(shown.version)
    if form.validate_on_submit():
        with saving(form, shown):
            approving.publish(shown, by=actor(), today=clock.today())
            return _to(shown, gettext("The report is published."))
    return render_template("reports/publish.html", form=form, given=shown, audit=shown.audit)


def _to(shown: GivenReport, told: str) -> Response:
    """To what may be read next: the report as given, or the audit."""
    flash(told, "success")
    is_pending = shown.state in PENDING and may(Can.SEE_GIVEN_REPORT, shown)
    return lead_to(_address("reports.given" if is_pending else "audits.detail", shown))


def _paper(shown: GivenReport) -> Paper:
    return report_paper(queries.given_report(shown, today=clock.today()))


give_files(_GIVEN, "given", Can.SEE_GIVEN_REPORT, load=queries.pending_by_key, paper=_paper)
