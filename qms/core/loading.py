"""What belongs to rows already loaded, read by statements that are written once.

An option such as `selectinload` writes its statement anew at each request, which takes several times as long as
running it; and a `joinedload` reads the same few people again for each row that names them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, Integer, Row, Select, bindparam, exists
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from qms.core.db import db

PARENTS: Final[BindParameter[int]] = bindparam("parents", type_=Integer, expanding=True)


@dataclass(frozen=True)
class Held:
    """A collection that a parent holds: its rows in their order, and the column of a row with the id of its parent.

    The statement narrows the rows to `PARENTS`.
    """

    name: str
    rows: Select[Any]
    by: InstrumentedAttribute[int]


def fill(parents: Collection[Any], held: Held) -> None:
    """Set the collection of each parent to its rows."""
    found: dict[int, list[Any]] = defaultdict(list)
    if parents:
        for row in db.session.scalars(held.rows, {PARENTS.key: [parent.id for parent in parents]}):
            found[getattr(row, held.by.key)].append(row)
    for parent in parents:
        set_committed_value(parent, held.name, found[parent.id])


def telling(parents: Select[Any], parent_id: InstrumentedAttribute[int], *held: Held) -> Select[Any]:
    """The same parents, each with whether it holds anything of each collection.

    That is a look into an index, where finding nothing by a statement of its own takes a hundred times as long.
    """
    return parents.add_columns(*(exists().where(each.by == parent_id) for each in held))


def fill_told(rows: Sequence[Row[Any]], *held: Held) -> None:
    """Fill the parents of rows read by `telling` with these collections; only what somebody holds is read."""
    for place, each in enumerate(held, start=1):
        fill([row[0] for row in rows if row[place]], each)
        for row in rows:
            if not row[place]:
                set_committed_value(row[0], each.name, [])


def fill_ones(
    read: Callable[[Collection[int]], Mapping[int, Any]], *referring: tuple[Iterable[Any], Collection[str]]
) -> None:
    """Set what rows refer to under these names, all of it read at once; `<name>_id` holds the id, or none."""
    places = [(row, name, getattr(row, f"{name}_id")) for rows, names in referring for row in rows for name in names]
    found = read({row_id for _, _, row_id in places if row_id is not None})
    for row, name, row_id in places:
        set_committed_value(row, name, found.get(row_id))
