"""The report of an audit: checked, published, read, amended, taken along as a file."""

from dataclasses import replace

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from qms.audits import queries as audits
from qms.audits.models import OPEN_STATES, Audit
from qms.checklists import queries as checklists
from qms.core import clock
from qms.core.access import actor, guard, may
from qms.core.i18n import gettext, ngettext
from qms.core.saving import lead_to, saving
from qms.domain import report as rules
from qms.domain.findings import State
from qms.domain.report import Given
from qms.domain.standing import Concern
from qms.findings import earlier
from qms.findings import queries as findings
from qms.findings import service as finding_service
from qms.findings.models import Finding
from qms.findings.pages import tell_came_up
from qms.papers.paper import Paper
from qms.policy import Can, can
from qms.reports import approving, queries, service
from qms.reports.forms import AmendForm, ReportForm
from qms.reports.models import GivenReport
from qms.reports.pages import bp, give_files
from qms.reports.report import Found, Report
from qms.reports.report_paper import PARTS, report_paper

_REPORT = "/u/<slug>/audity/<key>/raport"
_DRAFT = f"{_REPORT}/szkic"


def _address(endpoint: str, audit: Audit) -> str:
    return url_for(endpoint, slug=g.office.slug, key=audit.key)


@bp.get(_REPORT)
@guard(Can.SEE_AUDIT, load=audits.by_key)
def report(audit: Audit) -> ResponseReturnValue:
    """The published report; before that, the way to its draft for the team, and to what is known for others."""
    if audit.published_at is None:
        is_drafted = audit.state in OPEN_STATES and may(Can.SEE_DRAFT, audit)
        return redirect(_address("reports.draft" if is_drafted else "findings.of_audit", audit))
    told = queries.report_of(audit, today=clock.today())
    return render_template(
        "reports/report.html",
        audit=audit,
        report=told,
        paper=report_paper(told),
        links=_links(audit, told),
        part_words=PARTS,
    )


def _links(audit: Audit, told: Report) -> list[str | None]:
    """The case of each finding, for a reader who may open it."""
    of_audit = audit.concern
    return [_link(of_audit, found) for found in told.findings]


def _link(of_audit: Concern, found: Found) -> str | None:
    leading = frozenset({found.department_id})
    of_unit = replace(of_audit, department_ids=leading, concerned_ids=found.concerned_ids)
    if not can(actor(), Can.SEE_FINDING, of_unit):
        return None
    return url_for("findings.detail", slug=g.office.slug, key=found.key)


@bp.route(_DRAFT, methods=["GET", "POST"])
@guard(Can.SEE_DRAFT, load=audits.by_key)
def draft(audit: Audit) -> ResponseReturnValue:
    """Check the report, keep it as a draft, publish it."""
    if request.method == "GET" and (audit.report_waits_for or audit.state not in OPEN_STATES):
        return redirect(_address("reports.given" if audit.report_waits_for else "reports.report", audit))
    form = ReportForm(obj=audit)
    if request.method == "GET":
        form.version.data = audit.version
    if form.validate_on_submit():
        with saving(form, audit):
            return _kept(audit, form) if "draft" in request.form else _publish(audit, form)
    drafts = findings.drafts_of(audit)
    return render_template(
        "reports/check.html",
        form=form,
        audit=audit,
        drafts=drafts,
        missing=finding_service.missing_parts(drafts, by=actor(), today=clock.today()),
        gaps=rules.gaps(form.parts, findings=len(drafts)),
        not_looked_at=earlier.not_looked_at(audit),
        unanswered=checklists.unanswered(audit.id),
        today=clock.today(),
        needs_approval=service.needs_approval(audit),
        returned=_returned(audit),
    )


def _returned(audit: Audit) -> GivenReport | None:
    """What was given for approval last, if it came back and was not given again."""
    given = queries.given_of(audit)
    return given if given is not None and given.state == Given.RETURNED else None


def _kept(audit: Audit, form: ReportForm) -> Response:
    service.save_draft(audit, form.parts, by=actor())
    flash(gettext("Draft saved. Only the team sees it until the report is published."), "success")
    return lead_to(_address("reports.draft", audit))


def _give(audit: Audit, form: ReportForm, *, reason: str = "") -> Response:
    approving.give(audit, form.parts, by=actor(), today=clock.today(), reason=reason)
    flash(gettext("Given for approval. Whoever is to approve it gets a letter."), "success")
    return lead_to(_address("reports.given", audit))


def _publish(audit: Audit, form: ReportForm) -> Response:
    if service.needs_approval(audit):
        return _give(audit, form)
    known = frozenset(audit.conflicts)
    found = service.publish(audit, form.parts, by=actor(), today=clock.today())
    flash(_published(found), "success")
    tell_came_up(audit, known)
    return lead_to(_address("reports.report", audit))


def _published(found: list[Finding]) -> str:
    waiting = sum(finding.waits_for is not None and finding.state == State.REPORTED for finding in found)
    if not waiting:
        return gettext("The report is published.")
    return ngettext(
        "The report is published. %(num)s nonconformity waits for an answer.",
        "The report is published. %(num)s nonconformities wait for an answer.",
        waiting,
    )


@bp.route(f"{_REPORT}/popraw", methods=["GET", "POST"])
@guard(Can.PUBLISH_REPORT, load=queries.published_by_key)
def amend(audit: Audit) -> ResponseReturnValue:
    """Put a published report right: a new issue, with its reason."""
    if request.method == "GET" and audit.report_waits_for:
        return redirect(_address("reports.given", audit))
    form = AmendForm(obj=audit)
    if request.method == "GET":
        form.version.data = audit.version
    if form.validate_on_submit():
        with saving(form, audit):
            return _amended(audit, form, reason=form.reason.data or "")
    needs_approval, returned = service.needs_approval(audit), _returned(audit)
    return render_template(
        "reports/amend.html", form=form, audit=audit, needs_approval=needs_approval, returned=returned
    )


def _amended(audit: Audit, form: AmendForm, *, reason: str) -> Response:
    if service.needs_approval(audit):
        return _give(audit, form, reason=reason)
    issue = service.amend(audit, form.parts, reason=reason, by=actor())
    said = gettext("Issue %(number)s of the report is published. The earlier ones are kept.", number=issue.number)
    flash(said, "success")
    return lead_to(_address("reports.report", audit))


def _paper(audit: Audit) -> Paper:
    return report_paper(queries.report_of(audit, today=clock.today()))


give_files(_REPORT, "report", Can.SEE_AUDIT, load=queries.published_by_key, paper=_paper)
give_files(_DRAFT, "draft", Can.SEE_DRAFT, load=audits.by_key, paper=_paper)  # which says that it is one
