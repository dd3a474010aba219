"""Mail servers with which no letter gets through, or only just: each a way of talking for `raw_server`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.support.mail_server import server_certificate

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

# The steps of an exchange, each named for what the client has just done.
STEPS: Final = ("connected", "EHLO", "MAIL", "RCPT", "DATA", "last dot")
_BYTE_EVERY: Final = 0.1  # seconds: as slow beside a test's exchange of a second as one a second is beside a minute
_ANSWERS: Final = {
    "connected": b"220 ready\r\n",
    "EHLO": b"250 localhost\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "last dot": b"250 taken\r\n",
}


async def says_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """It takes the connection and is silent."""
    await asyncio.sleep(30)


async def is_busy(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """It sends everybody away."""
    writer.write(b"421 try again later\r\n")
    await writer.drain()


async def talks_for_ever(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Its greeting has a megabyte."""
    writer.write(b"220 " + b"x" * 1_000_000 + b"\r\n")
    await writer.drain()


def drips_at(step: str) -> Talk:
    """It is as quick as any up to a step, and then says a byte at a time."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for here in STEPS:
            await _hear(here, reader)
            if here == step:
                await _drip(writer)
            writer.write(_ANSWERS[here])
            await writer.drain()

    return talk


async def _hear(step: str, reader: asyncio.StreamReader) -> None:
    if step == "last dot":
        await reader.readuntil(b"\r\n.\r\n")
    elif step != "connected":
        await reader.readline()


async def _drip(writer: asyncio.StreamWriter) -> None:
    for byte in b"220-" + b"x" * 300:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(_BYTE_EVERY)


@dataclass
class Overheard:
    """What a server that somebody sits in front of heard once it was encrypted."""

    commands: list[str]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Its answer to STARTTLS is followed by one the client did not ask for, as from somebody in between."""
        for answer in (b"220 ready\r\n", b"250-localhost\r\n250 STARTTLS\r\n"):
            writer.write(answer)
            await reader.readline()
        writer.write(b"220 go\r\n250-evil\r\n250 SIZE 1\r\n")
        await writer.drain()
        await writer.start_tls(server_certificate())
        while line := await reader.readline():
            command = line[:4].upper().decode()
            self.commands.append(command)
            writer.write(b"354 go on\r\n" if command == "DATA" else b"250 ok\r\n")
            if command == "DATA":
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken\r\n")
            await writer.drain()
