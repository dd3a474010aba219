"""Forms of lending auditors: asking another office, and its answer."""

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice

from qms.core.forms import DateField, EmailField, Form, LineField, needed

_DAY_HINT = lazy_gettext("For example 27.3.2027")


class AskForAuditorForm(Form):
    """Asking another office to lend an auditor."""

    lender = LineField(
        lazy_gettext("Office the auditor works in"),
        [needed(lazy_gettext("Type the name of the office."))],
        limit=200,
        description=lazy_gettext("Type words of its name, for example: Urząd Gminy w Łowiczu."),
    )
    email = EmailField(
        lazy_gettext("E-mail address of the auditor"),
        [needed(lazy_gettext("Type the address at which the auditor gets letters."))],
    )
    from_on = DateField(
        lazy_gettext("First day"),
        [needed(lazy_gettext("Enter the first day you need the auditor."))],
        description=_DAY_HINT,
    )
    until_on = DateField(
        lazy_gettext("Last day"),
        [needed(lazy_gettext("Enter the last day you need the auditor."))],
        description=_DAY_HINT,
    )


class AnswerLoanForm(Form):
    """Lending an auditor, or not."""

    answer = RadioField(
        lazy_gettext("Do you lend this auditor?"),
        [needed(lazy_gettext("Choose an answer."))],
        choices=[
            SelectChoice("consent", lazy_gettext("Yes, lend the auditor")),
            SelectChoice("decline", lazy_gettext("No")),
        ],
        invalid_choice_message=lazy_gettext("Choose an answer."),
    )
