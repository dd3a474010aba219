"""The register of findings: a page of what a person may list, narrowed by filters and words, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, exists, func, select, type_coerce

from qms.core import paging, text
from qms.core.db import db
from qms.core.paging import PER_PAGE, Part, start
from qms.domain.figures import Days, overlap
from qms.findings.models import Action, Finding, FindingDepartment
from qms.findings.queries import audited, concerning, handed_to, within, worked_on
from qms.offices.models import Department
from qms.policy import Reach
from qms.standards.models import Clause
from qms.standards.queries import of_chapter

# Words are looked for in the newest findings only, so that a rare word costs no more than a common one.
SEARCHED: Final = 5000
SHOWN_LETTERS: Final = 61

# Statements are written once for each set of conditions, because building one takes longer than running it.
_CONDITIONS: Final[Mapping[str, ColumnElement[bool]]] = {
    "office": Finding.office_id == bindparam("office_id"),
    "published": Finding.reported_on.is_not(None),
    "stage": Finding.stage == bindparam("stage"),
    "open": Finding.waits_for.is_not(None),
    "source": Finding.source == bindparam("source"),
    "cause": Finding.cause_key == bindparam("cause_key"),
    "category": Finding.category == bindparam("category"),
    "department": Finding.department_id == bindparam("department_id"),
    "concerned": concerning(bindparam("department_id")),
    "unit": Finding.department_id == bindparam("unit_id"),
    "unit concerned": concerning(bindparam("unit_id")),
    "overdue": Finding.due_on < bindparam("overdue_on"),
    "since": Finding.reported_on >= bindparam("since"),
    "not before": Finding.reported_on >= bindparam("first_on"),
    "not after": Finding.reported_on <= bindparam("last_on"),
    "answering": Finding.department_id == bindparam("answering_id"),
    "chapter": Finding.clause_id.in_(select(Clause.id).where(of_chapter(bindparam("chapter")))),
    "no clause": Finding.clause_id.is_(None),
    "worked on": worked_on(bindparam("person_id")),
    # Whoever has worked on very many cases is met soon when walking back from the newest.
    "often worked on": exists().where(Action.finding_id == Finding.id, Action.owner_id == bindparam("person_id")),
    "audited": audited(bindparam("person_id")),
    "handed over": handed_to(bindparam("person_id")),
}
_WORK: Final = (
    select(Action.finding_id).where(Action.owner_id == bindparam("person_id")).limit(bindparam("most", type_=Integer))
)
_ROWS: Final = (
    select(
        Finding.id,
        Finding.key,
        Finding.number,
        func.substr(Finding.statement, 1, SHOWN_LETTERS).label("statement"),
        Finding.category,
        Finding.category_name,
        Finding.source,
        Finding.state,
        Finding.stage,
        Finding.due_on,
        Department.name.label("department"),
        select(func.count())
        .select_from(FindingDepartment)
        .where(FindingDepartment.finding_id == Finding.id)
        .scalar_subquery()
        .label("concerned"),
    )
    .join(Department, Department.id == Finding.department_id)
    .where(Finding.id.in_(bindparam("ids", expanding=True)))
)
_REPORTED: Final = (_CONDITIONS["office"], _CONDITIONS["published"])
_FIRST_DAY: Final = select(func.min(Finding.reported_on)).where(*_REPORTED)
_LAST_DAY: Final = select(func.max(Finding.reported_on)).where(*_REPORTED)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the register is narrowed to; nothing set is everything."""

    year: int | None = None
    stage: int | None = None
    is_open: bool = False
    categories: tuple[str, ...] = ()
    source: str | None = None
    cause_key: str | None = None
    department_id: int | None = None
    answering_id: int | None = None  # the department that answers; what only concerns it is left out
    chapter: str | None = None  # its code; empty: those without a clause
    reported: Days = (None, None)
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
    branches, since = _chosen(office_id, reach, filters)
    before, newest = start(number), _newest(branches, paging.COUNTED + 1)
    ids = newest[before : before + PER_PAGE + 1]
    if before + PER_PAGE >= paging.COUNTED < len(newest):
        ids = _newest(branches, PER_PAGE + 1, after=before)
    rows, has_next = _rows(ids[:PER_PAGE]), len(ids) > PER_PAGE
    return Page(rows=rows, number=number, total=len(newest), has_next=has_next, searched_since=since)


def newest(office_id: int, reach: Reach, filters: Filters, *, most: int) -> list[int]:
    """The ids of what all pages together show, in their order and no more than so many."""
    return _newest(_chosen(office_id, reach, filters)[0], most)


def _chosen(office_id: int, reach: Reach, filters: Filters) -> tuple[list["_Branch"], date | None]:
    """The parts of the list, and from which day on they were searched for words, when not from the first."""
    branches, patterns = _branches(office_id, reach, filters), text.search_patterns(filters.words)
    if not patterns:
        return branches, None
    since = _searched_since(branches)
    return [_with_words(branch, patterns, since) for branch in branches], since


def _rows(ids: Sequence[int]) -> list[Any]:
    """The rows of these ids in their order; sorted here, since a database would walk the whole office to sort them."""
    rows = {row.id: row for row in db.session.execute(_ROWS, {"ids": list(ids)})} if ids else {}
    return [rows[finding_id] for finding_id in ids]


@dataclass(frozen=True)
class _Branch:
    """A part of the list that is read along one index. A short one is read whole, so that nothing has to sort it."""

    conditions: frozenset[str]
    values: Mapping[str, Any] = field(default_factory=dict)
    is_short: bool = False

    def newest(self, most: int, *, after: int = 0) -> list[int]:
        return list(db.session.scalars(_ordered(self.conditions, "id"), self._asked(most, after)))

    def days_and_ids(self, most: int) -> list[tuple[Any, int]]:
        """The days as the database gives them: they are only compared, and to read a thousand of them takes long."""
        part = _found(self.conditions, "day and id") if self.is_short else _ordered(self.conditions, "day and id")
        asked = self.values if self.is_short else self._asked(most, 0)
        return [(on, finding_id) for on, finding_id in db.session.execute(part, asked)]

    def day_after(self, count: int) -> date | None:
        """The day of the finding that follows so many newer ones, if there are more."""
        found: date | None = db.session.scalar(_ordered(self.conditions, "day"), self._asked(1, count))
        return found

    def where(self, *conditions: str, **values: Any) -> "_Branch":
        return replace(self, conditions=self.conditions.union(conditions), values={**self.values, **values})

    def _asked(self, most: int, after: int) -> dict[str, Any]:
        return {**self.values, "most": most, "after": after}


_COLUMNS: Final[Mapping[str, tuple[Any, ...]]] = {
    "id": (Finding.id,),
    "day": (Finding.reported_on,),
    "day and id": (type_coerce(Finding.reported_on, String), Finding.id),
}


@lru_cache(maxsize=512)
def _found(conditions: frozenset[str], columns: str) -> Select[Any]:
    """Findings that meet all of these; a name that is no condition's is that of a word."""
    wanted = (_CONDITIONS[name] if name in _CONDITIONS else _has_word(name) for name in sorted(conditions))
    return select(*_COLUMNS[columns]).where(*wanted)


@lru_cache(maxsize=512)
def _ordered(conditions: frozenset[str], columns: str) -> Select[Any]:
    newest_first = _found(conditions, columns).order_by(Finding.reported_on.desc(), Finding.id.desc())
    return newest_first.offset(bindparam("after", type_=Integer)).limit(bindparam("most", type_=Integer))


def _has_word(name: str) -> ColumnElement[bool]:
    return Finding.search_text.like(bindparam(name))


def _branches(office_id: int, reach: Reach, filters: Filters) -> list[_Branch]:
    """What the filters let through, in parts that together are the list.

    A single statement with OR or IN would make a database read the whole office to sort it.
    """
    found = _narrowed(_Branch(frozenset({"office", "published"}), {"office_id": office_id}), filters)
    parts = [part for branch in _of_department(found, filters) for part in _parts(branch, reach)]
    if not filters.categories:
        return parts
    return [part.where("category", category=category) for part in parts for category in filters.categories]


def _of_department(found: _Branch, filters: Filters) -> list[_Branch]:
    """What the department answers for, and what concerns it besides, which is little."""
    if filters.department_id is None:
        return [found]
    ours = {"department_id": filters.department_id}
    return [found.where("department", **ours), replace(found.where("concerned", **ours), is_short=True)]


def _parts(everything: _Branch, reach: Reach) -> list[_Branch]:
    """What of an office's published findings a person may list: all, or those of own units, work, audits, answers."""
    if reach.everything:
        return [everything]
    headed = sorted(reach.department_ids)
    units = [everything.where("unit", unit_id=each) for each in headed]
    units += [replace(everything.where("unit concerned", unit_id=each), is_short=True) for each in headed]
    own = everything.where(person_id=reach.person_id)
    few = [replace(own.where(part), is_short=True) for part in ("audited", "handed over")]
    if not _has_much_work(reach):
        return [*units, replace(own.where("worked on"), is_short=True), *few]
    return [*units, own.where("often worked on"), *few]


def _has_much_work(reach: Reach) -> bool:
    asked = {"person_id": reach.person_id, "most": paging.COUNTED + 1}
    return len(db.session.scalars(_WORK, asked).all()) > paging.COUNTED


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
    found = branch.where(*_words(patterns), **_words(patterns))
    return found if since is None else found.where("since", since=since)


def _words(patterns: Sequence[str]) -> dict[str, str]:
    return {f"word_{place}": pattern for place, pattern in enumerate(patterns)}


def _narrowed(branch: _Branch, filters: Filters) -> _Branch:
    if filters.stage is not None:
        branch = branch.where("stage", stage=filters.stage)
    if filters.source is not None:
        branch = branch.where("source", source=filters.source)
    if filters.cause_key is not None:
        branch = branch.where("cause", cause_key=filters.cause_key)
    if filters.is_open or filters.overdue_on:
        branch = branch.where("open")
    if filters.overdue_on is not None:
        branch = branch.where("overdue", overdue_on=filters.overdue_on)
    if filters.answering_id is not None:
        branch = branch.where("answering", answering_id=filters.answering_id)
    if filters.chapter is not None:
        branch = branch.where("chapter", chapter=filters.chapter) if filters.chapter else branch.where("no clause")
    return _reported(branch, filters)


def _reported(branch: _Branch, filters: Filters) -> _Branch:
    year = (None, None) if filters.year is None else (date(filters.year, 1, 1), date(filters.year, 12, 31))
    first, last = overlap([filters.reported, year])
    if first is not None:
        branch = branch.where("not before", first_on=first)
    return branch if last is None else branch.where("not after", last_on=last)


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
    asked = {"office_id": office_id}
    first, last = db.session.scalar(_FIRST_DAY, asked), db.session.scalar(_LAST_DAY, asked)
    return (first.year, last.year) if first and last else None
