"""What a Word document may hold to be filled in here: text, pictures and styles; nothing that runs or calls outside.

Works in a child process: the document comes from outside, and is unpacked here for the first time.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from lxml import etree

_MOST_ENTRIES: Final = 500
_MOST_BYTES: Final = 50 << 20  # unpacked, all together
_HIGHEST_RATIO: Final = 200  # of an entry that is large when unpacked
_LARGE: Final = 1 << 20
_NEEDED: Final = frozenset({"[Content_Types].xml", "word/document.xml"})
_RUNS: Final = ("vbaproject", "activex", "vbadata")
_EMBEDDED: Final = ("word/embeddings/", "word/afchunk")
_HYPERLINK: Final = "/hyperlink"  # the end of its kind: a link is only followed by who clicks it
_HARMLESS: Final = frozenset({"http", "https", "mailto"})


class Refused(Exception):
    """The document is not taken; `code` says why, `params` what of it."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def check_document(content: bytes) -> None:
    """Raises `Refused` for what is no Word document, too large when unpacked, or able to run or to call outside."""
    if not is_zipfile(BytesIO(content)):
        raise Refused("not_word")
    try:
        with ZipFile(BytesIO(content)) as package:
            _check_entries(package.infolist())
            for name, root in _parts(package):
                _check_part(name, root)
    except (BadZipFile, RuntimeError, NotImplementedError, etree.XMLSyntaxError, UnicodeError) as error:
        raise Refused("not_word") from error  # broken, encrypted, or packed in a way Word does not


def _check_entries(entries: list[ZipInfo]) -> None:
    names = [entry.filename.lower() for entry in entries]
    if not {each.lower() for each in _NEEDED} <= set(names) or len(set(names)) < len(names):
        raise Refused("not_word")
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise Refused("too_large")
    if any(entry.file_size > max(_LARGE, _HIGHEST_RATIO * entry.compress_size) for entry in entries):
        raise Refused("too_large")
    if any(mark in name for name in names for mark in _RUNS):
        raise Refused("macros")
    if any(name.startswith(_EMBEDDED) for name in names):
        raise Refused("embedded")


def _parts(package: ZipFile) -> Iterator[tuple[str, Any]]:
    """Each XML part, parsed so that no entity is followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for entry in package.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            yield entry.filename, etree.fromstring(package.read(entry), parser)


def _check_part(name: str, root: Any) -> None:  # noqa: ANN401 - an element; the library gives no types
    if root.getroottree().docinfo.doctype:
        raise Refused("not_word")
    if name == "[Content_Types].xml" and any("macroenabled" in str(each.get("ContentType")).lower() for each in root):
        raise Refused("macros")
    if name.endswith(".rels"):
        for link in root:
            _check_link(link)


def _check_link(link: Any) -> None:  # noqa: ANN401 - an element
    if link.get("TargetMode") != "External":
        return
    is_link = str(link.get("Type")).endswith(_HYPERLINK)
    if not is_link or urlsplit(str(link.get("Target"))).scheme.lower() not in _HARMLESS:
        raise Refused("outside", target=str(link.get("Target"))[:120])
