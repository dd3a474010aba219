"""An office's own templates also of programmes, plans and question sheets.

Why: these papers are given out in the office's layout as reports and cards are.
Existing rows: stay; the table is made anew on SQLite, which cannot change a constraint.
Cost: rewrites one row for each template an office gave. Safe while serving: old code asks for the kinds it knows.
Down: forgets the templates of the new kinds; their files stay stored.
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


def upgrade() -> None:
    _let_kinds_be(_WANTED)


def _let_kinds_be(wanted: str) -> None:
    with op.batch_alter_table("paper_template") as table:
        table.drop_constraint(op.f(_NAME), type_="check")
        table.create_check_constraint(op.f(_NAME), sa.text(f"kind IN ({wanted})"))


def downgrade() -> None:
    op.execute(f"DELETE FROM paper_template WHERE kind NOT IN ({_FORMER})")  # noqa: S608 - our own words
    _let_kinds_be(_FORMER)
