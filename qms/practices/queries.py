"""Offers as their office, the coordinator and all offices read them.

What goes over all offices reads this one table, clauses, and names of offices that agreed to be named: of a finding
only whether it still stands, and of its audit or its people nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload, raiseload

from qms.core.db import db
from qms.core.paging import PER_PAGE, Paged, nearest, start
from qms.domain.findings import State
from qms.domain.practices import FALLEN, Sharing, as_read
from qms.findings.models import Finding
from qms.offices.models import Office
from qms.practices.models import Practice
from qms.standards.models import Clause

MOST: Final = 100  # of offers on one page; those that wait longest come first
_IS_OF: Final = Finding.id == Practice.finding_id
_STANDS: Final = Finding.state.not_in(sorted(FALLEN))


@dataclass(frozen=True)
class Told:
    """What a reader outside the office is told of a practice; no office where it did not agree to be named."""

    key: str
    text: str
    clause: Clause
    offered_on: date
    decided_on: date | None
    office_name: str | None


@dataclass(frozen=True)
class Own:
    """An offer of one's own office, with the way to its finding."""

    practice: Practice
    slug: str
    finding_key: str
    number: str | None
    finding_state: str

    @property
    def sharing(self) -> Sharing:
        """Where it stands for its readers."""
        return as_read(Sharing(self.practice.state), State(self.finding_state))


@dataclass(frozen=True, kw_only=True)
class Page(Paged):
    """A page of published practices, the newest first."""

    rows: list[Told]


def of_finding(finding: Finding) -> Practice | None:
    """The offer made of a finding, whatever became of it."""
    return db.session.scalar(select(Practice).where(Practice.finding_id == finding.id))


def by_key(key: str) -> Practice | None:
    """An offer of any office in scope."""
    found = select(Practice).where(Practice.key == key)
    shown = (joinedload(Practice.clause), joinedload(Practice.office), raiseload("*", sql_only=True))
    return db.session.scalar(found.options(*shown))


def standing(practice: Practice) -> Sharing:
    """Where it stands for its readers."""
    found = select(Finding.state).where(Finding.id == practice.finding_id)
    return as_read(Sharing(practice.state), State(db.session.scalars(found).one()))


def _told(state: Sharing) -> Select[*tuple[Any, ...]]:
    is_named = and_(Office.id == Practice.office_id, Practice.is_named)
    return (
        select(Practice.key, Practice.text, Clause, Practice.offered_on, Practice.decided_on, Office.name)
        .join(Clause, Clause.id == Practice.clause_id)
        .join(Finding, _IS_OF)
        .outerjoin(Office, is_named)
        .where(Practice.state == state, _STANDS)
    )


def waiting() -> list[Told]:
    """What the coordinator has not decided on yet, the oldest first."""
    found = _told(Sharing.OFFERED).order_by(Practice.offered_on, Practice.id).limit(MOST)
    return [Told(*row) for row in db.session.execute(found)]


def waiting_count() -> int:
    """How many offers the coordinator has not decided on yet."""
    return _count(Sharing.OFFERED)


def _count(state: Sharing) -> int:
    found = select(func.count(Practice.id)).join(Finding, _IS_OF).where(Practice.state == state, _STANDS)
    return db.session.scalar(found) or 0


def shared(*, number: int) -> Page:
    """What all offices may read; a page beyond the last is the last one."""
    total = _count(Sharing.SHARED)
    number = nearest(number, total)
    found = _told(Sharing.SHARED).order_by(Practice.decided_on.desc(), Practice.id.desc())
    rows = db.session.execute(found.limit(PER_PAGE).offset(start(number)))
    return Page(rows=[Told(*row) for row in rows], number=number, total=total)


def offered_by(office_ids: Collection[int]) -> list[Own]:
    """The newest offers of these offices, with what became of them."""
    found = (
        select(Practice, Office.slug, Finding.key, Finding.number, Finding.state)
        .join(Office, Office.id == Practice.office_id)
        .join(Finding, _IS_OF)
        .where(Practice.office_id.in_(office_ids))
        .order_by(Practice.offered_on.desc(), Practice.id.desc())
        .limit(MOST)
        .options(joinedload(Practice.clause), raiseload("*", sql_only=True))
    )
    rows = db.session.execute(found) if office_ids else ()
    return [Own(*row) for row in rows]
