"""Parts of an action, which its doer ticks off one by one.

Why: an action of several months is done in steps, and nobody should keep their list beside the register.
Existing rows: no action has parts.
Cost: adds one column with a constant default. Safe while serving.
Down: drops the parts; the actions stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("action", sa.Column("stored_parts", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("action", "stored_parts")
