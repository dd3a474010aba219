"""A catalogue of causes for each office, the cause of an answer by it, how that was found, and how the effect is judged.

Why: an office sees which causes come back only where like causes bear one name; and whether the actions helped is
judged against what was agreed before the work, not against what is at hand afterwards.
Existing rows: every office gets the proposal of eight causes; answers of before name none of them, tell the cause by
its text alone, and their effect is judged as before.
Cost: adds a small table, columns that need no rewrite and an index of cases with a cause, of which there are none yet;
instant. Safe while serving.
Down: drops them with what was written there.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_HAS_CAUSE = sa.text("cause_key IS NOT NULL")
_STARTER = (
    "unclear_rule",
    "untrained",
    "no_substitute",
    "workload",
    "unchecked",
    "information",
    "tools",
    "change",
)
_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def upgrade() -> None:
    table = op.create_table(
        "cause_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("starter", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_cause_kind_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cause_kind"),
        sa.UniqueConstraint("office_id", "id", name="uq_cause_kind_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_cause_kind_office_id_key"),
    )
    op.create_index("ix_cause_kind_office_id", "cause_kind", ["office_id"])
    offices = op.get_bind().execute(sa.text("SELECT id FROM office")).scalars()
    rows = [row for office_id in offices for row in _starter(office_id)]
    if rows:
        op.bulk_insert(table, rows)
    op.add_column("finding_round", sa.Column("criterion", sa.Text(), nullable=False, server_default=""))
    op.add_column("finding_round", sa.Column("analysis", sa.JSON(), nullable=True))
    for name in ("finding_round", "finding"):
        op.add_column(name, sa.Column("cause_key", sa.String(12), nullable=True))
    op.create_index(
        "ix_finding_office_cause",
        "finding",
        ["office_id", "cause_key", "reported_on", "id"],
        sqlite_where=_HAS_CAUSE,
        postgresql_where=_HAS_CAUSE,
    )


def _starter(office_id: int) -> list[dict[str, object]]:
    return [
        {
            "key": "".join(secrets.choice(_KEY_LETTERS) for _ in range(8)),
            "place": place,
            "starter": starter,
            "name": "",
            "is_used": True,
            "office_id": office_id,
            "version": 1,
        }
        for place, starter in enumerate(_STARTER, start=1)
    ]


def downgrade() -> None:
    op.drop_index("ix_finding_office_cause", "finding")
    op.drop_column("finding", "cause_key")
    op.drop_column("finding_round", "cause_key")
    op.drop_column("finding_round", "analysis")
    op.drop_column("finding_round", "criterion")
    op.drop_table("cause_kind")
