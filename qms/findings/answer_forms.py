"""What a unit types as its answer, and the proxy as the decision on it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, RadioField, SelectChoice, SelectField
from wtforms import Form as PlainForm

from qms.core.forms import DateField, Form, LineField, TextField, needed, optional
from qms.core.i18n import said
from qms.domain.cause_analysis import MOST_WHYS, WHYS, WORDS, Analysis, Heading, analysed, read
from qms.findings.fields import GoesWith, chosen_id, nothing_chosen
from qms.findings.models import Finding
from qms.findings.service import Answer, Planned
from qms.findings.words import why
from qms.offices.models import CauseKind
from qms.offices.words import cause_called
from qms.people.models import Person

ACTION_ROWS = 4
_PLACES = len(Heading)


class ActionRow(PlainForm):
    """One corrective action of an answer."""

    description = TextField(_("What you will change"), validators=[optional()], limit=2000)
    due_on = DateField(_("By when"), validators=[optional()], description=_("For example 27.3.2027"))
    owner = SelectField(_("Who will do it"), coerce=chosen_id, validate_choice=False, validators=[optional()])

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


def offer_owners(rows: FieldList, people: Sequence[Person], *, default_id: int) -> None:
    """Let each of these rows of actions name one of the people."""
    choices = [SelectChoice(str(person.id), person.name) for person in people]
    for row in rows:
        row.form.owner.choices = choices
        row.form.owner.default_id = default_id
        if row.form.owner.data is None:
            row.form.owner.data = default_id


def planned(rows: FieldList) -> tuple[Planned, ...]:
    """The actions that were typed into these rows."""
    return tuple(
        Planned(row.form.description.data or "", row.form.owner.data, row.form.due_on.data)
        for row in rows
        if not row.form.is_blank
    )


def _cause_field(*checks: Any) -> SelectField:
    return SelectField(
        _("Kind of cause"),
        validate_choice=False,
        validators=[optional(), *checks],
        description=_("From the list of your office. It shows which causes come back."),
    )


def offer_causes(form: Form, kinds: Sequence[CauseKind]) -> None:
    """Fill in the causes that can be chosen, and the one that was chosen before."""
    field = form["cause_key"]
    known = (each for each in kinds if each.is_used or each.key == field.data)
    field.choices = [nothing_chosen(), *(SelectChoice(each.key, cause_called(each.cause)) for each in known)]


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
        _("Why it happened"),  # or why it could, as `name_cause` says
        validators=[optional()],
        description=_("Write about rules and tools, not about people."),
    )
    cause_key = _cause_field()
    whys = FieldList(LineField(validators=[optional()]), min_entries=WHYS, max_entries=MOST_WHYS)
    headings = FieldList(TextField(validators=[optional()], limit=2000), min_entries=_PLACES, max_entries=_PLACES)
    criterion = TextField(
        _("How the effect will be judged"),
        validators=[optional()],
        limit=2000,
        description=_(
            "What will be looked at, and when the actions count as effective. "
            "For example: ten cases of the next quarter, each of them with its day."
        ),
    )
    actions = FieldList(FormField(ActionRow), min_entries=ACTION_ROWS, max_entries=ACTION_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, short in enumerate(self.whys, start=1):
            short.label.text = gettext("Why %(number)s", number=number)
        for heading, under in zip(Heading, self.headings, strict=True):
            under.label.text = said(WORDS[heading])

    def name_cause(self, category: str) -> None:
        """Ask why it happened, or why it could where nothing has happened yet."""
        self.cause.label.text = said(why(category))

    @property
    def analysis(self) -> Analysis:
        """What was typed on the way to the cause."""
        return analysed([each.data or "" for each in self.whys], [each.data or "" for each in self.headings])

    def offer(self, people: Sequence[Person], causes: Sequence[CauseKind], *, default_id: int) -> None:
        """Fill in people and causes of the office; whoever answers does the action unless they choose another."""
        offer_causes(self, causes)
        offer_owners(self.actions, people, default_id=default_id)

    @property
    def cause_name(self) -> str:
        """Which kind of cause was chosen."""
        return next((each.label for each in self.cause_key.iter_choices() if each.selected), "")

    @property
    def answer(self) -> Answer:
        """What was typed, as the service takes it."""
        return Answer(
            correction=self.correction.data or "",
            no_correction_reason=self.no_correction_reason.data or "",
            cause=self.cause.data or "",
            analysis=self.analysis,
            cause_key=self.cause_key.data or "",
            criterion=self.criterion.data or "",
            actions=planned(self.actions),
        )


def typed_before(finding: Finding) -> dict[str, Any]:
    """What an answer form opens with: the draft, or what was sent and returned."""
    if finding.draft is not None:
        analysis = read(finding.draft.get("analysis"))
        return finding.draft | _fields_of(analysis) | {"actions": [_row_of(row) for row in finding.draft["actions"]]}
    round_ = finding.rounds[-1]
    analysis = read(round_.analysis)
    rows = [
        {"description": action.description, "owner": action.owner_id, "due_on": action.due_on}
        for action in finding.current_actions
    ]
    return {
        "correction": round_.correction,
        "no_correction_reason": round_.no_correction_reason,
        "cause": analysis.typed(round_.cause),
        **_fields_of(analysis),
        "cause_key": round_.cause_key,
        "criterion": round_.criterion,
        "actions": rows,
    }


def _fields_of(analysis: Analysis) -> dict[str, list[str]]:
    """One more line than was filled in, so that nobody has to stop at five."""
    whys = [*analysis.whys, ""][:MOST_WHYS]
    return {"whys": whys, "headings": [analysis.headings.get(each.value, "") for each in Heading]}


def _row_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    due_on = date.fromisoformat(kept["due_on"]) if kept["due_on"] else None
    return {"description": kept["description"], "owner": kept["owner_id"], "due_on": due_on}


_WITH_THE_PLAN = GoesWith("decision", "accept", message=_("Choose “Accept plan”, or leave this as you found it."))


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
    cause_key = _cause_field(_WITH_THE_PLAN)
    criterion = TextField(
        _("How the effect will be judged"),
        validators=[optional(), _WITH_THE_PLAN],
        limit=2000,
        description=_(
            "What will be looked at, and when the actions count as effective. Whoever judges the effect reads it."
        ),
    )
    answer_due_on = DateField(
        _("New day for the answer"), validators=[optional()], description=_("Only when you return the answer.")
    )

    @property
    def settled(self) -> dict[str, str]:
        """What is agreed on with the plan."""
        return {"criterion": self.criterion.data or "", "cause_key": self.cause_key.data or ""}
