"""Rules by which an office admits auditors, and what is written down about people for them.

Why: offices admit auditors by orders of their own: a course, and a year of service or earlier experience, and the consent of the head; others for people from outside and for assistants.
Existing rows: none; without a rule an office asks for nothing beyond training and an appointment, as before.
Cost: adds two empty tables; instant. Safe while serving.
Down: drops them with what was written there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admission_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engaged", sa.String(12), nullable=False),
        sa.Column("part", sa.String(8), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("engaged IN ('employee', 'contractor')", name="ck_admission_rule_engaged_known"),
        sa.CheckConstraint("part IN ('trainee', 'auditor', 'lead')", name="ck_admission_rule_part_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_admission_rule_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_admission_rule"),
        sa.UniqueConstraint("office_id", "id", name="uq_admission_rule_office_id_id"),
        sa.UniqueConstraint("office_id", "engaged", "part", name="uq_admission_rule_office_id_engaged_part"),
    )
    op.create_index("ix_admission_rule_office_id", "admission_rule", ["office_id"])
    op.create_table(
        "admission_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(12), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("shown_by", sa.String(300), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('experience', 'consent', 'declaration')", name="ck_admission_statement_ground_known"
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ck_admission_statement_ends_after_start"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_admission_statement_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_admission_statement_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_admission_statement"),
        sa.UniqueConstraint("office_id", "id", name="uq_admission_statement_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_admission_statement_office_id_key"),
    )
    for column in ("office_id", "person_id"):
        op.create_index(f"ix_admission_statement_{column}", "admission_statement", [column])


def downgrade() -> None:
    op.drop_table("admission_statement")
    op.drop_table("admission_rule")
