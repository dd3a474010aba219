"""The filters of the register of actions."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Form as PlainForm
from wtforms import SelectChoice, SelectField

from qms.core.forms import optional
from qms.core.i18n import said
from qms.domain.errors import N_
from qms.offices.models import Department

UNDONE: Final = ""
# Names in addresses.
STATES: Final = {"wykonane": N_("Already done"), "wszystkie": N_("Not done and done")}
DAYS_AHEAD: Final = {"po-terminie": -1, "dzis": 0, "tydzien": 7, "miesiac": 30}
TERMS: Final = {
    "po-terminie": N_("Overdue"),
    "dzis": N_("Overdue or due today"),
    "tydzien": N_("Due within 7 days"),
    "miesiac": N_("Due within 30 days"),
}


class ActionFiltersForm(PlainForm):
    """The filters; their names are those of the address."""

    stan = SelectField(_("State"), validate_choice=False, validators=[optional()])
    termin = SelectField(_("Due"), validate_choice=False, validators=[optional()])
    komorka = SelectField(_("Department"), validate_choice=False, validators=[optional()])
    osoba = SelectField(_("Person"), validate_choice=False, validators=[optional()])

    def offer(self, units: Sequence[Department], owners: Sequence[tuple[str, str, int]]) -> None:
        """Fill the choices in."""
        everything = SelectChoice("", gettext("All"))
        self.stan.choices = [SelectChoice(UNDONE, gettext("Not done yet")), *_choices(STATES)]
        self.termin.choices = [SelectChoice("", gettext("Any day")), *_choices(TERMS)]
        self.komorka.choices = [everything, *(SelectChoice(unit.key, unit.name) for unit in units)]
        self.osoba.choices = [everything, *(SelectChoice(key, name) for key, name, _id in owners)]


def _choices(texts: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(name, said(text)) for name, text in texts.items()]


def due_by(term: str, today: date) -> date | None:
    """The last day that a term means; none for any day."""
    return today + timedelta(days=DAYS_AHEAD[term]) if term in DAYS_AHEAD else None
