"""The offices of the first programme, whose data nobody has to type."""

import csv
from datetime import date
from functools import cache
from importlib import resources

from qms.offices.service import OfficeFacts


@cache
def known_offices() -> tuple[OfficeFacts, ...]:
    """What each of the 20 offices is registered with, in the order of the programme's list."""
    told = resources.files("qms.offices").joinpath("data", "offices.csv").read_text("utf-8").splitlines()
    return tuple(_facts(row) for row in csv.DictReader(told))


def _facts(row: dict[str, str]) -> OfficeFacts:
    return OfficeFacts(**row | {"teryt_as_of": date.fromisoformat(row["teryt_as_of"])})  # type: ignore[arg-type] # one of them is a day
