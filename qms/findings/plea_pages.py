"""Pages on which who is to answer asks for more time or objects, and on which that is decided."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.domain.findings import Step
from qms.domain.pleas import Kind
from qms.findings import queries, service, waiting
from qms.findings.facts import is_from_body, offered
from qms.findings.models import Finding
from qms.findings.pages import bp, gettext, take_step
from qms.findings.plea_forms import ObjectionForm, TimeForm, UpholdForm
from qms.findings.plea_models import Plea
from qms.findings.step_forms import ReasonForm
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/<key>/wiecej-czasu", methods=["GET", "POST"])
@guard(Can.ANSWER, load=queries.by_key)
def ask_time(finding: Finding) -> ResponseReturnValue:
    """Ask for a later day to answer."""
    form = TimeForm()

    def verb() -> str:
        service.ask_time(finding, form.reason.data, form.new_due_on.data, by=actor(), today=clock.today())
        return gettext("Sent. You get a letter with the decision. Until then the present day stands.")

    return take_step(finding, form, "findings/ask_time.html", step=Step.ASK_TIME, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/termin/odmowa", methods=["GET", "POST"])
@guard(Can.MOVE_DATE, load=queries.by_key)
def refuse_time(finding: Finding) -> ResponseReturnValue:
    """Let the present day stand, and say why."""
    form, plea = ReasonForm(), finding.plea(Kind.MORE_TIME)

    def verb() -> str:
        service.refuse_time(finding, form.reason.data, by=actor(), today=clock.today())
        return gettext("The day stays. Whoever asked for more time gets a letter with your reason.")

    return take_step(finding, form, "findings/refuse_time.html", step=Step.REFUSE_TIME, verb=verb, plea=plea)


@bp.route("/u/<slug>/ustalenia/<key>/zastrzezenie", methods=["GET", "POST"])
@guard(Can.ANSWER, load=queries.by_key)
def object_to(finding: Finding) -> ResponseReturnValue:
    """Say that the finding does not stand."""
    form = ObjectionForm()

    def verb() -> str:
        service.object_to(finding, form.reason.data, by=actor(), today=clock.today())
        return gettext("Sent. You get a letter with what was decided. Until then the day to answer stands.")

    return take_step(finding, form, "findings/object.html", step=Step.OBJECT, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/zastrzezenie/odpowiedz", methods=["GET", "POST"])
@guard(Can.REJECT, load=queries.by_key)
def uphold(finding: Finding) -> ResponseReturnValue:
    """Answer an objection with a word: the finding stands, or the way to the step that takes it back."""
    form, plea = UpholdForm(), finding.plea(Kind.OBJECTION)
    _offer_day(form, finding, plea)

    def verb() -> str:
        new_due_on = form.data.get("new_due_on")
        service.uphold(finding, form.reason.data, new_due_on=new_due_on, by=actor(), today=clock.today())
        return gettext("The finding stands and the case goes on. Whoever objected gets a letter with your word.")

    steps = offered(finding, by=actor(), today=clock.today())
    shown: dict[str, Any] = {"plea": plea, "steps": steps, "Step": Step, "is_from_body": is_from_body(finding)}
    return take_step(finding, form, "findings/uphold.html", step=Step.UPHOLD, verb=verb, **shown)


def _offer_day(form: UpholdForm, finding: Finding, plea: Plea | None) -> None:
    """Propose the day with what was waited given back; no day where none would be lost."""
    day = waiting.propose_day_after(plea, finding, clock.today()) if plea else None
    if day is None:
        del form.new_due_on
    elif request.method == "GET":
        form.new_due_on.data = day
