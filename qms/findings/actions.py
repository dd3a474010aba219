"""The register of actions: what is to be done in all cases a person may list, the latest first, then what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from qms.core import paging
from qms.core.db import db
from qms.core.paging import PER_PAGE, Part, start
from qms.domain.deadlines import Kind
from qms.findings.models import Action, Finding
from qms.findings.queries import is_under_way, within
from qms.findings.share_models import SharedAction
from qms.offices.models import Department
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Reach

# What was done is narrowed among the newest only, so that a rare match costs no more than a common one.
SEARCHED: Final = 5000
SHOWN_LETTERS: Final = 121


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to. `due_by`: not done, and due on that day or before."""

    is_undone: bool = True
    is_done: bool = False
    department_id: int | None = None
    owner_id: int | None = None
    due_by: date | None = None

    @property
    def is_narrow(self) -> bool:
        return self.department_id is not None or self.owner_id is not None


@dataclass(frozen=True, kw_only=True)
class Page(Part):
    """A page of the list."""

    done_since: date | None = None  # from which day on what was done is listed, when not from the first


def page(office_id: int, reach: Reach, filters: Filters, *, number: int = 1) -> Page:
    """A page of the list; like the register of findings it is counted no further than `paging.COUNTED`."""
    parts, since = _parts(office_id, reach, filters)
    before, first = start(number), _ids(parts, paging.COUNTED + 1)
    ids = first[before : before + PER_PAGE + 1]
    if before + PER_PAGE >= paging.COUNTED < len(first):
        ids = _ids(parts, PER_PAGE + 1, after=before)
    has_next = len(ids) > PER_PAGE
    return Page(
        rows=rows(ids[:PER_PAGE], letters=SHOWN_LETTERS),
        number=number,
        total=len(first),
        has_next=has_next,
        done_since=since,
    )


def listed(office_id: int, reach: Reach, filters: Filters, *, most: int) -> list[int]:
    """The ids of what all pages together show, in their order and no more than so many."""
    return _ids(_parts(office_id, reach, filters)[0], most)


def known(office_id: int, reach: Reach, keys: Sequence[str]) -> list[int]:
    """The ids of the actions with these keys that the reader may list, latest first; another key means nothing."""
    case = (Finding.id == Action.finding_id, Finding.reported_on.is_not(None), within(reach))
    found = select(Action.id).where(Action.office_id == office_id, Action.key.in_(keys), exists().where(*case))
    return list(db.session.scalars(found.order_by(Action.due_on, Action.id))) if keys else []


Statement = Select[int]


def _ids(parts: Sequence[Statement], most: int, *, after: int = 0) -> list[int]:
    """So many ids of the parts, which follow each other, from a place on."""
    found: list[int] = []
    for part in parts:
        ids = list(db.session.scalars(part.offset(after).limit(most - len(found))))
        found += ids
        if len(found) == most:
            break
        after = 0 if ids or not after else max(0, after - _count(part))
    return found


def _count(part: Statement) -> int:
    return db.session.scalar(part.with_only_columns(func.count(Action.id)).order_by(None)) or 0


def _parts(office_id: int, reach: Reach, filters: Filters) -> tuple[list[Statement], date | None]:
    """What is to be done and what was done, each along its own index."""
    parts, since = [], None
    if filters.is_undone:
        parts.append(_undone(office_id, reach, filters))
    if filters.is_done and filters.due_by is None:
        since = None if reach.everything and not filters.is_narrow else _searched_since(office_id)
        parts.append(_done(office_id, reach, filters, since=since))
    return parts, since


def _undone(office_id: int, reach: Reach, filters: Filters) -> Statement:
    """What waits to be done now. Cases of a part of the office are found first: those being worked on are few."""
    found = select(Action.id).where(Action.office_id == office_id, Action.done_on.is_(None), *_of_owner(filters))
    found = found.where(exists().where(is_under_way(), Finding.reported_on.is_not(None)))
    if filters.due_by is not None:
        found = found.where(Action.due_on <= filters.due_by)
    if filters.department_id is not None or not reach.everything:
        worked = (Finding.office_id == office_id, Finding.waits_for == Kind.ACTION)
        found = found.where(Action.finding_id.in_(select(Finding.id).where(*worked, *_of_case(reach, filters))))
    return found.order_by(Action.due_on, Action.id)


def _done(office_id: int, reach: Reach, filters: Filters, *, since: date | None) -> Statement:
    found = select(Action.id).where(Action.office_id == office_id, Action.done_on.is_not(None), *_of_owner(filters))
    if since is not None:
        found = found.where(Action.done_on >= since)
    case = (Finding.id == Action.finding_id, Finding.reported_on.is_not(None))
    return found.where(exists().where(*case, *_of_case(reach, filters))).order_by(
        Action.done_on.desc(), Action.id.desc()
    )


def _of_owner(filters: Filters) -> list[ColumnElement[bool]]:
    return [] if filters.owner_id is None else [Action.owner_id == filters.owner_id]


def _of_case(reach: Reach, filters: Filters) -> list[ColumnElement[bool]]:
    of_unit = [] if filters.department_id is None else [Finding.department_id == filters.department_id]
    return [within(reach), *of_unit]


def _searched_since(office_id: int) -> date | None:
    days = select(Action.done_on).where(Action.office_id == office_id, Action.done_on.is_not(None))
    return db.session.scalar(days.order_by(Action.done_on.desc(), Action.id.desc()).offset(SEARCHED).limit(1))


_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_LEADING: Final = aliased(Finding)
_STANDS_FOR: Final = and_(SharedAction.action_id == Action.id, SharedAction.ended_on.is_(None))
_ROWS: Final = (
    select(
        Action.id,
        Action.key,
        func.substr(Action.description, 1, bindparam("letters")).label("description"),
        Action.owner_id,
        Action.due_on,
        Action.first_due_on,
        Action.date_moves,
        Action.done_on,
        Person.name.label("owner"),
        Finding.key.label("case_key"),
        Finding.number,
        Department.name.label("department"),
        _LEADING.number.label("looked_after_in"),
    )
    .join(Finding, Finding.id == Action.finding_id)
    .join(Department, Department.id == Finding.department_id)
    .join(Person, Person.id == Action.owner_id)
    .outerjoin(SharedAction, _STANDS_FOR)
    .outerjoin(_LEADING, _LEADING.id == SharedAction.leader_finding_id)
    .where(Action.id.in_(_IDS))
)


def rows(ids: Sequence[int], *, letters: int) -> list[Any]:
    """The rows of these ids in their order, descriptions no longer than so many letters."""
    asked = {"ids": list(ids), "letters": letters}
    found = {row.id: row for row in db.session.execute(_ROWS, asked)} if ids else {}
    return [found[action_id] for action_id in ids]


def owners(office_id: int, reach: Reach, *, today: date) -> list[tuple[str, str, int]]:
    """The people to narrow the list to, by key, name and id: those of the office, or who does what the reader sees."""
    if reach.everything:
        return [(person.key, person.name, person.id) for person in people.people_of(office_id, today)]
    undone = _undone(office_id, reach, Filters()).order_by(None)
    doing = select(Action.owner_id).where(Action.id.in_(undone))
    found = select(Person.key, Person.name, Person.id).where(Person.id.in_(doing)).order_by(Person.sort_key)
    return [(row.key, row.name, row.id) for row in db.session.execute(found)]
