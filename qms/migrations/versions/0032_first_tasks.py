"""Which first tasks of an office are done, and invitations whose letters wait until it is set up.

Why: a new office is led from nothing to its first useful day; nobody is invited to a half-made register.
Existing rows: offices that have an audit, a certificate or people count as set up; no invitation waits.
Cost: adds three columns to small tables. Safe while serving.
Down: drops them; held invitations become ordinary ones that were never sent.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("office", sa.Column("ticked_tasks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("office", sa.Column("set_up_on", sa.Date(), nullable=True))
    op.add_column("invitation", sa.Column("is_held", sa.Boolean(), nullable=False, server_default=sa.false()))
    lives = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {table}.office_id = office.id)"  # noqa: S608 - names of our own tables
        for table in ("audit", "certificate", "membership")
    )
    op.execute(f"UPDATE office SET set_up_on = CURRENT_DATE WHERE {lives}")  # noqa: S608 - as above


def downgrade() -> None:
    op.drop_column("invitation", "is_held")
    op.drop_column("office", "set_up_on")
    op.drop_column("office", "ticked_tasks")
