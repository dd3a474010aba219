"""Pages on which certificates are recorded; they are read on the page of the cycle."""

from datetime import date

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from qms.certificates import queries, service
from qms.certificates.forms import RENEWAL, CertificateForm, EventForm, RemoveForm, TakeBackForm
from qms.certificates.models import Certificate
from qms.core import clock
from qms.core.access import guard
from qms.core.i18n import said
from qms.core.saving import lead_to, saving
from qms.domain.errors import NotAllowedNow
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can

bp = Blueprint("certificates", __name__)


@bp.route("/u/<slug>/certyfikat/nowy", methods=["GET", "POST"])
@guard(Can.KEEP_CERTIFICATES)
def new(office: Office) -> ResponseReturnValue:
    """Record a certificate."""
    form = CertificateForm()
    if request.method == "GET" and queries.is_any(office.id):
        form.is_initial.data = RENEWAL
    if form.validate_on_submit():
        with saving(form):
            service.record(office, form.facts, today=clock.today())
            return _saved(form)
    return render_template("certificates/edit.html", form=form, certificate=None)


@bp.route("/u/<slug>/certyfikat/<key>/zmien", methods=["GET", "POST"])
@guard(Can.KEEP_CERTIFICATES, load=queries.by_key)
def edit(certificate: Certificate) -> ResponseReturnValue:
    """Correct what was recorded."""
    form = CertificateForm(obj=certificate)
    if request.method == "GET":
        form.version.data = str(certificate.version)
    if form.validate_on_submit():
        with saving(form, certificate):
            service.correct(certificate, form.facts, today=clock.today())
            return _saved(form)
    return render_template("certificates/edit.html", form=form, certificate=certificate)


def _saved(form: CertificateForm) -> Response:
    flash(gettext("Saved. The days of the cycle below follow from this certificate."), "success")
    for remark in service.remarks(form.facts):
        flash(said(remark.message, **remark.params), "warning")
    return _to_cycle()


def _to_cycle() -> Response:
    return lead_to(url_for("cycle.index", slug=g.office.slug))


@bp.route("/u/<slug>/certyfikat/<key>/zdarzenie", methods=["GET", "POST"])
@guard(Can.KEEP_CERTIFICATES, load=queries.by_key)
def event(certificate: Certificate) -> ResponseReturnValue:
    """Record that the body suspended, restored or withdrew it."""
    form = EventForm(service.events_possible(certificate))
    if request.method == "GET":
        form.version.data = str(certificate.version)
    if form.validate_on_submit():
        with saving(form, certificate):
            happen = service.EVENTS[form.event.data]
            more = {"until": form.until.data} if form.event.data == "suspended" else {}
            happen(certificate, on=form.on.data, reason=form.reason.data, today=clock.today(), **more)
            flash(gettext("Saved."), "success")
            return _to_cycle()
    return render_template("certificates/event.html", form=form, certificate=certificate)


@bp.route("/u/<slug>/certyfikat/<key>/cofnij-wpis", methods=["GET", "POST"])
@guard(Can.KEEP_CERTIFICATES, load=queries.by_key)
def take_back(certificate: Certificate) -> ResponseReturnValue:
    """Remove the last event, recorded by mistake."""
    form = TakeBackForm()
    if request.method == "GET":
        form.version.data = str(certificate.version)
    if form.validate_on_submit():
        with saving(form, certificate):
            service.take_back(certificate, reason=form.reason.data or "")
            flash(gettext("The last event was taken back."), "success")
            return _to_cycle()
    return render_template("certificates/take_back.html", form=form, certificate=certificate)


@bp.route("/u/<slug>/certyfikat/<key>/usun", methods=["GET", "POST"])
@guard(Can.KEEP_CERTIFICATES, load=queries.by_key)
def remove(certificate: Certificate) -> ResponseReturnValue:
    """Take a certificate out that was recorded by mistake."""
    form = RemoveForm()
    if request.method == "GET":
        form.version.data = str(certificate.version)
    if form.validate_on_submit():
        with saving(form, certificate):
            service.remove(certificate, reason=form.reason.data or "", today=clock.today())
            flash(gettext("Removed. No reminder of its days leaves any more."), "success")
            return lead_to(url_for("certificates.removed", slug=g.office.slug))
    refusal = None if form.is_submitted() else _refusal(certificate)
    return render_template("certificates/remove.html", form=form, certificate=certificate, refusal=refusal)


def _refusal(certificate: Certificate) -> NotAllowedNow | None:
    try:
        service.check_removable(certificate, today=clock.today())
    except NotAllowedNow as refusal:
        return refusal
    return None


@bp.get("/u/<slug>/certyfikat/usuniete")
@guard(Can.SEE_CERTIFICATES)
def removed(office: Office) -> ResponseReturnValue:
    """What was recorded once and taken out, by whom and why."""
    entries = queries.removed(office.id)
    names = people.names({entry.person_id for entry in entries if entry.person_id})
    return render_template("certificates/removed.html", entries=entries, names=names, date_of=date.fromisoformat)
