"""Evidence that a certification body waits for (F2): of each of its nonconformities that nobody verified yet."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Select, bindparam, func, select

from qms.audits.models import Audit
from qms.core.db import db
from qms.domain.body_terms import GRADES, Term, evidence_known
from qms.domain.deadlines import Deadline, Duty, Kind
from qms.domain.findings import Category
from qms.findings.body_models import BodyTerms
from qms.findings.deadlines import TITLE_LETTERS, titled
from qms.findings.models import Finding
from qms.findings.stage_two import BEFORE_VERIFIED
from qms.offices.models import Department

KINDS: Final = frozenset({Kind.BODY_EVIDENCE})


def _waiting(grade: Category) -> Select[*tuple[Any, ...]]:
    due_on, days = getattr(BodyTerms, f"{grade}_evidence_on"), getattr(BodyTerms, f"{grade}_evidence_days")
    return (
        select(
            Finding.key,
            Finding.number,
            Finding.office_id,
            Finding.department_id,
            func.substr(Finding.statement, 1, TITLE_LETTERS).label("statement"),
            Department.name.label("department"),
            Audit.ends_on,
            due_on.label("due_on"),
            days.label("days"),
        )
        .select_from(BodyTerms)
        .join(Audit, Audit.id == BodyTerms.audit_id)
        .join(Finding, Finding.audit_id == Audit.id)
        .join(Department, Department.id == Finding.department_id)
        .where(
            BodyTerms.office_id.in_(bindparam("office_ids", expanding=True)),
            due_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
            Finding.category == grade,
            Finding.waits_for.in_(BEFORE_VERIFIED),
        )
    )


# Written once, because building a statement takes longer than running it.
_OF_GRADES: Final = tuple(map(_waiting, GRADES))


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:  # noqa: ARG001 - the same for every source
    """Of each nonconformity of a body whose evidence is due on these days."""
    asked = {"office_ids": list(office_ids), "first": first, "last": last}
    return [_deadline(row) for statement in _OF_GRADES for row in db.session.execute(statement, asked)]


def _deadline(row: Any) -> Deadline:  # noqa: ANN401 - a row of `_waiting`
    due = evidence_known(row.ends_on, Term(evidence_days=row.days), row.due_on)
    return Deadline(
        kind=Kind.BODY_EVIDENCE,
        office_id=row.office_id,
        subject=f"evidence:{row.key}",
        title=titled(row.statement, row.department),
        number=row.number,
        due_on=due.due_on,
        rule=due.rule,
        counted_from=due.counted_from,
        duty=Duty.PROXY,
        department_id=row.department_id,
        limit=due.limit,
        url_key=row.key,
    )
