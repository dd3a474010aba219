"""Absences with substitutes, an office's own ladders of reminders, and what people choose about their letters.

Why: an absent person's letters are read by somebody else, and offices remind in their own rhythm.
Existing rows: everybody keeps one letter a day at half past seven; offices keep the ladders they start with.
Cost: adds columns that need no rewrite; instant. Safe while serving.
Down: drops the absences, the ladders and the choices.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = (
    ("office", sa.Column("rolls_due_days", sa.Boolean(), nullable=False, server_default=sa.true())),
    ("office", sa.Column("rolls_reminders", sa.Boolean(), nullable=False, server_default=sa.true())),
    ("person", sa.Column("letters_at", sa.Time(), nullable=False, server_default=sa.text("'07:30:00.000000'"))),
    ("person", sa.Column("wants_digest", sa.Boolean(), nullable=False, server_default=sa.true())),
    ("person", sa.Column("calendar_serial", sa.Integer(), nullable=False, server_default="0")),
)


def upgrade() -> None:
    for table, column in _NEW:
        op.add_column(table, column)
    # Both databases take a key in the column itself; as a constraint of its own SQLite would rewrite the table.
    op.execute(
        "ALTER TABLE reminder ADD COLUMN instead_of_id INTEGER"
        " CONSTRAINT fk_reminder_instead_of_id REFERENCES person (id)"
    )
    op.create_table(
        "office_ladder",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("joins", sa.JSON(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_office_ladder_office_id"),
        sa.PrimaryKeyConstraint("office_id", "kind", name="pk_office_ladder"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name="ck_absence_ends_after_start"),
        sa.CheckConstraint("substitute_id <> person_id", name="ck_absence_somebody_else"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_absence_office_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_absence_person_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name="fk_absence_substitute_id"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        sa.UniqueConstraint("office_id", "id", name="uq_absence_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_absence_office_id_key"),
    )
    op.create_index("ix_absence_office_id", "absence", ["office_id"])
    op.create_index("ix_absence_person_id", "absence", ["person_id", "until_on"])
    op.create_index("ix_absence_office_until", "absence", ["office_id", "until_on"])


def downgrade() -> None:
    op.drop_table("absence")
    op.drop_table("office_ladder")
    op.execute("ALTER TABLE reminder DROP COLUMN instead_of_id")
    for table, column in reversed(_NEW):
        op.drop_column(table, column.name)
