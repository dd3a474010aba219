"""Letters that tell how things stand: to the management of an office each month, to coordinators each week."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms import jobs
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.domain.deadlines import Kind
from qms.domain.reminders import NO_LADDER
from qms.offices import ladders
from qms.offices import service as offices
from qms.offices.models import OfficeDayOff
from qms.people import service as people
from qms.people.models import Absence, Appointment, Person
from qms.reminders import safety
from tests.support.application import typed
from tests.support.ledger import nonconformity, plan, without_trainings
from tests.support.mail_server import mail_server
from tests.support.month import EVE, OPENING, eve_of_a_month, letters
from tests.support.post import at, send
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
MONTHLY, WEEKLY = "monthly_status", "weekly_status"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """An office with a certificate and one overdue nonconformity, planned until the last day of a month."""
    with eve_of_a_month(world.bochnia) as office:
        yield office


def readers(kind: str = MONTHLY) -> set[str]:
    """To whom they go, by what tests call them."""
    names = {person.id: person.email.partition("@")[0] for person in db.session.scalars(select(Person))}
    return {names[letter.person_id] for letter in letters(kind)}


def test_the_head_and_the_secretary_are_told_on_the_first_working_day_of_a_month(bochnia: OfficeWorld) -> None:
    assert letters(MONTHLY) == []

    plan(bochnia, OPENING)

    assert readers() == {"head", "secretary"}
    assert {letter.not_before.astimezone(clock.WARSAW).isoformat()[:16] for letter in letters(MONTHLY)} == {
        "2026-12-01T07:30"
    }
    for days in range(1, 30):
        plan(bochnia, OPENING + timedelta(days=days))
        plan(bochnia, OPENING + timedelta(days=days), is_whole=True)
    assert len(letters(MONTHLY)) == 2


def test_it_says_what_needs_a_person_first_then_what_changed_then_the_numbers(bochnia: OfficeWorld) -> None:
    with writing():
        bochnia.secretary.language = "en"
    plan(bochnia, OPENING)

    with mail_server() as server, clock.at(at(OPENING, 8)):
        send(server)

    [to_head] = [each for each in server.letters_to(bochnia.head.email) if "Stan systemu" in each.message["Subject"]]
    assert to_head.message["Subject"] == "Stan systemu jakości: listopad 2026"
    assert "to wymaga decyzji: certyfikat kończy się za 39 dni; 1 niezgodność po terminie." in to_head.text
    assert to_head.text.index("to wymaga") < to_head.text.index("Co się zmieniło") < to_head.text.index("Stan na 01.12")
    assert "Otwarte niezgodności: 1" in to_head.text
    assert bochnia.fn_head.name not in to_head.text
    assert str(to_head.message["X-Rejestr-Powod"]) == "kierownik-urzedu"
    [to_secretary] = [
        each for each in server.letters_to(bochnia.secretary.email) if "status" in each.message["Subject"]
    ]
    assert "certificate ends in 39 days; 1 nonconformity overdue." in to_secretary.text


def test_an_office_with_empty_registers_is_told_nothing(world: World) -> None:
    with without_trainings():
        plan(world.leczyca, EVE)
        plan(world.leczyca, OPENING)

    assert letters(MONTHLY) == []


def test_an_office_planned_for_the_first_time_waits_for_the_next_month(world: World) -> None:
    with without_trainings():
        nonconformity(world.bochnia, due_on=TODAY)
        plan(world.bochnia, OPENING)

    assert letters(MONTHLY) == []


@pytest.mark.parametrize("ahead", [date(2026, 12, 18), date(2027, 1, 15), date(2027, 6, 1)])
def test_a_clock_that_was_put_forward_once_does_not_lose_it(bochnia: OfficeWorld, ahead: date) -> None:
    plan(bochnia, ahead)

    for days in range(3):
        plan(bochnia, OPENING + timedelta(days=days))

    assert [letter.payload["month_on"] for letter in letters(MONTHLY)].count("2026-11-01") == 2


def test_after_an_outage_over_several_months_one_letter_comes_about_the_nearest(bochnia: OfficeWorld) -> None:
    plan(bochnia, date(2027, 2, 10))

    assert {letter.payload["month_on"] for letter in letters(MONTHLY)} == {"2027-01-01"}
    assert len(letters(MONTHLY)) == 2


def test_a_day_off_of_the_office_moves_it_to_the_next_working_day(bochnia: OfficeWorld) -> None:
    with writing():
        db.session.add(OfficeDayOff(office_id=bochnia.office.id, day=OPENING))

    plan(bochnia, OPENING)
    assert letters(MONTHLY) == []
    plan(bochnia, OPENING + timedelta(days=1))

    assert readers() == {"head", "secretary"}


def _close(place: OfficeWorld, day: date) -> None:
    with writing():
        offices.add_days_off(place.office, from_on=day, until_on=day, note="Przerwa")


def _open(place: OfficeWorld, day: date) -> None:
    with writing():
        offices.remove_days_off(place.office.id, from_on=day, until_on=day, reason="Urząd pracuje.")


@pytest.mark.parametrize("days", [0, 1, 9])
def test_a_day_off_taken_back_on_the_day_itself_does_not_lose_it(bochnia: OfficeWorld, days: int) -> None:
    _close(bochnia, OPENING)
    plan(bochnia, OPENING)
    assert letters(MONTHLY) == []

    _open(bochnia, OPENING)
    plan(bochnia, OPENING + timedelta(days=days))

    assert readers() == {"head", "secretary"}
    assert {letter.payload["month_on"] for letter in letters(MONTHLY)} == {"2026-11-01"}


def test_a_ladder_changed_on_its_eve_does_not_lose_it(bochnia: OfficeWorld) -> None:
    with writing():
        ladders.change(bochnia.office, Kind.ANSWER, NO_LADDER)

    plan(bochnia, OPENING)

    assert readers() == {"head", "secretary"}


def test_what_is_planned_anew_within_a_month_brings_no_second_one(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    plan(bochnia, OPENING)
    with writing():
        bochnia.proxy.wants_status = True
    later = OPENING + timedelta(days=8)
    _close(bochnia, later + timedelta(days=1))

    with clock.at(at(later, 12)):
        told = signed_in(bochnia.proxy).get("/u/sp-bochnia/listy/plan?okres=rok").text
    assert "poniedziałek 4 stycznia 2027 r." in told
    with scoped(EVERY_OFFICE):
        plan(bochnia, later)
        assert readers() == {"head", "secretary"}


def test_the_proxy_gets_a_copy_only_when_they_asked_for_it_and_others_may_give_it_up(bochnia: OfficeWorld) -> None:
    with writing():
        bochnia.proxy.wants_status, bochnia.head.wants_status = True, False

    plan(bochnia, OPENING)

    assert readers() == {"proxy", "secretary"}


def test_a_substitute_reads_it_for_somebody_away_and_nobody_gets_it_twice(bochnia: OfficeWorld) -> None:
    days = {"from_on": EVE, "until_on": OPENING, "office_id": bochnia.office.id}
    with writing():
        db.session.add(Absence(person_id=bochnia.head.id, substitute_id=bochnia.gd_head.id, **days))
        db.session.add(Absence(person_id=bochnia.secretary.id, **days))

    plan(bochnia, OPENING)
    with mail_server() as server, clock.at(at(OPENING, 8)):
        send(server)

    assert readers() == {"gd_head"}
    [taken] = [each for each in server.letters_to(bochnia.gd_head.email) if "Stan systemu" in each.message["Subject"]]
    assert bochnia.head.name in taken.text


def test_somebody_who_stands_in_for_the_other_post_gets_one_letter(bochnia: OfficeWorld) -> None:
    with writing():
        absence = {"office_id": bochnia.office.id, "from_on": EVE, "until_on": OPENING}
        db.session.add(Absence(person_id=bochnia.secretary.id, substitute_id=bochnia.head.id, **absence))

    plan(bochnia, OPENING)

    [letter] = letters(MONTHLY)
    assert (letter.person_id, letter.payload["instead_of"]) == (bochnia.head.id, None)


def test_many_of_them_on_one_day_are_no_flood(bochnia: OfficeWorld) -> None:
    plan(bochnia, OPENING)
    with clock.at(at(OPENING, 8)), writing():
        now = clock.now()
        row = {"office_id": bochnia.office.id, "person_id": bochnia.head.id, "created_at": now, "not_before": now}
        db.session.add_all(Letter(kind=MONTHLY, dedupe=f"m{number}", **row) for number in range(300))
        db.session.flush()

        assert safety.stem_flood() == 0


def test_what_will_be_sent_names_the_next_of_them_and_its_readers(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    with clock.at(at(EVE, 12)):
        page = BeautifulSoup(signed_in(bochnia.proxy).get("/u/sp-bochnia/listy/plan").data, "html.parser")
        told = page.main.get_text(" ", strip=True)
    assert "wtorek 1 grudnia 2026 r." in told
    assert {bochnia.head.name, bochnia.secretary.name} <= {
        item.get_text().split(",")[0] for item in page.select("main li")
    }

    with scoped(EVERY_OFFICE):
        plan(bochnia, OPENING)
    with clock.at(at(OPENING, 12)):
        client = signed_in(bochnia.proxy)
        soon = client.get("/u/sp-bochnia/listy/plan").text
        later = client.get("/u/sp-bochnia/listy/plan?okres=rok").text
    assert "stycznia 2027" not in soon
    assert "poniedziałek 4 stycznia 2027 r." in later


def tell(on: date, hour: int = 5) -> str:
    with clock.at(at(on, hour)):
        return jobs.run_job("tell", on)


MONDAY = date(2026, 11, 23)


def test_coordinators_are_told_once_a_week_in_counts_and_names_of_offices(bochnia: OfficeWorld, world: World) -> None:
    assert tell(MONDAY) == "1 coordinators told"
    for days in range(1, 7):
        assert tell(MONDAY + timedelta(days=days)) == "no coordinator is owed a letter"

    with mail_server() as server, clock.at(at(MONDAY, 8)):
        send(server)

    [taken] = server.letters_to(world.coordinator.email)
    assert taken.message["Subject"] == "23.11: 1 urząd wymaga uwagi"
    assert "uwagi wymaga 1 urząd z 2." in taken.text
    assert bochnia.office.name in taken.text
    assert "otwarte niezgodności: 1, po terminie: 1" in taken.text
    with scoped(EVERY_OFFICE):
        everybody = {*db.session.scalars(select(Person.name)), *db.session.scalars(select(Person.email))}
    assert [name for name in everybody if name in taken.text] == []
    assert "upoważnień" not in taken.text
    assert str(taken.message["X-Rejestr-Powod"]) == "koordynator"


def test_the_next_weekly_letter_says_what_it_was_before(bochnia: OfficeWorld, world: World) -> None:
    tell(MONDAY)
    with writing(), scoped(EVERY_OFFICE):
        [case] = db.session.scalars(select(Appointment).where(Appointment.person_id == world.leczyca.proxy.id))
        case.until_on = MONDAY
    tell(MONDAY + timedelta(days=7))

    last = max(letters(WEEKLY), key=lambda letter: letter.id)
    assert (last.payload["worries"]["any"], last.payload["before"]["any"]) == (2, 1)


@pytest.mark.usefixtures("bochnia")
def test_after_an_outage_one_weekly_letter_comes_in_the_week_of_the_day(world: World) -> None:
    tell(MONDAY)
    tell(MONDAY + timedelta(days=17))

    assert [letter.dedupe for letter in letters(WEEKLY)] == [
        f"weekly_status:{MONDAY}:{world.coordinator.id}",
        f"weekly_status:{MONDAY + timedelta(days=14)}:{world.coordinator.id}",
    ]


@pytest.mark.usefixtures("bochnia")
def test_when_monday_is_off_the_weekly_letter_waits_for_the_first_working_day(world: World) -> None:
    easter_monday = date(2027, 3, 29)
    with writing():
        db.session.get_one(Person, world.coordinator.id).letters_at = time(9)

    tell(easter_monday)
    assert letters(WEEKLY) == []
    tell(easter_monday + timedelta(days=1))

    [letter] = letters(WEEKLY)
    assert letter.not_before == at(date(2027, 3, 30), 9)


@pytest.mark.usefixtures("bochnia")
def test_a_coordinator_who_gave_it_up_is_told_nothing(world: World) -> None:
    with writing():
        db.session.get_one(Person, world.coordinator.id).wants_status = False

    tell(MONDAY)

    assert letters(WEEKLY) == []


@pytest.mark.usefixtures("app")
def test_a_register_without_offices_has_nothing_to_tell() -> None:
    with writing():
        people.register(name="Anna", email="anna@example.com").is_coordinator = True

    tell(MONDAY)

    assert letters(WEEKLY) == []


def test_the_account_page_offers_it_to_whom_it_may_come_and_keeps_the_post_deciding(
    world: World, signed_in: SignIn
) -> None:
    shown = {}
    for name in ("head", "secretary", "proxy", "fn_clerk"):
        page = BeautifulSoup(signed_in(world.bochnia.people[name]).get("/konto").data, "html.parser")
        ticked = page.select("input[name=wants_status][checked]")
        shown[name] = ticked[0]["value"] if ticked else None
    assert shown == {"head": "tak", "secretary": "tak", "proxy": "nie", "fn_clerk": None}

    chosen = {"language": "pl", "wants_digest": "tydzien", "letters_at": "07:30"}
    typed(signed_in(world.bochnia.head), "/konto", **chosen, wants_status="tak")
    typed(signed_in(world.bochnia.secretary), "/konto", **chosen, wants_status="nie")
    typed(signed_in(world.bochnia.fn_clerk), "/konto", **chosen, wants_status="nie")
    db.session.expire_all()

    head, secretary, clerk = (world.bochnia.people[name] for name in ("head", "secretary", "fn_clerk"))
    assert (head.wants_status, secretary.wants_status, clerk.wants_status) == (None, False, None)
    assert head.wants_digest
    assert head.wants_weekly
