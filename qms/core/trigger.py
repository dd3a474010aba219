"""The triggers that make the trail append-only, and the check that they are still there."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, inspect

_TABLE: Final = "trail_entry"
NAMES: Final = ("trail_entry_is_never_changed", "trail_entry_is_never_deleted")
_ACTS: Final = ("UPDATE", "DELETE")


def creation(dialect: str) -> Iterator[str]:
    """The statements that create the triggers."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION refuse_trail_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$"
        )
    for name, act in zip(NAMES, _ACTS, strict=True):
        if dialect == "postgresql":
            yield f"CREATE TRIGGER {name} BEFORE {act} ON {_TABLE} EXECUTE FUNCTION refuse_trail_change()"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {act} ON {_TABLE} "
                "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            )


def missing_triggers(connection: Connection) -> list[str]:
    """The triggers that should be there and are not."""
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    else:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return sorted(set(NAMES) - set(rows.scalars()))


def check_triggers(connection: Connection) -> None:
    """Raises `RuntimeError` when the trail's table stands without its triggers."""
    if inspect(connection).has_table(_TABLE) and (missing := missing_triggers(connection)):
        message = f"the trail lost its triggers: {', '.join(missing)}"
        raise RuntimeError(message)
