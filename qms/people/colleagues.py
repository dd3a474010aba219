"""The people of one office as its lists show them: who does what here now or later, and by whose decision."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, raiseload

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.standing import POSTS, Concern, Who
from qms.offices.models import Department, Office
from qms.people import queries
from qms.people.models import Appointment, Membership, Person
from qms.people.queries import on_day

Dated = TypeVar("Dated", Membership, Appointment)


def _now_or_later(day: date, dated: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a class with until_on
    return or_(dated.until_on.is_(None), dated.until_on >= day)


def posts(office_id: int) -> list[Appointment]:
    """Every appointment of the office, the newest first."""
    found = select(Appointment).where(Appointment.office_id == office_id).order_by(Appointment.from_on.desc())
    return list(db.session.scalars(found.options(joinedload(Appointment.person), raiseload("*", sql_only=True))))


def staff(office_id: int, on: date) -> list[Membership]:
    """Who works in which department on the day, departments and people in Polish order."""
    found = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Department, Department.id == Membership.department_id)
        .where(Membership.office_id == office_id, on_day(on, Membership))
        .order_by(Department.sort_key, Membership.is_head.desc(), Person.sort_key)
    )
    shown = (joinedload(Membership.person), joinedload(Membership.department), raiseload("*", sql_only=True))
    return list(db.session.scalars(found.options(*shown)))


def posts_held(office_id: int, on: date) -> list[Appointment]:
    """Every appointment of the office that holds on the day or will later, in the order of posts."""
    found = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.office_id == office_id,
            _now_or_later(on, Appointment),
            Person.deactivated_at.is_(None),
        )
        .order_by(Appointment.from_on, Person.sort_key)
        .options(joinedload(Appointment.person), raiseload("*", sql_only=True))
    )
    return sorted(db.session.scalars(found), key=lambda appointment: POSTS.index(Who(appointment.post)))


def post_by_key(office: Office, key: str) -> Appointment | None:
    """An appointment of the office."""
    return db.session.scalar(select(Appointment).where(Appointment.office_id == office.id, Appointment.key == key))


@dataclass(frozen=True)
class Colleague:
    """A person as one office knows them: what they do here, now or later."""

    office: Office
    person: Person
    memberships: list[Membership]
    posts: list[Appointment]

    @property
    def key(self) -> str:
        """The key of the person's address."""
        return self.person.key

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id, person_id=self.person.id)


def all_of(office: Office, on: date, person_id: int | None = None) -> list[Colleague]:
    """Everybody with an account who works or holds a post here on the day or later, in Polish order."""
    working = select(Membership).where(Membership.office_id == office.id, _now_or_later(on, Membership))
    posted = select(Appointment).where(Appointment.office_id == office.id, _now_or_later(on, Appointment))
    if person_id is not None:
        working = working.where(Membership.person_id == person_id)
        posted = posted.where(Appointment.person_id == person_id)
    alone = raiseload("*", sql_only=True)
    shown = working.order_by(Membership.from_on, Membership.id).options(joinedload(Membership.department), alone)
    memberships = _by_person(db.session.scalars(shown))
    appointments = _by_person(db.session.scalars(posted.order_by(Appointment.from_on, Appointment.id).options(alone)))
    people = queries.active_people(memberships.keys() | appointments.keys())
    return [
        Colleague(office, person, memberships[person.id], appointments[person.id])
        for person in sorted(people.values(), key=lambda person: (person.sort_key, person.id))
    ]


def _by_person(rows: Iterable[Dated]) -> dict[int, list[Dated]]:
    found: dict[int, list[Dated]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def by_key(office: Office, key: str, on: date) -> Colleague | None:
    """Somebody with an account who works or holds a post here on the day or later."""
    person = queries.by_key(key)
    found = all_of(office, on, person.id) if person is not None else []
    return found[0] if found else None


def work_of(person_id: int, on: date, office_id: int | None = None) -> list[Membership | Appointment]:
    """Where a person works and which posts they hold on the day or later, in the offices now open or one of them."""
    found: list[Membership | Appointment] = []
    for dated in (Membership, Appointment):
        rows = select(dated).where(dated.person_id == person_id, _now_or_later(on, dated))
        found += db.session.scalars(rows if office_id is None else rows.where(dated.office_id == office_id))
    return found


def is_anybody_in(department: Department, on: date) -> bool:
    """Whether somebody with an account works in the department on the day or later."""
    found = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.department_id == department.id,
            _now_or_later(on, Membership),
            Person.deactivated_at.is_(None),
        )
    )
    return db.session.scalar(found.limit(1)) is not None


def is_kept_elsewhere(person: Person, office_id: int, on: date) -> bool:
    """Whether the account serves more than this office: another one, or the whole register."""
    if person.is_admin or person.is_coordinator:
        return True
    with scoped(EVERY_OFFICE):
        return any(row.office_id != office_id for row in work_of(person.id, on))
