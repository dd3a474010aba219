"""A late matter that reaches a superior: the letter of that day says so first, and who was reminded and when."""

from collections.abc import Iterator
from datetime import date, timedelta
from datetime import time as hour

import pytest
from sqlalchemy import select

from qms.core import clock
from qms.core.db import db
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.people.models import Person
from tests.support.ledger import nonconformity, plan, without_trainings
from tests.support.mail_server import MailServer, Taken, mail_server
from tests.support.post import at, send
from tests.support.world import TODAY, OfficeWorld, World

DUE = TODAY - timedelta(days=14)  # a Friday; a fortnight later the secretary is told
STEPS = (DUE, DUE + timedelta(days=3), DUE + timedelta(days=7), TODAY)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    with without_trainings():
        with writing():
            world.bochnia.secretary.letters_at = hour(14)
        yield world.bochnia


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def live(
    of: OfficeWorld, server: MailServer, days: tuple[date, ...] = STEPS, *, until: tuple[int, int] = (8, 0)
) -> None:
    """Plan and send on each of these days."""
    for day in days:
        plan(of, day)
        with clock.at(at(day, *until)):
            send(server)


def to(server: MailServer, person: Person) -> list[Taken]:
    return server.letters_to(person.email)


@pytest.mark.parametrize(
    ("language", "subject", "table"),
    [
        ("pl", "Wydział Finansowy: 1 sprawa po terminie", "Wysłano przypomnienia: Fn Head Sp-Bochnia – 06.11"),
        ("en", "Wydział Finansowy: 1 matter overdue", "Reminded: Fn Head Sp-Bochnia – 06.11"),
    ],
)
def test_the_superior_reads_first_what_is_late_and_who_was_reminded_when(
    bochnia: OfficeWorld, server: MailServer, *, language: str, subject: str, table: str
) -> None:
    with writing():
        bochnia.secretary.language = language
    nonconformity(bochnia, due_on=DUE)

    live(bochnia, server)

    [taken] = to(server, bochnia.secretary)
    assert taken.message["Subject"] == subject
    assert table in taken.text
    assert "09.11.2026" in taken.text
    assert bochnia.proxy.name in taken.text
    assert taken.text.count("/ustalenia/") == 1


def test_it_leaves_when_the_working_day_begins_and_not_at_the_hour_of_the_superior(
    bochnia: OfficeWorld, server: MailServer
) -> None:
    nonconformity(bochnia, due_on=DUE)

    live(bochnia, server, STEPS[:-1])
    plan(bochnia, TODAY)

    letters = db.session.scalars(select(Letter).where(Letter.person_id == bochnia.secretary.id)).all()
    assert [letter.not_before for letter in letters] == [at(TODAY, 7)]
    with clock.at(at(TODAY, 7, 1)):
        send(server)
    assert len(to(server, bochnia.secretary)) == 1


def test_a_letter_that_waits_for_its_hour_is_brought_forward(bochnia: OfficeWorld, server: MailServer) -> None:
    nonconformity(bochnia, due_on=TODAY, department="OR")  # the secretary's own
    plan(bochnia, TODAY)
    letters = select(Letter).where(Letter.person_id == bochnia.secretary.id)
    assert db.session.scalars(letters).one().not_before == at(TODAY, 14)
    nonconformity(bochnia, due_on=DUE)

    plan(bochnia, TODAY, is_whole=True)

    letter = db.session.scalars(letters.execution_options(populate_existing=True)).one()
    assert letter.not_before == at(TODAY, 7)
    with clock.at(at(TODAY, 8)):
        send(server)
    [taken] = to(server, bochnia.secretary)
    assert taken.message["Subject"] == "Wydział Finansowy: 1 sprawa po terminie"
    assert (taken.text.count("/ustalenia/"), taken.text.count("/o/odpowiedz/")) == (1, 1)


def test_later_steps_come_at_the_usual_hour_with_the_usual_subject(bochnia: OfficeWorld, server: MailServer) -> None:
    nonconformity(bochnia, due_on=DUE)

    live(bochnia, server)
    live(bochnia, server, (TODAY + timedelta(days=3),), until=(14, 1))

    second = to(server, bochnia.secretary)[1]
    assert second.message["Subject"] == "Po terminie: 1 sprawa"
    assert "Wysłano przypomnienia" not in second.text
    letters = select(Letter.not_before).where(Letter.person_id == bochnia.secretary.id).order_by(Letter.id.desc())
    assert db.session.scalars(letters).first() == at(TODAY + timedelta(days=3), 14)


def test_matters_of_several_departments_name_none(bochnia: OfficeWorld, server: MailServer) -> None:
    for symbol in ("FN", "GD"):
        nonconformity(bochnia, due_on=DUE - timedelta(days=symbol == "FN"), department=symbol)

    live(bochnia, server, (DUE, TODAY))

    [taken] = to(server, bochnia.secretary)
    assert taken.message["Subject"] == "Po terminie mimo przypomnień: 2 sprawy"
    assert taken.text.count("/ustalenia/") == 2


def test_what_is_done_by_then_calls_for_nobody(bochnia: OfficeWorld, server: MailServer) -> None:
    case = nonconformity(bochnia, due_on=DUE)
    live(bochnia, server, STEPS[:-1])
    plan(bochnia, TODAY)
    with writing():
        case.waits_for = case.due_on = None

    with clock.at(at(TODAY, 8)):
        send(server)

    assert to(server, bochnia.secretary) == []
