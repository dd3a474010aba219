"""Runs the migrations on the app's own database.

On SQLite, foreign keys are off around a migration and checked after it: rebuilding a parent table with them
on deletes its children without a word, and drops its triggers.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from qms.core.engine import set_reading
from qms.core.trigger import check_triggers


def run() -> None:
    """Bring the database to the wanted revision in one transaction."""
    set_reading(only=False)
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        try:
            _migrate(connection)
            if is_sqlite:
                _refuse_orphans(connection)
            check_triggers(connection)
        finally:
            connection.rollback()
            if is_sqlite:
                connection.connection.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        message = f"rows without a parent after the migration: {orphans[:5]}"
        raise RuntimeError(message)


run()
