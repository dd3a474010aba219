"""What people type to sign in."""

import secrets

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, SelectField, StringField

from qms.core.forms import EmailField, Form, needed
from qms.domain.errors import RuleViolation
from qms.domain.reminders import SENDING_TIMES


class TryForm(Form):
    """A form that is sent again and again until it fits: each refused try is given a new token."""

    def try_again(self, refusal: RuleViolation) -> None:
        """Say that it did not fit. The try was counted and kept, so its token counts as used."""
        self.refuse(refusal)
        self.once.data = secrets.token_urlsafe(16)
        self.once.raw_data = None


class AskCodeForm(Form):
    """The address a code is sent to."""

    email = EmailField(
        _l("E-mail address"),
        description=_l("The address at your office. We will send a 6-digit code to it."),
        validators=[needed(_l("Enter your e-mail address."))],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
    dalej = HiddenField()


class CodeForm(TryForm):
    """The code from the letter."""

    code = StringField(
        _l("Code from the letter"),
        description=_l("Six digits. The code is valid for 15 minutes and only in this browser."),
        validators=[needed(_l("Enter the 6 digits from the letter."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "size": "8"},
    )


class PasswordForm(TryForm):
    """The second way in."""

    email = EmailField(
        _l("E-mail address"),
        validators=[needed(_l("Enter your e-mail address."))],
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[needed(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    dalej = HiddenField()


class SettingsForm(Form):
    """A person's own settings."""

    language = RadioField(
        _l("Language of pages and letters"),
        choices=[SelectChoice("pl", "Polski"), SelectChoice("en", "English")],
        validators=[needed(_l("Choose a language."))],
    )
    letters_at = SelectField(
        _l("When reminders come"),
        description=_l("On working days, in Polish time. What cannot wait comes at once."),
        choices=[SelectChoice(at.isoformat("minutes"), at.isoformat("minutes")) for at in SENDING_TIMES],
        coerce=str,
    )
    wants_digest = RadioField(
        _l("How reminders come"),
        description=_l(
            "One letter a week comes on its first working day; what is late or due before the next one still comes that"
            " day. What has just happened is told at once in any case: a nonconformity to answer, an answer to check or"
            " to complete, an audit announced, moved or cancelled."
        ),
        choices=[
            SelectChoice("tak", _l("One letter a day with everything")),
            SelectChoice("tydzien", _l("One letter a week")),
            SelectChoice("nie", _l("A letter for each matter")),
        ],
        validators=[needed(_l("Choose how reminders should come."))],
    )
    wants_status = RadioField(
        _l("A letter about how things stand"),
        description=_l("About your office once a month; about all offices once a week, for the coordinator."),
        choices=[SelectChoice("tak", _l("Yes")), SelectChoice("nie", _l("No"))],
        validators=[needed(_l("Choose whether you want this letter."))],
    )


class NewPasswordForm(Form):
    """A password as the second way in; the code keeps working."""

    password = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters. Several unrelated words are easiest to remember."),
        validators=[needed(_l("Enter a password."))],
        render_kw={"autocomplete": "new-password"},
    )
