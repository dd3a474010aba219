"""Certificates as they were lived with: days known in part, each suspension, sites, what replaces what, the body's rhythm.

Why: old periods are often known by their month or year alone; a certificate may be suspended more than once; and bodies come once in a calendar year, or at most every twelve or six months, as the contract says.
Existing rows: days stay as they are, and bodies come once in each calendar year; a certificate whose days overlap those of an earlier one to the same standard is taken to replace it, as the register has counted it so far.
Cost: columns that need no rewrite, a small empty table, and one pass over `certificate`; instant.
Down: drops them with what was written there; of the suspensions the last one of each certificate stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TEXTS = ("decided_written", "from_written", "until_written")
_REPLACES = """
UPDATE certificate SET replaces = :yes WHERE EXISTS (
  SELECT 1 FROM certificate AS earlier
  WHERE earlier.office_id = certificate.office_id AND earlier.id <> certificate.id
    AND substr(earlier.edition_code, 1, 4) = substr(certificate.edition_code, 1, 4)
    AND earlier.valid_from <= certificate.valid_from AND earlier.valid_until >= certificate.valid_from
)
"""


def upgrade() -> None:
    op.add_column("certificate", sa.Column("sites", sa.Text(), nullable=False, server_default=""))
    for name in _TEXTS:
        op.add_column("certificate", sa.Column(name, sa.String(40), nullable=False, server_default=""))
    op.add_column("certificate", sa.Column("replaces", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("certificate", sa.Column("rhythm_tolerance", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "ALTER TABLE certificate ADD COLUMN rhythm_months INTEGER"
        " CONSTRAINT ck_certificate_rhythm_known CHECK (rhythm_months IN (6, 12))"
    )
    op.add_column("certificate", sa.Column("suspended_until", sa.Date(), nullable=True))
    op.execute(sa.text(_REPLACES).bindparams(sa.bindparam("yes", value=True, type_=sa.Boolean())))
    op.create_table(
        "certificate_suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("lifted_on >= from_on", name="ck_certificate_suspension_lifted_after_it_began"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_certificate_suspension_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "certificate_id"],
            ["certificate.office_id", "certificate.id"],
            name="fk_certificate_suspension_office_id_certificate_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificate_suspension"),
        sa.UniqueConstraint("office_id", "id", name="uq_certificate_suspension_office_id_id"),
        sa.UniqueConstraint(
            "office_id", "certificate_id", "from_on", name="uq_certificate_suspension_office_id_certificate_id_from_on"
        ),
    )
    for column in ("office_id", "certificate_id"):
        op.create_index(f"ix_certificate_suspension_{column}", "certificate_suspension", [column])


def downgrade() -> None:
    op.drop_table("certificate_suspension")
    op.execute("ALTER TABLE certificate DROP COLUMN rhythm_months")
    for name in ("suspended_until", "rhythm_tolerance", "replaces", *_TEXTS, "sites"):
        op.drop_column("certificate", name)
