"""Lists as sheets: for Excel as it is set up in Poland, and as plain text with semicolons."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qms.domain.cells import cleaned, harmless

Value = str | int | date | None
_DAY_FORMAT: Final = "yyyy-mm-dd"  # stored as a day; shown so that it reads alike in any language
_PLAIN: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_NAME_LIMIT: Final = 31  # characters of a tab's name
_NOT_IN_NAMES: Final = str.maketrans("[]:*?/\\'", "        ")


@dataclass(frozen=True)
class Column:
    """A column by its heading; `width` in characters."""

    heading: str
    width: int = 14


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A list: its columns, and its rows as they are read. `about` says in lines what it is a list of."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    about_name: str
    about: Sequence[tuple[str, Value]] = field(default_factory=tuple)


def write_csv(sheet: Sheet, into: IO[bytes]) -> None:
    """As Polish Excel opens it by a double click: marked as UTF-8, semicolons, days as 2026-11-23."""
    text = TextIOWrapper(into, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow([harmless(column.heading) for column in sheet.columns])
    lines.writerows([_in_text(value) for value in row] for row in sheet.rows)
    text.flush()
    text.detach()


def _in_text(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def write_xlsx(sheet: Sheet, into: IO[bytes], *, made_at: datetime) -> None:
    """A workbook whose rows are written as they come, so that it needs little memory however long it is."""
    book = xlsxwriter.Workbook(into, _PLAIN)
    book.set_properties({"title": sheet.name, "created": made_at.replace(tzinfo=None)})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": _DAY_FORMAT, "align": "left"})
    page = book.add_worksheet(_tab(sheet.name))
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, cleaned(column.heading), bold)
    count = 0
    for count, row in enumerate(sheet.rows, start=1):
        _write_row(page, count, row, day=day)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, count, len(sheet.columns) - 1)
    _write_about(book.add_worksheet(_tab(sheet.about_name)), sheet.about, bold=bold, day=day)
    book.close()


def _write_about(page: Worksheet, about: Sequence[tuple[str, Value]], *, bold: Format, day: Format) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 80)
    for number, (name, value) in enumerate(about):
        page.write_string(number, 0, cleaned(name), bold)
        _write(page, number, 1, value, day)


def _write_row(page: Worksheet, number: int, row: Sequence[Value], *, day: Format) -> None:
    for place, value in enumerate(row):
        _write(page, number, place, value, day)


def _write(page: Worksheet, row: int, place: int, value: Value, day: Format) -> None:  # noqa: PLR0917 - as the library
    """Each value by the writer of its kind: none of them makes a formula or a link of a text."""
    if isinstance(value, str):
        page.write_string(row, place, cleaned(value))
    elif isinstance(value, date):
        page.write_datetime(row, place, value, day)
    elif value is not None:
        page.write_number(row, place, value)


def _tab(name: str) -> str:
    return cleaned(name).translate(_NOT_IN_NAMES).strip()[:_NAME_LIMIT]
