"""What is typed when good practice is offered, and when the coordinator decides."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectChoice

from qms.core.forms import Form, TextField, needed, optional
from qms.domain.practices import Move

LONGEST = 2000


class OfferForm(Form):
    """The text as others will read it."""

    text = TextField(
        _("What others will read"),
        validators=[needed(_("Write what others will read."))],
        description=_("Exactly this text goes out. Leave out names of people and numbers of cases."),
        limit=LONGEST,
    )
    is_named = BooleanField(
        _("Name our office beside it"),
        description=_("Without this, others see that it comes from an office, and not from which."),
    )


class DecisionForm(Form):
    """Whether all offices may read it."""

    decision = RadioField(
        _("Should all offices read it?"), validators=[needed(_("Choose whether all offices should read it."))]
    )
    word = TextField(
        _("A word to the office"),
        validators=[optional()],
        description=_("Needed when you say no: what should the office change?"),
        limit=LONGEST,
    )

    def offer(self, *, is_published: bool) -> None:
        """Word the choices by what others see now."""
        yes, no = (
            (_("Yes, leave it published"), _("No, take it off the page"))
            if is_published
            else (_("Yes, publish it"), _("No, not like this"))
        )
        self.decision.choices = [SelectChoice(Move.SHARE, yes), SelectChoice(Move.DECLINE, no)]
