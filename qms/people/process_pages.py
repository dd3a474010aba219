"""Pages on which the processes of an office are added, changed and closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField

from qms.core import clock
from qms.core.access import guard
from qms.core.forms import CheckboxesField, DateField, Form, LineField, TextField, id_or_none, needed
from qms.core.saving import lead_to, saving
from qms.offices import queries as offices
from qms.offices.models import IMPORTANCE, Department, Office, Process
from qms.offices.words import IMPORTANCE_WORDS
from qms.people import processes, queries
from qms.people.absence_pages import bp
from qms.people.models import Person
from qms.people.processes import ProcessFacts
from qms.policy import Can

__all__ = ["bp"]


class ProcessForm(Form):
    """A process, where it runs, and who answers for it."""

    name = LineField(
        _l("Name of the process"),
        limit=200,
        description=_l("For example: issuing driving licences."),
        validators=[needed(_l("Enter the name, as it stands on the map of processes."))],
    )
    symbol = LineField(
        _l("Symbol"),
        limit=20,
        description=_l("As on the map of processes, for example P-04."),
        validators=[needed(_l("Enter the symbol of the process."))],
    )
    department_ids = CheckboxesField(
        _l("Departments it runs through"), [needed(_l("Choose at least one department that the process runs through."))]
    )
    importance = SelectField(_l("Importance"), coerce=int, default=2)
    owner_id = SelectField(
        _l("Owner of the process"),
        coerce=id_or_none,
        description=_l("The owner answers for the process, and so does not audit it."),
    )
    owned_from = DateField(
        _l("Owner since"),
        description=_l("For a new owner, their first day. The one before stays the owner until the day before it."),
        validators=[needed(_l("Enter the day since which this person answers for the process."))],
    )

    def __init__(self, departments: Sequence[Department], people: Sequence[Person], data: dict[str, Any]) -> None:
        super().__init__(data=data)
        self.department_ids.choices = [SelectChoice(each.id, each.name) for each in departments]
        self.importance.choices = [SelectChoice(each, _l(IMPORTANCE_WORDS[each])) for each in IMPORTANCE]
        nobody = SelectChoice("", _l("Nobody yet"))
        self.owner_id.choices = [nobody, *(SelectChoice(each.id, each.name) for each in people)]

    @property
    def facts(self) -> ProcessFacts:
        """What was typed, once the form is valid."""
        return ProcessFacts(
            name=self.name.data or "",
            symbol=self.symbol.data or "",
            department_ids=frozenset(self.department_ids.data),
            importance=self.importance.data,
            owner_id=self.owner_id.data,
            owned_from=self.owned_from.data,
        )


class CloseProcessForm(Form):
    """The last day of a process, and why it ends."""

    closed_on = DateField(_l("Last day"), validators=[needed(_l("Enter the last day of the process."))])
    reason = TextField(
        _l("Reason"), limit=500, validators=[needed(_l("Write why the process ends. The trail keeps it."))]
    )


def _form(office: Office, today: date, process: Process | None = None) -> ProcessForm:
    data: dict[str, Any] = {"owned_from": today}
    people = queries.people_of(office.id, today)
    if process is not None:
        data = {"name": process.name, "symbol": process.symbol, "importance": process.importance}
        data["department_ids"] = [part.department_id for part in process.departments]
        current = next((each for each in process.owners if each.until_on is None), None)
        data["owner_id"], data["owned_from"] = (current.person_id, current.from_on) if current else (None, today)
        if current and current.person_id not in {each.id for each in people}:
            people += queries.everybody([current.person_id]).values()  # left, and stays named until somebody else is
    return ProcessForm(offices.departments(office.id, today), people, data)


@bp.route("/u/<slug>/procesy/nowy", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE)
def new_process(office: Office) -> ResponseReturnValue:
    """Add a process."""
    form = _form(office, clock.today())
    if form.validate_on_submit():
        with saving(form):
            processes.open_process(office, form.facts)
            return _saved(gettext("Process added. Audits can cover it now."))
    return render_template("offices/process.html", form=form, process=None)


@bp.route("/u/<slug>/procesy/<key>/zmien", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=offices.process_by_key)
def change_process(process: Process) -> ResponseReturnValue:
    """Correct a process, or give it to another owner."""
    form = _form(g.office, clock.today(), process)
    if request.method == "GET":
        form.version.data = process.version
    if form.validate_on_submit():
        with saving(form, process):
            processes.change_process(process, form.facts)
            return _saved(gettext("Saved."))
    return render_template("offices/process.html", form=form, process=process)


@bp.route("/u/<slug>/procesy/<key>/zamknij", methods=["GET", "POST"])
@guard(Can.MANAGE_PEOPLE, load=offices.process_by_key)
def close_process(process: Process) -> ResponseReturnValue:
    """Let a process end."""
    form = CloseProcessForm()
    if request.method == "GET":
        form.version.data = process.version
    if form.validate_on_submit():
        with saving(form, process):
            processes.close_process(process, on=form.closed_on.data, reason=form.reason.data or "")
            return _saved(gettext("The process is closed. Its audits stay."))
    return render_template("offices/close_process.html", form=form, process=process)


def _saved(message: str) -> Response:
    flash(message, "success")
    return lead_to(url_for("offices.index", slug=g.office.slug))
