"""What is typed into the talk about a case."""

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField

from qms.core.forms import Form, LineField, TextField, id_or_none, needed, optional
from qms.domain.discussion import LONGEST, LONGEST_REASON
from qms.people.models import Person


class MessageForm(Form):
    """What somebody says, and whom they ask to reply."""

    words = TextField(
        _("Your message"),
        description=_("Everybody who may see this case reads it. It cannot be changed once it is sent."),
        validators=[needed(_("Write your message."))],
        limit=LONGEST,
    )
    asked_id = SelectField(
        _("Who is asked to reply"),
        description=_("This person gets a letter and finds the question among their tasks until they write here."),
        coerce=id_or_none,
        validators=[optional()],
    )

    def offer(self, people: Iterable[Person]) -> None:
        """Fill the choice in."""
        self.asked_id.choices = [
            SelectChoice("", gettext("Nobody in particular")),
            *(SelectChoice(person.id, person.name) for person in people),
        ]


class StrikeForm(Form):
    """Why somebody takes their word back."""

    reason = LineField(
        _("Why you strike it out"),
        description=_("For example: written in the wrong case."),
        validators=[needed(_("Write why you strike the message out."))],
        limit=LONGEST_REASON,
    )
