"""What is typed about an office: its departments, limits, settings, exclusions and days off."""

from collections.abc import Sequence
from dataclasses import fields

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField

from qms.core.forms import DateField, Form, LineField, TextField, needed, optional
from qms.domain.independence import LONGEST_MEMORY
from qms.offices.models import Department
from qms.offices.service import Settings


class DepartmentForm(Form):
    """A department, whichever way the office calls it."""

    name = LineField(
        _l("Name of the department"),
        limit=200,
        validators=[needed(_l("Enter the name, as it stands in the organisational rules."))],
    )
    symbol = LineField(
        _l("Symbol"),
        limit=20,
        description=_l("As in the reference numbers of letters, for example FN."),
        validators=[needed(_l("Enter the symbol of the department."))],
    )
    parent = SelectField(_l("Part of"), validators=[optional()])

    def __init__(self, departments: Sequence[Department], department: Department | None = None) -> None:
        keys = {each.id: each.key for each in departments}
        above = keys.get(department.parent_id, "") if department and department.parent_id else ""
        super().__init__(obj=department, data={"parent": above})
        others = [each for each in departments if department is None or each.id != department.id]
        self.departments = {each.key: each for each in others}
        self.parent.choices = [
            SelectChoice("", _l("No other department")),
            *(SelectChoice(each.key, each.name) for each in others),
        ]

    @property
    def above(self) -> Department | None:
        """The department chosen as the one above."""
        return self.departments.get(self.parent.data or "")


class SettingsForm(Form):
    """How the office works."""

    audit_pattern = LineField(
        _l("Numbers of audits"),
        limit=40,
        description=_l("{n} is the running number, {n:02} the same with two digits, {yyyy} or {yy} the year."),
        validators=[needed(_l("Enter a pattern, for example A-{yyyy}-{n:02}."))],
    )
    finding_pattern = LineField(
        _l("Numbers of findings"),
        limit=40,
        description=_l("The same, and {prefix} is the letter of the kind, {unit} the symbol of the department."),
        validators=[needed(_l("Enter a pattern, for example {prefix}-{yyyy}-{n:03}."))],
    )
    shares_content = BooleanField(
        _l("Coordinators of the programme may read audits and findings"),
        description=_l("Without this they see only counts and dates of the office."),
    )
    rolls_due_days = BooleanField(
        _l("A due day that falls on a day off moves to the next working day"),
        description=_l("Only days that the office itself counts. Those of the certification body never move."),
    )
    rolls_reminders = BooleanField(
        _l("A reminder that falls on a day off is brought forward to the last working day before"),
        description=_l("Without this it keeps its day, and its letter waits for the next working day."),
    )

    remembers_months = SelectField(
        _l("How long former work of an auditor counts"),
        description=_l("Who worked in a department in that time audits it only with a written reason."),
        coerce=int,
        choices=[
            SelectChoice(0, _l("not at all")),
            *(SelectChoice(months, _l("%(num)s months", num=months)) for months in (6, 12, 18, LONGEST_MEMORY)),
        ],
    )
    warns_only = BooleanField(
        _l("Only warn when somebody would audit their own work"),
        description=_l(
            "Without this it is refused, unless the head of the office permits it. The report tells of both."
        ),
    )

    answers_signed_in = BooleanField(
        _l("Answers only after signing in"),
        description=_l(
            "Without this the letter carries a link by which its reader alone answers a finding or reports an action."
        ),
    )

    @property
    def settings(self) -> Settings:
        """What was typed, once the form is valid."""
        return Settings(**{each.name: self[each.name].data for each in fields(Settings)})


class DaysOffForm(Form):
    """A day, or a few in a row, on which the office does not work."""

    from_on = DateField(_l("Day, or the first of several"), validators=[needed(_l("Enter the day."))])
    until_on = DateField(_l("Last day"), description=_l("Leave it empty for one day."), validators=[optional()])
    note = LineField(
        _l("Name of the day"),
        limit=200,
        description=_l("Why the office is closed. For example: day off for the holiday on Saturday."),
        validators=[needed(_l("Enter a name by which people know why the office is closed."))],
    )


class RemoveDaysOffForm(Form):
    """Until which day days off become working days again, and why."""

    until_on = DateField(
        _l("Last day to remove"),
        description=_l("Enter a later day to remove several days at once."),
        validators=[needed(_l("Enter the last day to remove."))],
    )
    reason = TextField(
        _l("Reason"),
        limit=500,
        validators=[needed(_l("Write why the office works then. The trail keeps it."))],
    )
