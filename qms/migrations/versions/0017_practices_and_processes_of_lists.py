"""Good practice that an office offers to others, processes that lists of questions are about, and lost devices.

Why: what an audit found good in one office helps the next one, in words that the office chose for others to read; and
an audit of a process is asked what the office asks about that process, whatever its clauses; and a lead auditor says
that nothing is to come from a device, which was asked for until the end of the audit.
Existing rows: none; strengths and good practice found before can be offered now, and lists are about no process yet.
Cost: adds three tables; instant. Safe while serving.
Down: drops them; the findings and the lists stay, others read nothing of the findings any more.
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

    _create_processes()
    _create_lost_devices()


def _create_lost_devices() -> None:
    table = "lost_device"
    op.create_table(
        table,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "audit_id", "person_id")),
        sa.Column("device_key", sa.String(36), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name=f"fk_{table}_office_id_audit_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id"),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=f"fk_{table}_said_by_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    for column in ("office_id", "audit_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _create_processes() -> None:
    table = "question_list_process"
    op.create_table(
        table,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("office_id", "list_id", "process_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id"),
        *(
            sa.ForeignKeyConstraint(
                ["office_id", column], [f"{parent}.office_id", f"{parent}.id"], name=f"fk_{table}_office_id_{column}"
            )
            for column, parent in (("list_id", "question_list"), ("process_id", "process"))
        ),
        sa.PrimaryKeyConstraint("list_id", "process_id", name=f"pk_{table}"),
    )
    for column in ("office_id", "process_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    op.drop_table("lost_device")
    op.drop_table("question_list_process")
    op.drop_table("practice")
