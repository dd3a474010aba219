"""A real mail server on loopback that behaves as badly as the local part of each recipient says.

`gone@` is refused for good, `busy@` for now, and so on: see `_ANSWERS` and `_AFTER_DATA`; what follows a dot in the
local part says nothing. Everything it took is kept in `taken`, in order, whatever it answered.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_suffix(".pem")  # self-signed, for localhost, with its key; good for nothing else
_ANSWERS = {
    "gone": "550 no such mailbox",
    "busy": "450 greylisted, come back later",
    "many": "452 too many recipients",
    "nologin": "530 authentication required",
}
_AFTER_DATA = {
    "later": "451 local error",
    "full": "552 over quota",
    "spam": "554 refused by policy",
    "foreign": b"250 \xb1\xea".decode("latin-1"),
}
_REFUSED_AFTER_DATA = _AFTER_DATA.keys() - {"foreign"}
_SLOW = {"silent": 3600, "slow": 1.0}  # seconds before the answer


@dataclass
class Taken:
    """A letter as the server got it."""

    recipient: str
    message: EmailMessage
    was_encrypted: bool
    is_refused: bool = False  # the server had it and said no

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: Literal["plain", "html"]) -> str:
        body = self.message.get_body((kind,))
        return body.get_content().replace("\r\n", "\n") if body else ""


@dataclass
class MailServer:
    """What the server took, and how it is to behave besides."""

    url: str = ""
    delay: float = 0.0  # seconds before it answers a letter
    is_mended: bool = False  # then it takes every letter, whoever it is for
    taken: list[Taken] = field(default_factory=list)
    on_letter: Callable[[Taken], object] = lambda _letter: None

    @property
    def recipients(self) -> list[str]:
        return [letter.recipient for letter in self.taken]

    def letters_to(self, recipient: str) -> list[Taken]:
        return [letter for letter in self.taken if letter.recipient == recipient]

    async def handle_RCPT(  # noqa: N802 -- the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = _ANSWERS.get(self._kind(address))
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        assert len(envelope.rcpt_tos) == 1, "one envelope for one recipient"
        message: Any = message_from_bytes(envelope.original_content or b"", policy=default)
        kind = self._kind(envelope.rcpt_tos[0])
        letter = Taken(
            envelope.rcpt_tos[0], message, was_encrypted=session.ssl is not None, is_refused=kind in _REFUSED_AFTER_DATA
        )
        if kind != "lost":
            self.taken.append(letter)
        self.on_letter(letter)
        await asyncio.sleep(self.delay)
        await asyncio.sleep(_SLOW.get(kind, 0))
        if kind == "drops" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return _AFTER_DATA.get(kind, "250 taken")

    def _kind(self, address: str) -> str:
        return "" if self.is_mended else address.partition("@")[0].partition(".")[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def server_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    """A client's context that trusts the server's self-signed certificate."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def _let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data.password == b"good", handled=False)


@contextmanager
def mail_server(
    *, offers_tls: bool = False, wants_sign_in: bool = False, largest: int | None = None
) -> Iterator[MailServer]:
    """Run the server; in its plainest form it takes everything, unencrypted, from anybody.

    `largest` is the most bytes a letter may have.
    """
    server = MailServer()
    port = free_port()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": port, "ready_timeout": 10}
    if offers_tls:
        options |= {"tls_context": server_certificate()}
    if largest is not None:
        options |= {"data_size_limit": largest}
    if wants_sign_in:
        options |= {"authenticator": _let_in, "auth_required": True, "auth_require_tls": offers_tls}
    controller = Controller(server, **options)
    controller.start()
    try:
        server.url = f"smtp://localhost:{port}" if offers_tls else f"smtp://127.0.0.1:{port}?tls=off"
        yield server
    finally:
        controller.stop()


@contextmanager
def raw_server(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> Iterator[str]:
    """Run a server that talks as `talk` does, which need not be SMTP at all; gives its address."""
    port = free_port()
    is_ready, loop, over = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass  # the client hung up, as it should
        finally:
            writer.close()

    async def serve() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", port):
            is_ready.set()
            await over.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    is_ready.wait(timeout=10)
    try:
        yield f"smtp://127.0.0.1:{port}?tls=off"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(timeout=10)
