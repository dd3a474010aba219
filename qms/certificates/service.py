"""What is done to the record of a certificate: recorded, corrected, suspended, restored, withdrawn, removed.

The printed days are kept as printed. What they mean on a day is computed, see `qms.domain.certification`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from qms.certificates import queries
from qms.certificates.models import Certificate, Suspension
from qms.core import clock, trail
from qms.core.db import db
from qms.core.trail import because
from qms.domain import editions, periods, printed_days
from qms.domain.calendar import add_days
from qms.domain.certification import CertFacts, RuleVersion
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, Notice
from qms.domain.written_days import WrittenDay, reread
from qms.offices.models import Office
from qms.standards import queries as standards

REMOVABLE_DAYS: Final = 90  # within the first quarter no visit of the body has been held by it


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """What is printed on a certificate, and what the body said about its decision."""

    number: str
    body: str
    edition_code: str
    decided_on: date
    valid_from: date
    valid_until: date
    rules: str = RuleVersion.V2015
    is_initial: bool = True
    stage2_ended_on: date | None = None
    scope: str = ""
    sites: str = ""
    note: str = ""
    decided_written: str = ""
    from_written: str = ""
    until_written: str = ""
    replaces: bool = False
    rhythm_months: int | None = None
    rhythm_tolerance: int = 0

    @property
    def days(self) -> dict[str, WrittenDay]:
        """The days that may be known only in part, by the fields they are typed in."""
        return {
            "decided_on": reread(self.decided_written, self.decided_on),
            "valid_from": reread(self.from_written, self.valid_from),
            "valid_until": reread(self.until_written, self.valid_until),
        }


def record(office: Office, facts: CertificateFacts, *, today: date) -> Certificate:
    """Add a certificate to the office's history. Raises `InvalidInput` at the field that is wrong."""
    _check(office.id, facts, today=today)
    certificate = Certificate(office_id=office.id, **asdict(facts))
    db.session.add(certificate)
    db.session.flush()
    return certificate


def correct(certificate: Certificate, facts: CertificateFacts, *, today: date) -> None:
    """Change what was recorded. Raises `InvalidInput` at the field that is wrong."""
    _check(certificate.office_id, facts, today=today, own_id=certificate.id)
    for name, value in asdict(facts).items():
        setattr(certificate, name, value)


def remarks(facts: CertificateFacts) -> list[Notice]:
    """What to point out about a certificate that may well be right."""
    printed = _printed(facts)
    of_days = [printed_days.early_beginning(printed), printed_days.unusual_validity(printed)]
    found = [_edition_remark(facts), *of_days, _first_visit_remark(facts)]
    return [remark for remark in found if remark]


def _printed(facts: CertificateFacts) -> CertFacts:
    return CertFacts(decided_on=facts.decided_on, valid_from=facts.valid_from, valid_until=facts.valid_until)


def _check(office_id: int, facts: CertificateFacts, *, today: date, own_id: int | None = None) -> None:
    printed_days.check_validity(_printed(facts))
    _check_days(facts, today)
    _check_partial_days(facts, today)
    _edition_remark(facts)
    if queries.is_number_taken(office_id, facts.number, facts.valid_from, besides=own_id):
        message = N_("A certificate with this number and first day is recorded already. Open it to correct it.")
        raise InvalidInput(message, field="number")
    _check_overlap(office_id, facts, own_id=own_id)


def _check_overlap(office_id: int, facts: CertificateFacts, *, own_id: int | None) -> None:
    edition = standards.edition(facts.edition_code)
    days = facts.days
    new = periods.Period(
        number=facts.number,
        standard=editions.standard_of(facts.edition_code),
        begins=days["valid_from"],
        ends=days["valid_until"],
        cut_on=edition.certificates_until if edition else None,
        replaces=facts.replaces,
    )
    others = (each.period for each in queries.history(office_id) if each.id != own_id)
    periods.check_overlap(new, others)


def _check_partial_days(facts: CertificateFacts, today: date) -> None:
    """Refuses a part of a date where days are still counted from it: they stand on the certificate in use."""
    days = facts.days
    for name, day in days.items():
        if not day.is_exact and day.last_on >= today:
            raise InvalidInput(N_("This day may be still to come. Enter it exactly, as printed."), field=name)
    is_in_use = days["valid_until"].last_on >= today
    if is_in_use and not days["decided_on"].is_exact:
        message = N_("The days of this cycle are counted from the decision. Enter its day exactly.")
        raise InvalidInput(message, field="decided_on")


def _check_days(facts: CertificateFacts, today: date) -> None:
    if facts.decided_on > today:
        message = N_("The decision has not been made yet. Record the certificate once the body has decided.")
        raise InvalidInput(message, field="decided_on")
    if facts.valid_until == facts.decided_on:
        message = N_("The certificate would end on the day of the decision. Check both days.")
        raise InvalidInput(message, field="valid_until")
    if facts.stage2_ended_on and facts.stage2_ended_on > facts.decided_on:
        message = N_("Stage 2 must end by the day of the decision. Check both days.")
        raise InvalidInput(message, field="stage2_ended_on")


def _edition_remark(facts: CertificateFacts) -> Notice | None:
    """Refuses an edition that could not be certified to on the day of the decision."""
    stored = standards.edition(facts.edition_code)
    if stored is None or not stored.is_certifiable:
        message = N_("Nobody can be certified to this edition yet. Choose another edition.")
        raise InvalidInput(message, field="edition")
    if stored.published_on and facts.days["decided_on"].last_on < stored.published_on:
        message = N_("This edition was published on %(day)s, after the decision. Choose an earlier edition.")
        raise InvalidInput(message, field="edition", day=stored.published_on)
    decided_on = facts.days["decided_on"].last_on
    return editions.check_certificate_edition(stored.rules, decided_on=decided_on, valid_until=facts.valid_until)


def _first_visit_remark(facts: CertificateFacts) -> Notice | None:
    if facts.rules != RuleVersion.V2011 or not facts.is_initial or facts.stage2_ended_on:
        return None
    return Notice(N_("The first surveillance is counted from the last day of stage 2. Add that day here."))


def suspend(certificate: Certificate, *, on: date, reason: str, today: date, until: date | None = None) -> None:
    """The body suspended it from that day, until the one it printed. Raises `RuleViolation` like the other events."""
    _refuse_withdrawn(certificate)
    if certificate.is_suspended:
        raise NotAllowedNow(N_("The certificate is suspended already. Record that it was restored or withdrawn."))
    _check_event_day(certificate, on, today)
    if until is not None and until < on:
        raise InvalidInput(N_("The suspension would end before it begins. Check both days."), field="until")
    because(reason)
    _keep_earlier(certificate)
    certificate.suspended_on, certificate.suspended_until, certificate.restored_on = on, until, None


def _keep_earlier(certificate: Certificate) -> None:
    if certificate.suspended_on is None or certificate.restored_on is None:
        return
    earlier = Suspension(office_id=certificate.office_id, from_on=certificate.suspended_on)
    earlier.until_on, earlier.lifted_on = certificate.suspended_until, certificate.restored_on
    certificate.earlier_suspensions.append(earlier)


def restore(certificate: Certificate, *, on: date, reason: str, today: date) -> None:
    """The body lifted the suspension on that day. Raises `RuleViolation` when there is none."""
    _refuse_withdrawn(certificate)
    if not certificate.is_suspended:
        raise NotAllowedNow(N_("The certificate is not suspended. Look at its page to see how it stands."))
    _check_event_day(certificate, on, today)
    because(reason)
    certificate.restored_on = on


def withdraw(certificate: Certificate, *, on: date, reason: str, today: date) -> None:
    """The body withdrew it on that day. Raises `RuleViolation` when it is withdrawn already."""
    _refuse_withdrawn(certificate)
    _check_event_day(certificate, on, today)
    because(reason)
    certificate.withdrawn_on = on


def take_back(certificate: Certificate, *, reason: str) -> None:
    """Remove the last event that was recorded by mistake; the trail keeps it. Raises `NotAllowedNow` without one."""
    recorded = [name for name in ("withdrawn_on", "restored_on", "suspended_on") if getattr(certificate, name)]
    if not recorded:
        raise NotAllowedNow(
            N_("Nothing was recorded that could be taken back. Look at the page of the certificate, how it stands.")
        )
    because(reason)
    setattr(certificate, recorded[0], None)
    if recorded[0] == "suspended_on":
        _bring_back_earlier(certificate)


def _bring_back_earlier(certificate: Certificate) -> None:
    certificate.suspended_until = None
    if certificate.earlier_suspensions:
        last = certificate.earlier_suspensions.pop()
        certificate.suspended_on, certificate.suspended_until = last.from_on, last.until_on
        certificate.restored_on = last.lifted_on


def remove(certificate: Certificate, *, reason: str, today: date) -> None:
    """Take back a record that should not be there; it stays among those removed. Raises like `check_removable`."""
    check_removable(certificate, today=today)
    because(reason)
    db.session.delete(certificate)


def check_removable(certificate: Certificate, *, today: date) -> None:
    """Raises `NotAllowedNow` for a record that others have come to rest on: it is corrected instead."""
    recorded_at = trail.recorded_at(certificate)
    if recorded_at is None or today > add_days(clock.day_of(recorded_at), REMOVABLE_DAYS):
        message = N_("This was recorded more than %(days)s days ago, so it stays. Correct what is wrong in it.")
        raise NotAllowedNow(message, days=REMOVABLE_DAYS)
    if certificate.suspended_on or certificate.withdrawn_on:
        raise NotAllowedNow(
            N_("Something is recorded that happened to this certificate. Take that back first, then remove it.")
        )


EVENTS: Final[Mapping[str, Callable[..., None]]] = {"suspended": suspend, "restored": restore, "withdrawn": withdraw}


def events_possible(certificate: Certificate) -> list[str]:
    """What may happen next to the certificate, by the names of `EVENTS`."""
    if certificate.withdrawn_on:
        return []
    return ["restored" if certificate.is_suspended else "suspended", "withdrawn"]


def _refuse_withdrawn(certificate: Certificate) -> None:
    if certificate.withdrawn_on:
        raise NotAllowedNow(N_("The certificate was withdrawn. Record a new certificate instead."))


def _check_event_day(certificate: Certificate, on: date, today: date) -> None:
    if on > today:
        raise InvalidInput(N_("This day has not come yet. Record it once it has happened."), field="on")
    first_on = max(filter(None, (certificate.valid_from, certificate.suspended_on, certificate.restored_on)))
    if on < first_on:
        message = N_("This is earlier than what is recorded for %(day)s. Check the day.")
        raise InvalidInput(message, field="on", day=first_on)
