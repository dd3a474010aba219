"""Major nonconformities of a stage 2 audit: verified within six months, or the body has to hold stage 2 again (C12)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, exists, select

from qms.audits.models import Audit
from qms.core.db import db
from qms.domain.calendar import counted_from_range
from qms.domain.certification import MAJOR_VERIFICATION_MONTHS, Due, major_verification
from qms.domain.deadlines import Deadline, Duty, Kind
from qms.domain.findings import Category
from qms.findings.models import Finding

KINDS: Final = frozenset({Kind.MAJOR_VERIFICATION})
_STAGE_TWO: Final = "stage_2"
BEFORE_VERIFIED: Final = (Kind.ANSWER, Kind.DECISION_ON_ANSWER, Kind.ACTION, Kind.VERIFICATION)
_HAS_MAJOR: Final = exists().where(
    Finding.audit_id == Audit.id, Finding.category == Category.MAJOR, Finding.waits_for.in_(BEFORE_VERIFIED)
)
_WITH_MAJORS: Final = select(Audit.office_id, Audit.key, Audit.number, Audit.body, Audit.ends_on).where(
    Audit.office_id.in_(bindparam("office_ids", expanding=True)),
    Audit.kind == _STAGE_TWO,
    Audit.state != "cancelled",
    Audit.ends_on.between(bindparam("first"), bindparam("last")),
    _HAS_MAJOR,
)


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:  # noqa: ARG001 - the same for every source
    """Of each stage 2 audit with a major nonconformity that nobody verified yet."""
    ended = dict(zip(("first", "last"), counted_from_range(first, last, MAJOR_VERIFICATION_MONTHS), strict=True))
    found = db.session.execute(_WITH_MAJORS, ended | {"office_ids": list(office_ids)})
    return [each for each in _deadlines(found) if first <= each.due_on <= last]


def due_for(audit: Audit, findings: Iterable[Finding]) -> Due | None:
    """The same of one audit, as far as its findings that the reader sees ask for it."""
    waits = any(each.category == Category.MAJOR and each.waits_for in BEFORE_VERIFIED for each in findings)
    return major_verification(audit.ends_on) if waits and audit.kind == _STAGE_TWO else None


def _deadlines(audits: Any) -> Iterator[Deadline]:  # noqa: ANN401 - rows of `_WITH_MAJORS`
    for audit in audits:
        due = major_verification(audit.ends_on)
        yield Deadline(
            kind=Kind.MAJOR_VERIFICATION,
            office_id=audit.office_id,
            subject=f"stage2:{audit.key}",
            title=audit.body,
            number=audit.number,
            due_on=due.due_on,
            rule=due.rule,
            counted_from=due.counted_from,
            duty=Duty.PROXY,
            url_key=audit.key,
        )
