"""The trail: who changed what, when, from what to what, through what, in the change's own transaction.

One chain of hashes per office (0 for what belongs to no office), extended under the lock of its head, so
that it cannot fork; triggers of the migration refuse to change or delete an entry. A service adds the
reason with `because`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final, cast

from sqlalchemy import JSON, Index, Select, String, Table, event, insert, inspect, select, update
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from qms.core import clock
from qms.core.db import Model, UTCDateTime, db


class Trailed:
    """A row whose every change is written to the trail."""

    __untold__: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Acting:
    """Who is changing things, and through what: page, job or command."""

    person_id: int | None = None
    via: str = "job"


BY_LETTER: Final = "letter:"
"""Through what, when it is the link in a letter; the number of the letter follows, which says where it went."""
_NOBODY: Final = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


class TrailHead(Model):
    """The end of one office's chain; its row lock keeps two writers from forking it."""

    __tablename__ = "trail_head"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class TrailEntry(Model):
    """One change of one row."""

    __tablename__ = "trail_entry"
    __table_args__ = (Index("ix_trail_entry_chain_about", "chain", "about", "row_id", "seq"),)

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None]
    via: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(60))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(2000), default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def act_as(person_id: int | None, *, via: str) -> None:
    """Say for the rest of this request who acts."""
    _acting.set(Acting(person_id, via))


@contextmanager
def acting(person_id: int | None, *, via: str) -> Iterator[None]:
    """Say for the code inside who acts."""
    token = _acting.set(Acting(person_id, via))
    try:
        yield
    finally:
        _acting.reset(token)


def because(reason: str) -> None:
    """Give the reason for what the next flush of this transaction writes."""
    db.session.info["reason"] = reason


def last_change(row: Any) -> TrailEntry | None:  # noqa: ANN401 - any trailed row
    """The newest entry about a row."""
    return db.session.scalar(_entries(row).order_by(TrailEntry.seq.desc()).limit(1))


def recorded_at(row: Any) -> datetime | None:  # noqa: ANN401 - any trailed row
    """When the row was made; SQLite may give the id of a removed one to another."""
    made = _entries(row).where(TrailEntry.action == "created").with_only_columns(TrailEntry.at)
    return db.session.scalar(made.order_by(TrailEntry.seq.desc()).limit(1))


def _entries(row: Any) -> Select[TrailEntry]:  # noqa: ANN401 - any trailed row
    return select(TrailEntry).where(
        TrailEntry.chain == (getattr(row, "office_id", None) or 0),
        TrailEntry.about == row.__tablename__,
        TrailEntry.row_id == _row_id(row),
    )


def digest(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry: of the one before and of its own canonical text."""
    told = {key: entry[key] for key in ("chain", "seq", "person_id", "via", "action", "about", "row_id", "reason")}
    told |= {"at": entry["at"].isoformat(), "before": entry["before"], "after": entry["after"]}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{len(previous)}:{previous}{len(text)}:{text}".encode()).hexdigest()


def first_broken(chain: int) -> int | None:
    """The number of the first entry of a chain that does not follow from the one before, if any."""
    previous, expected = "", 1
    entries = db.session.scalars(
        select(TrailEntry).where(TrailEntry.chain == chain).order_by(TrailEntry.seq).execution_options(yield_per=500)
    )
    for entry in entries:
        told = {column.key: getattr(entry, column.key) for column in TrailEntry.__table__.columns}
        if entry.seq != expected or entry.previous != previous or entry.hash != digest(previous, told):
            return entry.seq
        previous, expected = entry.hash, expected + 1
    head = db.session.get(TrailHead, chain)
    whole = head is None or (head.seq, head.hash) == (expected - 1, previous)
    return None if whole else expected


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    """A bulk statement would change rows without telling: on trailed tables there is none."""
    if (state.is_update or state.is_delete) and any(issubclass(mapper.class_, Trailed) for mapper in state.all_mappers):
        message = "bulk update or delete of a trailed table; change the objects instead"
        raise TypeError(message)


@event.listens_for(Model, "attribute_instrument", propagate=True)
def _load_before_change(_cls: type, _key: str, attribute: Any) -> None:  # noqa: ANN401 - an instrumented attribute
    """Without this, a value set right after a commit would be told without the one before it."""
    attribute.impl.active_history = True


@event.listens_for(Session, "after_flush")
def _tell(session: Session, context: UOWTransaction) -> None:
    by_chain: dict[int, list[dict[str, Any]]] = {}
    for row, action in _touched(session, context):
        before, after = _difference(row, action)
        if before or after or action == "deleted":
            told = {"action": action, "about": row.__tablename__, "before": before, "after": after}
            by_chain.setdefault(getattr(row, "office_id", None) or 0, []).append(told | {"row_id": _row_id(row)})
    reason = session.info.pop("reason", "") if by_chain else ""
    for chain, changes in sorted(by_chain.items()):
        _extend(session, chain, changes, reason=reason)


def _touched(session: Session, context: UOWTransaction) -> Iterator[tuple[Any, str]]:
    deleted = _deleted(context)
    kept = [row for row in session.dirty if row not in deleted]
    for rows, action in ((session.new, "created"), (kept, "changed"), (deleted, "deleted")):
        for row in rows:
            if isinstance(row, Trailed):
                yield row, action


def _deleted(context: UOWTransaction) -> list[Any]:
    """What this flush deletes: what somebody asked for, and what was taken out of the list that owned it."""
    states = context.states.items()
    return [state.obj() for state, (is_deleted, is_only_listed) in states if is_deleted and not is_only_listed]


def _difference(row: Any, action: str) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - any trailed row
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(row)
    for column in state.mapper.column_attrs:
        if column.key in row.__untold__ or column.key == "version":
            continue
        history = state.attrs[column.key].history
        if action == "created":
            after[column.key] = _plain(getattr(row, column.key))
        elif action == "deleted":
            before[column.key] = _plain(getattr(row, column.key))
        elif history.has_changes():
            before[column.key] = _plain(history.deleted[0] if history.deleted else None)
            after[column.key] = _plain(history.added[0] if history.added else None)
    return before, after


def _row_id(row: Any) -> str:  # noqa: ANN401 - any trailed row
    return "-".join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def _table(model: type[Model]) -> Table:
    return cast("Table", model.__table__)


def _extend(session: Session, chain: int, changes: list[dict[str, Any]], *, reason: str) -> None:
    connection = session.connection()
    heads = _table(TrailHead)
    found = connection.execute(
        select(heads.c.seq, heads.c.hash).where(heads.c.chain == chain).with_for_update()
    ).one_or_none()
    seq, previous = found or (0, "")
    acting_now, at = _acting.get(), clock.now()
    entries = []
    for change in changes:
        seq += 1
        entry = {"chain": chain, "seq": seq, "at": at, "person_id": acting_now.person_id, "via": acting_now.via}
        entry |= change | {"reason": reason, "previous": previous}
        entry["hash"] = previous = digest(previous, entry)
        entries.append(entry)
    connection.execute(insert(_table(TrailEntry)), entries)
    head = {"seq": seq, "hash": previous}
    if found:
        connection.execute(update(heads).where(heads.c.chain == chain).values(head))
    else:
        connection.execute(insert(heads).values(chain=chain, **head))
