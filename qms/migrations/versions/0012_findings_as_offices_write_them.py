"""An office's own kinds of finding, the name each finding was written under, and what other units it concerns.

Why: offices name and grade their findings differently, while coordinators compare what they mean; one lapse often
concerns several departments, of which one answers; and what comes back is linked to what was found before.
Existing rows: every office gets the filled proposal, graded where it graded; findings keep the product's own words.
Cost: on SQLite the findings are copied once, since a constraint there cannot be changed; elsewhere they are read once.
Down: drops the scale, the names, the other departments and the links; potential nonconformities become observations, good practice becomes strengths.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CATEGORIES = "'nonconformity', 'major', 'minor', 'observation', 'opportunity', 'strength'"
_MORE_CATEGORIES = (
    "'nonconformity', 'major', 'minor', 'potential', 'observation', 'opportunity', 'strength', 'good_practice'"
)
_MEANINGS = "'nonconformity', 'potential', 'observation', 'opportunity', 'strength', 'good_practice'"
_STARTER = (
    ("nonconformity", "N", True),
    ("observation", "S", True),
    ("opportunity", "P", True),
    ("strength", "M", True),
    ("potential", "PN", False),
    ("good_practice", "DP", False),
)
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def upgrade() -> None:
    _let_categories_be(_CATEGORIES, _MORE_CATEGORIES)
    op.add_column("finding", sa.Column("category_name", sa.String(60), nullable=False, server_default=""))
    op.add_column("finding", sa.Column("kind_key", sa.String(12), nullable=False, server_default=""))
    table = op.create_table(
        "finding_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.String(16), nullable=False),
        sa.Column("symbol", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("is_graded", sa.Boolean(), nullable=False),
        sa.Column("major_name", sa.String(60), nullable=False),
        sa.Column("minor_name", sa.String(60), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"meaning IN ({_MEANINGS})", name=op.f("ck_finding_kind_meaning_known")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_finding_kind_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_kind"),
        sa.UniqueConstraint("office_id", "id", name="uq_finding_kind_office_id_id"),
        sa.UniqueConstraint("office_id", "key", name="uq_finding_kind_office_id_key"),
    )
    op.create_index("ix_finding_kind_office_id", "finding_kind", ["office_id"])
    offices = op.get_bind().execute(sa.text("SELECT id, uses_grades FROM office")).all()
    rows = [row for office_id, uses_grades in offices for row in _starter(office_id, uses_grades=bool(uses_grades))]
    if rows:
        op.bulk_insert(table, rows)
    op.execute(
        "UPDATE finding SET kind_key = (SELECT key FROM finding_kind WHERE finding_kind.office_id = finding.office_id"
        " AND finding_kind.meaning = CASE WHEN finding.category IN ('major', 'minor') THEN 'nonconformity'"
        " ELSE finding.category END) WHERE state = 'draft'"
    )
    op.execute("ALTER TABLE office DROP COLUMN uses_grades")
    _create_concerned()
    _create_repeats()


def _create_concerned() -> None:
    op.create_table(
        "finding_department",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_finding_department_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name="fk_finding_department_office_id_finding_id",
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "department_id"],
            ["department.office_id", "department.id"],
            name="fk_finding_department_office_id_department_id",
        ),
        sa.PrimaryKeyConstraint("finding_id", "department_id", name="pk_finding_department"),
    )
    op.create_index("ix_finding_department_office_id", "finding_department", ["office_id"])
    op.create_index("ix_finding_department_department_id", "finding_department", ["department_id", "finding_id"])


def _create_repeats() -> None:
    op.create_table(
        "finding_repeat",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.CheckConstraint("finding_id <> earlier_id", name=op.f("ck_finding_repeat_not_of_itself")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_finding_repeat_office_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name="fk_finding_repeat_office_id_finding_id",
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "earlier_id"],
            ["finding.office_id", "finding.id"],
            name="fk_finding_repeat_office_id_earlier_id",
        ),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["person.id"], name="fk_finding_repeat_chosen_by_id"),
        sa.PrimaryKeyConstraint("finding_id", name="pk_finding_repeat"),
    )
    op.create_index("ix_finding_repeat_office_id", "finding_repeat", ["office_id"])
    op.create_index("ix_finding_repeat_earlier_id", "finding_repeat", ["earlier_id"])


def _starter(office_id: int, *, uses_grades: bool) -> list[dict[str, object]]:
    return [
        {
            "office_id": office_id,
            "key": "".join(secrets.choice(_LETTERS) for _ in range(8)),
            "place": place,
            "meaning": meaning,
            "symbol": symbol,
            "name": "",
            "is_graded": uses_grades and meaning == "nonconformity",
            "major_name": "",
            "minor_name": "",
            "is_used": is_used,
            "version": 1,
        }
        for place, (meaning, symbol, is_used) in enumerate(_STARTER, start=1)
    ]


def _let_categories_be(former: str, wanted: str) -> None:
    """SQLite cannot change a constraint, so the table is made anew, as it stands but for this."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_finding_category_known"), "finding", type_="check")
        op.create_check_constraint(op.f("ck_finding_category_known"), "finding", sa.text(f"category IN ({wanted})"))
        return
    master = "SELECT sql FROM sqlite_master WHERE tbl_name = 'finding' AND type = '%s' AND sql IS NOT NULL"
    bind = op.get_bind()
    table = bind.exec_driver_sql(master % "table").scalar_one()
    indexes = bind.exec_driver_sql(master % "index").scalars().all()
    _, _, columns = table.replace(former, wanted).partition("(")
    op.execute(f"CREATE TABLE finding_anew ({columns}")
    op.execute("INSERT INTO finding_anew SELECT * FROM finding")
    op.execute("DROP TABLE finding")
    op.execute("ALTER TABLE finding_anew RENAME TO finding")
    for index in indexes:
        op.execute(index)


def downgrade() -> None:
    op.add_column("office", sa.Column("uses_grades", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE office SET uses_grades = EXISTS"
        " (SELECT 1 FROM finding_kind WHERE finding_kind.office_id = office.id AND is_graded)"
    )
    op.drop_table("finding_repeat")
    op.drop_table("finding_department")
    op.drop_table("finding_kind")
    op.drop_column("finding", "kind_key")
    op.drop_column("finding", "category_name")
    op.execute("UPDATE finding SET category = 'observation' WHERE category = 'potential'")
    op.execute("UPDATE finding SET category = 'strength' WHERE category = 'good_practice'")
    _let_categories_be(_MORE_CATEGORIES, _CATEGORIES)
