"""The ledger and the letters, as the planner, the sender and the page of letters read them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import String, Table, exists, func, or_, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import raiseload

from qms.core import clock
from qms.core.db import db
from qms.core.outbox import STATUS_KINDS, Letter
from qms.core.paging import PER_PAGE, start
from qms.core.runs import JobRun
from qms.domain.deadlines import Deadline
from qms.offices.models import Office
from qms.people.models import Person
from qms.reminders.models import Reminder

DIGEST: Final = "digest"
_ASKED_AT_ONCE: Final = 1000
_HISTORY: Final = timedelta(days=30)
_SILENCE: Final = timedelta(minutes=5)
_MAY_FLOOD: Final = Letter.kind.not_in(STATUS_KINDS)


class Key(NamedTuple):
    """What makes a line of an office's ledger the only one of its kind."""

    kind: str
    subject: str
    due_on: date
    step: str
    person_id: int

    def is_of_one_matter(self, other: "Key") -> bool:
        """Whether both tell one person of one duty with one due day."""
        return (self[:3], self.person_id) == (other[:3], other.person_id)


def lock(office_id: int) -> date | None:
    """The day up to which an office was planned; nobody else plans it until this transaction ends."""
    return db.session.scalar(select(Office.planned_through).where(Office.id == office_id).with_for_update())


def planned_through(office_id: int) -> date | None:
    """The day up to which an office was planned."""
    return db.session.scalar(select(Office.planned_through).where(Office.id == office_id))


def mark_planned(office_id: int, through: date) -> None:
    """Note that the office is planned; not an edit of the office, so its version stays."""
    office = cast("Table", Office.__table__)
    db.session.execute(update(office).where(office.c.id == office_id).values(planned_through=through))


def not_planned(today: date) -> list[int]:
    """The offices whose reminders of today are still to be planned."""
    due = or_(Office.planned_through.is_(None), Office.planned_through < today)
    return list(db.session.scalars(select(Office.id).where(due).order_by(Office.id)))


def told(office_id: int, duties: Collection[Deadline]) -> set[Key]:
    """The lines the ledger holds about these duties."""
    columns = (Reminder.kind, Reminder.subject, Reminder.due_on, Reminder.step, Reminder.person_id)
    found: set[Key] = set()
    for subjects in _portions(sorted({duty.subject for duty in duties})):
        lines = select(*columns).where(Reminder.office_id == office_id, Reminder.subject.in_(subjects))
        found |= {Key(*line) for line in db.session.execute(lines)}
    return found


def _portions(subjects: list[str]) -> Iterator[list[str]]:
    return (subjects[start : start + _ASKED_AT_ONCE] for start in range(0, len(subjects), _ASKED_AT_ONCE))


def waiting_digest(person_id: int, *, after: datetime, by: datetime) -> Any:  # noqa: ANN401 - a row of two columns
    """The digest of a person that leaves between and can still take lines in: in no sender's hands, never tried.

    Its id and from when on it leaves, or none.
    """
    found = select(Letter.id, Letter.not_before).where(
        Letter.person_id == person_id,
        Letter.kind == DIGEST,
        Letter.state.in_(("queued", "held")),
        Letter.first_tried_at.is_(None),
        Letter.not_before >= after,
        Letter.not_before < by,
    )
    return db.session.execute(found.order_by(Letter.not_before).limit(1).with_for_update()).one_or_none()


def hasten(letter_id: int, at: datetime) -> None:
    """Let a letter that waits leave from an instant on."""
    waits = update(Letter).where(Letter.id == letter_id).values(not_before=at)
    db.session.execute(waits.execution_options(synchronize_session=False))


def lines_of(letter_id: int) -> list[Reminder]:
    """What a digest was planned to say, over all offices of the reader."""
    found = select(Reminder).where(Reminder.letter_id == letter_id, Reminder.outcome == "")
    return list(db.session.scalars(found.order_by(Reminder.due_on, Reminder.id).options(raiseload("*", sql_only=True))))


def offices_of_letter(letter: Letter) -> list[int]:
    """The offices a letter is about."""
    if letter.office_id is not None:
        return [letter.office_id]
    found = select(Reminder.office_id).where(Reminder.letter_id == letter.id).distinct()
    return list(db.session.scalars(found.order_by(Reminder.office_id)))


def due_now(now: datetime, *, at_most: int) -> int:
    """How many letters that nobody waits for are due; stops counting at `at_most`."""
    due = select(Letter.id).where(
        Letter.state == "queued", _MAY_FLOOD, Letter.is_awaited.is_(False), Letter.not_before <= now, Letter.tries == 0
    )
    return len(db.session.scalars(due.limit(at_most)).all())


def busiest_day(now: datetime) -> int:
    """The most letters that nobody waited for sent on one day of the last thirty."""
    unasked = (_MAY_FLOOD, Letter.is_awaited.is_(False))
    sent = select(Letter.sent_at).where(Letter.sent_at > now - _HISTORY, *unasked).subquery()
    day = func.substr(sql_cast(sent.c.sent_at, String), 1, 10)
    per_day = select(func.count().label("letters")).select_from(sent).group_by(day).subquery()
    return db.session.scalar(select(func.max(per_day.c.letters))) or 0


_SHOWN: Final = (
    Letter.id,
    Letter.kind,
    Letter.state,
    Letter.doubts,
    Letter.subject,
    Letter.sent_to,
    Letter.created_at,
    Letter.sent_at,
)


@dataclass(frozen=True)
class SentLetter:
    """One line of an office's history of letters. A digest shows what it said of this office alone."""

    letter: Any
    name: str
    matters: int
    nearest_on: date | None


def history(office_id: int, *, page: int) -> list[SentLetter]:
    """The letters about an office, the newest first, a page at a time.

    Only what the page shows is read: texts of letters are long, and an office may have had very many letters.
    """
    ids = _newest(office_id, page * PER_PAGE)[start(page) :]
    found = (
        select(*_SHOWN, Person.name)
        .join(Person, Person.id == Letter.person_id)
        .where(Letter.id.in_(ids))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
    )
    matters = _matters(office_id, ids)
    return [SentLetter(row, row.name, *matters.get(row.id, (0, None))) for row in db.session.execute(found)]


def _newest(office_id: int, most: int) -> list[int]:
    """The ids of the newest letters about the office; ids are given in the order in which letters are written.

    Letters about it alone and digests are asked for one after the other, each along its own index: together, as one
    condition with OR, a database would read every letter of the office and sort them.
    """
    own = select(Letter.id).where(Letter.office_id == office_id).order_by(Letter.created_at.desc(), Letter.id.desc())
    digests = select(Reminder.letter_id).where(Reminder.office_id == office_id).group_by(Reminder.letter_id)
    newest_digests = digests.order_by(Reminder.letter_id.desc())
    found = {each for part in (own, newest_digests) for each in db.session.scalars(part.limit(most))}
    return sorted(found, reverse=True)[:most]


def letters(office_id: int) -> int:
    """How many letters there are about an office: about it alone, and digests, which are of no office."""
    own = select(func.count(Letter.id)).where(Letter.office_id == office_id)
    digests = select(func.count(Reminder.letter_id.distinct())).where(Reminder.office_id == office_id)
    return (db.session.scalar(own) or 0) + (db.session.scalar(digests) or 0)


def _matters(office_id: int, letter_ids: list[int]) -> dict[int, tuple[int, date | None]]:
    """Per digest, how many lines of it are about this office, and the earliest due day."""
    found = (
        select(Reminder.letter_id, func.count(), func.min(Reminder.due_on))
        .where(Reminder.office_id == office_id, Reminder.letter_id.in_(letter_ids))
        .group_by(Reminder.letter_id)
    )
    return {letter_id: (count, nearest_on) for letter_id, count, nearest_on in db.session.execute(found)}


def last_run(job: str) -> datetime | None:
    """When a job last finished."""
    run = db.session.get(JobRun, job)
    return run.finished_at if run else None


@dataclass(frozen=True)
class Pulse:
    """When the scheduler was last at work, and whether it should have been since."""

    last_at: datetime | None
    is_silent: bool


def pulse(now: datetime) -> Pulse:
    """Whether the scheduler is alive: it plans every minute."""
    last_at = last_run("plan")
    return Pulse(last_at, is_silent=last_at is None or now - last_at > _SILENCE)


def stuck(office_id: int) -> int:
    """How many letters about an office wait for a person: refused for good, or twice in doubt."""
    has_line = exists().where(Reminder.letter_id == Letter.id, Reminder.office_id == office_id)
    waiting = select(func.count(Letter.id)).where(
        Letter.state.in_(("failed", "uncertain")),
        or_(Letter.state == "failed", Letter.doubts > 1),
        Letter.created_at > clock.now() - _HISTORY,
        or_(Letter.office_id == office_id, has_line),
    )
    return db.session.scalar(waiting) or 0
