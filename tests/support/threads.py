"""The same done by several threads that begin together."""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(do: Callable[[], T], *, times: int) -> list[T]:
    """What each of so many threads found; raises what one of them raised."""
    together = threading.Barrier(times)

    def run() -> T:
        together.wait()
        return do()

    with ThreadPoolExecutor(times) as threads:
        running = [threads.submit(contextvars.copy_context().run, run) for _ in range(times)]
        return [thread.result() for thread in running]
