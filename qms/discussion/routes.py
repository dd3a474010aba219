"""Pages of the talk about a case: reading it, writing, striking out what one wrote."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.paging import turns
from qms.core.saving import lead_to, saving
from qms.discussion import queries, service
from qms.discussion.forms import MessageForm, StrikeForm
from qms.discussion.models import Message
from qms.findings import queries as findings
from qms.findings.models import Finding
from qms.policy import Can

bp = Blueprint("discussion", __name__)


@bp.record_once
def _name(state: BlueprintSetupState) -> None:
    """Let the page of a case, which stands below, show what was said about it last."""
    state.app.jinja_env.globals |= {"talk_of": queries.latest, "is_reply_awaited": _is_awaited}


def _is_awaited(finding: Finding) -> bool:
    return bool(queries.asked_of(finding, actor().person_id))


def _address(finding: Finding, number: int | None = None) -> str:
    return url_for("discussion.page", slug=finding.office.slug, key=finding.key, strona=number)


@bp.get("/u/<slug>/ustalenia/<key>/rozmowa")
@guard(Can.SEE_FINDING, load=findings.by_key)
def page(finding: Finding) -> ResponseReturnValue:
    """All that was said, the newest last and shown first."""
    shown = queries.page(finding, number=request.args.get("strona", type=int))
    where = turns(shown, lambda number: _address(finding, number))
    return render_template("discussion/page.html", finding=finding, page=shown, where=where)


@bp.route("/u/<slug>/ustalenia/<key>/rozmowa/nowa", methods=["GET", "POST"])
@guard(Can.DISCUSS, load=findings.by_key)
def write(finding: Finding) -> ResponseReturnValue:
    """Say something, below what was said last."""
    form, today = MessageForm(), clock.today()
    form.offer(person for person in queries.askable(finding, today) if person.id != actor().person_id)
    if form.validate_on_submit():
        with saving(form):
            service.write(finding, form.words.data, form.asked_id.data, by=actor(), today=today)
            flash(gettext("Message sent."), "success")
            return lead_to(_address(finding))
    return render_template("discussion/write.html", form=form, finding=finding)


@bp.route("/u/<slug>/wiadomosci/<key>/skresl", methods=["GET", "POST"])
@guard(Can.STRIKE_MESSAGE, load=queries.by_key)
def strike(message: Message) -> ResponseReturnValue:
    """Strike out one's own message, with a reason."""
    form = StrikeForm()
    if request.method == "GET" and message.struck_at:
        flash(gettext("This message was struck out already. You have nothing to do."), "info")
        return redirect(_address(message.finding))
    if form.validate_on_submit():
        with saving(form):
            service.strike(message, form.reason.data)
            flash(gettext("Struck out. It stays to be read, with your reason."), "success")
            return lead_to(_address(message.finding))
    return render_template("discussion/strike.html", form=form, message=message, finding=message.finding)
