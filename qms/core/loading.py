"""Collections of rows already loaded, each read by a statement that is written once.

An option such as `selectinload` writes its statement anew at each request, which takes several times as long as
running it.
"""

from collections import defaultdict
from collections.abc import Collection
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
