"""What the pages of findings share: their blueprint, the way back to a case, the words of its days."""

from collections.abc import Callable, Collection, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext
from werkzeug.wrappers import Response
from wtforms import Field, FieldList, FormField

from qms.audits import permits
from qms.audits.models import Audit, AuditConflict
from qms.core import clock, whys
from qms.core.access import actor
from qms.core.forms import Form, TextField
from qms.core.i18n import said
from qms.core.saving import StaleForm, lead_to, saving
from qms.domain.deadlines import Kind, Rule, days_left
from qms.domain.errors import RuleViolation
from qms.domain.findings import State, Step
from qms.findings import deadlines, words
from qms.findings.facts import check_way
from qms.findings.models import Action, Finding
from qms.findings.waiting import is_case, limit_of, rule_of
from qms.people import queries as people

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
    }


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


def cannot_go_on(finding: Finding, refusal: RuleViolation, form: Form) -> ResponseReturnValue:
    """The answer to a form that nothing typed could make right: why, what was typed, and the way to the case."""
    shown = {"error": refusal, "back_url": address(finding), "typed": list(texts(form.visible))}
    return render_template("errors/409.html", **shown), HTTPStatus.CONFLICT


def texts(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """What was typed into the fields of a form, with their labels."""
    for field in fields:
        if isinstance(field, FieldList):
            for entry in field:
                yield from texts(entry.form if isinstance(entry, FormField) else [entry])
        elif isinstance(field, TextField) and field.data:
            yield str(field.label.text), field.data


def say_at_once(form: Form, refusals: Iterable[RuleViolation]) -> None:
    """Put at each field what it lacks; one that says something already keeps to that."""
    for refusal in refusals:
        if not form[refusal.field or ""].errors:
            form.refuse(refusal)


def _nothing() -> Iterable[RuleViolation]:
    return ()


def take_step(
    finding: Finding,
    form: Form,
    template: str,
    *,
    step: Step | None,
    verb: Callable[[], str],
    lacks: Callable[[], Iterable[RuleViolation]] = _nothing,
    **shown: Any,
) -> ResponseReturnValue:
    """A page with one form for one step; `verb` takes it and says in a sentence what was done.

    Somebody who comes too late, by the link of an old letter perhaps, is led to the case and told what comes next.
    `lacks` lists what the form has to say yet, so that it is not asked for piece by piece.
    """

    def barred() -> RuleViolation | None:
        return refusal_of(lambda: check_way(step, finding, by=actor(), today=clock.today())) if step else None

    if request.method == "GET":
        form.version.data = finding.version
        if refusal := barred():
            return to_case_instead(finding, refusal)
    if form.validate_on_submit():
        stale = None
        try:
            with saving(form, finding):
                return to_case(finding, verb())
        except StaleForm as error:
            stale = error
        if refusal := barred():
            return cannot_go_on(finding, refusal, form)
        if stale is not None:
            raise stale
    if form.is_submitted():
        say_at_once(form, lacks())
    return render_template(template, form=form, finding=finding, today=clock.today(), **shown)


def stage_label(stage: int | None, state: str, waits_for: str | None = None) -> str:
    """What people call the stage, as a message to translate."""
    if stage is None:
        return words.FOR_INFORMATION
    if state == "rejected":
        return words.REJECTED
    if state == State.DONE:
        waits_for = Kind.VERIFICATION
    return words.STAGE_BY_WAIT.get(waits_for or "", words.STAGES[stage])


def asked(finding: Finding) -> str:
    """The names of those the case waits for; empty where nobody is there."""
    return ", ".join(people.names(deadlines.waited_for(finding, clock.today())).values())


def left(finding: Finding) -> int | None:
    """Days until the case is due, negative once they have passed; none without a day."""
    return days_left(finding.due_on, clock.today()) if finding.due_on else None


def why_action(action: Action) -> str:
    """Why an action is due on its day."""
    return whys.why(Rule.ACTION, None, counted_from=action.due_on, due_on=action.due_on)


def why(finding: Finding) -> str:
    """Why the case is due on its day; empty without a day."""
    if finding.due_on is None or finding.waits_for is None:
        return ""
    since = finding.counted_from or finding.due_on
    limit = limit_of(finding.due_limit)
    rule = rule_of(Kind(finding.waits_for), finding.round_number, finding.due_rule)
    return whys.why(rule, limit, counted_from=since, due_on=finding.due_on)


def tell_came_up(audit: Audit, known: Collection[AuditConflict]) -> None:
    """Warn of who of the team came near to what is judged since the team was last checked."""
    names = permits.names_in([each for each in audit.conflicts if each not in known])
    if names:
        message = gettext(
            "Since the team was chosen, these people came near to what they judge: %(people)s. The audit says so.",
            people=", ".join(names),
        )
        flash(message, "warning")
