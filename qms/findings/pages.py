"""What the pages of findings share: their blueprint, the way back to a case, the words of its days."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.forms import Form
from qms.core.i18n import said
from qms.core.web import actor, lead_to, saving
from qms.domain.dates import format_date
from qms.domain.deadlines import LIMIT_WORDS, RULE_WORDS, Kind, Rule, days_left
from qms.domain.errors import RuleViolation
from qms.domain.findings import Step
from qms.findings import words
from qms.findings.facts import check_way
from qms.findings.models import Finding
from qms.findings.waiting import RULES, is_case, limit_of

bp = Blueprint("findings", __name__)

# The library gives no types.
gettext: Callable[..., str] = _gettext
ngettext: Callable[..., str] = _ngettext


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Give templates, and the macros they import, the words of findings."""
    state.app.jinja_env.globals |= {
        "finding_words": words,
        "stage_label": stage_label,
        "is_case": is_case,
        "category_hints": _category_hints,
    }


def _category_hints() -> dict[str, str]:
    return {category: said(text) for category, text in words.CATEGORY_HINTS.items()}


def address(finding: Finding) -> str:
    """The page of a case."""
    return url_for("findings.detail", slug=g.office.slug, key=finding.key)


def to_case(finding: Finding, done: str) -> Response:
    """Back to the case, saying what was done."""
    flash(done, "success")
    return lead_to(address(finding))


def refusal_of(check: Callable[[], object]) -> RuleViolation | None:
    """What a rule says against going on."""
    try:
        check()
    except RuleViolation as refusal:
        return refusal
    return None


def to_case_instead(finding: Finding, refusal: RuleViolation) -> Response:
    """To the case, saying why the page that was asked for has nothing to offer now."""
    flash(said(refusal), "info")
    return redirect(address(finding))


def take_step(
    finding: Finding, form: Form, template: str, *, step: Step | None, verb: Callable[[], str], **shown: Any
) -> ResponseReturnValue:
    """A page with one form for one step; `verb` takes it and says in a sentence what was done.

    Somebody who comes too late, by the link of an old letter perhaps, is led to the case and told what comes next.
    """
    if request.method == "GET":
        form.version.data = finding.version
        refusal = refusal_of(lambda: check_way(step, finding, by=actor(), today=clock.today())) if step else None
        if refusal:
            return to_case_instead(finding, refusal)
    if form.validate_on_submit():
        with saving(form, finding):
            return to_case(finding, verb())
    return render_template(template, form=form, finding=finding, today=clock.today(), **shown)


def stage_label(stage: int | None, state: str, waits_for: str | None = None) -> str:
    """What people call the stage, as a message to translate."""
    if stage is None:
        return words.FOR_INFORMATION
    if state == "rejected":
        return words.REJECTED
    return words.STAGE_BY_WAIT.get(waits_for or "", words.STAGES[stage])


def left(finding: Finding) -> int | None:
    """Days until the case is due, negative once they have passed; none without a day."""
    return days_left(finding.due_on, clock.today()) if finding.due_on else None


def why(finding: Finding) -> str:
    """Why the case is due on its day; empty without a day."""
    if finding.due_on is None or finding.waits_for is None:
        return ""
    if finding.waits_for == Kind.ACTION:
        return gettext(RULE_WORDS[Rule.ACTION])
    since = finding.counted_from or finding.due_on
    limit = limit_of(finding.due_limit, counted_from=since, due_on=finding.due_on)
    number = ngettext(*LIMIT_WORDS[limit.unit], limit.value)
    return gettext(RULE_WORDS[RULES[Kind(finding.waits_for)]], limit=number, counted_from=format_date(since))
