"""Hostile inputs by the kind of field, from `nasty_inputs.json`: what is typed and what has to become of it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_FILE = Path(__file__).with_name("nasty_inputs.json")
_REPEATED = re.compile(r"(?:'([^']*)'\+)?'([^']*)'\*([0-9_]+)(?:\+'([^']*)')?")  # as in 'a'*64+'@urzad.gov.pl'
_MANY_IDS = "'ids='+','.join(map(str,range(100_000)))"


@dataclass(frozen=True)
class Input:
    """One thing to type, and the outcome the list names for it."""

    id: str
    value: str
    expect: str
    why: str


def inputs(group: str) -> list[Any]:
    """The inputs of a group as parameters of a test, named as in the list."""
    cases = json.loads(_FILE.read_text(encoding="utf-8"))["groups"][group]["cases"]
    found = [Input(case["id"], _value(case), case["expect"], case["why"]) for case in cases]
    return [pytest.param(each, id=each.id) for each in found]


def _value(case: dict[str, Any]) -> str:
    """The text itself; an expression in the list is read, never evaluated."""
    if "value" in case:
        return str(case["value"])
    if case["gen"] == _MANY_IDS:
        return "ids=" + ",".join(map(str, range(100_000)))
    found = _REPEATED.fullmatch(case["gen"])
    if found is None:
        message = f"nobody knows how to make {case['gen']}"
        raise ValueError(message)
    before, text, times, after = found.groups("")
    return before + text * int(times) + after
