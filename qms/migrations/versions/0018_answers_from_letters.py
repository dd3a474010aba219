"""Links in letters by which their reader answers without signing in, and who answers where it was handed over.

Why: most people who answer do so a few times a year, from a letter; a password stands between them and the answer.
Existing rows: none; letters sent before lead to the ordinary pages.
Cost: adds one table and two columns that are empty; instant. Safe while serving.
Down: drops them. Who answers is the head of the department again. Links sent so far say that they have ended; everybody can still sign in and answer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("purpose", sa.String(12), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.CheckConstraint("purpose IN ('answer', 'report_done')", name="ck_letter_grant_purpose_known"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_letter_grant_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_letter_grant_person_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name="fk_letter_grant_office_id_finding_id",
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "action_id"], ["action.office_id", "action.id"], name="fk_letter_grant_office_id_action_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_grant"),
        sa.UniqueConstraint("office_id", "id", name="uq_letter_grant_office_id_id"),
        sa.UniqueConstraint("key", name="uq_letter_grant_key"),
    )
    op.create_index("ix_letter_grant_office_id", "letter_grant", ["office_id"])
    op.create_index("ix_letter_grant_finding_id", "letter_grant", ["finding_id"])
    op.create_index("ix_letter_grant_person_id", "letter_grant", ["person_id"])

    op.add_column("office", sa.Column("answers_signed_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    # In the column itself: as a constraint of its own SQLite would rewrite the table.
    op.execute(
        "ALTER TABLE finding ADD COLUMN answerer_id INTEGER CONSTRAINT fk_finding_answerer_id REFERENCES person (id)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE finding DROP COLUMN answerer_id")
    op.execute("ALTER TABLE office DROP COLUMN answers_signed_in")
    op.drop_table("letter_grant")
