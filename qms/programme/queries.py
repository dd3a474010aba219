"""Programmes as pages read them, in so many statements however much a year holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, raiseload
from sqlalchemy.orm.attributes import set_committed_value

from qms.audits.models import INTERNAL, Audit
from qms.certificates.models import Certificate
from qms.certificates.queries import is_of_quality
from qms.core.db import db
from qms.core.loading import PARENTS, Held, fill, fill_ones
from qms.domain.programme import State
from qms.domain.standing import Who
from qms.offices.models import Office
from qms.people import queries as people
from qms.programme.models import (
    Programme,
    ProgrammeApproval,
    ProgrammeEntry,
    ProgrammeEntryClause,
    ProgrammeEntryProcess,
    ProgrammeEntryUnit,
)
from qms.standards.models import Edition

_ENTRIES: Final = Held(
    "entries",
    select(ProgrammeEntry).where(ProgrammeEntry.programme_id.in_(PARENTS)).order_by(ProgrammeEntry.line),
    by=ProgrammeEntry.programme_id,
)
_APPROVALS: Final = Held(
    "approvals",
    select(ProgrammeApproval).where(ProgrammeApproval.programme_id.in_(PARENTS)).order_by(ProgrammeApproval.place),
    by=ProgrammeApproval.programme_id,
)
_UNITS: Final = Held(
    "units",
    select(ProgrammeEntryUnit)
    .where(ProgrammeEntryUnit.entry_id.in_(PARENTS))
    .options(joinedload(ProgrammeEntryUnit.department)),
    by=ProgrammeEntryUnit.entry_id,
)
_PROCESSES: Final = Held(
    "processes",
    select(ProgrammeEntryProcess)
    .where(ProgrammeEntryProcess.entry_id.in_(PARENTS))
    .options(joinedload(ProgrammeEntryProcess.process)),
    by=ProgrammeEntryProcess.entry_id,
)
_CLAUSES: Final = Held(
    "clauses",
    select(ProgrammeEntryClause)
    .where(ProgrammeEntryClause.entry_id.in_(PARENTS))
    .options(joinedload(ProgrammeEntryClause.clause)),
    by=ProgrammeEntryClause.entry_id,
)
_AUDITS: Final = (
    select(Audit).where(Audit.id.in_(bindparam("ids", expanding=True))).options(raiseload("*", sql_only=True))
)


def versions(office: Office, year: int) -> list[Programme]:
    """Every version of a year with all it plans, the newest first."""
    found = select(Programme).where(Programme.office_id == office.id, Programme.year == year)
    return _whole(db.session.scalars(found.order_by(Programme.issue.desc())), office)


def version(office: Office, year: int, issue: int | None = None) -> Programme | None:
    """One version of a year; the newest when none is asked for."""
    found = select(Programme).where(Programme.office_id == office.id, Programme.year == year)
    if issue is not None:
        found = found.where(Programme.issue == issue)
    return next(iter(_whole(db.session.scalars(found.order_by(Programme.issue.desc()).limit(1)), office)), None)


def by_key(office: Office, key: str) -> Programme | None:
    """One version, by its address."""
    found = select(Programme).where(Programme.office_id == office.id, Programme.key == key)
    return next(iter(_whole(db.session.scalars(found), office)), None)


def entry_by_key(office: Office, key: str) -> ProgrammeEntry | None:
    """A planned audit with its version; one that was taken off has no page."""
    found = select(ProgrammeEntry.programme_id).where(
        ProgrammeEntry.office_id == office.id, ProgrammeEntry.key == key, ProgrammeEntry.removed_because == ""
    )
    of_key = select(Programme).where(Programme.id.in_(found))
    programme = next(iter(_whole(db.session.scalars(of_key), office)), None)
    return next((each for each in programme.entries if each.key == key), None) if programme else None


def _whole(found: Iterable[Programme], office: Office) -> list[Programme]:
    programmes = list(found)
    for programme in programmes:
        set_committed_value(programme, "office", office)
    if programmes:
        fill(programmes, _ENTRIES)
        fill(programmes, _APPROVALS)
        _fill_entries(programmes)
    return programmes


def _fill_entries(programmes: list[Programme]) -> None:
    entries = [entry for programme in programmes for entry in programme.entries]
    for programme in programmes:
        for entry in programme.entries:
            set_committed_value(entry, "programme", programme)
    for each in (_UNITS, _PROCESSES, _CLAUSES):
        fill(entries, each)
    fill_ones(_audits, (entries, ["audit"]))
    approvals = [approval for programme in programmes for approval in programme.approvals]
    fill_ones(people.everybody, (entries, ["lead"]), (approvals, ["person"]))


def _audits(ids: Iterable[int]) -> dict[int, Audit]:
    return {audit.id: audit for audit in db.session.scalars(_AUDITS, {"ids": list(ids)})}


def issues(office_id: int, year: int) -> list[tuple[int, str]]:
    """The numbers and states of the versions of a year, the newest first."""
    found = select(Programme.issue, Programme.state).where(Programme.office_id == office_id, Programme.year == year)
    return [(issue, state) for issue, state in db.session.execute(found.order_by(Programme.issue.desc()))]


def last_line(office_id: int, year: int) -> int:
    """The highest number that a planned audit of the year ever had; numbers are not used again."""
    highest = (
        select(func.max(ProgrammeEntry.line))
        .join(Programme, Programme.id == ProgrammeEntry.programme_id)
        .where(ProgrammeEntry.office_id == office_id, Programme.year == year)
    )
    return db.session.scalar(highest) or 0


def same_line(entry: ProgrammeEntry) -> list[ProgrammeEntry]:
    """The planned audit in every version of its year."""
    found = (
        select(ProgrammeEntry)
        .join(Programme, Programme.id == ProgrammeEntry.programme_id)
        .where(
            ProgrammeEntry.office_id == entry.office_id,
            Programme.year == entry.programme.year,
            ProgrammeEntry.line == entry.line,
        )
    )
    return list(db.session.scalars(found))


def years(office_id: int) -> list[int]:
    """The years that have a programme."""
    return list(db.session.scalars(select(Programme.year).where(Programme.office_id == office_id).distinct()))


@dataclass(frozen=True)
class StepDue:
    """A sent version whose next step is to be taken by holders of a post."""

    office_id: int
    year: int
    post: Who


_STEPS_LEFT: Final = (
    select(Programme.id, Programme.office_id, Programme.year, ProgrammeApproval.post)
    .join(ProgrammeApproval, ProgrammeApproval.programme_id == Programme.id)
    .where(Programme.office_id.in_(PARENTS), Programme.state == State.SENT, ProgrammeApproval.person_id.is_(None))
    .order_by(Programme.year, Programme.id, ProgrammeApproval.place.desc())
)


def steps_due(office_ids: Collection[int]) -> list[StepDue]:
    """What waits for somebody's approval, by year."""
    left = db.session.execute(_STEPS_LEFT, {PARENTS.key: list(office_ids)})
    return list({row.id: StepDue(row.office_id, row.year, Who(row.post)) for row in left}.values())


def outside(programme: Programme | None, office_id: int, year: int) -> list[Audit]:
    """Internal audits of the year that no planned audit of the version became, in order, cancelled ones left out."""
    known = {entry.audit_id for entry in programme.planned if entry.audit_id} if programme else set()
    found = select(Audit).where(
        Audit.office_id == office_id,
        Audit.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
        Audit.kind.in_(sorted(INTERNAL)),
        Audit.state != "cancelled",
        Audit.id.not_in(known),
    )
    shown = found.order_by(Audit.starts_on, Audit.id).limit(MOST_OUTSIDE).options(raiseload("*", sql_only=True))
    return list(db.session.scalars(shown))


MOST_OUTSIDE: Final = 50


def used_editions(office_id: int) -> set[str]:
    """The editions the office ever worked by, or may: those of its certificates and audits, and those in force."""
    of_office = (Certificate.office_id == office_id, is_of_quality())
    of_certificates = select(Certificate.edition_code).where(*of_office).distinct()
    is_current = and_(Edition.status == "current", Edition.exclusion_rule != "")
    of_audits = select(Audit.edition_code).where(Audit.office_id == office_id).distinct()
    used = or_(Edition.code.in_(of_certificates), Edition.code.in_(of_audits), is_current)
    return set(db.session.scalars(select(Edition.code).where(used)))


def certified_days(office_id: int) -> list[tuple[date, date]]:
    """The first and the last day of each certificate of the office."""
    of_office = (Certificate.office_id == office_id, is_of_quality())
    found = select(Certificate.valid_from, Certificate.valid_until).where(*of_office)
    return [(first, last) for first, last in db.session.execute(found)]


def ordered(audit_id: int) -> tuple[int, int, int, str] | None:
    """Where an audit stands in the approved programme: year, version, number there, and the number of the order."""
    found = (
        select(Programme.year, Programme.issue, ProgrammeEntry.line, func.max(ProgrammeApproval.order_number))
        .join(ProgrammeEntry, ProgrammeEntry.programme_id == Programme.id)
        .join(ProgrammeApproval, ProgrammeApproval.programme_id == Programme.id)
        .where(ProgrammeEntry.audit_id == audit_id, Programme.state == State.APPROVED)
        .group_by(Programme.year, Programme.issue, ProgrammeEntry.line)
    )
    row = db.session.execute(found.order_by(Programme.issue.desc()).limit(1)).one_or_none()
    return (row[0], row[1], row[2], row[3]) if row else None


def in_force(office_id: int, year: int) -> int | None:
    """The number of the version that was approved last."""
    found = select(func.max(Programme.issue)).where(
        Programme.office_id == office_id, Programme.year == year, Programme.state == State.APPROVED
    )
    return db.session.scalar(found)
