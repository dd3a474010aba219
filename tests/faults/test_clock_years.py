"""Ten years hour by hour, on servers in four zones: each day in Poland is planned once, and the ledgers are equal."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from qms.core import clock
from qms.core.db import db
from tests.support.ledger import nonconformity, training, without_trainings
from tests.support.world import World
from tests.support.years import Stretch, hours_of, polish_day

ROOT = Path(__file__).parents[2]
ZONES = ("UTC", "Europe/Warsaw", "America/New_York", "Pacific/Apia")
FIRST, LAST = date(2026, 1, 1), date(2035, 12, 31)
CHANGES = (date(2026, 3, 29), date(2026, 10, 25))  # of the clocks
ODD_HOURS = (0, 1, 2, 3, 4, 12, 21, 22, 23)  # in UTC: when a day begins and the clocks change, and noon
LEAP_DAYS = (date(2028, 2, 29), date(2032, 2, 29))


def edges() -> list[Stretch]:
    """Days on which something could go wrong, with two days before and after."""
    found = sorted([*CHANGES, *LEAP_DAYS, *(date(year, 1, 1) for year in range(2027, 2036))])
    return [(day - timedelta(days=2), day + timedelta(days=2)) for day in found]


def test_every_hour_of_ten_years_falls_on_its_day() -> None:
    days = {}
    for now in hours_of(FIRST, LAST):
        assert clock.day_of(now) == polish_day(now), now
        days[clock.day_of(now)] = days.get(clock.day_of(now), 0) + 1

    assert list(days) == [FIRST + timedelta(days=number) for number in range(3652)]
    assert sorted(days.values()) == [23] * 10 + [24] * 3632 + [25] * 10


@pytest.fixture
def _much_to_tell(world: World) -> Iterator[None]:
    """Cases that nobody answers are told of every week; others fall due in the nights that are odd."""
    with without_trainings():
        nonconformity(world.bochnia, due_on=FIRST)
        for day in (*CHANGES, *LEAP_DAYS, date(2030, 12, 31)):
            nonconformity(world.bochnia, due_on=day)
        training(world.bochnia, world.bochnia.auditor, until=date(2031, 1, 1))
        db.session.commit()
        yield


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # the days are the same, and the ticks very many
@pytest.mark.usefixtures("_much_to_tell")
def test_servers_in_four_zones_plan_each_day_once_and_alike(
    app: Flask, tmp_path: Path, times: Callable[[int, int], int], record_property: Callable[[str, object], None]
) -> None:
    stretches = [(FIRST, LAST)] if times(0, 1) else edges()
    asked = {
        "stretches": [(first.isoformat(), last.isoformat()) for first, last in stretches],
        "hours": list(range(24)) if times(0, 1) else ODD_HOURS,
    }
    running = {zone: _start(app, tmp_path / zone.replace("/", "-"), zone, json.dumps(asked)) for zone in ZONES}
    found = {zone: json.loads(process.communicate()[0]) for zone, process in running.items()}

    days = [
        (first + timedelta(days=number)).isoformat()
        for first, last in stretches
        for number in range((last - first).days + 1)
    ]
    for zone, lived in found.items():
        assert lived["ran"] == {"plan": days, "sweep": days, "tidy": days}, zone
        assert lived["ledger"] == found["UTC"]["ledger"], zone
    assert len({tuple(line[:-1]) for line in found["UTC"]["ledger"]}) == len(found["UTC"]["ledger"]) > 0
    record_property("days", len(days))
    record_property("lines of the ledger", len(found["UTC"]["ledger"]))


def _start(app: Flask, folder: Path, zone: str, asked: str) -> subprocess.Popen[str]:
    db.session.rollback()
    folder.mkdir()
    for file in Path(app.instance_path).glob("qms.db*"):
        shutil.copyfile(file, folder / file.name)
    environment = {"PATH": os.environ["PATH"], "TZ": zone, "QMS_INSTANCE": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.years"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(asked)
    process.stdin.close()
    process.stdin = None
    return process
