"""All offices side by side, in counts and days: no name of a person and no word of a finding is read here.

Which office needs attention is asked of the database, so that a page of fifty costs the same among twenty offices and
among three thousand; every query here goes over all offices in scope or over the fifty shown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from qms.audits.models import Audit
from qms.certificates.models import Certificate
from qms.certificates.queries import is_after, is_of_quality
from qms.core import text
from qms.core.db import db
from qms.core.paging import PER_PAGE, Paged, nearest, start
from qms.cycle import queries as cycle
from qms.cycle.overdue import is_surveillance_overdue
from qms.cycle.queries import Standing
from qms.domain.calendar import add_days
from qms.domain.findings import GRAVE
from qms.domain.standing import Concern, Who
from qms.findings.models import Finding
from qms.findings.queries import is_open
from qms.offices.models import Office
from qms.people.models import Appointment, Person
from qms.standards.models import Edition

WARNING_DAYS: Final = 90  # from here on the coordinator is told of a certificate's end


class Worry(StrEnum):
    """Why an office needs attention; the words of the address."""

    ANY = "tak"
    CERTIFICATE = "certyfikat"
    SURVEILLANCE = "nadzor"
    OVERDUE = "po-terminie"
    NO_PROXY = "pelnomocnik"


_SHOWN: Final = (Office.id, Office.slug, Office.name, Office.voivodeship, Office.shares_content)
# The reasons one by one, the gravest first.
SINGLE: Final = (Worry.CERTIFICATE, Worry.SURVEILLANCE, Worry.OVERDUE, Worry.NO_PROXY)


@dataclass(frozen=True)
class Wanted:
    """Which offices to list; empty means any."""

    voivodeship: str = ""
    type: str = ""
    typed: str = ""
    worry: Worry | None = None


@dataclass(frozen=True)
class Totals:
    """How many offices there are, and how many of them need attention, in all and by reason."""

    offices: int
    worries: dict[Worry, int]


@dataclass(frozen=True)
class Row:
    """One office of the list; `office` is one of `_SHOWN`."""

    office: Any
    certificate: Standing
    audits_held: int
    audits_planned: int
    open: int
    overdue: int
    worries: frozenset[Worry]

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id, is_shared=self.office.shares_content)


@dataclass(frozen=True, kw_only=True)
class Page(Paged):
    """A page of offices in Polish order."""

    rows: list[Row]


def voivodeships() -> list[str]:
    """Those that have an office here, in Polish order."""
    return sorted(db.session.scalars(select(Office.voivodeship).distinct()), key=text.sort_key)


def totals(wanted: Wanted, today: date) -> Totals:
    """Counted among the offices wanted, whatever worry is asked for."""
    worries = list(_worries(today).values())
    counted = select(*worries, func.count()).select_from(Office).where(*_matching(wanted)).group_by(*worries)
    found = {_named(answers): offices for *answers, offices in db.session.execute(counted)}
    by_worry = {worry: sum(offices for each, offices in found.items() if worry in each) for worry in Worry}
    return Totals(sum(found.values()), by_worry)


def page(wanted: Wanted, today: date, *, number: int, total: int) -> Page:
    """One page of the offices wanted, of which there are `total`; a page beyond the last is the last one."""
    number = nearest(number, total)
    worries = _worries(today)
    found = select(*_SHOWN, *worries.values()).where(*_matching(wanted))
    if wanted.worry:
        found = found.where(worries.get(wanted.worry, or_(*worries.values())))
    found = found.order_by(Office.sort_key, Office.id).limit(PER_PAGE).offset(start(number))
    rows = db.session.execute(found).all()
    told = _told([(row, _named(row[len(_SHOWN) :])) for row in rows], today)
    return Page(rows=told, number=number, total=total)


def _named(answers: Iterable[Any]) -> frozenset[Worry]:
    """The worries among the answers of the database, in the order of `_worries`; any of them makes one more."""
    named = {worry for worry, is_so in zip(SINGLE, answers, strict=True) if is_so}
    return frozenset(named | {Worry.ANY} if named else named)


def _told(offices: list[tuple[Any, frozenset[Worry]]], today: date) -> list[Row]:
    ids = [office.id for office, _ in offices]
    certificates = cycle.state_of(ids, today)
    audits, cases = _audits(ids, today), _cases(ids, today)
    return [
        Row(
            office,
            certificates[office.id],
            *audits.get(office.id, (0, 0)),
            *cases.get(office.id, (0, 0)),
            worries,
        )
        for office, worries in offices
    ]


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    patterns = text.search_patterns(wanted.typed)
    found: list[ColumnElement[bool]] = [Office.search_text.like(pattern) for pattern in patterns]
    if wanted.voivodeship:
        found.append(Office.voivodeship == wanted.voivodeship)
    if wanted.type:
        found.append(Office.type == wanted.type)
    return found


@lru_cache(maxsize=1)
def _worries(today: date) -> dict[Worry, ColumnElement[bool]]:
    asked = (
        _is_certificate_in_danger(today),
        is_surveillance_overdue(Office.id, today),
        _has_late_case(today),
        ~_has_proxy(today),
    )
    return {worry: question.label(worry.name.lower()) for worry, question in zip(SINGLE, asked, strict=True)}


def _has_late_case(today: date) -> ColumnElement[bool]:
    return exists().where(Finding.office_id == Office.id, is_open(*GRAVE), Finding.due_on < today)


def _has_proxy(today: date) -> ColumnElement[bool]:
    return exists().where(
        Appointment.office_id == Office.id,
        Appointment.post == Who.PROXY,
        Appointment.from_on <= today,
        or_(Appointment.until_on.is_(None), Appointment.until_on >= today),
        Person.id == Appointment.person_id,
        Person.deactivated_at.is_(None),
    )


def _is_certificate_in_danger(today: date) -> ColumnElement[bool]:
    """Of the newest certificate, once it has begun; an office that never had one is only preparing.

    Says the same as `domain.certification.status`, which knows no database.
    """
    later = aliased(Certificate)
    is_followed = exists().where(later.office_id == Certificate.office_id, is_after(later, Certificate))
    is_cut_short = Edition.certificates_until < Certificate.valid_until
    ends_on = case((is_cut_short, Edition.certificates_until), else_=Certificate.valid_until)
    is_suspended = and_(
        Certificate.suspended_on <= today, or_(Certificate.restored_on.is_(None), Certificate.restored_on > today)
    )
    return exists().where(
        Certificate.office_id == Office.id,
        Edition.code == Certificate.edition_code,
        is_of_quality(),
        Certificate.valid_from <= today,
        ~is_followed,
        or_(ends_on <= add_days(today, WARNING_DAYS), Certificate.withdrawn_on <= today, is_suspended),
    )


def _audits(office_ids: Collection[int], today: date) -> dict[int, tuple[int, int]]:
    """Per office, audits held and planned in this year, counted as the office's own page of tasks counts them."""
    is_held = or_(Audit.state == "finished", Audit.ends_on < today)
    counted = (
        select(Audit.office_id, func.count().filter(is_held), func.count())
        .where(
            Audit.office_id.in_(office_ids),
            Audit.starts_on.between(date(today.year, 1, 1), date(today.year, 12, 31)),
            Audit.state != "cancelled",
        )
        .group_by(Audit.office_id)
    )
    return {office_id: (held, planned) for office_id, held, planned in db.session.execute(counted)}


def _cases(office_ids: Collection[int], today: date) -> dict[int, tuple[int, int]]:
    """Per office, nonconformities open and overdue, as `findings.queries.counts` counts them; read from one index."""
    counted = (
        select(Finding.office_id, func.count(), func.count().filter(Finding.due_on < today))
        .where(Finding.office_id.in_(office_ids), is_open(*GRAVE))
        .group_by(Finding.office_id)
    )
    return {office_id: (open_, overdue) for office_id, open_, overdue in db.session.execute(counted)}
