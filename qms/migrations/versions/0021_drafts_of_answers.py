"""Drafts of answers apart from answers, and an index of cases by whom their answer was handed over to.

Why: a draft is kept while somebody types; it is no part of the case, its history or its trail before it is sent. Whoever was handed an answer finds its case in the register.
Existing rows: what was typed in the present round and not sent becomes the draft of its case.
Cost: adds one empty column and drops one, reads the rounds once; some seconds for a hundred thousand cases. Safe while serving.
Down: writes the drafts back into their rounds and drops the column and the index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FINDING = sa.table(
    "finding",
    sa.column("id", sa.Integer),
    sa.column("round_number", sa.Integer),
    sa.column("waits_for", sa.String),
    sa.column("draft", sa.JSON(none_as_null=True)),
)
_ROUND = sa.table(
    "finding_round",
    sa.column("id", sa.Integer),
    sa.column("finding_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("correction", sa.Text),
    sa.column("no_correction_reason", sa.Text),
    sa.column("cause", sa.Text),
    sa.column("returned_note", sa.Text),
    sa.column("answered_at", sa.DateTime),
    sa.column("draft_actions", sa.JSON),
)
_TEXTS = ("correction", "no_correction_reason", "cause")
_PRESENT = (_FINDING.c.id == _ROUND.c.finding_id) & (_FINDING.c.round_number == _ROUND.c.number)
_IS_HANDED_OVER = sa.text("answerer_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("finding", sa.Column("draft", sa.JSON(), nullable=True))
    _take_drafts_out()
    op.drop_column("finding_round", "draft_actions")
    op.create_index(
        "ix_finding_answerer",
        "finding",
        ["answerer_id"],
        sqlite_where=_IS_HANDED_OVER,
        postgresql_where=_IS_HANDED_OVER,
    )


def _take_drafts_out() -> None:
    """An answer that was returned and not written on since is no draft: its actions have rows already."""
    bind = op.get_bind()
    unsent = sa.select(_ROUND, _FINDING.c.id.label("case_id")).join(_FINDING, _PRESENT)
    unsent = unsent.where(_FINDING.c.waits_for == "answer", _ROUND.c.answered_at.is_(None))
    for row in bind.execute(unsent).all():
        texts = {name: getattr(row, name) for name in _TEXTS}
        if row.draft_actions or (any(texts.values()) and not row.returned_note):
            draft = texts | {"actions": row.draft_actions}
            bind.execute(sa.update(_FINDING).where(_FINDING.c.id == row.case_id).values(draft=draft))


def downgrade() -> None:
    op.drop_index("ix_finding_answerer", "finding")
    op.add_column("finding_round", sa.Column("draft_actions", sa.JSON(), nullable=False, server_default="[]"))
    bind = op.get_bind()
    drafted = sa.select(_ROUND.c.id, _FINDING.c.draft).join(_FINDING, _PRESENT).where(_FINDING.c.draft.is_not(None))
    for row in bind.execute(drafted).all():
        texts = {name: row.draft[name] for name in _TEXTS}
        back = sa.update(_ROUND).where(_ROUND.c.id == row.id)
        bind.execute(back.values(**texts, draft_actions=row.draft["actions"]))
    op.drop_column("finding", "draft")
