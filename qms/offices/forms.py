"""What is typed about an office: its departments, limits, settings, exclusions and days off."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField

from qms.core import i18n
from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, needed, optional
from qms.domain import editions
from qms.domain.independence import LONGEST_MEMORY
from qms.offices.models import Department
from qms.offices.service import Settings
from qms.standards import queries as standards
from qms.standards.models import Clause, Edition
from qms.standards.words import clause_title


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

    @property
    def settings(self) -> Settings:
        """What was typed, once the form is valid."""
        return Settings(**{each.name: self[each.name].data for each in fields(Settings)})


class ExclusionForm(Form):
    """A requirement that cannot apply to the office, and why."""

    clause = SelectField(
        _l("Clause"),
        description=_l(
            "By the edition of 2008 only requirements of chapter 7 can be left out. "
            "A clause is left out with everything under it."
        ),
        validators=[needed(_l("Choose the clause that cannot apply to the office."))],
    )
    justification = TextField(
        _l("Justification"),
        limit=2000,
        description=_l("Why the requirement cannot apply, as in the quality manual. For example: nothing is designed."),
        validators=[needed(_l("Write why this requirement cannot apply to the office."))],
    )
    valid_from = DateField(
        _l("First day without it"),
        description=_l("Audits from this day on leave the clause out."),
        validators=[needed(_l("Enter the first day."))],
    )

    def __init__(self, today: date) -> None:
        super().__init__(data={"valid_from": today})
        self.clauses: dict[str, Clause] = {}
        self.clause.choices = [SelectChoice("", CHOOSE)]
        for edition in standards.editions():
            self.clause.choices += self._offered(edition)

    def _offered(self, edition: Edition) -> Iterator[SelectChoice]:
        """What the edition lets an office leave out, under the titles of its chapters."""
        listed = standards.clauses(edition.code)
        chapters = {each.number: each.title(i18n.language()) for each in listed}
        for each in listed:
            if editions.may_be_excluded(edition.rules, each.number):
                chapter = each.number.partition(".")[0]
                title = clause_title(each, i18n.language())
                self.clauses[str(each.id)] = each
                group = f"ISO {edition.code}, {chapter} {chapters.get(chapter, '')}".strip()
                yield SelectChoice(str(each.id), f"{each.number} {title}".strip(), optgroup=group)


class EndExclusionForm(Form):
    """Since when the clause applies again, and why."""

    valid_until = DateField(
        _l("Last day without it"),
        description=_l("From the next day on audits can cover the clause again."),
        validators=[needed(_l("Enter the last day of the exclusion."))],
    )
    reason = TextField(
        _l("Reason"),
        limit=500,
        description=_l("For example: the office designs a new service."),
        validators=[needed(_l("Write why the clause applies again. The trail keeps it."))],
    )


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
