"""Somebody who is away: their letters go to the substitute and say so, and come back to them on their return."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms import jobs
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.domain.reminders import WARSAW, send_at
from qms.people import absences
from qms.people.models import Absence
from tests.support.application import typed
from tests.support.cases import acting
from tests.support.ledger import ledger, nonconformity, plan, training, without_trainings
from tests.support.post import put
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World


@pytest.fixture(autouse=True)
def _no_trainings(world: World) -> Iterator[None]:
    with without_trainings():
        yield


def be_away(place: OfficeWorld, who: str, first: int, last: int, substitute: str = "") -> None:
    with scoped(frozenset({place.office.id})):
        absences.note(
            place.office,
            place.people[who],
            from_on=day(first),
            until_on=day(last),
            by=acting(place.people[who]),
            today=TODAY,
            substitute_key=place.people[substitute].key if substitute else "",
        )
        db.session.commit()


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def owe_training(place: OfficeWorld) -> None:
    training(place, place.auditor, until=day(30))


def test_the_substitute_is_told_instead(world: World) -> None:
    be_away(world.bochnia, "auditor", -2, 5, "gd_head")
    owe_training(world.bochnia)

    plan(world.bochnia)

    assert ledger() == [("-30", "gd_head"), ("-30", "proxy")]


def test_where_nobody_was_named_the_next_level_is_told_alone(world: World) -> None:
    be_away(world.bochnia, "auditor", -2, 5)
    owe_training(world.bochnia)

    plan(world.bochnia)

    assert ledger() == [("-30", "proxy")]


@pytest.mark.parametrize(("first", "last"), [(-9, -1), (1, 5)])
def test_on_other_days_the_person_is_told(world: World, first: int, last: int) -> None:
    with scoped(frozenset({world.bochnia.office.id})):
        away = {"from_on": day(first), "until_on": day(last), "substitute_id": world.bochnia.gd_head.id}
        db.session.add(Absence(office_id=world.bochnia.office.id, person_id=world.bochnia.auditor.id, **away))
        db.session.commit()
    owe_training(world.bochnia)

    plan(world.bochnia)

    assert ledger() == [("-30", "auditor"), ("-30", "proxy")]


def test_after_the_return_the_person_is_told_of_what_is_still_open(world: World) -> None:
    be_away(world.bochnia, "auditor", 0, 2, "gd_head")
    owe_training(world.bochnia)
    plan(world.bochnia)

    plan(world.bochnia, day(3))

    assert sorted(ledger()) == [("-30", "auditor"), ("-30", "gd_head"), ("-30", "proxy")]


def test_a_substitute_who_left_reads_nothing(world: World) -> None:
    be_away(world.bochnia, "auditor", -2, 5, "gd_head")
    world.bochnia.gd_head.deactivated_at = clock.now()
    db.session.commit()
    owe_training(world.bochnia)

    plan(world.bochnia)

    assert ledger() == [("-30", "proxy")]


def test_an_absence_from_one_office_moves_no_letter_of_another(world: World) -> None:
    be_away(world.leczyca, "auditor", -2, 5, "gd_head")
    owe_training(world.bochnia)

    plan(world.bochnia)

    assert ledger() == [("-30", "auditor"), ("-30", "proxy")]


@pytest.fixture
def on_the_morning() -> Iterator[None]:
    with clock.at(send_at(TODAY, time(9))):
        yield


@pytest.mark.usefixtures("on_the_morning")
def test_the_digest_of_a_substitute_says_for_whom(world: World) -> None:
    be_away(world.bochnia, "auditor", -2, 5, "gd_head")
    owe_training(world.bochnia)
    plan(world.bochnia)

    jobs.run_job("send", TODAY)
    db.session.expire_all()

    texts = {letter.person_id: letter.text for letter in db.session.scalars(select(Letter))}
    assert f"W zastępstwie: {world.bochnia.auditor.name}" in texts[world.bochnia.gd_head.id]
    assert "zastępstwie" not in texts[world.bochnia.proxy.id]


@pytest.mark.usefixtures("on_the_morning")
def test_any_other_letter_goes_to_the_substitute_and_says_so(world: World) -> None:
    be_away(world.bochnia, "auditor", -2, 5, "gd_head")
    letter = put(world.bochnia.auditor, office_id=world.bochnia.office.id, is_awaited=False)

    jobs.run_job("send", TODAY)
    db.session.expire_all()

    db.session.refresh(letter)
    assert letter.sent_to == world.bochnia.gd_head.email
    assert f"zastępujesz: {world.bochnia.auditor.name}" in letter.text
    assert f"zastępujesz: {world.bochnia.auditor.name}" in BeautifulSoup(letter.html, "html.parser").get_text()


@pytest.mark.usefixtures("on_the_morning")
def test_what_somebody_waits_for_themselves_is_never_read_by_another(world: World) -> None:
    be_away(world.bochnia, "auditor", -2, 5, "gd_head")
    letter = put(world.bochnia.auditor, office_id=world.bochnia.office.id)

    jobs.run_job("send", TODAY)
    db.session.expire_all()

    db.session.refresh(letter)
    assert letter.sent_to == world.bochnia.auditor.email


def test_reminders_come_at_the_chosen_hour(world: World) -> None:
    world.bochnia.auditor.letters_at = time(10)
    db.session.commit()
    owe_training(world.bochnia)

    plan(world.bochnia)

    letters = db.session.scalars(select(Letter)).all()
    hours = {letter.person_id: letter.not_before.astimezone(WARSAW).time() for letter in letters}
    assert hours == {world.bochnia.auditor.id: time(10), world.bochnia.proxy.id: time(7, 30)}


def test_who_wants_no_digest_gets_a_letter_for_each_matter(world: World) -> None:
    head, other = world.bochnia.fn_head, world.bochnia.gd_head
    head.wants_digest = False
    db.session.commit()
    for number, department in enumerate(("FN", "GD", "FN", "GD")):
        nonconformity(world.bochnia, due_on=day(number), department=department)

    plan(world.bochnia)

    letters = db.session.scalars(select(Letter.person_id).where(Letter.kind == "digest")).all()
    assert (letters.count(head.id), letters.count(other.id)) == (2, 1)


def noted() -> list[Absence]:
    with scoped(EVERY_OFFICE):
        return list(db.session.scalars(select(Absence)))


PAGE = "/u/sp-bochnia/osoby/{key}/nieobecnosc"


def test_a_person_notes_and_takes_off_an_absence(world: World, signed_in) -> None:
    client, page = signed_in(world.bochnia.fn_clerk), PAGE.format(key=world.bochnia.fn_clerk.key)
    days = {"from_on": "1.12.2026", "until_on": "11.12.2026"}

    answer = typed(client, page, **days, substitute=world.bochnia.gd_head.key)

    assert answer.status_code == 302
    shown = client.get(page).get_data(as_text=True)
    assert "01.12.2026" in shown
    assert world.bochnia.gd_head.name in shown
    form = BeautifulSoup(client.get(page).data, "html.parser").select_one("form[action$=usun]")
    client.post(form["action"], data={each["name"]: each["value"] for each in form.select("input[value]")})
    assert not noted()


def account(client) -> str:
    page = BeautifulSoup(client.get("/konto").data, "html.parser")
    return " ".join(page.select_one("main .summary").get_text(" ").split())


def test_the_account_tells_own_absences_that_are_not_over_with_who_reads_the_letters(world: World, signed_in) -> None:
    clerk = world.bochnia.fn_clerk
    with scoped(frozenset({world.bochnia.office.id})):
        over = {"from_on": day(-9), "until_on": day(-1)}
        db.session.add(Absence(office_id=world.bochnia.office.id, person_id=clerk.id, **over))
        db.session.commit()
    client = signed_in(clerk)
    assert "nie ma" in account(client)

    be_away(world.bochnia, "fn_clerk", 0, 0, "gd_head")
    be_away(world.bochnia, "fn_clerk", 5, 6)
    be_away(world.bochnia, "proxy", 20, 21)
    shown = account(client)

    assert f"Teraz, do 20.11.2026. Listy czyta: {world.bochnia.gd_head.name}." in shown
    assert "25.11.2026 – 26.11.2026. Nikogo nie wskazano" in shown
    assert not [each for each in ("19.11.2026", "10.12.2026", "nie ma") if each in shown]
    assert PAGE.format(key=clerk.key) in client.get("/konto").get_data(as_text=True)


def test_the_account_takes_as_many_queries_for_no_absence_as_for_many(world: World, signed_in) -> None:
    client = signed_in(world.bochnia.fn_clerk)

    def asked() -> int:
        db.session.expire_all()
        with counted() as statements:
            account(client)
        return len(statements)

    for_none = asked()
    for first, who in enumerate(("gd_head", "head", "proxy", "secretary", "auditor")):
        be_away(world.bochnia, "fn_clerk", first, first, who)

    assert asked() == for_none
    assert account(client).count("Listy czyta") == 5


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"from_on": ""}, "Wpisz pierwszy dzień"),
        ({"until_on": "31.02.2027"}, "31.02.2027"),
        ({"until_on": "1.11.2026"}, "Ostatni dzień"),
        ({"substitute": "zzzzzzzz"}, "Wybierz jeszcze raz"),
    ],
)
def test_a_wrong_absence_is_refused_and_keeps_what_was_typed(
    world: World, signed_in, changed: dict[str, str], said: str
) -> None:
    client, page = signed_in(world.bochnia.proxy), PAGE.format(key=world.bochnia.fn_clerk.key)
    given = {"from_on": "1.12.2026", "until_on": "11.12.2026", "substitute": ""} | changed

    answer = typed(client, page, **given)

    assert answer.status_code == 200
    errors = BeautifulSoup(answer.data, "html.parser").select_one("main [role=alert], .errors")
    assert said in errors.get_text()
    assert not noted()
    kept = BeautifulSoup(answer.data, "html.parser").select_one("[name=from_on]")
    assert kept.get("value", "") in {given["from_on"], "01.12.2026"}


# Whose letters the administrator of the office may let whom read; the proxy sees findings anyway.
@pytest.mark.parametrize(
    ("by", "who", "substitute", "is_noted"),
    [
        ("office_admin", "fn_clerk", "km_head", True),
        ("office_admin", "fn_clerk", "office_admin", False),
        ("office_admin", "head", "office_admin", False),
        ("office_admin", "head", "fn_clerk", False),
        ("office_admin", "fn_head", "fn_clerk", False),
        ("office_admin", "head", "secretary", True),
        ("office_admin", "auditor", "second_auditor", True),
        ("office_admin", "head", "", True),
        ("office_admin", "office_admin", "fn_clerk", True),
        ("proxy", "head", "proxy", True),
        ("proxy", "head", "fn_clerk", True),
    ],
)
def test_nobody_comes_by_letters_about_findings_through_keeping_the_list_of_people(
    world: World, signed_in, by: str, who: str, substitute: str, *, is_noted: bool
) -> None:
    place = world.bochnia
    key = place.people[substitute].key if substitute else ""
    days = {"from_on": "23.11.2026", "until_on": "30.11.2026"}

    answer = typed(signed_in(place.people[by]), PAGE.format(key=place.people[who].key), **days, substitute=key)

    assert (answer.status_code == 302) is is_noted
    if not is_noted:
        assert BeautifulSoup(answer.data, "html.parser").select_one("#substitute-error")
