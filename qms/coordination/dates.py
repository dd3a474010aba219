"""The days of certificates coming in all offices: no name of a person and no word of a finding is read here."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from qms.agenda import queries as agenda
from qms.core.db import db
from qms.core.paging import PER_PAGE, Paged, nearest, start
from qms.cycle.deadlines import KINDS
from qms.domain.deadlines import Deadline, Kind
from qms.offices import queries as offices
from qms.offices.models import Office

AHEAD: Final = timedelta(days=400)
_OTHER: Final = frozenset(Kind) - KINDS
_YESTERDAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One day of a certificate's cycle, and how much else of the office is overdue."""

    deadline: Deadline
    office_name: str
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Page(Paged):
    """A page of such days, the earliest first, overdue ones among them."""

    rows: list[Row]


def page(today: date, *, number: int) -> Page:
    """What certificates of all offices in scope ask for within 400 days; a page beyond the last is the last one."""
    found = agenda.gather(offices.active_ids(), agenda.EVER, today + AHEAD, today=today, kinds=KINDS)
    number = nearest(number, len(found))
    shown = found[start(number) :][:PER_PAGE]
    office_ids = {deadline.office_id for deadline in shown}
    names = dict(db.session.execute(select(Office.id, Office.name).where(Office.id.in_(office_ids))).all())
    overdue = _overdue(office_ids, today)
    rows = [Row(each, names[each.office_id], overdue[each.office_id]) for each in shown]
    return Page(rows=rows, number=number, total=len(found))


def _overdue(office_ids: Collection[int], today: date) -> Counter[int]:
    """Per office, how many things of other kinds are overdue."""
    if not office_ids:
        return Counter()
    late = agenda.gather(office_ids, agenda.EVER, today - _YESTERDAY, today=today, kinds=_OTHER)
    return Counter(deadline.office_id for deadline in late if deadline.is_overdue(today))
