"""Findings that come back: what looks alike is proposed, a person decides, and the two are linked.

Alike means the same department and the same clause, or one that the mapping between editions names beside it; or the
same kind of cause within a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Integer, String, and_, bindparam, case, or_, select
from sqlalchemy.orm import raiseload

from qms.core import clock
from qms.core.db import db
from qms.domain.calendar import add_months
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import State
from qms.findings.facts import REOPEN_MONTHS
from qms.findings.models import Finding, FindingRepeat
from qms.findings.queries import within
from qms.policy import Actor, Reach
from qms.standards.models import ClauseMapping

MOST: Final = 8
_ENDED: Final = (State.REJECTED, State.CANCELLED)
_ID: Final = bindparam("finding_id", type_=Integer)
_CLAUSE: Final = bindparam("clause_id", type_=Integer)
_DAY: Final = bindparam("reported_on", type_=Date)
_CAUSE: Final = bindparam("cause_key", type_=String)
_YEAR: Final = (bindparam("year_before", type_=Date), bindparam("year_after", type_=Date))
# Written once, because building a statement takes longer than running it.
_ALIKE: Final = (
    select(Finding)
    .where(
        Finding.office_id == bindparam("office_id"),
        Finding.department_id == bindparam("department_id"),
        Finding.state.not_in(_ENDED),
        or_(
            Finding.clause_id == _CLAUSE,
            Finding.clause_id.in_(select(ClauseMapping.to_id).where(ClauseMapping.from_id == _CLAUSE)),
            Finding.clause_id.in_(select(ClauseMapping.from_id).where(ClauseMapping.to_id == _CLAUSE)),
            and_(Finding.cause_key == _CAUSE, Finding.reported_on.between(*_YEAR)),
        ),
    )
    .order_by(Finding.reported_on.desc(), Finding.id.desc())
    .options(raiseload("*", sql_only=True))
)
_BEFORE: Final = _ALIKE.where(or_(Finding.reported_on < _DAY, and_(Finding.reported_on == _DAY, Finding.id < _ID)))
_SINCE: Final = _ALIKE.where(or_(Finding.reported_on > _DAY, and_(Finding.reported_on == _DAY, Finding.id > _ID)))
_ANY_BEFORE: Final = _BEFORE.with_only_columns(Finding.id).limit(1)
_IS_LATER: Final = FindingRepeat.earlier_id == _ID
_LINKED: Final = (
    select(Finding, _IS_LATER)
    .select_from(FindingRepeat)
    .join(Finding, Finding.id == case((_IS_LATER, FindingRepeat.finding_id), else_=FindingRepeat.earlier_id))
    .where(or_(FindingRepeat.finding_id == _ID, _IS_LATER))
    .order_by(_IS_LATER, Finding.reported_on.desc(), Finding.id.desc())
    .limit(MOST + 1)
    .options(raiseload("*", sql_only=True))
)


@dataclass(frozen=True)
class Linked:
    """What a finding repeats, and the newest ones that repeat it."""

    earlier: Finding | None
    later: Sequence[Finding]


def alike_before(finding: Finding) -> list[Finding]:
    """Earlier published findings that this one may repeat, the newest first."""
    return list(db.session.scalars(_BEFORE.limit(MOST), _asked(finding)))


def alike_since(finding: Finding) -> list[Finding]:
    """Later ones that may be this one again, the newest first: a sign that its actions did not help."""
    return list(db.session.scalars(_SINCE.limit(MOST), _asked(finding)))


def is_any_alike(finding: Finding) -> bool:
    """Whether there is an earlier published finding that this one may repeat."""
    return db.session.scalar(_ANY_BEFORE, _asked(finding)) is not None


def _asked(finding: Finding) -> dict[str, Any]:
    day = finding.reported_on or clock.today()
    return {
        "office_id": finding.office_id,
        "department_id": finding.department_id,
        _DAY.key: finding.reported_on,
        _ID.key: finding.id,
        _CLAUSE.key: finding.clause_id,
        _CAUSE.key: finding.cause_key,
        "year_before": add_months(day, -REOPEN_MONTHS),
        "year_after": add_months(day, REOPEN_MONTHS),
    }


def linked(finding: Finding, reach: Reach) -> Linked:
    """The findings linked with this one as repeats, of those the reader may list."""
    found = _LINKED if reach.everything else _LINKED.where(within(reach))
    rows = db.session.execute(found, {_ID.key: finding.id}).all()
    earlier = next((row[0] for row in rows if not row[1]), None)
    return Linked(earlier, [row[0] for row in rows if row[1]])


def link(finding: Finding, key: str, among: Sequence[Finding], *, by: Actor, today: date) -> None:
    """Say which of these the finding repeats. Raises `InvalidInput` for any other."""
    earlier = next((each for each in among if each.key == key), None)
    if earlier is None:
        raise InvalidInput(N_("Choose one of these findings, or say that it repeats none."), field="earlier")
    row = db.session.get(FindingRepeat, finding.id)
    if row is None:
        row = FindingRepeat(office_id=finding.office_id, finding_id=finding.id)
        db.session.add(row)
    row.earlier_id, row.chosen_by_id, row.chosen_on = earlier.id, by.person_id, today
    finding.changed_at = clock.now()


def unlink(finding: Finding) -> None:
    """Say that the finding repeats none; the trail keeps what was said before."""
    row = db.session.get(FindingRepeat, finding.id)
    if row is not None:
        db.session.delete(row)
    finding.changed_at = clock.now()
