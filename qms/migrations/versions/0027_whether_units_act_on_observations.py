"""Kinds of finding that only ask whether the unit acts, and the findings published under them.

Why: an observation is worth a word of who is answerable, "we act" or "we do not, because", but neither a cause nor a
review of the effect.
Existing rows: no kind asks for it until the office wants it, and findings published before stay for information.
Cost: two columns with a constant default, which rewrite nothing, and an index of open cases by category, so that
nonconformities are counted apart from what may become one; seconds. Safe while serving.
Down: drops them; cases that are open on that path stay where they are, as ordinary ones.
"""

import sqlalchemy as sa
from alembic import op

_IS_OPEN = sa.text("waits_for IS NOT NULL")

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("finding_kind", sa.Column("is_answered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("finding", sa.Column("is_light", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_finding_open_category",
        "finding",
        ["office_id", "category", "due_on"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_finding_open_category", "finding")
    op.drop_column("finding", "is_light")
    op.drop_column("finding_kind", "is_answered")
