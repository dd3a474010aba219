"""What is typed before an audit: a list of the office, what an audit's own is built of, a question of the team."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.widgets import CheckboxInput

from qms.audits.models import Audit
from qms.checklists.models import AuditQuestion, ListIssue, QuestionList
from qms.checklists.service import Chosen, Content, Row
from qms.checklists.words import question_text
from qms.core.forms import CHOOSE, CheckboxesField, Form, LineField, TextField, needed, optional
from qms.core.i18n import language
from qms.findings.fields import chosen_id
from qms.offices.models import Process
from qms.requirements import queries as requirements
from qms.requirements.words import clause_label
from qms.standards import queries as standards

FIRST_ROWS = 5
MORE_ROWS = 5
MOST_ROWS = 100


class QuestionRow(PlainForm):
    """One question of a list."""

    text = TextField(_("Question"), validators=[optional()], limit=1000)
    number = LineField(
        _("Clause"), validators=[optional()], limit=12, description=_("Its number in the standard, for example 7.5.3.")
    )
    hint = TextField(
        _("Where to look"),
        validators=[optional()],
        limit=1000,
        description=_("For example: the notice board, the form at the counter."),
    )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not any(field.data or field.errors for field in self)

    def lacks(self, numbers: Collection[str]) -> None:
        """Say at its field what a row that was begun lacks."""
        if not self.text.data and not self.text.errors:
            self.text.errors = [gettext("Write the question.")]
        if not self.number.data and not self.number.errors:
            self.number.errors = [gettext("Enter the number of the clause the question is about.")]
        elif self.number.data and self.number.data not in numbers:
            self.number.errors = [gettext("This edition has no such requirement to audit against. Check the number.")]


class ListForm(Form):
    """A list of the office's own questions."""

    name = LineField(
        _("Name of the list"),
        limit=200,
        validators=[needed(_("Enter a name, for example: Issuing decisions."))],
    )
    edition_code = SelectField(
        _("Edition"), validate_choice=False, validators=[needed(_("Choose the edition of the clauses."))]
    )
    process_ids = CheckboxesField(
        _("Processes it is about"),
        [optional()],
        description=_("An audit of such a process is offered these questions, whatever its clauses."),
    )
    rows = FieldList(FormField(QuestionRow), min_entries=FIRST_ROWS, max_entries=MOST_ROWS)

    def offer(self, processes: Sequence[Process]) -> None:
        """Fill the editions and the processes of the office in; without any there is no such field."""
        if self.edition_code:
            self.edition_code.choices = [SelectChoice(each.code, f"ISO {each.code}") for each in standards.editions()]
        self.process_ids.choices = [SelectChoice(each.id, f"{each.symbol} {each.name}") for each in processes]
        if not processes:
            del self.process_ids

    def add_rows(self) -> None:
        """Blank rows after those that were typed."""
        for _place in range(min(MORE_ROWS, MOST_ROWS - len(self.rows))):
            self.rows.append_entry()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Point at rows that were begun and lack something, and at a list without any."""
        is_valid = bool(super().validate(extra_validators))
        numbers = {clause.number for clause in standards.auditable(self.edition)}
        begun = [row.form for row in self.rows if not row.form.is_blank]
        for row in begun:
            row.lacks(numbers)
        if not begun:
            self.rows[0].form.text.errors = [gettext("Write at least one question, with its clause.")]
        return is_valid and bool(begun) and not any(row.errors for row in begun)

    @property
    def edition(self) -> str:
        """The edition whose clauses the rows name."""
        return str(self.edition_code.data or "")

    @property
    def content(self) -> Content:
        """What was typed, as the service takes it."""
        rows = (row.form for row in self.rows if not row.form.is_blank)
        return Content(
            self.name.data or "",
            [Row(number=row.number.data, text=row.text.data, hint=row.hint.data or "") for row in rows],
            frozenset(self.data.get("process_ids") or ()),
        )


class ChangeListForm(ListForm):
    """The same for a list that is there; its edition stays."""

    edition_code = None

    def __init__(self, changed: QuestionList, issue: ListIssue) -> None:
        self._edition = changed.edition_code
        rows = [{"text": each.text, "number": each.clause.number, "hint": each.hint} for each in issue.questions]
        super().__init__(obj=changed, data={"rows": rows, "process_ids": sorted(changed.process_ids)})

    @property
    def edition(self) -> str:
        return self._edition


def _processes_of(of: QuestionList) -> str:
    names = ", ".join(each.process.name for each in of.processes)
    return str(gettext("About processes: %(names)s", names=names))


class BuildForm(Form):
    """What the questions of an audit are taken from."""

    with_clauses = BooleanField(
        _("Questions about the clauses of this audit"),
        description=_("One for each clause, in each unit."),
    )
    with_earlier = BooleanField(
        _("The last findings of the units"),
        description=_("Each is asked about again, so that you see whether it came back."),
    )
    lists = SelectMultipleField(
        _("Lists of the office"), validate_choice=False, option_widget=CheckboxInput(), validators=[optional()]
    )

    def offer(self, lists: Sequence[QuestionList]) -> None:
        """Fill the lists in; without any there is no such field."""
        self.lists.choices = [SelectChoice(each.key, each.name) for each in lists]
        self.hints = {each.key: _processes_of(each) for each in lists if each.processes}
        if not lists:
            del self.lists

    @property
    def chosen(self) -> Chosen:
        """What was ticked, as the service takes it."""
        return Chosen(
            with_clauses=self.with_clauses.data,
            with_earlier=self.with_earlier.data,
            list_keys=frozenset(self.data.get("lists") or ()),
        )


class LostDeviceForm(Form):
    """From which device nothing is to come, and how that is known."""

    device = RadioField(
        _("Which device?"), coerce=str, validators=[needed(_("Choose the device from which nothing is to come."))]
    )
    note = TextField(
        _("What happened to it"),
        validators=[needed(_("Write how you know that nothing waits on it."))],
        description=_("For example: it was lost, and its answers were given again on another one."),
        limit=1000,
    )


class OwnQuestionForm(Form):
    """A question the team thought of."""

    text = TextField(_("Question"), limit=1000, validators=[needed(_("Write the question."))])
    hint = TextField(_("Where to look"), limit=1000, validators=[optional()])
    clause_id = SelectField(
        _("Clause"),
        coerce=chosen_id,
        validate_choice=False,
        validators=[needed(_("Choose the clause the question is about."))],
    )
    department_id = SelectField(
        _("Department"), coerce=chosen_id, validate_choice=False, validators=[needed(_("Choose the unit."))]
    )

    def offer(self, audit: Audit) -> None:
        """Fill in the units and clauses of the audit, then the other clauses of its edition."""
        units = sorted((part.department for part in audit.departments), key=lambda unit: unit.sort_key)
        nothing = SelectChoice("", str(CHOOSE))
        self.department_id.choices = [nothing] if len(units) > 1 else []
        self.department_id.choices += [SelectChoice(str(unit.id), unit.name) for unit in units]
        audited = {part.clause_id for part in audit.clauses}
        clauses = sorted(standards.auditable(audit.edition_code), key=lambda each: each.id not in audited)
        excluded = requirements.excluded(audit.office_id, audit.edition_code, audit.starts_on)
        self.clause_id.choices = [nothing] + [
            SelectChoice(str(each.id), clause_label(each, language(), excluded)) for each in clauses
        ]


class TakeOffForm(Form):
    """Questions that are not wanted on the list."""

    removed = SelectMultipleField(
        _("Questions"),
        validate_choice=False,
        option_widget=CheckboxInput(),
        validators=[needed(_("Tick at least one question to take off the list."))],
    )

    def offer(self, questions: Sequence[AuditQuestion]) -> None:
        """Fill in the questions that can be taken off."""
        self.removed.choices = [
            SelectChoice(each.key, f"{each.number} {question_text(each, language())}") for each in questions
        ]
