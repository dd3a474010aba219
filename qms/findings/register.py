"""The register of findings: a page of what a person may list, narrowed by filters and words, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, exists, func, select, type_coerce

from qms.core import paging, text
from qms.core.db import db
from qms.core.paging import PER_PAGE, Part, start
from qms.findings.models import Action, Finding
from qms.findings.queries import own, within
from qms.offices.models import Department
from qms.policy import Reach

# Words are looked for in the newest findings only, so that a rare word costs no more than a common one.
SEARCHED: Final = 5000
SHOWN_LETTERS: Final = 61


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the register is narrowed to; nothing set is everything."""

    year: int | None = None
    stage: int | None = None
    is_open: bool = False
    categories: tuple[str, ...] = ()
    department_id: int | None = None
    overdue_on: date | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Page(Part):
    """A page of the register."""

    searched_since: date | None = None  # from which day on words were looked for, when not in all


def page(office_id: int, reach: Reach, filters: Filters, *, number: int = 1) -> Page:
    """A page of the register, the newest first.

    Ids are chosen first, each condition along the index that serves it in order, and no further than needed;
    only then are the rows of this page read. So the cost follows what is shown and not what the office has:
    even counting stops at `paging.COUNTED`.
    """
    branches, since = _branches(office_id, reach, filters), None
    patterns = text.search_patterns(filters.words)
    if patterns:
        since = _searched_since(branches)
        branches = [_with_words(branch, patterns, since) for branch in branches]
    before, newest = start(number), _newest(branches, paging.COUNTED + 1)
    ids = newest[before : before + PER_PAGE + 1]
    if before + PER_PAGE >= paging.COUNTED < len(newest):
        ids = _newest(branches, PER_PAGE + 1, after=before)
    rows, has_next = _rows(ids[:PER_PAGE]), len(ids) > PER_PAGE
    return Page(rows=rows, number=number, total=len(newest), has_next=has_next, searched_since=since)


def _rows(ids: Sequence[int]) -> list[Any]:
    """The rows of these ids in their order; sorted here, since a database would walk the whole office to sort them."""
    found = (
        select(
            Finding.id,
            Finding.key,
            Finding.number,
            func.substr(Finding.statement, 1, SHOWN_LETTERS).label("statement"),
            Finding.category,
            Finding.state,
            Finding.stage,
            Finding.due_on,
            Department.name.label("department"),
        )
        .join(Department, Department.id == Finding.department_id)
        .where(Finding.id.in_(ids))
    )
    rows = {row.id: row for row in db.session.execute(found)} if ids else {}
    return [rows[finding_id] for finding_id in ids]


@dataclass(frozen=True)
class _Branch:
    """A part of the list that is read along one index. A short one is read whole, so that nothing has to sort it."""

    found: Select[int]
    is_short: bool = False

    def newest(self, most: int, *, after: int = 0) -> list[int]:
        return list(db.session.scalars(self._ordered(most, after)))

    def days_and_ids(self, most: int) -> list[tuple[Any, int]]:
        """The days as the database gives them: they are only compared, and to read a thousand of them takes long."""
        part = self.found if self.is_short else self._ordered(most, 0)
        day = type_coerce(Finding.reported_on, String)
        return [(on, finding_id) for on, finding_id in db.session.execute(part.with_only_columns(day, Finding.id))]

    def day_after(self, count: int) -> date | None:
        """The day of the finding that follows so many newer ones, if there are more."""
        return db.session.scalar(self._ordered(1, count).with_only_columns(Finding.reported_on))

    def where(self, *conditions: ColumnElement[bool]) -> "_Branch":
        return replace(self, found=self.found.where(*conditions))

    def _ordered(self, most: int, after: int) -> Select[int]:
        return self.found.order_by(Finding.reported_on.desc(), Finding.id.desc()).offset(after).limit(most)


def _branches(office_id: int, reach: Reach, filters: Filters) -> list[_Branch]:
    """What the filters let through, in parts that together are the list.

    A single statement with OR or IN would make a database read the whole office to sort it.
    """
    found = select(Finding.id).where(
        Finding.office_id == office_id, Finding.reported_on.is_not(None), *_conditions(filters)
    )
    kinds = [[Finding.category == category] for category in filters.categories] or [[]]
    return [part.where(*kind) for part in _parts(_Branch(found), reach) for kind in kinds]


def _parts(everything: _Branch, reach: Reach) -> list[_Branch]:
    """What of an office's published findings a person may list: all, or those of own units, work and audits."""
    if reach.everything:
        return [everything]
    units = [everything.where(Finding.department_id == each) for each in sorted(reach.department_ids)]
    work, audits = own(reach)
    audited = replace(everything.where(audits), is_short=True)
    if not _has_much_work(reach):
        return [*units, replace(everything.where(work), is_short=True), audited]
    # Whoever has worked on so many cases is met soon when walking back from the newest.
    does = exists().where(Action.finding_id == Finding.id, Action.owner_id == reach.person_id)
    return [*units, everything.where(does), audited]


def _has_much_work(reach: Reach) -> bool:
    actions = select(Action.finding_id).where(Action.owner_id == reach.person_id)
    return len(db.session.scalars(actions.limit(paging.COUNTED + 1)).all()) > paging.COUNTED


def _newest(branches: Sequence[_Branch], most: int, *, after: int = 0) -> list[int]:
    if len(branches) == 1 and not branches[0].is_short:
        return branches[0].newest(most, after=after)
    found = {pair for branch in branches for pair in branch.days_and_ids(after + most)}
    return [finding_id for _day, finding_id in sorted(found, reverse=True)[after : after + most]]


def _searched_since(branches: Sequence[_Branch]) -> date | None:
    """The day from which on words are looked for: that of the last finding that is searched, if there are more."""
    days = [branch.day_after(SEARCHED) for branch in branches if not branch.is_short]
    return max((day for day in days if day is not None), default=None)


def _with_words(branch: _Branch, patterns: Sequence[str], since: date | None) -> _Branch:
    found = branch.where(*(Finding.search_text.like(pattern) for pattern in patterns))
    return found if since is None else found.where(Finding.reported_on >= since)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.year is not None:
        found.append(Finding.reported_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.stage is not None:
        found.append(Finding.stage == filters.stage)
    if filters.is_open or filters.overdue_on:
        found.append(Finding.waits_for.is_not(None))
    if filters.department_id is not None:
        found.append(Finding.department_id == filters.department_id)
    if filters.overdue_on is not None:
        found.append(Finding.due_on < filters.overdue_on)
    return found


def by_number(office_id: int, reach: Reach, number: str) -> str | None:
    """The key of the finding with exactly this number, if the reader may list it."""
    typed = number.strip()[:60]
    found = select(Finding.key).where(
        Finding.office_id == office_id,
        Finding.number.in_({typed, typed.upper()}),
        Finding.reported_on.is_not(None),
        within(reach),
    )
    return db.session.scalar(found.limit(1))


def years(office_id: int) -> tuple[int, int] | None:
    """The first and the last year in which the office published a finding."""
    reported = (Finding.office_id == office_id, Finding.reported_on.is_not(None))
    first = db.session.scalar(select(func.min(Finding.reported_on)).where(*reported))
    last = db.session.scalar(select(func.max(Finding.reported_on)).where(*reported))
    return (first.year, last.year) if first and last else None
