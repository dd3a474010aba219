"""The database: its base class, its one session, and the walls between offices.

Three walls stand here: every select of an office's table is narrowed to the offices in scope, a flush
refuses a row of any other office, and composite keys (`owned`) keep a row from pointing at another
office's parent. Without a scope nothing of an office can be read at all.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    DateTime,
    Dialect,
    Executable,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    bindparam,
    event,
    inspect,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql import ClauseElement, visitors

_KEY_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"

EVERY_OFFICE: Final = "every office"
Scope = frozenset[int] | str

_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


class OutOfScope(LookupError):
    """Code asked for an office's rows without saying which office, or wrote a row of another one."""


class Base(DeclarativeBase):
    """What every table has: named constraints, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Store the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive instant {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back an aware instant also where the database forgot the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SortKey = String(400).with_variant(String(400, collation="C"), "postgresql")


class OfficeOwned:
    """A row that belongs to one office and is walled in by it."""

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)


class Versioned:
    """A row whose edit forms carry the version they were loaded with."""

    version: Mapped[int] = mapped_column(default=1)


def owned(*items: SchemaItem) -> tuple[SchemaItem, ...]:
    """Table arguments of an office's table that other rows point at by `(office_id, id)`."""
    return (UniqueConstraint("office_id", "id"), *items)


def within_office(column: str, parent: str) -> ForeignKeyConstraint:
    """A key to a parent that has to be of the same office."""
    return ForeignKeyConstraint(["office_id", column], [f"{parent}.office_id", f"{parent}.id"])


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """The database's own copy of a closed list of words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def new_key() -> str:
    """A short random key for an address: says nothing about how many there are."""
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(8))


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Open these offices, and no others, to the code inside."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def set_scope(scope: Scope | None) -> None:
    """Open these offices until the end of the request."""
    _scope.set(scope)


def current_scope() -> Scope:
    """The offices now open. Raises `OutOfScope` when nobody said which."""
    scope = _scope.get()
    if scope is None:
        message = "no office in scope: wrap this in scoped(...)"
        raise OutOfScope(message)
    return scope


def _is_open(office_id: int) -> bool:
    scope = current_scope()
    return scope == EVERY_OFFICE or office_id in scope


@event.listens_for(Session, "do_orm_execute")
def _narrow_to_scope(state: ORMExecuteState) -> None:
    """Add `office_id IN (…)` for every office's table a statement names, its subqueries too.

    A statement that names tables but no entity cannot be narrowed, so it is refused. Raises `OutOfScope`.
    """
    if state.is_column_load or state.is_relationship_load or state.is_insert or _scope.get() == EVERY_OFFICE:
        return
    if state.statement not in _narrowed:
        mappers = state.all_mappers  # found anew each time it is asked for
        _narrowed[state.statement] = _narrow(state, mappers) if _reads_offices(state, mappers) else None
    narrowed = _narrowed[state.statement]
    if narrowed is not None:
        current_scope()
        state.statement = narrowed


# By the statement as it was written, none where it reads nothing of an office. A statement that is written once, and
# not at each request, is narrowed once too. What is loaded through a relationship carries the criteria of its parent.
_narrowed: Final[WeakKeyDictionary[Executable, Executable | None]] = WeakKeyDictionary()


def _open_ids() -> list[int]:
    """The condition travels with what was loaded under it, so that it may be asked where every office is open."""
    scope = current_scope()
    if isinstance(scope, str):
        message = "a row that was loaded for some offices is read on by code for all of them: load it there"
        raise OutOfScope(message)
    return sorted(scope)


# Which offices these are is asked when a statement runs, so that a narrowed one serves every request.
_open_offices: Final[BindParameter[int]] = bindparam("open_offices", callable_=_open_ids, type_=Integer, expanding=True)


def _narrow(state: ORMExecuteState, mappers: Sequence[Mapper[Any]]) -> Executable:
    """The statement with its condition. Raises `OutOfScope` for one that cannot have it."""
    if not (mappers or _selects_from_entity(state.statement)):
        message = "select an entity or its columns: a bare table or a union cannot be narrowed to an office"
        raise OutOfScope(message)
    only_open = with_loader_criteria(OfficeOwned, lambda cls: cls.office_id.in_(_open_offices), include_aliases=True)
    return state.statement.options(only_open)


def _selects_from_entity(statement: Executable) -> bool:
    """Whether it is `select(count()).select_from(Entity)`, which has no mapper among its columns."""
    froms = statement.get_final_froms() if isinstance(statement, Select) else ()
    return any("parententity" in source._annotations for source in froms)  # noqa: SLF001 - nothing public tells


def _reads_offices(state: ORMExecuteState, mappers: Sequence[Mapper[Any]]) -> bool:
    """Whether an office's table is among what is selected, or anywhere deeper: that takes longer to find out."""
    if any(issubclass(mapper.class_, OfficeOwned) for mapper in mappers):
        return True
    tables, elements = _owned_tables(), visitors.iterate(cast("ClauseElement", state.statement))
    return any(element in tables for element in elements if isinstance(element, Table))


@cache
def _owned_tables() -> frozenset[Table]:
    return frozenset(
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, OfficeOwned) and isinstance(mapper.local_table, Table)
    )


@event.listens_for(Session, "before_flush")
def _guard_flush(session: Session, _context: object, _instances: object) -> None:
    """Refuse to write a row of an office that is not open, or to move a row between offices."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OfficeOwned):
            continue
        moved = row in session.dirty and session.is_modified(row) and "office_id" in _changed(row)
        if moved or not _is_open(row.office_id):
            message = f"{type(row).__name__} of office {row.office_id} is out of scope"
            raise OutOfScope(message)


def _changed(row: object) -> set[str]:
    state = inspect(row)
    return {attribute.key for attribute in state.attrs if attribute.history.has_changes()}
