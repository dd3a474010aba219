"""Who had an action before it was given to somebody else.

Why: an action can be given to another person; whoever had it before still judges nothing of that round.
Existing rows: none; nobody could give an action away.
Cost: adds an empty table; instant. Safe while serving.
Down: drops it; the actions stay with whoever has them, and the trail keeps who gave them away and why.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE = "reassignment"
_PERSONS = ("from_id", "to_id", "reassigned_by_id")


def upgrade() -> None:
    numbers = ("id", "finding_id", "action_id", "round_number", *_PERSONS, "office_id")
    op.create_table(
        _TABLE,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.Column("reassigned_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{_TABLE}_office_id"),
        *(
            sa.ForeignKeyConstraint(
                ["office_id", f"{parent}_id"],
                [f"{parent}.office_id", f"{parent}.id"],
                name=f"fk_{_TABLE}_office_id_{parent}_id",
            )
            for parent in ("finding", "action")
        ),
        *(sa.ForeignKeyConstraint([person], ["person.id"], name=f"fk_{_TABLE}_{person}") for person in _PERSONS),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("office_id", "id", name=f"uq_{_TABLE}_office_id_id"),
    )
    for column in ("office_id", "finding_id"):
        op.create_index(f"ix_{_TABLE}_{column}", _TABLE, [column])


def downgrade() -> None:
    op.drop_table(_TABLE)
