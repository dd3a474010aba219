"""What stands in a sheet, read as a spreadsheet would."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

from werkzeug.test import TestResponse

_NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def csv_rows(answer: TestResponse) -> list[list[str]]:
    """The rows of a CSV file with its headings."""
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def xlsx_cells(answer: TestResponse, page: int = 1) -> list[list[ET.Element]]:
    """The cells of one page of a workbook, a list for each row."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        found = ET.fromstring(book.read(f"xl/worksheets/sheet{page}.xml"))  # noqa: S314 - the product wrote it
    return [row.findall("x:c", _NAMES) for row in found.iter(f"{{{_NAMES['x']}}}row")]


def text_of(cell: ET.Element) -> str:
    """What a cell shows, its kind aside."""
    return "".join(cell.itertext())


def has_formula(cell: ET.Element) -> bool:
    """Whether a spreadsheet would reckon the cell out."""
    return cell.find("x:f", _NAMES) is not None
