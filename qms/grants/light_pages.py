"""Saying from the letter whether the unit acts: one page, one press, and what was sent."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.saving import StaleForm, saving
from qms.findings import light
from qms.findings.light_pages import lacks, reply
from qms.findings.models import Finding
from qms.findings.pages import gettext, refusal_of, say_at_once, texts
from qms.grants import queries
from qms.grants.forms import LetterLightForm, refuse_foreign
from qms.grants.pages import Opened, ended, is_too_often, shown
from qms.policy import Actor


def answer(opened: Opened) -> ResponseReturnValue:
    """What the link of the letter opens while the word of the unit is waited for."""
    form, finding = _form(opened), opened.asked.finding
    by = queries.actor_of(opened.asked, clock.today())
    is_foreign = refuse_foreign(form, opened.grant)
    if request.method == "GET":
        form.form_errors = []
    elif not is_foreign and not is_too_often(form) and form.validate() and _sent(form, finding, by=by):
        return redirect(opened.address)
    elif refusal_of(lambda: light.check_awaited(finding, by=by, today=clock.today())):
        return ended("", texts(form.visible))
    else:
        say_at_once(form, lacks(finding, form, by=by))
    return _shown(form, opened)


def _form(opened: Opened) -> LetterLightForm:
    form, finding = LetterLightForm(), opened.asked.finding
    form.offer(queries.unit_of(finding, opened.asked.person), default_id=opened.asked.person.id)
    if request.method == "GET":
        form.open_with(finding)
        form.version.data = finding.version
    return form


def _sent(form: LetterLightForm, finding: Finding, *, by: Actor) -> bool:
    """Whether it was taken; otherwise the form has to be shown again."""
    try:
        with saving(form, finding):
            reply(finding, form, by=by)
            return True
    except StaleForm:
        form.version.data = str(finding.version)
        form.form_errors = [gettext("Somebody changed this case meanwhile. Look at it and send this again.")]
    return False


def _shown(form: LetterLightForm, opened: Opened) -> ResponseReturnValue:
    finding = opened.asked.finding
    return shown(
        "grants/light.html",
        form=form,
        finding=finding,
        office=finding.office,
        today=clock.today(),
        is_asked="wyslano" in request.args,
        until=opened.grant.expires_on,
        hand_over=url_for("grants.hand_over", token=opened.token),
        ask_time=url_for("grants.ask_time", token=opened.token),
        object_to=url_for("grants.object_to", token=opened.token),
    )
