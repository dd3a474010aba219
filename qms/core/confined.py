"""The life of a child process of `children`: limits, one task, one answer. Imports little, because it starts often."""

import json
import sys
from collections.abc import Callable
from typing import Any, Final

try:
    import resource
except ImportError:  # not on Windows, where time alone is limited
    resource = None  # type: ignore[assignment]

_PROCESSOR: Final = 30  # seconds
_MEMORY: Final = 1 << 30  # bytes of address space

Work = Callable[[dict[str, Any]], dict[str, Any]]


def serve(work: Work) -> None:
    """Take limits upon itself, read the task, answer it."""
    _limit()
    answer = work(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR, _PROCESSOR))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
