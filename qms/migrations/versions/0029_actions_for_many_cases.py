"""Actions of one case that serve other cases too.

Why: several findings often have one cause, and one action removes it; typed into each case, it had several owners and
days that drifted apart.
Existing rows: none; every action serves its own case, as before.
Cost: creates one empty table. Safe while serving.
Down: drops the table; what stood for an action in another case stays there as an action of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_PARENTS = {"leader_id": "action", "leader_finding_id": "finding", "finding_id": "finding", "action_id": "action"}


def upgrade() -> None:
    op.create_table(
        "shared_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("leader_finding_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("shared_by_id", sa.Integer(), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("finding_id <> leader_finding_id", name="ck_shared_action_of_another_case"),
        sa.CheckConstraint(
            "action_id IS NOT NULL OR ended_on IS NOT NULL", name="ck_shared_action_stands_for_it_until_ended"
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_shared_action_office_id"),
        *(
            sa.ForeignKeyConstraint(
                ["office_id", column],
                [f"{parent}.office_id", f"{parent}.id"],
                name=f"fk_shared_action_office_id_{column}",
            )
            for column, parent in _PARENTS.items()
        ),
        sa.ForeignKeyConstraint(["shared_by_id"], ["person.id"], name="fk_shared_action_shared_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shared_action"),
        sa.UniqueConstraint("office_id", "id", name="uq_shared_action_office_id_id"),
    )
    op.create_index("ix_shared_action_office_id", "shared_action", ["office_id"])
    op.create_index("ix_shared_action_action_id", "shared_action", ["action_id"], unique=True)
    for column in ("finding_id", "leader_finding_id"):
        op.create_index(f"ix_shared_action_{column}", "shared_action", [column])


def downgrade() -> None:
    op.drop_table("shared_action")
