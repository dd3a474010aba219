"""What changed between the planning of a letter and its sending, or since somebody was given something to do."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from qms import jobs
from qms.agenda import queries as agenda
from qms.auth import giving_up
from qms.certificates import service as certificates
from qms.core import clock, trail
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.transactions import writing
from qms.findings.models import Action, Finding
from qms.people import queries as people_queries
from qms.people import service as people
from qms.people.models import Absence, Appointment, Person
from qms.reminders.writing import Ready, write
from tests.features.test_certificates import PRINTED
from tests.support.cases import acting
from tests.support.ledger import plan
from tests.support.mail_server import mail_server
from tests.support.month import EVE, OPENING, eve_of_a_month, letters
from tests.support.post import FRIDAY, MONDAY, SATURDAY, at, send
from tests.support.world import TODAY, OfficeWorld, World

STATUS = "Stan systemu"
SECRET = "Tajne"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """With something to tell of, planned until the eve of a month."""
    with eve_of_a_month(world.bochnia) as office:
        yield office


def tell(on: date) -> None:
    with clock.at(at(on, 5)):
        jobs.run_job("tell", on)


def subjects_sent(to: Person, on: date) -> list[str]:
    with mail_server() as server, clock.at(at(on, 8)):
        send(server)
    return [str(each.message["Subject"]) for each in server.letters_to(to.email)]


def give(owner: Person, of: OfficeWorld, due_on: date) -> None:
    """An action of the office's case, to be done now."""
    [case] = db.session.scalars(select(Finding).where(Finding.office_id == of.office.id))
    case.round_number, case.state, case.waits_for, case.due_on = 1, "planned", "action", due_on
    told = {"office_id": of.office.id, "finding_id": case.id, "owner_id": owner.id, "round_number": 1}
    db.session.add(Action(**told, due_on=due_on, description=SECRET))


@pytest.mark.usefixtures("bochnia")
def test_a_coordinator_named_late_in_a_week_gets_the_letter_of_the_next_one_alone(world: World) -> None:
    with writing():
        db.session.get_one(Person, world.coordinator.id).is_coordinator = False
    tell(FRIDAY)
    with writing():
        db.session.get_one(Person, world.coordinator.id).is_coordinator = True

    for on in (SATURDAY, SATURDAY + timedelta(days=1), MONDAY):
        tell(on)

    assert len(letters("weekly_status")) == 1


def test_no_two_months_are_told_on_one_morning(bochnia: OfficeWorld) -> None:
    plan(bochnia, date(2027, 1, 30))
    plan(bochnia, date(2027, 2, 1))

    leaving = [each.not_before for each in letters("monthly_status") if each.person_id == bochnia.head.id]
    assert len(leaving) == 1


def test_the_address_of_giving_up_stands_in_the_header_as_it_is(bochnia: OfficeWorld) -> None:
    plan(bochnia, OPENING)

    with clock.at(at(OPENING, 8)):
        decided = write(letters("monthly_status")[0].id)

    assert isinstance(decided, Ready)
    [line] = [each for each in decided.message.split(b"\r\n") if each.startswith(b"List-Unsubscribe: ")]
    assert line.startswith(b"List-Unsubscribe: <http")
    assert line.endswith(b">")


def test_who_left_the_post_meanwhile_is_not_told_how_things_stand(bochnia: OfficeWorld) -> None:
    plan(bochnia, OPENING)
    with writing():
        for post in db.session.scalars(select(Appointment).where(Appointment.person_id == bochnia.head.id)):
            post.until_on = EVE

    assert not any(STATUS in subject for subject in subjects_sent(bochnia.head, OPENING))


@pytest.mark.usefixtures("bochnia")
def test_who_coordinates_no_more_is_not_told_of_all_offices(world: World) -> None:
    tell(MONDAY)
    with writing():
        db.session.get_one(Person, world.coordinator.id).is_coordinator = False

    assert subjects_sent(world.coordinator, MONDAY) == []


def test_a_substitute_who_presses_the_letter_away_gets_no_more_of_them(bochnia: OfficeWorld, app: Flask) -> None:
    reader = bochnia.gd_head
    away = {"person_id": bochnia.head.id, "substitute_id": reader.id, "office_id": bochnia.office.id}
    with writing():
        db.session.add(Absence(**away, from_on=EVE, until_on=date(2027, 2, 1)))
    plan(bochnia, OPENING)
    assert any(STATUS in subject for subject in subjects_sent(reader, OPENING))

    path = giving_up.path_of(giving_up.STATUS, reader, app.config["SECRET_KEY"])
    app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    with scoped(EVERY_OFFICE):
        plan(bochnia, date(2027, 1, 4))

    assert [each.person_id for each in letters("monthly_status")].count(reader.id) == 1


def test_who_left_an_office_for_another_is_sent_nothing_of_the_first(bochnia: OfficeWorld, world: World) -> None:
    with writing():
        mover = people.register(name="Nowa Osoba", email="nowa@example.com")
        for department in (bochnia.departments["FN"], next(iter(world.leczyca.departments.values()))):
            people.join(mover, department, from_on=TODAY - timedelta(days=30))
        give(mover, bochnia, OPENING)
    with writing():
        people.end_work(mover, bochnia.office, reason="Umowa wygasła.", by=acting(bochnia.proxy), today=TODAY)
    assert mover.deactivated_at is None
    plan(bochnia, OPENING)

    with mail_server() as server, clock.at(at(OPENING, 8)):
        send(server)

    assert not any(SECRET in each.text for each in server.letters_to(mover.email))
    assert any(SECRET in each.text for each in server.letters_to(bochnia.proxy.email))
    kinds = [task.deadline.kind for task in agenda.tasks_of(people_queries.actor_of(bochnia.proxy, OPENING), OPENING)]
    assert "action" in kinds
    assert agenda.tasks_of(people_queries.actor_of(mover, OPENING), OPENING) == []


def test_an_action_of_somebody_taken_back_on_the_first_day_falls_to_the_proxy(bochnia: OfficeWorld) -> None:
    with writing():
        newcomer = people.register(name="Nowa Osoba", email="nowa@example.com")
        people.join(newcomer, bochnia.departments["FN"], from_on=TODAY)
        db.session.flush()
        give(newcomer, bochnia, TODAY)
    with writing():
        people.end_work(newcomer, bochnia.office, reason="Pomyłka.", by=acting(bochnia.proxy), today=TODAY)

    waiting = [each for each in agenda.waiting([bochnia.office.id], TODAY) if each.kind == "action"]
    tasks = agenda.tasks_of(people_queries.actor_of(bochnia.proxy, TODAY), TODAY)
    assert [each.answers for each in waiting] == [(bochnia.proxy.id,)]
    assert "action" in [task.deadline.kind for task in tasks]


def test_a_new_certificate_is_not_taken_for_one_that_was_removed(world: World) -> None:
    later = TODAY + timedelta(days=200)
    with scoped(EVERY_OFFICE):
        for on in (TODAY, later):
            with clock.at(at(on, 12)):
                with writing():
                    certificate = certificates.record(world.leczyca.office, PRINTED, today=on)
                made_at = trail.recorded_at(certificate)
                assert made_at is not None
                assert clock.day_of(made_at) == on
                with writing():
                    certificates.remove(certificate, reason="Pomyłka.", today=on)
