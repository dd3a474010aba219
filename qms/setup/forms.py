"""What is typed while an office is set up: its names, and tables pasted from a spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import TextAreaField

from qms.core.forms import DateField, Form, LineField, given_files, needed, optional
from qms.domain.errors import RuleViolation
from qms.domain.pasted import Fault
from qms.setup import given
from qms.setup.service import NAMES


class NamesForm(Form):
    """How the office is called, in the forms that papers and letters need."""

    name = LineField(_("Name of the office"), limit=200, validators=[needed(_("Enter the name of the office."))])
    unit = LineField(
        _("Name of the unit of government"),
        limit=200,
        description=_("For example powiat bocheński."),
        validators=[needed(_("Enter the name of the unit of government."))],
    )
    seat = LineField(_("Seat"), limit=100, validators=[needed(_("Enter the town of the office."))])
    locative = LineField(
        _("Where the office is"),
        limit=120,
        description=_("As it stands in a Polish sentence, for example w Bochni."),
        validators=[needed(_("Enter where the office is, for example w Bochni."))],
    )
    head_title = LineField(
        _("Title of the head of the office"),
        limit=60,
        description=_("For example wójt, burmistrz, starosta."),
        validators=[needed(_("Enter the title of the head of the office."))],
    )
    teryt = LineField(_("TERYT number"), limit=10, validators=[optional()])
    teryt_as_of = DateField(
        _("TERYT number as of"), description=_("The day of the register it was taken from. For example 1.1.2026.")
    )

    @property
    def told(self) -> dict[str, str | date | None]:
        """What was typed."""
        typed = {name: getattr(self, name).data for name in NAMES}
        return typed | {"teryt": typed["teryt"] or ""}


class PasteForm(Form):
    """A table, pasted or as a file; what came in a file is shown as pasted, so that it can be corrected in place."""

    pasted = TextAreaField(_("Cells copied from the spreadsheet"), validators=[optional()])
    sheet = FileField(_("Or a file"), description=_("XLSX or CSV. Its first sheet is read."), validators=[optional()])
    faults: Sequence[Fault] = ()

    def take_file(self) -> None:
        """Put what a file holds into the field. Raises `InvalidInput` for what is no spreadsheet."""
        files = given_files("sheet")
        if files:
            self.pasted.data = given.text_of(files[0].read())

    @property
    def is_saving(self) -> bool:
        """Whether the table was looked at already and is to be kept now."""
        return request.form.get("step") == "save" and not given_files("sheet")

    def refuse(self, error: RuleViolation) -> None:
        """Keep which rows were wrong."""
        faults: Any = error.params.get("faults", ())
        self.faults = faults
        super().refuse(error)


class PeopleForm(PasteForm):
    """People of a table, and since when they work there."""

    from_on = DateField(
        _("First day"),
        description=_("Since when they work there, for all rows. Today is fine if you do not know."),
        validators=[needed(_("Enter the first day."))],
    )
