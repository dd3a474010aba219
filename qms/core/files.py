"""The file store: content under random names outside the web root, one row with its hash.

The content is written and synced before its row commits, so an acknowledged row always has its file; a
crash in between leaves a file without a row, which `sweep` removes.
"""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import filetype
from flask import Response, current_app, send_file
from PIL import Image, ImageOps
from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from qms.core import clock
from qms.core.db import EVERY_OFFICE, Model, OfficeOwned, UTCDateTime, db, owned, scoped
from qms.core.trail import Trailed
from qms.domain.errors import N_, InvalidInput
from qms.domain.files import FIELD, FileKind, check_file, display_name

_PIXELS: Final = 50_000_000
_SMALL: Final = (480, 480)  # pixels
# What Pillow raises over a damaged picture, its damaged metadata included.
_DAMAGED: Final = (Image.DecompressionBombError, OSError, SyntaxError, TypeError, ValueError)
# What the reader of archives raises over a damaged one.
_NOT_AN_ARCHIVE: Final = (zipfile.BadZipFile, NotImplementedError, OSError, ValueError)
_ORPHAN_AGE: Final = timedelta(days=1)


class StoredFile(OfficeOwned, Trailed, Model):
    """A file as it was given, named by its giver, kept under a random name."""

    __tablename__ = "stored_file"
    __table_args__ = owned()

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(80), unique=True)
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime)


def folder() -> Path:
    """Where the contents lie."""
    return Path(current_app.config["FILES"])


def store(stream: IO[bytes], name: str, *, office_id: int, longest_side: int | None = None) -> StoredFile:
    """Check a given file, write it safely and return its row, not yet flushed.

    A picture larger than `longest_side`, in pixels, is made that small.
    Raises `InvalidInput` for a forbidden kind, a wrong content, an empty or too large file.
    """
    content = stream.read(current_app.config["UPLOAD_LIMIT"] + 1)
    kind = _kind_of(content, name)
    if kind in {FileKind.JPEG, FileKind.PNG}:
        content = _without_location(content, longest_side)
    place = f"{office_id}/{secrets.token_hex(16)}"
    _write(folder() / place, content)
    return StoredFile(
        office_id=office_id,
        name=display_name(name),
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        place=place,
        stored_at=clock.now(),
    )


def _kind_of(content: bytes, name: str) -> FileKind:
    return check_file(
        name,
        len(content),
        content[:8192],
        detected=filetype.guess_extension(content[:8192]),
        entries=_entries(content),
        limit=current_app.config["UPLOAD_LIMIT"],
    )


def _entries(content: bytes) -> list[str]:
    """The names inside an archive, nothing of which is unpacked; none for any other file."""
    if not content.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.namelist()
    except _NOT_AN_ARCHIVE:
        return []


def _without_location(content: bytes, longest_side: int | None) -> bytes:
    """Photos tell where they were taken: personal data nobody asked for. They are turned as the camera was held."""
    try:
        with Image.open(BytesIO(content)) as image:
            if image.width * image.height > _PIXELS:
                raise InvalidInput(N_("The picture is too large. Make it smaller and add it again."), field=FIELD)
            side = min(longest_side or max(image.size), max(image.size))
            if not image.getexif() and side == max(image.size):
                return content
            kept = ImageOps.exif_transpose(image)
            kept.thumbnail((side, side))
            out = BytesIO()
            kept.save(out, format=image.format, quality=92)
            return out.getvalue()
    except _DAMAGED as error:
        raise InvalidInput(N_("This picture cannot be opened. Save it again and add it."), field=FIELD) from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def path_of(file: StoredFile) -> Path:
    """Where the content of a row lies."""
    return folder() / file.place


def sent(file: StoredFile) -> Response:
    """The answer that brings a file: never shown inside the register, and even opened in place it may run nothing."""
    response = send_file(
        path_of(file),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=file.name,
        etag=False,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_picture(file: StoredFile) -> bool:
    """Whether it can be shown small."""
    return file.kind in {FileKind.JPEG, FileKind.PNG}


def sent_small(file: StoredFile) -> Response | None:
    """The answer that shows a picture, drawn anew so that nothing of the file itself reaches a page; none else."""
    if not is_picture(file):
        return None
    try:
        with Image.open(path_of(file)) as image:
            image.draft("RGB", _SMALL)  # a large photo is read at a fraction of its size
            image.thumbnail(_SMALL)
            out = BytesIO()
            image.convert("RGB").save(out, format="JPEG", quality=80)
    except _DAMAGED:
        return None
    response = Response(out.getvalue(), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def is_whole(file: StoredFile) -> bool:
    """Whether the content still has the hash it was stored with."""
    path = path_of(file)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256


def sweep() -> int:
    """Remove contents older than a day that no row names; return how many."""
    removed = 0
    with scoped(EVERY_OFFICE):
        for path in _old_contents():
            place = str(path.relative_to(folder()))
            if db.session.scalar(select(StoredFile.id).where(StoredFile.place == place)) is None:
                path.unlink()
                removed += 1
    return removed


def _old_contents() -> Iterator[Path]:
    limit = (clock.now() - _ORPHAN_AGE).timestamp()
    return (path for path in folder().glob("*/*") if path.is_file() and path.stat().st_mtime < limit)
