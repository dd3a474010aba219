"""Good practice that an office offers to others.

Why: what an audit found good in one office helps the next one, in words that the office chose for others to read.
Existing rows: none; strengths and good practice found before can be offered now.
Cost: adds a table; instant. Safe while serving.
Down: drops it; the findings stay, others read nothing of them any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('offered', 'shared', 'declined', 'withdrawn')", name="ck_practice_state_known"),
        sa.CheckConstraint(
            "state NOT IN ('shared', 'declined') OR decided_on IS NOT NULL", name="ck_practice_decided_on_a_day"
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_practice_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"], ["finding.office_id", "finding.id"], name="fk_practice_office_id_finding_id"
        ),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name="fk_practice_clause_id"),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name="fk_practice_offered_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_practice_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_practice"),
        sa.UniqueConstraint("office_id", "id", name="uq_practice_office_id_id"),
        sa.UniqueConstraint("key", name="uq_practice_key"),
        sa.UniqueConstraint("finding_id", name="uq_practice_finding_id"),
    )
    op.create_index("ix_practice_office_id", "practice", ["office_id"])
    op.create_index("ix_practice_state", "practice", ["state", "decided_on", "id"])


def downgrade() -> None:
    op.drop_table("practice")
