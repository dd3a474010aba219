"""A year of the demonstration with weekends, holidays, leaves, a proxy who left and days on which the scheduler is off.

How many letters each person got in each month stands in `tests/support/year_of_letters.txt`, to be read as somebody
who gets them. `python -m tests.support.year` writes it anew.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from qms import jobs
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.demo.cast import all_offices
from qms.domain.calendar import is_working_day
from qms.people.models import Absence
from qms.reminders.models import Reminder
from tests.support.year import FIRST, LAST, MONTHS, Year, counted, lived, read, sent

A_FEW_MONTHS = 4
A_FEW = ("sp-leczyca", "ug-mszana-dolna")
MOST_DIGESTS = 15  # a month, for the proxy of the office with twenty cases under way

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def year(times: Callable[[int, int], int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The last four months of two offices; the whole of all twenty in the long form."""
    slugs = [facts.slug for facts in all_offices()] if times(0, 1) else A_FEW
    first = FIRST if times(0, 1) else MONTHS[-A_FEW_MONTHS]
    with lived(slugs, tmp_path_factory.mktemp("year"), first=first) as found, scoped(EVERY_OFFICE):
        yield found


def test_everybody_gets_the_letters_of_the_table(year: Year) -> None:
    place = MONTHS.index(year.first)
    kept = {key: row[place:12] for key, row in read().items() if key[0] in year.casts}

    assert {key: row[place:12] for key, row in counted(year).items()} == {
        key: row for key, row in kept.items() if any(row)
    }


def test_nobody_gets_two_digests_on_one_day_nor_very_many_in_a_month(year: Year) -> None:
    digests = [letter for letter in sent(year.first) if letter.kind == "digest"]
    per_month = Counter((letter.person_id, letter.on.replace(day=1)) for letter in digests)

    assert Counter((letter.person_id, letter.on) for letter in digests).most_common(1)[0][1] == 1
    assert max(per_month.values()) <= MOST_DIGESTS


def test_no_letter_comes_on_a_day_off_nor_to_somebody_on_leave(year: Year) -> None:
    leaves = [(away.person_id, away.from_on, away.until_on) for away in db.session.scalars(select(Absence))]

    assert leaves
    assert [letter for letter in sent(year.first) if not is_working_day(letter.on)] == []
    assert [
        letter
        for letter in sent(year.first)
        for person_id, first, last in leaves
        if letter.kind == "digest" and letter.person_id == person_id and first <= letter.on <= last
    ] == []


def test_nothing_that_was_owed_is_untold(year: Year) -> None:
    untold = select(Letter.state).join(Reminder, Reminder.letter_id == Letter.id).where(Reminder.outcome == "")
    with clock.at(clock.moment(LAST, clock.now().time())):
        swept = jobs._plan_all([cast.office_id for cast in year.casts.values()], LAST, is_whole=True)

    assert set(db.session.scalars(untold)) <= {"queued"}
    assert swept.startswith("nothing new")


def test_the_scheduler_was_off_now_and_then(year: Year) -> None:
    assert 10 < len(year.off) < 60
    assert any(day + timedelta(days=1) in year.off for day in year.off)
