"""How long an invitation or a new address waits for the owner of a mailbox."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.domain.invitations import (
    MOST_LETTERS,
    MOST_TO_ONE,
    Standing,
    check_invited,
    check_letters,
    last_day,
    opens_on,
    standing,
)

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@dataclass
class Asked:
    expires_on: date = TODAY
    answered_on: date | None = None
    ended_on: date | None = None


@pytest.mark.parametrize(
    ("asked", "opens", "found"),
    [
        (Asked(), None, Standing.OPEN),
        (Asked(), TODAY, Standing.OPEN),
        (Asked(), TODAY + DAY, Standing.NOT_YET),
        (Asked(TODAY - DAY), None, Standing.EXPIRED),
        (Asked(answered_on=TODAY), None, Standing.ANSWERED),
        (Asked(TODAY - DAY, answered_on=TODAY - DAY), None, Standing.ANSWERED),
        (Asked(ended_on=TODAY), None, Standing.ENDED),
        (Asked(TODAY - DAY, ended_on=TODAY - DAY), None, Standing.ENDED),
        (Asked(ended_on=TODAY), TODAY + DAY, Standing.ENDED),
    ],
)
def test_what_was_asked_waits_from_its_first_day_to_its_last(asked: Asked, opens: date | None, found: Standing) -> None:
    assert standing(asked, TODAY, opens_on=opens) is found


def test_it_waits_for_a_fortnight_and_longer_when_the_old_mailbox_may_stop_it() -> None:
    assert opens_on(TODAY, is_trusted=True) == TODAY
    assert opens_on(TODAY, is_trusted=False) == TODAY + 3 * DAY
    assert last_day(TODAY) == TODAY + 14 * DAY


def test_one_letter_more_than_the_limit_of_a_day_is_refused():
    check_letters(MOST_LETTERS - 1)
    check_invited(MOST_TO_ONE - 1)

    with pytest.raises(NotAllowedNow):
        check_letters(MOST_LETTERS)
    with pytest.raises(InvalidInput):
        check_invited(MOST_TO_ONE)
