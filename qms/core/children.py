"""Work too heavy, or of input too doubtful, for the process that serves pages: done by a child of its own.

A child knows what it is given and nothing else: no settings, no database, no network of ours. Plain JSON goes in and
comes out. At most two work at once for one serving process, each with limits of time, processor and memory.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog

_AT_ONCE: Final = 2
_PATIENCE: Final = 5.0  # seconds to wait for a place
_LONGEST: Final = 30.0  # seconds a child may take, unless it is told less
_INHERITED: Final = ("PATH", "SYSTEMROOT", "TMPDIR", "LANG", "LC_ALL")

_places = threading.BoundedSemaphore(_AT_ONCE)
_log = structlog.get_logger()


class Busy(Exception):
    """Both places are taken, and none became free in time."""


class ChildFailed(Exception):
    """The child ended without an answer: it broke, or met one of its limits."""


def run(module: str, task: dict[str, Any], *, longest: float | None = None) -> dict[str, Any]:
    """What `python -m module` answers to a task. Raises `Busy` or `ChildFailed`."""
    with _place():
        try:
            ended = subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", module],
                input=json.dumps(task).encode(),
                capture_output=True,
                env=_environment(),
                timeout=_LONGEST if longest is None else longest,
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            _log.warning("a child failed", module=module, error=str(error), said=_last_words(error.stderr))
            raise ChildFailed(module) from error
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def _last_words(said: bytes | None) -> str:
    return (said or b"").decode(errors="replace").strip().rpartition("\n")[2][:300]


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    # A thread for each processor of a large machine would reserve more memory than a child may have.
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "RAYON_NUM_THREADS": "2"}
