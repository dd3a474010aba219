"""What people who are to answer a case ask for besides: more time, or that the finding be taken back.

Why: whoever cannot answer in time, or does not agree, says so in the case instead of by telephone; who decides finds it
among their tasks, and the case keeps what was asked, by whom and what was decided.
Existing rows: none.
Cost: adds one empty table; instant. Safe while serving.
Down: drops the table, and with it what was asked and decided; days that were moved stay moved.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_WAITS = sa.text("fate = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "finding_plea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('more_time', 'objection')", name="ck_finding_plea_kind_known"),
        sa.CheckConstraint("fate IN ('waiting', 'granted', 'refused', 'lapsed')", name="ck_finding_plea_fate_known"),
        sa.CheckConstraint(
            "(kind = 'more_time') = (new_due_on IS NOT NULL)", name="ck_finding_plea_day_where_time_is_asked"
        ),
        sa.CheckConstraint("(fate = 'waiting') = (decided_on IS NULL)", name="ck_finding_plea_decided_once_fate_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_finding_plea_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name="fk_finding_plea_office_id_finding_id",
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_finding_plea_asked_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_finding_plea_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_plea"),
        sa.UniqueConstraint("office_id", "id", name="uq_finding_plea_office_id_id"),
    )
    for column in ("office_id", "finding_id"):
        op.create_index(f"ix_finding_plea_{column}", "finding_plea", [column])
    op.create_index(
        "ix_finding_plea_waiting",
        "finding_plea",
        ["office_id", "finding_id", "kind"],
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    op.drop_table("finding_plea")
