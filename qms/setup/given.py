"""A spreadsheet given as a file, as the text that would have been pasted from it."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any, Final

from python_calamine import CalamineError, load_workbook

from qms.domain.errors import N_, InvalidInput

FIELD: Final = "sheet"
_MOST_UNPACKED: Final = 50_000_000  # bytes; a workbook of lists stays far below
_UNREADABLE: Final = N_("This file cannot be read as a spreadsheet. Save it as XLSX or CSV, or copy its cells.")
# What Polish offices save, by how sure one can be of it.
_ENCODINGS: Final = ("utf-8-sig", "cp1250")


def text_of(content: bytes) -> str:
    """The first sheet with tabs between its cells. Raises `InvalidInput` for what is no spreadsheet."""
    if content.startswith(b"PK"):
        return _pasted(_rows_of_workbook(content))
    return _decoded(content)


def _rows_of_workbook(content: bytes) -> Iterable[Sequence[Any]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise InvalidInput(N_("This file is too large. Copy only the cells that are needed."), field=FIELD)
        return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidInput(_UNREADABLE, field=FIELD) from error


def _pasted(rows: Iterable[Sequence[Any]]) -> str:
    into = StringIO()
    csv.writer(into, delimiter="\t", lineterminator="\n").writerows([_cell(value) for value in row] for row in rows)
    return into.getvalue()


def _cell(value: Any) -> str:  # noqa: ANN401 - what a cell of a workbook may hold
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(_UNREADABLE, field=FIELD)
