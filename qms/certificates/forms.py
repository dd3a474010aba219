"""What is typed about a certificate."""

from datetime import date
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, Field, RadioField, SelectChoice, SelectField

from qms.certificates.models import Certificate
from qms.certificates.service import CertificateFacts
from qms.core.forms import CHOOSE, DateField, Form, LineField, TextField, WrittenDayField, id_or_none, needed, optional
from qms.domain.certification import TOLERANCES, RuleVersion
from qms.domain.written_days import WrittenDay
from qms.standards import queries as standards

FIRST, RENEWAL = "True", "False"
YEARLY: Final = ""


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
    decided_on = WrittenDayField(
        _l("Day of the decision"),
        description=_l(
            "For example 27.3.2026. The cycle is counted from this day. Of an old certificate as much as is known will"
            " do, for example 2005 or June 2005."
        ),
        validators=[needed(_l("Enter the day of the certification decision."))],
    )
    valid_from = WrittenDayField(
        _l("First day of validity"), validators=[needed(_l("Enter the first day of validity, as printed."))]
    )
    valid_until = WrittenDayField(
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
    rhythm_months = RadioField(
        _l("How often the body comes"),
        choices=[
            SelectChoice(YEARLY, _l("Once in each calendar year")),
            SelectChoice("12", _l("At most 12 months after its last visit")),
            SelectChoice("6", _l("At most 6 months after its last visit")),
        ],
        default=YEARLY,
        description=_l("As the contract with the body says."),
    )
    rhythm_tolerance = SelectField(
        _l("How much later it may come"),
        default="0",
        description=_l("Only where the visits are counted in months. By the contract too."),
    )
    stage2_ended_on = DateField(_l("Last day of the stage 2 audit"), validators=[optional()])
    scope = TextField(
        _l("Scope"), description=_l("The scope as it is printed on the certificate."), validators=[optional()]
    )
    sites = TextField(
        _l("Places"),
        limit=2000,
        description=_l("The addresses that the certificate covers, each in a line, where it names more than one."),
        validators=[optional()],
    )
    replaces = BooleanField(
        _l("It takes the place of the one before it"),
        description=_l(
            "Tick it where the days of both overlap: an early renewal, a new edition, a changed scope. The earlier one"
            " then counts until the day before."
        ),
    )
    note = TextField(_l("Note"), validators=[optional()])

    def __init__(self, obj: Certificate | None = None) -> None:
        super().__init__(obj=obj)
        editions = (SelectChoice(each.code, f"ISO {each.code}") for each in standards.certifiable())
        self.edition_code.choices = [SelectChoice("", CHOOSE), *editions]
        days = (SelectChoice(str(days), ngettext("%(num)d day", "%(num)d days", days)) for days in TOLERANCES)
        self.rhythm_tolerance.choices = list(days)
        if self.rhythm_months.data is None:  # what WTForms makes of a stored "once in each calendar year"
            self.rhythm_months.data = YEARLY
        if obj is not None and not self.is_submitted():
            self._show_stored(obj)

    def _show_stored(self, certificate: Certificate) -> None:
        self.decided_on.data, self.valid_from.data = certificate.decided, certificate.begins
        self.valid_until.data = certificate.ends

    @property
    def edition(self) -> Field:
        """The field at which the rules of editions refuse."""
        return self.edition_code

    @property
    def facts(self) -> CertificateFacts:
        """What was typed, once the form is valid."""
        typed = {name: self[name].data for name in CertificateFacts.__dataclass_fields__ if name in self}
        texts = {name: typed[name] or "" for name in ("scope", "sites", "note")}
        chosen = {"is_initial": self.is_initial.data == FIRST, "rhythm_months": id_or_none(self.rhythm_months.data)}
        tolerance = int(self.rhythm_tolerance.data) if chosen["rhythm_months"] else 0
        return CertificateFacts(**{**typed, **texts, **chosen, **self._days(), "rhythm_tolerance": tolerance})

    def _days(self) -> dict[str, date | str]:
        """Each day as the earliest it can mean, and what was written where it is not known exactly."""
        beside = {"decided_on": "decided_written", "valid_from": "from_written", "valid_until": "until_written"}
        days: dict[str, WrittenDay] = {name: self[name].data for name in beside}
        firsts = {name: day.first_on for name, day in days.items()}
        return firsts | {beside[name]: day.written for name, day in days.items()}


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
    until = DateField(
        _l("Until which day it suspended it"),
        description=_l("Only for a suspension whose last day the body's letter names."),
        validators=[optional()],
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
