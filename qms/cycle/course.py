"""One certificate's way through its cycle: what was held, what is still to be done, and why on which day.

Nothing here reads the database: a `Course` is what `queries` found, and the rules of `domain.certification` say the
rest. A surveillance or recertification audit counts as held once its report is published or its last day has come,
because nobody publishes a report of an audit that a certification body held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from qms.audits.models import Audit
from qms.certificates.models import Certificate
from qms.domain import certification
from qms.domain.certification import CertFacts, CertificateStatus, Due, InternalAudits, RuleVersion
from qms.domain.dates import format_date
from qms.domain.deadlines import Booking, Deadline, Duty, Kind, Rule, is_overdue
from qms.domain.editions import QUALITY
from qms.domain.limits import NOT_SET, Limit, due_on

SURVEILLANCE, RECERTIFICATION = "surveillance", "recertification"
VISITS = (SURVEILLANCE, RECERTIFICATION)
TRANSITION = (*VISITS, "stage_2", "special")  # audits of a body that may be to a newer edition
RUNNING = frozenset({CertificateStatus.IN_PREPARATION, CertificateStatus.VALID, CertificateStatus.SUSPENDED})


@dataclass(frozen=True)
class Course:
    """A certificate with the body's audits of its cycle, planned ones too, and the limits of its office."""

    certificate: Certificate
    followed_on: date | None = None  # the first day of the certificate that came after it
    audits: tuple[Audit, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    internal_audits: InternalAudits = field(default_factory=InternalAudits)

    @property
    def is_of_quality(self) -> bool:
        """Whether it is of the standard that audits are held to here; of others the end alone is watched."""
        return self.certificate.standard == QUALITY

    def held(self, kind: str, today: date) -> list[Audit]:
        return [audit for audit in self._of_cycle(kind) if _is_held(audit, today)]

    @property
    def transition(self) -> Audit | None:
        """The first audit to a newer edition, held or planned. Codes of editions end in their year."""
        newer = (audit for audit in self.audits if audit.edition_code > self.certificate.edition_code)
        return next((audit for audit in newer if audit.ends_on > self.certificate.decided_on), None)

    def ahead(self, kind: str, today: date) -> Iterator[Audit]:
        """The audits of the kind that have a day still to come, the nearest first."""
        return (audit for audit in self._of_cycle(kind) if not _is_held(audit, today))

    def booked(self, kind: str, today: date) -> Audit | None:
        """The next audit of the kind that has a day."""
        return next(self.ahead(kind, today), None)

    def _of_cycle(self, kind: str) -> list[Audit]:
        """A recertification audit renews the certificate in whose second half it falls.

        One that falls sooner led to this certificate, though its decision may have been recorded before the audit.
        """
        certificate = self.certificate
        first = certificate.decided_on
        if kind == RECERTIFICATION:
            first = max(first, certificate.valid_from + (certificate.valid_until - certificate.valid_from) / 2)
        return [audit for audit in self.audits if audit.kind == kind and audit.ends_on > first]

    def limit(self, name: str) -> Limit:
        return self.limits.get(name, NOT_SET)

    @cached_property
    def facts(self) -> CertFacts:
        """The certificate as the rules read it."""
        certificate = self.certificate
        recertified = self._of_cycle(RECERTIFICATION)
        return CertFacts(
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
            decided_on=certificate.decided_on,
            stage2_ended_on=certificate.stage2_ended_on,
            rule_version=RuleVersion(certificate.rules),
            is_initial=certificate.is_initial,
            rhythm=certificate.rhythm,
            earlier_suspensions=tuple((each.from_on, each.lifted_on) for each in certificate.earlier_suspensions),
            recertification_planned_on=recertified[0].starts_on if recertified else None,
            edition_ends_on=certificate.edition.certificates_until,
            suspended_on=certificate.suspended_on,
            suspended_until=certificate.suspended_until,
            resumed_on=certificate.restored_on,
            withdrawn_on=certificate.withdrawn_on,
            superseded_on=self.followed_on,
        )

    @cached_property
    def end(self) -> Due:
        """The last valid day: the printed one, or the edition's when that comes first."""
        end = certification.certificate_end(self.facts)
        if end is None:
            raise AssertionError("a recorded certificate has an end")
        return end

    def status(self, today: date) -> CertificateStatus:
        return certification.status(self.facts, today)


def _is_held(audit: Audit, today: date) -> bool:
    return audit.state == "finished" or audit.ends_on <= today


def open_deadlines(course: Course, today: date) -> Iterator[Deadline]:
    """What the cycle still asks for. A certificate that was followed, withdrawn or lost for good asks for nothing."""
    status = course.status(today)
    if course.followed_on is not None:
        return
    if status in RUNNING:
        yield from _while_it_runs(course, today)
    if status in RUNNING or status is CertificateStatus.EXPIRED_RESTORABLE:
        yield _deadline(course, Kind.CERTIFICATE_END, course.end, about="certificate")
    restoration = certification.restoration_end(course.facts)
    if status is CertificateStatus.EXPIRED_RESTORABLE and restoration:
        yield _deadline(course, Kind.RECERTIFICATION_DECISION, restoration, about="restoration")


def _while_it_runs(course: Course, today: date) -> Iterator[Deadline]:
    visits = course.ahead(SURVEILLANCE, today)
    for due in visits_due(course, today):
        part = f":{due.rule}:{due.due_on.year}"
        asked = _deadline(course, Kind.SURVEILLANCE, due, about="surveillance", part=part)
        yield _booked(asked, next(visits, None), today)
    if (audit := recertification_due(course, today)) is not None:
        arranged = course.booked(RECERTIFICATION, today)
        yield _booked(_deadline(course, Kind.RECERTIFICATION_AUDIT, audit, about="recertification"), arranged, today)
    if (contract := contract_due(course)) is not None:
        yield _deadline(course, Kind.BODY_CONTRACT, contract, about="contract")
    if (transition := transition_due(course, today)) is not None:
        asked = _deadline(course, Kind.TRANSITION_AUDIT, transition, about="transition")
        yield _booked(asked, course.transition, today)
    if (finished := internal_audits_due(course, today)) is not None:
        part = f":{finished.counted_from.year}"
        yield _deadline(course, Kind.INTERNAL_AUDITS, finished, about="internal_audits", part=part)
    suspension = certification.suspension_end(course.facts)
    if course.status(today) is CertificateStatus.SUSPENDED and suspension:
        yield _deadline(course, Kind.RECERTIFICATION_DECISION, suspension, about="suspension")


def visits_due(course: Course, today: date) -> list[Due]:
    """The surveillance audits still to be held before the certificate ends, the nearest first.

    A target that was missed, tolerance and all, gives way to the end of its year: that alone the rules insist on.
    """
    if not course.is_of_quality:
        return []
    held = [audit.ends_on for audit in course.held(SURVEILLANCE, today)]
    if course.certificate.rhythm.is_set:  # any full visit sets the clock anew
        held += [audit.ends_on for audit in course.held(RECERTIFICATION, today)]
    ends_on, second = course.end.due_on, course.limit("second_surveillance")
    target = certification.second_surveillance_target(course.facts, second)
    if target is not None and is_overdue(target.due_on, today, second.tolerance):
        second = NOT_SET
    return [due for due in certification.surveillance_due(course.facts, held, second=second) if due.due_on <= ends_on]


def recertification_due(course: Course, today: date) -> Due | None:
    """Counted back from the last valid day; nothing once the audit was held or while the limit is not set."""
    if course.held(RECERTIFICATION, today) or not course.is_of_quality:
        return None
    return _counted_back(course, "recertification_audit", Rule.RECERTIFICATION_AUDIT)


def contract_due(course: Course) -> Due | None:
    """Nothing once a recertification audit has a day, for then somebody has been contracted."""
    if course.facts.recertification_planned_on is not None:
        return None
    return _counted_back(course, "body_contract", Rule.BODY_CONTRACT)


def transition_due(course: Course, today: date) -> Due | None:
    """Nothing once an audit to a newer edition was held, or while the certificate ends by then anyway."""
    edition_ends_on, audit = course.facts.edition_ends_on, course.transition
    if edition_ends_on is None or (audit is not None and _is_held(audit, today)):
        return None
    due = certification.transition_audit(edition_ends_on, course.limit("transition_audit"))
    return due if due is not None and due.due_on <= course.certificate.valid_until else None


def internal_audits_due(course: Course, today: date) -> Due | None:
    """Before the next visit of the body that has a day; nothing once those since its last visit are finished."""
    booked = [audit for kind in VISITS if (audit := course.booked(kind, today))]
    if not booked:
        return None
    visit_on = min(audit.starts_on for audit in booked)
    held = [audit.ends_on for kind in VISITS for audit in course.held(kind, today)]
    since = max(held, default=course.certificate.decided_on)
    if course.internal_audits.are_finished(since=since, before=visit_on):
        return None
    return certification.internal_audits_before(visit_on, course.limit("internal_audits_before_body"))


def _counted_back(course: Course, name: str, rule: Rule) -> Due | None:
    limit, ends_on = course.limit(name), course.end.due_on
    due = due_on(limit, ends_on)
    return Due(due, rule, ends_on, limit) if due else None


def _booked(deadline: Deadline, audit: Audit | None, today: date) -> Deadline:
    """The same with the audit that has a day: one that is too late is to be moved, by the day it has to meet.

    One in time is to be prepared for, and its own day is what counts from then on.
    """
    if audit is None:
        return deadline
    title = f"{deadline.title}, {format_date(audit.starts_on)}"
    told = replace(deadline, number=audit.number, title=title)
    if audit.ends_on > deadline.due_on:
        return replace(told, booking=Booking.TOO_LATE)
    return replace(
        told,
        booking=Booking.IN_TIME,
        due_on=agreed_on(audit, today),
        rule=Rule.AGREED_WITH_BODY,
        counted_from=deadline.due_on,
        limit=None,
    )


def agreed_on(audit: Audit, today: date) -> date:
    """Its first day; once that is over its last one, because an audit that is being held is not late."""
    return audit.starts_on if audit.starts_on >= today else audit.ends_on


def _deadline(course: Course, kind: Kind, due: Due, *, about: str, part: str = "") -> Deadline:
    certificate = course.certificate
    return Deadline(
        kind=kind,
        office_id=certificate.office_id,
        subject=f"{about}:{certificate.key}{part}",
        title=certificate.body,
        number=certificate.number,
        due_on=due.due_on,
        rule=due.rule,
        counted_from=due.counted_from,
        duty=Duty.PROXY,
        limit=due.limit,
        url_key=certificate.key,
    )
