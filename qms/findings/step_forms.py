"""What is typed for each later step of a case. Whether the step may be taken is the service's question."""

from collections.abc import Collection
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from qms.core.forms import DateField, Form, TextField, needed, optional
from qms.domain.deadlines import Kind
from qms.domain.findings import Step
from qms.findings.fields import FilesForm, GoesWith, chosen_id, nothing_chosen
from qms.findings.models import Action, Finding
from qms.findings.waiting import is_review_agreed, undone_actions
from qms.people.models import Person


class DoneForm(FilesForm):
    """That an action was done; the rule looks for a note or a file at `evidence`."""

    done_on = DateField(
        _("When it was done"),
        validators=[needed(_("Enter the day the action was done."))],
        description=_("For example 27.3.2027. It may be a few days ago."),
    )
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
        coerce=chosen_id,
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
        if finding.is_light or not is_review_agreed(finding):
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


class HandOverForm(Form):
    """Who answers instead."""

    colleague = SelectField(
        _("Who will answer"),
        coerce=chosen_id,
        validate_choice=False,
        validators=[needed(_("Choose who will answer."))],
        description=_("This person gets a letter with a link of their own. What is written so far stays."),
    )

    def offer(self, colleagues: Collection[Person]) -> None:
        """Fill the people in."""
        found = [SelectChoice(str(person.id), person.name) for person in colleagues]
        self.colleague.choices = [nothing_chosen(), *found]


class RemindForm(Form):
    """A few words to go with a reminder."""

    note = TextField(
        _("Your words"),
        validators=[optional()],
        description=_("The letter says by itself what is waited for and until when."),
        limit=1000,
    )


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


class SeveralForm(Form):
    """What is done with several actions; `seen` is how they stood when the page was shown."""

    seen = HiddenField(default="")


class MoveAllForm(SeveralForm, ReasonForm):
    """A later day for several actions."""

    new_due_on = DateField(_("New day"), validators=[needed(_("Enter the new day."))])


class RemindAllForm(SeveralForm, RemindForm):
    """A few words to go with several reminders."""


class ReassignForm(ReasonForm):
    """Who does an action instead."""

    doer = SelectField(
        _("Who will do it"),
        coerce=chosen_id,
        validate_choice=False,
        validators=[needed(_("Choose who will do it."))],
        description=_("This person gets a letter. Whoever did it until now gets one too."),
    )

    def offer(self, people: Collection[Person]) -> None:
        """Fill the people in."""
        found = [SelectChoice(str(person.id), person.name) for person in people]
        self.doer.choices = [nothing_chosen(), *found]


class ReassignAllForm(SeveralForm, ReassignForm):
    """Who does several actions instead."""


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
