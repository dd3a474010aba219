"""What the team of an audit saw of open cases of earlier ones: a row a case."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField, Label, RadioField, SelectChoice
from wtforms import Form as PlainForm

from qms.core.forms import Form, TextField, optional
from qms.core.i18n import said
from qms.domain.errors import RuleViolation
from qms.domain.following import Seen
from qms.findings import words
from qms.findings.earlier import Look
from qms.findings.models import Finding

_LONGEST_NOTE = 2000


class LookRow(PlainForm):
    """One case; left empty where nobody looked at it."""

    case = HiddenField()
    seen = RadioField(_("What you saw"), validate_choice=False, validators=[optional()])
    note = TextField(_("What shows it"), validators=[optional()], limit=_LONGEST_NOTE)

    @property
    def is_blank(self) -> bool:
        return not (self.seen.data or self.note.data)


class LooksForm(Form):
    """The open cases of a page."""

    looks = FieldList(FormField(LookRow))

    def __init__(self, cases: Sequence[Finding]) -> None:
        self._cases = {each.key: each for each in cases}
        super().__init__(data={"looks": [{"case": each.key} for each in cases]})
        if not self.looks.entries:  # sent without any row
            for each in cases:
                self.looks.append_entry({"case": each.key})
        choices = [SelectChoice(each.value, said(words.SEEN[each])) for each in Seen]
        for row in self.rows:
            row.seen.choices = choices
            case = self.case_of(row)
            row.seen.label = Label(
                row.seen.id, gettext("What you saw of %(number)s", number=case.number if case else "")
            )

    @property
    def rows(self) -> list[LookRow]:
        return [entry.form for entry in self.looks]

    def case_of(self, row: LookRow) -> Finding | None:
        return self._cases.get(row.case.data or "")

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Point at words without an answer."""
        is_valid = bool(super().validate(extra_validators))
        for row in self.rows:
            if row.seen.data not in set(Seen) and not row.is_blank:
                row.seen.errors = [gettext("Choose what you saw, so that your words are not lost.")]
                is_valid = False
        return is_valid

    @property
    def given(self) -> list[Look]:
        """What was said, of cases that are still on the page."""
        rows = [(row, self.case_of(row)) for row in self.rows if not row.is_blank]
        return [Look(case.id, Seen(row.seen.data), row.note.data or "") for row, case in rows if case is not None]

    def refuse(self, error: RuleViolation) -> None:
        """Put what a rule said at the row it was about."""
        cases = [(row, self.case_of(row)) for row in self.rows]
        place = next((row for row, case in cases if case and case.id == error.params.get("row")), None)
        if place is None:
            super().refuse(error)
            return
        field = place.note if error.field == "note" else place.seen
        field.errors = [*field.errors, said(error)]
