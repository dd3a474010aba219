"""A table pasted from a spreadsheet, or read from its file: its rows, and what is wrong in which of them.

All or nothing: one wrong row keeps the others waiting, so that nobody has to find out which of them are in already.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from typing import Any, Final, TypeVar

from qms.domain import words
from qms.domain.errors import N_, InvalidInput, RuleViolation

MOST_ROWS: Final = 500
LONGEST_CELL: Final = 200  # of one that only names something

Made = TypeVar("Made")


class Column(StrEnum):
    """What a column may tell."""

    SYMBOL = "symbol"
    NAME = "name"
    PART_OF = "part_of"
    PERSON = "person"
    EMAIL = "email"
    DEPARTMENT = "department"
    ROLES = "roles"


# How people head their columns, folded as `folded` does.
_HEADINGS: Final[Mapping[Column, frozenset[str]]] = {
    Column.SYMBOL: frozenset({"symbol", "skrot", "kod", "oznaczenie", "code"}),
    Column.NAME: frozenset({"nazwa", "nazwa komorki", "komorka organizacyjna", "name", "name of the department"}),
    Column.PERSON: frozenset({"imie i nazwisko", "nazwisko i imie", "osoba", "pracownik", "name", "person"})
    | {"first name and surname"},
    Column.PART_OF: frozenset({"czesc", "czesc komorki", "nadrzedna", "komorka nadrzedna", "podlega", "part of"}),
    Column.EMAIL: frozenset({"e-mail", "email", "mail", "adres e-mail", "adres email", "e-mail address"}),
    Column.DEPARTMENT: frozenset({"komorka", "symbol komorki", "wydzial", "dzial", "department", "unit"}),
    Column.ROLES: frozenset({"rola", "role", "funkcja", "stanowisko", "roles", "posts", "post"}),
}


@dataclass(frozen=True)
class Row:
    """One row of the table; `number` is what the spreadsheet shows beside it."""

    number: int
    cells: Mapping[Column, str]


@dataclass(frozen=True)
class Table:
    """The rows that hold anything, and the headings of columns nobody asks for."""

    rows: Sequence[Row]
    left_out: Sequence[str] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row, as a sentence with its parameters."""

    row: int
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


def read(text: str, columns: Sequence[Column]) -> Table:
    """The table of a text with tabs, semicolons or commas between its cells; `columns` is their order without headings.

    Raises `InvalidInput` for one without rows, with too many of them, or with headings that lack a needed column.
    """
    return table_of(_lines(text), columns)


def _lines(text: str) -> Iterator[list[str]]:
    separator = next((mark for mark in "\t;" if mark in text), ",")
    try:
        yield from csv.reader(StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=separator)
    except csv.Error as error:
        message = N_("This is not a table. Copy the cells in the spreadsheet and paste them here.")
        raise InvalidInput(message, field="pasted") from error


def table_of(lines: Iterable[Sequence[str]], columns: Sequence[Column]) -> Table:
    """The same of rows that were read from a file."""
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    headings = _headings(numbered[0][1], columns) if numbered else None
    body = numbered[1:] if headings else numbered
    if not body:
        raise InvalidInput(N_("There are no rows here yet. Paste at least one."), field="pasted")
    if len(body) > MOST_ROWS:
        message = N_("There are %(rows)s rows here, and at most %(most)s go at once. Paste them in parts.")
        raise InvalidInput(message, field="pasted", rows=len(body), most=MOST_ROWS)
    order: Sequence[Column | None] = headings or columns
    left_out = [cell.strip() for cell, column in zip(numbered[0][1], order, strict=False) if headings and not column]
    return Table([_row(number, line, order) for number, line in body], [each for each in left_out if each])


def _row(number: int, line: Sequence[str], order: Sequence[Column | None]) -> Row:
    told = {column: cell.strip() for column, cell in zip(order, line, strict=False) if column}
    return Row(number, {column: told.get(column, "") for column in Column if column in order})


def _headings(line: Sequence[str], columns: Sequence[Column]) -> list[Column | None] | None:
    """Which column is which; none where the first row holds no headings. Raises `InvalidInput` for lacking ones."""
    found = [_heading(cell, columns) for cell in line]
    if len([each for each in found if each]) < 2:  # noqa: PLR2004 - one word alike may be a name
        return None
    if any(found.count(column) > 1 for column in columns):
        raise InvalidInput(N_("Two columns have the same heading. Leave one of them and paste again."), field="pasted")
    needed = columns[:2]
    if not set(needed) <= set(found):
        message = N_("The headings lack a column that is needed. The order of columns is told above the field.")
        raise InvalidInput(message, field="pasted")
    return found


def _heading(cell: str, columns: Sequence[Column]) -> Column | None:
    heading = folded(cell)
    return next((column for column in columns if heading in _HEADINGS[column]), None)


_POLISH: Final = str.maketrans("ąćęłńóśźż", "acelnoszz")


def folded(text: str) -> str:
    """A heading or a role without what people write in different ways: capitals, Polish marks, blanks, a full stop."""
    return " ".join(text.casefold().translate(_POLISH).split()).strip(" .:*")


def gathered(table: Table, make: Callable[[Row], Made]) -> tuple[list[Made], list[Fault]]:
    """What each row makes, and what is wrong in those of which it refused to make anything."""
    found: list[Made] = []
    faults: list[Fault] = []
    for row in table.rows:
        try:
            found.append(make(row))
        except RuleViolation as refusal:
            faults.append(Fault(row.number, refusal.message, refusal.params))
    return found, faults


def cleaned(row: Row, column: Column, *, missing: str, longest: int) -> str:
    """The text of a cell as it is stored. Raises `InvalidInput`; `missing` is said of an empty one."""
    text = row.cells.get(column, "")
    if not text:
        raise InvalidInput(missing)
    if text.startswith("="):
        raise InvalidInput(N_("A formula stands here: %(formula)s. Paste its value."), formula=text[:40])
    return words.clean_line(text, longest)


def cleaned_if_any(row: Row, column: Column) -> str:
    """The same of a cell that may be empty, or left out."""
    return cleaned(row, column, missing="", longest=LONGEST_CELL) if row.cells.get(column) else ""
