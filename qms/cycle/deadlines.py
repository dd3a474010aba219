"""What the certification cycle asks of offices, day by day."""

from collections.abc import Collection
from datetime import date
from typing import Final

from qms.cycle.course import open_deadlines
from qms.cycle.queries import courses
from qms.domain.deadlines import Deadline, Kind

KINDS: Final = frozenset(
    {
        Kind.CERTIFICATE_END,
        Kind.RECERTIFICATION_AUDIT,
        Kind.RECERTIFICATION_DECISION,
        Kind.SURVEILLANCE,
        Kind.BODY_CONTRACT,
        Kind.TRANSITION_AUDIT,
        Kind.INTERNAL_AUDITS,
    }
)


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """What the certificates of these offices still ask for from the first to the last day.

    An office has one certificate at work, so all of its few days are computed and those outside are left out.
    """
    return [
        deadline
        for course in courses(office_ids, today=today)
        for deadline in open_deadlines(course, today)
        if first <= deadline.due_on <= last
    ]
