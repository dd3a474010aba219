"""Days on which one office is closed: on its page, beside those of the whole country."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core.db import db, scoped
from qms.core.trail import TrailEntry
from qms.offices import queries, service
from tests.support.application import typed

OFFICE = "/u/sp-bochnia"
NAME = "Za święto w sobotę"


def add(client, **changed):
    fields = {"from_on": "24.11.2026", "until_on": "", "note": NAME}
    return typed(client, f"{OFFICE}/dni-wolne/nowe", **fields | changed)


def remove(client, day="20261124", **changed):
    fields = {"until_on": "24.11.2026", "reason": "Urząd pracuje."}
    return typed(client, f"{OFFICE}/dni-wolne/{day}/usun", **fields | changed)


def stored(place):
    with scoped(frozenset({place.office.id})):
        found = {each.day: each.note for each in queries.own_days_off(place.office.id)}
        db.session.rollback()
    return found


def errors(response):
    page = BeautifulSoup(response.data, "html.parser")
    return {each["id"].removesuffix("-error"): each.get_text(" ", strip=True) for each in page.select("main p.error")}


def listed(client, year=None):
    """The first cells of both tables: the office's days, and the country's."""
    page = BeautifulSoup(client.get(f"{OFFICE}/dni-wolne" + (f"?rok={year}" if year else "")).data, "html.parser")
    return [[cell.get_text(strip=True) for cell in table.select("tbody th")] for table in page.select("main table")]


def test_a_day_off_is_added_with_its_name_and_told_in_the_trail(signed_in, world):
    answer = add(signed_in(world.bochnia.proxy))

    assert answer.location == f"{OFFICE}/dni-wolne?rok=2026"
    assert stored(world.bochnia) == {date(2026, 11, 24): NAME}
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.about == "office_day_off")).one()
    assert (told.action, told.person_id) == ("created", world.bochnia.proxy.id)


def test_of_a_range_only_working_days_are_added(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    add(client, from_on="28.12.2026")

    add(client, from_on="23.12.2026", until_on="4.1.2027", note="Przerwa")

    days = [day.strftime("%d.%m") for day, note in stored(world.bochnia).items() if note == "Przerwa"]
    assert days == ["23.12", "29.12", "30.12", "31.12", "04.01"]


@pytest.mark.parametrize(
    ("typed_in", "field"),
    [
        ({"from_on": "25.12.2026"}, "from_on"),
        ({"from_on": "28.11.2026", "until_on": "29.11.2026"}, "from_on"),
        ({"from_on": "23.11.2026"}, "from_on"),
        ({"from_on": "24.11.2026", "until_on": "23.11.2026"}, "until_on"),
        ({"from_on": "24.11.2026", "until_on": "25.12.2026"}, "until_on"),
        ({"from_on": "24.11.2026", "until_on": "24.11.9999"}, "until_on"),
        ({"from_on": ""}, "from_on"),
        ({"note": " "}, "note"),
    ],
    ids=["holiday", "weekend", "off already", "backward", "32 days", "years", "no day", "no name"],
)
def test_what_closes_the_office_on_no_working_day_is_refused_at_its_field(signed_in, world, typed_in, field):
    client = signed_in(world.bochnia.proxy)
    add(client, from_on="23.11.2026")

    refused = add(client, **typed_in)

    assert set(errors(refused)) == {field}
    assert list(stored(world.bochnia)) == [date(2026, 11, 23)]


def test_thirty_one_days_are_added_at_once(signed_in, world):
    assert add(signed_in(world.bochnia.proxy), from_on="24.11.2026", until_on="24.12.2026").status_code == 302


def test_a_year_shows_its_own_days_and_the_holidays_of_the_country(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    add(client)
    add(client, from_on="4.1.2027")

    own, statutory = listed(client)
    assert own == ["wtorek 24 listopada 2026 r."]
    assert len(statutory) == 14
    assert "środa 11 listopada 2026 r." in statutory
    own, statutory = listed(client, 2027)
    assert own == ["poniedziałek 4 stycznia 2027 r."]
    assert all("2027" in day for day in statutory)


@pytest.mark.parametrize("year", ["0", "-1", "99999", "x", "1500", "2300"])
def test_a_year_that_is_not_offered_shows_the_present_one(signed_in, world, year):
    assert "11 listopada 2026" in listed(signed_in(world.bochnia.proxy), year)[-1][-4]


def test_the_holidays_are_named_in_the_readers_language(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    world.bochnia.proxy.language = "en"
    db.session.commit()

    assert "Epiphany" in client.get(f"{OFFICE}/dni-wolne").text


def test_a_day_becomes_a_working_day_again_and_the_reason_is_kept(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    add(client)

    answer = remove(client)

    assert answer.location == f"{OFFICE}/dni-wolne?rok=2026"
    assert stored(world.bochnia) == {}
    newest = select(TrailEntry).where(TrailEntry.about == "office_day_off").order_by(TrailEntry.seq.desc()).limit(1)
    told = db.session.scalars(newest).one()
    assert (told.action, told.before["note"], told.reason) == ("deleted", NAME, "Urząd pracuje.")


def test_several_days_are_removed_at_once(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    add(client, until_on="27.11.2026")

    remove(client, "20261125", until_on="26.11.2026")

    assert list(stored(world.bochnia)) == [date(2026, 11, 24), date(2026, 11, 27)]


@pytest.mark.parametrize(("typed_in", "field"), [({"until_on": "23.11.2026"}, "until_on"), ({"reason": " "}, "reason")])
def test_a_removal_backward_or_without_a_reason_is_refused(signed_in, world, typed_in, field):
    client = signed_in(world.bochnia.proxy)
    add(client)

    refused = remove(client, **typed_in)

    assert set(errors(refused)) == {field}
    assert list(stored(world.bochnia)) == [date(2026, 11, 24)]


def test_only_the_proxy_and_the_deputy_see_ways_to_change_the_days(signed_in, world):
    add(signed_in(world.bochnia.proxy))

    for reader, shown in ((world.bochnia.deputy, True), (world.bochnia.auditor, False), (world.bochnia.head, False)):
        page = signed_in(reader).get(f"{OFFICE}/dni-wolne").text
        assert ("/dni-wolne/nowe" in page, "/usun" in page) == (shown, shown)


def test_days_off_of_another_office_are_neither_listed_nor_there(signed_in, world):
    with scoped(frozenset({world.leczyca.office.id})):
        day = date(2026, 11, 24)
        service.add_days_off(world.leczyca.office, from_on=day, until_on=day, note="Tajne")
        db.session.commit()
    client = signed_in(world.bochnia.proxy)

    assert "Tajne" not in client.get(f"{OFFICE}/dni-wolne").text
    assert client.get(f"{OFFICE}/dni-wolne/20261124/usun").status_code == 404
    assert client.get("/u/sp-leczyca/dni-wolne/20261124/usun").status_code == 404
