"""Pages on which audits are planned, changed, taken off, moved and logged."""

from datetime import date

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from qms.audits.audit_pages import saved
from qms.audits.forms import ScopeForm
from qms.core import clock
from qms.core.access import guard
from qms.core.saving import lead_to, saving
from qms.domain import programme as rules
from qms.domain.programme import State, Window
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Can
from qms.programme import facts, proposing, queries, service
from qms.programme.forms import EntryForm, NewVersionForm, RemoveEntryForm, arrange_form, stored
from qms.programme.models import Programme, ProgrammeEntry
from qms.programme.pages import bp, breaches_of, to_year


@bp.route("/u/<slug>/audity/program/<int:year>/dodaj", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME)
def add(office: Office, year: int) -> ResponseReturnValue:
    """Plan an audit."""
    rules.check_year(year, clock.today())
    form = EntryForm()
    _offer(form, office, year)
    if form.is_sent:
        with saving(form):
            entry = service.add(office, year, form.wanted(year), today=clock.today())
            return to_year(year, gettext("Audit no. %(number)s added to the programme.", number=entry.line))
    return render_template("programme/entry.html", form=form, entry=None, year=year)


def _offer(form: EntryForm, office: Office, year: int, *, before: Window | None = None) -> None:
    on = max(clock.today(), date(year, 1, 1))
    units = proposing.audited(office.id, year, clock.today())
    form.offer(office, on, units=units, auditors=auditors_of(office.id, year), before=before)


def auditors_of(office_id: int, year: int) -> list[Person]:
    """Who may be asked to lead in a year, in Polish order."""
    return sorted(
        people.everybody(list(facts.staff(office_id, year).auditors)).values(), key=lambda each: each.sort_key
    )


@bp.route("/u/<slug>/audity/pozycje/<key>/zmien", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME, load=queries.entry_by_key)
def change_entry(entry: ProgrammeEntry) -> ResponseReturnValue:
    """Change a planned audit."""
    rules.check_editable(State(entry.programme.state))
    form = EntryForm(data=stored(entry))
    _offer(form, g.office, entry.programme.year, before=entry.window)
    if request.method == "GET":
        form.version.data = entry.version
    if form.is_sent:
        with saving(form, entry):
            service.change(entry, form.wanted(entry.programme.year, entry.window))
            return to_year(entry.programme.year, gettext("Audit no. %(number)s saved.", number=entry.line))
    return render_template("programme/entry.html", form=form, entry=entry, year=entry.programme.year)


@bp.route("/u/<slug>/audity/pozycje/<key>/usun", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME, load=queries.entry_by_key)
def remove_entry(entry: ProgrammeEntry) -> ResponseReturnValue:
    """Take a planned audit off the programme."""
    rules.check_editable(State(entry.programme.state))
    form = RemoveEntryForm()
    if request.method == "GET":
        form.version.data = entry.version
    if form.validate_on_submit():
        with saving(form, entry):
            service.remove(entry, reason=form.reason.data)
            said = gettext("Audit no. %(number)s taken off the programme.", number=entry.line)
            return to_year(entry.programme.year, said)
    return render_template("programme/remove_entry.html", form=form, entry=entry, year=entry.programme.year)


@bp.route("/u/<slug>/audity/pozycje/<key>/audit", methods=["GET", "POST"])
@guard(Can.PLAN_AUDIT, load=queries.entry_by_key)
def log_audit(entry: ProgrammeEntry) -> ResponseReturnValue:
    """Log the audit that was planned, with its days."""
    rules.check_approved(State(entry.programme.state))
    form = ScopeForm(data=stored(entry))
    form.offer(g.office, clock.today())
    if form.is_sent:
        with saving(form):
            audit = service.log_audit(entry, form.plan(), today=clock.today())
            return saved(audit)
    return render_template("programme/log_audit.html", form=form, entry=entry, year=entry.programme.year)


@bp.route("/u/<slug>/audity/programy/<key>/uklad", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME, load=queries.by_key)
def arrange(programme: Programme) -> ResponseReturnValue:
    """Months and leads of everything planned, with what that breaks."""
    rules.check_editable(State(programme.state))
    form = arrange_form(programme.planned, auditors_of(programme.office_id, programme.year))
    if request.method == "GET":
        form.version.data = programme.version
    if form.validate_on_submit():
        with saving(form, programme):
            service.arrange(programme, form.wanted(programme.planned))
            next_page = "programme.send" if form.goes_on else "programme.arrange"
            flash(gettext("Saved and checked."), "success")
            return lead_to(url_for(next_page, slug=g.office.slug, key=programme.key))
    return render_template("programme/arrange.html", form=form, programme=programme, breaches=breaches_of(programme))


@bp.route("/u/<slug>/audity/programy/<key>/nowa-wersja", methods=["GET", "POST"])
@guard(Can.EDIT_PROGRAMME, load=queries.by_key)
def new_version(programme: Programme) -> ResponseReturnValue:
    """Begin the next version of an approved programme."""
    rules.check_approved(State(programme.state))
    form = NewVersionForm()
    if request.method == "GET":
        form.version.data = programme.version
    if form.validate_on_submit():
        with saving(form, programme):
            made = service.start_version(programme, reason=form.reason.data)
            said = gettext("Version %(issue)s begun. The approved one stays in force until this is.", issue=made.issue)
            return to_year(programme.year, said)
    return render_template("programme/new_version.html", form=form, programme=programme)
