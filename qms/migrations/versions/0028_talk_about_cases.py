"""Messages about a case, written by those who may see it.

Why: what is said about a case on the telephone or in letters is lost to whoever takes it over; a question to one
person stands among their tasks until they write.
Existing rows: none.
Cost: creates one empty table. Safe while serving.
Down: drops the messages; the cases stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_WAITS = sa.text("asked_id IS NOT NULL AND answered_at IS NULL AND struck_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_because", sa.Text(), nullable=False),
        sa.CheckConstraint("asked_id <> author_id", name="ck_case_message_asks_another"),
        sa.CheckConstraint("answered_at IS NULL OR asked_id IS NOT NULL", name="ck_case_message_answered_where_asked"),
        sa.CheckConstraint("struck_at IS NULL OR struck_because <> ''", name="ck_case_message_struck_with_a_reason"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_case_message_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name="fk_case_message_office_id_finding_id",
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_case_message_author_id"),
        sa.ForeignKeyConstraint(["asked_id"], ["person.id"], name="fk_case_message_asked_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_message"),
        sa.UniqueConstraint("office_id", "id", name="uq_case_message_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_case_message_office_id_key"),
    )
    op.create_index("ix_case_message_office_id", "case_message", ["office_id"])
    op.create_index("ix_case_message_finding_id", "case_message", ["finding_id", "id"])
    op.create_index(
        "ix_case_message_waiting",
        "case_message",
        ["asked_id", "finding_id", "id"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    op.drop_table("case_message")
