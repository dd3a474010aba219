"""Figures that tests measure: kept with pytest's `record_property`, shown at the end, written down in a long run.

`QMS_FAULTS=long` asks for the long form of the fault tests; `QMS_FIGURES` names the file that gets the figures.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

IS_LONG: Final = os.environ.get("QMS_FAULTS") == "long"


@pytest.fixture(scope="session")
def times() -> Callable[[int, int], int]:
    """Return how often to repeat something: `times(quick, long)`."""
    return lambda quick, long: long if IS_LONG else quick


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = [
        f"{report.nodeid}: {name} = {figure}"
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, figure in report.user_properties
    ]
    for line in lines:
        terminalreporter.write_line(line)
    if lines and "QMS_FIGURES" in os.environ:
        _write_down(lines, Path(os.environ["QMS_FIGURES"]))


def _write_down(lines: list[str], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
