"""Reporting an action done from the letter that reminds of it."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import public
from qms.core.saving import StaleForm, saving
from qms.domain.grants import Purpose, Standing
from qms.findings import service
from qms.findings.fields import uploads
from qms.findings.models import Action
from qms.findings.pages import gettext, refusal_of, say_at_once, texts, why_action
from qms.grants import queries
from qms.grants.forms import LetterDoneForm, refuse_foreign
from qms.grants.pages import Opened, bp, ended, enter, is_too_often, shown, sign_in
from qms.policy import Actor


@bp.route("/o/wykonane/<token>", methods=["GET", "POST"])
@public("the address is the key to one report of one person; opening it changes nothing")
def report_done(token: str) -> ResponseReturnValue:
    """Say when and how the action was done."""
    return enter(Purpose.REPORT_DONE, token, pages=_page)


def _page(opened: Opened) -> ResponseReturnValue:
    action = opened.asked.action
    if opened.standing is Standing.SIGN_IN or action is None:
        return sign_in(opened)
    told = {"action": action, "finding": action.finding, "office": action.finding.office}
    if opened.standing is Standing.RECEIPT:
        return redirect(opened.address) if request.method == "POST" else shown("grants/reported.html", **told)
    form, by = LetterDoneForm(), queries.actor_of(opened.asked, clock.today())
    is_foreign = refuse_foreign(form, opened.grant)
    if request.method == "GET":
        form.form_errors = []
        form.version.data, form.done_on.data = action.version, clock.today()
    elif not is_foreign and not is_too_often(form) and (taken := _take(form, action, opened, by=by)):
        return taken
    until, why = opened.grant.expires_on, why_action(action)
    return shown("grants/report_done.html", form=form, today=clock.today(), until=until, why=why, **told)


def _take(form: LetterDoneForm, action: Action, opened: Opened, *, by: Actor) -> ResponseReturnValue | None:
    note, today = form.evidence.data or "", clock.today()
    if form.validate():
        try:
            with saving(form, action):
                service.report_done(action, note, uploads(), done_on=form.done_on.data, by=by, today=today)
                return redirect(opened.address)
        except StaleForm:
            form.version.data = str(action.version)
            form.form_errors = [gettext("Somebody changed this action meanwhile. Look at it and send this again.")]
    if refusal_of(lambda: service.check_doable(action)):
        return ended("", texts(form.visible))
    lacks = service.done_lacks(action, note, uploads(), done_on=form.done_on.data, by=by, today=today)
    say_at_once(form, lacks)
    return None
