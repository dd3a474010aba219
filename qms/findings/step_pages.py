"""Pages on which people take the steps of a case."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.forms import Form
from qms.core.i18n import day as shown_day
from qms.core.web import StaleForm, actor, guard, saving
from qms.domain.dates import format_date
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import Step
from qms.findings import queries, service, waiting
from qms.findings.forms import (
    AnswerForm,
    DecisionForm,
    DoneForm,
    EffectForm,
    EvidenceForm,
    MoveForm,
    ReasonForm,
    RejectForm,
    VerificationForm,
    chosen_action,
    movable_days,
    typed_before,
    uploads,
)
from qms.findings.models import Action, Finding
from qms.findings.pages import bp, gettext, refusal_of, take_step, to_case, to_case_instead
from qms.people import queries as people
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/<key>/przyjmij", methods=["GET", "POST"])
@guard(Can.ACKNOWLEDGE, load=queries.by_key)
def acknowledge(finding: Finding) -> ResponseReturnValue:
    """Confirm that the unit knows of the finding."""

    def verb() -> str:
        service.acknowledge(finding, by=actor(), today=clock.today())
        return gettext("Confirmed. The auditors see that the unit knows of the finding.")

    return take_step(finding, Form(), "findings/acknowledge.html", step=Step.ACKNOWLEDGE, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/odpowiedz", methods=["GET", "POST"])
@guard(Can.ANSWER, load=queries.by_key)
def answer(finding: Finding) -> ResponseReturnValue:
    """Write the answer; check it; send it. A draft may be kept at any time."""
    if request.method == "GET":
        refusal = refusal_of(lambda: service.check_answerable(finding, by=actor(), today=clock.today()))
        if refusal:
            return to_case_instead(finding, refusal)
    form = _answer_form(finding)
    if form.validate_on_submit():
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
    return render_template("findings/answer.html", form=form, finding=finding, today=clock.today())


def _answer_form(finding: Finding) -> AnswerForm:
    form = AnswerForm(data=typed_before(finding)) if finding.rounds else AnswerForm()
    form.offer(people.people_of(g.office.id, clock.today()), default_id=actor().person_id)
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

    return take_step(finding, form, "findings/decide.html", step=Step.ACCEPT_ANSWER, verb=verb)


@bp.route("/u/<slug>/dzialania/<key>/wykonane", methods=["GET", "POST"])
@guard(Can.REPORT_DONE, load=queries.action_by_key)
def report_done(action: Action) -> ResponseReturnValue:
    """Report one action done."""
    form = DoneForm()
    if request.method == "GET":
        form.version.data = action.version
        refusal = refusal_of(lambda: service.check_doable(action))
        if refusal:
            return to_case_instead(action.finding, refusal)
    if form.validate_on_submit():
        with saving(form, action):
            note = form.evidence.data or ""
            service.report_done(action, note, uploads(), by=actor(), today=clock.today())
            return to_case(action.finding, gettext("Reported as done. Somebody else will look at it."))
    shown = {"action": action, "finding": action.finding, "today": clock.today()}
    return render_template("findings/report_done.html", form=form, **shown)


@bp.route("/u/<slug>/ustalenia/<key>/pliki", methods=["GET", "POST"])
@guard(Can.REPORT_DONE, load=queries.by_key)
def add_files(finding: Finding) -> ResponseReturnValue:
    """Add files to a case."""

    def verb() -> str:
        service.add_evidence(finding, uploads(), by=actor())
        return gettext("Files added.")

    return take_step(finding, EvidenceForm(), "findings/add_files.html", step=None, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/weryfikacja", methods=["GET", "POST"])
@guard(Can.VERIFY, load=queries.by_key)
def verify(finding: Finding) -> ResponseReturnValue:
    """Confirm that the work was done, or send it back."""
    form = VerificationForm()
    form.offer(finding)

    def verb() -> str:
        if form.outcome.data == "done":
            service.verify(finding, form.note.data or "", by=actor(), today=clock.today())
            return gettext("Confirmed. Whether it helped is judged later.")
        undone = {chosen for chosen in form.undone.data or [] if chosen is not None}
        service.send_back(finding, form.reason.data or "", undone, by=actor(), today=clock.today())
        return gettext("Sent back. The case waits for the actions again.")

    return take_step(finding, form, "findings/verify.html", step=Step.VERIFY, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/skutecznosc", methods=["GET", "POST"])
@guard(Can.JUDGE_EFFECT, load=queries.by_key)
def judge(finding: Finding) -> ResponseReturnValue:
    """Judge whether the actions helped, or put the judgement off."""
    form = EffectForm()

    def verb() -> str:
        today, how_shown = clock.today(), form.how_shown.data or ""
        if form.outcome.data == "later":
            service.postpone(finding, form.reason.data or "", form.new_due_on.data, by=actor(), today=today)
            return gettext("Put off. The register reminds of the new day.")
        if form.outcome.data == "no":
            service.judge_ineffective(finding, how_shown, by=actor(), today=today)
            return gettext("Saved. A new round began and the unit gets a letter.")
        service.judge_effective(finding, how_shown, by=actor(), today=today)
        if finding.state == "closed":
            return gettext("Saved. The case is closed.")
        return gettext("Saved. The proxy closes the case.")

    return take_step(
        finding, form, "findings/judge.html", step=Step.JUDGE_INEFFECTIVE, verb=verb, repeated=queries.repeated(finding)
    )


@bp.route("/u/<slug>/ustalenia/<key>/zamknij", methods=["GET", "POST"])
@guard(Can.CLOSE, load=queries.by_key)
def close(finding: Finding) -> ResponseReturnValue:
    """Close a case whose actions helped."""

    def verb() -> str:
        service.close(finding, by=actor(), today=clock.today())
        return gettext("The case is closed.")

    return take_step(finding, Form(), "findings/close.html", step=Step.CLOSE, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/anuluj", methods=["GET", "POST"])
@guard(Can.CANCEL, load=queries.by_key)
def cancel(finding: Finding) -> ResponseReturnValue:
    """Cancel a case, with a reason."""
    form = ReasonForm()

    def verb() -> str:
        service.cancel(finding, form.reason.data, by=actor(), today=clock.today())
        return gettext("The case is cancelled.")

    return take_step(finding, form, "findings/cancel.html", step=Step.CANCEL, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/odrzuc", methods=["GET", "POST"])
@guard(Can.REJECT, load=queries.by_key)
def reject(finding: Finding) -> ResponseReturnValue:
    """Reject a finding that does not stand."""
    form = RejectForm()

    def verb() -> str:
        agreed = form.lead_consent.data
        service.reject(finding, form.reason.data, has_lead_consent=agreed, by=actor(), today=clock.today())
        return gettext("The finding is rejected.")

    return take_step(finding, form, "findings/reject.html", step=Step.REJECT, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/wznow", methods=["GET", "POST"])
@guard(Can.REOPEN, load=queries.by_key)
def reopen(finding: Finding) -> ResponseReturnValue:
    """Open a closed case again."""
    form = ReasonForm()

    def verb() -> str:
        service.reopen(finding, form.reason.data, by=actor(), today=clock.today())
        return gettext("The case is open again and the unit gets a letter.")

    return take_step(finding, form, "findings/reopen.html", step=Step.REOPEN, verb=verb)


@bp.route("/u/<slug>/ustalenia/<key>/termin", methods=["GET", "POST"])
@guard(Can.MOVE_DATE, load=queries.by_key)
def move(finding: Finding) -> ResponseReturnValue:
    """Give the answer, an action or the review a later day."""
    form = MoveForm()
    form.offer(finding)

    def verb() -> str:
        day, reason, today = form.new_due_on.data, form.reason.data, clock.today()
        action = chosen_action(finding, form.what.data)
        if form.what.data not in movable_days(finding):
            raise InvalidInput(N_("Choose which day to move."), field="what")
        if action is not None:
            service.move_action_date(action, reason, day, by=actor(), today=today)
        elif form.what.data == "review":
            service.postpone(finding, reason, day, by=actor(), today=today)
        else:
            service.move_answer_date(finding, reason, day, by=actor(), today=today)
        return gettext("The new day is %(day)s.", day=shown_day(day))

    return take_step(finding, form, "findings/move.html", step=None, verb=verb)
