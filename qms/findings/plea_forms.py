"""What is typed by whoever asks for something besides answering."""

from flask_babel import lazy_gettext as _

from qms.core.forms import DateField, Form, TextField, needed


class TimeForm(Form):
    """Until when more time is needed, and why."""

    new_due_on = DateField(
        _("Until when you need"),
        validators=[needed(_("Enter the day until which you need."))],
        description=_("For example 27.3.2027. Later than the present day."),
    )
    reason = TextField(
        _("Why you need more time"),
        validators=[needed(_("Write why you need more time."))],
        description=_("For example: who knows this is away until Monday."),
        limit=2000,
    )
