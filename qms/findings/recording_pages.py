"""Pages of the audit team: findings of an audit and their drafts."""

from http import HTTPStatus

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.audits import queries as audits
from qms.audits.models import Audit
from qms.core import clock, whys
from qms.core.access import actor, guard, may
from qms.core.forms import Form
from qms.core.saving import lead_to, saving
from qms.findings import queries, service, stage_two
from qms.findings.fields import uploads
from qms.findings.models import Finding
from qms.findings.pages import bp, gettext, refusal_of, tell_came_up
from qms.findings.recording import categories, code_of
from qms.findings.recording_forms import DraftForm, FindingForm
from qms.policy import Can, reach

OPEN = ("planned", "under_way")


def _to_findings(audit: Audit) -> Response:
    return lead_to(url_for("findings.of_audit", slug=g.office.slug, key=audit.key))


@bp.get("/u/<slug>/audity/<key>/ustalenia")
@guard(Can.SEE_AUDIT, load=audits.by_key)
def of_audit(audit: Audit) -> ResponseReturnValue:
    """What an audit found: its report once published, drafts for its team alone."""
    is_team = may(Can.SEE_DRAFT, audit) and audit.state in OPEN
    drafts = queries.drafts_of(audit) if is_team else []
    findings = queries.reported_of(audit, reach(actor(), audit.concern))
    due = stage_two.due_for(audit, findings)
    return render_template(
        "findings/of_audit.html",
        audit=audit,
        drafts=drafts,
        missing=service.missing_parts(drafts, by=actor(), today=clock.today()),
        findings=findings,
        majors_due=due,
        majors_why=whys.why(due.rule, due.limit, counted_from=due.counted_from, due_on=due.due_on) if due else "",
        is_team=is_team,
        form=Form(),
    )


@bp.route("/u/<slug>/audity/<key>/ustalenia/nowe", methods=["GET", "POST"])
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def new(audit: Audit) -> ResponseReturnValue:
    """Write a finding down, as long as the audit is open."""
    refusal = refusal_of(lambda: service.refuse_ended(audit))
    if refusal and request.method == "GET":
        back_url = url_for("findings.of_audit", slug=g.office.slug, key=audit.key)
        return render_template("errors/409.html", error=refusal, back_url=back_url), HTTPStatus.CONFLICT
    form = FindingForm()
    form.offer(audit, categories(audit))
    if form.validate_on_submit():
        known = frozenset(audit.conflicts)
        with saving(form):
            service.record(audit, form.written, uploads(), by=actor())
            flash(gettext("Finding saved. It stays a draft until the report is published."), "success")
            tell_came_up(audit, known)
            return _to_findings(audit)
    return render_template("findings/new.html", form=form, audit=audit)


@bp.route("/u/<slug>/szkice/<key>/zmien", methods=["GET", "POST"])
@guard(Can.SEE_DRAFT, load=queries.draft_by_key)
def change(finding: Finding) -> ResponseReturnValue:
    """Rewrite a draft."""
    form = DraftForm(obj=finding)
    form.offer(finding.found_in, categories(finding.found_in))
    form.offer_files(finding.files)
    if request.method == "GET":
        form.version.data, form.category.data = finding.version, code_of(finding)
        if "concerned_ids" in form:
            form.concerned_ids.data = [each.department_id for each in finding.concerned]
    if form.validate_on_submit():
        with saving(form, finding):
            service.change(finding, form.written, uploads(), by=actor(), removed=form.chosen_files)
            flash(gettext("Finding saved. It stays a draft until the report is published."), "success")
            return _to_findings(finding.found_in)
    return render_template("findings/change.html", form=form, finding=finding, audit=finding.found_in)


@bp.route("/u/<slug>/szkice/<key>/wycofaj", methods=["GET", "POST"])
@guard(Can.SEE_DRAFT, load=queries.draft_by_key)
def withdraw(finding: Finding) -> ResponseReturnValue:
    """Take a draft back."""
    form = Form()
    if request.method == "GET":
        form.version.data = finding.version
    if form.validate_on_submit():
        with saving(form, finding):
            service.withdraw(finding, by=actor(), today=clock.today())
            flash(gettext("The draft is withdrawn."), "success")
            return _to_findings(finding.found_in)
    return render_template("findings/withdraw.html", form=form, finding=finding, audit=finding.found_in)
