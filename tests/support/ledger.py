"""Things that fall due, and the ledger of reminders as tests see it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import select

from qms.audits.models import Audit
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.findings.models import Finding
from qms.people.models import Person
from qms.reminders import service
from qms.reminders.models import Reminder
from qms.standards.models import Clause
from qms.training.models import Training
from tests.support.post import FRIDAY, at
from tests.support.world import TODAY, OfficeWorld


@contextmanager
def without_trainings() -> Iterator[None]:
    """Every office open; the trainings of the world would add lines of their own."""
    with scoped(EVERY_OFFICE):
        with writing():
            for row in db.session.scalars(select(Training)):
                db.session.delete(row)
        yield


def training(of: OfficeWorld, person: Person, *, until: date) -> Training:
    """A qualification that ends: told 180, 90 and 30 days before, then a day after, to the person and the proxy."""
    facts = {"trained_as": "auditor", "edition_code": "9001:2015", "title": "Auditor", "provider": "Ośrodek"}
    row = Training(
        office_id=of.office.id,
        person_id=person.id,
        held_on=date(2024, 1, 2),
        certificate_number="1",
        validity="until",
        valid_until=until,
        **facts,
    )
    with writing():
        db.session.add(row)
    return row


def nonconformity(of: OfficeWorld, *, due_on: date, department: str = "FN") -> Finding:
    """One that waits for an answer: told 7, 3 and 0 days before, 1, 7 and 14 after, then on Mondays."""
    audit = Audit(
        office_id=of.office.id,
        number=f"A-{due_on}",
        edition_code="9001:2015",
        starts_on=FRIDAY - timedelta(days=60),
        ends_on=FRIDAY - timedelta(days=60),
        state="finished",
        published_at=clock.now(),
    )
    db.session.add(audit)
    db.session.flush()
    finding = Finding(
        office_id=of.office.id,
        number=f"N-{due_on}",
        audit_id=audit.id,
        department_id=of.departments[department].id,
        clause_id=db.session.scalars(select(Clause.id).where(Clause.edition_code == "9001:2015")).first(),
        category="nonconformity",
        statement="Brak aktualnych upoważnień",
        state="reported",
        stage=1,
        recorded_by_id=of.auditor.id,
        reported_on=FRIDAY - timedelta(days=50),
        waits_for="answer",
        due_on=due_on,
        first_due_on=due_on,
        counted_from=FRIDAY - timedelta(days=50),
        changed_at=clock.now(),
    )
    with writing():
        db.session.add(finding)
    return finding


def plan(of: OfficeWorld, on: date = TODAY, *, is_whole: bool = False) -> int:
    with clock.at(at(on, 7)), writing():
        return service.plan([of.office.id], on, is_whole=is_whole)


def ledger(*kinds: str) -> list[tuple[str, str]]:
    """Every line, or those of some kinds, as step and who is told."""
    found = select(Reminder.step, Person.email).join(Person, Person.id == Reminder.person_id)
    if kinds:
        found = found.where(Reminder.kind.in_(kinds))
    return sorted((step, email.partition("@")[0]) for step, email in db.session.execute(found))


def outcomes() -> Counter[str]:
    return Counter(db.session.scalars(select(Reminder.outcome)))


def letter_states() -> Counter[str]:
    return Counter(db.session.scalars(select(Letter.state)))
