"""Devices on which audits are held: when each was last heard, and how much waited on it.

Why: answers may wait on a tablet that nobody opens again; whoever held the audit is told after a day of silence.
Existing rows: none; a device of before is known once it is heard again.
Cost: adds a table; instant. Safe while serving.
Down: drops it. No answer is lost; silences written about may be written about once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLE = "answer_device"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_key", sa.String(36), nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{_TABLE}_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name=f"fk_{_TABLE}_office_id_audit_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{_TABLE}_person_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint(
            "office_id",
            "audit_id",
            "person_id",
            "device_key",
            name=f"uq_{_TABLE}_office_id_audit_id_person_id_device_key",
        ),
    )
    op.create_index(f"ix_{_TABLE}_office_id", _TABLE, ["office_id"])
    op.create_index(f"ix_{_TABLE}_heard_at", _TABLE, ["heard_at"])
    op.create_index(f"ix_{_TABLE}_person_id", _TABLE, ["person_id"])


def downgrade() -> None:
    op.drop_table(_TABLE)
