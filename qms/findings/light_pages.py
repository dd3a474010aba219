"""Pages of the light path: the unit says whether it acts, and somebody else takes note."""

from flask import g, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import day as shown_day
from qms.domain.errors import RuleViolation
from qms.domain.findings import Step
from qms.findings import queries, service, waiting
from qms.findings.facts import offered
from qms.findings.light_forms import LightForm, NoteForm
from qms.findings.models import Finding
from qms.findings.pages import bp, gettext, take_step
from qms.findings.step_forms import VerificationForm
from qms.people import queries as people
from qms.policy import Actor, Can


def answer(finding: Finding) -> ResponseReturnValue:
    """Say whether the unit acts."""
    form = LightForm()
    form.offer(people.people_of(g.office.id, clock.today()), default_id=actor().person_id)
    if request.method == "GET":
        form.open_with(finding)

    def verb() -> str:
        return reply(finding, form, by=actor())

    def missing() -> list[RuleViolation]:
        return lacks(finding, form, by=actor())

    return take_step(finding, form, "findings/light.html", step=Step.LEAVE, verb=verb, lacks=missing)


def reply(finding: Finding, form: LightForm, *, by: Actor) -> str:
    """Take what was typed, by whichever door it came; a sentence that says what comes next."""
    today = clock.today()
    if form.choice.data == "act":
        service.act(finding, form.planned, by=by, today=today)
        return gettext("Saved. Those who do the actions get a letter; the first one is due %(day)s.", day=_due(finding))
    service.leave(finding, form.reason.data or "", by=by, today=today)
    return gettext("Sent. Somebody from outside your unit reads the reason and takes note of it.")


def _due(finding: Finding) -> str:
    return shown_day(finding.due_on) if finding.due_on else ""


def lacks(finding: Finding, form: LightForm, *, by: Actor) -> list[RuleViolation]:
    """All that what was chosen has to say yet."""
    today = clock.today()
    if form.choice.data == "act":
        return service.act_lacks(finding, form.planned, by=by, today=today)
    if form.choice.data == "leave":
        return service.lacks(Step.LEAVE, finding, by=by, today=today, has_reason=bool(form.reason.data))
    return []


@bp.route("/u/<slug>/ustalenia/<key>/do-wiadomosci", methods=["GET", "POST"])
@guard(Can.TAKE_NOTE, load=queries.by_key)
def take_note(finding: Finding) -> ResponseReturnValue:
    """Take note of why the unit does not act, or return that once."""
    form, today = NoteForm(), clock.today()
    form.offer(offered(finding, by=actor(), today=today))
    if request.method == "GET" and "answer_due_on" in form:
        form.answer_due_on.data = waiting.propose_answer_day(finding, today)
    elif request.method == "GET":
        form.outcome.data = "note"  # nothing else is left to choose

    def verb() -> str:
        if form.is_returned:
            note, due_on = form.reason.data or "", form.answer_due_on.data
            service.return_answer(finding, note, answer_due_on=due_on, by=actor(), today=today)
            return gettext("Returned. The unit gets a letter with your words.")
        service.take_note(finding, form.note.data or "", by=actor(), today=today)
        return gettext("Noted. The case is closed.")

    def missing() -> list[RuleViolation]:
        if not form.is_returned:
            return []
        return service.lacks(Step.RETURN_ANSWER, finding, by=actor(), today=today, has_reason=bool(form.reason.data))

    return take_step(finding, form, "findings/take_note.html", step=Step.TAKE_NOTE, verb=verb, lacks=missing)


def confirm(finding: Finding, form: VerificationForm) -> str:
    """Confirm the work, which closes the case."""
    service.confirm(finding, form.note.data or "", by=actor(), today=clock.today())
    return gettext("Confirmed. The case is closed; no review of the effect is needed.")
