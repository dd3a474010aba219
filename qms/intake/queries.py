"""What was reported, as pages and the agenda read it."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Date, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload, raiseload

from qms.core.db import db
from qms.core.paging import PER_PAGE, start
from qms.domain.sources import Fate, Route, Source, Way
from qms.findings.models import Finding
from qms.intake.models import Problem, SourceRoute
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Reach

_ONE: Final = select(Problem).options(
    joinedload(Problem.department),
    joinedload(Problem.finding),
    joinedload(Problem.product),
    joinedload(Problem.file),
    joinedload(Problem.reported_by),
    joinedload(Problem.decided_by),
)
_BY_KEY: Final = _ONE.where(Problem.office_id == bindparam("office_id"), Problem.key == bindparam("key"))
_BEHIND: Final = select(Problem).where(Problem.finding_id == bindparam("finding_id"))
_ROUTES: Final = select(SourceRoute).where(SourceRoute.office_id == bindparam("office_id"))


def by_key(office: Office, key: str) -> Problem | None:
    """What was reported under this key."""
    return db.session.scalar(_BY_KEY, {"office_id": office.id, "key": key})


def with_file(office: Office, key: str) -> Problem | None:
    """The same, if a file came with it."""
    found = by_key(office, key)
    return found if found and found.file else None


def behind(finding: Finding) -> Problem | None:
    """What was reported and became this finding."""
    return None if finding.audit_id else db.session.scalar(_BEHIND, {"finding_id": finding.id})


def routes(office_id: int) -> dict[Source, Route]:
    """Which way each source takes in the office."""
    own = {
        row.source: Route(Way(row.way), row.department_id)
        for row in db.session.scalars(_ROUTES, {"office_id": office_id})
    }
    return {source: own.get(source, Route()) for source in Source if source is not Source.AUDIT}


def count(office_id: int, reach: Reach, *, is_waiting: bool) -> int:
    """How many there are on all pages."""
    found = select(func.count()).select_from(Problem).where(*_listed(office_id, reach, is_waiting=is_waiting))
    return db.session.scalar(found) or 0


def page(office_id: int, reach: Reach, number: int, *, is_waiting: bool) -> list[Problem]:
    """A page of what the reader may see, the newest first."""
    found = select(Problem).where(*_listed(office_id, reach, is_waiting=is_waiting))
    shown = (
        joinedload(Problem.department),
        joinedload(Problem.finding),
        joinedload(Problem.product),
        raiseload("*", sql_only=True),
    )
    newest = found.order_by(Problem.reported_on.desc(), Problem.id.desc()).limit(PER_PAGE).offset(start(number))
    return list(db.session.scalars(newest.options(*shown)))


def _listed(office_id: int, reach: Reach, *, is_waiting: bool) -> tuple[ColumnElement[bool], ...]:
    waiting = (Problem.fate == Fate.WAITING,) if is_waiting else ()
    return (Problem.office_id == office_id, _within(reach), *waiting)


def _within(reach: Reach) -> ColumnElement[bool]:
    """All, or what somebody reported and what is theirs to decide."""
    if reach.everything:
        return true()
    return or_(Problem.reported_by_id == reach.person_id, Problem.decided_in_id.in_(reach.department_ids))


_IS_HEADLESS: Final = or_(
    Problem.decided_in_id.is_(None), ~people.has_head(Problem.decided_in_id, bindparam("today", type_=Date))
)
# Written once, because building a statement takes longer than running it.
_WAITING: Final = (
    select(Problem.office_id, func.count())
    .where(
        Problem.fate == Fate.WAITING,
        or_(
            and_(Problem.office_id.in_(bindparam("office_ids", expanding=True)), _IS_HEADLESS),
            Problem.decided_in_id.in_(bindparam("headed", expanding=True)),
        ),
    )
    .group_by(Problem.office_id)
)


def waiting(office_ids: Collection[int], headed: Collection[int], today: date) -> dict[int, int]:
    """By office, how much waits for the proxy of these offices and for the heads of these departments.

    What a department without a head would decide about waits for the proxy.
    """
    asked = {"office_ids": list(office_ids), "headed": list(headed), "today": today}
    return {office_id: count for office_id, count in db.session.execute(_WAITING, asked)}  # noqa: C416 -- rows are no pairs to mypy
