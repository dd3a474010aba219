"""What is typed about a finding of which the unit only says whether it acts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, RadioField, SelectChoice

from qms.core.forms import DateField, Form, TextField, needed, optional
from qms.domain.findings import Step
from qms.findings.answer_forms import ActionRow, offer_owners, planned
from qms.findings.fields import GoesWith
from qms.findings.models import Finding
from qms.findings.service import Planned
from qms.people.models import Person

_ROWS = 3


class LightForm(Form):
    """Whether the unit acts: what it will do, or why it does not."""

    choice = RadioField(
        _("What your unit does"),
        choices=[SelectChoice("act", _("We act")), SelectChoice("leave", _("We do not act"))],
        validators=[needed(_("Choose whether your unit acts."))],
    )
    reason = TextField(
        _("Why you do not act"),
        validators=[
            optional(),
            GoesWith("choice", "leave", message=_("Choose “We do not act”, or clear this text.")),
        ],
        limit=2000,
        description=_("Only when you do not act. The proxy reads it."),
    )
    actions = FieldList(FormField(ActionRow), min_entries=_ROWS, max_entries=_ROWS)

    def offer(self, people: Sequence[Person], *, default_id: int) -> None:
        """Fill in the people; whoever answers does the action unless they choose another."""
        offer_owners(self.actions, people, default_id=default_id)

    def open_with(self, finding: Finding) -> None:
        """Show the reason that was returned."""
        self.reason.data = finding.rounds[-1].no_correction_reason

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Refuse actions beside “We do not act” rather than drop them."""
        is_valid = bool(super().validate(extra_validators))
        if self.choice.data == "leave" and self.planned:
            self.actions.errors = [gettext("Choose “We act”, or clear the actions.")]
            return False
        return is_valid

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What the unit will do."""
        return planned(self.actions)


class NoteForm(Form):
    """That somebody took note of why the unit does not act, or wants more said about it."""

    outcome = RadioField(
        _("Your decision"),
        choices=[SelectChoice("note", _("Take note and close")), SelectChoice("return", _("Return it once"))],
        validators=[needed(_("Choose whether you take note or return it."))],
    )
    note = TextField(_("Your note"), validators=[optional()], limit=2000)
    reason = TextField(
        _("What is missing"),
        validators=[
            optional(),
            GoesWith("outcome", "return", message=_("Choose “Return it once”, or clear this text.")),
        ],
        limit=2000,
        description=_("Only when you return it."),
    )
    answer_due_on = DateField(
        _("New day for the answer"), validators=[optional()], description=_("Only when you return it.")
    )

    def offer(self, steps: Collection[Step]) -> None:
        """Offer to return it only to whoever may, and only once."""
        if Step.RETURN_ANSWER in steps:
            return
        self.outcome.choices = self.outcome.choices[:1]
        del self.reason, self.answer_due_on

    @property
    def is_returned(self) -> bool:
        """Whether more is to be said, and the case goes on."""
        return bool(self.outcome.data == "return")
