"""Inserting what may be there already: another process may write the same row at the same moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite

from qms.core.db import EVERY_OFFICE, OfficeOwned, OutOfScope, current_scope, db


def insert_once(model: type[Any], row: dict[str, Any]) -> int | None:
    """Insert a row unless its unique key is there already; its id, or none when it was."""
    statement = _insert(model, [row]).on_conflict_do_nothing().values(row)
    found: int | None = db.session.execute(statement.returning(model.__table__.c.id)).scalar_one_or_none()
    return found


def insert_all_once(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Insert the rows whose unique keys are not there yet."""
    db.session.execute(_insert(model, rows).on_conflict_do_nothing(), rows)


def insert_or_change(model: type[Any], row: dict[str, Any]) -> None:
    """Insert a row, or give the one with the same primary key these values.

    Objects of the session are not told: for tables read by columns.
    """
    keys = [column.name for column in inspect(model).primary_key]
    new = _insert(model, [row]).values(row)
    changed = {name: new.excluded[name] for name in row if name not in keys}
    db.session.execute(new.on_conflict_do_update(index_elements=keys, set_=changed))


def _insert(model: type[Any], rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - either dialect's insert
    if issubclass(model, OfficeOwned):
        _refuse_other_offices(model, {row["office_id"] for row in rows})
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(model.__table__)


def _refuse_other_offices(model: type[Any], office_ids: set[int]) -> None:
    """This way of writing passes the flush guard by, so the wall is repeated here."""
    scope = current_scope()
    if scope != EVERY_OFFICE and not office_ids <= frozenset(scope):
        message = f"{model.__name__} of offices {sorted(office_ids)} is out of scope"
        raise OutOfScope(message)
