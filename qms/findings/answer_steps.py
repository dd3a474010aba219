"""What happens to a form with an answer, by whichever door it came: kept, checked, sent, or shown again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.saving import StaleForm, saving
from qms.domain.dates import format_date
from qms.domain.errors import RuleViolation
from qms.findings import light, service
from qms.findings.answer_forms import AnswerForm
from qms.findings.models import Finding
from qms.findings.pages import gettext, refusal_of, say_at_once
from qms.policy import Actor


@dataclass(frozen=True)
class Door:
    """Signed in, or through the link in a letter: who answers, and where each way leads."""

    by: Actor
    check: Callable[[], ResponseReturnValue]
    kept: Callable[[str], ResponseReturnValue]
    sent: Callable[[str], ResponseReturnValue]
    barred: Callable[[RuleViolation], ResponseReturnValue]


def take(form: AnswerForm, finding: Finding, door: Door) -> ResponseReturnValue | None:
    """Keep, send or show what was typed, as the button said; none when the form has to be shown again."""
    today = clock.today()
    try:
        if "draft" in request.form:
            with saving(form, finding):
                service.save_answer(finding, form.answer, by=door.by, today=today)
                return door.kept(gettext("Draft saved. Only your unit sees it until you send it."))
        elif "confirm" in request.form:
            with saving(form, finding):
                service.send_answer(finding, form.answer, by=door.by, today=today)
                return door.sent(_sent(finding))
        elif "edit" not in request.form and _is_ready(form, finding, door):
            return door.check()
    except StaleForm:
        _keep_typed(form, finding)
    return None


def refused(form: AnswerForm, finding: Finding, door: Door) -> ResponseReturnValue | None:
    """Say that no answer is asked for any more, or put at the fields all that this one lacks."""
    refusal = why_closed(finding, by=door.by, today=clock.today())
    if refusal:
        return door.barred(refusal)
    if not {"draft", "edit"} & request.form.keys():
        say_at_once(form, service.answer_lacks(finding, form.answer, by=door.by, today=clock.today()))
    return None


def why_closed(finding: Finding, *, by: Actor, today: date) -> RuleViolation | None:
    """Why no answer can be given, whatever is typed."""
    check = light.check_awaited if finding.is_light else service.check_answerable
    return refusal_of(lambda: check(finding, by=by, today=today))


def _is_ready(form: AnswerForm, finding: Finding, door: Door) -> bool:
    """Whether the answer could be sent as it is; what is missing is put at its field."""
    refusal = refusal_of(lambda: service.check_answer(finding, form.answer, by=door.by, today=clock.today()))
    if refusal:
        form.refuse(refusal)
    return refusal is None


def _keep_typed(form: AnswerForm, finding: Finding) -> None:
    """Somebody saved this answer meanwhile: show both, and let who typed decide."""
    form.version.data = str(finding.version)
    message = gettext("Somebody saved this answer while you were writing. Their text stands beside yours: compare.")
    form.form_errors = [*form.form_errors, message]


def _sent(finding: Finding) -> str:
    if finding.due_on is None:
        return gettext("Reply sent. The proxy will check it.")
    return gettext("Reply sent. The proxy will check it by %(day)s.", day=format_date(finding.due_on))
