"""The catalogue: editions, their clauses in order, and their mapping."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, Integer, String, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import aliased, raiseload

from qms.core.db import db
from qms.domain.editions import QUALITY, standard_of
from qms.standards.models import Clause, ClauseMapping, Edition

AUDITABLE = ("leaf", "part")

_Here, _There = aliased(Clause), aliased(Clause)
_COUNTERPARTS: Final = (
    select(_Here.id, _There)
    .join(ClauseMapping, or_(ClauseMapping.from_id == _Here.id, ClauseMapping.to_id == _Here.id))
    .join(_There, or_(ClauseMapping.from_id == _There.id, ClauseMapping.to_id == _There.id))
    .where(_Here.edition_code == bindparam("edition"), _There.edition_code != bindparam("edition"))
    .order_by(_There.edition_code, _There.place)
    .options(raiseload("*", sql_only=True))
)


def editions() -> list[Edition]:
    """Every edition that has clauses, the newest first."""
    with_clauses = select(Clause.edition_code).distinct()
    return list(db.session.scalars(select(Edition).where(Edition.code.in_(with_clauses)).order_by(Edition.code.desc())))


def certifiable() -> list[Edition]:
    """Every edition that certificates may be to: ISO 9001, the newest first, then other standards."""
    found = (each for each in db.session.scalars(select(Edition)) if each.is_certifiable)
    newest_first = sorted(found, key=lambda each: each.code.partition(":")[2], reverse=True)
    return sorted(newest_first, key=lambda each: (standard_of(each.code) != QUALITY, standard_of(each.code)))


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


def counterparts(edition_code: str) -> dict[int, list[Clause]]:
    """By clause of the edition, those of other editions that ask for much the same, in their order."""
    found: dict[int, list[Clause]] = {}
    for here_id, there in db.session.execute(_COUNTERPARTS, {"edition": edition_code}):
        found.setdefault(here_id, []).append(there)
    return found


def proposed(clause_ids: Collection[int], edition_code: str) -> frozenset[int]:
    """The auditable clauses of an edition that ask for much the same as these of other editions: a proposal only."""
    wanted = set(clause_ids)
    near = counterparts(edition_code)
    return frozenset(
        each.id for each in auditable(edition_code) if wanted & {there.id for there in near.get(each.id, ())}
    )


def clauses_by_id(ids: Collection[int]) -> dict[int, Clause]:
    """Clauses by their id; unknown ids are left out."""
    found = select(Clause).where(Clause.id.in_(ids)).options(raiseload("*", sql_only=True))
    return {clause.id: clause for clause in db.session.scalars(found)}


def chapter_code() -> ColumnElement[str]:
    """The edition and the chapter of a clause that the statement around this names, as "9001:2015-08"."""
    # Written out, since PostgreSQL does not know two parameters for the same when it groups by this.
    chapter = func.substr(Clause.place, literal_column("1", Integer), literal_column("2", Integer))
    return Clause.edition_code.concat(literal_column("'-'", String)).concat(chapter)


def of_chapter(code: str | BindParameter[str]) -> ColumnElement[bool]:
    """That a clause belongs to the chapter with this code."""
    return chapter_code() == code


def chapters(codes: Collection[str]) -> dict[str, Clause]:
    """The chapters with these codes; a clause outside the numbered chapters has none."""
    found = select(chapter_code(), Clause).where(Clause.kind == "chapter", chapter_code().in_(codes))
    rows = db.session.execute(found.options(raiseload("*", sql_only=True)))
    return {row[0]: row[1] for row in rows}
