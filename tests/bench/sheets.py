"""How long a register of ten thousand findings takes as a sheet, and how much memory."""

import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from qms.findings.exported import MOST
from tests.bench.stock import Stock, opened, sessions

_PROXY: Final = "proxy.1@example.com"
_LIST: Final = "/u/proba-0001/ustalenia"
Say = Callable[[str], None]


def measure(say: Say) -> None:
    """One line: each kind in a process of its own, so that its memory is its own."""
    stock = Stock(1, MOST // 10 + 20, 10)
    stock.make()
    told = []
    for ending in ("xlsx", "csv"):
        with get_context("spawn").Pool(1) as alone:
            seconds, megabytes, size = alone.apply(_written, (stock, ending))
        told.append(f"{ending} {seconds:.2f} s, {megabytes:.0f} MB more, a file of {size / 1e6:.1f} MB")
    say(f"sheet of {MOST} findings: {'; '.join(told)}")


def _written(stock: Stock, ending: str) -> tuple[float, float, int]:
    """Seconds, megabytes above those of a process that showed the page, and how long the file is."""
    with opened(stock.folder) as app:
        reader: Any = app.test_client()
        reader.set_cookie("rejestr", sessions({_PROXY})[_PROXY])
        reader.get(_LIST)
        before, began = _most_memory(), time.monotonic()
        answer = reader.get(f"{_LIST}.{ending}")
        taken = time.monotonic() - began
        if answer.status_code != 200:
            raise RuntimeError(answer.status)
        return taken, _most_memory() - before, len(answer.data)


def _most_memory() -> float:
    """The peak of this process; what `resource` tells begins with that of the process that started it."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
