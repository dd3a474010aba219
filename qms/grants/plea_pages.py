"""Asking for more time from the letter that asks for an answer; the link stays good, and so does the day."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import public
from qms.core.saving import StaleForm, saving
from qms.domain.errors import RuleViolation
from qms.domain.findings import Step
from qms.domain.grants import Purpose, Standing
from qms.findings import service
from qms.findings.facts import check_way
from qms.findings.models import Finding
from qms.findings.pages import gettext, refusal_of, texts
from qms.grants import queries
from qms.grants.answer_pages import show_answered
from qms.grants.forms import LetterTimeForm, refuse_foreign
from qms.grants.pages import Opened, bp, enter, is_too_often, shown, sign_in
from qms.policy import Actor


@bp.route("/o/odpowiedz/<token>/wiecej-czasu", methods=["GET", "POST"])
@public("the address is the key to one answer of one person, who may say that it needs more time")
def ask_time(token: str) -> ResponseReturnValue:
    """Ask for a later day to answer."""
    return enter(Purpose.ANSWER, token, pages=_page)


def _page(opened: Opened) -> ResponseReturnValue:
    if opened.standing is Standing.SIGN_IN:
        return sign_in(opened)
    if opened.standing is Standing.RECEIPT:
        return show_answered(opened)
    form, finding = LetterTimeForm(), opened.asked.finding
    by = queries.actor_of(opened.asked, clock.today())
    is_foreign = refuse_foreign(form, opened.grant)
    if request.method == "GET":
        form.form_errors, form.version.data = [], finding.version
    elif not is_foreign and not is_too_often(form) and form.validate() and _ask(form, finding, by):
        return redirect(opened.address)
    told = {"finding": finding, "office": finding.office, "today": clock.today(), "address": opened.address}
    typed = list(texts(form.visible)) if request.method == "POST" else []
    return shown("grants/ask_time.html", form=form, refusal=_barred(finding, by), typed=typed, **told)


def _barred(finding: Finding, by: Actor) -> RuleViolation | None:
    """What stands against asking, whatever is typed."""
    return refusal_of(lambda: check_way(Step.ASK_TIME, finding, by=by, today=clock.today()))


def _ask(form: LetterTimeForm, finding: Finding, by: Actor) -> bool:
    try:
        with saving(form, finding):
            service.ask_time(finding, form.reason.data, form.new_due_on.data, by=by, today=clock.today())
            return True
    except StaleForm:
        form.version.data = str(finding.version)
        form.form_errors = [gettext("Somebody changed this case meanwhile. Look at it and send this again.")]
    return False
