"""What belongs to rows already loaded, read by statements that are written once.

An option such as `selectinload` writes its statement anew at each request, which takes several times as long as
running it; and a `joinedload` reads the same few people again for each row that names them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, Integer, Select, bindparam
from sqlalchemy.orm.attributes import set_committed_value

from qms.core.db import db

PARENTS: Final[BindParameter[int]] = bindparam("parents", type_=Integer, expanding=True)


def fill(parents: Collection[Any], name: str, statement: Select[Any], *, by: str) -> None:
    """Set a collection of each parent to its rows, in the order of the statement, which narrows them to `PARENTS`.

    `by` names the column of a row that holds the id of its parent.
    """
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(statement, {PARENTS.key: [parent.id for parent in parents]}):
        found[getattr(row, by)].append(row)
    for parent in parents:
        set_committed_value(parent, name, found[parent.id])


def fill_ones(
    read: Callable[[Collection[int]], Mapping[int, Any]], *referring: tuple[Iterable[Any], Collection[str]]
) -> None:
    """Set what rows refer to under these names, all of it read at once; `<name>_id` holds the id, or none."""
    places = [(row, name, getattr(row, f"{name}_id")) for rows, names in referring for row in rows for name in names]
    found = read({row_id for _, _, row_id in places if row_id is not None})
    for row, name, row_id in places:
        set_committed_value(row, name, found.get(row_id))
