"""The filters of the register."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectChoice, SelectField
from wtforms import Form as PlainForm

from qms.core.forms import LineField, optional
from qms.core.i18n import said
from qms.findings import words
from qms.offices.models import Department


@dataclass(frozen=True)
class Offered:
    """What of the office the register can be narrowed to; kinds and causes by their names in addresses."""

    units: Sequence[Department]
    groups: Mapping[str, str]
    causes: Mapping[str, str]


class FiltersForm(PlainForm):
    """The filters of the register; their names are those of the address."""

    rok = SelectField(_("Year"), validate_choice=False, validators=[optional()])
    stan = SelectField(_("Stage"), validate_choice=False, validators=[optional()])
    rodzaj = SelectField(_("Kind"), validate_choice=False, validators=[optional()])
    zrodlo = SelectField(_("Source"), validate_choice=False, validators=[optional()])
    przyczyna = SelectField(_("Kind of cause"), validate_choice=False, validators=[optional()])
    komorka = SelectField(_("Department"), validate_choice=False, validators=[optional()])
    po_terminie = BooleanField(_("Overdue only"))
    q = LineField(_("Number or words"), validators=[optional()], limit=200)

    def offer(self, years: Collection[int], offered: Offered) -> None:
        """Fill the choices in."""
        everything = SelectChoice("", gettext("All"))
        stages = {name: words.STAGES[stage] for name, stage in words.STAGES_BY_NAME.items()}
        self.rok.choices = [everything, *(SelectChoice(str(year)) for year in years)]
        self.stan.choices = [everything, SelectChoice(words.OPEN, said(words.OPEN_CASES))]
        self.stan.choices += [SelectChoice(name, said(text)) for name, text in stages.items()]
        self.rodzaj.choices = [everything, *(SelectChoice(name, text) for name, text in offered.groups.items())]
        sources = {name: said(words.SOURCES[source]) for name, source in words.SOURCES_BY_NAME.items()}
        self.zrodlo.choices = [everything, *(SelectChoice(name, text) for name, text in sources.items())]
        self.przyczyna.choices = [everything, *(SelectChoice(key, name) for key, name in offered.causes.items())]
        self.komorka.choices = [everything, *(SelectChoice(unit.key, unit.name) for unit in offered.units)]
