"""The list of an office's audits, as far as a person may list them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, false, func, or_, select, true

from qms.audits.models import INTERNAL, OPEN_STATES, Audit, AuditClause, AuditDepartment, AuditMember
from qms.core.db import db
from qms.core.paging import PER_PAGE, Paged, nearest, start
from qms.domain.closing import Standing
from qms.domain.standing import TeamRole
from qms.offices.models import Department
from qms.people.models import Person
from qms.policy import Reach

# Set by the app: that an audit has cases which wait for something, from the room above.
has_open_cases: Callable[[], ColumnElement[bool]] = false

_LISTED = (
    Audit.id,
    Audit.key,
    Audit.number,
    Audit.kind,
    Audit.edition_code,
    Audit.starts_on,
    Audit.ends_on,
    Audit.state,
    Audit.finding_count,
    Audit.published_at,
    Audit.body,
)


class Named(NamedTuple):
    """A department or a person of a listed audit."""

    name: str
    sort_key: str


class Part(NamedTuple):
    department: Named


class Member(NamedTuple):
    role: TeamRole
    person: Named


@dataclass(frozen=True)
class Listed:
    """What a list shows of an audit, under the names an `Audit` has for it, so that the same macros show both."""

    departments: list[Part]
    team: list[Member]
    id: int
    key: str
    number: str
    kind: str
    edition_code: str
    starts_on: date
    ends_on: date
    state: str
    finding_count: int
    published_at: datetime | None
    body: str


@dataclass(frozen=True, kw_only=True)
class Page(Paged):
    """A page of a year's audits; `clause_counts` by audit id."""

    audits: list[Listed]
    clause_counts: dict[int, int]


@dataclass(frozen=True)
class _Statements:
    """What the list of audits asks, of everything or of what somebody may list."""

    total: Select[int]
    chosen: Select[*tuple[Any, ...]]
    coming: Select[*tuple[Any, ...]]
    first: Select[Any]
    last: Select[Any]


@cache
def _statements(*, of_everything: bool, standing: Standing | None) -> _Statements:
    within = (Audit.office_id == bindparam("office_id"), true() if of_everything else _IS_WITHIN)
    is_chosen = true() if standing is None else is_standing(standing)
    of_year = (*within, Audit.starts_on.between(bindparam("since"), bindparam("until")), is_chosen)
    newest = select(Audit.id).where(*of_year).order_by(Audit.starts_on.desc(), Audit.id.desc())
    open_ = select(Audit.id).where(*within, Audit.state.in_(OPEN_STATES), Audit.ends_on >= bindparam("today"))
    return _Statements(
        total=select(func.count()).select_from(Audit).where(*of_year),
        chosen=_rows_of(newest.limit(PER_PAGE).offset(bindparam("before", type_=Integer))),
        coming=_rows_of(open_.order_by(Audit.starts_on, Audit.id).limit(1)),
        first=select(func.min(Audit.starts_on)).where(*within),
        last=select(func.max(Audit.starts_on)).where(*within),
    )


def is_standing(standing: Standing) -> ColumnElement[bool]:
    """The same as `domain.closing.standing`, which knows no database, says of an audit that was not cancelled."""
    is_held_outside = and_(Audit.kind.not_in(sorted(INTERNAL)), Audit.ends_on < bindparam("today"))
    is_done = or_(Audit.state == "finished", and_(Audit.state == "planned", is_held_outside))
    if standing is Standing.TO_HOLD:
        return and_(Audit.state == "planned", ~is_held_outside)
    if standing is Standing.CLOSED:
        return and_(is_done, ~has_open_cases())
    return or_(Audit.state == "under_way", and_(is_done, has_open_cases()))


_OWN_DEPARTMENTS: Final = select(AuditDepartment.audit_id).where(
    AuditDepartment.department_id.in_(bindparam("department_ids", expanding=True))
)
_OWN_TEAM: Final = select(AuditMember.audit_id).where(AuditMember.person_id == bindparam("person_id"))
_IS_WITHIN: Final = or_(Audit.id.in_(_OWN_DEPARTMENTS), Audit.id.in_(_OWN_TEAM))


def _rows_of(chosen: Select[int]) -> Select[*tuple[Any, ...]]:
    """The audits of these ids, the latest first, in one statement: a row for each department of an audit."""
    ids = chosen.subquery()
    return (
        select(*_LISTED, Person.name, Person.sort_key, Department.name, Department.sort_key)
        .join(ids, ids.c.id == Audit.id)
        .outerjoin(AuditMember, and_(AuditMember.audit_id == Audit.id, AuditMember.role == TeamRole.LEAD))
        .outerjoin(Person, Person.id == AuditMember.person_id)
        .outerjoin(AuditDepartment, AuditDepartment.audit_id == Audit.id)
        .outerjoin(Department, Department.id == AuditDepartment.department_id)
        .order_by(Audit.starts_on.desc(), Audit.id.desc())
    )


class Listing:
    """The audits of an office that somebody may list; of one standing only for who may count all they found."""

    def __init__(self, office_id: int, reach: Reach, today: date, *, standing: Standing | None = None) -> None:
        self._asks = _statements(of_everything=reach.everything, standing=standing if reach.everything else None)
        self._asked: dict[str, Any] = {"office_id": office_id, "today": today}
        if not reach.everything:
            self._asked |= {"department_ids": sorted(reach.department_ids), "person_id": reach.person_id}

    def page(self, year: int, *, number: int = 1) -> Page:
        """Those that start in a year, the latest first; a page beyond the last is the last one."""
        asked = self._asked | {"since": date(year, 1, 1), "until": date(year, 12, 31)}
        total = db.session.scalar(self._asks.total, asked) or 0
        number = nearest(number, total)
        audits = _listed(db.session.execute(self._asks.chosen, asked | {"before": start(number)}))
        clause_counts = _clause_counts([audit.id for audit in audits])
        return Page(audits=audits, clause_counts=clause_counts, number=number, total=total)

    def coming(self) -> Listed | None:
        """The audit that runs now or comes next."""
        return next(iter(_listed(db.session.execute(self._asks.coming, self._asked))), None)

    def years(self) -> tuple[int, int] | None:
        """The first and the last year with an audit; asked one by one, so that each is the end of an index."""
        first, last = (db.session.scalar(asks, self._asked) for asks in (self._asks.first, self._asks.last))
        return (first.year, last.year) if first and last else None


def _listed(rows: Iterable[Any]) -> list[Listed]:
    listed: dict[int, Listed] = {}
    for *shown, lead_name, lead_key, unit_name, unit_key in rows:
        team = [Member(TeamRole.LEAD, Named(lead_name, lead_key))] if lead_name else []
        audit = listed.setdefault(shown[0], Listed([], team, *shown))
        if unit_name:
            audit.departments.append(Part(Named(unit_name, unit_key)))
    return list(listed.values())


# Counted, not loaded: a page of audits against a whole edition has thousands of clauses.
_COUNTS: Final = (
    select(AuditClause.audit_id, func.count())
    .where(AuditClause.audit_id.in_(bindparam("ids", expanding=True)))
    .group_by(AuditClause.audit_id)
)


def _clause_counts(audit_ids: Collection[int]) -> dict[int, int]:
    return dict(db.session.execute(_COUNTS, {"ids": list(audit_ids)}).all())
