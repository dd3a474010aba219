"""The ledger and the letters, as the planner, the sender and the page of letters read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar, cast

from sqlalchemy import Integer, String, Table, and_, bindparam, case, func, or_, select, tuple_, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import raiseload

from qms.core import paging
from qms.core.db import db
from qms.core.outbox import STATUS_KINDS, TO_ANYBODY, Letter
from qms.core.paging import PER_PAGE, Part, asked, nearest, start
from qms.core.runs import JobRun
from qms.domain.deadlines import Deadline
from qms.offices.models import Office
from qms.people.models import Person
from qms.reminders.models import Reminder

DIGEST: Final = "digest"
_ASKED_AT_ONCE: Final = 1000
_HISTORY: Final = timedelta(days=30)
_SILENCE: Final = timedelta(minutes=5)
_Each = TypeVar("_Each")
_MAY_FLOOD: Final = Letter.kind.not_in(STATUS_KINDS)


class Key(NamedTuple):
    """What makes a line of the ledger the only one of its kind."""

    office_id: int
    kind: str
    subject: str
    due_on: date
    step: str
    person_id: int

    @property
    def matter(self) -> tuple[object, ...]:
        """What all lines have in common that tell one person of one duty with one due day."""
        return (*self[:4], self.person_id)


def lock(office_ids: Collection[int]) -> dict[int, date | None]:
    """The day each office was planned last; nobody else plans these until this transaction ends."""
    found = select(Office.id, Office.planned_through).where(Office.id.in_(office_ids)).order_by(Office.id)
    return dict(db.session.execute(found.with_for_update()).all())


def planned_through(office_id: int, today: date) -> date | None:
    """The day up to which an office was planned."""
    return if_past(last_planned(office_id), today)


def last_planned(office_id: int) -> date | None:
    """The day an office was planned last, as it was written: perhaps one still to come."""
    return db.session.scalar(select(Office.planned_through).where(Office.id == office_id))


def if_past(through: date | None, today: date) -> date | None:
    """A day still to come was written under a clock that was wrong or moved: then nothing is known to be planned."""
    return None if through is None or through > today else through


def mark_planned(office_ids: Collection[int], through: date) -> None:
    """Note that the offices are planned; not an edit of them, so their versions stay."""
    office = cast("Table", Office.__table__)
    db.session.execute(update(office).where(office.c.id.in_(office_ids)).values(planned_through=through))


def not_planned(today: date) -> list[int]:
    """The offices whose reminders of today are still to be planned."""
    due = or_(Office.planned_through.is_(None), Office.planned_through != today)
    return list(db.session.scalars(select(Office.id).where(due).order_by(Office.id)))


def told(duties: Iterable[Deadline]) -> set[Key]:
    """The lines the ledger holds about these duties."""
    columns = (Reminder.office_id, Reminder.kind, Reminder.subject, Reminder.due_on, Reminder.step, Reminder.person_id)
    found: set[Key] = set()
    for about in _portions(sorted({(duty.office_id, duty.subject) for duty in duties})):
        lines = select(*columns).where(tuple_(Reminder.office_id, Reminder.subject).in_(about))
        found |= {Key(*line) for line in db.session.execute(lines)}
    return found


def _portions(of_all: list[_Each]) -> Iterator[list[_Each]]:
    return (of_all[start : start + _ASKED_AT_ONCE] for start in range(0, len(of_all), _ASKED_AT_ONCE))


# Not taken up by a sender, never tried: such a letter can still take lines in.
_IS_OPEN: Final = and_(Letter.kind == DIGEST, Letter.state.in_(("queued", "held")), Letter.first_tried_at.is_(None))


def open_digests(person_ids: Collection[int]) -> dict[int, list[Any]]:
    """By person, the digests that can still take lines in, the one that leaves first before others."""
    found: dict[int, list[Any]] = defaultdict(list)
    waiting = select(Letter.person_id, Letter.id, Letter.dedupe, Letter.not_before)
    rows = waiting.where(Letter.person_id.in_(person_ids), _IS_OPEN).order_by(Letter.not_before, Letter.id)
    for row in db.session.execute(rows.with_for_update()):
        found[row.person_id].append(row)
    return found


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
    matters: list[Any]  # kind, subject and due day, the nearest first; none of a letter about this office alone


def history(office_id: int, *, number: int) -> Part:
    """A page of the letters about an office, the newest first; one beyond the last is the last that was counted.

    Only what the page shows is read: texts of letters are long, and an office may have had very many letters.
    """
    newest = _newest(office_id, paging.COUNTED + 1)
    number = asked(number) if len(newest) > paging.COUNTED else nearest(number, len(newest))
    before, ids = start(number), newest[start(number) : start(number) + PER_PAGE + 1]
    if before + PER_PAGE >= paging.COUNTED < len(newest):
        ids = _newest(office_id, before + PER_PAGE + 1)[before:]
    if not ids and newest:
        return history(office_id, number=nearest(number, paging.COUNTED))
    rows = _rows(office_id, ids[:PER_PAGE])
    return Part(number=number, total=len(newest), rows=rows, has_next=len(ids) > PER_PAGE)


# Who a letter is to, by name; of one to an address that may have no account, the address.
READER: Final = case((Letter.kind.in_(TO_ANYBODY), Letter.sent_to), else_=Person.name).label("name")
_ROWS: Final = (
    select(*_SHOWN, READER)
    .join(Person, Person.id == Letter.person_id)
    .where(Letter.id.in_(bindparam("ids", expanding=True)))
)


def _rows(office_id: int, ids: list[int]) -> list[SentLetter]:
    """In the order of the ids; sorted here, since a database would walk through all letters to sort them."""
    letters = {row.id: row for row in db.session.execute(_ROWS, {"ids": ids})}
    matters = _matters(office_id, ids)
    return [SentLetter(letters[each], letters[each].name, matters[each]) for each in ids if each in letters]


# Letters about an office alone and digests are asked for one after the other, each along its own index: together, as
# one condition with OR, a database would read every letter of the office and sort them.
_OWN: Final = (
    select(Letter.id)
    .where(Letter.office_id == bindparam("office_id"))
    .order_by(Letter.created_at.desc(), Letter.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_DIGESTS: Final = (
    select(Reminder.letter_id)
    .where(Reminder.office_id == bindparam("office_id"))
    .group_by(Reminder.letter_id)
    .order_by(Reminder.letter_id.desc())
    .limit(bindparam("most", type_=Integer))
)


def _newest(office_id: int, most: int) -> list[int]:
    """The ids of the newest letters about the office; ids are given in the order in which letters are written."""
    asked_for = {"office_id": office_id, "most": most}
    found = {each for part in (_OWN, _DIGESTS) for each in db.session.scalars(part, asked_for)}
    return sorted(found, reverse=True)[:most]


_MATTERS: Final = (
    select(Reminder.letter_id, Reminder.kind, Reminder.subject, Reminder.due_on)
    .where(Reminder.office_id == bindparam("office_id"), Reminder.letter_id.in_(bindparam("ids", expanding=True)))
    .distinct()
    .order_by(Reminder.due_on, Reminder.subject)
)


def _matters(office_id: int, letter_ids: list[int]) -> dict[int, list[Any]]:
    """Per digest, what of the office it was planned to tell."""
    found: dict[int, list[Any]] = defaultdict(list)
    for line in db.session.execute(_MATTERS, {"office_id": office_id, "ids": letter_ids}):
        found[line.letter_id].append(line)
    return found


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
