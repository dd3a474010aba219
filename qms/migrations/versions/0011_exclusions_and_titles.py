"""Exclusions with the place in the manual and who approved them, and an office's own titles of clauses.

Why: an exclusion is justified in an issue of the manual and approved by somebody; it is corrected under its own key, and
a published report keeps those it named. Offices call clauses as their manual does.
Existing rows: approved by who wrote them down, as their page said; the manual's issue is asked for when one is changed;
reports published before name what their days' exclusions are now.
Cost: reads `exclusion` once, adds a column to `report_issue`; under a second. Not while serving.
Down: drops all of it.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TEXTS = (("manual_issue", 60), ("manual_section", 60))
_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def upgrade() -> None:
    op.add_column("exclusion", sa.Column("key", sa.String(12), nullable=False, server_default=""))
    op.add_column("exclusion", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name, length in _TEXTS:
        op.add_column("exclusion", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    # Both databases take these in the column itself; as constraints of their own SQLite would rewrite the table.
    op.execute(
        "ALTER TABLE exclusion ADD COLUMN approved_by_id INTEGER"
        " CONSTRAINT fk_exclusion_approved_by_id REFERENCES person (id)"
    )
    op.execute(
        "ALTER TABLE exclusion ADD COLUMN approver_words VARCHAR(200) DEFAULT '' NOT NULL"
        " CONSTRAINT ck_exclusion_approved_once CHECK (approved_by_id IS NULL OR approver_words = '')"
    )
    _fill()
    op.create_index("uq_exclusion_office_id_key", "exclusion", ["office_id", "key"], unique=True)
    op.add_column("report_issue", sa.Column("exclusions", sa.JSON(), nullable=True))
    op.create_table(
        "clause_title",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_clause_title_office_id"),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name="fk_clause_title_clause_id"),
        sa.PrimaryKeyConstraint("office_id", "clause_id", name="pk_clause_title"),
    )


def _fill() -> None:
    bind = op.get_bind()
    writer = (
        "SELECT person_id FROM trail_entry WHERE chain = :office AND about = 'exclusion' AND row_id = :row"
        " AND action = 'created' ORDER BY seq DESC LIMIT 1"
    )
    for row, office in bind.execute(sa.text("SELECT id, office_id FROM exclusion")).all():
        by = bind.execute(sa.text(writer), {"office": office, "row": str(row)}).scalar()
        key = "".join(secrets.choice(_KEY_LETTERS) for _ in range(8))
        filled = sa.text("UPDATE exclusion SET key = :key, approved_by_id = :by WHERE id = :row")
        bind.execute(filled, {"key": key, "by": by, "row": row})


def downgrade() -> None:
    op.drop_table("clause_title")
    op.execute("ALTER TABLE report_issue DROP COLUMN exclusions")
    op.drop_index("uq_exclusion_office_id_key", "exclusion")
    for name in ("approver_words", "approved_by_id", "manual_section", "manual_issue", "version", "key"):
        op.execute(f"ALTER TABLE exclusion DROP COLUMN {name}")
