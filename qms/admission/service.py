"""What is done about admission: the office's rule is drawn up, and something is written down about a person."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from qms.admission.models import AdmissionRule, AdmissionStatement
from qms.admission.queries import AskedRule
from qms.core.db import db
from qms.domain.admission import Rule
from qms.domain.errors import N_, InvalidInput
from qms.offices.models import Office
from qms.people.models import Person


@dataclass(frozen=True, kw_only=True)
class StatementFacts:
    """What is written down: which condition it meets, on which days, and by which paper."""

    ground: str
    from_on: date
    until_on: date | None
    shown_by: str


def draw_up(asked: AskedRule, rule: Rule) -> None:
    """Keep the office's rule; an empty one asks for nothing of its own."""
    lines = [[[each.ground.value, each.months] for each in line] for line in rule]
    if asked.row is not None:
        asked.row.lines = lines
        return
    db.session.add(AdmissionRule(office_id=asked.office.id, engaged=asked.engaged, part=asked.part, lines=lines))


def write_down(office: Office, person: Person, facts: StatementFacts) -> AdmissionStatement:
    """Add what is known of a person. Raises `InvalidInput` at the field that is wrong."""
    _check(facts)
    statement = AdmissionStatement(office_id=office.id, person_id=person.id, **asdict(facts))
    db.session.add(statement)
    db.session.flush()
    return statement


def correct(statement: AdmissionStatement, facts: StatementFacts) -> None:
    """Change what was written down, or end it. Raises `InvalidInput` at the field that is wrong."""
    _check(facts)
    for name, value in asdict(facts).items():
        setattr(statement, name, value)


def _check(facts: StatementFacts) -> None:
    if facts.until_on is not None and facts.until_on < facts.from_on:
        raise InvalidInput(N_("It would end before it begins. Check both days."), field="until_on")


def chosen(people: Collection[Person], key: str) -> Person:
    """The person with the key. Raises `InvalidInput` for one who is not among these."""
    found = next((each for each in people if each.key == key), None)
    if found is None:
        raise InvalidInput(N_("Choose a person who works in the office."), field="person")
    return found
