"""Lists of questions, the questions of an audit, and the answers as they came from tablets and forms.

Why: a team prepares what it will ask, and every answer is kept as it was given, whatever the audit has become since.
Existing rows: none; audits of before have no questions, which is how they were held.
Cost: adds tables; instant. Safe while serving.
Down: drops them. The findings that answers made stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SORT_KEY = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_lists()
    _create_questions()
    _create_answers()


def _create(table: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *items,
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=f"fk_{table}_office_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("office_id", "id", name=f"uq_{table}_office_id_id"),
    )
    op.create_index(f"ix_{table}_office_id", table, ["office_id"])


def _within_office(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    columns, parents = ["office_id", column], [f"{parent}.office_id", f"{parent}.id"]
    return sa.ForeignKeyConstraint(columns, parents, name=f"fk_{table}_office_id_{column}")


def _refers(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [parent], name=f"fk_{table}_{column}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _create_lists() -> None:
    _create(
        "question_list",
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("edition_code", sa.String(20), nullable=False),
        sa.Column("issue_number", sa.Integer(), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("sort_key", _SORT_KEY, nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("question_list", "edition_code", "edition.code"),
        _unique("question_list", "office_id", "key"),
    )
    op.create_index("ix_question_list_office_name", "question_list", ["office_id", "retired_on", "sort_key"])
    _create(
        "question_list_issue",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        _within_office("question_list_issue", "list_id", "question_list"),
        _refers("question_list_issue", "saved_by_id", "person.id"),
        _unique("question_list_issue", "list_id", "number"),
    )
    _create(
        "question_list_question",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        _within_office("question_list_question", "issue_id", "question_list_issue"),
        _refers("question_list_question", "clause_id", "clause.id"),
        _unique("question_list_question", "issue_id", "place"),
    )


def _create_questions() -> None:
    table = "audit_question"
    _create(
        table,
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("earlier_number", sa.String(60), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("source IN ('clause', 'list', 'earlier', 'own')", name=f"ck_{table}_source_known"),
        _within_office(table, "audit_id", "audit"),
        _within_office(table, "department_id", "department"),
        _within_office(table, "finding_id", "finding"),
        _refers(table, "clause_id", "clause.id"),
        _unique(table, "office_id", "key"),
    )
    op.create_index("ix_audit_question_audit_id", table, ["audit_id"])


def _came(table: str) -> list[sa.schema.SchemaItem]:
    """What an answer and a file that came with one have alike."""
    return [
        sa.Column("event_key", sa.String(36), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_at", _MOMENT, nullable=True),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        _within_office(table, "audit_id", "audit"),
        _within_office(table, "question_id", "audit_question"),
        _refers(table, "person_id", "person.id"),
        _unique(table, "office_id", "event_key"),
    ]


def _create_answers() -> None:
    _create(
        "answer_event",
        *_came("answer_event"),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "result IN ('conformity', 'opportunity', 'observation', 'nonconformity', 'minor', 'major', 'not_applicable')",
            name="ck_answer_event_result_known",
        ),
    )
    op.create_index("ix_answer_event_audit_id", "answer_event", ["audit_id", "id"])
    _create(
        "answer_file",
        *_came("answer_file"),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        _within_office("answer_file", "file_id", "stored_file"),
        _unique("answer_file", "office_id", "key"),
    )
    op.create_index("ix_answer_file_audit_id", "answer_file", ["audit_id", "id"])


def downgrade() -> None:
    for table in (
        "answer_file",
        "answer_event",
        "audit_question",
        "question_list_question",
        "question_list_issue",
        "question_list",
    ):
        op.drop_table(table)
