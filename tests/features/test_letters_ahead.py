"""What will be sent: looking ahead tells what planning then does, and writes nothing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.audits.models import Audit
from qms.cli import main
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.domain.limits import STARTER_LIMITS
from qms.domain.standing import Who
from qms.offices import service as offices
from qms.offices.models import OfficeDayOff, OfficeLadder
from qms.people import colleagues
from qms.people import service as people
from qms.people.models import Absence, Membership, Person
from qms.reminders import ahead
from qms.reminders.models import Reminder
from tests.support.ledger import nonconformity, plan, training, without_trainings
from tests.support.offices import certify
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]


def of_this(app: Flask) -> ScriptInfo:
    """The command works on the test's own register."""
    return ScriptInfo(create_app=lambda: app)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    with without_trainings(), scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def previewed(of: OfficeWorld, first: date, last: date, *, today: date | None = None) -> list[ahead.Coming]:
    return ahead.preview(of.office.id, first, last, today=today or first)


def told(each: ahead.Coming) -> tuple[object, ...]:
    duty = each.duty
    key = (duty.kind, duty.subject, duty.due_on, each.step, each.person_id)
    return (each.planned_on, *key, each.level, each.instead_of_id)


def written(of: OfficeWorld, since: date) -> list[tuple[object, ...]]:
    """What planning of these days gave to the ledger."""
    rows = db.session.scalars(select(Reminder).where(Reminder.office_id == of.office.id))
    lines = [
        (
            row.planned_at.date(),
            row.kind,
            row.subject,
            row.due_on,
            row.step,
            row.person_id,
            row.level,
            row.instead_of_id,
        )
        for row in rows
    ]
    return sorted(line for line in lines if line[0] >= since)


def plan_each_day(of: OfficeWorld, first: date, last: date) -> None:
    for number in range((last - first).days + 1):
        plan(of, first + timedelta(days=number))


def _live(of: OfficeWorld, chance: Random) -> None:
    """Something of every kind that changes by itself as days go by."""
    for symbol in ("FN", "KM", "GD"):
        for _ in range(3):
            nonconformity(of, due_on=day(chance.randint(-90, 45)), department=symbol)
    for name, days in (("auditor", chance.randint(-20, 120)), ("second_auditor", chance.randint(1, 200))):
        training(of, of.people[name], until=day(days))
    with writing():
        certify(of.office, starts=-700, ends=chance.choice((10, 60, 395)))
        _audits(of, chance)
        _people(of, chance)
        off = {day(chance.randint(0, 40)) for _ in range(6)} | {day(31 + number) for number in range(9)}
        db.session.add_all(OfficeDayOff(office_id=of.office.id, day=each) for each in off)
        cleared = {"before": [], "after": [], "joins": {}, "every_weeks": None}
        changed = {"before": [20, 2], "after": [2, 9], "joins": {"person": -10000, "head": 9}, "every_weeks": 2}
        db.session.add(OfficeLadder(office_id=of.office.id, kind="qualification", **cleared))
        db.session.add(OfficeLadder(office_id=of.office.id, kind=chance.choice(("answer", "audit")), **changed))
        for name in ("report", "recertification_audit", "body_contract"):
            offices.set_limit(of.office, name, replace(STARTER_LIMITS[name], tolerance=chance.choice((0, 4, 30))))
        of.office.rolls_reminders = chance.random() < 0.5


def _audits(of: OfficeWorld, chance: Random) -> None:
    for number, kind in enumerate(("internal", "internal", "surveillance", "recertification")):
        starts_on = day(chance.randint(-20, 40))
        facts = {"number": f"P-{number}", "edition_code": "9001:2015", "state": "planned", "kind": kind}
        body = "" if kind == "internal" else "Biuro Certyfikacji"
        db.session.add(
            Audit(office_id=of.office.id, body=body, starts_on=starts_on, ends_on=starts_on + timedelta(2), **facts)
        )


def _people(of: OfficeWorld, chance: Random) -> None:
    """The proxy is away, then leaves; the deputy's term ends; a head of a department hands over; posts stay empty."""
    posts = {post.post: post for post in colleagues.posts(of.office.id)}
    posts[Who.PROXY].until_on = day(chance.randint(5, 40))
    posts[Who.DEPUTY].until_on = day(chance.randint(20, 60))
    db.session.delete(posts[Who.SECRETARY])
    heads = select(Membership).where(Membership.person_id == of.fn_head.id, Membership.is_head)
    head = db.session.scalars(heads).one()
    head.until_on = day(chance.randint(3, 30))
    people.join(of.fn_clerk, of.departments["FN"], from_on=head.until_on + timedelta(days=4), is_head=True)
    for name, substitute in (("proxy", "deputy"), ("km_head", None), ("fn_head", "fn_clerk")):
        from_on = day(chance.randint(0, 30))
        reader = of.people[substitute].id if substitute else None
        row = {"person_id": of.people[name].id, "substitute_id": reader, "from_on": from_on}
        db.session.add(Absence(office_id=of.office.id, until_on=from_on + timedelta(days=chance.randint(0, 9)), **row))


@pytest.mark.parametrize("seed", range(8))
def test_looking_ahead_tells_what_planning_then_writes_day_by_day(bochnia: OfficeWorld, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 -- the same worlds each time, no secret
    _live(bochnia, chance)
    if chance.random() < 0.7:
        plan(bochnia, day(chance.randint(-3, 3)))
    first = day(chance.randint(4, 8))
    last = first + timedelta(days=50)

    expected = sorted(map(told, previewed(bochnia, first, last)))
    plan_each_day(bochnia, first, last)

    assert len(expected) > 40
    assert written(bochnia, first) == expected


def test_days_between_today_and_the_first_day_asked_about_are_planned_by_then(bochnia: OfficeWorld) -> None:
    _live(bochnia, Random(3))  # noqa: S311 -- as above

    expected = sorted(map(told, previewed(bochnia, day(20), day(35), today=TODAY)))
    plan_each_day(bochnia, TODAY, day(35))

    assert expected
    assert written(bochnia, day(20)) == expected


def test_looking_ahead_writes_nothing(bochnia: OfficeWorld) -> None:
    nonconformity(bochnia, due_on=TODAY)

    with counted() as statements:
        assert previewed(bochnia, TODAY, day(40))

    assert [each for each in statements if not each.startswith("SELECT")] == []
    assert db.session.scalars(select(Reminder)).all() == db.session.scalars(select(Letter)).all() == []


def test_a_line_of_a_day_off_leaves_on_the_next_working_day(bochnia: OfficeWorld) -> None:
    with writing():
        bochnia.office.rolls_reminders = False
    nonconformity(bochnia, due_on=TODAY + timedelta(days=1))  # a Saturday

    planned = {each.step: (each.planned_on, each.day) for each in previewed(bochnia, TODAY, day(2))}

    assert planned["0"] == (day(1), day(3))


def test_what_is_planned_already_is_not_told_again_but_waits(bochnia: OfficeWorld) -> None:
    case = nonconformity(bochnia, due_on=TODAY)
    plan(bochnia)

    assert previewed(bochnia, TODAY, TODAY) == []
    [line] = ahead.waiting(bochnia.office.id, today=TODAY)
    assert (line.duty.subject, line.step, line.day) == (f"finding:{case.key}", "0", TODAY)
    with writing():
        case.waits_for = None
    assert ahead.waiting(bochnia.office.id, today=TODAY) == []


def test_the_queries_follow_the_days_that_change_something_not_the_days(bochnia: OfficeWorld) -> None:
    for number in range(12):
        nonconformity(bochnia, due_on=day(number - 5))
    counts = []
    for days in (1, 300):
        with counted() as statements:
            previewed(bochnia, TODAY, day(days))
        counts.append(len(statements))

    assert counts[1] <= counts[0]


PLAN = "/u/sp-bochnia/listy/plan"


def rows(client: FlaskClient, address: str = PLAN) -> list[str]:
    page = BeautifulSoup(client.get(address).data, "html.parser")
    return [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("main tbody tr")]


def test_the_page_says_to_whom_what_and_why_day_by_day(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    case = nonconformity(bochnia, due_on=day(10))  # a week before is the next working day
    client = signed_in(bochnia.proxy)

    page = BeautifulSoup(client.get(PLAN).data, "html.parser")

    assert [heading.get_text() for heading in page.select("main h2")] == ["poniedziałek 23 listopada 2026 r."]
    [row] = rows(client)
    assert bochnia.fn_head.name in row
    assert "7 dni przed terminem" in row
    assert "30.11.2026" in row
    [link] = page.select("main tbody a")
    assert link["href"] == f"/u/sp-bochnia/listy/o/ustalenie/{case.key}"
    assert case.statement not in page.get_text()
    assert len(rows(client, f"{PLAN}?okres=miesiac")) > 3
    assert rows(client, f"{PLAN}?okres=nigdy&strona=x") == [row]


def test_the_page_shows_fifty_at_a_time_and_what_waits_already(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    for number in range(6):
        nonconformity(bochnia, due_on=day(number))
    plan(bochnia)
    client = signed_in(bochnia.proxy)

    assert len(rows(client, f"{PLAN}?okres=rok")) == 50
    assert len(rows(client, f"{PLAN}?okres=rok&strona=2")) == 50
    today = BeautifulSoup(client.get(PLAN).data, "html.parser").select_one("main h2")
    assert today is not None
    assert today.get_text() == "piątek 20 listopada 2026 r."


def test_other_offices_are_not_in_it(bochnia: OfficeWorld, world: World, signed_in: SignIn) -> None:
    with scoped(frozenset({world.leczyca.office.id})):
        nonconformity(world.leczyca, due_on=day(3))

    assert rows(signed_in(bochnia.proxy), f"{PLAN}?okres=rok") == []


def test_the_command_says_the_same_as_the_page(app: Flask, bochnia: OfficeWorld) -> None:
    case = nonconformity(bochnia, due_on=day(7))
    asked = ["reminders", "preview", "--from", str(TODAY), "--to", str(TODAY)]
    db.session.commit()

    told = app.test_cli_runner().invoke(main, [*asked, "--json", "--office", "sp-bochnia"], obj=of_this(app))
    table = app.test_cli_runner().invoke(main, asked, obj=of_this(app))
    unknown = app.test_cli_runner().invoke(main, [*asked, "--office", "nie-ma"], obj=of_this(app))

    [row] = json.loads(told.output)
    assert row.pop("why").startswith("7 dni przed terminem. ")
    assert row == {
        "office": "sp-bochnia",
        "on": "2026-11-20",
        "person": bochnia.fn_head.email,
        "instead_of": None,
        "kind": "answer",
        "subject": f"finding:{case.key}",
        "number": case.number,
        "due_on": "2026-11-27",
        "step": "-7",
        "level": "person",
    }
    assert bochnia.fn_head.email in table.output
    assert (unknown.exit_code, unknown.output) == (1, "Error: There is no office 'nie-ma'.\n")
