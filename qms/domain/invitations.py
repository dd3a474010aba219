"""What waits for the owner of a mailbox: an invitation to an office, or a new address. How long, and from when.

Nobody but that owner learns whether the address has an account: who asks sees only that it was asked.
"""

from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput, NotAllowedNow

OPEN_DAYS: Final = 14
# So long the mailbox a person has now can stop a change that somebody without rights over audits asked for.
GRACE_DAYS: Final = 3
# Letters to people who may know nothing of the register: more than a whole office needs on the day it begins, and too
# few to trouble anybody with.
MOST_LETTERS: Final = 60
MOST_TO_ONE: Final = 3


class Standing(StrEnum):
    """How it stands with what was asked."""

    OPEN = "open"
    NOT_YET = "not yet"
    ANSWERED = "answered"
    ENDED = "ended"
    EXPIRED = "expired"


class Asked(Protocol):
    """What was asked, and what became of it."""

    expires_on: date
    answered_on: date | None
    ended_on: date | None


def standing(asked: Asked, today: date, *, opens_on: date | None = None) -> Standing:
    """How it stands on a day; the last day of waiting belongs to it."""
    if asked.answered_on is not None:
        return Standing.ANSWERED
    if asked.ended_on is not None:
        return Standing.ENDED
    if today > asked.expires_on:
        return Standing.EXPIRED
    return Standing.NOT_YET if opens_on is not None and today < opens_on else Standing.OPEN


def last_day(opens_on: date) -> date:
    """Until when it can be answered."""
    return add_days(opens_on, OPEN_DAYS)


def opens_on(asked_on: date, *, is_trusted: bool) -> date:
    """When a new address can be confirmed; `is_trusted`: whoever asks has rights over audits anyway."""
    return asked_on if is_trusted else add_days(asked_on, GRACE_DAYS)


def check_letters(sent: int) -> None:
    """Whether an office may write to one more such mailbox, after those of a day. Raises `NotAllowedNow`."""
    if sent >= MOST_LETTERS:
        message = N_("Your office has sent %(most)s such letters within a day, and that is the limit. Go on tomorrow.")
        raise NotAllowedNow(message, most=MOST_LETTERS)


def check_invited(times: int) -> None:
    """Whether an office may invite an address once more on one day. Raises `InvalidInput`."""
    if times >= MOST_TO_ONE:
        message = N_(
            "This address was invited %(most)s times today. Ask the person whether it came, or go on tomorrow."
        )
        raise InvalidInput(message, field="email", most=MOST_TO_ONE)
