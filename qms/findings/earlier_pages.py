"""What earlier audits left open, as a new audit is prepared and run."""

from dataclasses import replace
from typing import Any

from flask import flash, g, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from qms.audits import queries as audits
from qms.audits.models import OPEN_STATES, Audit
from qms.core import clock
from qms.core.access import actor, guard, may
from qms.core.saving import lead_to, saving
from qms.domain.findings import Step
from qms.domain.following import TO_LOOK_AT
from qms.findings import earlier
from qms.findings.earlier_forms import LooksForm
from qms.findings.models import Finding
from qms.findings.pages import bp, gettext
from qms.policy import Can, Reach, can, reach

# Where a step of a case is taken.
_ENDPOINTS = {
    Step.CONFIRM: "findings.verify",
    Step.VERIFY: "findings.verify",
    Step.SEND_BACK: "findings.verify",
    Step.JUDGE_EFFECTIVE: "findings.judge",
    Step.JUDGE_INEFFECTIVE: "findings.judge",
    Step.POSTPONE: "findings.judge",
    Step.CLOSE: "findings.close",
}


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Let the page of an audit, which stands below, show what was left open before it."""
    state.app.jinja_env.globals |= {"left_open_before": _shown, "to_look_at": TO_LOOK_AT}


def _shown(audit: Audit) -> list[tuple[Finding, str | None]]:
    """What the reader may see of it, while the audit is prepared and run, each with the way to its case if they may."""
    found = earlier.open_before(audit, _reach(audit)) if audit.state in OPEN_STATES else []
    return [(finding, _link(audit, finding)) for finding in found]


def _link(audit: Audit, finding: Finding) -> str | None:
    """Being on the team of this audit opens no case of another one."""
    of_unit = replace(audit.concern, department_ids=frozenset({finding.department_id}), team={}, guest_ids=frozenset())
    if not can(actor(), Can.SEE_FINDING, of_unit):
        return None
    return url_for("findings.detail", slug=g.office.slug, key=finding.key)


def _reach(audit: Audit) -> Reach:
    """The team prepares by all of it; others see what they see elsewhere."""
    return Reach(everything=True) if may(Can.RECORD_FINDINGS, audit) else reach(actor(), audit.concern)


@bp.route("/u/<slug>/audity/<key>/wczesniejsze", methods=["GET", "POST"])
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def left_open(audit: Audit) -> ResponseReturnValue:
    """Say of open cases of earlier audits what was seen of them; each leads to the steps of its case."""
    shown = _shown(audit)
    form = LooksForm([case for case, _ in shown][: earlier.MOST])
    if form.validate_on_submit():
        with saving(form):
            earlier.note(audit, form.given, by=actor(), today=clock.today())
            flash(gettext("Noted. The report will say it."), "success")
            return lead_to(url_for("findings.left_open", slug=g.office.slug, key=audit.key))
    links = {case.id: link for case, link in shown}
    return render_template(
        "findings/left_open.html", form=form, audit=audit, links=links, today=clock.today(), **_seen(audit)
    )


def _seen(audit: Audit) -> dict[str, Any]:
    checks = earlier.checks_of(audit)
    steps = earlier.next_steps(audit, checks, by=actor(), today=clock.today())
    return {"checks": checks, "ways": {finding_id: _ENDPOINTS[step] for finding_id, step in steps.items()}}
