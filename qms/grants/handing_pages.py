"""Handing an answer over from the letter that reached the wrong person: its link ends, the colleague gets another."""

from flask import request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import public
from qms.core.saving import StaleForm, saving
from qms.domain.grants import Purpose, Standing
from qms.findings import service
from qms.findings.models import Finding
from qms.findings.pages import gettext
from qms.grants import queries
from qms.grants.answer_pages import show_answered
from qms.grants.forms import LetterHandOverForm, refuse_foreign
from qms.grants.pages import Opened, bp, enter, is_too_often, shown, sign_in


@bp.route("/o/odpowiedz/<token>/przekaz", methods=["GET", "POST"])
@public("the address is the key to one answer of one person, who may say that it is somebody else's")
def hand_over(token: str) -> ResponseReturnValue:
    """Let somebody else of the office answer."""
    return enter(Purpose.ANSWER, token, pages=_page)


def _page(opened: Opened) -> ResponseReturnValue:
    if opened.standing is Standing.SIGN_IN:
        return sign_in(opened)
    if opened.standing is Standing.RECEIPT:
        return show_answered(opened)
    form, finding = LetterHandOverForm(), opened.asked.finding
    form.offer(service.colleagues(finding, clock.today()))
    is_foreign = refuse_foreign(form, opened.grant)
    if request.method == "GET":
        form.form_errors, form.version.data = [], finding.version
    elif not is_foreign and not is_too_often(form) and form.validate():
        name = _hand_over(form, finding, opened)
        if name:
            return shown("grants/handed_over.html", finding=finding, office=finding.office, name=name)
    return shown("grants/hand_over.html", form=form, finding=finding, office=finding.office, address=opened.address)


def _hand_over(form: LetterHandOverForm, finding: Finding, opened: Opened) -> str:
    """The name of who answers from now on; empty when the form has to be shown again."""
    today = clock.today()
    try:
        with saving(form, finding):
            by = queries.actor_of(opened.asked, today)
            return service.hand_over(finding, form.colleague.data, by=by, today=today).name
    except StaleForm:
        form.version.data = str(finding.version)
        form.form_errors = [gettext("Somebody changed this case meanwhile. Look at it and send this again.")]
    return ""
