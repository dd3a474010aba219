"""What people choose about letters: one a week instead of one a day, and those that tell how things stand.

Why: the head of an office and the coordinator are told regularly how things stand, and both kinds can be given up.
Existing rows: everybody keeps one letter a day; letters about how things stand follow the post.
Cost: adds columns that need no rewrite; instant. Safe while serving.
Down: drops the choices.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("wants_weekly", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("wants_status", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "wants_status")
    op.drop_column("person", "wants_weekly")
