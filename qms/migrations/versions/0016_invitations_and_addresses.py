"""Invitations to an office and changes of address, each open until the owner of the mailbox answers.

Why: nobody learns from adding somebody by e-mail, or from changing an address, whether the address has an account.
Existing rows: none; who works in an office already was added before and stays.
Cost: adds two tables; instant. Safe while serving.
Down: drops them. Who has accepted stays in the office; whoever had not yet is asked again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OPEN = sa.text("answered_on IS NULL AND ended_on IS NULL")


def upgrade() -> None:
    _create(
        "invitation",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("posts", sa.JSON(), nullable=False),
        sa.Column("order_number", sa.String(60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ck_invitation_ends_after_start"),
        sa.CheckConstraint("(answered_on IS NULL) = (person_id IS NULL)", name="ck_invitation_person_once_answered"),
        sa.ForeignKeyConstraint(
            ["office_id", "department_id"],
            ["department.office_id", "department.id"],
            name="fk_invitation_office_id_department_id",
        ),
    )
    _open_ones_are_unique("invitation", ["office_id", "email"])
    _create(
        "address_change",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
    )
    _open_ones_are_unique("address_change", ["office_id", "person_id"])


def _create(table: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *items,
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=f"fk_{table}_asked_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("office_id", "id", name=f"uq_{table}_office_id_id"),
        sa.UniqueConstraint("key", name=f"uq_{table}_key"),
    )
    op.create_index(f"ix_{table}_office_id", table, ["office_id"])


def _open_ones_are_unique(table: str, columns: list[str]) -> None:
    op.create_index(f"ix_{table}_open", table, columns, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_table("address_change")
    op.drop_table("invitation")
