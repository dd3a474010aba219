"""The local mailbox: where letters go while no mail server is set, and a page to read them.

On loopback only: whoever sits at this computer may read them, nobody else. A register that has a public address
shows it to nobody, since the visitors a reverse proxy brings may all seem to come from this computer.
"""

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast

from flask import Blueprint, abort, current_app, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from qms.auth.code_fates import Fate, fates
from qms.core.access import public
from qms.core.paging import PER_PAGE, start
from qms.core.visitors import reads_the_mailbox
from qms.reminders.pages import where

bp = Blueprint("mailbox", __name__)

_CODE: Final = re.compile(r"^\s*([0-9]{6})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Attached:
    """A file of a letter."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class LocalLetter:
    """A letter as the page shows it."""

    name: str
    to: str
    subject: str
    sent_at: datetime
    text: str
    files: tuple[Attached, ...]

    @property
    def code(self) -> str:
        """The sign-in code in the letter, if it holds one."""
        found = _CODE.search(self.text)
        return found[1] if found else ""

    @property
    def address(self) -> str:
        """Where it went, without the name."""
        return parseaddr(self.to)[1]


@bp.get("/poczta")
@public("loopback only, and only while no mail server is set")
def index() -> ResponseReturnValue:
    """The letters of this computer, the newest first."""
    _refuse_strangers()
    box = _box()
    names = sorted(box.iterkeys(), key=_came_at, reverse=True) if box is not None else []
    shown = where(len(names), lambda number: url_for("mailbox.index", strona=number))
    letters = [_read(box, name) for name in names[start(shown["number"]) :][:PER_PAGE]] if box is not None else []
    letters.sort(key=lambda letter: letter.sent_at, reverse=True)
    return render_template("mailbox/index.html", letters=letters, fates=_fates(letters), where=shown)


@bp.get("/poczta/<name>")
@public("loopback only, and only while no mail server is set")
def letter(name: str) -> ResponseReturnValue:
    """One letter."""
    found = _one(name)
    pieces = list(_pieces(found.text, current_app.config["BASE_URL"]))
    return render_template("mailbox/letter.html", letter=found, pieces=pieces, fates=_fates([found]))


@bp.get("/poczta/<name>/<int:place>")
@public("loopback only, and only while no mail server is set")
def attachment(name: str, place: int) -> ResponseReturnValue:
    """A file of a letter, counted from one; always saved, never shown, whatever it says it is."""
    files = _one(name).files
    if not 1 <= place <= len(files):
        abort(404)
    found = files[place - 1]
    options: dict[str, Any] = {"mimetype": found.kind, "as_attachment": True, "download_name": found.name}
    return send_file(BytesIO(found.content), **options)


def _one(name: str) -> LocalLetter:
    _refuse_strangers()
    box = _box()
    if box is None or name not in set(box.iterkeys()):
        abort(404)
    return _read(box, name)


def _fates(letters: list[LocalLetter]) -> dict[tuple[str, str], Fate]:
    """By address and code, so that a code of yesterday does not look as good as a new one."""
    return fates({(letter.address, letter.code) for letter in letters if letter.code})


def _refuse_strangers() -> None:
    if not reads_the_mailbox():
        abort(404)


def _box() -> "mailbox.Maildir | None":
    """The mailbox, unless no letter was ever put into it."""
    folder = Path(current_app.config["MAILBOX"])
    return mailbox.Maildir(folder, factory=None, create=False) if (folder / "new").is_dir() else None


def _came_at(key: str) -> list[int]:
    """The second and the microsecond with which Python's mailboxes begin a key, the latter without leading zeros."""
    return [int(number) for number in re.findall(r"[0-9]+", key)[:2]]


def _read(box: "mailbox.Maildir", key: str) -> LocalLetter:
    message = message_from_bytes(box.get_bytes(key), policy=default)
    body = message.get_body(("plain",))
    return LocalLetter(
        name=key,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content() if body else "",
        files=tuple(_files(message)),
    )


def _files(message: EmailMessage) -> Iterator[Attached]:
    for part in message.iter_attachments():
        content = cast("bytes", part.get_payload(decode=True))
        yield Attached(part.get_filename() or "?", part.get_content_type(), content)


def _pieces(text: str, site: str) -> Iterator[tuple[str, str]]:
    """The text cut at the addresses of this site: each piece with its path, which is empty for plain text."""
    for piece in re.split(rf"({re.escape(site)}/[^\s<>\"]*)", text):
        yield piece, piece.removeprefix(site) if piece.startswith(f"{site}/") else ""
