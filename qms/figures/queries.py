"""Numbers of cases, counted by the database: one pass over the findings of an office for each statement.

A case is a published finding that asks for an answer. The period is that of the days of report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, case, extract, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from qms.core.db import db
from qms.domain.figures import AGES, Age, By, Days, Numbers, Share, ToClosing, median, reported_within, together
from qms.domain.findings import NEEDING_ANSWER, Stage
from qms.findings.models import Finding, Round
from qms.findings.queries import within
from qms.policy import Reach
from qms.standards.models import Clause
from qms.standards.queries import chapter_code

Place = int | str | None

_PLACES: Final[Mapping[By, ColumnElement[Any]]] = {
    By.UNIT: Finding.department_id.expression,
    By.CHAPTER: chapter_code(),
    By.CAUSE: Finding.cause_key.expression,
    By.SOURCE: Finding.source.expression,
    By.YEAR: extract("year", Finding.reported_on),
}
_EVERYTHING: Final[ColumnElement[Any]] = literal_column("0")


class _days_between(FunctionElement[int]):  # noqa: N801 - a function of the database
    """Whole days from the first day to the second."""

    type = Integer()
    inherit_cache = True


@compiles(_days_between)  # PostgreSQL
def _by_subtraction(element: _days_between, compiler: SQLCompiler, **how: Any) -> str:
    first, last = element.clauses
    return f"({compiler.process(last, **how)} - {compiler.process(first, **how)})"


@compiles(_days_between, "sqlite")
def _by_julian_days(element: _days_between, compiler: SQLCompiler, **how: Any) -> str:
    first, last = element.clauses
    return f"CAST(julianday({compiler.process(last, **how)}) - julianday({compiler.process(first, **how)}) AS INTEGER)"


@dataclass(frozen=True)
class Asked:
    """Whose cases are counted, and of which days of report."""

    office_id: int
    reach: Reach
    period: Days = (None, None)

    def conditions(self) -> list[ColumnElement[bool]]:
        first, last = self.period
        found = [
            Finding.office_id == self.office_id,
            Finding.reported_on.is_not(None),
            or_(Finding.category.in_(sorted(NEEDING_ANSWER)), Finding.is_light),
            within(self.reach),
        ]
        found += [Finding.reported_on >= first] if first else []
        return found + ([Finding.reported_on <= last] if last else [])


def numbers(asked: Asked, by: By, today: date) -> tuple[dict[Place, Numbers], Numbers]:
    """The numbers of each department, chapter, cause, source or year that has cases, and those of all of them."""
    days = _days_to_closing(asked, _PLACES[by])
    counted = db.session.execute(_counts(asked, _PLACES[by], today))
    found = {_key(row.place): _row(row, days.get(_key(row.place))) for row in counted}
    return found, together(found.values(), _days_to_closing(asked, _EVERYTHING).get(0))


def _counts(asked: Asked, place: ColumnElement[Any], today: date) -> Select[Any]:
    is_open = Finding.waits_for.is_not(None)
    ages = (_count(is_open, *_is_of_age(age, today)).label(f"age_{nth}") for nth, age in enumerate(AGES))
    found = select(
        place.label("place"),
        func.count().label("reported"),
        *ages,
        _count(is_open, Finding.due_on < today).label("overdue"),
        _count(Finding.stage == Stage.CLOSED).label("closed"),
        func.count(Round.is_effective).label("judged"),
        _count(Round.is_effective.is_(True)).label("effective"),
    ).select_from(Finding)
    first_round = and_(Round.finding_id == Finding.id, Round.number == 1)
    joined = found.outerjoin(Round, first_round).outerjoin(Clause, Clause.id == Finding.clause_id)
    return joined.where(*asked.conditions()).group_by(place)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((and_(*conditions), 1)))


def _is_of_age(age: Age, today: date) -> list[ColumnElement[bool]]:
    first, last = reported_within(age, today)
    found = [Finding.reported_on >= first] if first else []
    return found + ([Finding.reported_on <= last] if last else [])


def _row(row: Any, to_closing: ToClosing | None) -> Numbers:  # noqa: ANN401 - of `_counts`
    return Numbers(
        reported=row.reported,
        ages=tuple(getattr(row, f"age_{n}") for n in range(len(AGES))),
        overdue=row.overdue,
        closed=row.closed,
        effect=Share(row.effective, row.judged),
        to_closing=to_closing,
    )


def _days_to_closing(asked: Asked, place: ColumnElement[Any]) -> dict[Place, ToClosing]:
    """By place: its cases are put in order by their days, and the two in the middle are read."""
    ranked = _ranked(asked, place)
    of = ranked.c
    lower = func.max(case((of.nth == (of.many + 1) // 2, of.days)))
    upper = func.max(case((of.nth == of.many // 2 + 1, of.days)))
    found = select(of.place, of.many, lower, upper, func.max(of.days)).group_by(of.place, of.many)
    return {
        _key(place): ToClosing(count, median(low, high), longest)
        for place, count, low, high, longest in db.session.execute(found.select_from(aliased(Finding, ranked)))
    }


def _ranked(asked: Asked, place: ColumnElement[Any]) -> Subquery:
    """The closed cases, each with its place in the order of days and how many there are."""
    days = _days_between(Finding.reported_on, Finding.closed_on)
    found = select(
        Finding.office_id,  # by which the statement around this is walled in
        place.label("place"),
        days.label("days"),
        func.row_number().over(partition_by=place, order_by=days).label("nth"),
        func.count().over(partition_by=place).label("many"),
    ).select_from(Finding)
    joined = found.outerjoin(Clause, Clause.id == Finding.clause_id)
    return joined.where(*asked.conditions(), Finding.closed_on.is_not(None)).subquery()


def _key(place: Any) -> Place:  # noqa: ANN401 - a year may come as a decimal number
    return place if place is None or isinstance(place, str) else int(place)
