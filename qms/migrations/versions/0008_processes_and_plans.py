"""Processes of an office, independence by item of an audit's scope, and what else the plan of an audit holds.

Why: an audit covers processes too; who must not judge which part of it, and who permitted an exception, is kept with
the audit; its plan names method, places, further criteria, people to meet and hours; partners audit offices too, and
findings from outside keep the numbers they have there.
Existing rows: audits become audits on site with no timetable; offices remember former work for twelve months as
    before; the catalogue learns at its next loading which clauses the proxy's own work meets.
Cost: on SQLite rewrites `audit`, some seconds for 100,000 audits; elsewhere reads it once. Not while serving.
Down: drops all of it; audits of partners become special audits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KINDS = "'internal', 'out_of_plan', 'stage_1', 'stage_2', 'surveillance', 'recertification', 'special'"
_MORE_KINDS = f"{_KINDS}, 'second_party'"
_GROUNDS = (
    "'belongs', 'supervises', 'owns', 'supervises_owner', 'proxys_process', 'proxys_clause', "
    "'worked_there', 'answers_to', 'owned', 'answers_to_owner', 'takes_part'"
)
_ONE_ITEM = " + ".join(
    f"(CASE WHEN {each}_id IS NULL THEN 0 ELSE 1 END)" for each in ("department", "process", "clause")
)
_IS_WAITING = sa.text("needs_permit AND permitted_on IS NULL")
_TEXTS = ("places", "criteria", "auditees")


def upgrade() -> None:
    op.add_column("clause", sa.Column("proxys", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("office", sa.Column("warns_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    # As part of the column: as a constraint of its own SQLite would rewrite the table.
    op.execute(
        "ALTER TABLE office ADD COLUMN remembers_months INTEGER DEFAULT 12 NOT NULL"
        " CONSTRAINT ck_office_remembers_months_known CHECK (remembers_months BETWEEN 0 AND 24)"
    )
    _let_kinds_be(_KINDS, _MORE_KINDS)
    op.execute(
        "ALTER TABLE audit ADD COLUMN method VARCHAR(10) DEFAULT 'on_site' NOT NULL"
        " CONSTRAINT ck_audit_method_known CHECK (method IN ('on_site', 'remote', 'hybrid'))"
    )
    for name in _TEXTS:
        op.add_column("audit", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("finding", sa.Column("outer_number", sa.String(length=60), nullable=False, server_default=""))
    _make_processes()
    _make_conflicts()
    _make_slots()


def _let_kinds_be(former: str, wanted: str) -> None:
    """SQLite cannot change a constraint, so the table is made anew, as it stands but for this."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_audit_kind_known"), "audit", type_="check")
        op.create_check_constraint(op.f("ck_audit_kind_known"), "audit", sa.text(f"kind IN ({wanted})"))
        return
    master = "SELECT sql FROM sqlite_master WHERE tbl_name = 'audit' AND type = '%s' AND sql IS NOT NULL"
    bind = op.get_bind()
    table = bind.exec_driver_sql(master % "table").scalar_one()
    indexes = bind.exec_driver_sql(master % "index").scalars().all()
    _, _, columns = table.replace(former, wanted).partition("(")
    op.execute(f"CREATE TABLE audit_anew ({columns}")
    op.execute("INSERT INTO audit_anew SELECT * FROM audit")
    op.execute("DROP TABLE audit")
    op.execute("ALTER TABLE audit_anew RENAME TO audit")
    for index in indexes:
        op.execute(index)


def _within_office(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    columns = ["office_id", f"{column}_id"]
    name = f"fk_{table}_office_id_{column}_id"
    return sa.ForeignKeyConstraint(columns, [f"{parent}.office_id", f"{parent}.id"], name=name)


def _office(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id")
    return sa.Column("office_id", sa.Integer(), nullable=False), key


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=f"fk_{table}_{column}")


def _make_processes() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("symbol", sa.String(length=20), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=False),
        sa.Column("sort_key", sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql"), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_office("process"),
        sa.CheckConstraint("importance BETWEEN 1 AND 3", name="ck_process_importance_known"),
        sa.PrimaryKeyConstraint("id", name="pk_process"),
        sa.UniqueConstraint("office_id", "id", name="uq_process_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_process_office_id_key"),
        sa.UniqueConstraint("office_id", "symbol", name="uq_process_office_id_symbol"),
    )
    op.create_index("ix_process_office_id", "process", ["office_id"])
    _make_link("process_department", "process", "department")
    op.create_table(
        "process_owner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        *_office("process_owner"),
        _within_office("process_owner", "process", "process"),
        _person("process_owner", "person_id"),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ck_process_owner_ends_after_start"),
        sa.PrimaryKeyConstraint("id", name="pk_process_owner"),
    )
    for column in ("office_id", "process_id", "person_id"):
        op.create_index(f"ix_process_owner_{column}", "process_owner", [column])
    _make_link("audit_process", "audit", "process")


def _make_link(table: str, one: str, other: str) -> None:
    op.create_table(
        table,
        *_office(table),
        sa.Column(f"{one}_id", sa.Integer(), nullable=False),
        sa.Column(f"{other}_id", sa.Integer(), nullable=False),
        _within_office(table, one, one),
        _within_office(table, other, other),
        sa.PrimaryKeyConstraint(f"{one}_id", f"{other}_id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_office_id", table, ["office_id"])
    op.create_index(f"ix_{table}_{other}_id", table, [f"{other}_id"])


def _make_conflicts() -> None:
    op.create_table(
        "audit_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("severity", sa.String(length=5), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("needs_permit", sa.Boolean(), nullable=False),
        sa.Column("permitted_by_id", sa.Integer(), nullable=True),
        sa.Column("permitted_on", sa.Date(), nullable=True),
        sa.Column("permit_reason", sa.Text(), nullable=False),
        *_office("audit_conflict"),
        _within_office("audit_conflict", "audit", "audit"),
        _within_office("audit_conflict", "department", "department"),
        _within_office("audit_conflict", "process", "process"),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name="fk_audit_conflict_clause_id"),
        _person("audit_conflict", "person_id"),
        _person("audit_conflict", "permitted_by_id"),
        sa.CheckConstraint("severity IN ('block', 'warn')", name="ck_audit_conflict_severity_known"),
        sa.CheckConstraint(f"ground IN ({_GROUNDS})", name="ck_audit_conflict_ground_known"),
        sa.CheckConstraint(f"{_ONE_ITEM} = 1", name="ck_audit_conflict_one_item"),
        sa.CheckConstraint(
            "(permitted_on IS NULL) = (permitted_by_id IS NULL)", name="ck_audit_conflict_permitted_by_somebody"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_conflict"),
    )
    op.create_index("ix_audit_conflict_office_id", "audit_conflict", ["office_id"])
    op.create_index("ix_audit_conflict_audit_id", "audit_conflict", ["audit_id"])
    is_waiting = {"sqlite_where": _IS_WAITING, "postgresql_where": _IS_WAITING}
    op.create_index("ix_audit_conflict_waiting", "audit_conflict", ["office_id"], **is_waiting)


def _make_slots() -> None:
    op.create_table(
        "audit_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("to_time", sa.Time(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("auditees", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_office("audit_slot"),
        _within_office("audit_slot", "audit", "audit"),
        _within_office("audit_slot", "department", "department"),
        _person("audit_slot", "person_id"),
        sa.CheckConstraint("to_time > from_time", name="ck_audit_slot_ends_after_start"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_slot"),
        sa.UniqueConstraint("office_id", "key", name="uq_audit_slot_office_id_key"),
    )
    op.create_index("ix_audit_slot_office_id", "audit_slot", ["office_id"])
    op.create_index("ix_audit_slot_audit_id", "audit_slot", ["audit_id", "day"])
    op.create_index("ix_audit_slot_office_day", "audit_slot", ["office_id", "day"])


def downgrade() -> None:
    for table in ("audit_slot", "audit_conflict", "audit_process", "process_owner", "process_department", "process"):
        op.drop_table(table)
    op.execute("ALTER TABLE finding DROP COLUMN outer_number")
    for name in _TEXTS:
        op.drop_column("audit", name)
    op.execute("ALTER TABLE audit DROP COLUMN method")
    op.execute("UPDATE audit SET kind = 'special' WHERE kind = 'second_party'")
    _let_kinds_be(_MORE_KINDS, _KINDS)
    for table, column in (("office", "remembers_months"), ("office", "warns_only"), ("clause", "proxys")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
