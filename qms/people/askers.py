"""Whoever asks the owner of a mailbox: how often an office may, and whether an answer still brings what was asked."""

from datetime import date
from typing import Final

from qms.core import outbox
from qms.domain.invitations import MOST_LETTERS, check_letters
from qms.domain.standing import Concern
from qms.people import queries
from qms.people.models import Person
from qms.people.posts import lock
from qms.policy import Actor, Can, can


def asker(person: Person, office_id: int, today: date) -> Actor | None:
    """Who asked, with the posts of today; none once they keep the office's list of people no longer."""
    if person.deactivated_at is not None:
        return None
    found = queries.actor_of(person, today)
    return found if can(found, Can.MANAGE_PEOPLE, Concern(office_id=office_id)) else None


_TO_STRANGERS: Final = frozenset({"invitation", "address_confirm"})


def letters_left(office_id: int) -> int:
    """How many letters to strange mailboxes the office has left of this day. Raises `NotAllowedNow` at none."""
    lock(office_id)
    sent = outbox.count_of_day(office_id, _TO_STRANGERS)
    check_letters(sent)
    return MOST_LETTERS - sent


def refuse_flood(office_id: int) -> None:
    """Raises `NotAllowedNow` once the office has written to as many strange mailboxes as it may within a day."""
    letters_left(office_id)
