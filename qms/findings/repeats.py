"""Findings that come back: what looks alike is proposed, a person decides, and the two are linked.

Alike means the same department and the same clause, or one that the mapping between editions names beside it.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import raiseload

from qms.core import clock
from qms.core.db import db
from qms.domain.errors import N_, InvalidInput
from qms.domain.findings import State
from qms.findings.models import Finding, FindingRepeat
from qms.findings.queries import within
from qms.policy import Actor, Reach
from qms.standards.models import ClauseMapping

MOST = 8
_ENDED = (State.REJECTED, State.CANCELLED)


def alike(finding: Finding) -> list[Finding]:
    """Earlier published findings that this one may repeat, the newest first; none without a clause."""
    if finding.clause_id is None:
        return []
    before = or_(
        Finding.reported_on < finding.reported_on,
        and_(Finding.reported_on == finding.reported_on, Finding.id < finding.id),
    )
    found = (
        select(Finding)
        .where(
            Finding.office_id == finding.office_id,
            Finding.department_id == finding.department_id,
            before,
            Finding.state.not_in(_ENDED),
            or_(
                Finding.clause_id == finding.clause_id,
                Finding.clause_id.in_(select(ClauseMapping.to_id).where(ClauseMapping.from_id == finding.clause_id)),
                Finding.clause_id.in_(select(ClauseMapping.from_id).where(ClauseMapping.to_id == finding.clause_id)),
            ),
        )
        .order_by(Finding.reported_on.desc(), Finding.id.desc())
        .limit(MOST)
    )
    return _read(found)


def earlier_of(finding: Finding, reach: Reach) -> Finding | None:
    """The finding that this one repeats, if the reader may list it."""
    found = select(Finding).join(FindingRepeat, FindingRepeat.earlier_id == Finding.id)
    return next(iter(_read(found.where(FindingRepeat.finding_id == finding.id, within(reach)))), None)


def later_of(finding: Finding, reach: Reach) -> list[Finding]:
    """The newest findings that repeat this one, of those the reader may list."""
    found = select(Finding).join(FindingRepeat, FindingRepeat.finding_id == Finding.id)
    found = found.where(FindingRepeat.earlier_id == finding.id, within(reach))
    return _read(found.order_by(Finding.reported_on.desc(), Finding.id.desc()).limit(MOST))


def _read(found: Select[Finding]) -> list[Finding]:
    return list(db.session.scalars(found.options(raiseload("*", sql_only=True))))


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
