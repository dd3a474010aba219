"""Audits as pages and other rooms read them, and the auditors an office may choose from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, raiseload
from sqlalchemy.orm.attributes import set_committed_value

from qms.audits.models import (
    OPEN_STATES,
    Audit,
    AuditClause,
    AuditConflict,
    AuditDepartment,
    AuditMember,
    AuditProcess,
    AuditSlot,
)
from qms.core import text
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.loading import PARENTS, Held, fill, fill_told, telling
from qms.core.paging import PER_PAGE
from qms.domain.competence import Appointment
from qms.domain.standing import Concern, Who
from qms.offices.models import Office
from qms.people import models as people_models
from qms.people import queries as people
from qms.people.models import Loan, Person

# Written once, because building a statement takes longer than running it.
_DEPARTMENTS: Final = Held(
    "departments",
    select(AuditDepartment)
    .where(AuditDepartment.audit_id.in_(PARENTS))
    .options(joinedload(AuditDepartment.department)),
    by=AuditDepartment.audit_id,
)
_CLAUSES: Final = Held(
    "clauses",
    select(AuditClause).where(AuditClause.audit_id.in_(PARENTS)).options(joinedload(AuditClause.clause)),
    by=AuditClause.audit_id,
)
_TEAM: Final = Held(
    "team",
    select(AuditMember).where(AuditMember.audit_id.in_(PARENTS)).order_by(AuditMember.id),
    by=AuditMember.audit_id,
)
_TEAM_BY_NAME: Final = Held("team", _TEAM.rows.options(joinedload(AuditMember.person)), by=AuditMember.audit_id)
# What many an audit has nothing of.
_SELDOM: Final = (
    Held(
        "processes",
        select(AuditProcess).where(AuditProcess.audit_id.in_(PARENTS)).options(joinedload(AuditProcess.process)),
        by=AuditProcess.audit_id,
    ),
    Held(
        "conflicts",
        select(AuditConflict)
        .where(AuditConflict.audit_id.in_(PARENTS))
        .order_by(AuditConflict.id)
        .options(joinedload(AuditConflict.person), joinedload(AuditConflict.permitted_by)),
        by=AuditConflict.audit_id,
    ),
    Held(
        "slots",
        select(AuditSlot)
        .where(AuditSlot.audit_id.in_(PARENTS))
        .order_by(AuditSlot.day, AuditSlot.from_time, AuditSlot.id),
        by=AuditSlot.audit_id,
    ),
)
_BY_KEY: Final = telling(
    select(Audit)
    .where(Audit.office_id == bindparam("office_id"), Audit.key == bindparam("key"))
    .options(joinedload(Audit.edition)),
    Audit.id,
    *_SELDOM,
)


def by_key(office: Office, key: str) -> Audit | None:
    """An audit of the office with everything its page shows."""
    found = db.session.execute(_BY_KEY, {"office_id": office.id, "key": key}).all()
    for row in found:
        set_committed_value(row[0], "office", office)
        for each in (_CLAUSES, _DEPARTMENTS, _TEAM_BY_NAME):
            fill([row[0]], each)
    fill_told(found, *_SELDOM)
    return found[0][0] if found else None


def slot_by_key(office: Office, key: str) -> AuditSlot | None:
    """A row of a timetable of the office, with its audit as the page of the audit has it."""
    of_slot = select(Audit.key).join(AuditSlot, AuditSlot.audit_id == Audit.id)
    audit_key = db.session.scalar(of_slot.where(AuditSlot.office_id == office.id, AuditSlot.key == key))
    audit = by_key(office, audit_key) if audit_key else None
    return next((slot for slot in audit.slots if slot.key == key), None) if audit else None


def fill_scope_and_team(audits: Collection[Audit]) -> None:
    """Read what access to audits asks for, with the departments, but not yet with the people."""
    fill(audits, _DEPARTMENTS)
    fill(audits, _TEAM)


def meanwhile(audit: Audit, person_ids: Collection[int]) -> list[tuple[str, int]]:
    """Other audits of the office on the same days, by number, with each of these people who is on their team."""
    found = (
        select(Audit.number, AuditMember.person_id)
        .join(AuditMember, AuditMember.audit_id == Audit.id)
        .where(
            Audit.office_id == audit.office_id,
            Audit.id != audit.id,
            Audit.state.in_(OPEN_STATES),
            Audit.starts_on <= audit.ends_on,
            Audit.ends_on >= audit.starts_on,
            AuditMember.person_id.in_(person_ids),
        )
        .order_by(Audit.starts_on, Audit.id, AuditMember.id)
    )
    return [(number, person_id) for number, person_id in db.session.execute(found)]


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
