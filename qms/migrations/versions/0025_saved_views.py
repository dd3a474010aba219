"""Views of the registers of findings and actions that people keep by name.

Why: whoever looks at the same part of a register each week should not choose its filters each time.
Existing rows: none.
Cost: creates one empty table. Safe while serving.
Down: drops the views; the registers stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('findings', 'actions')", name=op.f("ck_saved_view_kind_known")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_saved_view_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_saved_view_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("office_id", "id", name="uq_saved_view_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_saved_view_office_id_key"),
    )
    op.create_index("ix_saved_view_office_id", "saved_view", ["office_id"])
    op.create_index("ix_saved_view_person", "saved_view", ["person_id", "office_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_saved_view_person", "saved_view")
    op.drop_index("ix_saved_view_office_id", "saved_view")
    op.drop_table("saved_view")
