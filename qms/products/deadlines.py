"""Second looks that are waited for: who is asked, and until when by the office's limit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select, text

from qms.core.db import db
from qms.domain.deadlines import Deadline, Duty, Kind, Rule, rolled
from qms.domain.limits import NOT_SET, Limit, due_on
from qms.domain.products import who_looks_again
from qms.domain.standing import Who
from qms.offices import queries as offices
from qms.offices.models import Department
from qms.people import queries as people
from qms.products.models import Product

KINDS: Final = frozenset({Kind.PRODUCT_CHECK})
LIMIT: Final = "product_check"

# The state in its own words, and not as a parameter, so that SQLite sees that the index of those waiting has them all.
_DEALT_WITH: Final = (
    select(
        Product.office_id,
        Product.key,
        Product.number,
        Product.department_id,
        Product.dealt_on,
        Product.dealt_by_id,
        Department.name.label("department"),
    )
    .join(Department, Department.id == Product.department_id)
    .where(Product.office_id.in_(bindparam("office_ids", expanding=True)), text("product.state = 'dealt_with'"))
    .order_by(Product.dealt_on, Product.id)
)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something dealt with that nobody has looked at again; no `due_on` while the office has no limit for that."""

    row: Any
    answers: tuple[int, ...]
    limit: Limit
    due_on: date | None


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """The second looks that are due on these days; few wait at any time, so all of them are read."""
    found = ((each, each.due_on) for each in waiting(office_ids, today))
    return [_deadline(each, due) for each, due in found if due and first <= due <= last]


def waiting(office_ids: Collection[int], today: date) -> list[Waiting]:
    """What waits for a second look, with five more queries where there is any."""
    rows = db.session.execute(_DEALT_WITH, {"office_ids": list(office_ids)}).all()
    if not rows:
        return []
    ids = {row.office_id for row in rows}
    limits, off, rolling = offices.limits(ids), offices.days_off_of(ids), offices.rolling(ids)
    heads, holders = people.heads_of(ids, today), people.holders_of(ids, today)
    found = []
    for row in rows:
        limit, posts = limits[row.office_id].get(LIMIT, NOT_SET), holders[row.office_id]
        due = due_on(limit, row.dealt_on, off[row.office_id])
        asked = (heads.get(row.department_id, ()), *(posts.get(post, ()) for post in _ASKED))
        found.append(
            Waiting(
                row=row,
                answers=who_looks_again(asked, dealt_by=row.dealt_by_id),
                limit=limit,
                due_on=_rolled(due, off[row.office_id], rolls=row.office_id in rolling) if due else None,
            )
        )
    return found


_ASKED: Final = (Who.PROXY, Who.DEPUTY, Who.AUDITOR)


def _rolled(due: date, off: Collection[date], *, rolls: bool) -> date:
    return rolled(Rule.PRODUCT_CHECK, due, off, rolls=rolls)


def _deadline(each: Waiting, due: date) -> Deadline:
    row = each.row
    return Deadline(
        kind=Kind.PRODUCT_CHECK,
        office_id=row.office_id,
        subject=f"product:{row.key}",
        title=row.department,
        number=row.number,
        due_on=due,
        rule=Rule.PRODUCT_CHECK,
        counted_from=row.dealt_on,
        answers=each.answers,
        # Where only who dealt with it could look, the head of the office finds somebody else.
        duty=Duty.PROXY if each.answers else Duty.HEAD_OF_OFFICE,
        department_id=row.department_id,
        limit=each.limit,
        url_key=row.key,
    )
