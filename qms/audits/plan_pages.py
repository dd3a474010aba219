"""Pages of the timetable of an audit, and of the permit that its team may need."""

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from qms.audits import permits, queries, service, timetable
from qms.audits.models import Audit, AuditSlot
from qms.audits.pages import bp
from qms.audits.plan_forms import PermitForm, SlotForm
from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import Form
from qms.core.saving import lead_to, saving
from qms.policy import Can


@bp.route("/u/<slug>/audity/<key>/harmonogram", methods=["GET", "POST"])
@guard(Can.KEEP_TIMETABLE, load=queries.by_key)
def new_slot(audit: Audit) -> ResponseReturnValue:
    """Add a row to the timetable; the rows there are stand above."""
    timetable.refuse_ended(audit)
    form = SlotForm(audit)
    if form.validate_on_submit():
        with saving(form):
            timetable.add(audit, form.row)
            flash(gettext("Row added. Add the next one, or go back to the audit."), "success")
            return lead_to(url_for("audits.new_slot", slug=g.office.slug, key=audit.key))
    return render_template("audits/slot.html", form=form, audit=audit, slot=None, taking_off=None)


@bp.route("/u/<slug>/harmonogram/<key>", methods=["GET", "POST"])
@guard(Can.KEEP_TIMETABLE, load=queries.slot_by_key)
def change_slot(slot: AuditSlot) -> ResponseReturnValue:
    """Change a row of the timetable."""
    audit = slot.audit
    timetable.refuse_ended(audit)
    form = SlotForm(audit, slot)
    if request.method == "GET":
        form.version.data = slot.version
    if form.validate_on_submit():
        with saving(form, slot):
            timetable.change(slot, form.row)
            return _to(audit, gettext("Saved."))
    taking_off = Form()
    taking_off.version.data = str(slot.version)
    return render_template("audits/slot.html", form=form, audit=audit, slot=slot, taking_off=taking_off)


@bp.post("/u/<slug>/harmonogram/<key>/usun")
@guard(Can.KEEP_TIMETABLE, load=queries.slot_by_key)
def remove_slot(slot: AuditSlot) -> ResponseReturnValue:
    """Take a row off the timetable."""
    form, audit = Form(), slot.audit
    if form.validate_on_submit():
        with saving(form, slot):
            timetable.remove(slot)
            return _to(audit, gettext("The row is taken off."))
    return _to(audit, *form.form_errors, category="error")


@bp.post("/u/<slug>/audity/<key>/harmonogram/wyslij")
@guard(Can.KEEP_TIMETABLE, load=queries.by_key)
def send_timetable(audit: Audit) -> ResponseReturnValue:
    """Write to those concerned once more, with the hours."""
    form = Form()
    if form.validate_on_submit():
        with saving(form, audit):
            count = service.tell_timetable(audit, today=clock.today())
            said = ngettext("The timetable goes to %(num)d person.", "The timetable goes to %(num)d people.", count)
            return _to(audit, said)
    return _to(audit, *form.form_errors, category="error")


@bp.route("/u/<slug>/audity/<key>/zgoda", methods=["GET", "POST"])
@guard(Can.PERMIT_OWN_WORK, load=queries.by_key)
def permit(audit: Audit) -> ResponseReturnValue:
    """Let the team judge what is close to somebody of it."""
    service.refuse_ended(audit)
    form = PermitForm()
    if request.method == "GET":
        form.version.data = audit.version
    if form.validate_on_submit():
        with saving(form, audit):
            permits.permit(audit, reason=form.reason.data or "", by=actor().person_id, today=clock.today())
            return _to(audit, gettext("Permitted. The audit may begin, and its report will say so."))
    return render_template("audits/permit.html", form=form, audit=audit, waiting=permits.waiting(audit))


def _to(audit: Audit, *messages: Any, category: str = "success") -> Response:
    for message in messages:
        flash(message, category)
    return lead_to(url_for("audits.detail", slug=g.office.slug, key=audit.key))
