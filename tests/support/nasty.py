"""The cases of `nasty_inputs.json`: hostile input by kind of field, each with the outcome it should have."""

import json
from pathlib import Path
from typing import Any

import pytest

GROUPS = json.loads(Path(__file__).with_name("nasty_inputs.json").read_text(encoding="utf-8"))["groups"]
# Cases of doors that are not built, or that stand in front of the application.
NOT_HERE = {
    "office_and_ids-005": "offices are not typed in",
    "office_and_ids-009": "no tax number is kept",
    "office_and_ids-011": "no register number is kept",
    "date-031": "two dates at once: rules of the domain",
    "date-033": "two dates at once: rules of the domain",
    "object_id_in_path-001": "every role and route: test_route_matrix",
    "object_id_in_path-003": "below, as an id of the other office in each form",
    "host_header-007": "one header is handed to the application: the web server refuses two",
    "host_header-009": "the web server takes the address apart",
    "file_content-003": "the web server waits for the body",
    "file_content-019": "the web server waits for the body",
    "file_content-021": "tests/faults",
}


def cases(*groups: str) -> list[Any]:
    """The cases of these groups that a door of ours can be tried with."""
    found = [case for group in groups for case in GROUPS[group]["cases"]]
    return [pytest.param(case, id=case["id"]) for case in found if case["id"] not in NOT_HERE]


def value(case: dict[str, Any]) -> str:
    """What is typed; long ones are written down as an expression."""
    return str(eval(case["gen"])) if "gen" in case else str(case["value"])  # noqa: S307 - a file of ours
