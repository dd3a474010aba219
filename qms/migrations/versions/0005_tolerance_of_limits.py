"""The tolerance of an office's limits.

Why: some limits, such as the day of the second surveillance audit, are kept when a little later too.
Existing rows: no tolerance, so nothing changes for an office until it sets one; nor has it a limit for that audit.
Cost: adds a column that needs no rewrite; instant. Safe while serving.
Down: drops the tolerances.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As part of the column: as a constraint of its own SQLite would rewrite the table.
    op.execute(
        "ALTER TABLE office_limit ADD COLUMN tolerance INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_office_limit_tolerance_not_negative CHECK (tolerance >= 0)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE office_limit DROP COLUMN tolerance")
