"""Pages on which the unit answers and the proxy decides on the answer."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.domain.errors import RuleViolation
from qms.domain.findings import Category, Step, is_put_right, needs_criterion
from qms.findings import light_pages, queries, returned, service, waiting
from qms.findings.answer_forms import AnswerForm, DecisionForm, offer_causes, typed_before
from qms.findings.answer_steps import Door, refused, take, why_closed
from qms.findings.models import Finding
from qms.findings.pages import bp, cannot_go_on, gettext, take_step, to_case, to_case_instead
from qms.offices import queries as offices
from qms.people import queries as people
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/<key>/odpowiedz", methods=["GET", "POST"])
@guard(Can.ANSWER, load=queries.by_key)
def answer(finding: Finding) -> ResponseReturnValue:
    """Write the answer; check it; send it. A draft may be kept at any time."""
    if finding.is_light:
        return light_pages.answer(finding)
    if request.method == "GET":
        refusal = why_closed(finding, by=actor(), today=clock.today())
        if refusal:
            return to_case_instead(finding, refusal)
    form = _answer_form(finding)
    if form.is_submitted():
        door = _door(finding, form)
        taken = take(form, finding, door) if form.validate() else None
        taken = taken or refused(form, finding, door)
        if taken:
            return taken
    asks = is_put_right(Category(finding.category))
    return render_template("findings/answer.html", form=form, finding=finding, today=clock.today(), is_put_right=asks)


def _door(finding: Finding, form: AnswerForm) -> Door:
    """The door of who is signed in: every way leads back to the case."""

    def back(said: str) -> ResponseReturnValue:
        return to_case(finding, said)

    def barred(refusal: RuleViolation) -> ResponseReturnValue:
        return cannot_go_on(finding, refusal, form)

    def check() -> ResponseReturnValue:
        return render_template("findings/check_answer.html", form=form, finding=finding)

    return Door(actor(), check=check, kept=back, sent=back, barred=barred)


def _answer_form(finding: Finding) -> AnswerForm:
    form = AnswerForm(data=typed_before(finding)) if finding.rounds else AnswerForm()
    staff, causes = people.people_of(g.office.id, clock.today()), offices.cause_kinds(g.office.id)
    form.offer(staff, causes, default_id=actor().person_id)
    form.name_cause(finding.category)
    if request.method == "GET":
        form.version.data = finding.version
    return form


@bp.route("/u/<slug>/ustalenia/<key>/sprawdz", methods=["GET", "POST"])
@guard(Can.DECIDE_ON_ANSWER, load=queries.by_key)
def decide(finding: Finding) -> ResponseReturnValue:
    """Accept the answer, or return it with a note."""
    form = _decision_form(finding)
    if request.method == "GET":
        form.answer_due_on.data = waiting.propose_answer_day(finding, clock.today())

    def verb() -> str:
        if form.decision.data == "accept":
            service.accept_answer(finding, by=actor(), today=clock.today(), **form.settled)
            return gettext("Plan accepted. Those who do the actions get a letter.")
        day, note = form.answer_due_on.data, form.reason.data or ""
        service.return_answer(finding, note, answer_due_on=day, by=actor(), today=clock.today())
        return gettext("Answer returned. The unit gets a letter with your note.")

    def lacks() -> list[RuleViolation]:
        if form.decision.data != "accept":
            return []
        return service.accept_lacks(finding, form.criterion.data or "", by=actor(), today=clock.today())

    earlier = returned.of_case(finding).get(finding.round_number, [])
    shown: dict[str, Any] = {"returned": earlier, "reader_id": actor().person_id}
    shown["is_criterion_needed"] = needs_criterion(Category(finding.category))
    return take_step(finding, form, "findings/decide.html", step=Step.ACCEPT_ANSWER, verb=verb, lacks=lacks, **shown)


def _decision_form(finding: Finding) -> DecisionForm:
    """What the unit proposed stands in it, to be mended."""
    round_ = finding.round
    form = DecisionForm(data={"criterion": round_.criterion, "cause_key": round_.cause_key} if round_ else None)
    offer_causes(form, offices.cause_kinds(finding.office_id))
    return form
