"""The mail server: one connection for many letters, one letter for one recipient, encrypted unless told otherwise.

What an answer means stands here: a refusal of the letter for now or for good (RFC 5321, 4.2.1), a server that
takes no letters at all, or silence after the last dot, when nobody knows. No exchange lasts longer than a
minute, however slowly the server drips: a lease on a letter is five.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Final

from qms.core import mail
from qms.core.mail import InDoubt, Never, NotNow, Unavailable
from qms.domain.mail_server import Server, parse_url

SILENCE: Final = 20.0  # seconds a server may say nothing
EXCHANGE: Final = 60.0  # seconds for all it says about one letter
_LINE_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_OK: Final = 250
_GO_ON: Final = 354
_TOO_BIG: Final = 552
_FINAL: Final = 500
_CLOSING: Final = 421
_UNREADABLE: Final = -1  # what smtplib makes of an answer without a number
_SIGN_IN_FIRST: Final = frozenset({530, 534, 535, 538})  # nobody's letters are taken, so it is not this one's fault
_BROKEN: Final = (OSError, smtplib.SMTPException)  # TimeoutError and ssl.SSLError are OSErrors


class _Wire(smtplib.SMTP):
    """An SMTP connection that can be cut from outside, also in the middle of a TLS handshake."""

    handle: socket.socket | None = None

    def __init__(self, server: Server, context: ssl.SSLContext, silence: float) -> None:
        self._server = server
        self._context = context
        super().__init__(timeout=silence)
        self._host = server.host  # the name STARTTLS compares the certificate with

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc] # not in typeshed
        # The last dot goes alone; without this it would wait 40 ms for the server to acknowledge what went before.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # TLS takes the socket over and leaves an empty shell; a second handle still reaches the connection.
        self.handle = plain.dup()
        if not self._server.is_tls_from_start:
            return plain
        return self._context.wrap_socket(plain, server_hostname=host)

    def cut(self) -> None:
        if self.handle is not None:
            try:
                self.handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is gone already

    def close(self) -> None:
        super().close()
        if self.handle is not None:
            self.handle.close()
            self.handle = None


class SmtpTransport:
    """Letters handed to a mail server."""

    def __init__(
        self,
        url: str,
        *,
        sender: str,
        context: ssl.SSLContext | None = None,
        silence: float = SILENCE,
        exchange: float = EXCHANGE,
    ) -> None:
        self._server = parse_url(url)
        self._sender = sender
        self._context = context or ssl.create_default_context()
        self._silence = silence
        self._exchange = exchange
        self._wire: _Wire | None = None

    def open(self) -> None:
        """Connect, encrypt and sign in, unless that is done. Raises `Unavailable`."""
        if self._wire is not None:
            return
        wire = _Wire(self._server, self._context, self._silence)
        try:
            with self._within(wire):
                self._shake_hands(wire)
        except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPAuthenticationError) as error:
            wire.close()
            raise Unavailable(_words(error), is_refused=True) from error
        except _BROKEN as error:
            wire.close()
            raise Unavailable(_words(error)) from error
        self._wire = wire

    def _shake_hands(self, wire: _Wire) -> None:
        code, said = wire.connect(self._server.host, self._server.port)
        if code != 220:  # noqa: PLR2004 - the greeting of RFC 5321
            raise smtplib.SMTPConnectError(code, said)
        wire.ehlo_or_helo_if_needed()
        if self._server.is_tls_required and not self._server.is_tls_from_start:
            wire.starttls(context=self._context)
            wire.ehlo()
        if self._server.user is not None:
            wire.login(self._server.user, self._server.password)

    def send(self, recipient: str, message: bytes) -> None:
        """Hand one letter over. Raises `NotNow`, `Never`, `InDoubt` or `Unavailable`."""
        self._start(len(message))
        assert self._wire is not None  # noqa: S101 - `_start` opened it or raised
        wire = self._wire
        is_whole = False
        try:
            with self._within(wire):
                self._expect(_OK, wire.rcpt(recipient))
                mail.reached("recipient")
                self._expect(_GO_ON, wire.docmd("DATA"))
                self._hand_over(wire, message)
                is_whole = True
                wire.send(b".\r\n")
                mail.reached("last dot")
                answer = wire.getreply()
                mail.reached("answered")
                self._expect(_OK, answer)
        except _BROKEN as error:
            self._drop()
            raise (InDoubt if is_whole else NotNow)(_words(error)) from error

    def _start(self, size: int) -> None:
        """Name the sender; a connection that died while idle is made anew, once."""
        for is_last in (False, True):
            self.open()
            assert self._wire is not None  # noqa: S101 - `open` set it or raised
            try:
                with self._within(self._wire):
                    options = [f"SIZE={size}"] if self._wire.has_extn("size") else []
                    code, said = self._wire.mail(self._sender, options)
            except _BROKEN as error:
                self._drop()
                if is_last:
                    raise Unavailable(_words(error)) from error
                continue
            if code == _OK:
                return
            if code == _CLOSING and not is_last:
                self.close()
                continue
            self._refuse_sender(code, said)

    def _refuse_sender(self, code: int, said: bytes) -> None:
        self.close()
        if code == _TOO_BIG:
            raise Never(_answer(code, said))
        # Refused is the address all letters come from, not this letter.
        raise Unavailable(_answer(code, said), is_refused=code >= _FINAL)

    def _hand_over(self, wire: _Wire, message: bytes) -> None:
        body = _LINE_DOT.sub(b"..", message)
        half = len(body) // 2
        wire.send(body[:half])
        mail.reached("half")
        wire.send(body[half:])

    def _expect(self, wanted: int, answer: tuple[int, bytes]) -> None:
        code, said = answer
        if code == wanted or (wanted == _OK and code == 251):  # noqa: PLR2004 - "will forward"
            return
        if code == _UNREADABLE:
            raise smtplib.SMTPResponseException(code, said)
        self.close()
        if code in _SIGN_IN_FIRST:
            raise Unavailable(_answer(code, said), is_refused=True)
        raise (Never if code >= _FINAL else NotNow)(_answer(code, said))

    @contextmanager
    def _within(self, wire: _Wire) -> Iterator[None]:
        """Cut the connection when the server drips for longer than an exchange may last."""
        timer = Timer(self._exchange, wire.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """Let go of the connection, politely."""
        wire, self._wire = self._wire, None
        if wire is None:
            return
        try:
            with self._within(wire):
                wire.quit()
        except _BROKEN:
            wire.close()

    def _drop(self) -> None:
        """Let go of a connection that does not answer."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


def _answer(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}"


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _answer(error.smtp_code, said if isinstance(said, bytes) else said.encode())
    return f"{type(error).__name__}: {error}"
