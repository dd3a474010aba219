"""What people type about findings. Whether a step may be taken is the service's question."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.widgets import CheckboxInput

from qms.audits.models import Audit
from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, given_files, needed, optional, upload_hint
from qms.core.i18n import language, said
from qms.domain import editions
from qms.domain.deadlines import Kind
from qms.domain.errors import RuleViolation
from qms.domain.findings import Category, Step
from qms.findings import words
from qms.findings.models import Action, Evidence, Finding
from qms.findings.service import Answer, Planned, Upload, Written
from qms.findings.waiting import is_review_agreed, undone_actions
from qms.offices import queries as offices
from qms.offices.models import Department
from qms.people.models import Person
from qms.standards import queries as standards
from qms.standards.models import Clause

ACTION_ROWS = 4


def _number(typed: Any) -> int | None:  # noqa: ANN401 - what the browser sent, or the value to show
    """The id that was chosen; none for anything else, which the service then refuses in words."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("2147483647") else None


def uploads() -> list[Upload]:
    """The files of this request."""
    return [Upload(file.filename or "", file.stream) for file in given_files()]


class GoesWith:
    """What is filled in here belongs to some answers of another field; with any other it would be lost unseen."""

    def __init__(self, other: str, *answers: str, message: Any) -> None:  # noqa: ANN401 - a lazy string
        self.other, self.answers, self.message = other, answers, message

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse rather than drop it."""
        chosen = form[self.other].data
        if field.data and chosen and chosen not in self.answers:
            raise ValidationError(str(self.message))


class FilesForm(Form):
    """Files to keep as evidence."""

    files = MultipleFileField(_("Files"), validators=[optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files.description = upload_hint()
        self.refused_files: list[str] = []

    def refuse(self, error: RuleViolation) -> None:
        """Keep the names of files that cannot be added."""
        self.refused_files = list(error.params.get("refused", ()))  # type: ignore[call-overload] # names
        super().refuse(error)

    @property
    def lost_files(self) -> list[str]:
        """The names of files that came with a form that is shown again, and could come again."""
        return [upload.name for upload in uploads() if upload.name not in self.refused_files]


class FindingForm(FilesForm):
    """A finding as the team writes it."""

    clause_id = SelectField(
        _("Clause"),
        coerce=_number,
        validate_choice=False,
        validators=[needed(_("Choose the clause the finding is about."))],
        description=_("The exact requirement. The clauses of this audit come first."),
    )
    department_id = SelectField(
        _("Department"), coerce=_number, validate_choice=False, validators=[needed(_("Choose the unit."))]
    )
    category = RadioField(
        _("Kind of finding"),
        validate_choice=False,
        validators=[needed(_("Choose what kind of finding it is."))],
    )
    requirement = TextField(
        _("Requirement"),
        validators=[optional()],
        description=_("What should be so, and where it is written. In your own words."),
    )
    evidence = TextField(
        _("Evidence"),
        validators=[optional()],
        description=_("What you saw or read: which document, which place, which day."),
    )
    statement = TextField(
        _("Statement"),
        validators=[needed(_("Write what was found."))],
        description=_("What is wrong or worth noting, in one or two sentences."),
    )

    def offer(self, audit: Audit, categories: Sequence[Category]) -> None:
        """Fill the choices in for an audit."""
        units = sorted((part.department for part in audit.departments), key=lambda unit: unit.sort_key)
        self.department_id.choices = [_nothing()] if len(units) > 1 else []
        self.department_id.choices += [SelectChoice(str(unit.id), unit.name) for unit in units]
        self.category.choices = [SelectChoice(each.value, said(words.CATEGORIES[each])) for each in categories]
        self.clause_id.choices = _clause_choices(audit)

    @property
    def written(self) -> Written:
        """What was typed, as the service takes it."""
        return Written(
            clause_id=self.clause_id.data,
            department_id=self.department_id.data,
            category=self.category.data or "",
            requirement=self.requirement.data or "",
            evidence=self.evidence.data or "",
            statement=self.statement.data or "",
        )


class DraftForm(FindingForm):
    """A draft that is rewritten; files added to it before can be taken off."""

    removed_files = SelectMultipleField(
        _("Files to remove"),
        coerce=_number,
        validate_choice=False,
        option_widget=CheckboxInput(),
        validators=[optional()],
        description=_("Tick a file that does not belong here. It is removed when you save."),
    )

    def offer_files(self, files: Sequence[Evidence]) -> None:
        """Fill the files of the draft in; without any there is no such field."""
        self.removed_files.choices = [SelectChoice(str(each.id), each.file.name) for each in files]
        if not files:
            del self.removed_files

    @property
    def chosen_files(self) -> Collection[int | None]:
        """The ids of the files to remove."""
        return self.data.get("removed_files") or ()


def _clause_choices(audit: Audit) -> list[SelectChoice]:
    """The clauses of the audit, then the others of its edition; those the office does not apply are left out."""
    chosen = {part.clause_id for part in audit.clauses}
    excluded = offices.excluded_numbers(audit.office_id, audit.edition_code, audit.starts_on)
    applied = [
        clause
        for clause in standards.auditable(audit.edition_code)
        if not editions.is_excluded(clause.number, excluded)
    ]
    ours, others = gettext("Clauses of this audit"), gettext("Other clauses of the edition")
    return [
        _nothing(),
        *(_clause_choice(clause, ours) for clause in applied if clause.id in chosen),
        *(_clause_choice(clause, others) for clause in applied if clause.id not in chosen),
    ]


def _clause_choice(clause: Clause, group: str) -> SelectChoice:
    return SelectChoice(str(clause.id), f"{clause.number} {clause.title(language())}".strip(), optgroup=group)


def _nothing() -> SelectChoice:
    return SelectChoice("", str(CHOOSE))


class ReportForm(Form):
    """The report of an audit."""

    conclusion = TextField(
        _("Conclusion of the audit"),
        validators=[optional()],
        description=_("How far the requirements are met, and what the office should do next."),
    )


class ActionRow(PlainForm):
    """One corrective action of an answer."""

    description = TextField(_("What you will change"), validators=[optional()], limit=2000)
    due_on = DateField(_("By when"), validators=[optional()], description=_("For example 27.3.2027"))
    owner = SelectField(_("Who will do it"), coerce=_number, validate_choice=False, validators=[optional()])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Point at a row that has a day and says nothing."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and self.due_on.data and not self.description.data:
            self.description.errors = [gettext("Write what you will change.")]
            return False
        return is_valid

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row; the person is chosen beforehand."""
        return not self.description.data and not self.due_on.data and not self.due_on.errors

    @property
    def owner_name(self) -> str:
        """Who was chosen."""
        return next((each.label for each in self.owner.iter_choices() if each.selected), "")


class AnswerForm(Form):
    """The answer to a nonconformity; a draft of it may lack anything."""

    correction = TextField(
        _("What was put right at once"),
        validators=[optional()],
        description=_("For example: the expired authorisations were renewed."),
    )
    no_correction_reason = TextField(
        _("If nothing could be put right at once, why"), validators=[optional()], limit=2000
    )
    cause = TextField(
        _("Why it happened"),
        validators=[optional()],
        description=_("Write about rules and tools, not about people."),
    )
    actions = FieldList(FormField(ActionRow), min_entries=ACTION_ROWS, max_entries=ACTION_ROWS)

    def offer(self, people: Sequence[Person], *, default_id: int) -> None:
        """Fill the people of the office in; whoever answers does the action unless they choose another."""
        choices = [SelectChoice(str(person.id), person.name) for person in people]
        for row in self.actions:
            row.form.owner.choices = choices
            if row.form.owner.data is None:
                row.form.owner.data = default_id

    @property
    def answer(self) -> Answer:
        """What was typed, as the service takes it."""
        return Answer(
            correction=self.correction.data or "",
            no_correction_reason=self.no_correction_reason.data or "",
            cause=self.cause.data or "",
            actions=tuple(
                Planned(row.form.description.data or "", row.form.owner.data, row.form.due_on.data)
                for row in self.actions
                if not row.form.is_blank
            ),
        )


def typed_before(finding: Finding) -> dict[str, Any]:
    """What an answer form opens with: the draft, or what was sent and returned."""
    round_ = finding.rounds[-1]
    rows: list[dict[str, Any]] = [
        {"description": action.description, "owner": action.owner_id, "due_on": action.due_on}
        for action in finding.current_actions
    ]
    if round_.draft_actions:
        rows = [
            {"description": row["description"], "owner": row["owner_id"], "due_on": _day(row["due_on"])}
            for row in round_.draft_actions
        ]
    return {
        "correction": round_.correction,
        "no_correction_reason": round_.no_correction_reason,
        "cause": round_.cause,
        "actions": rows,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class DecisionForm(Form):
    """The proxy's decision on an answer."""

    decision = RadioField(
        _("Your decision"),
        choices=[SelectChoice("accept", _("Accept plan")), SelectChoice("return", _("Return for completion"))],
        validators=[needed(_("Choose whether you accept the plan or return it."))],
    )
    reason = TextField(
        _("What is missing"),
        validators=[
            optional(),
            GoesWith("decision", "return", message=_("Choose “Return for completion”, or clear this text.")),
        ],
        limit=2000,
        description=_("Only when you return the answer."),
    )
    answer_due_on = DateField(
        _("New day for the answer"), validators=[optional()], description=_("Only when you return the answer.")
    )


class DoneForm(FilesForm):
    """That an action was done; the rule looks for a note or a file at `evidence`."""

    evidence = TextField(
        _("What was done"),
        validators=[optional()],
        description=_("Write it, or add a file that shows it."),
        limit=5000,
    )


class EvidenceForm(FilesForm):
    """Further files of a case."""


class VerificationForm(Form):
    """Whether the work was done."""

    outcome = RadioField(
        _("Was the work done?"),
        choices=[SelectChoice("done", _("Yes, it was done")), SelectChoice("undone", _("No, send it back"))],
        validators=[needed(_("Choose whether the work was done."))],
    )
    note = TextField(
        _("What you looked at"),
        validators=[optional()],
        description=_("For example: the register with its entries of this month."),
        limit=5000,
    )
    review_on = DateField(
        _("Day agreed for the effectiveness review"),
        validators=[
            optional(),
            GoesWith("outcome", "done", message=_("Choose “Yes, it was done”, or clear this field.")),
        ],
        description=_("Your office agrees on this day in each case. On it somebody judges whether the actions helped."),
    )
    undone = SelectMultipleField(
        _("Which actions are not done"),
        coerce=_number,
        validate_choice=False,
        option_widget=CheckboxInput(),
        validators=[
            optional(),
            GoesWith("outcome", "undone", message=_("Choose “No, send it back”, or untick these actions.")),
        ],
        description=_("Only when you send the work back."),
    )
    reason = TextField(
        _("Why they are not done"),
        validators=[
            optional(),
            GoesWith("outcome", "undone", message=_("Choose “No, send it back”, or clear this text.")),
        ],
        limit=2000,
        description=_("Only when you send the work back."),
    )

    def offer(self, finding: Finding) -> None:
        """Fill the actions of this round in; the day is asked for only where the office agrees on it."""
        self.undone.choices = [SelectChoice(str(action.id), action.description) for action in finding.current_actions]
        if not is_review_agreed(finding):
            del self.review_on

    @property
    def review_day(self) -> date | None:
        """The day that was agreed for the review, if it was asked for."""
        day: date | None = self.review_on.data if "review_on" in self else None
        return day

    @property
    def undone_ids(self) -> set[int]:
        """The actions that were ticked."""
        return {chosen for chosen in self.undone.data or [] if chosen is not None}


_TOO_EARLY = _("Choose “Too early to tell”, or clear this field.")


class EffectForm(Form):
    """Whether the actions helped."""

    outcome = RadioField(
        _("Was the action effective?"),
        choices=[
            SelectChoice("yes", _("Yes")),
            SelectChoice("no", _("No")),
            SelectChoice("later", _("Too early to tell")),
        ],
        validators=[needed(_("Choose whether the action was effective."))],
    )
    how_shown = TextField(
        _("What you checked and what it showed"),
        validators=[
            optional(),
            GoesWith("outcome", "yes", "no", message=_("Choose “Yes” or “No”, or clear this text.")),
        ],
        description=_("When you answer yes or no."),
        limit=5000,
    )
    new_due_on = DateField(
        _("When to look again"),
        validators=[optional(), GoesWith("outcome", "later", message=_TOO_EARLY)],
        description=_("Only when it is too early to tell."),
    )
    reason = TextField(
        _("Why it is too early"),
        validators=[optional(), GoesWith("outcome", "later", message=_TOO_EARLY)],
        limit=2000,
        description=_("Only when it is too early to tell."),
    )

    def offer(self, steps: Collection[Step]) -> None:
        """Leave the answers out that are not possible yet; one that came all the same is answered by the rule."""
        possible = {"yes": Step.JUDGE_EFFECTIVE, "no": Step.JUDGE_INEFFECTIVE, "later": Step.POSTPONE}
        self.outcome.choices = [
            choice
            for choice in self.outcome.choices
            if possible[choice.value] in steps or choice.value == self.outcome.data
        ]


class ReasonForm(Form):
    """A step that is explained to whoever reads the case later."""

    reason = TextField(_("Reason"), validators=[needed(_("Write the reason. It stays with the case."))], limit=2000)


class RejectForm(ReasonForm):
    """Taking a finding out that does not stand."""

    lead_consent = BooleanField(_("The lead auditor agrees"))


class MoveForm(ReasonForm):
    """A later day."""

    what = RadioField(_("Which day"), validate_choice=False, validators=[needed(_("Choose which day to move."))])
    new_due_on = DateField(_("New day"), validators=[needed(_("Enter the new day."))])

    def offer(self, finding: Finding) -> None:
        """Fill the days in that can be moved now."""
        days = movable_days(finding)
        self.what.choices = [SelectChoice(name, label) for name, label in days.items()]
        if len(days) == 1 and not self.what.data:
            self.what.data = next(iter(days))


def movable_days(finding: Finding) -> dict[str, str]:
    """What can be given another day: the answer, the actions not done, or the effectiveness review."""
    if finding.waits_for == Kind.ANSWER:
        return {"answer": gettext("The answer of the unit")}
    if finding.waits_for == Kind.EFFECTIVENESS:
        return {"review": gettext("The effectiveness review")}
    if finding.waits_for != Kind.ACTION:
        return {}
    return {action.key: action.description for action in undone_actions(finding)}


def chosen_action(finding: Finding, key: str) -> Action | None:
    """The action a day is moved of."""
    return next((action for action in finding.current_actions if action.key == key), None)


class FiltersForm(PlainForm):
    """The filters of the register; their names are those of the address."""

    rok = SelectField(_("Year"), validate_choice=False, validators=[optional()])
    stan = SelectField(_("Stage"), validate_choice=False, validators=[optional()])
    rodzaj = SelectField(_("Kind"), validate_choice=False, validators=[optional()])
    komorka = SelectField(_("Department"), validate_choice=False, validators=[optional()])
    po_terminie = BooleanField(_("Overdue only"))
    q = LineField(_("Number or words"), validators=[optional()], limit=200)

    def offer(self, years: Collection[int], units: Sequence[Department]) -> None:
        """Fill the choices in."""
        everything = SelectChoice("", gettext("All"))
        stages = {name: words.STAGES[stage] for name, stage in words.STAGES_BY_NAME.items()}
        self.rok.choices = [everything, *(SelectChoice(str(year)) for year in years)]
        self.stan.choices = [everything, SelectChoice(words.OPEN, said(words.OPEN_CASES))]
        self.stan.choices += [SelectChoice(name, said(text)) for name, text in stages.items()]
        self.rodzaj.choices = [everything, *(SelectChoice(name, said(text)) for name, text in words.GROUPS.items())]
        self.komorka.choices = [everything, *(SelectChoice(unit.key, unit.name) for unit in units)]
