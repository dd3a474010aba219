"""Asking for more time, and objecting, from the letter that asks for an answer; its link and its day stay."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import redirect, request
from flask.typing import ResponseReturnValue

from qms.core import clock
from qms.core.access import public
from qms.core.saving import StaleForm, saving
from qms.domain.findings import Step
from qms.domain.grants import Purpose, Standing
from qms.findings import service
from qms.findings.facts import check_way
from qms.findings.models import Finding
from qms.findings.pages import gettext, refusal_of, texts
from qms.grants import queries
from qms.grants.answer_pages import show_answered
from qms.grants.forms import LetterObjectionForm, LetterTimeForm, refuse_foreign
from qms.grants.pages import Opened, bp, enter, is_too_often, shown, sign_in
from qms.policy import Actor

_Form = LetterTimeForm | LetterObjectionForm


@dataclass(frozen=True)
class _Plea:
    """One thing that can be asked for: the step, what is typed, and the verb that takes it."""

    step: Step
    form: Callable[[], _Form]
    template: str
    put: Callable[[Finding, _Form, Actor], None]


def _ask_time(finding: Finding, form: _Form, by: Actor) -> None:
    service.ask_time(finding, form.reason.data, form.data["new_due_on"], by=by, today=clock.today())


def _object(finding: Finding, form: _Form, by: Actor) -> None:
    service.object_to(finding, form.reason.data, by=by, today=clock.today())


_TIME: Final = _Plea(Step.ASK_TIME, LetterTimeForm, "grants/ask_time.html", _ask_time)
_OBJECTION: Final = _Plea(Step.OBJECT, LetterObjectionForm, "grants/object.html", _object)


@bp.route("/o/odpowiedz/<token>/wiecej-czasu", methods=["GET", "POST"])
@public("the address is the key to one answer of one person, who may say that it needs more time")
def ask_time(token: str) -> ResponseReturnValue:
    """Ask for a later day to answer."""
    return enter(Purpose.ANSWER, token, pages=partial(_page, plea=_TIME))


@bp.route("/o/odpowiedz/<token>/zastrzezenie", methods=["GET", "POST"])
@public("the address is the key to one answer of one person, who may say that there is nothing to answer")
def object_to(token: str) -> ResponseReturnValue:
    """Say that the finding does not stand."""
    return enter(Purpose.ANSWER, token, pages=partial(_page, plea=_OBJECTION))


def _page(opened: Opened, *, plea: _Plea) -> ResponseReturnValue:
    if opened.standing is Standing.SIGN_IN:
        return sign_in(opened)
    if opened.standing is Standing.RECEIPT:
        return show_answered(opened)
    form, finding = plea.form(), opened.asked.finding
    by = queries.actor_of(opened.asked, clock.today())
    is_foreign = refuse_foreign(form, opened.grant)
    if request.method == "GET":
        form.form_errors, form.version.data = [], finding.version
    elif not is_foreign and not is_too_often(form) and form.validate() and _put(plea, form, finding, by=by):
        joint = "&" if "?" in opened.address else "?"
        return redirect(f"{opened.address}{joint}wyslano=1")
    refusal = refusal_of(lambda: check_way(plea.step, finding, by=by, today=clock.today()))
    typed = list(texts(form.visible)) if request.method == "POST" else []
    told = {"finding": finding, "office": finding.office, "today": clock.today(), "address": opened.address}
    return shown(plea.template, form=form, refusal=refusal, typed=typed, **told)


def _put(plea: _Plea, form: _Form, finding: Finding, *, by: Actor) -> bool:
    """Whether it was taken; otherwise the form has to be shown again."""
    try:
        with saving(form, finding):
            plea.put(finding, form, by)
            return True
    except StaleForm:
        form.version.data = str(finding.version)
        form.form_errors = [gettext("Somebody changed this case meanwhile. Look at it and send this again.")]
    return False
