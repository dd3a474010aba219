"""Pages on which people take the steps of a case."""

from collections.abc import Collection
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.i18n import day as shown_day
from qms.core.saving import saving
from qms.domain.dates import format_date
from qms.domain.deadlines import Kind
from qms.domain.errors import N_, InvalidInput, RuleViolation
from qms.domain.findings import Step
from qms.domain.pleas import Kind as PleaKind
from qms.findings import light_pages, queries, repeats, service, waiting
from qms.findings.facts import offered
from qms.findings.fields import uploads
from qms.findings.models import Action, Finding
from qms.findings.pages import (
    asked,
    bp,
    cannot_go_on,
    gettext,
    ngettext,
    refusal_of,
    say_at_once,
    take_step,
    to_case,
    to_case_instead,
    why_action,
)
from qms.findings.step_forms import (
    DoneForm,
    EffectForm,
    EvidenceForm,
    MoveForm,
    ReasonForm,
    RejectForm,
    VerificationForm,
    chosen_action,
    movable_days,
)
from qms.policy import Can


@bp.route("/u/<slug>/ustalenia/<key>/przyjmij", methods=["GET", "POST"])
@guard(Can.ACKNOWLEDGE, load=queries.by_key)
def acknowledge(finding: Finding) -> ResponseReturnValue:
    """Confirm that the unit knows of the finding."""

    def verb() -> str:
        service.acknowledge(finding, by=actor(), today=clock.today())
        return gettext("Confirmed. The auditors see that the unit knows of the finding.")

    return take_step(finding, Form(), "findings/acknowledge.html", step=Step.ACKNOWLEDGE, verb=verb)


@bp.route("/u/<slug>/dzialania/<key>/wykonane", methods=["GET", "POST"])
@guard(Can.REPORT_DONE, load=queries.action_by_key)
def report_done(action: Action) -> ResponseReturnValue:
    """Report one action done."""
    form = DoneForm()
    if request.method == "GET":
        form.version.data, form.done_on.data = action.version, clock.today()
        refusal = refusal_of(lambda: service.check_doable(action))
        if refusal:
            return to_case_instead(action.finding, refusal)
    if form.validate_on_submit():
        with saving(form, action):
            note, done_on = form.evidence.data or "", form.done_on.data
            service.report_done(action, note, uploads(), done_on=done_on, by=actor(), today=clock.today())
            return to_case(action.finding, _reported(action.finding))
    if form.is_submitted():
        refusal = refusal_of(lambda: service.check_doable(action))
        if refusal:
            return cannot_go_on(action.finding, refusal, form)
        say_at_once(form, _done_lacks(action, form))
    shown = {"action": action, "finding": action.finding, "today": clock.today(), "why": why_action(action)}
    return render_template("findings/report_done.html", form=form, **shown)


def _done_lacks(action: Action, form: DoneForm) -> list[RuleViolation]:
    typed = {"done_on": form.done_on.data, "by": actor(), "today": clock.today()}
    return service.done_lacks(action, form.evidence.data or "", uploads(), **typed)


def _reported(finding: Finding) -> str:
    """What comes after an action that was reported done: the others, or somebody who looks at the work."""
    undone = len(waiting.undone_actions(finding))
    if undone:
        return ngettext(
            "Reported as done. %(num)s action of this case is still to be done.",
            "Reported as done. %(num)s actions of this case are still to be done.",
            undone,
        )
    names = asked(finding)
    if not names:
        return gettext("Reported as done. Somebody else will look at it.")
    if finding.due_on is None:
        return gettext("Reported as done. It is checked by %(names)s.", names=names)
    return gettext(
        "Reported as done. It is checked by %(names)s, until %(day)s.", names=names, day=format_date(finding.due_on)
    )


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
        if form.outcome.data == "done" and finding.is_light:
            return light_pages.confirm(finding, form)
        if form.outcome.data == "done":
            note, review_on = form.note.data or "", form.review_day
            service.verify(finding, note, by=actor(), today=clock.today(), review_on=review_on)
            return gettext("Confirmed. Whether it helped is judged later.")
        service.send_back(finding, form.reason.data or "", form.undone_ids, by=actor(), today=clock.today())
        return gettext("Sent back. The case waits for the actions again.")

    def lacks() -> list[RuleViolation]:
        if form.outcome.data != "undone":
            if finding.is_light:
                return []
            missing = refusal_of(lambda: waiting.check_review_day(finding, form.review_day, today=clock.today()))
            return [missing] if missing and form.outcome.data == "done" else []
        reason = form.reason.data or ""
        return service.send_back_lacks(finding, reason, form.undone_ids, by=actor(), today=clock.today())

    step = Step.CONFIRM if finding.is_light else Step.VERIFY
    return take_step(finding, form, "findings/verify.html", step=step, verb=verb, lacks=lacks)


@bp.route("/u/<slug>/ustalenia/<key>/skutecznosc", methods=["GET", "POST"])
@guard(Can.JUDGE_EFFECT, load=queries.by_key)
def judge(finding: Finding) -> ResponseReturnValue:
    """Judge whether the actions helped, or put the judgement off. That they helped is shown by time alone."""
    form = EffectForm()
    steps = offered(finding, by=actor(), today=clock.today())
    form.offer(steps)

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

    def lacks() -> list[RuleViolation]:
        if form.outcome.data != "later":
            return []
        reason, day = form.reason.data or "", form.new_due_on.data
        return service.postpone_lacks(finding, reason, day, by=actor(), today=clock.today())

    shown: dict[str, Any] = {"again": repeats.alike_since(finding), "is_early": _is_early(finding, steps)}
    return take_step(finding, form, "findings/judge.html", step=Step.JUDGE_INEFFECTIVE, verb=verb, lacks=lacks, **shown)


def _is_early(finding: Finding, steps: Collection[Step]) -> bool:
    """Whether the day of the review is still to come."""
    return finding.waits_for == Kind.EFFECTIVENESS and Step.JUDGE_EFFECTIVE not in steps


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
    if finding.audit is None:
        del form.lead_consent

    def verb() -> str:
        agreed = bool(form.data.get("lead_consent"))
        service.reject(finding, form.reason.data, has_lead_consent=agreed, by=actor(), today=clock.today())
        return gettext("The finding is rejected.")

    def lacks() -> list[RuleViolation]:
        typed = {"has_reason": bool(form.reason.data), "has_lead_consent": bool(form.data.get("lead_consent"))}
        return service.lacks(Step.REJECT, finding, by=actor(), today=clock.today(), **typed)

    return take_step(finding, form, "findings/reject.html", step=Step.REJECT, verb=verb, lacks=lacks)


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
    form, plea = MoveForm(), finding.plea(PleaKind.MORE_TIME)
    form.offer(finding)
    if request.method == "GET" and plea:
        form.new_due_on.data, form.reason.data = plea.new_due_on, plea.reason

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

    shown: dict[str, Any] = {
        "plea": plea,
        "is_refusable": Step.REFUSE_TIME in offered(finding, by=actor(), today=clock.today()),
    }
    return take_step(finding, form, "findings/move.html", step=None, verb=verb, **shown)
