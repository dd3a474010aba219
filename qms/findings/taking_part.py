"""Who has taken part in the present round of a case, and so neither decides on it nor judges it.

The rule is the table of columns below; a loaded case, many cases at once and SQL each read it there.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from qms.core.db import db
from qms.findings.models import Action, Finding, Reassignment, Round

# Whoever is to answer since it was handed over; who answered; who owns an action, owned one or reported one done.
_COLUMNS: Final[Mapping[type[Any], tuple[str, ...]]] = {
    Finding: ("answerer_id",),
    Round: ("answered_by_id",),
    Action: ("owner_id", "reported_by_id"),
    Reassignment: ("from_id",),
}
# The tables beside the case itself, each with the column that names the round.
_ROUND_OF: Final[Mapping[type[Any], str]] = {Round: "number", Action: "round_number", Reassignment: "round_number"}


_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)


def of_case(finding: Finding) -> frozenset[int]:
    """By person."""
    rows = [finding, *finding.current_actions, *([finding.round] if finding.round else [])]
    rows += [each for each in finding.reassignments if each.round_number == finding.round_number]
    ids = (getattr(row, name) for row in rows for name in _COLUMNS[type(row)])
    return frozenset(person_id for person_id in ids if person_id is not None)


def of_cases(cases: Collection[Any]) -> Mapping[int, Collection[int]]:
    """The same by case, for cases or rows with their columns; as many statements for one as for many."""
    found: dict[int, set[int | None]] = defaultdict(set)
    for case in cases:
        found[case.id] = {getattr(case, name) for name in _COLUMNS[Finding]}
    for statement in _OF_CASES if cases else ():
        for case_id, *persons in db.session.execute(statement, {"ids": list(found)}):
            found[case_id].update(persons)
    return {case_id: {each for each in persons if each is not None} for case_id, persons in found.items()}


def is_one(someone: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column or a parameter that holds a person's id
    """The same in SQL, of the case named by the statement around this."""
    own = (getattr(Finding, name) for name in _COLUMNS[Finding])
    # Nobody is named in most cases; without the second half nothing could be said of them, not even "no".
    is_named = [and_(column == someone, column.is_not(None)) for column in own]
    return or_(*is_named, *(_is_named_in(table, someone) for table in _ROUND_OF))


def _is_named_in(table: type[Any], someone: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    row = aliased(table)
    of_round = and_(row.finding_id == Finding.id, getattr(row, _ROUND_OF[table]) == Finding.round_number)
    is_named = or_(*(getattr(row, name) == someone for name in _COLUMNS[table]))
    # Of the case however deep this stands; by itself only the next statement around is looked at.
    return exists().where(of_round, is_named).correlate_except(row)


def _persons(table: type[Any]) -> Select[Any]:
    present = (Finding.id == table.finding_id) & (Finding.round_number == getattr(table, _ROUND_OF[table]))
    persons = (getattr(table, name) for name in _COLUMNS[table])
    return select(table.finding_id, *persons).join(Finding, present).where(table.finding_id.in_(_IDS))


# Written once, because building a statement takes longer than running it.
_OF_CASES: Final = tuple(_persons(table) for table in _ROUND_OF)
