"""Forms of the timetable of an audit, and of the permit that its team may need."""

from datetime import date, time
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, TimeField
from wtforms.widgets import TextInput

from qms.audits import timetable
from qms.audits.models import Audit, AuditSlot
from qms.core.forms import DateField, Form, LineField, TextField, id_or_none, needed, optional

_HOURS = _l("Enter hours as 9:00 or 14:30.")


class HourField(TimeField):
    """An hour of the day as people type it, with a dot or a colon; a browser's own clock asks for AM and PM."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the hour, or refuse with our sentence."""
        typed = valuelist[0].strip().replace(".", ":") if valuelist else ""
        try:
            super().process_formdata([typed if ":" in typed or not typed else f"{typed}:00"])
        except ValueError as refusal:
            raise ValueError(_HOURS) from refusal


class SlotForm(Form):
    """A row of the timetable."""

    day = DateField(_l("Day"), validators=[needed(_l("Enter the day."))])
    from_time = HourField(
        _l("From"), validators=[needed(_l("Enter the hour at which it begins."))], description=_l("For example 9:00")
    )
    to_time = HourField(_l("To"), validators=[needed(_l("Enter the hour at which it ends."))])
    subject = LineField(
        _l("What"),
        limit=200,
        description=_l("For example: opening meeting, or what is looked at."),
        validators=[needed(_l("Write what happens in these hours."))],
    )
    department_id = SelectField(_l("Department"), coerce=id_or_none)
    person_id = SelectField(_l("Who of the team"), coerce=id_or_none)
    auditees = LineField(_l("People or posts to meet"), [optional()], limit=200)

    def __init__(self, audit: Audit, slot: AuditSlot | None = None) -> None:
        super().__init__(obj=slot, data=None if slot else {"day": audit.starts_on})
        parts = sorted((part.department for part in audit.departments), key=lambda each: each.sort_key)
        self.department_id.choices = [
            SelectChoice("", gettext("All departments of the audit")),
            *(SelectChoice(each.id, each.name) for each in parts),
        ]
        self.person_id.choices = [
            SelectChoice("", gettext("The whole team")),
            *(SelectChoice(member.person_id, member.person.name) for member in audit.team),
        ]

    @property
    def row(self) -> timetable.Row:
        """What was typed, once the form is valid."""
        return timetable.Row(
            day=cast("date", self.day.data),
            from_time=cast("time", self.from_time.data),
            to_time=cast("time", self.to_time.data),
            subject=self.subject.data or "",
            department_id=self.department_id.data,
            person_id=self.person_id.data,
            auditees=self.auditees.data or "",
        )


class PermitForm(Form):
    """Letting a team judge what is close to somebody of it."""

    reason = TextField(
        _l("Why you permit it"),
        [needed(_l("Write why you permit it. The report prints it."))],
        limit=2000,
        description=_l("For example: nobody else in the office knows this field."),
    )
