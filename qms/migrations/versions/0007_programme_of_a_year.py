"""The programme of a year: its versions with what they plan, who approved them, and the office's chain of approval.

Why: audits are planned and approved for a year ahead; until now each was logged on its own.
Existing rows: no office has a programme; audits logged so far stand outside the one it makes.
Cost: creates empty tables; instant. Safe while serving.
Down: drops every programme. Audits that came of them stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = (
    "approval_step",
    "programme_entry_unit",
    "programme_entry_clause",
    "programme_entry",
    "programme_approval",
    "programme",
)


def upgrade() -> None:
    op.create_table(
        "approval_step",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.CheckConstraint("post IN ('proxy', 'head_of_office', 'secretary')", name="ck_approval_step_post_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_approval_step_office_id"),
        sa.PrimaryKeyConstraint("office_id", "place", name="pk_approval_step"),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("most_a_month", sa.Integer(), nullable=True),
        sa.Column("most_a_lead", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_because", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_at IS NOT NULL)", name="ck_programme_approved_has_an_instant"
        ),
        sa.CheckConstraint("state IN ('draft', 'sent', 'approved')", name="ck_programme_state_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_programme_office_id"),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name="fk_programme_sent_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
        sa.UniqueConstraint("office_id", "id", name="uq_programme_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_programme_office_id_key"),
        sa.UniqueConstraint("office_id", "year", "issue", name="uq_programme_office_id_year_issue"),
    )
    op.create_index("ix_programme_office_id", "programme", ["office_id"])
    op.create_table(
        "programme_approval",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_number", sa.String(length=100), nullable=False),
        sa.CheckConstraint("post IN ('proxy', 'head_of_office', 'secretary')", name="ck_programme_approval_post_known"),
        sa.CheckConstraint(
            "(person_id IS NULL) = (decided_at IS NULL)", name="ck_programme_approval_somebody_at_an_instant"
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "programme_id"],
            ["programme.office_id", "programme.id"],
            name="fk_programme_approval_office_id_programme_id",
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_programme_approval_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_programme_approval_person_id"),
        sa.PrimaryKeyConstraint("programme_id", "place", name="pk_programme_approval"),
    )
    op.create_index("ix_programme_approval_office_id", "programme_approval", ["office_id"])
    op.create_table(
        "programme_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("edition_code", sa.String(length=20), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("removed_because", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name="ck_programme_entry_ends_after_start"),
        sa.ForeignKeyConstraint(["edition_code"], ["edition.code"], name="fk_programme_entry_edition_code"),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name="fk_programme_entry_lead_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name="fk_programme_entry_office_id_audit_id"
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "programme_id"],
            ["programme.office_id", "programme.id"],
            name="fk_programme_entry_office_id_programme_id",
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_programme_entry_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_programme_entry"),
        sa.UniqueConstraint("office_id", "id", name="uq_programme_entry_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_programme_entry_office_id_key"),
        sa.UniqueConstraint("programme_id", "line", name="uq_programme_entry_programme_id_line"),
    )
    op.create_index("ix_programme_entry_audit_id", "programme_entry", ["audit_id"])
    op.create_index("ix_programme_entry_office_id", "programme_entry", ["office_id"])
    op.create_table(
        "programme_entry_clause",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name="fk_programme_entry_clause_clause_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "entry_id"],
            ["programme_entry.office_id", "programme_entry.id"],
            name="fk_programme_entry_clause_office_id_entry_id",
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_programme_entry_clause_office_id"),
        sa.PrimaryKeyConstraint("entry_id", "clause_id", name="pk_programme_entry_clause"),
    )
    op.create_index("ix_programme_entry_clause_office_id", "programme_entry_clause", ["office_id"])
    op.create_table(
        "programme_entry_unit",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "department_id"],
            ["department.office_id", "department.id"],
            name="fk_programme_entry_unit_office_id_department_id",
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "entry_id"],
            ["programme_entry.office_id", "programme_entry.id"],
            name="fk_programme_entry_unit_office_id_entry_id",
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_programme_entry_unit_office_id"),
        sa.PrimaryKeyConstraint("entry_id", "department_id", name="pk_programme_entry_unit"),
    )
    op.create_index("ix_programme_entry_unit_department_id", "programme_entry_unit", ["department_id"])
    op.create_index("ix_programme_entry_unit_office_id", "programme_entry_unit", ["office_id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
