"""The days of a certificate's cycle in order, past and coming: what its page shows as a picture and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.audits.models import Audit
from qms.cycle.course import (
    RECERTIFICATION,
    RUNNING,
    SURVEILLANCE,
    VISITS,
    Course,
    agreed_on,
    contract_due,
    internal_audits_due,
    recertification_due,
    transition_due,
    visits_due,
)
from qms.domain import certification
from qms.domain.certification import CertificateStatus, Due


class Event(StrEnum):
    """What a row of the cycle's table is about."""

    DECISION = "decision"
    SURVEILLANCE = "surveillance"
    INTERNAL_AUDITS = "internal_audits"
    CONTRACT = "contract"
    TRANSITION = "transition"
    RECERTIFICATION = "recertification"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    SUSPENSION_END = "suspension_end"
    WITHDRAWN = "withdrawn"
    END = "end"
    RESTORATION_END = "restoration_end"


@dataclass(frozen=True)
class Milestone:
    """One day of the cycle. `due` says why it is that day; `audit` was held then, or is booked for it.

    With an audit that is booked, `due` is the day it has to meet.
    """

    event: Event
    day: date
    is_done: bool = False
    due: Due | None = None
    audit: Audit | None = None


def milestones(course: Course, today: date) -> list[Milestone]:
    """Every day of the cycle in order, past and coming."""
    return sorted((*_past(course, today), *_coming(course, today)), key=lambda milestone: milestone.day)


def _past(course: Course, today: date) -> Iterator[Milestone]:
    certificate = course.certificate
    yield Milestone(Event.DECISION, certificate.decided_on, is_done=True)
    recorded = (
        *((Event.SUSPENDED, each.from_on) for each in certificate.earlier_suspensions),
        *((Event.RESTORED, each.lifted_on) for each in certificate.earlier_suspensions),
        (Event.SUSPENDED, certificate.suspended_on),
        (Event.RESTORED, certificate.restored_on),
        (Event.WITHDRAWN, certificate.withdrawn_on),
    )
    yield from (Milestone(event, day, is_done=True) for event, day in recorded if day)
    for kind in VISITS:
        for audit in course.held(kind, today):
            yield Milestone(Event(kind), audit.ends_on, is_done=True, audit=audit)


def _coming(course: Course, today: date) -> Iterator[Milestone]:
    status = course.status(today)
    if status in RUNNING and course.followed_on is None:
        yield from _ahead(course, today)
    yield Milestone(Event.END, course.end.due_on, is_done=course.end.due_on < today, due=course.end)
    restoration = certification.restoration_end(course.facts)
    if status is CertificateStatus.EXPIRED_RESTORABLE and restoration:
        yield Milestone(Event.RESTORATION_END, restoration.due_on, due=restoration)


def _ahead(course: Course, today: date) -> Iterator[Milestone]:
    visits = course.ahead(SURVEILLANCE, today)
    for due in visits_due(course, today):
        yield _arranged(Event.SURVEILLANCE, due, next(visits, None), today=today)
    if (audit := recertification_due(course, today)) is not None:
        yield _arranged(Event.RECERTIFICATION, audit, course.booked(RECERTIFICATION, today), today=today)
    if (contract := contract_due(course)) is not None:
        yield Milestone(Event.CONTRACT, contract.due_on, due=contract)
    if (transition := transition_due(course, today)) is not None:
        yield _arranged(Event.TRANSITION, transition, course.transition, today=today)
    if (finished := internal_audits_due(course, today)) is not None:
        yield Milestone(Event.INTERNAL_AUDITS, finished.due_on, due=finished)
    suspension = certification.suspension_end(course.facts)
    if course.status(today) is CertificateStatus.SUSPENDED and suspension:
        yield Milestone(Event.SUSPENSION_END, suspension.due_on, due=suspension)


def _arranged(event: Event, due: Due, audit: Audit | None, *, today: date) -> Milestone:
    return Milestone(event, agreed_on(audit, today) if audit else due.due_on, due=due, audit=audit)
