"""What a later audit saw of open cases, the days a body gives for its findings, and processes of planned audits.

Why: the team of an audit looks at what earlier audits left open in its scope, and its report says what it saw; answers
and evidence for a certification body are due when its letter says, and not by the limits of the office; a programme plans audits of
processes beside those of departments.
Existing rows: none; reports of before said what was seen in their conclusions, and cases keep the days they have.
Cost: adds tables, a column that needs no rewrite and an index of open cases, which are few; instant. Safe while serving.
Down: drops them; what was verified and judged, and the days of answers, stay with the cases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_GRADES = ("major", "minor")
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
    op.add_column("finding", sa.Column("due_rule", sa.String(length=4), nullable=False, server_default=""))
    _create_terms()
    _create_processes()


def _create_terms() -> None:
    op.create_table(
        "body_terms",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=200), nullable=False),
        *(
            column
            for grade in _GRADES
            for column in (
                sa.Column(f"{grade}_answer_days", sa.Integer(), nullable=True),
                sa.Column(f"{grade}_evidence_days", sa.Integer(), nullable=True),
                sa.Column(f"{grade}_evidence_on", sa.Date(), nullable=True),
            )
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_body_terms_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name="fk_body_terms_office_id_audit_id"
        ),
        sa.PrimaryKeyConstraint("audit_id", name="pk_body_terms"),
    )
    op.create_index("ix_body_terms_office_id", "body_terms", ["office_id"])
    for grade in _GRADES:
        is_set = sa.text(f"{grade}_evidence_on IS NOT NULL")
        op.create_index(
            f"ix_body_terms_{grade}",
            "body_terms",
            ["office_id", f"{grade}_evidence_on"],
            sqlite_where=is_set,
            postgresql_where=is_set,
        )


def _create_processes() -> None:
    table = "programme_entry_process"
    op.create_table(
        table,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("office_id", "entry_id", "process_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id"),
        *(
            sa.ForeignKeyConstraint(
                ["office_id", column], [f"{parent}.office_id", f"{parent}.id"], name=f"fk_{table}_office_id_{column}"
            )
            for column, parent in (("entry_id", "programme_entry"), ("process_id", "process"))
        ),
        sa.PrimaryKeyConstraint("entry_id", "process_id", name=f"pk_{table}"),
    )
    for column in ("office_id", "process_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    op.drop_table("programme_entry_process")
    op.drop_table("body_terms")
    op.drop_column("finding", "due_rule")
    op.drop_table("finding_check")
    op.drop_index("ix_finding_open_department", table_name="finding")
