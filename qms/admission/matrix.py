"""The qualification matrix: the auditors of an office by editions, who will not be qualified in half a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.admission import queries
from qms.admission.queries import Candidate, Rules
from qms.domain.admission import Line
from qms.domain.calendar import add_months
from qms.domain.competence import AuditorRole, Qualification, Validity
from qms.domain.errors import Notice
from qms.people import queries as people
from qms.people.models import Person
from qms.standards import queries as standards

AHEAD_MONTHS: Final = 6
# Nobody audits their own work, so one auditor leaves their own unit without any.
NEEDED: Final = 2


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How a person stands by an edition today: what is missing, or until when they are qualified."""

    shortcoming: Notice | None
    lacks: Sequence[Line]
    lead_lacks: Sequence[Line]
    validity: Validity | None = None
    until: date | None = None
    ends_soon: bool = False
    """Qualified today, and not in half a year."""

    @property
    def is_qualified(self) -> bool:
        return self.shortcoming is None and not self.lacks


@dataclass(frozen=True)
class Row:
    person: Person
    appointed_until: date | None
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    """People by editions; the first edition is the newest in use."""

    editions: Sequence[str]
    rows: Sequence[Row]

    def qualified(self) -> list[tuple[str, int, int]]:
        """By edition, how many are qualified today and how many of them still will be in half a year."""
        columns = zip(*(row.cells for row in self.rows), strict=True) if self.rows else ((),) * len(self.editions)
        return [
            (edition, sum(cell.is_qualified for cell in column), sum(_stays(cell) for cell in column))
            for edition, column in zip(self.editions, columns, strict=True)
        ]

    @property
    def ending(self) -> list[tuple[Person, str]]:
        """Who is qualified by which edition today and will not be in half a year."""
        return [
            (row.person, edition)
            for row in self.rows
            for edition, cell in zip(self.editions, row.cells, strict=True)
            if cell.ends_soon
        ]


def _stays(cell: Cell) -> bool:
    return cell.is_qualified and not cell.ends_soon


def matrix(office_id: int, today: date) -> Matrix:
    """Of everybody appointed as an auditor today, in as many statements for any number of them."""
    auditors = people.auditors_of(office_id, today)
    found = queries.candidates(office_id, [each.id for each in auditors])
    rules = queries.rules(office_id)
    used = {each.edition for candidate in found.values() for each in candidate.qualifications}
    known = (each for each in standards.editions() if each.exclusion_rule)
    editions = [each.code for each in known if each.status != "historical" or each.code in used]
    return Matrix(editions, [_row(each, found[each.id], rules, editions=editions, today=today) for each in auditors])


def _row(person: Person, candidate: Candidate, rules: Rules, *, editions: Sequence[str], today: date) -> Row:
    appointment = candidate.appointment(today)
    cells = [_cell(candidate, rules, edition, today=today) for edition in editions]
    return Row(person, appointment.to_on if appointment else None, cells)


def _cell(candidate: Candidate, rules: Rules, edition: str, *, today: date) -> Cell:
    now = _standing(candidate, rules, edition, on=today)
    later = _standing(candidate, rules, edition, on=add_months(today, AHEAD_MONTHS))
    validity, until = _validity(candidate.qualifications, edition, today)
    return Cell(
        shortcoming=now[0],
        lacks=now[1],
        lead_lacks=candidate.lacks(rules, AuditorRole.LEAD, on=today, edition=edition),
        validity=validity,
        until=until,
        ends_soon=not any(now) and any(later),
    )


def _standing(candidate: Candidate, rules: Rules, edition: str, *, on: date) -> tuple[Notice | None, list[Line]]:
    return candidate.shortcoming(on, edition), candidate.lacks(rules, AuditorRole.AUDITOR, on=on, edition=edition)


def _validity(held: Sequence[Qualification], edition: str, on: date) -> tuple[Validity | None, date | None]:
    """Of the certificates that count the best: one without end, else the one that ends last, else of unknown end."""
    supporting = [each for each in held if each.supports(AuditorRole.AUDITOR, on, edition)]
    if any(each.validity is Validity.NONE for each in supporting):
        return Validity.NONE, None
    if ends := [each.valid_until for each in supporting if each.valid_until]:
        return Validity.UNTIL, max(ends)
    return (Validity.UNKNOWN, None) if supporting else (None, None)
