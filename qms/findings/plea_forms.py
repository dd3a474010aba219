"""What is typed by whoever asks for something besides answering."""

from flask_babel import lazy_gettext as _

from qms.core.forms import DateField, Form, TextField, needed, optional


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


class ObjectionForm(Form):
    """Why the finding does not stand."""

    reason = TextField(
        _("Why you do not agree"),
        validators=[needed(_("Write why you do not agree with the finding."))],
        description=_("Write what the finding does not say, or where the document lies that the auditor did not see."),
        limit=2000,
    )


class UpholdForm(Form):
    """Why the finding stands all the same."""

    reason = TextField(
        _("Why the finding stands"),
        validators=[needed(_("Write why the finding stands. Whoever objects reads it."))],
        limit=2000,
    )
    new_due_on = DateField(
        _("New day for the answer"),
        validators=[optional()],
        description=_("The days that the objection waited are given back. Clear this, and the present day stands."),
    )
