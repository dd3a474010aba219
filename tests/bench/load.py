"""Clients that ask a server process for one page again and again, and what that costs the server."""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from qms.core import i18n
from tests.bench.pages import Page

_TICK = os.sysconf("SC_CLK_TCK")
_WARM_UP = 5


@dataclass(frozen=True)
class Cost:
    """Of one page with so many clients: times in milliseconds."""

    per_second: float
    p50: float
    p95: float
    cpu: float
    requests: int


class Server:
    """A server process that runs."""

    def __init__(self, process: subprocess.Popen[str], cookies: dict[str, str]) -> None:
        self.process, self.cookies = process, cookies
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(cookies) + "\n")
        process.stdin.flush()
        self.port = int(process.stdout.readline())

    def measure(self, page: Page, *, clients: int, seconds: float) -> Cost:
        """Ask for a page as fast as these clients can, for so long."""
        request = self._request(page)
        _ask(self.port, request, until=time.monotonic(), least=_WARM_UP)
        took: list[list[float]] = [[] for _ in range(clients)]
        before, began = self._cpu(), time.monotonic()
        threads = [
            Thread(target=lambda times=times: times.extend(_ask(self.port, request, until=began + seconds)))
            for times in took
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lasted, cpu = time.monotonic() - began, self._cpu() - before
        times = sorted(1000 * each for row in took for each in row)
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        return Cost(len(times) / lasted, statistics.median(times), p95, 1000 * cpu / len(times), len(times))

    def _request(self, page: Page) -> bytes:
        known = f"; rejestr={self.cookies[page.email]}" if page.email else ""
        head = f"GET {page.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {i18n.COOKIE}=pl{known}\r\n\r\n"
        return head.encode()

    def _cpu(self) -> float:
        """Seconds of processor time the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def memory(self) -> float:
        """The most megabytes it ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024


@contextmanager
def serving(what: str, folder: Path, cookies: dict[str, str]) -> Iterator[Server]:
    """A server process on a stock: the application, or the floor of its pages."""
    command = [sys.executable, "-m", "tests.bench.server", what, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process, cookies)
        finally:
            process.terminate()


def _ask(port: int, request: bytes, *, until: float, least: int = 1) -> list[float]:
    """Ask over one kept connection; how long each answer took, in seconds."""
    took: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while len(took) < least or time.monotonic() < until:
            began = time.perf_counter()
            connection.sendall(request)
            _read_answer(connection)
            took.append(time.perf_counter() - began)
    return took


def _read_answer(connection: socket.socket) -> None:
    received = bytearray()
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = bytes(received).partition(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        message = head.decode(errors="replace")
        raise RuntimeError(message)
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    missing = int(length.partition(b":")[2]) - len(body)
    while missing > 0:
        missing -= len(_some(connection))


def _some(connection: socket.socket) -> bytes:
    part = connection.recv(262_144)
    if not part:
        message = "the server closed the connection"
        raise ConnectionError(message)
    return part
