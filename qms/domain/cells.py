"""Texts in cells of sheets: what a spreadsheet would run or cannot hold is made harmless.

Source of the list of beginnings: OWASP, "CSV Injection".
"""

import re
from typing import Final

LONGEST: Final = 32_767  # characters of one cell, the limit of the format
# The full-width signs are read as the plain ones by spreadsheets set to some languages.
_COMES_ALIVE: Final = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    r"""The text without characters that no sheet can hold, each one a space, and no longer than a cell.

    >>> cleaned("a\x07b\r\nc")
    'a b\nc'
    """
    return _UNWRITABLE.sub(" ", text.replace("\r\n", "\n"))[:LONGEST]


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever would make a spreadsheet reckon it out.

    >>> harmless("=1+1"), harmless("10 - 2")
    ("'=1+1", '10 - 2')
    """
    whole = cleaned(text)
    return f"'{whole}"[:LONGEST] if _COMES_ALIVE.match(text) else whole
