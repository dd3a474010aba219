"""Which files may be attached, and under what name they are shown.

The name is for people only: files are stored under a random one. What a file is, is decided by its content and its
extension together, and both must agree.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import PurePosixPath

from qms.domain.errors import N_, InvalidInput
from qms.domain.words import INVISIBLE, NEVER_STORED, NOT_IN_A_LINE, clean_line

DEFAULT_LIMIT = 10 * 1024 * 1024
LONGEST_NAME_BYTES = 200
LONGEST_TYPED_NAME = 1000
FIELD = "files"  # of every form that takes them


class FileKind(StrEnum):
    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"
    TXT = "txt"
    CSV = "csv"


EXTENSIONS: dict[str, FileKind] = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPEG}
TEXT_KINDS = frozenset({FileKind.TXT, FileKind.CSV})
ZIPPED_KINDS = frozenset({FileKind.DOCX, FileKind.XLSX, FileKind.ODT, FileKind.ODS})

# Some programs number the main part of a document, so that its folder alone is sure.
_PARTS: dict[FileKind, tuple[str, ...]] = {
    FileKind.DOCX: ("[Content_Types].xml", "word/"),
    FileKind.XLSX: ("[Content_Types].xml", "xl/"),
    FileKind.ODT: ("mimetype", "content.xml"),
    FileKind.ODS: ("mimetype", "content.xml"),
}

# Text marks its end with none of these; a text file that holds one is something else under a false name.
NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def display_name(name: str) -> str:
    """The file's name as shown and downloaded: no folders, no tricks with reading order, at most 200 bytes."""
    if NEVER_STORED.search(name) or NOT_IN_A_LINE.search(name):
        message = N_("The name of this file holds characters that cannot be shown. Rename the file and add it again.")
        raise InvalidInput(message, field=FIELD)
    bare = re.split(r"[/\\]", name.translate(INVISIBLE))[-1].strip().rstrip(". ")
    if not bare or bare.startswith("."):
        raise InvalidInput(N_("This file has no name. Rename the file and add it again."), field=FIELD)
    return _shortened(clean_line(bare, LONGEST_TYPED_NAME, field=FIELD))


def _shortened(name: str) -> str:
    path = PurePosixPath(name)
    room = LONGEST_NAME_BYTES - len(path.suffix.encode())
    if room <= 0:
        return name.encode()[:LONGEST_NAME_BYTES].decode(errors="ignore")
    return path.stem.encode()[:room].decode(errors="ignore") + path.suffix


def check_file(
    name: str,
    size: int,
    head: bytes,
    *,
    detected: str | None,
    entries: Collection[str] = (),
    limit: int = DEFAULT_LIMIT,
) -> FileKind:
    """The kind of the file, or a refusal.

    `head` is its beginning; `detected` is the extension that its content looks like, or None when it looks like none;
    `entries` are the names inside it, when it is an archive that can be opened.
    """
    if size == 0 or not head:
        raise InvalidInput(N_("This file is empty. Choose another one."), field=FIELD)
    if size > limit:
        message = N_("This file is too large. Choose one of at most %(megabytes)s MB.")
        raise InvalidInput(message, field=FIELD, megabytes=limit // (1024 * 1024))
    kind = _kind_by_name(display_name(name))
    if not _agrees(kind, head, detected) or not _holds_parts(kind, entries):
        message = N_("The content of this file is not what its name says. Save it again as %(kind)s and add it.")
        raise InvalidInput(message, field=FIELD, kind=kind.value.upper())
    return kind


def _kind_by_name(name: str) -> FileKind:
    kind = EXTENSIONS.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if kind is None:
        message = N_("Files of this kind cannot be added. Choose one of: %(kinds)s.")
        raise InvalidInput(message, field=FIELD, kinds=", ".join(EXTENSIONS))
    return kind


def _agrees(kind: FileKind, head: bytes, detected: str | None) -> bool:
    if kind in TEXT_KINDS:
        return detected is None and not NOT_IN_TEXT.search(head)
    found = EXTENSIONS.get(detected or "")
    # An office document is a zip archive, and not every program writes it so that its own kind can be told.
    return found is kind or (kind in ZIPPED_KINDS and detected == "zip")


def _holds_parts(kind: FileKind, entries: Collection[str]) -> bool:
    return all(any(entry.startswith(part) for entry in entries) for part in _PARTS.get(kind, ()))
