"""What the coverage map, the suggestion and the checks of a programme are made from."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from qms.audits.models import INTERNAL, Audit, AuditClause, AuditDepartment, AuditProcess
from qms.core.db import db
from qms.domain.calendar import add_months
from qms.domain.competence import Appointment
from qms.domain.coverage import LONG_UNSEEN_MONTHS, Coverage, Seen, coverage, cycle_of
from qms.domain.proposal import MONTHS, WHOLE, Unit, month_span
from qms.domain.staffing import Auditor, Planned, Staff
from qms.domain.standing import Who
from qms.domain.turns import Turn
from qms.findings.models import Finding
from qms.offices import queries as offices
from qms.people import models as people_models
from qms.people import queries as people
from qms.people.models import Loan
from qms.programme import queries
from qms.programme.models import Programme
from qms.requirements import queries as requirements
from qms.standards import queries as standards
from qms.standards.models import Clause
from qms.training import queries as training

_CHAPTER: Final = cast(func.substr(Clause.place, 1, 2), Integer)  # a place is "07.05.03"


def _seen(part: InstrumentedAttribute[int], level: ColumnElement[Any] | InstrumentedAttribute[str]) -> Select[Any]:
    """How often each part of a scope was audited against each place, and when last. Only audits that were held count.

    `part` is the column of the departments, or of the processes, of audits.
    """
    return (
        select(
            part,
            level,
            func.count(Audit.id.distinct()).filter(Audit.ends_on.between(bindparam("first"), bindparam("last"))),
            func.max(Audit.ends_on),
        )
        .join(Audit, Audit.id == part.class_.audit_id)
        .join(AuditClause, AuditClause.audit_id == Audit.id)
        .join(Clause, Clause.id == AuditClause.clause_id)
        .where(
            Audit.office_id == bindparam("office_id"),
            Audit.kind.in_(sorted(INTERNAL)),
            Audit.state != "cancelled",
            Audit.edition_code == bindparam("edition"),
            Audit.starts_on >= bindparam("since"),
            Audit.ends_on <= bindparam("today"),
        )
        .group_by(part, level)
    )


def _by_clause(part: InstrumentedAttribute[int]) -> Select[Any]:
    return _seen(part, Clause.number).where(bindparam("chapter") == _CHAPTER)


class Part(StrEnum):
    """What of the scope of audits a map has its rows for."""

    UNITS = "units"
    PROCESSES = "processes"


_COLUMNS: Final = {Part.UNITS: AuditDepartment.department_id, Part.PROCESSES: AuditProcess.process_id}
_BY_CHAPTER: Final = {part: _seen(column, _CHAPTER) for part, column in _COLUMNS.items()}
_BY_CLAUSE: Final = {part: _by_clause(column) for part, column in _COLUMNS.items()}
_OPEN_CASES: Final = (
    select(Finding.department_id, _CHAPTER, func.count())
    .outerjoin(Clause, Clause.id == Finding.clause_id)
    .where(
        Finding.office_id == bindparam("office_id"), Finding.waits_for.is_not(None), Finding.reported_on.is_not(None)
    )
    .group_by(Finding.department_id, _CHAPTER)
)


_LAST_OF_PROCESSES: Final = (
    select(AuditProcess.process_id, func.max(Audit.ends_on).label("last_on"))
    .join(Audit, Audit.id == AuditProcess.audit_id)
    .where(
        Audit.office_id == bindparam("office_id"),
        Audit.kind.in_(sorted(INTERNAL)),
        Audit.state != "cancelled",
        Audit.ends_on <= bindparam("today"),
    )
    .group_by(AuditProcess.process_id)
)


def chapters(edition_code: str) -> dict[str, list[str]]:
    """The chapters of an edition that are audited against, each with its clauses."""
    found: dict[str, list[str]] = defaultdict(list)
    for clause in standards.auditable(edition_code):
        found[clause.number.partition(".")[0]].append(clause.number)
    return dict(found)


def cycle(office_id: int, year: int) -> tuple[date, date]:
    """The days of the certificate's cycle over which the map of a year is drawn."""
    return cycle_of(queries.certified_days(office_id), year)


def seen(
    office_id: int, edition: str, cycle: tuple[date, date], *, today: date, chapter: str = "", part: Part = Part.UNITS
) -> list[Seen]:
    """What was audited where, by chapter, or by the clauses of one chapter."""
    first, last = cycle
    asked: dict[str, Any] = {"office_id": office_id, "edition": edition, "first": first, "last": last, "today": today}
    asked["since"] = min(first, add_months(today, -LONG_UNSEEN_MONTHS * 2))
    statement = _BY_CLAUSE[part] if chapter else _BY_CHAPTER[part]
    rows = db.session.execute(statement, asked | ({"chapter": int(chapter)} if chapter else {}))
    return [Seen(row, str(place), count, last_on) for row, place, count, last_on in rows]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a map of an office is drawn by; a chapter shows its clauses."""

    office_id: int
    edition: str
    cycle: tuple[date, date]
    today: date
    chapter: str = ""

    def covered(self, part: Part, rows: Collection[int]) -> Coverage:
        """The map of the cycle: departments or processes by chapters, or by the clauses of one chapter."""
        places = chapters(self.edition)
        if self.chapter:
            places = {number: [number] for number in places.get(self.chapter, ())}
        found = seen(self.office_id, self.edition, self.cycle, today=self.today, chapter=self.chapter, part=part)
        left_out = requirements.excluded(self.office_id, self.edition, self.today)
        return coverage(rows, places, found, left_out=left_out, today=self.today)


def units(office_id: int, edition: str, *, ids: Iterable[int], important: Collection[int], today: date) -> list[Unit]:
    """What is known of each department: when its chapters were last audited, and which cases are open."""
    last_seen: dict[int, dict[str, date]] = defaultdict(dict)
    ever = (date(today.year - 10, 1, 1), today)
    for row in seen(office_id, edition, ever, today=today):
        last_seen[row.row][row.place] = row.last_on
    open_cases: dict[int, dict[str, int]] = defaultdict(dict)
    for unit, chapter, count in db.session.execute(_OPEN_CASES, {"office_id": office_id}):
        open_cases[unit][str(chapter or WHOLE)] = count
    return [
        Unit(unit=each, last_seen=last_seen[each], open_cases=open_cases[each], is_important=each in important)
        for each in ids
    ]


def turns(office_id: int, year: int, *, today: date) -> list[Turn]:
    """The processes of the year, with when each was audited last."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    seen = db.session.execute(_LAST_OF_PROCESSES, {"office_id": office_id, "today": today})
    last_on = {row.process_id: row.last_on for row in seen}
    return [
        Turn(
            process=process.id,
            name=process.name,
            units=frozenset(part.department_id for part in process.departments),
            owners=frozenset(
                each.person_id
                for each in process.owners
                if each.from_on <= last and (each.until_on is None or each.until_on >= first)
            ),
            last_on=last_on.get(process.id),
            importance=process.importance,
        )
        for process in offices.processes(office_id, max(today, first))
    ]


def staff(office_id: int, year: int) -> Staff:
    """Who may be asked to lead audits of a year, and who worked where."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = _auditors(office_id, first, last)
    trained = training.qualifications(None, list(held))
    auditors = {each: Auditor(each, tuple(days), tuple(trained.get(each, ()))) for each, days in held.items()}
    everybody = people.memberships(office_id)
    return Staff(
        auditors=auditors,
        memberships=[each for each in everybody if each.is_head or each.person_id in auditors],
        parents=people.parents(office_id),
        heads_of_office=_heads(office_id, year),
    )


def _auditors(office_id: int, first: date, last: date) -> dict[int, list[Appointment]]:
    """Who is appointed as an auditor or lent on some of these days; nobody whose account is closed."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    for person_id, from_on, until_on in _posts(office_id, Who.AUDITOR, first=first, last=last):
        found[person_id].append(Appointment(from_on, until_on))
    lent = select(Loan.person_id, Loan.from_on, Loan.until_on).where(
        Loan.office_id == office_id, Loan.consented_on.is_not(None), Loan.from_on <= last, Loan.until_on >= first
    )
    for lent_id, since, until in db.session.execute(lent):
        if lent_id is not None:  # there once the lender consented
            found[lent_id].append(Appointment(since, until))
    active = people.active_ids(list(found))
    return {person_id: days for person_id, days in found.items() if person_id in active}


def _heads(office_id: int, year: int) -> dict[int, list[int]]:
    held = _posts(office_id, Who.HEAD_OF_OFFICE, first=date(year, 1, 1), last=date(year, 12, 31))
    return {
        month: [person for person, from_on, until_on in held if from_on <= last and (until_on or last) >= first]
        for month in MONTHS
        for first, last in [month_span(year, month)]
    }


def _posts(office_id: int, post: Who, *, first: date, last: date) -> list[tuple[int, date, date | None]]:
    row = people_models.Appointment
    overlaps = and_(row.from_on <= last, or_(row.until_on.is_(None), row.until_on >= first))
    found = select(row.person_id, row.from_on, row.until_on).where(
        row.office_id == office_id, row.post == post, overlaps
    )
    return [(person_id, from_on, until_on) for person_id, from_on, until_on in db.session.execute(found)]


def planned(programme: Programme) -> list[Planned]:
    """What a version plans, as the rules check it."""
    return [
        Planned(
            number=entry.line,
            units=entry.compared.units,
            edition=entry.edition_code,
            window=entry.window,
            lead_id=entry.lead_id,
        )
        for entry in programme.planned
    ]
