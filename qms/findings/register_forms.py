"""The filters of the register."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, SelectChoice, SelectField
from wtforms import Form as PlainForm
from wtforms.widgets import HiddenInput

from qms.core.forms import DateField, LineField, optional
from qms.core.i18n import said
from qms.domain import editions
from qms.domain.figures import AGES, Age, Days
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
    wiek = SelectField(_("Open for"), validate_choice=False, validators=[optional()])
    po_terminie = BooleanField(_("Overdue only"))
    q = LineField(_("Number or words"), validators=[optional()], limit=200)
    # What only links of the numbers set: shown as a filter in use, and kept while others are changed.
    odpowiada = HiddenField()
    rozdzial = HiddenField()
    od = DateField(widget=HiddenInput())
    do = DateField(widget=HiddenInput())

    @property
    def kept(self) -> list[Field]:
        """The filters that no field of the page shows, those in use."""
        return [field for field in (self.odpowiada, self.rozdzial, self.od, self.do) if field.data]

    @property
    def reported(self) -> Days:
        """Between which days the findings were reported."""
        return self.od.data, self.do.data

    @property
    def chapter(self) -> str | None:
        """The code of a chapter; empty for findings without a clause."""
        asked = self.rozdzial.data or ""
        return asked if editions.is_chapter_code(asked) else "" if asked == words.NO_CLAUSE else None

    @property
    def age(self) -> Age | None:
        """For how long the cases have been open."""
        return next((age for age in AGES if age.name == self.wiek.data), None)

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
        self.wiek.choices = [everything, *(SelectChoice(age.name, words.age(age)) for age in AGES)]
