"""The qualification matrix as a sheet: one row a person and edition, so that it can be filtered."""

from collections.abc import Iterator
from datetime import date

from qms.admission import words
from qms.admission.matrix import Cell, matrix
from qms.core.i18n import said
from qms.domain.competence import Validity
from qms.domain.errors import N_
from qms.offices.models import Office
from qms.papers.sheet import Column, Sheet, Value


def sheet(office: Office, today: date) -> Sheet:
    """Every auditor of the office by every edition."""
    return Sheet(
        name=said(N_("Qualifications")),
        columns=[
            Column(said(N_("Person")), 32),
            Column(said(N_("Appointed until")), 16),
            Column(said(N_("Edition")), 16),
            Column(said(N_("Qualified")), 14),
            Column(said(N_("Valid until")), 16),
            Column(said(N_("What is missing")), 60),
            Column(said(N_("What is missing to lead")), 60),
        ],
        rows=_rows(office, today),
        about_name=said(N_("About this list")),
        about=[(said(N_("Office")), office.name), (said(N_("As of")), today)],
    )


def _rows(office: Office, today: date) -> Iterator[list[Value]]:
    shown = matrix(office.id, today)
    for row in shown.rows:
        for edition, cell in zip(shown.editions, row.cells, strict=True):
            yield [row.person.name, row.appointed_until, f"ISO {edition}", *_values(cell)]


def _values(cell: Cell) -> list[Value]:
    missing = said(cell.shortcoming.message, **cell.shortcoming.params) if cell.shortcoming else words.lines(cell.lacks)
    is_qualified = said(N_("Yes") if cell.is_qualified else N_("No"))
    return [is_qualified, cell.until or _end(cell), missing, words.lines(cell.lead_lacks)]


def _end(cell: Cell) -> str | None:
    ends = {Validity.NONE: N_("without end"), Validity.UNKNOWN: N_("unknown")}
    return said(ends[cell.validity]) if cell.validity in ends else None
