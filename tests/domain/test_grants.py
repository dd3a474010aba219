"""What a link in a letter opens, as a table: who, where the case stands, and on which day."""

from datetime import date, timedelta

import pytest

from qms.domain.grants import Facts, Standing, last_day, last_day_of_a_new_one, standing

TODAY = date(2026, 11, 20)
AGO, AHEAD = (lambda days: TODAY - timedelta(days)), (lambda days: TODAY + timedelta(days))
WAITING = {"is_readers": True, "is_awaited": True, "expires_on": AHEAD(1)}
DONE = WAITING | {"is_awaited": False}

CASES = {
    "it waits for its reader": ({}, "open"),
    "its last day": ({"expires_on": TODAY}, "open"),
    "a day later": ({"expires_on": AGO(1)}, "ended"),
    "the case waits for something else": ({"is_awaited": False}, "ended"),
    "another mailbox, post or reader": ({"is_readers": False}, "ended"),
    "done just now": (DONE | {"done_on": TODAY}, "receipt"),
    "done, past its last day": (DONE | {"done_on": AGO(2), "expires_on": AGO(1)}, "receipt"),
    "done thirty days ago": (DONE | {"done_on": AGO(30)}, "receipt"),
    "done a day before that": (DONE | {"done_on": AGO(31)}, "ended"),
    "done, and the reader has left since": (DONE | {"done_on": TODAY, "is_readers": False}, "ended"),
    "only signed in": ({"needs_signing_in": True}, "sign_in"),
    "only signed in, and done": (DONE | {"done_on": TODAY, "needs_signing_in": True}, "sign_in"),
    "only signed in, and not the reader": ({"needs_signing_in": True, "is_readers": False}, "ended"),
}


@pytest.mark.parametrize(("changed", "expected"), CASES.values(), ids=CASES)
def test_what_a_link_opens(changed, expected):
    assert standing(Facts(**(WAITING | changed)), TODAY) is Standing(expected)


@pytest.mark.parametrize(
    ("due_on", "until"),
    [(AHEAD(10), AHEAD(24)), (AHEAD(31), AHEAD(45)), (AHEAD(90), AHEAD(45)), (AGO(20), AGO(6)), (None, AHEAD(45))],
)
def test_a_link_lasts_past_the_due_day_but_never_long(due_on, until):
    assert last_day(due_on, sent_on=TODAY) == until


def test_a_new_link_lasts_two_weeks_however_late_it_is():
    assert last_day_of_a_new_one(TODAY) == AHEAD(14)
