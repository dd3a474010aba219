"""Parts of a report beside its findings, its issues as published, and an office's own templates.

Why: a report says what was not audited, what stood in the way and who gets it; an amendment keeps the earlier issue.
Existing rows: a published audit gets the first issue of its report, with the conclusion it has.
Cost: adds columns that need no rewrite, and one row for each published audit. Safe while serving.
Down: drops the parts, the issues and the templates; the conclusion in force stays with the audit.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PARTS = ("unaudited", "obstacles", "differing_opinions", "distribution")


def upgrade() -> None:
    for part in _PARTS:
        op.add_column("audit", sa.Column(part, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "report_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        *(sa.Column(part, sa.Text(), nullable=False) for part in _PARTS),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number = 1 OR reason <> ''", name="amended_for_a_reason"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_report_issue_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name="fk_report_issue_office_id_audit_id"
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name="fk_report_issue_published_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_issue"),
        sa.UniqueConstraint("audit_id", "number", name="uq_report_issue_audit_id_number"),
        sa.UniqueConstraint("office_id", "id", name="uq_report_issue_office_id_id"),
    )
    op.create_index("ix_report_issue_office_id", "report_issue", ["office_id"])
    op.create_table(
        "paper_template",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('raport', 'karta')", name="kind_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_paper_template_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "file_id"],
            ["stored_file.office_id", "stored_file.id"],
            name="fk_paper_template_office_id_file_id",
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name="fk_paper_template_added_by_id"),
        sa.PrimaryKeyConstraint("office_id", "kind", name="pk_paper_template"),
    )
    op.execute(
        "INSERT INTO report_issue (office_id, audit_id, number, conclusion, unaudited, obstacles, differing_opinions,"
        " distribution, reason, published_at, published_by_id)"
        " SELECT office_id, id, 1, conclusion, '', '', '', '', '', published_at, published_by_id FROM audit"
        " WHERE published_at IS NOT NULL AND published_by_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("paper_template")
    op.drop_table("report_issue")
    for part in reversed(_PARTS):
        op.drop_column("audit", part)
