"""Find what waits for a second look: an index of what was issued wrongly by its state and the day it was dealt with.

Why: whoever is to look again is asked for it in tasks and letters, on every page of tasks.
Existing rows: stay as they are. Offices have no limit for it until they set one.
Cost: builds one index. Safe while serving.
Down: drops the index.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_product_state", "product", ["office_id", "state", "dealt_on"])


def downgrade() -> None:
    op.drop_index("ix_product_state", "product")
