"""The catalogue: editions, their clauses in order, and their mapping."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import raiseload

from qms.core.db import db
from qms.standards.models import Clause, Edition

AUDITABLE = ("leaf", "part")


def editions() -> list[Edition]:
    """Every edition that has clauses, the newest first."""
    with_clauses = select(Clause.edition_code).distinct()
    return list(db.session.scalars(select(Edition).where(Edition.code.in_(with_clauses)).order_by(Edition.code.desc())))


def edition(code: str) -> Edition | None:
    """One edition."""
    return db.session.get(Edition, code)


def clauses(edition_code: str) -> list[Clause]:
    """All places of an edition in its order, chapters and groups too."""
    found = select(Clause).where(Clause.edition_code == edition_code).order_by(Clause.place)
    return list(db.session.scalars(found.options(raiseload("*", sql_only=True))))


def auditable(edition_code: str) -> list[Clause]:
    """The clauses of an edition that are audited against."""
    return [clause for clause in clauses(edition_code) if clause.kind in AUDITABLE]


def clauses_by_id(ids: Collection[int]) -> dict[int, Clause]:
    """Clauses by their id; unknown ids are left out."""
    found = select(Clause).where(Clause.id.in_(ids)).options(raiseload("*", sql_only=True))
    return {clause.id: clause for clause in db.session.scalars(found)}
