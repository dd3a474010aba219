"""A child that does what it is told: for the tests of how children are kept. `python -m tests.support.child` is it."""

import os
import sys
import time
from typing import Any

from qms.core import confined


def _do(task: dict[str, Any]) -> dict[str, Any]:
    if task["do"] == "sleep":
        time.sleep(60)
    if task["do"] == "eat":
        return {"size": len(bytes(task["bytes"]))}
    if task["do"] == "break":
        sys.exit("broken on purpose")
    return {"environment": dict(os.environ)}


if __name__ == "__main__":
    confined.serve(_do)
