"""What an office leaves out of an edition and on which days, and its own titles of clauses."""

from datetime import date
from typing import Final

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload, raiseload

from qms.core.db import db
from qms.domain.editions import NodeKind
from qms.offices.models import Office
from qms.requirements.models import ClauseTitle, Exclusion
from qms.standards.models import Clause

_EXCLUSIONS: Final[Select[Exclusion]] = (
    select(Exclusion)
    .join(Clause, Clause.id == Exclusion.clause_id)
    .where(Exclusion.office_id == bindparam("office_id"))
    .order_by(Clause.edition_code.desc(), Clause.place, Exclusion.valid_from.desc())
    .options(joinedload(Exclusion.clause), joinedload(Exclusion.approved_by), raiseload("*", sql_only=True))
)
_BETWEEN: Final = _EXCLUSIONS.where(
    Clause.edition_code == bindparam("edition"),
    Exclusion.valid_from <= bindparam("last"),
    or_(Exclusion.valid_until.is_(None), Exclusion.valid_until >= bindparam("first")),
)
_EXCLUDED: Final = (
    select(Clause.number, Exclusion.justification)
    .join(Exclusion, Exclusion.clause_id == Clause.id)
    .where(
        Exclusion.office_id == bindparam("office_id"),
        Clause.edition_code == bindparam("edition"),
        Exclusion.valid_from <= bindparam("on"),
        or_(Exclusion.valid_until.is_(None), Exclusion.valid_until >= bindparam("on")),
    )
)
_Named = aliased(Clause)
_TITLES: Final = (
    select(Clause.id, ClauseTitle.title)
    .select_from(ClauseTitle)
    .join(_Named, _Named.id == ClauseTitle.clause_id)
    .join(
        Clause,
        or_(
            Clause.id == _Named.id,
            and_(
                Clause.kind == NodeKind.PART,
                Clause.edition_code == _Named.edition_code,
                Clause.parent_number == _Named.number,
            ),
        ),
    )
    .where(ClauseTitle.office_id == bindparam("office_id"))
    .order_by(Clause.id, _Named.place)  # a title of its own comes after that of what it is part of
)


def exclusions(office_id: int) -> list[Exclusion]:
    """Everything the office excluded at any time, by edition and clause, then the newest first."""
    return list(db.session.scalars(_EXCLUSIONS, {"office_id": office_id}))


def exclusions_between(office_id: int, edition_code: str, *, first: date, last: date) -> list[Exclusion]:
    """Those of an edition that are valid on any of these days, in the order of the clauses."""
    asked = {"office_id": office_id, "edition": edition_code, "first": first, "last": last}
    return list(db.session.scalars(_BETWEEN, asked))


def exclusion_by_key(office: Office, key: str) -> Exclusion | None:
    """One exclusion of the office."""
    return db.session.scalar(_EXCLUSIONS.where(Exclusion.key == key), {"office_id": office.id})


def excluded(office_id: int, edition_code: str, on: date) -> dict[str, str]:
    """The clause numbers the office excluded on a day, parents as written, each with its justification."""
    rows = db.session.execute(_EXCLUDED, {"office_id": office_id, "edition": edition_code, "on": on})
    return {number: why for number, why in rows}  # noqa: C416 -- rows are no pairs to mypy


def own_titles(office_id: int) -> dict[int, str]:
    """The office's own titles, by clause; a part bears that of its clause."""
    return {clause_id: title for clause_id, title in db.session.execute(_TITLES, {"office_id": office_id})}  # noqa: C416 -- the same
