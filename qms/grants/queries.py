"""Grants as letters and pages read them, with what of their case says whether they still open anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from qms.core import clock
from qms.core.db import db
from qms.core.files import StoredFile
from qms.domain.deadlines import Kind
from qms.domain.grants import Facts, Purpose
from qms.findings.asked import answerers
from qms.findings.models import Action, Finding
from qms.grants.models import Grant
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Actor, offices_of


@dataclass(frozen=True)
class Asked:
    """What one person is asked for by a letter: to answer a case, or to report an action of it done."""

    purpose: Purpose
    finding: Finding
    action: Action | None
    person: Person

    @property
    def subject(self) -> tuple[int | None, ...]:
        """What tells it from any other, besides the mailbox."""
        return (self.finding.office_id, self.finding.id, self.action.id if self.action else None, self.person.id)

    @property
    def due_on(self) -> date | None:
        """Until when it is asked for."""
        return self.action.due_on if self.action else self.finding.due_on


def unit_of(finding: Finding, reader: Person, chosen: Collection[int | None] = ()) -> Sequence[Person]:
    """Who may be chosen to do an action: the people of the unit, and who was chosen before."""
    staff = people.staff_ids({finding.department_id}, clock.today())[finding.department_id]
    found = people.active_people({each for each in {*staff, *chosen, reader.id} if each is not None})
    return sorted(found.values(), key=lambda person: person.sort_key)


def by_key(key: str) -> Grant | None:
    """The grant, open or not."""
    return db.session.scalar(select(Grant).where(Grant.key == key))


def asked_of(grant: Grant) -> Asked:
    """What the grant is about."""
    return Asked(Purpose(grant.purpose), grant.finding, grant.action, grant.person)


def asked_by_key(purpose: Purpose, office_id: int, key: str, *, person: Person) -> Asked | None:
    """What a letter asks of its reader, by the key of the case or of the action."""
    if purpose is Purpose.ANSWER:
        found = db.session.scalar(select(Finding).where(Finding.office_id == office_id, Finding.key == key))
        return Asked(purpose, found, None, person) if found else None
    action = db.session.scalar(select(Action).where(Action.office_id == office_id, Action.key == key))
    return Asked(purpose, action.finding, action, person) if action else None


def files_of(asked: Asked) -> list[StoredFile]:
    """What the audit team showed with the finding; what belongs to actions is not among it."""
    return [each.file for each in asked.finding.files if each.action_id is None]


def facts(asked: Asked, *, email: str, expires_on: date, today: date) -> Facts:
    """What says whether this can still be done from this mailbox."""
    person = asked.person
    is_own = person.deactivated_at is None and person.email == email and _answers(asked, today)
    return Facts(
        is_readers=is_own,
        is_awaited=_is_awaited(asked),
        expires_on=expires_on,
        done_on=_done_on(asked),
        needs_signing_in=asked.finding.office.answers_signed_in,
    )


def _answers(asked: Asked, today: date) -> bool:
    """Whether the person heads the unit or was handed the answer, or owns the action and is in the office, still."""
    actor, office_id = people.actor_of(asked.person, today), asked.finding.office_id
    if asked.action is not None:
        return asked.action.owner_id == asked.person.id and office_id in offices_of(actor)
    answerer_id = asked.finding.answerer_id
    if (office_id, answerer_id) in answerers([asked.finding], today):
        return answerer_id == asked.person.id
    return asked.finding.department_id in actor.headed.get(office_id, frozenset())


def _is_awaited(asked: Asked) -> bool:
    finding, action = asked.finding, asked.action
    if action is None:
        return finding.waits_for == Kind.ANSWER
    return finding.waits_for == Kind.ACTION and action.round_number == finding.round_number and action.done_on is None


def _done_on(asked: Asked) -> date | None:
    if asked.action is not None:
        return asked.action.done_on
    round_ = asked.finding.round
    return clock.day_of(round_.answered_at) if round_ and round_.answered_at else None


def actor_of(asked: Asked, today: date) -> Actor:
    """The reader with the one relation that the link is given for, and none of their posts."""
    whole, office_id = people.actor_of(asked.person, today), asked.finding.office_id
    headed = frozenset({asked.finding.department_id}) & whole.headed.get(office_id, frozenset())
    return replace(
        whole,
        is_admin=False,
        is_coordinator=False,
        posts={},
        departments={office_id: whole.departments.get(office_id, frozenset())},
        headed={office_id: headed},
        lent_to=frozenset(),
    )
