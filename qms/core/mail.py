"""A letter as an e-mail message, and the local mailbox that stands in for a mail server.

Headers follow RFC 3834 (nobody's autoresponder answers us), RFC 2919 (one list per office), RFC 8058 (one press to
stop letters that come by themselves) and keep one Message-ID and Date over all tries, so that a receiver may drop a
copy.
"""

import hashlib
import hmac
import mailbox
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Protocol

_LONGEST_LINE: Final = 76


class _Policy(EmailPolicy):
    """Plain headers are written as they are, when they fit one line or cannot be folded.

    To fold takes longer than all the rest, and the library would encode a long address, which no program knows then.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header as it goes over the wire."""
        line = f"{name}: {value}"
        is_plain = line.isascii() and line.isprintable() and "=?" not in line
        if is_plain and (len(line) <= _LONGEST_LINE or " " not in value):
            return f"{line}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY: Final = _Policy(linesep="\r\n", cte_type="7bit")
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_UNSENDABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_HEADER: Final = 200
CALENDAR_NAME: Final = "termin.ics"


class NotSent(Exception):
    """The letter did not leave, or nobody knows; the text is the server's reason."""


class NotNow(NotSent):
    """The server refused this letter for the moment."""


class Never(NotSent):
    """The server refused this letter for good."""


class InDoubt(NotSent):
    """The connection broke after the whole letter was handed over and before the server said that it took it."""


class Unavailable(NotSent):
    """No letter can be sent: no connection, no encryption or no sign-in. `is_refused` when the server said so."""

    def __init__(self, reason: str, *, is_refused: bool = False) -> None:
        super().__init__(reason)
        self.is_refused = is_refused


class Transport(Protocol):
    """A way for letters to leave."""

    def open(self) -> None:
        """Get ready to send. Raises `Unavailable`."""

    def send(self, recipient: str, message: bytes) -> None:
        """Hand one letter over to one recipient. Raises a `NotSent`."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What stands around the words of a letter."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    reply_to: tuple[str, str] | None  # name and address
    list_id: str
    reason: str
    language: str
    message_id: str
    thread_id: str | None
    tried_at: datetime
    give_up_url: str | None = None
    """Where the reader stops letters of this kind with one press of a button of their mail program."""


def build(envelope: Envelope, *, subject: str, text: str, html: str, calendar: bytes | None = None) -> bytes:
    """The message as it goes over the wire, the same bytes at every try.

    `calendar` is attached for the reader's own calendar. Raises `ValueError` when an address cannot be written into a
    header.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(clean_header(envelope.sender_name), addr_spec=envelope.sender)
    message["To"] = Address(clean_header(envelope.recipient_name), addr_spec=envelope.recipient)
    message["Subject"] = clean_header(subject)
    message["Date"] = format_datetime(envelope.tried_at)
    message["Message-ID"] = envelope.message_id
    message["List-Id"] = f"<{envelope.list_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Rejestr-Powod"] = envelope.reason
    message["Content-Language"] = envelope.language
    _add_optional(message, envelope)
    message.set_content(printable(text))
    message.add_alternative(printable(html), subtype="html")
    if calendar is not None:
        how = {"charset": "utf-8", "method": "PUBLISH"}
        message.add_attachment(calendar, "text", "calendar", filename=CALENDAR_NAME, params=how)
    _set_boundaries(message)
    return message.as_bytes()


def _set_boundaries(message: EmailMessage) -> None:
    """They would be made by chance, another at every try."""
    mark = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:32]
    for depth, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"={mark}={depth}=")


def _add_optional(message: EmailMessage, envelope: Envelope) -> None:
    if envelope.reply_to is not None:
        name, address = envelope.reply_to
        message["Reply-To"] = Address(clean_header(name), addr_spec=address)
    if envelope.thread_id is not None:
        message["References"] = envelope.thread_id
    if envelope.give_up_url is not None:
        message["List-Unsubscribe"] = f"<{envelope.give_up_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def clean_header(text: str, *, longest: int = _LONGEST_HEADER) -> str:
    """Text that can stand in one header line, whatever was typed into a title."""
    shown = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def printable(text: str) -> str:
    """The text without what no letter can carry; nothing we store holds it, but the queue must not stop on it."""
    return _UNSENDABLE.sub("?", text)


def stable_id(key: bytes, name: str, domain: str) -> str:
    """A Message-ID that says nothing, yet is the same whenever it is made for the same name."""
    seal = hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:32]
    return f"<v1.{seal}@{domain}>"


def domain_of(address: str) -> str:
    """What stands behind the @."""
    return address.rpartition("@")[2]


class MailboxTransport:
    """Letters kept in a folder on this machine, while no mail server is set."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> None:
        """Make the folder where there is none."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self._path, create=True)
        except OSError as error:
            raise Unavailable(f"the local mailbox cannot be written: {error.strerror}") from error

    def send(self, recipient: str, message: bytes) -> None:
        """Write the letter to disk; a crash leaves either all of it or nothing."""
        try:
            mailbox.Maildir(self._path).add(b"Delivered-To: " + recipient.encode("ascii") + b"\r\n" + message)
        except OSError as error:
            raise Unavailable(f"the local mailbox cannot be written: {error.strerror}") from error
        reached("answered")

    def close(self) -> None:
        """Nothing is held open."""


# Where the fault tests stop a sender dead; they put their own function here.
reached: Callable[[str], None] = lambda _point: None  # noqa: E731 - a hook
