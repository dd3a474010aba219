"""What a later audit saw of open cases.

Why: the team of an audit looks at what earlier audits left open in its scope, and its report says what it saw.
Existing rows: none; reports of before said it in their conclusions, if at all.
Cost: adds a table and an index of open cases, which are few; instant. Safe while serving.
Down: drops them; what was verified and judged stays with the cases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("waits_for IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_finding_open_department",
        "finding",
        ["office_id", "department_id", "due_on"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_table(
        "finding_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("may_judge", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("seen IN ('still_open', 'effective')", name="ck_finding_check_seen_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_finding_check_office_id"),
        *(
            sa.ForeignKeyConstraint(
                ["office_id", f"{parent}_id"],
                [f"{parent}.office_id", f"{parent}.id"],
                name=f"fk_finding_check_office_id_{parent}_id",
            )
            for parent in ("audit", "finding")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name="fk_finding_check_checked_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_check"),
        sa.UniqueConstraint("office_id", "id", name="uq_finding_check_office_id_id"),
    )
    for column in ("office_id", "audit_id", "finding_id"):
        op.create_index(f"ix_finding_check_{column}", "finding_check", [column])


def downgrade() -> None:
    op.drop_table("finding_check")
    op.drop_index("ix_finding_open_department", table_name="finding")
