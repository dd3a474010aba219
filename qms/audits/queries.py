"""Audits as pages and other rooms read them, and the auditors an office may choose from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload, raiseload

from qms.audits.models import Audit, AuditClause, AuditDepartment, AuditMember, Loan
from qms.core import text
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.loading import PARENTS, fill, fill_ones
from qms.core.paging import PER_PAGE, Paged, nearest, start
from qms.domain.competence import Appointment
from qms.domain.standing import Concern, TeamRole, Who
from qms.offices.models import Department, Office
from qms.people import models as people_models
from qms.people import queries as people
from qms.people.models import Person
from qms.policy import Reach

OPEN_STATES = ("planned", "under_way")
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
# Written once, because building a statement takes longer than running it.
_BY_KEY: Final = (
    select(Audit)
    .where(Audit.office_id == bindparam("office_id"), Audit.key == bindparam("key"))
    .options(joinedload(Audit.office), joinedload(Audit.edition))
)
_DEPARTMENTS: Final = (
    select(AuditDepartment).where(AuditDepartment.audit_id.in_(PARENTS)).options(joinedload(AuditDepartment.department))
)
_CLAUSES: Final = select(AuditClause).where(AuditClause.audit_id.in_(PARENTS)).options(joinedload(AuditClause.clause))
_TEAM: Final = select(AuditMember).where(AuditMember.audit_id.in_(PARENTS)).order_by(AuditMember.id)


def by_key(office: Office, key: str) -> Audit | None:
    """An audit of the office with everything its page shows."""
    audit = db.session.scalar(_BY_KEY, {"office_id": office.id, "key": key})
    if audit is not None:
        fill([audit], "clauses", _CLAUSES, by="audit_id")
        fill_scope_and_team([audit])
        fill_ones(people.everybody, (audit.team, ["person"]))
    return audit


def fill_scope_and_team(audits: Collection[Audit]) -> None:
    """Read what access to audits asks for, with the departments, but not yet with the people."""
    fill(audits, "departments", _DEPARTMENTS, by="audit_id")
    fill(audits, "team", _TEAM, by="audit_id")


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


def page(office_id: int, reach: Reach, year: int, *, number: int = 1) -> Page:
    """The audits that start in a year, the latest first; a page beyond the last is the last one."""
    wanted = and_(
        Audit.office_id == office_id, Audit.starts_on.between(date(year, 1, 1), date(year, 12, 31)), _within(reach)
    )
    total = db.session.scalar(select(func.count()).select_from(Audit).where(wanted)) or 0
    number = nearest(number, total)
    chosen = select(Audit.id).where(wanted).order_by(Audit.starts_on.desc(), Audit.id.desc())
    audits = _listed(chosen.limit(PER_PAGE).offset(start(number)))
    clause_counts = _clause_counts([audit.id for audit in audits])
    return Page(audits=audits, clause_counts=clause_counts, number=number, total=total)


def next_audit(office_id: int, reach: Reach, today: date) -> Listed | None:
    """The audit that runs now or comes next."""
    wanted = and_(Audit.office_id == office_id, Audit.state.in_(OPEN_STATES), Audit.ends_on >= today, _within(reach))
    chosen = select(Audit.id).where(wanted).order_by(Audit.starts_on, Audit.id)
    return next(iter(_listed(chosen.limit(1))), None)


def years(office_id: int, reach: Reach) -> tuple[int, int] | None:
    """The first and the last year with an audit; asked one by one, so that each is the end of an index."""
    within = (Audit.office_id == office_id, _within(reach))
    first = db.session.scalar(select(func.min(Audit.starts_on)).where(*within))
    last = db.session.scalar(select(func.max(Audit.starts_on)).where(*within))
    return (first.year, last.year) if first and last else None


def _listed(chosen: Select[int]) -> list[Listed]:
    """The audits of these ids, the latest first, in one statement: a row for each department of an audit."""
    ids = chosen.subquery()
    found = (
        select(*_LISTED, Person.name, Person.sort_key, Department.name, Department.sort_key)
        .join(ids, ids.c.id == Audit.id)
        .outerjoin(AuditMember, and_(AuditMember.audit_id == Audit.id, AuditMember.role == TeamRole.LEAD))
        .outerjoin(Person, Person.id == AuditMember.person_id)
        .outerjoin(AuditDepartment, AuditDepartment.audit_id == Audit.id)
        .outerjoin(Department, Department.id == AuditDepartment.department_id)
        .order_by(Audit.starts_on.desc(), Audit.id.desc())
    )
    listed: dict[int, Listed] = {}
    for *shown, lead_name, lead_key, unit_name, unit_key in db.session.execute(found):
        team = [Member(TeamRole.LEAD, Named(lead_name, lead_key))] if lead_name else []
        audit = listed.setdefault(shown[0], Listed([], team, *shown))
        if unit_name:
            audit.departments.append(Part(Named(unit_name, unit_key)))
    return list(listed.values())


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.everything:
        return true()
    own_departments = select(AuditDepartment.audit_id).where(AuditDepartment.department_id.in_(reach.department_ids))
    own_team = select(AuditMember.audit_id).where(AuditMember.person_id == reach.person_id)
    return or_(Audit.id.in_(own_departments), Audit.id.in_(own_team))


def _clause_counts(audit_ids: Collection[int]) -> dict[int, int]:
    """Counted, not loaded: a page of audits against a whole edition has thousands of clauses."""
    counted = select(AuditClause.audit_id, func.count()).where(AuditClause.audit_id.in_(audit_ids))
    return dict(db.session.execute(counted.group_by(AuditClause.audit_id)).all())


def is_number_taken(office_id: int, number: str) -> bool:
    """Whether an audit of the office has this number."""
    found = select(Audit.id).where(Audit.office_id == office_id, Audit.number == number)
    return db.session.scalar(found) is not None


def possible_auditors(office_id: int, on: date) -> list[Person]:
    """Who may be chosen for an audit on the day: the office's auditors and those lent to it, in Polish order."""
    lent = people.active_people(loans_on(office_id, on, on))
    everybody = {person.id: person for person in people.auditors_of(office_id, on)} | lent
    return sorted(everybody.values(), key=lambda person: person.sort_key)


def appointments(office_id: int, person_ids: Collection[int], on: date) -> dict[int, Appointment]:
    """The appointment as an auditor of the office that each person holds on the day."""
    post = people_models.Appointment
    rows = select(post.person_id, post.from_on, post.until_on).where(
        post.office_id == office_id,
        post.post == Who.AUDITOR,
        post.person_id.in_(person_ids),
        post.from_on <= on,
        or_(post.until_on.is_(None), post.until_on >= on),
    )
    return {person_id: Appointment(first, last) for person_id, first, last in db.session.execute(rows)}


def loans_on(office_id: int, first: date, last: date) -> dict[int, Appointment]:
    """Who is lent to the office on all of these days, and from when until when."""
    rows = select(Loan.person_id, Loan.from_on, Loan.until_on).where(
        Loan.office_id == office_id,
        Loan.consented_on.is_not(None),
        Loan.from_on <= first,
        Loan.until_on >= last,
    )
    return {person_id: Appointment(start, end) for person_id, start, end in db.session.execute(rows) if person_id}


def loans_of(office_id: int) -> list[Loan]:
    """What the office asked other offices for, the latest first."""
    found = select(Loan).where(Loan.office_id == office_id).order_by(Loan.asked_on.desc(), Loan.id.desc())
    shown = (joinedload(Loan.lender), joinedload(Loan.person), raiseload("*", sql_only=True))
    return list(db.session.scalars(found.options(*shown).limit(PER_PAGE)))


@dataclass(frozen=True)
class Request:
    """A loan as the office that is asked sees it: its own people decide, so it stands within its walls."""

    loan: Loan
    lender: Office

    @property
    def concern(self) -> Concern:
        return Concern(office_id=self.lender.id)


def requests_to(lender: Office) -> list[Request]:
    """What other offices ask this one for and wait to hear, the oldest first."""
    found = select(Loan).where(
        Loan.lender_office_id == lender.id, Loan.consented_on.is_(None), Loan.declined_on.is_(None)
    )
    return _requests(found.order_by(Loan.asked_on, Loan.id).limit(PER_PAGE), lender)


def request_to(lender: Office, key: str) -> Request | None:
    """One thing another office asks this one for."""
    found = select(Loan).where(Loan.lender_office_id == lender.id, Loan.key == key)
    return next(iter(_requests(found, lender)), None)


def _requests(found: Select[Loan], lender: Office) -> list[Request]:
    # A loan belongs to the office that asks; the one that is asked may read those addressed to it, and no others.
    with scoped(EVERY_OFFICE):
        loans = db.session.scalars(found.options(joinedload(Loan.office), joinedload(Loan.asked_by))).all()
    return [Request(loan, lender) for loan in loans]


def offices_named(typed: str, *, limit: int) -> list[Office]:
    """Offices whose name holds words that begin as typed, in Polish order."""
    patterns = text.search_patterns(typed)
    if not patterns:
        return []
    found = select(Office).where(*(Office.search_text.like(pattern) for pattern in patterns))
    return list(db.session.scalars(found.order_by(Office.sort_key).limit(limit)))
