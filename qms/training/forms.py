"""What is typed about a training."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField

from qms.core.forms import CHOOSE, DateField, Form, LineField, needed, optional
from qms.people.models import Person
from qms.standards import queries as standards
from qms.training.models import Training
from qms.training.service import TrainingFacts

TRAINED_AS_LABELS = {"auditor": _l("Internal auditor"), "proxy": _l("Proxy for the quality system")}
VALIDITY_LABELS = {
    "until": _l("Until a day"),
    "without_end": _l("Without end"),
    "unknown": _l("Nobody knows; to be checked"),
}


class TrainingForm(Form):
    """What the certificate of a course says. The person is chosen once, when the training is recorded."""

    person = SelectField(_l("Person"), validators=[needed(_l("Choose who was trained."))])
    trained_as = RadioField(
        _l("Trained as"),
        choices=[SelectChoice(word, label) for word, label in TRAINED_AS_LABELS.items()],
        validators=[needed(_l("Choose what the person was trained as."))],
    )
    title = LineField(
        _l("Title of the training"), validators=[needed(_l("Enter the title, as it stands on the certificate."))]
    )
    provider = LineField(
        _l("Held by"),
        limit=200,
        description=_l("The company or institution that held the training."),
        validators=[needed(_l("Enter who held the training."))],
    )
    place = LineField(_l("Place"), limit=200, validators=[optional()])
    held_on = DateField(
        _l("Last day of the training"),
        description=_l("For example 27.3.2026."),
        validators=[needed(_l("Enter the day on which the training ended."))],
    )
    edition_code = SelectField(
        _l("Edition of the standard"),
        validators=[needed(_l("Choose the edition of the standard that the training was about."))],
    )
    certificate_number = LineField(_l("Number of the personal certificate"), limit=60, validators=[optional()])
    validity = RadioField(
        _l("How long it is valid"),
        choices=[SelectChoice(word, label) for word, label in VALIDITY_LABELS.items()],
        description=_l("As the certificate says. A certificate of attendance usually has no end."),
        validators=[needed(_l("Choose how long the certificate is valid."))],
    )
    valid_until = DateField(
        _l("Last day of validity"),
        description=_l("Only when it is valid until a day."),
        validators=[optional()],
    )

    def __init__(self, people: Sequence[Person], training: Training | None = None) -> None:
        super().__init__(obj=training)
        editions = (SelectChoice(each.code, f"ISO {each.code}") for each in standards.editions())
        self.edition_code.choices = [SelectChoice("", CHOOSE), *editions]
        if training is not None:
            del self.person
            return
        self.person.choices = [SelectChoice("", CHOOSE), *(SelectChoice(each.key, each.name) for each in people)]

    @property
    def facts(self) -> TrainingFacts:
        """What was typed, once the form is valid."""
        typed = {name: self[name].data for name in TrainingFacts.__dataclass_fields__}
        return TrainingFacts(**{**typed, **{name: typed[name] or "" for name in ("place", "certificate_number")}})
