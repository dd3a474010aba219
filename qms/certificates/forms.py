"""What is typed about a certificate."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, SelectField

from qms.certificates.models import Certificate
from qms.certificates.service import CertificateFacts
from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, needed, optional
from qms.domain.certification import RuleVersion
from qms.standards import queries as standards

FIRST, RENEWAL = "True", "False"


class CertificateForm(Form):
    """What is printed on the certificate; days as printed, however odd they look."""

    number = LineField(
        _l("Certificate number"),
        limit=60,
        validators=[needed(_l("Enter the number printed on the certificate."))],
    )
    body = LineField(
        _l("Certification body"),
        limit=200,
        description=_l("The name as it is printed on the certificate."),
        validators=[needed(_l("Enter the name of the certification body."))],
    )
    edition_code = SelectField(
        _l("Edition of the standard"), validators=[needed(_l("Choose the edition printed on the certificate."))]
    )
    decided_on = DateField(
        _l("Day of the decision"),
        description=_l("For example 27.3.2026. The cycle is counted from this day."),
        validators=[needed(_l("Enter the day of the certification decision."))],
    )
    valid_from = DateField(
        _l("First day of validity"), validators=[needed(_l("Enter the first day of validity, as printed."))]
    )
    valid_until = DateField(
        _l("Last day of validity"),
        description=_l("As printed. This day is still a valid one."),
        validators=[needed(_l("Enter the last day of validity, as printed."))],
    )
    is_initial = RadioField(
        _l("What opened this cycle"),
        choices=[
            SelectChoice(FIRST, _l("The first certification")),
            SelectChoice(RENEWAL, _l("A recertification")),
        ],
        default=FIRST,
        validators=[needed(_l("Choose what opened this cycle."))],
    )
    rules = RadioField(
        _l("Rules the body works by"),
        choices=[
            SelectChoice(RuleVersion.V2015.value, _l("ISO/IEC 17021-1:2015")),
            SelectChoice(RuleVersion.V2011.value, _l("ISO/IEC 17021:2011 (older certificates)")),
        ],
        default=RuleVersion.V2015.value,
        description=_l("By the older rules the first surveillance is counted from the last day of stage 2."),
        validators=[needed(_l("Choose the rules the body works by."))],
    )
    stage2_ended_on = DateField(_l("Last day of the stage 2 audit"), validators=[optional()])
    scope = TextField(
        _l("Scope"), description=_l("The scope as it is printed on the certificate."), validators=[optional()]
    )
    note = TextField(_l("Note"), validators=[optional()])

    def __init__(self, obj: Certificate | None = None) -> None:
        super().__init__(obj=obj)
        editions = (SelectChoice(each.code, f"ISO {each.code}") for each in standards.editions())
        self.edition_code.choices = [SelectChoice("", CHOOSE), *editions]

    @property
    def edition(self) -> Field:
        """The field at which the rules of editions refuse."""
        return self.edition_code

    @property
    def facts(self) -> CertificateFacts:
        """What was typed, once the form is valid."""
        typed = {name: self[name].data for name in CertificateFacts.__dataclass_fields__}
        texts = {name: typed[name] or "" for name in ("scope", "note")}
        return CertificateFacts(**{**typed, **texts, "is_initial": self.is_initial.data == FIRST})


EVENT_LABELS = {
    "suspended": _l("The body suspended it"),
    "restored": _l("The body lifted the suspension"),
    "withdrawn": _l("The body withdrew it"),
}


class EventForm(Form):
    """What happened to a certificate, on which day and why."""

    event = RadioField(_l("What the body did"), validators=[needed(_l("Choose what happened to the certificate."))])
    on = DateField(
        _l("From which day"),
        description=_l("For example 27.3.2026, as in the body's letter."),
        validators=[needed(_l("Enter the day from which this holds."))],
    )
    reason = TextField(
        _l("Why"),
        limit=2000,
        description=_l("For example the body's letter with its date and number."),
        validators=[needed(_l("Write why, for example with the number of the body's letter."))],
    )

    def __init__(self, events: list[str]) -> None:
        super().__init__()
        self.event.choices = [SelectChoice(event, EVENT_LABELS[event]) for event in events]


class TakeBackForm(Form):
    """Why the last event is taken back."""

    reason = TextField(_l("What was wrong"), limit=2000, validators=[needed(_l("Write what was recorded by mistake."))])


class RemoveForm(Form):
    """Why a record should not be there."""

    reason = TextField(
        _l("Why it should not be here"),
        limit=2000,
        description=_l("For example: recorded twice, or it is of another office."),
        validators=[needed(_l("Write why the certificate should not be here. The reason stays on record."))],
    )
