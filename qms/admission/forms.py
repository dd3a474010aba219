"""What is typed about admission: the conditions of a rule, and what a paper says about a person."""

from collections.abc import Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from qms.admission.models import AdmissionStatement
from qms.admission.queries import AskedRule
from qms.admission.service import StatementFacts
from qms.admission.words import GROUNDS
from qms.core.forms import CHOOSE, CountField, DateField, Form, LineField, needed, optional
from qms.core.i18n import said
from qms.domain.admission import LONGEST_SERVICE, MOST_LINES, STATED, Ground, Rule, drawn_up
from qms.domain.errors import N_, InvalidInput
from qms.people.models import Person

_LINES: Final = tuple(f"line{number}" for number in range(1, MOST_LINES + 1))


class _LineField(SelectMultipleField):
    """Conditions to tick, of which one is enough."""

    option_widget = CheckboxInput()


def _conditions(number: int) -> _LineField:
    return _LineField(_l("Condition %(number)d: one of those ticked is enough", number=number), [optional()])


class RuleForm(Form):
    """A rule: every condition in which something is ticked has to be met."""

    line1 = _conditions(1)
    line2 = _conditions(2)
    line3 = _conditions(3)
    line4 = _conditions(4)
    asks_nothing = BooleanField(_l("The office asks for nothing besides the course and the appointment"))
    months = CountField(
        _l("Months of service"),
        most=LONGEST_SERVICE,
        description=_l("Only where service in the office is ticked, for example 12."),
        validators=[optional()],
    )

    def __init__(self, asked: AskedRule) -> None:
        super().__init__()
        for name in _LINES:
            self[name].choices = [SelectChoice(ground.value, said(words)) for ground, words in GROUNDS.items()]
        if not self.is_submitted():
            self._show(asked.row.rule if asked.row else (), is_drawn_up=asked.row is not None)

    def _show(self, rule: Rule, *, is_drawn_up: bool) -> None:
        for name, line in zip(_LINES, rule, strict=False):
            self[name].data = [each.ground.value for each in line]
        self.asks_nothing.data = is_drawn_up and not rule
        served = (each.months for line in rule for each in line if each.ground is Ground.SERVICE)
        self.months.data = next(served, None)

    @property
    def rule(self) -> Rule:
        """What was ticked. Raises `InvalidInput` where nothing was, or what contradicts itself."""
        rule = drawn_up([self[name].data or [] for name in _LINES], self.months.data)
        if not rule and not self.asks_nothing.data:
            message = N_("Tick at least one condition, or tick that nothing besides is asked for.")
            raise InvalidInput(message, field="line1")
        if rule and self.asks_nothing.data:
            message = N_("Conditions are ticked, and that nothing is asked for. Untick one of the two.")
            raise InvalidInput(message, field="asks_nothing")
        return rule


class StatementForm(Form):
    """What a paper says about a person. The person is chosen once."""

    person = SelectField(_l("Person"), validators=[needed(_l("Choose whom it is about."))])
    ground = RadioField(_l("What is confirmed"), validators=[needed(_l("Choose what is confirmed."))])
    from_on = DateField(
        _l("From which day"),
        description=_l("For example 27.3.2026."),
        validators=[needed(_l("Enter the day from which this holds."))],
    )
    until_on = DateField(
        _l("Until which day"), description=_l("Empty: it holds until you end it here."), validators=[optional()]
    )
    shown_by = LineField(
        _l("Which paper says so"),
        description=_l("For example: consent of the head of Finance, OR.0142.3.2026."),
        validators=[needed(_l("Write which paper says so, with its number or day."))],
    )

    def __init__(self, people: Sequence[Person], statement: AdmissionStatement | None = None) -> None:
        super().__init__(obj=statement)
        self.ground.choices = [SelectChoice(ground.value, said(GROUNDS[ground])) for ground in STATED]
        if statement is not None:
            del self.person
            return
        self.person.choices = [SelectChoice("", CHOOSE), *(SelectChoice(each.key, each.name) for each in people)]

    @property
    def facts(self) -> StatementFacts:
        """What was typed, once the form is valid."""
        return StatementFacts(**{name: self[name].data for name in StatementFacts.__dataclass_fields__})
