"""The days of certificates coming in all offices: no name of a person and no word of a finding is read here."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from sqlalchemy import select

from qms.agenda import queries as agenda
from qms.core.db import db
from qms.cycle.deadlines import KINDS
from qms.domain.deadlines import Deadline, Kind
from qms.offices import queries as offices
from qms.offices.models import Office

PER_PAGE: Final = 50
AHEAD: Final = timedelta(days=400)
_OTHER: Final = frozenset(Kind) - KINDS
_YESTERDAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One day of a certificate's cycle, and how much else of the office is overdue."""

    deadline: Deadline
    office_name: str
    overdue: int


@dataclass(frozen=True)
class Page:
    """A page of such days, the earliest first, overdue ones among them."""

    rows: list[Row]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / PER_PAGE))

    @property
    def first(self) -> int:
        return min(self.total, (self.number - 1) * PER_PAGE + 1)

    @property
    def last(self) -> int:
        return min(self.number * PER_PAGE, self.total)


def page(today: date, *, number: int) -> Page:
    """What certificates of all offices in scope ask for within 400 days; a page beyond the last is the last one."""
    found = agenda.gather(offices.active_ids(), agenda.EVER, today + AHEAD, today=today, kinds=KINDS)
    number = min(max(number, 1), max(1, ceil(len(found) / PER_PAGE)))
    shown = found[(number - 1) * PER_PAGE :][:PER_PAGE]
    office_ids = {deadline.office_id for deadline in shown}
    names = dict(db.session.execute(select(Office.id, Office.name).where(Office.id.in_(office_ids))).all())
    overdue = _overdue(office_ids, today)
    rows = [Row(each, names[each.office_id], overdue[each.office_id]) for each in shown]
    return Page(rows, number, len(found))


def _overdue(office_ids: Collection[int], today: date) -> Counter[int]:
    """Per office, how many things of other kinds are overdue."""
    if not office_ids:
        return Counter()
    late = agenda.gather(office_ids, agenda.EVER, today - _YESTERDAY, today=today, kinds=_OTHER)
    return Counter(deadline.office_id for deadline in late)
