"""The days printed on a certificate: what contradicts itself, and what is only unusual."""

from datetime import date
from typing import Final

from qms.domain.calendar import add_days, add_months
from qms.domain.certification import CYCLE_MONTHS, CertFacts
from qms.domain.errors import N_, InvalidInput, Notice

# No text sets these: a cycle has three years, so days further apart than this were typed wrong.
FURTHEST_FROM_DECISION_MONTHS: Final = CYCLE_MONTHS
LONGEST_VALIDITY_MONTHS: Final = 120


def check_validity(cert: CertFacts) -> None:
    """Refuse an end that lies before the beginning or before the decision, and days years away from each other."""
    ends_on, starts_on = cert.valid_until, cert.valid_from
    if ends_on and starts_on and ends_on < starts_on:
        message = N_("The certificate would end before it begins. Check both days.")
        raise InvalidInput(message, field="valid_until")
    if ends_on and cert.decided_on and ends_on < cert.decided_on:
        message = N_("The certificate would end before the decision about it. Check both days.")
        raise InvalidInput(message, field="valid_until")
    if starts_on and cert.decided_on and _are_apart(starts_on, cert.decided_on, FURTHEST_FROM_DECISION_MONTHS):
        message = N_("The first day of validity is more than three years away from the decision. Check both years.")
        raise InvalidInput(message, field="valid_from")
    if starts_on and ends_on and _are_apart(starts_on, ends_on, LONGEST_VALIDITY_MONTHS):
        message = N_("The certificate would be valid for more than ten years. Check the year of its last day.")
        raise InvalidInput(message, field="valid_until")


def _are_apart(one: date, other: date, months: int) -> bool:
    return max(one, other) > add_months(min(one, other), months)


def early_beginning(cert: CertFacts) -> Notice | None:
    """A remark when it is valid from a day before the decision: some bodies print the first day of the old cycle."""
    if cert.valid_from is None or cert.decided_on is None or cert.valid_from >= cert.decided_on:
        return None
    return Notice(N_("The certificate begins before the decision about it. Check both days."))


def unusual_validity(cert: CertFacts) -> Notice | None:
    """A remark when the printed end is not three years from the start, give or take a day; it stays as printed."""
    if cert.valid_from is None or cert.valid_until is None:
        return None
    usual = add_months(cert.valid_from, CYCLE_MONTHS)
    if add_days(usual, -1) <= cert.valid_until <= add_days(usual, 1):
        return None
    return Notice(N_("Most certificates run for three years, this one does not. Check the day printed on it."))
