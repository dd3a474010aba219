"""A paper as PDF, set by typst. `python -m qms.papers.typesetting` is the child process that does it."""

import base64
import json
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import typst

from qms.core import confined

_SOURCE: Final = Path(__file__).parent / "typst" / "paper.typ"
_STANDARD: Final = "ua-1"  # the compiler checks this itself and refuses what does not meet it


def _set(task: dict[str, Any]) -> dict[str, Any]:
    """Texts go in as data, so that nothing typed is ever read as markup. A warning is a fault: a letter may miss."""
    fonts = str(resources.files("fontpkg_public_sans") / "files")
    made, warnings = typst.compile_with_warnings(
        str(_SOURCE),
        root=str(_SOURCE.parent),
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"paper": json.dumps(task["paper"])},
        pdf_standards=[_STANDARD],
        timestamp=datetime.fromisoformat(task["made_at"]),
    )
    if warnings or not isinstance(made, bytes):
        raise ValueError([each.message for each in warnings])
    return {"pdf": base64.b64encode(made).decode()}


if __name__ == "__main__":
    confined.serve(_set)
