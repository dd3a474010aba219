"""What is done to the record of a training."""

from dataclasses import asdict, dataclass
from datetime import date

from qms.core.db import db
from qms.domain.errors import N_, InvalidInput
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Person
from qms.standards import queries as standards
from qms.training.models import Training


@dataclass(frozen=True, kw_only=True)
class TrainingFacts:
    """What the certificate of a course says; `validity` is a word of `models.VALIDITIES`."""

    trained_as: str
    edition_code: str
    title: str
    provider: str
    held_on: date
    validity: str
    valid_until: date | None = None
    place: str = ""
    certificate_number: str = ""


def record(office: Office, person: Person, facts: TrainingFacts, *, today: date) -> Training:
    """Add a training of a person of the office. Raises `InvalidInput` at the field that is wrong."""
    if person.id not in {each.id for each in people.people_of(office.id, today)}:
        raise InvalidInput(N_("Choose a person who works in the office."), field="person")
    _check(facts, today)
    training = Training(office_id=office.id, person_id=person.id, **asdict(facts))
    db.session.add(training)
    db.session.flush()
    return training


def correct(training: Training, facts: TrainingFacts, *, today: date) -> None:
    """Change what was recorded; it stays with its person. Raises `InvalidInput` at the field that is wrong."""
    _check(facts, today)
    for name, value in asdict(facts).items():
        setattr(training, name, value)


def _check(facts: TrainingFacts, today: date) -> None:
    if facts.held_on > today:
        message = N_("The training has not been held yet. Record it once it has.")
        raise InvalidInput(message, field="held_on")
    _check_validity(facts)
    _check_edition(facts)


def _check_edition(facts: TrainingFacts) -> None:
    stored = standards.edition(facts.edition_code)
    if stored is None or not stored.exclusion_rule:
        raise InvalidInput(N_("Choose the edition of the standard that the training was about."), field="edition_code")
    if stored.published_on and facts.held_on < stored.published_on:
        message = N_("This edition was published on %(day)s, after the training. Choose an earlier edition.")
        raise InvalidInput(message, field="edition_code", day=stored.published_on)


def _check_validity(facts: TrainingFacts) -> None:
    if facts.validity == "until" and facts.valid_until is None:
        message = N_("Enter the last day of validity, or choose that it has no end or that nobody knows it.")
        raise InvalidInput(message, field="valid_until")
    if facts.validity != "until" and facts.valid_until is not None:
        message = N_("A last day is given. Choose that it is valid until that day, or clear the day.")
        raise InvalidInput(message, field="validity")
    if facts.valid_until and facts.valid_until < facts.held_on:
        message = N_("It would end before the training was held. Check both days.")
        raise InvalidInput(message, field="valid_until")
