"""What a link in a letter opens: one thing for one reader, until when, and what is shown afterwards.

It is no way in: whoever holds it may answer, or report an action done, and nothing else. Signing in is the other way to
the same, and the only one where the office or the case wants it so.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from qms.domain.calendar import add_days

DAYS_PAST_DUE: Final = 14
DAYS_AT_MOST: Final = 45
DAYS_OF_A_NEW_ONE: Final = 14
DAYS_OF_RECEIPT: Final = 30


class Purpose(StrEnum):
    ANSWER = "answer"
    REPORT_DONE = "report_done"


NAME: Final = "grant"
"""In the data of a letter, beside a path: what a link in its place may be given for."""


def named(purpose: Purpose, office_id: int, key: str, *, is_new: bool = False) -> dict[str, Any]:
    """What a letter keeps of a link that is made when it is written; `key` is that of the case or of the action."""
    return {NAME: {"purpose": purpose.value, "office_id": office_id, "key": key, "is_new": is_new}}


class Standing(StrEnum):
    OPEN = "open"
    RECEIPT = "receipt"
    """It was done; what was sent can be read for a while."""
    SIGN_IN = "sign_in"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of the reader and the case on the day a link is opened."""

    is_readers: bool
    """The account is open, has the mailbox the letter went to, and still answers for this in the office."""
    is_awaited: bool
    """The case waits for what the link lets its reader do."""
    expires_on: date
    """The last day on which it can be done."""
    done_on: date | None = None
    needs_signing_in: bool = False


def standing(facts: Facts, today: date) -> Standing:
    """What the link opens today."""
    if not facts.is_readers:
        return Standing.ENDED
    if facts.needs_signing_in:
        return Standing.SIGN_IN
    if facts.done_on is not None:
        return Standing.RECEIPT if today <= add_days(facts.done_on, DAYS_OF_RECEIPT) else Standing.ENDED
    return Standing.OPEN if facts.is_awaited and today <= facts.expires_on else Standing.ENDED


def last_day(due_on: date | None, *, sent_on: date) -> date:
    """Until when a link sent on a day is good: some days past the due day, and never very long."""
    at_most = add_days(sent_on, DAYS_AT_MOST)
    return at_most if due_on is None else min(at_most, add_days(due_on, DAYS_PAST_DUE))


def last_day_of_a_new_one(asked_on: date) -> date:
    """The same of a link that somebody asked for after the first one had ended."""
    return add_days(asked_on, DAYS_OF_A_NEW_ONE)
