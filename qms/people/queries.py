"""People as they stand on a day: where they work, what they head, which posts they hold."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    and_,
    bindparam,
    false,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, raiseload

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain import independence
from qms.domain.standing import Who
from qms.offices.models import Department
from qms.people.models import Appointment, Loan, Membership, Person
from qms.policy import Actor


def on_day(day: date | BindParameter[date], dated: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a class with from_on and until_on
    return and_(dated.from_on <= day, or_(dated.until_on.is_(None), dated.until_on >= day))


def by_key(key: str) -> Person | None:
    """A person by the key of an address."""
    return db.session.scalar(select(Person).where(Person.key == key))


def by_email(email: str) -> Person | None:
    """A person by the one form of the address, active or not."""
    return db.session.scalar(select(Person).where(Person.email == email))


def people_of(office_id: int, on: date) -> list[Person]:
    """Everybody who works or holds a post in the office on the day, active accounts, in Polish order."""
    working = select(Membership.person_id).where(Membership.office_id == office_id, on_day(on, Membership))
    posted = select(Appointment.person_id).where(Appointment.office_id == office_id, on_day(on, Appointment))
    found = select(Person).where(Person.id.in_(working.union(posted)), Person.deactivated_at.is_(None))
    return list(db.session.scalars(found.order_by(Person.sort_key).options(raiseload("*", sql_only=True))))


def active_people(ids: Collection[int]) -> dict[int, Person]:
    """The people with these ids whose account is active."""
    if not ids:
        return {}
    found = select(Person).where(Person.id.in_(ids), Person.deactivated_at.is_(None))
    return {person.id: person for person in db.session.scalars(found.options(raiseload("*", sql_only=True)))}


_PEOPLE: Final = (
    select(Person).where(Person.id.in_(bindparam("ids", expanding=True))).options(raiseload("*", sql_only=True))
)


def everybody(ids: Collection[int]) -> dict[int, Person]:
    """The people with these ids, leavers too."""
    return {person.id: person for person in db.session.scalars(_PEOPLE, {"ids": list(ids)})} if ids else {}


# Written once, as all that is asked for on most pages, because building a statement takes longer than running it.
_ACTIVE: Final = select(Person.id).where(
    Person.id.in_(bindparam("ids", expanding=True)), Person.deactivated_at.is_(None)
)


def active_ids(ids: Collection[int]) -> frozenset[int]:
    """Those of these people whose account is active."""
    return frozenset(db.session.scalars(_ACTIVE, {"ids": list(ids)})) if ids else frozenset()


def present(office_ids: Collection[int], ids: Collection[int], on: date) -> set[tuple[int, int]]:
    """Who of these people works or holds a post in which of these offices on the day: offices with persons."""
    if not ids:
        return set()
    asked = {"office_ids": list(office_ids), "ids": list(ids), "day": on}
    return {(row.office_id, row.person_id) for statement in _PRESENT for row in db.session.execute(statement, asked)}


def serving(office_ids: Collection[int], ids: Collection[int], on: date) -> set[tuple[int, int]]:
    """Who of these people may audit in which of these offices on the day: those of `present`, and who is lent there."""
    if not ids:
        return set()
    asked = {"office_ids": list(office_ids), "ids": list(ids), "day": on}
    lent = {(row.office_id, row.person_id) for row in db.session.execute(_LENT, asked)}
    return present(office_ids, ids, on) | lent


_NAMES: Final = select(Person.id, Person.name).where(Person.id.in_(bindparam("ids", expanding=True)))


def names(ids: Collection[int]) -> dict[int, str]:
    """Names by id, of leavers too: a signed record keeps its name."""
    return dict(db.session.execute(_NAMES, {"ids": list(ids)}).all()) if ids else {}


def name_of(person_id: int) -> str:
    """One name, of a leaver too."""
    return names([person_id]).get(person_id, "")


_DAY: Final = bindparam("day", type_=Date)
_THERE = [
    select(dated.office_id, dated.person_id).where(
        dated.office_id.in_(bindparam("office_ids", expanding=True)),
        dated.person_id.in_(bindparam("ids", expanding=True)),
        on_day(_DAY, dated),
    )
    for dated in (Membership, Appointment, Loan)
]
*_PRESENT, _LENT = _THERE  # who is lent, only a consent says
_HOLDERS: Final = (
    select(Appointment.office_id, Appointment.post, Appointment.person_id)
    .join(Person, Person.id == Appointment.person_id)
    .where(
        Appointment.office_id.in_(bindparam("office_ids", expanding=True)),
        on_day(_DAY, Appointment),
        Person.deactivated_at.is_(None),
    )
    .order_by(Appointment.from_on, Appointment.id)
)


def holders_of(office_ids: Collection[int], on: date) -> dict[int, dict[Who, list[int]]]:
    """Per office and post, who holds it on the day; deactivated people hold nothing."""
    found: dict[int, dict[Who, list[int]]] = {office_id: defaultdict(list) for office_id in office_ids}
    for office_id, post, person_id in db.session.execute(_HOLDERS, {"office_ids": list(office_ids), "day": on}):
        found[office_id][Who(post)].append(person_id)
    return found


def holders(office_id: int, on: date) -> dict[Who, list[int]]:
    """Who holds each post of one office on the day."""
    return holders_of([office_id], on)[office_id]


_HEADS: Final = (
    select(Membership.department_id, Membership.person_id)
    .join(Person, Person.id == Membership.person_id)
    .where(
        Membership.office_id.in_(bindparam("office_ids", expanding=True)),
        Membership.is_head,
        on_day(_DAY, Membership),
        Person.deactivated_at.is_(None),
    )
)


def heads_of(office_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """Per department, who heads it on the day; deactivated people head nothing."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(_HEADS, {"office_ids": list(office_ids), "day": on})
    for department_id, person_id in rows:
        found[department_id].append(person_id)
    return found


def has_head(department_id: InstrumentedAttribute[int | None], on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether somebody heads the department of a row on the day, as a condition of a statement."""
    heading = select(Membership.id).join(Person, Person.id == Membership.person_id)
    return heading.where(
        Membership.department_id == department_id,
        Membership.is_head,
        on_day(on, Membership),
        Person.deactivated_at.is_(None),
    ).exists()


def heads(office_id: int, on: date) -> dict[int, list[int]]:
    """Who heads each department of one office on the day."""
    return heads_of([office_id], on)


def staff_ids(department_ids: Collection[int], on: date) -> dict[int, set[int]]:
    """Per department, who works there on the day."""
    found: dict[int, set[int]] = defaultdict(set)
    works = select(Membership.department_id, Membership.person_id)
    for department_id, person_id in db.session.execute(
        works.where(Membership.department_id.in_(department_ids), on_day(on, Membership))
    ):
        found[department_id].add(person_id)
    return found


def units_of(person_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """Where each person works on the day, in the offices now open, by the symbols of departments."""
    found: dict[int, list[str]] = {person_id: [] for person_id in person_ids}
    rows = (
        select(Membership.person_id, Department.symbol)
        .join(Department, Department.id == Membership.department_id)
        .where(Membership.person_id.in_(person_ids), on_day(on, Membership))
        .order_by(Department.sort_key)
    )
    for person_id, symbol in db.session.execute(rows):
        found[person_id].append(symbol)
    return found


def auditors_of(office_id: int, on: date) -> list[Person]:
    """Who is appointed auditor of the office on the day, in Polish order."""
    found = (
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.office_id == office_id,
            Appointment.post == Who.AUDITOR,
            on_day(on, Appointment),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.sort_key)
    )
    return list(dict.fromkeys(db.session.scalars(found.options(raiseload("*", sql_only=True)))))


def memberships(office_id: int, person_ids: Collection[int] | None = None) -> list[independence.Membership]:
    """Who worked where and when, as the rules of independence read it."""
    found = select(Membership).where(Membership.office_id == office_id).options(raiseload("*", sql_only=True))
    if person_ids is not None:
        found = found.where(Membership.person_id.in_(person_ids))
    return [
        independence.Membership(row.person_id, row.department_id, row.from_on, row.until_on, row.is_head)
        for row in db.session.scalars(found)
    ]


def parents(office_id: int) -> dict[int, int | None]:
    """The tree of departments: each with the one above it."""
    found = select(Department.id, Department.parent_id).where(Department.office_id == office_id)
    return dict(db.session.execute(found).all())


# Asked at each request, and so together.
_STANDS: Final[CompoundSelect[Any]] = union_all(
    select(Appointment.office_id, Appointment.post, null().label("department_id"), false().label("is_head")).where(
        Appointment.person_id == bindparam("person_id"), on_day(_DAY, Appointment)
    ),
    select(Membership.office_id, null(), Membership.department_id, Membership.is_head).where(
        Membership.person_id == bindparam("person_id"), on_day(_DAY, Membership)
    ),
    select(Loan.office_id, null(), null(), false()).where(Loan.person_id == bindparam("person_id"), on_day(_DAY, Loan)),
)


def actor_of(person: Any, on: date) -> Actor:  # noqa: ANN401 - a `Person`, or a row with its columns
    """The person with the posts and departments of the day, over every office."""
    posts_held: dict[int, set[Who]] = defaultdict(set)
    works: dict[int, set[int]] = defaultdict(set)
    headed: dict[int, set[int]] = defaultdict(set)
    lent_to: set[int] = set()
    asked = {"person_id": person.id, "day": on}
    with scoped(EVERY_OFFICE):
        for office_id, post, department_id, is_head in db.session.execute(_STANDS, asked):
            if post is not None:
                posts_held[office_id].add(Who(post))
                continue
            if department_id is None:
                lent_to.add(office_id)
                continue
            works[office_id].add(department_id)
            if is_head:
                headed[office_id].add(department_id)
    return Actor(
        person_id=person.id,
        name=person.name,
        language=person.language,
        is_admin=person.is_admin,
        is_coordinator=person.is_coordinator,
        posts={office_id: frozenset(held) for office_id, held in posts_held.items()},
        departments={office_id: frozenset(ids) for office_id, ids in works.items()},
        headed={office_id: frozenset(ids) for office_id, ids in headed.items()},
        lent_to=frozenset(lent_to),
    )
