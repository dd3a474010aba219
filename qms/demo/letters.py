"""The post of the demonstration: past letters are worded and written down as sent, and none of them leaves."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select, update

from qms.core import clock, outbox
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.demo.scene import Scene
from qms.reminders import service as reminders
from qms.reminders.models import Reminder
from qms.reminders.writing import Nothing, Ready, write

_PLANNED_AT: Final = time(0, 1)  # the scheduler plans a day as soon as it begins
_PEOPLE_COME_AT: Final = time(8)


def remind(scene: Scene) -> None:
    """Plan the reminders of the day, as the scheduler would have before anybody came to work."""
    with clock.at(clock.moment(scene.day, _PLANNED_AT)):
        reminders.plan([scene.cast.office_id], scene.day)


def leave_in_the_morning(scene: Scene) -> None:
    """Write down what leaves before work begins: people do what it reminds of only then."""
    _write_down(clock.moment(scene.day, _PEOPLE_COME_AT))


def put_away(before: date) -> None:
    """Regard every letter that would have left before a day as sent; their words are left out, nobody reads them."""
    outbox.regard_all_as_sent(before=clock.moment(before, time(0)))


def write_down(day: date) -> None:
    """Word every letter that would have left by the end of the day, and regard it as sent."""
    _write_down(clock.moment(day + timedelta(days=1), time(0)))


def _write_down(before: datetime) -> None:
    due = select(Letter.id, Letter.not_before).where(Letter.state == "queued", Letter.not_before < before)
    with scoped(EVERY_OFFICE):
        for letter_id, not_before in db.session.execute(due.order_by(Letter.not_before, Letter.id)).all():
            _settle(letter_id, not_before)
    db.session.expunge_all()


def _settle(letter_id: int, at: datetime) -> None:
    with clock.at(at):
        decided = write(letter_id)
    if isinstance(decided, Ready):
        outbox.regard_as_sent(letter_id, decided.written, at=at)
        _note(letter_id, decided.outcomes)
    elif isinstance(decided, Nothing):
        outbox.regard_as_void(letter_id, decided.reason)
        _note(letter_id, decided.outcomes)


def _note(letter_id: int, outcomes: dict[int, str]) -> None:
    """What became of each line of the ledger; those that were not left out were told."""
    for line_id, outcome in outcomes.items():
        db.session.execute(update(Reminder).where(Reminder.id == line_id).values(outcome=outcome))
    left = (Reminder.letter_id == letter_id, Reminder.outcome == "")
    db.session.execute(update(Reminder).where(*left).values(outcome="told"))
