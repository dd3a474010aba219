"""What a deadline is, and why it falls on that day.

A deadline is computed from a stored day and a limit, never stored itself. Identifiers of rules are those of the
project's rule book; they are kept in the ledger of reminders, so a value here is never reused for another rule.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.domain.calendar import NO_DAYS_OFF, add_days, next_working_day
from qms.domain.errors import N_
from qms.domain.limits import Limit, Unit, due_on


class Kind(StrEnum):
    CERTIFICATE_END = "certificate_end"
    RECERTIFICATION_AUDIT = "recertification_audit"
    RECERTIFICATION_DECISION = "recertification_decision"
    SURVEILLANCE = "surveillance"
    BODY_CONTRACT = "body_contract"
    TRANSITION_AUDIT = "transition_audit"
    INTERNAL_AUDITS = "internal_audits"
    MAJOR_VERIFICATION = "major_verification"
    BODY_EVIDENCE = "body_evidence"
    AUDIT = "audit"
    AUDIT_REPORT = "audit_report"
    ANSWER = "answer"
    DECISION_ON_ANSWER = "decision_on_answer"
    ACTION = "action"
    VERIFICATION = "verification"
    EFFECTIVENESS = "effectiveness"
    CLOSING = "closing"
    QUALIFICATION = "qualification"
    APPOINTMENT = "appointment"
    PROXY_VACANT = "proxy_vacant"
    PRODUCT_CHECK = "product_check"


class Rule(StrEnum):
    CERTIFICATE_END = "C1"
    FIRST_SURVEILLANCE = "C2"
    FIRST_SURVEILLANCE_2011 = "C2'"
    YEARLY_SURVEILLANCE = "C3"
    RHYTHM_SURVEILLANCE = "C3'"
    SECOND_SURVEILLANCE_TARGET = "C4"
    RECERTIFICATION_AUDIT = "C5"
    RECERTIFICATION_DECISION = "C6"
    BODY_CONTRACT = "C7"
    INTERNAL_AUDITS_BEFORE_BODY = "C8"
    RESTORATION_END = "C10"
    SUSPENSION_END = "C11"
    MAJOR_VERIFICATION = "C12"
    EDITION_END = "C13"
    TRANSITION_AUDIT = "C14"
    AGREED_WITH_BODY = "C15"
    BODY_ANSWER = "F1"
    BODY_EVIDENCE = "F2"
    BODY_EVIDENCE_BEFORE_END = "F2'"
    AUDIT_HELD = "A0"
    AUDIT_NOTICE = "A2"
    AUDIT_REPORT = "A3"
    ANSWER = "N1"
    DECISION_ON_ANSWER = "N1a"
    ANSWER_AGAIN = "N1b"
    ACTION = "N2"
    VERIFICATION = "N3"
    EFFECTIVENESS = "N4"
    CLOSING = "N5"
    QUALIFICATION_END = "T1"
    REFRESHER = "T2"
    APPOINTMENT_END = "P1"
    PROXY_VACANT = "P2"
    PRODUCT_CHECK = "W1"


# `%(limit)s` is the limit in words, for example "14 days"; `%(counted_from)s` is the day it was counted from.
RULE_WORDS: dict[Rule, str] = {
    Rule.CERTIFICATE_END: N_("The last day of validity printed on the certificate."),
    Rule.FIRST_SURVEILLANCE: N_("12 months after the certification decision (%(counted_from)s)."),
    Rule.FIRST_SURVEILLANCE_2011: N_("12 months after the last day of the stage 2 audit (%(counted_from)s)."),
    Rule.YEARLY_SURVEILLANCE: N_("One surveillance audit in each calendar year after the decision (%(counted_from)s)."),
    Rule.RHYTHM_SURVEILLANCE: N_("At most %(limit)s after the body last came or decided (%(counted_from)s)."),
    Rule.SECOND_SURVEILLANCE_TARGET: N_("%(limit)s after the certification decision (%(counted_from)s)."),
    Rule.RECERTIFICATION_AUDIT: N_("%(limit)s before the certificate ends (%(counted_from)s)."),
    Rule.RECERTIFICATION_DECISION: N_("The decision must come while the certificate is valid (%(counted_from)s)."),
    Rule.BODY_CONTRACT: N_("%(limit)s before the certificate ends (%(counted_from)s)."),
    Rule.INTERNAL_AUDITS_BEFORE_BODY: N_("%(limit)s before the audit of the certification body (%(counted_from)s)."),
    Rule.RESTORATION_END: N_("6 months after the certificate ended (%(counted_from)s)."),
    Rule.SUSPENSION_END: N_("The end of the suspension that began on %(counted_from)s."),
    Rule.MAJOR_VERIFICATION: N_("6 months after the last day of the stage 2 audit (%(counted_from)s)."),
    Rule.EDITION_END: N_("The last day on which certificates to this edition are valid."),
    Rule.TRANSITION_AUDIT: N_("%(limit)s before certificates to this edition end (%(counted_from)s)."),
    Rule.AGREED_WITH_BODY: N_("The agreed day of the audit. The last day for it is %(counted_from)s."),
    Rule.BODY_ANSWER: N_("%(limit)s after the last day of the audit (%(counted_from)s), as its body asks."),
    Rule.BODY_EVIDENCE: N_("%(limit)s after the last day of the audit (%(counted_from)s), as its body asks."),
    Rule.BODY_EVIDENCE_BEFORE_END: N_(
        "%(limit)s before the certificate ends (%(counted_from)s), so that the body can decide in time."
    ),
    Rule.AUDIT_HELD: N_("The planned day of the audit."),
    Rule.AUDIT_NOTICE: N_("%(limit)s before the audit starts (%(counted_from)s)."),
    Rule.AUDIT_REPORT: N_("%(limit)s after the last day of the audit (%(counted_from)s)."),
    Rule.ANSWER: N_("%(limit)s after the finding was published (%(counted_from)s)."),
    Rule.ANSWER_AGAIN: N_("%(limit)s after the case was opened again (%(counted_from)s)."),
    Rule.DECISION_ON_ANSWER: N_("%(limit)s after the answer was sent (%(counted_from)s)."),
    Rule.ACTION: N_("The day agreed for this action."),
    Rule.VERIFICATION: N_("%(limit)s after the last action was reported done (%(counted_from)s)."),
    Rule.EFFECTIVENESS: N_("%(limit)s after the last action was done (%(counted_from)s)."),
    Rule.CLOSING: N_("%(limit)s after the actions were judged effective (%(counted_from)s)."),
    Rule.QUALIFICATION_END: N_("The last day of validity printed on the personal certificate."),
    Rule.REFRESHER: N_("%(limit)s after the last training (%(counted_from)s)."),
    Rule.APPOINTMENT_END: N_("The last day of the appointment."),
    Rule.PROXY_VACANT: N_("The day since which the office has no proxy."),
    Rule.PRODUCT_CHECK: N_("%(limit)s after it was dealt with (%(counted_from)s)."),
}


class Duty(StrEnum):
    """The post that answers for a deadline when no person is named."""

    LEAD_AUDITOR = "lead_auditor"
    UNIT_HEAD = "unit_head"
    PROXY = "proxy"
    SECRETARY = "secretary"
    HEAD_OF_OFFICE = "head_of_office"


class Booking(StrEnum):
    """An audit has a day: one that meets the deadline, or one after it."""

    IN_TIME = "in_time"
    TOO_LATE = "too_late"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One thing due on one day.

    `answers` are ids of persons; `subject` names the record for the ledger, uniquely within its kind; `url_key` finds
    its page.
    """

    kind: Kind
    office_id: int
    subject: str
    title: str
    number: str
    due_on: date
    rule: Rule
    counted_from: date
    answers: tuple[int, ...] = ()
    duty: Duty | None = None
    department_id: int | None = None
    limit: Limit | None = None
    url_key: str = ""
    booking: Booking | None = None
    """Whether an audit that is to meet it has a day already."""
    lacks_head: bool = False
    """An answer is asked of a unit that nobody heads, so a head has to be named first."""
    is_light: bool = False
    """Only whether the unit acts is asked of it."""
    lacks_lead: bool = False
    """The lead of the audit left, so another one has to be named: nobody else starts it or publishes its report."""
    awaits_approval: bool = False
    """The report was given for approval, so the next step is to approve it or to give it back, not to publish it."""

    @property
    def tolerance(self) -> int:
        """Days after the due day on which it is not late yet."""
        return self.limit.tolerance if self.limit else 0

    @property
    def is_booked(self) -> bool:
        return self.booking is Booking.IN_TIME

    def is_overdue(self, today: date) -> bool:
        return is_overdue(self.due_on, today, self.tolerance)


def is_moved(limit: Limit | None, counted_from: date, due: date) -> bool:
    """Whether the due day was moved off a day off: the limit alone would end sooner, on one."""
    if limit is None or limit.unit is Unit.WORKING_DAYS:
        return False
    unmoved = due_on(limit, counted_from)
    return unmoved is not None and unmoved < due == next_working_day(unmoved)


def is_overdue(due: date, today: date, tolerance: int = 0) -> bool:
    """Due today is not overdue, and nothing is within the tolerance."""
    return add_days(due, tolerance) < today


def days_left(due: date, today: date) -> int:
    """Negative once the day has passed."""
    return (due - today).days


# Certification bodies count to the day: a certificate that ends on a Sunday ends on that Sunday.
NEVER_ROLLED = frozenset(rule for rule in Rule if rule.startswith(("C", "F")))


def rolled(rule: Rule, due: date, off: Container[date] = NO_DAYS_OFF, *, rolls: bool = True) -> date:
    """The due day, moved forward off days off when the limit is the office's own and the office wants it so."""
    return due if rule in NEVER_ROLLED or not rolls else next_working_day(due, off)
