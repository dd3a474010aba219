"""Pages on which somebody is noted as away."""

from collections.abc import Sequence

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField

from qms.core import clock
from qms.core.access import actor, guard
from qms.core.forms import DateField, Form, needed, optional
from qms.core.saving import lead_to, saving
from qms.people import absences, queries
from qms.people.colleagues import Colleague
from qms.people.models import Absence, Person
from qms.people.routes import bp, find_colleague
from qms.policy import Can

__all__ = ["bp"]


class AbsenceForm(Form):
    """The days, and who reads the letters."""

    from_on = DateField(_l("First day away"), validators=[needed(_l("Enter the first day."))])
    until_on = DateField(_l("Last day away"), validators=[needed(_l("Enter the last day."))])
    substitute = SelectField(
        _l("Who reads the letters"),
        description=_l("Letters go to this person and say so. The tasks themselves stay where they are."),
        validators=[optional()],
    )

    def __init__(self, colleagues: Sequence[Person]) -> None:
        super().__init__()
        self.substitute.choices = [
            SelectChoice("", _l("Nobody: the proxy or the next level gets them")),
            *(SelectChoice(each.key, each.name) for each in colleagues),
        ]


@bp.route("/u/<slug>/osoby/<key>/nieobecnosc", methods=["GET", "POST"])
@guard(Can.NOTE_ABSENCE, load=find_colleague)
def absence(colleague: Colleague) -> ResponseReturnValue:
    """Note that somebody is away; what is noted already stands above."""
    office, today = g.office, clock.today()
    others = [each for each in queries.people_of(office.id, today) if each.id != colleague.person.id]
    form = AbsenceForm(others)
    if form.validate_on_submit() and form.from_on.data and form.until_on.data:
        with saving(form):
            days = {"from_on": form.from_on.data, "until_on": form.until_on.data}
            said = {"substitute_key": form.substitute.data, "by": actor(), "today": today}
            absences.note(office, colleague.person, **days, **said)
            return _back(colleague, gettext("Saved. Letters go to the substitute in these days."))
    noted = absences.coming(office, today, colleague.person.id)
    is_own = colleague.person.id == actor().person_id
    shown = {"form": form, "colleague": colleague, "absences": [(each, _taking_off(each)) for each in noted]}
    return render_template("people/absence.html", **shown, is_own=is_own)


def _taking_off(absence: Absence) -> Form:
    form = Form()
    form.version.data = str(absence.version)
    return form


@bp.post("/u/<slug>/nieobecnosci/<key>/usun")
@guard(Can.NOTE_ABSENCE, load=absences.by_key)
def take_off_absence(absence: Absence) -> ResponseReturnValue:
    """Take an absence off."""
    form = Form()
    person = absence.person
    if form.validate_on_submit():
        with saving(form, absence):
            absences.take_off(absence)
            flash(gettext("Taken off. Letters go to the person again."), "success")
            return lead_to(_page_of(person.key))
    return lead_to(_page_of(person.key))


def _back(colleague: Colleague, message: str) -> Response:
    flash(message, "success")
    return lead_to(_page_of(colleague.key))


def _page_of(key: str) -> str:
    return url_for("people.absence", slug=g.office.slug, key=key)
