"""Indexes of what one office has.

Why: the digests with a line about an office were found by reading every line it had. An open action now carries its
    owner in the index, so that finding a person's own reads no action of others.
Existing rows: unchanged.
Cost: reads `reminder` and `action` once; some seconds for 400,000 findings. Safe while serving.
Down: drops the indexes; nothing is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_IS_UNDONE = sa.text("done_on IS NULL")


def upgrade() -> None:
    op.create_index("ix_reminder_office_letter", "reminder", ["office_id", "letter_id"])
    op.drop_index("ix_action_open_due", "action")
    _index_open_actions("office_id", "due_on", "owner_id")


def downgrade() -> None:
    op.drop_index("ix_action_open_due", "action")
    _index_open_actions("office_id", "due_on")
    op.drop_index("ix_reminder_office_letter", "reminder")


def _index_open_actions(*columns: str) -> None:
    op.create_index("ix_action_open_due", "action", columns, sqlite_where=_IS_UNDONE, postgresql_where=_IS_UNDONE)
