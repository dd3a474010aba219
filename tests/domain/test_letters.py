"""When letters leave that nobody waits for."""

from datetime import date

import pytest

from qms.domain.deadlines import Kind
from qms.domain.letters import is_escalation, leaves_on, month_opens_on, week_opens_on
from qms.domain.reminders import LADDERS, Level

WEEKLY = """
    written on   due on       leaves on    why
    2026-11-20   2026-12-04   2026-11-23   the week opens on Monday
    2026-11-23   2026-12-04   2026-11-23   it opens today
    2026-11-24   2026-12-04   2026-11-30   it has opened, so the next one
    2026-11-24   2026-12-01   2026-11-30   due the day after the next opening
    2026-11-24   2026-11-30   2026-11-24   due on that very day
    2026-11-24   2026-11-27   2026-11-24   due before
    2026-11-24   2026-11-20   2026-11-24   late
    2026-11-21   2026-11-20   2026-11-23   late, but written on a Saturday
    2026-04-03   2026-05-01   2026-04-07   Easter Monday is off
    2026-04-06   2026-05-01   2026-04-07   written on it
"""


@pytest.mark.parametrize(("written", "due", "leaves"), [line.split()[:3] for line in WEEKLY.strip().splitlines()[1:]])
def test_one_letter_a_week_waits_for_the_week_to_open_unless_a_due_day_would_pass(
    written: str, *, due: str, leaves: str
) -> None:
    days = (date.fromisoformat(each) for each in (written, due))

    assert leaves_on(*days, is_weekly=True) == date.fromisoformat(leaves)


@pytest.mark.parametrize(("written", "leaves"), [("2026-11-24", "2026-11-24"), ("2026-11-21", "2026-11-23")])
def test_a_letter_a_day_leaves_on_the_next_working_day(written: str, leaves: str) -> None:
    assert leaves_on(date.fromisoformat(written), date(2027, 5, 1)) == date.fromisoformat(leaves)


def test_months_and_weeks_open_on_their_first_working_day() -> None:
    assert month_opens_on(date(2026, 11, 30)) == date(2026, 11, 2)
    assert month_opens_on(date(2027, 1, 1)) == date(2027, 1, 4)
    assert month_opens_on(date(2026, 12, 9), {date(2026, 12, 1)}) == date(2026, 12, 2)
    assert week_opens_on(date(2026, 4, 10)) == date(2026, 4, 7)


ESCALATED = {
    (Kind.ANSWER, Level.SECRETARY),
    (Kind.DECISION_ON_ANSWER, Level.SECRETARY),
    (Kind.CLOSING, Level.SECRETARY),
    (Kind.ACTION, Level.HEAD),
    (Kind.BODY_CONTRACT, Level.HEAD),
    (Kind.INTERNAL_AUDITS, Level.HEAD),
    (Kind.BODY_EVIDENCE, Level.SECRETARY),
    (Kind.BODY_EVIDENCE, Level.HEAD),
}


def test_superiors_are_called_for_where_a_ladder_reaches_them_only_after_the_day() -> None:
    assert {(kind, level) for kind in Kind for level in Level if is_escalation(LADDERS[kind], level)} == ESCALATED
