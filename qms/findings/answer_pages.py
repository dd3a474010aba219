"""Pages on which the unit answers and the proxy decides on the answer."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import said
from qms.core.saving import StaleForm, saving
from qms.domain.dates import format_date
from qms.domain.findings import Category, Step, is_put_right
from qms.findings import queries, returned, service, waiting
from qms.findings.answer_forms import AnswerForm, DecisionForm, typed_before
from qms.findings.models import Finding
from qms.findings.pages import (
    bp,
    cannot_go_on,
    gettext,
    refusal_of,
    say_at_once,
    take_step,
    to_case,
    to_case_instead,
)
from qms.findings.words import why
from qms.people import queries as people
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/<key>/odpowiedz", methods=["GET", "POST"])
@guard(Can.ANSWER, load=queries.by_key)
def answer(finding: Finding) -> ResponseReturnValue:
    """Write the answer; check it; send it. A draft may be kept at any time."""
    if request.method == "GET":
        refusal = refusal_of(lambda: service.check_answerable(finding, by=actor(), today=clock.today()))
        if refusal:
            return to_case_instead(finding, refusal)
    form = _answer_form(finding)
    if form.is_submitted():
        taken = _take_answer(form, finding) if form.validate() else None
        taken = taken or _refused_answer(form, finding)
        if taken:
            return taken
    asks = is_put_right(Category(finding.category))
    return render_template("findings/answer.html", form=form, finding=finding, today=clock.today(), is_put_right=asks)


def _take_answer(form: AnswerForm, finding: Finding) -> ResponseReturnValue | None:
    """Keep, send or show what was typed, as the button said; none when the form has to be shown again."""
    try:
        if "draft" in request.form:
            with saving(form, finding):
                service.save_answer(finding, form.answer, by=actor(), today=clock.today())
                return to_case(finding, gettext("Draft saved. Only your unit sees it until you send it."))
        elif "confirm" in request.form:
            with saving(form, finding):
                service.send_answer(finding, form.answer, by=actor(), today=clock.today())
                return to_case(finding, _sent(finding))
        elif "edit" not in request.form and _is_ready(form, finding):
            return render_template("findings/check_answer.html", form=form, finding=finding)
    except StaleForm:
        _keep_typed(form, finding)
    return None


def _refused_answer(form: AnswerForm, finding: Finding) -> ResponseReturnValue | None:
    """Say that no answer is asked for any more, or put at the fields all that this one lacks."""
    refusal = refusal_of(lambda: service.check_answerable(finding, by=actor(), today=clock.today()))
    if refusal:
        return cannot_go_on(finding, refusal, form)
    if not {"draft", "edit"} & request.form.keys():
        say_at_once(form, service.answer_lacks(finding, form.answer, by=actor(), today=clock.today()))
    return None


def _answer_form(finding: Finding) -> AnswerForm:
    form = AnswerForm(data=typed_before(finding)) if finding.rounds else AnswerForm()
    form.offer(people.people_of(g.office.id, clock.today()), default_id=actor().person_id)
    form.cause.label.text = said(why(finding.category))
    if request.method == "GET":
        form.version.data = finding.version
    return form


def _is_ready(form: AnswerForm, finding: Finding) -> bool:
    """Whether the answer could be sent as it is; what is missing is put at its field."""
    refusal = refusal_of(lambda: service.check_answer(finding, form.answer, by=actor(), today=clock.today()))
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


@bp.route("/u/<slug>/ustalenia/<key>/sprawdz", methods=["GET", "POST"])
@guard(Can.DECIDE_ON_ANSWER, load=queries.by_key)
def decide(finding: Finding) -> ResponseReturnValue:
    """Accept the answer, or return it with a note."""
    form = DecisionForm()
    if request.method == "GET":
        form.answer_due_on.data = waiting.propose_answer_day(finding, clock.today())

    def verb() -> str:
        if form.decision.data == "accept":
            service.accept_answer(finding, by=actor(), today=clock.today())
            return gettext("Plan accepted. Those who do the actions get a letter.")
        day, note = form.answer_due_on.data, form.reason.data or ""
        service.return_answer(finding, note, answer_due_on=day, by=actor(), today=clock.today())
        return gettext("Answer returned. The unit gets a letter with your note.")

    earlier = returned.of_case(finding).get(finding.round_number, [])
    shown: dict[str, Any] = {"returned": earlier, "reader_id": actor().person_id}
    return take_step(finding, form, "findings/decide.html", step=Step.ACCEPT_ANSWER, verb=verb, **shown)
