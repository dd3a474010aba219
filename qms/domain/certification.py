"""The three-year cycle of a certificate: its limits and its status on a day.

Sources: ISO/IEC 17021-1:2015, 9.1.3 and 9.6 (first surveillance within 12 months of the decision, then one in each
calendar year except the year of recertification; restoration within 6 months); ISO/IEC 17021:2011 counted the first one
from the last day of stage 2. The end of a certificate is what is printed on it, and its last day is a valid day. These
limits never move for days off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from qms.domain.calendar import add_days, add_months
from qms.domain.deadlines import Rule
from qms.domain.limits import NOT_SET, STARTER_LIMITS, Limit, due_on

CYCLE_MONTHS = 36
FIRST_SURVEILLANCE_MONTHS = 12
RESTORATION_MONTHS = 6
SUSPENSION_MONTHS = 6
MAJOR_VERIFICATION_MONTHS = 6
DAYS_OF_MONTH = 30
# What contracts agree on where visits are not counted by calendar years: months between two, and days more.
RHYTHMS = (12, 6)
TOLERANCES = (0, 14, 30, 60, 90)


class RuleVersion(StrEnum):
    """Which text the certification body worked by."""

    V2011 = "2011"
    V2015 = "2015"


class CertificateStatus(StrEnum):
    IN_PREPARATION = "in_preparation"
    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED_RESTORABLE = "expired_restorable"
    EXPIRED_FINAL = "expired_final"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Due:
    due_on: date
    rule: Rule
    counted_from: date
    limit: Limit | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it is not late."""
        return add_days(self.due_on, self.tolerance)

    @property
    def tolerance(self) -> int:
        """Days after the due day on which it is not late yet."""
        return self.limit.tolerance if self.limit else 0


@dataclass(frozen=True, kw_only=True)
class CertFacts:
    """A certificate as recorded. A day that is not known is None, and no rule guesses it."""

    valid_from: date | None = None
    valid_until: date | None = None
    decided_on: date | None = None
    stage2_ended_on: date | None = None
    rule_version: RuleVersion = RuleVersion.V2015
    is_initial: bool = True
    """False for a cycle that a recertification opened."""
    recertification_planned_on: date | None = None
    edition_ends_on: date | None = None
    """The last day on which certificates to its edition are valid."""
    rhythm: Limit = NOT_SET
    """At most how long after its last visit the body comes again; not set: once in each calendar year."""
    earlier_suspensions: tuple[tuple[date, date], ...] = ()
    """Those lifted before the last one: from which day, and the day from which each was lifted."""
    suspended_on: date | None = None
    suspended_until: date | None = None
    """The end that the body printed on the suspension."""
    resumed_on: date | None = None
    """The day from which the suspension was lifted."""
    withdrawn_on: date | None = None
    superseded_on: date | None = None


def certificate_end(cert: CertFacts) -> Due | None:
    """C1, or C13 when the edition ends earlier than the certificate."""
    if cert.valid_until is None:
        return None
    if cert.edition_ends_on and cert.edition_ends_on < cert.valid_until:
        return Due(cert.edition_ends_on, Rule.EDITION_END, cert.edition_ends_on)
    return Due(cert.valid_until, Rule.CERTIFICATE_END, cert.valid_until)


def first_surveillance(cert: CertFacts) -> Due | None:
    """C2 or, by the rules of 2011, C2'. Only the initial cycle has it."""
    is_old = cert.rule_version is RuleVersion.V2011
    counted_from = cert.stage2_ended_on if is_old else cert.decided_on
    if not cert.is_initial or counted_from is None:
        return None
    rule = Rule.FIRST_SURVEILLANCE_2011 if is_old else Rule.FIRST_SURVEILLANCE
    return Due(add_months(counted_from, FIRST_SURVEILLANCE_MONTHS), rule, counted_from)


def surveillance_due(
    cert: CertFacts, performed: Sequence[date], *, counts_decision_year: bool = False, second: Limit = NOT_SET
) -> list[Due]:
    """The surveillance audits still to be held in this cycle, the nearest first (C2, C3 and C4).

    A visit answers for its own year and for every earlier one: a year that was missed cannot be made up, so it stops
    being asked for once a later visit was held. Bodies differ on whether the year of the decision itself needs one.
    """
    if cert.decided_on is None or cert.valid_until is None:
        return []
    if cert.rhythm.is_set:
        return _next_by_rhythm(cert, performed)
    visits = [day for day in performed if day >= cert.decided_on]
    first = None if visits else first_surveillance(cert)
    years = _surveillance_years(cert.decided_on.year + (not counts_decision_year), _recertification_year(cert))
    yearly = [
        Due(date(year, 12, 31), Rule.YEARLY_SURVEILLANCE, cert.decided_on)
        for year in years
        if not any(day.year >= year for day in visits)
    ]
    aimed = [_aimed(due, second_surveillance_target(cert, second)) for due in _merged(first, yearly)]
    return sorted(aimed, key=lambda due: due.due_on)


def _next_by_rhythm(cert: CertFacts, performed: Sequence[date]) -> list[Due]:
    """The next one alone, since each is counted from the one before; the first within 12 months at the latest.

    Near the end none is asked for: the recertification audit, itself a visit, takes its place.
    """
    decided_on, ends_on = cert.decided_on, cert.valid_until
    if decided_on is None or ends_on is None:
        return []
    visits = [day for day in performed if day > decided_on]
    counted_from = max(visits, default=decided_on)
    if (ends_on - counted_from).days < no_visit_within(cert.rhythm):
        return []
    found = _counted(counted_from, cert.rhythm, Rule.RHYTHM_SURVEILLANCE)
    first = None if visits else first_surveillance(cert)
    return [min((due for due in (first, found) if due), key=lambda due: due.last_day)]


def no_visit_within(rhythm: Limit) -> int:
    """Days before the end of a certificate from which the next visit of this rhythm is that of recertification."""
    recertification = STARTER_LIMITS["recertification_audit"].value or 0
    return (rhythm.value or 0) * DAYS_OF_MONTH + recertification


def _surveillance_years(first: int, recertification_year: int) -> range:
    return range(first, recertification_year)


def _merged(first: Due | None, yearly: list[Due]) -> list[Due]:
    """The first audit also serves its calendar year, unless that leaves the cycle with a single visit."""
    if first is None:
        return yearly
    served = first.due_on.year if len(yearly) > 1 else None
    return [first, *(due for due in yearly if due.due_on.year != served)]


def _recertification_year(cert: CertFacts) -> int:
    planned = cert.recertification_planned_on or recertification_audit(cert)
    if isinstance(planned, Due):
        return planned.due_on.year
    return planned.year if planned else 0


def second_surveillance_target(cert: CertFacts, limit: Limit) -> Due | None:
    """C4: what most bodies aim at, 24 months as a rule; it and its tolerance are a matter of the contract."""
    return _counted(cert.decided_on, limit, Rule.SECOND_SURVEILLANCE_TARGET)


def _aimed(yearly: Due, target: Due | None) -> Due:
    """The audit of a calendar year, aimed at the target when that is in the same year: one audit serves both.

    The end of the year stays the hard end, so the tolerance does not reach past it.
    """
    if target is None or target.limit is None or yearly.rule is not Rule.YEARLY_SURVEILLANCE:
        return yearly
    if target.due_on.year != yearly.due_on.year:
        return yearly
    tolerance = min(target.limit.tolerance, (yearly.due_on - target.due_on).days)
    return replace(target, limit=replace(target.limit, tolerance=tolerance))


def recertification_audit(cert: CertFacts, limit: Limit = STARTER_LIMITS["recertification_audit"]) -> Due | None:
    """C5."""
    return _counted(cert.valid_until, limit, Rule.RECERTIFICATION_AUDIT)


def recertification_decision(cert: CertFacts) -> Due | None:
    """C6."""
    if cert.valid_until is None:
        return None
    return Due(cert.valid_until, Rule.RECERTIFICATION_DECISION, cert.valid_until)


def internal_audits_before(
    body_audit_on: date, limit: Limit = STARTER_LIMITS["internal_audits_before_body"]
) -> Due | None:
    """C8."""
    return _counted(body_audit_on, limit, Rule.INTERNAL_AUDITS_BEFORE_BODY)


@dataclass(frozen=True)
class InternalAudits:
    """What an office's internal audits come to: the first day of the earliest open one, the last day of the last held.

    One is held once its report is published.
    """

    open_on: date | None = None
    held_on: date | None = None

    def are_finished(self, *, since: date, before: date) -> bool:
        """Whether some were held since the body last came, and none is open that comes before the body does again."""
        is_held = self.held_on is not None and self.held_on > since
        return is_held and (self.open_on is None or self.open_on >= before)


def restoration_end(cert: CertFacts) -> Due | None:
    """C10."""
    if cert.valid_until is None:
        return None
    return Due(add_months(cert.valid_until, RESTORATION_MONTHS), Rule.RESTORATION_END, cert.valid_until)


def suspension_end(cert: CertFacts, months: int = SUSPENSION_MONTHS) -> Due | None:
    """C11: the printed day, else the body's usual number of months."""
    if cert.suspended_on is None:
        return None
    ends_on = cert.suspended_until or add_months(cert.suspended_on, months)
    return Due(ends_on, Rule.SUSPENSION_END, cert.suspended_on)


def major_verification(stage2_ended_on: date) -> Due:
    """C12."""
    ends_on = add_months(stage2_ended_on, MAJOR_VERIFICATION_MONTHS)
    return Due(ends_on, Rule.MAJOR_VERIFICATION, stage2_ended_on)


def transition_audit(edition_ends_on: date, limit: Limit = STARTER_LIMITS["transition_audit"]) -> Due | None:
    """C14."""
    return _counted(edition_ends_on, limit, Rule.TRANSITION_AUDIT)


def _counted(counted_from: date | None, limit: Limit, rule: Rule) -> Due | None:
    ends_on = due_on(limit, counted_from) if counted_from else None
    return Due(ends_on, rule, counted_from, limit) if counted_from and ends_on else None


def status(cert: CertFacts, today: date) -> CertificateStatus:
    """Read from the dates each time, so that no stopped job can leave a lapsed certificate looking valid."""
    end = certificate_end(cert)
    if _has_come(cert.withdrawn_on, today):
        return CertificateStatus.WITHDRAWN
    if _has_come(cert.superseded_on, today):
        return CertificateStatus.SUPERSEDED
    if end is None or not _has_come(cert.valid_from, today):
        return CertificateStatus.IN_PREPARATION
    if today > end.due_on:
        return _expired(cert, today)
    return CertificateStatus.SUSPENDED if _is_suspended(cert, today) else CertificateStatus.VALID


def _expired(cert: CertFacts, today: date) -> CertificateStatus:
    """Nothing can be restored to an edition that has ended."""
    window = restoration_end(cert)
    is_edition_over = cert.edition_ends_on is not None and today > cert.edition_ends_on
    if is_edition_over or window is None or today > window.due_on:
        return CertificateStatus.EXPIRED_FINAL
    return CertificateStatus.EXPIRED_RESTORABLE


def _is_suspended(cert: CertFacts, today: date) -> bool:
    """Past its printed end too: only the body lifts a suspension."""
    if any(first <= today < lifted for first, lifted in cert.earlier_suspensions):
        return True
    return _has_come(cert.suspended_on, today) and not _has_come(cert.resumed_on, today)


def may_refer_to(status: CertificateStatus) -> bool:
    """Whether the office may refer to the certificate and use the mark (ISO/IEC 17021-1:2015, 8.3.4 and 9.6.5)."""
    return status is CertificateStatus.VALID


def _has_come(day: date | None, today: date) -> bool:
    return day is not None and day <= today
