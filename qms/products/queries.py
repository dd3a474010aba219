"""The register of what was issued wrongly, as its pages read it."""

from typing import Final

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload, raiseload

from qms.core.db import db
from qms.core.paging import PER_PAGE, start
from qms.offices.models import Office
from qms.policy import Reach
from qms.products.models import Product

_BY_KEY: Final = (
    select(Product)
    .where(Product.office_id == bindparam("office_id"), Product.key == bindparam("key"))
    .options(
        joinedload(Product.department),
        joinedload(Product.finding),
        joinedload(Product.noticed_by),
        joinedload(Product.dealt_by),
        joinedload(Product.verified_by),
    )
)


def by_key(office: Office, key: str) -> Product | None:
    """One of the register."""
    return db.session.scalar(_BY_KEY, {"office_id": office.id, "key": key})


def count(office_id: int, reach: Reach) -> int:
    """How many there are on all pages."""
    return db.session.scalar(select(func.count()).select_from(Product).where(*_listed(office_id, reach))) or 0


def page(office_id: int, reach: Reach, number: int) -> list[Product]:
    """A page of what the reader may see, the newest first."""
    found = select(Product).where(*_listed(office_id, reach)).order_by(Product.noticed_on.desc(), Product.id.desc())
    shown = (joinedload(Product.department), raiseload("*", sql_only=True))
    return list(db.session.scalars(found.limit(PER_PAGE).offset(start(number)).options(*shown)))


def _listed(office_id: int, reach: Reach) -> tuple[ColumnElement[bool], ...]:
    return Product.office_id == office_id, _within(reach)


def _within(reach: Reach) -> ColumnElement[bool]:
    """All, or what the reader noticed and what their departments issued."""
    if reach.everything:
        return true()
    return or_(Product.noticed_by_id == reach.person_id, Product.department_id.in_(reach.department_ids))
