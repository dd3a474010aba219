"""Indexes of what is open in one office, and of what one person worked on.

Why: what waits was found by reading every audit of the office, and every action its owner ever had.
Existing rows: unchanged.
Cost: reads `audit`, `finding` and `action` once; some seconds for 400,000 findings. Safe while serving.
Down: puts the former index back; nothing is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_IS_RUNNING = sa.text("state IN ('planned', 'under_way')")
_IS_OPEN = sa.text("waits_for IS NOT NULL")
_IS_UNDONE = sa.text("done_on IS NULL")


def upgrade() -> None:
    is_running = {"sqlite_where": _IS_RUNNING, "postgresql_where": _IS_RUNNING}
    op.create_index("ix_audit_open", "audit", ["office_id", "starts_on"], **is_running)
    op.create_index("ix_audit_office_kind", "audit", ["office_id", "kind", "starts_on"])
    is_open = {"sqlite_where": _IS_OPEN, "postgresql_where": _IS_OPEN}
    op.create_index("ix_finding_waits", "finding", ["office_id", "waits_for", "due_on"], **is_open)
    op.drop_index("ix_action_owner", "action")
    op.create_index("ix_action_owner", "action", ["owner_id", "finding_id"])
    undone = {"sqlite_where": _IS_UNDONE, "postgresql_where": _IS_UNDONE}
    op.create_index("ix_action_owner_open", "action", ["owner_id", "due_on"], **undone)


def downgrade() -> None:
    op.drop_index("ix_action_owner_open", "action")
    op.drop_index("ix_action_owner", "action")
    op.create_index("ix_action_owner", "action", ["owner_id", "due_on"])
    op.drop_index("ix_finding_waits", "finding")
    op.drop_index("ix_audit_office_kind", "audit")
    op.drop_index("ix_audit_open", "audit")
