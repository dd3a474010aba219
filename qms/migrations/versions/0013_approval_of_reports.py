"""Approval of reports by the office's steps, and an office's own templates also of programmes, plans and questions.

Why: an office may want its report approved as its programme is; and it gives all these papers out in its own layout.
Existing rows: no office approves reports until it says so; templates stay (SQLite makes their table anew, because it
    cannot change a constraint).
Cost: adds columns that need no rewrite and two tables. Safe while serving: old code knows nothing of them.
Down: drops them; who approved which report is forgotten, and so are the templates of the new kinds.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FORMER: Final = "'raport', 'karta'"
_WANTED: Final = f"{_FORMER}, 'program', 'plan', 'lista'"
_NAME: Final = "ck_paper_template_kind_known"
_POSTS: Final = "'proxy', 'head_of_office', 'secretary'"
_PENDING: Final = sa.text("state IN ('sent', 'approved')")
_MOMENT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    _let_kinds_be(_WANTED)
    op.add_column("office", sa.Column("approves_reports", sa.Boolean(), nullable=False, server_default=sa.false()))
    # As part of the column: as a constraint of its own SQLite would rewrite the table.
    op.execute(
        "ALTER TABLE audit ADD COLUMN report_waits_for VARCHAR(20) DEFAULT '' NOT NULL"
        f" CONSTRAINT ck_audit_report_waits_for_known CHECK (report_waits_for IN ('', {_POSTS}, 'lead'))"
    )
    _create_given()
    _create_approvals()


def _create_given() -> None:
    parts = ("conclusion", "unaudited", "obstacles", "differing_opinions", "distribution")
    op.create_table(
        "given_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        *(sa.Column(part, sa.Text(), nullable=False) for part in parts),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("returned_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'approved', 'returned', 'published')", name="ck_given_report_state_known"
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_given_report_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name="fk_given_report_office_id_audit_id"
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name="fk_given_report_given_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_given_report"),
        sa.UniqueConstraint("office_id", "id", name="uq_given_report_office_id_id"),
    )
    op.create_index("ix_given_report_office_id", "given_report", ["office_id"])
    op.create_index("ix_given_report_audit_id", "given_report", ["audit_id", "id"])
    op.create_index(
        "uq_given_report_pending",
        "given_report",
        ["audit_id"],
        unique=True,
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )


def _create_approvals() -> None:
    table = "report_approval"
    op.create_table(
        table,
        sa.Column("given_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("order_number", sa.String(100), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"post IN ({_POSTS})", name=f"ck_{table}_post_known"),
        sa.CheckConstraint("(person_id IS NULL) = (decided_at IS NULL)", name=f"ck_{table}_somebody_at_an_instant"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "given_id"],
            ["given_report.office_id", "given_report.id"],
            name=f"fk_{table}_office_id_given_id",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id"),
        sa.PrimaryKeyConstraint("given_id", "place", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_office_id", table, ["office_id"])


def _let_kinds_be(wanted: str) -> None:
    with op.batch_alter_table("paper_template") as table:
        table.drop_constraint(op.f(_NAME), type_="check")
        table.create_check_constraint(op.f(_NAME), sa.text(f"kind IN ({wanted})"))


def downgrade() -> None:
    op.drop_table("report_approval")
    op.drop_table("given_report")
    op.drop_column("audit", "report_waits_for")
    op.drop_column("office", "approves_reports")
    op.execute(f"DELETE FROM paper_template WHERE kind NOT IN ({_FORMER})")  # noqa: S608 - our own words
    _let_kinds_be(_FORMER)
