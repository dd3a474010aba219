"""What earlier audits found in a unit, to be asked about again."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from qms.audits.models import Audit
from qms.core.db import db
from qms.domain.checklist import Asked, Source
from qms.domain.findings import NEEDING_ANSWER, Category, State
from qms.findings.models import Finding
from qms.standards.models import Clause

_OF_EACH_UNIT: Final = 5
_READ: Final = 200
_WORTH_ASKING: Final = NEEDING_ANSWER | {Category.OBSERVATION}
_TAKEN_BACK: Final = (State.CANCELLED, State.REJECTED)


def last_findings(audit: Audit, department_ids: Collection[int]) -> list[Asked]:
    """A question for each of the last findings of the units: open ones first, then the newest."""
    found = (
        select(Finding)
        .where(
            Finding.office_id == audit.office_id,
            Finding.department_id.in_(department_ids),
            Finding.reported_on.is_not(None),
            Finding.category.in_(_WORTH_ASKING),
            Finding.state.not_in(_TAKEN_BACK),
            Finding.audit_id.is_distinct_from(audit.id),
        )
        .order_by(Finding.waits_for.is_(None), Finding.reported_on.desc(), Finding.id.desc())
        .limit(_READ)
        .options(joinedload(Finding.clause), raiseload("*", sql_only=True))
    )
    known = ((each, each.clause) for each in db.session.scalars(found))
    return _few_of_each(
        (each, clause) for each, clause in known if clause and clause.edition_code == audit.edition_code
    )


def _few_of_each(findings: Iterable[tuple[Finding, Clause]]) -> list[Asked]:
    taken: Counter[int] = Counter()
    asked = []
    for finding, clause in findings:
        taken[finding.department_id] += 1
        if taken[finding.department_id] <= _OF_EACH_UNIT:
            asked.append(_about(finding, clause))
    return asked


def _about(finding: Finding, clause: Clause) -> Asked:
    return Asked(
        department_id=finding.department_id,
        clause_id=clause.id,
        number=clause.number,
        source=Source.EARLIER,
        text=finding.statement,
        earlier_number=finding.number or "",
    )
