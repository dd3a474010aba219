"""The page on which whoever does an action divides it into parts and ticks them off."""

from collections.abc import Sequence
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField
from wtforms import Form as PlainForm

from qms.core import clock
from qms.core.access import guard
from qms.core.forms import DateField, Form, LineField, optional
from qms.core.i18n import said
from qms.core.saving import saving
from qms.domain.errors import RuleViolation
from qms.domain.parts import LONGEST, MOST_PARTS, Part, Typed
from qms.findings import queries, service
from qms.findings.models import Action
from qms.findings.pages import bp, cannot_go_on, gettext, refusal_of, to_case, to_case_instead
from qms.policy import Can

_FREE: Final = 3  # empty rows below those that are filled


class PartRow(PlainForm):
    """One part of an action."""

    what = LineField(_("What"), limit=LONGEST, validators=[optional()])
    due_on = DateField(_("By when"), validators=[optional()])
    is_done = BooleanField(_("Done"))
    left_because = LineField(_("Why it is left out"), limit=LONGEST, validators=[optional()])


class PartsForm(Form):
    """All parts of an action."""

    parts = FieldList(FormField(PartRow), max_entries=MOST_PARTS)

    def show(self, parts: Sequence[Part]) -> None:
        """Fill the rows in, with some free ones below."""
        for part in parts:
            told = {"what": part.what, "due_on": part.due_on, "left_because": part.left_because}
            self.parts.append_entry(told | {"is_done": part.done_on is not None})
        while len(self.parts) < min(MOST_PARTS, len(parts) + _FREE):
            self.parts.append_entry()

    @property
    def typed(self) -> list[Typed]:
        """What was typed, row by row."""
        rows = [row.form for row in self.parts]
        return [
            Typed(
                what=row.what.data or "",
                due_on=row.due_on.data,
                is_done=row.is_done.data,
                left_because=row.left_because.data or "",
            )
            for row in rows
        ]

    def refuse(self, error: RuleViolation) -> None:
        """Put what a rule said at the field of its row."""
        row = error.params.get("row")
        if not isinstance(row, int):
            super().refuse(error)
            return
        field = self.parts[row].form[error.field or "what"]
        field.errors = [*field.errors, said(error)]


@bp.route("/u/<slug>/dzialania/<key>/czesci", methods=["GET", "POST"])
@guard(Can.REPORT_DONE, load=queries.action_by_key)
def parts(action: Action) -> ResponseReturnValue:
    """What an action consists of, and which of it is done."""
    form, today, finding = PartsForm(), clock.today(), action.finding
    refusal = refusal_of(lambda: service.check_doable(action))
    if request.method == "GET":
        if refusal:
            return to_case_instead(finding, refusal)
        form.version.data = action.version
        form.show(action.parts)
    elif refusal:
        return cannot_go_on(finding, refusal, form)
    if form.validate_on_submit():
        with saving(form, action):
            service.divide(action, form.typed, today=today)
            return to_case(finding, gettext("Saved."))
    return render_template("findings/parts.html", form=form, action=action, finding=finding, today=today)
