"""Pages on which an office sets its own Word templates of its papers."""

from typing import Final

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms.core import children, files
from qms.core.access import actor, guard
from qms.core.forms import Form, given_files
from qms.core.i18n import gettext
from qms.core.saving import lead_to, saving
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.domain.files import FileKind
from qms.offices.models import Office
from qms.papers import making
from qms.papers.sending import WORD, sent
from qms.policy import Can
from qms.reports import service, slots
from qms.reports.forms import TemplateForm
from qms.reports.pages import bp
from qms.reports.samples import sample
from qms.reports.slots import Slot

PAPERS: Final[dict[str, str]] = {
    "raport": N_("Report of an audit"),
    "karta": N_("Nonconformity card"),
    "program": N_("Programme of internal audits"),
    "plan": N_("Plan of an audit"),
    "lista": N_("Question sheet of an audit"),
}


@bp.get("/u/<slug>/wzory-pism")
@guard(Can.SET_LIMITS)
def templates(office: Office) -> ResponseReturnValue:
    """The papers of the office, each with its own template or the register's."""
    return render_template("reports/templates.html", slots=slots.slots(office), papers=PAPERS)


@bp.route("/u/<slug>/wzory-pism/<paper>", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=slots.slot_of)
def template(slot: Slot) -> ResponseReturnValue:
    """Give the office's own template of one paper; see which fields it may use."""
    form = TemplateForm()
    if request.method == "GET":
        form.version.data = slot.version
    if form.validate_on_submit():
        with saving(form, slot.template):
            _keep(slot)
            flash(gettext("Template saved. Word files are made from it from now on."), "success")
            return lead_to(_list())
    paper = sample(slot.kind)
    return render_template("reports/template.html", form=form, slot=slot, paper=paper, label=PAPERS[slot.kind])


def _keep(slot: Slot) -> None:
    """Store the file that came, try it, make it the template. Raises `InvalidInput`, saying what to mend."""
    came = given_files(making.FIELD)
    if len(came) != 1:
        raise InvalidInput(N_("Choose the Word file of your template."), field=making.FIELD)
    given = came[0]
    try:
        stored = files.store(given.stream, given.filename, office_id=slot.office.id)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message, field=making.FIELD, **refusal.params) from refusal
    if stored.kind != FileKind.DOCX:
        raise InvalidInput(making.REFUSALS["not_word"], field=making.FIELD)
    try:
        making.check_template(files.path_of(stored).read_bytes(), sample(slot.kind))
    except children.Busy as busy:
        raise NotAllowedNow(N_("Other people’s files are being made. Wait a few seconds and save again.")) from busy
    service.keep_template(slot, stored, by=actor())


@bp.get("/u/<slug>/wzory-pism/<paper>/wzor.docx")
@guard(Can.SET_LIMITS, load=slots.slot_of)
def starter(slot: Slot) -> ResponseReturnValue:
    """The register's own template, to change in Word and give back."""
    return sent(lambda: making.starter(sample(slot.kind)), WORD, f"wzor-{slot.kind}.docx")


@bp.route("/u/<slug>/wzory-pism/<paper>/usun", methods=["GET", "POST"])
@guard(Can.SET_LIMITS, load=slots.slot_of)
def remove_template(slot: Slot) -> ResponseReturnValue:
    """Go back to the register's own template."""
    if slot.template is None:
        flash(gettext("This paper has no template of its own."), "info")
        return redirect(_list())
    form = Form()
    if request.method == "GET":
        form.version.data = slot.version
    if form.validate_on_submit():
        with saving(form, slot.template):
            service.drop_template(slot)
            flash(gettext("Template removed. Word files look as the register makes them."), "success")
            return lead_to(_list())
    return render_template("reports/remove_template.html", form=form, slot=slot, label=PAPERS[slot.kind])


def _list() -> str:
    return url_for("reports.templates", slug=g.office.slug)
