"""Findings that no audit made: their source, what people report before somebody decides, and what was issued wrongly.

Why: nonconformities come from complaints, appeals, inspections, measures and from what employees notice, too; a decision issued wrongly is corrected and looked at again.
Existing rows: findings keep their audits and clauses, and get the audit as their source; reports start empty.
Cost: on SQLite the findings are copied once, since a column there cannot learn to be empty; elsewhere they are read once.
Down: drops the reports, the register of what was issued wrongly and every finding that no audit made, with all that belongs to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OUTSIDE = "'staff', 'complaint', 'appeal', 'inspection', 'measure', 'survey', 'review', 'body'"
_WAYS = "'case', 'observation', 'product'"
_KINDS = "'decision', 'act', 'certificate', 'service', 'other'"
_REMEDIES = "'', 'rectified', 'reviewed', 'changed', 'annulled', 'repeated', 'corrected', 'concession'"
_WAITS = sa.text("fate = 'waiting'")
_OF_FINDINGS = (
    "letter_grant",
    "practice",
    "finding_check",
    "evidence",
    "action",
    "finding_round",
    "finding_repeat",
    "finding_department",
)


def upgrade() -> None:
    for column in ("audit_id", "clause_id"):
        _let_be_empty(column)
    op.execute(
        "ALTER TABLE finding ADD COLUMN source VARCHAR(12) DEFAULT 'audit' NOT NULL"
        f" CONSTRAINT ck_finding_source_known CHECK (source IN ('audit', {_OUTSIDE}))"
    )
    op.execute(
        "ALTER TABLE finding ADD COLUMN noticed_on DATE"
        " CONSTRAINT ck_finding_audit_where_audited CHECK ((source = 'audit') = (audit_id IS NOT NULL))"
    )
    op.create_index("ix_finding_office_source", "finding", ["office_id", "source", "reported_on", "id"])
    _create_products()
    _create_problems()
    op.create_table(
        "source_route",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"source IN ({_OUTSIDE})", name=op.f("ck_source_route_source_known")),
        sa.CheckConstraint(f"way IN ({_WAYS})", name=op.f("ck_source_route_way_known")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_source_route_office_id"),
        _within("source_route", "department_id", "department"),
        sa.PrimaryKeyConstraint("office_id", "source", name="pk_source_route"),
    )


def _let_be_empty(column: str) -> None:
    _change_table(
        f"{column} INTEGER NOT NULL", f"{column} INTEGER", lambda: op.alter_column("finding", column, nullable=True)
    )


def _change_table(former: str, wanted: str, elsewhere) -> None:  # noqa: ANN001
    """SQLite cannot change a column, so the table is made anew, as it stands but for this."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        elsewhere()
        return
    master = "SELECT sql FROM sqlite_master WHERE tbl_name = 'finding' AND type = '%s' AND sql IS NOT NULL"
    table = bind.exec_driver_sql(master % "table").scalar_one()
    indexes = bind.exec_driver_sql(master % "index").scalars().all()
    _, _, columns = table.replace(former, wanted).partition("(")
    op.execute(f"CREATE TABLE finding_anew ({columns}")
    op.execute("INSERT INTO finding_anew SELECT * FROM finding")
    op.execute("DROP TABLE finding")
    op.execute("ALTER TABLE finding_anew RENAME TO finding")
    for index in indexes:
        op.execute(index)


def _within(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    columns = [f"{parent}.office_id", f"{parent}.id"]
    return sa.ForeignKeyConstraint(["office_id", column], columns, name=f"fk_{table}_office_id_{column}")


def _create_problems() -> None:
    op.create_table(
        "problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("outer_number", sa.String(60), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("decided_in_id", sa.Integer(), nullable=True),
        sa.Column("fate", sa.String(10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"source IN ({_OUTSIDE})", name=op.f("ck_problem_source_known")),
        sa.CheckConstraint(f"way IN ({_WAYS})", name=op.f("ck_problem_way_known")),
        sa.CheckConstraint("fate IN ('waiting', 'taken', 'refused')", name=op.f("ck_problem_fate_known")),
        sa.CheckConstraint(
            "(fate = 'waiting') = (decided_on IS NULL)", name=op.f("ck_problem_decided_once_fate_known")
        ),
        sa.CheckConstraint(
            "(fate = 'taken') = (finding_id IS NOT NULL OR product_id IS NOT NULL)",
            name=op.f("ck_problem_taken_as_something"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_problem_office_id"),
        _within("problem", "department_id", "department"),
        _within("problem", "decided_in_id", "department"),
        _within("problem", "finding_id", "finding"),
        _within("problem", "product_id", "product"),
        _within("problem", "file_id", "stored_file"),
        sa.ForeignKeyConstraint(["reported_by_id"], ["person.id"], name="fk_problem_reported_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_problem_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problem"),
        sa.UniqueConstraint("office_id", "id", name="uq_problem_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_problem_office_id_key"),
        sa.UniqueConstraint("office_id", "number", name="uq_problem_office_id_number"),
        sa.UniqueConstraint("finding_id", name="uq_problem_finding_id"),
        sa.UniqueConstraint("product_id", name="uq_problem_product_id"),
    )
    op.create_index("ix_problem_office_id", "problem", ["office_id"])
    op.create_index("ix_problem_reported", "problem", ["office_id", "reported_on", "id"])
    op.create_index("ix_problem_reporter", "problem", ["office_id", "reported_by_id", "reported_on", "id"])
    op.create_index("ix_problem_decided_in", "problem", ["office_id", "decided_in_id", "reported_on", "id"])
    op.create_index(
        "ix_problem_waiting", "problem", ["office_id", "decided_in_id"], sqlite_where=_WAITS, postgresql_where=_WAITS
    )


def _create_products() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("sign", sa.String(60), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("noticed_by_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("remedy", sa.String(12), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("allowed_by", sa.String(200), nullable=False),
        sa.Column("dealt_by_id", sa.Integer(), nullable=True),
        sa.Column("dealt_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_product_kind_known")),
        sa.CheckConstraint(f"source IN ('audit', {_OUTSIDE})", name=op.f("ck_product_source_known")),
        sa.CheckConstraint(f"remedy IN ({_REMEDIES})", name=op.f("ck_product_remedy_known")),
        sa.CheckConstraint("state IN ('noticed', 'dealt_with', 'verified')", name=op.f("ck_product_state_known")),
        sa.CheckConstraint("(state = 'noticed') = (dealt_on IS NULL)", name=op.f("ck_product_dealt_with_on_a_day")),
        sa.CheckConstraint("(remedy = '') = (dealt_on IS NULL)", name=op.f("ck_product_remedy_once_dealt_with")),
        sa.CheckConstraint(
            "verified_by_id IS NULL OR verified_by_id <> dealt_by_id", name=op.f("ck_product_verified_by_another")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_product_office_id"),
        _within("product", "department_id", "department"),
        _within("product", "finding_id", "finding"),
        *(
            sa.ForeignKeyConstraint([f"{who}_by_id"], ["person.id"], name=f"fk_product_{who}_by_id")
            for who in ("noticed", "dealt", "verified")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("office_id", "id", name="uq_product_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_product_office_id_key"),
        sa.UniqueConstraint("office_id", "number", name="uq_product_office_id_number"),
    )
    op.create_index("ix_product_office_id", "product", ["office_id"])
    op.create_index("ix_product_noticed", "product", ["office_id", "noticed_on", "id"])
    op.create_index("ix_product_department", "product", ["office_id", "department_id", "noticed_on", "id"])
    op.create_index("ix_product_noticed_by", "product", ["office_id", "noticed_by_id", "noticed_on", "id"])
    op.create_index("ix_product_finding_id", "product", ["finding_id"])


def downgrade() -> None:
    op.drop_table("source_route")
    op.drop_table("problem")
    op.drop_table("product")
    others = "SELECT id FROM finding WHERE audit_id IS NULL"
    op.execute(f"DELETE FROM finding_repeat WHERE earlier_id IN ({others})")  # noqa: S608 - our own names
    for table in _OF_FINDINGS:
        op.execute(f"DELETE FROM {table} WHERE finding_id IN ({others})")  # noqa: S608 - our own names
    op.execute("DELETE FROM finding WHERE audit_id IS NULL")
    op.drop_index("ix_finding_office_source", table_name="finding")
    _drop_source()
    for column in ("audit_id", "clause_id"):
        _let_be_needed(column)


def _drop_source() -> None:
    """SQLite drops no column that a constraint names, so the constraints go first."""
    known = f"CONSTRAINT ck_finding_source_known CHECK (source IN ('audit', {_OUTSIDE}))"
    audited = "CONSTRAINT ck_finding_audit_where_audited CHECK ((source = 'audit') = (audit_id IS NOT NULL))"
    _change_table(
        f" {known}", "", lambda: op.drop_constraint(op.f("ck_finding_source_known"), "finding", type_="check")
    )
    _change_table(
        f" {audited}", "", lambda: op.drop_constraint(op.f("ck_finding_audit_where_audited"), "finding", type_="check")
    )
    op.drop_column("finding", "noticed_on")
    op.drop_column("finding", "source")


def _let_be_needed(column: str) -> None:
    _change_table(
        f"{column} INTEGER,", f"{column} INTEGER NOT NULL,", lambda: op.alter_column("finding", column, nullable=False)
    )
