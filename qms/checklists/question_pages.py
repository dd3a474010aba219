"""Pages of one audit's questions: its list, how it is built, questions of the team."""

from collections.abc import Mapping

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from qms.audits import queries as audits
from qms.audits.models import OPEN_STATES, Audit
from qms.audits.service import refuse_ended
from qms.checklists import devices, queries, service
from qms.checklists.forms import BuildForm, LostDeviceForm, OwnQuestionForm, TakeOffForm
from qms.checklists.pages import bp, gettext, ngettext
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.i18n import moment
from qms.core.saving import lead_to, saving
from qms.people import queries as people
from qms.policy import Can


@bp.route("/u/<slug>/audity/<key>/pytania", methods=["GET", "POST"])
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def questions(audit: Audit) -> ResponseReturnValue:
    """The questions of an audit with what was answered; those without an answer can be taken off."""
    asked, answers = queries.questions(audit.id), queries.answers(audit.id)
    form = TakeOffForm()
    form.offer([each for each in asked if each.id not in answers])
    if form.validate_on_submit():
        with saving(form):
            count = service.take_off(audit, form.removed.data)
            flash(ngettext("%(num)d question taken off.", "%(num)d questions taken off.", count), "success")
            return _to_questions(audit)
    writers = {event.person_id for answer in answers.values() for event in (answer.shown, *answer.late) if event}
    return render_template(
        "checklists/questions.html",
        audit=audit,
        form=form,
        sections=queries.in_sections(asked),
        answers=answers,
        files=queries.files(audit.id),
        names=people.names(writers),
        silent=devices.silent_in(audit, clock.now()),
        is_open=audit.state in OPEN_STATES and not audit.report_waits_for,
    )


@bp.route("/u/<slug>/audity/<key>/pytania/uloz", methods=["GET", "POST"])
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def build(audit: Audit) -> ResponseReturnValue:
    """Build the list, or add to it."""
    refuse_ended(audit)
    lists = queries.lists_for(audit.office_id, audit.edition_code)
    proposed = {"with_clauses": True, "with_earlier": True, "lists": service.fitting(audit, lists)}
    form = BuildForm(data=proposed if request.method == "GET" else {})
    form.offer(lists)
    if form.validate_on_submit():
        with saving(form):
            count = service.build(audit, form.chosen)
            flash(ngettext("%(num)d question added.", "%(num)d questions added.", count), "success")
            return _to_questions(audit)
    return render_template("checklists/build.html", form=form, audit=audit)


@bp.route("/u/<slug>/audity/<key>/pytania/nowe", methods=["GET", "POST"])
@guard(Can.RECORD_FINDINGS, load=audits.by_key)
def own_question(audit: Audit) -> ResponseReturnValue:
    """Add a question of the team."""
    refuse_ended(audit)
    form = OwnQuestionForm()
    form.offer(audit)
    if form.validate_on_submit():
        with saving(form):
            service.add_question(
                audit,
                form.text.data,
                hint=form.hint.data or "",
                clause_id=form.clause_id.data,
                department_id=form.department_id.data,
            )
            flash(gettext("The question is on the list."), "success")
            return _to_questions(audit)
    return render_template("checklists/own_question.html", form=form, audit=audit)


@bp.route("/u/<slug>/audity/<key>/urzadzenia", methods=["GET", "POST"])
@guard(Can.GIVE_UP_DEVICE, load=audits.by_key)
def lost_device(audit: Audit) -> ResponseReturnValue:
    """Say that nothing is to come from a device that was not heard for a day."""
    now = clock.now()
    silent = devices.silent_in(audit, now)
    names = people.names({each.device.person_id for each in silent})
    form = LostDeviceForm()
    form.device.choices = [SelectChoice(str(each.device.id), _called(each, names)) for each in silent]
    if form.validate_on_submit():
        with saving(form):
            devices.give_up(audit, int(form.device.data), form.note.data, by=actor(), now=now)
            flash(gettext("Noted. Nobody is asked for this device any more."), "success")
            return _to_questions(audit)
    return render_template("checklists/lost_device.html", form=form, audit=audit, silent=silent)


def _called(silent: devices.Silent, names: Mapping[int, str]) -> str:
    heard, name = moment(silent.device.heard_at), names[silent.device.person_id]
    return str(gettext("%(person)s, last heard %(moment)s", person=name, moment=heard))


def _to_questions(audit: Audit) -> Response:
    return lead_to(url_for("checklists.questions", slug=g.office.slug, key=audit.key))
