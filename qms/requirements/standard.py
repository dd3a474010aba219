"""An edition of the standard as one office has it: its clauses, what they ask for and whether they apply."""

from dataclasses import dataclass
from datetime import date

from qms.domain import editions
from qms.domain.editions import Papers
from qms.domain.standing import Concern
from qms.offices.models import Office
from qms.requirements import queries
from qms.standards import queries as standards
from qms.standards.models import Clause, Edition


@dataclass(frozen=True)
class OfficeEdition:
    """An edition looked at from an office."""

    office: Office
    edition: Edition

    @property
    def concern(self) -> Concern:
        """What of it matters to access."""
        return Concern(office_id=self.office.id, is_shared=self.office.shares_content)


@dataclass(frozen=True)
class Line:
    """A clause; `why_excluded` is the office's justification of the day, empty where it applies."""

    clause: Clause
    papers: Papers
    why_excluded: str
    counterparts: tuple[Clause, ...]


@dataclass(frozen=True)
class Shown:
    """An edition with its clauses by chapter; what the office has to have written, and what the edition asks of all."""

    edition: Edition
    chapters: list[tuple[Clause | None, list[Line]]]
    required: Papers
    required_of_all: Papers


def edition_by_key(office: Office, edition: str) -> OfficeEdition | None:
    """An edition that has clauses, by the key of an address."""
    found = next((each for each in standards.editions() if each.key == edition), None)
    return OfficeEdition(office, found) if found else None


def in_force() -> Edition:
    """The edition that is shown when none is asked for."""
    known = standards.editions()
    return next((each for each in known if each.status == "current"), known[0])


def shown(office: Office, edition: Edition, on: date) -> Shown:
    """The edition as the office has it on a day, in as many statements for any edition."""
    excluded = queries.excluded(office.id, edition.code, on)
    near = standards.counterparts(edition.code)
    chapters: list[tuple[Clause | None, list[Line]]] = []
    clauses = standards.clauses(edition.code)
    for clause in clauses:
        if clause.kind == editions.NodeKind.CHAPTER:
            chapters.append((clause, []))
            continue
        if not chapters:
            chapters.append((None, []))
        why = editions.why_excluded(clause.number, excluded)
        chapters[-1][1].append(Line(clause, clause.papers, why, tuple(near.get(clause.id, ()))))
    papers = [clause.papers for clause in clauses]
    return Shown(edition, chapters, editions.required(papers, excluded), editions.required(papers))
