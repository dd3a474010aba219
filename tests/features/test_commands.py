"""The commands: a sentence where something cannot be, and the verbs that only whoever runs the register has."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from qms import config
from qms.app import create_app
from qms.cli import main
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.offices.models import Office
from qms.people import queries, service
from tests.support.application import NOON
from tests.support.mail_server import mail_server
from tests.support.post import send
from tests.support.world import SINCE, TODAY, World


def run(app: Flask, *arguments: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(main, arguments, obj=ScriptInfo(create_app=lambda: app))


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(config.from_environment({"QMS_INSTANCE": str(tmp_path)}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.mark.parametrize(
    "command",
    [
        ("demo", "--offices", "1"),
        ("demo",),
        ("agenda", *DAYS),
        ("reminders", "preview", *DAYS),
        ("user", "add", "--name", "Anna Nowak", "--email", "anna@example.com"),
        ("office", "add", "sp-brzeziny"),
        ("user", "code", "anna@example.com"),
        ("user", "change", "anna@example.com", "--name", "Anna Kot"),
        ("jobs", "run", "plan"),
        ("resume",),
        ("scheduler",),
    ],
    ids=" ".join,
)
def test_without_tables_a_command_says_how_to_make_them(bare: Flask, command: tuple[str, ...]) -> None:
    said = run(bare, *command)

    assert said.exit_code == 1
    assert "qms db upgrade" in said.output
    assert isinstance(said.exception, SystemExit)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1989-12-31", "2101-01-01", "31.12.2026"])
@pytest.mark.parametrize(
    "command", [("agenda", "--to", "2026-11-30", "--from"), ("reminders", "preview", "--from", "2026-11-01", "--to")]
)
def test_a_day_no_calendar_of_ours_has_is_a_sentence(world: World, app: Flask, command: tuple[str], day: str) -> None:
    for asked in (command, ("jobs", "run", "plan", "--on")):
        said = run(app, *asked, day)
        assert (said.exit_code, "Traceback" in said.output) == (2, False)
        assert "name a day from 1990 to 2100" in said.output or "write it as" in said.output


def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_for(world: World, app: Flask) -> None:
    for command in (("agenda",), ("reminders", "preview")):
        said = run(app, *command, "--from", "1990-01-01", "--to", "2100-12-31", "--office", "sp-bochnia")
        assert said.exit_code == 0, said.exception


@pytest.mark.parametrize(("ahead", "is_refused"), [(35, False), (36, True), (365 * 70, True)])
def test_a_job_is_not_run_for_a_day_far_ahead(app: Flask, world: World, ahead: int, is_refused: bool) -> None:  # noqa: FBT001
    said = run(app, "jobs", "run", "plan", "--on", str(TODAY + timedelta(days=ahead)))

    assert (said.exit_code == 1) is is_refused
    assert ("more than 35 days ahead" in said.output) is is_refused
    planned = set(db.session.scalars(select(Office.planned_through)))
    assert planned == ({None} if is_refused else {TODAY + timedelta(days=ahead)})


def test_whoever_runs_the_register_changes_an_account_of_two_offices(app: Flask, world: World, signed_in: Any) -> None:
    person, old = world.bochnia.fn_clerk, world.bochnia.fn_clerk.email
    with scoped(EVERY_OFFICE):
        service.join(person, world.leczyca.departments["FN"], from_on=SINCE)
        db.session.commit()
    inside = signed_in(person)

    with clock.at(NOON + timedelta(minutes=1)):
        said = run(app, "user", "change", old, "--email", "Nowy@example.com", "--name", "Anna Żółć")
        assert inside.get("/konto").status_code == 302
        with mail_server() as server:
            send(server)

    db.session.refresh(person)
    assert (said.exit_code, said.output) == (0, "Saved: Anna Żółć, nowy@example.com.\n")
    assert (person.email, person.name) == ("nowy@example.com", "Anna Żółć")
    assert server.recipients == [old]
    assert "administrator rejestru" in server.taken[0].text
    assert db.session.scalars(select(Letter.office_id).where(Letter.kind == "address_changed")).all() == [None]
    told = select(TrailEntry.after).where(TrailEntry.about == "person").order_by(TrailEntry.seq.desc()).limit(1)
    assert db.session.scalars(told).one()["email"] == "nowy@example.com"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nobody@example.com", "--name", "x"), "Nobody with an active account"),
        (("proxy@sp-bochnia.example.com",), "--email NEW, --name NAME"),
        (("proxy@sp-bochnia.example.com", "--email", "deputy@sp-bochnia.example.com"), "has this address already"),
        (("proxy@sp-bochnia.example.com", "--email", "x"), "not an e-mail address"),
        (("proxy@sp-bochnia.example.com", "--name", " "), ""),
    ],
)
def test_a_change_that_cannot_be_is_a_sentence(app: Flask, world: World, arguments: tuple[str, ...], says: str) -> None:
    said = run(app, "user", "change", *arguments)

    assert said.exit_code == 1
    assert isinstance(said.exception, SystemExit)
    assert says in said.output


def test_an_office_is_opened_and_its_proxy_is_led_to_its_first_tasks(app: Flask, world: World, signed_in: Any) -> None:
    assert run(app, "office", "add", "sp-brzeziny").exit_code == 0
    assert run(app, "office", "add", "ug-lipowo", "--name", "Urząd Gminy Lipowo").exit_code == 0
    who = ("--name", "Ewa Start", "--email", "e.start@example.com", "--office", "ug-lipowo", "--post", "proxy")
    assert run(app, "user", "add", *who).exit_code == 0

    with scoped(EVERY_OFFICE):
        known = db.session.scalars(select(Office).where(Office.slug == "sp-brzeziny")).one()
        assert (known.seat, known.is_demo, known.set_up_on) == ("Brzeziny", False, None)
    page = signed_in(queries.by_email("e.start@example.com")).get("/u/ug-lipowo/start")
    assert page.status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ug-lipowo",), "not among the known offices"),
        (("sp-bochnia",), "short name sp-bochnia already"),
        (("UG Lipowo", "--name", "Lipowo"), "small letters, digits and dashes"),
        (("ug-lipowo", "--name", "\u202e"), "one line"),
    ],
)
def test_an_office_that_cannot_be_opened_is_a_sentence(
    app: Flask, world: World, arguments: tuple[str, ...], says: str
) -> None:
    result = run(app, "office", "add", *arguments)

    assert result.exit_code == 1
    assert says in result.output
