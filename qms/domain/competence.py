"""Who may audit, on which day and by which edition.

Source: ISO 9001:2008, 6.2.2 and 8.2.2; ISO 19011, chapter 7. A course for one edition does not qualify for another. A
certificate without an end date is valid for ever; one whose end nobody wrote down is only doubtful.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.domain.errors import N_, Notice, NotQualified


class AuditorRole(StrEnum):
    TRAINEE = "trainee"
    AUDITOR = "auditor"
    LEAD = "lead"


class Validity(StrEnum):
    NONE = "none"
    """The certificate has no end."""
    UNTIL = "until"
    UNKNOWN = "unknown"


QUALIFYING: dict[AuditorRole, frozenset[AuditorRole]] = {
    AuditorRole.TRAINEE: frozenset(AuditorRole),
    AuditorRole.AUDITOR: frozenset({AuditorRole.AUDITOR, AuditorRole.LEAD}),
    AuditorRole.LEAD: frozenset({AuditorRole.LEAD}),
}


@dataclass(frozen=True, kw_only=True)
class Qualification:
    role: AuditorRole
    edition: str
    held_on: date
    validity: Validity
    valid_until: date | None = None

    def has_ended(self, on: date) -> bool:
        return self.validity is Validity.UNTIL and (self.valid_until is None or self.valid_until < on)

    def supports(self, role: AuditorRole, on: date, edition: str) -> bool:
        is_fitting = self.edition == edition and self.role in QUALIFYING[role]
        return is_fitting and self.held_on <= on and not self.has_ended(on)


@dataclass(frozen=True)
class Appointment:
    """The office's admission of a person as an auditor; both days belong to it, `to_on` None goes on."""

    from_on: date
    to_on: date | None = None

    def covers(self, on: date) -> bool:
        return self.from_on <= on and (self.to_on is None or self.to_on >= on)


NOT_APPOINTED = N_("This person is not appointed as an auditor on that day. Record the appointment or choose another.")
NO_COURSE = N_("This person has no training for this role. Record the training or choose another auditor.")
OTHER_EDITION = N_("This person was trained for another edition. Record a course for %(edition)s or choose another.")
ENDED = N_("This person's certificate is not valid on that day. Record its renewal or choose another auditor.")
END_UNKNOWN = N_("Nobody wrote down until when this person's certificate is valid. Check it and record the day.")


def shortcoming(
    role: AuditorRole,
    *,
    on: date,
    edition: str,
    qualifications: Iterable[Qualification],
    appointment: Appointment | None,
) -> Notice | None:
    """Why the person does not qualify for the role on the day, or None."""
    if appointment is None or not appointment.covers(on):
        return Notice(NOT_APPOINTED)
    of_role = [each for each in qualifications if each.role in QUALIFYING[role] and each.held_on <= on]
    of_edition = [each for each in of_role if each.edition == edition]
    if not of_role:
        return Notice(NO_COURSE)
    if not of_edition:
        return Notice(OTHER_EDITION, {"edition": edition})
    return Notice(ENDED) if all(each.has_ended(on) for each in of_edition) else None


def is_qualified(
    role: AuditorRole,
    *,
    on: date,
    edition: str,
    qualifications: Iterable[Qualification],
    appointment: Appointment | None,
) -> bool:
    return not shortcoming(role, on=on, edition=edition, qualifications=qualifications, appointment=appointment)


def check_lead(
    *, on: date, edition: str, qualifications: Iterable[Qualification], appointment: Appointment | None
) -> None:
    """Refuse a lead auditor who does not qualify; without one no audit may start."""
    lack = shortcoming(AuditorRole.LEAD, on=on, edition=edition, qualifications=qualifications, appointment=appointment)
    if lack:
        raise NotQualified(lack.message, edition=edition)


def warning_about(
    role: AuditorRole,
    *,
    on: date,
    edition: str,
    qualifications: Iterable[Qualification],
    appointment: Appointment | None,
) -> Notice | None:
    """What to point out about a member of a team: a shortcoming, or an end of validity that nobody knows."""
    held = tuple(qualifications)
    lack = shortcoming(role, on=on, edition=edition, qualifications=held, appointment=appointment)
    return lack or _doubt(each for each in held if each.supports(role, on, edition))


def _doubt(supporting: Iterable[Qualification]) -> Notice | None:
    is_doubtful = all(each.validity is Validity.UNKNOWN for each in supporting)
    return Notice(END_UNKNOWN) if is_doubtful else None
