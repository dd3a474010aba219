"""Pages of the first run of an office: its list of tasks, its names, tables pasted from a spreadsheet, invitations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from qms.core import clock
from qms.core.access import actor, guard, may
from qms.core.forms import Form
from qms.core.i18n import said
from qms.core.saving import lead_to, saving
from qms.domain.errors import N_, InvalidInput, RuleViolation
from qms.domain.pasted import Column, Fault, Table, read
from qms.domain.setting_up import (
    DEPARTMENT_COLUMNS,
    PERSON_COLUMNS,
    TICKED,
    Rights,
    Task,
    done,
)
from qms.domain.setting_up import departments as departments_of
from qms.domain.setting_up import people as people_of
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.papers.sending import sent_as_xlsx
from qms.papers.sheet import Column as SheetColumn
from qms.papers.sheet import Sheet
from qms.people import invitations as inviting
from qms.people import service as staff
from qms.people.routes import PROXIES
from qms.policy import Can
from qms.setup import queries, service
from qms.setup.forms import NamesForm, PasteForm, PeopleForm
from qms.setup.words import HEADINGS, TASKS

bp = Blueprint("setup", __name__)

PUT_AWAY = "away"
_WRONG_ROWS = N_("Some rows are wrong, so nothing was added. Correct them below or in the spreadsheet.")


class WayBack(NamedTuple):
    """The page a form of the first run leads back to, and its name."""

    name: str
    url: str


@bp.route("/u/<slug>/start", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def tasks(office: Office) -> ResponseReturnValue:
    """The list of first tasks, in any order; the word that ends one of them is said here."""
    form, today = Form(), clock.today()
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            if request.form.get("word") == PUT_AWAY:
                service.put_away(office, today)
                return lead_to(url_for("agenda.tasks"))
            service.look_at(office, request.form.get("word", ""))
            return lead_to(url_for("setup.tasks", slug=office.slug))
    finished = done(queries.begun(office, actor().person_id))
    return render_template(
        "setup/tasks.html",
        form=form,
        tasks=TASKS,
        done=finished,
        ticked=TICKED,
        put_away=PUT_AWAY,
        next_task=next((task for task in Task if task not in finished), None),
    )


@bp.route("/u/<slug>/start/urzad", methods=["GET", "POST"])
@guard(Can.SET_LIMITS)
def names(office: Office) -> ResponseReturnValue:
    """How the office is called."""
    form = NamesForm(obj=office)
    if request.method == "GET":
        form.version.data = office.version
    if form.validate_on_submit():
        with saving(form, office):
            service.correct_names(office, form.told)
            return _saved(gettext("Saved."))
    return render_template("setup/names.html", form=form)


@bp.route("/u/<slug>/komorki/wklej", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def departments(office: Office) -> ResponseReturnValue:
    """Departments of a pasted table: looked at first, then added, all or none."""
    known, form = _by_symbol(office), PasteForm()

    def found() -> tuple[Table, Sequence[Any], Sequence[Fault]]:
        table = read(form.pasted.data or "", DEPARTMENT_COLUMNS)
        return (table, *departments_of(table, known))

    def keep(pasted: Sequence[Any]) -> str:
        service.add_departments(office, pasted, known)
        return str(ngettext("%(num)d department added.", "%(num)d departments added.", len(pasted)))

    return _pasted(form, DEPARTMENT_COLUMNS, "setup/departments.html", found=found, keep=keep)


@bp.route("/u/<slug>/osoby/wklej", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def people(office: Office) -> ResponseReturnValue:
    """People of a pasted table; nobody of them is written to before the invitations are sent."""
    known, today = _by_symbol(office), clock.today()
    form = PeopleForm(data={"from_on": today})
    posts = [post for post in staff.posts_given_by(actor(), office) if post not in PROXIES]

    def found() -> tuple[Table, Sequence[Any], Sequence[Fault]]:
        table = read(form.pasted.data or "", PERSON_COLUMNS)
        rights = Rights(posts, heads=may(Can.NAME_HEADS))
        return (table, *people_of(table, symbols=known, known=inviting.addresses_of(office.id, today), rights=rights))

    def keep(pasted: Sequence[Any]) -> str:
        faults = service.hold_people(office, pasted, known, from_on=form.from_on.data, by=actor(), today=today)
        if faults:
            raise InvalidInput(_WRONG_ROWS, field="pasted", faults=faults)
        held = len(pasted)
        return str(ngettext("%(num)d person added, not invited yet.", "%(num)d people added, not invited yet.", held))

    return _pasted(form, PERSON_COLUMNS, "setup/people.html", found=found, keep=keep, symbols=sorted(known))


def _by_symbol(office: Office) -> Mapping[str, Department]:
    return {each.symbol: each for each in offices.departments(office.id, clock.today())}


def _pasted(
    form: PasteForm,
    columns: Sequence[Column],
    template: str,
    *,
    found: Callable[[], tuple[Table, Sequence[Any], Sequence[Fault]]],
    keep: Callable[[Sequence[Any]], str],
    **shown: Any,
) -> ResponseReturnValue:
    """A table at three moments: nothing yet, looked at with what is wrong in it, kept."""
    table: Table | None = None
    rows: Sequence[Any] = ()
    if form.validate_on_submit():
        try:
            form.take_file()
            table, rows, form.faults = found()
            if form.faults:
                raise InvalidInput(_WRONG_ROWS, field="pasted", faults=form.faults)
        except RuleViolation as refusal:
            form.refuse(refusal)
        if form.faults and request.form.get("step") == "sheet" and table:
            return _sheet_of_faults(table, columns, form.faults)
        if form.is_saving and not form.errors:
            with saving(form):
                return _saved(keep(rows))
    faults = {fault.row: said(fault.message, **fault.params) for fault in form.faults}
    return render_template(template, form=form, table=table, columns=columns, faults=faults, HEADINGS=HEADINGS, **shown)


def _sheet_of_faults(table: Table, columns: Sequence[Column], faults: Sequence[Fault]) -> Response:
    """The wrong rows with what to correct, to work on in a spreadsheet and paste again."""
    told = {fault.row: said(fault.message, **fault.params) for fault in faults}
    sheet = Sheet(
        name=gettext("Rows to correct"),
        columns=[
            *(SheetColumn(said(HEADINGS[column]), 30) for column in columns),
            SheetColumn(gettext("What to correct"), 80),
            SheetColumn(gettext("Row")),
        ],
        rows=[
            [*(row.cells.get(column, "") for column in columns), told[row.number], row.number]
            for row in table.rows
            if row.number in told
        ],
        about_name=gettext("About this list"),
    )
    return sent_as_xlsx(sheet, gettext("rows to correct"), g.office.slug)


@bp.route("/u/<slug>/zaproszenia/wyslij", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def invitations(office: Office) -> ResponseReturnValue:
    """Who will get a letter; and the button that sends them."""
    form = Form()
    if form.validate_on_submit():
        with saving(form):
            sent, left = inviting.send_held(office, by=actor(), today=clock.today())
            return _saved(_told(sent, left))
    return render_template("setup/invitations.html", form=form, held=inviting.held(office.id))


def _told(sent: int, left: int) -> str:
    said_sent = ngettext("%(num)d invitation sent.", "%(num)d invitations sent.", sent)
    if not left:
        return str(said_sent)
    waits = ngettext(
        "%(num)d waits: that is all for one day. Send it tomorrow.",
        "%(num)d wait: that is all for one day. Send them tomorrow.",
        left,
    )
    return f"{said_sent} {waits}"


def _saved(message: str) -> Response:
    flash(message, "success")
    return lead_to(_way_back().url)


@bp.context_processor
def _leading_back() -> dict[str, Any]:
    return {"way_back": _way_back()} if "office" in g else {}  # a refused stranger is in none


def _way_back() -> WayBack:
    """The list of first tasks, for whoever has one that is not put away; else the office."""
    is_starting = g.office.set_up_on is None and may(Can.SET_LIMITS)
    name, endpoint = (N_("First tasks"), "setup.tasks") if is_starting else (N_("The office"), "offices.index")
    return WayBack(name, url_for(endpoint, slug=g.office.slug))
