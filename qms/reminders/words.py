"""What letters, and what became of them, are called."""

from collections.abc import Mapping
from typing import Final

from qms.core.outbox import Letter
from qms.domain.errors import N_

KINDS: Final[Mapping[str, str]] = {
    "sign_in_code": N_("Sign-in code"),
    "invitation": N_("Invitation"),
    "address_asked": N_("Change of address asked for"),
    "address_confirm": N_("New address to confirm"),
    "address_changed": N_("Change of address"),
    "digest": N_("Reminder of tasks"),
    "findings_published": N_("Nonconformities to answer"),
    "report_published": N_("Report of an audit"),
    "case_opened": N_("Reported in your department"),
    "problem_reported": N_("Report to decide about"),
    "problem_decided": N_("Decision on a report of a problem"),
    "answer_received": N_("Answer to check"),
    "answer_returned": N_("Answer to complete"),
    "reason_given": N_("Reason to take note of"),
    "reason_copied": N_("Copy of a reason"),
    "handed_over": N_("Answer handed over to you"),
    "handing_over_noted": N_("Answer handed over"),
    "time_asked": N_("More time asked for"),
    "time_decided": N_("Decision on more time"),
    "objected": N_("Objection to a finding"),
    "objection_answered": N_("Answer to an objection"),
    "message_asked": N_("Question about a case"),
    "new_link": N_("New link to answer by"),
    "plan_accepted": N_("Plan accepted"),
    "action_given": N_("Action given to you"),
    "action_taken_off": N_("Action given to somebody else"),
    "case_reminder": N_("Reminder sent by hand"),
    "action_reported": N_("Action reported done"),
    "receipt": N_("Copy of an answer"),
    "audit_notice": N_("Notice of an audit"),
    "audit_moved": N_("Audit moved or cancelled"),
    "answers_unsent": N_("Answers that may wait on a device"),
    "permit_asked": N_("Permit for an audit team"),
    "loan_asked": N_("Request for an auditor"),
    "loan_answered": N_("Answer about an auditor"),
    "programme_waits": N_("Programme to approve"),
    "programme_decided": N_("Decision on a programme"),
    "report_waits": N_("Report to approve"),
    "report_decided": N_("Decision on a report"),
    "monthly_status": N_("How the office stands, monthly"),
    "weekly_status": N_("How the offices stand, weekly"),
    "letter_failed": N_("Letter not delivered"),
    "test": N_("Test letter"),
}

_STATES: Final[Mapping[str, str]] = {
    "queued": N_("waits"),
    "claimed": N_("is being sent"),
    "sending": N_("is being sent"),
    "sent": N_("sent"),
    "uncertain": N_("perhaps delivered; will be tried once more"),
    "failed": N_("not delivered"),
    "held": N_("held back"),
    "void": N_("not needed any more"),
}
_PERHAPS_TWICE: Final = N_("sent, perhaps twice")
_LEFT_TO_A_PERSON: Final = N_("perhaps delivered")


def state_of(letter: Letter) -> str:
    """What became of a letter, as a message to translate."""
    if letter.state == "sent" and letter.doubts:
        return _PERHAPS_TWICE
    if letter.state == "uncertain" and letter.doubts > 1:
        return _LEFT_TO_A_PERSON
    return _STATES[letter.state]


def needs_care(letter: Letter) -> bool:
    """Whether somebody has to reach the reader in another way."""
    return letter.state == "failed" or (letter.state == "uncertain" and letter.doubts > 1)
