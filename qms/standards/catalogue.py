"""Loading the shipped catalogue: editions, clauses and the mapping between editions are data."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.domain.editions import NodeKind
from qms.standards.models import Clause, ClauseMapping, Edition

SHIPPED: Final = resources.files("qms.standards") / "data"


def load(folder: Traversable = SHIPPED) -> int:
    """Bring the database's catalogue to that of a folder; return how many rows were new or changed.

    A clause is known by edition and number, so loading twice adds nothing and keys stay.
    """
    changed = sum(_put_edition(row) for row in _rows(folder / "editions.csv"))
    db.session.flush()
    known = {(clause.edition_code, clause.number): clause for clause in db.session.scalars(select(Clause))}
    changed += sum(_put_clause(row, known) for row in _rows(folder / "clauses.csv"))
    db.session.flush()
    return changed + sum(_put_mapping(row, known) for row in _rows(folder / "mapping.csv"))


def _rows(path: Traversable) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _put_edition(row: dict[str, str]) -> bool:
    edition = db.session.get(Edition, row["code"]) or Edition(code=row["code"])
    edition.title_en, edition.title_pl, edition.pn = row["title_en"], row["title_pl"], row["pn"]
    edition.published_on, edition.transition_from = _day(row["published"]), _day(row["transition_from"])
    edition.audits_until, edition.certificates_until = _day(row["audits_until"]), _day(row["certificates_until"])
    edition.status, edition.exclusion_rule = row["status"], row["exclusion_rule"]
    db.session.add(edition)
    return edition in db.session.new or db.session.is_modified(edition)


def _put_clause(row: dict[str, str], known: dict[tuple[str, str], Clause]) -> bool:
    address = (row["edition"], row["number"])
    clause = known.setdefault(address, Clause(edition_code=row["edition"], number=row["number"]))
    clause.kind, clause.parent_number = row["kind"], row["parent"]
    titled = _titled(clause, known)
    clause.title_en, clause.title_pl = row["title_en"] or titled.title_en, row["title_pl"] or titled.title_pl
    clause.excludable = row["excludable"]
    clause.documented_procedure = row["documented_procedure"] == "1"
    clause.records, clause.maintain = int(row["records"]), int(row["maintain"])
    clause.proxys = row["proxys"] == "1"
    clause.question_pl, clause.question_en = row["question_pl"], row["question_en"]
    clause.place = ".".join(f"{int(part):02}" for part in row["number"].split("."))
    db.session.add(clause)
    return clause in db.session.new or db.session.is_modified(clause)


def _titled(clause: Clause, known: dict[tuple[str, str], Clause]) -> Clause:
    """Where its title stands: a part has none in the standard, and says little without that of its clause."""
    return known[clause.edition_code, clause.parent_number] if clause.kind == NodeKind.PART else clause


def _put_mapping(row: dict[str, str], known: dict[tuple[str, str], Clause]) -> bool:
    ends = (known[row["from_edition"], row["from_number"]].id, known[row["to_edition"], row["to_number"]].id)
    if db.session.get(ClauseMapping, ends):
        return False
    db.session.add(ClauseMapping(from_id=ends[0], to_id=ends[1], note=row["note"]))
    return True
