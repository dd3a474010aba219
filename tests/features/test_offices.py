"""An office as it is set up: departments, limits, settings, numbers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.trail import TrailEntry
from qms.domain.errors import InvalidInput
from qms.domain.limits import STARTER_LIMITS, Limit, Unit, value_shown
from qms.offices import queries, service
from qms.offices.models import Department, Office
from qms.people import service as people
from tests.support.application import NOON, typed
from tests.support.world import SINCE, TODAY

OFFICE = "/u/sp-bochnia"


def errors(response):
    page = BeautifulSoup(response.data, "html.parser")
    return {each["id"].removesuffix("-error") for each in page.select("main p.error")}


def department(office, symbol):
    with scoped(EVERY_OFFICE):
        found = db.session.scalar(
            select(Department)
            .where(Department.office_id == office.id, Department.symbol == symbol)
            .execution_options(populate_existing=True)
        )
        db.session.commit()
    return found


def limits(office):
    with scoped(EVERY_OFFICE):
        found = queries.limits([office.id])[office.id]
        db.session.commit()
    return found


# Departments


def test_a_department_is_added_as_part_of_another(signed_in, world):
    place = world.bochnia
    sent = {"name": "Referat Dróg", "symbol": "KM.II", "parent": place.departments["KM"].key}

    answer = typed(signed_in(place.proxy), f"{OFFICE}/komorki/nowa", **sent)

    assert answer.location == f"{OFFICE}/urzad"
    added = department(place.office, "KM.II")
    assert (added.name, added.parent_id) == ("Referat Dróg", place.departments["KM"].id)


def test_a_symbol_is_taken_within_its_office_only(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    with scoped(EVERY_OFFICE):
        service.open_department(world.leczyca.office, name="Promocja", symbol="PR")
        db.session.commit()

    free = typed(client, f"{OFFICE}/komorki/nowa", name="Promocja", symbol="PR", parent="")
    taken = typed(client, f"{OFFICE}/komorki/nowa", name="Prawny", symbol="PR", parent="")

    assert free.status_code == 302
    assert errors(taken) == {"symbol"}


def test_departments_stand_in_polish_order(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    for number, name in enumerate(["Zamówienia", "Łączność", "Lokale", "Świadczenia", "Sport", "Środowisko"]):
        typed(client, f"{OFFICE}/komorki/nowa", name=name, symbol=f"X{number}", parent="")

    page = BeautifulSoup(client.get(f"{OFFICE}/urzad").data, "html.parser")
    names = [
        link.get_text() for link in page.select("td a") if "/komorki/" in link["href"] and "/zmien" in link["href"]
    ]
    assert [name for name in names if not name.startswith("Wydział")] == [
        "Lokale",
        "Łączność",
        "Sport",
        "Środowisko",
        "Świadczenia",
        "Zamówienia",
    ]


def change(client, found, **fields):
    sent = {"name": found.name, "symbol": found.symbol, "parent": ""}
    return typed(client, f"{OFFICE}/komorki/{found.key}/zmien", **sent | fields)


def test_a_department_is_corrected(signed_in, world):
    place = world.bochnia

    change(signed_in(place.proxy), place.departments["FN"], name="Wydział Finansów", parent=place.departments["OR"].key)

    found = department(place.office, "FN")
    assert (found.name, found.parent_id) == ("Wydział Finansów", place.departments["OR"].id)


def test_a_department_is_no_part_of_itself_also_round_a_corner(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    change(client, place.departments["FN"], parent=place.departments["OR"].key)

    own = change(client, place.departments["OR"], parent=place.departments["OR"].key)
    round_a_corner = change(client, place.departments["OR"], parent=place.departments["FN"].key)

    assert errors(own) == errors(round_a_corner) == {"parent"}
    assert department(place.office, "OR").parent_id is None


def test_a_department_saved_by_somebody_else_meanwhile_is_not_overwritten(signed_in, world):
    place, address = world.bochnia, f"{OFFICE}/komorki/{world.bochnia.departments['FN'].key}/zmien"
    late, early = signed_in(place.proxy), signed_in(place.office_admin)
    page = BeautifulSoup(late.get(address).data, "html.parser")
    loaded = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    change(early, place.departments["FN"], name="Wcześniejsza")

    answer = late.post(address, data=loaded | {"name": "Późniejsza", "symbol": "FN", "parent": ""})

    assert answer.status_code == 409
    assert department(place.office, "FN").name == "Wcześniejsza"


def close(client, found, **fields):
    sent = {"closed_on": "20.11.2026", "reason": "nowy regulamin"}
    return typed(client, f"{OFFICE}/komorki/{found.key}/zamknij", **sent | fields)


def test_an_empty_department_is_closed_and_its_name_stays(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    with scoped(EVERY_OFFICE):
        empty = service.open_department(place.office, name="Promocja", symbol="PR")
        db.session.commit()

    close(client, empty)

    assert department(place.office, "PR").closed_on == TODAY
    with scoped(frozenset({place.office.id})):
        assert "PR" in [each.symbol for each in queries.departments(place.office.id, TODAY)]
        assert "PR" not in [each.symbol for each in queries.departments(place.office.id, date(2026, 11, 21))]
        assert "PR" in [each.symbol for each in queries.departments(place.office.id)]


@pytest.mark.parametrize(("last_day", "is_closed"), [("30.11.2026", False), ("31.12.2026", True)])
def test_a_department_is_not_closed_while_people_work_in_it(signed_in, world, last_day, is_closed):
    place = world.bochnia
    with scoped(EVERY_OFFICE):
        empty = service.open_department(place.office, name="Promocja", symbol="PR")
        db.session.flush()
        people.join(place.fn_clerk, empty, from_on=SINCE, until_on=date(2026, 12, 31))
        db.session.commit()

    answer = close(signed_in(place.proxy), empty, closed_on=last_day)

    assert (answer.status_code == 302) is is_closed
    assert (department(place.office, "PR").closed_on is not None) is is_closed


def test_a_department_with_others_in_it_is_not_closed(signed_in, world):
    place = world.bochnia
    with scoped(EVERY_OFFICE):
        above = service.open_department(place.office, name="Pion", symbol="P")
        db.session.flush()
        service.open_department(place.office, name="Promocja", symbol="PR", parent=above)
        db.session.commit()

    refused = close(signed_in(place.proxy), above)

    assert BeautifulSoup(refused.data, "html.parser").select(".error-summary li")
    assert department(place.office, "P").closed_on is None


@pytest.mark.parametrize("page", ["zmien", "zamknij"])
def test_departments_of_another_office_are_not_there(signed_in, world, page):
    client = signed_in(world.bochnia.proxy)
    key = world.leczyca.departments["FN"].key

    assert client.get(f"{OFFICE}/komorki/{key}/{page}").status_code == 404
    assert client.get(f"/u/sp-leczyca/komorki/{key}/{page}").status_code == 404


# Limits


def shown(client):
    """The form of limits as it stands on the page."""
    page = BeautifulSoup(client.get(f"{OFFICE}/terminy").data, "html.parser")
    fields = {field["name"]: field.get("value", "") for field in page.select("main form input")}
    chosen = {field["name"]: field.select_one("option[selected]")["value"] for field in page.select("main form select")}
    return fields | chosen


def test_a_new_office_starts_with_the_proposal_filled_in(signed_in, world):
    fields = shown(signed_in(world.bochnia.proxy))

    assert {name: fields[name] for name in STARTER_LIMITS} == {
        name: value_shown(limit) for name, limit in STARTER_LIMITS.items()
    }
    assert fields["effectiveness_unit"] == "months"


def test_limits_are_changed_and_cleared_line_by_line(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    sent = shown(client) | {"answer": "21", "answer_unit": "working_days", "closing": "", "notice": "10"}

    answer = client.post(f"{OFFICE}/terminy", data=sent)

    assert answer.location == f"{OFFICE}/urzad"
    now = limits(world.bochnia.office)
    assert now["answer"] == Limit(21, Unit.WORKING_DAYS)
    assert now["closing"].value is None
    assert now["notice"] == Limit(10, Unit.DAYS, counts_back=True)
    assert {name: now[name] for name in STARTER_LIMITS if name not in ("answer", "closing", "notice")} == {
        name: limit for name, limit in STARTER_LIMITS.items() if name not in ("answer", "closing", "notice")
    }
    assert limits(world.leczyca.office) == STARTER_LIMITS
    told = db.session.scalars(select(TrailEntry.about).where(TrailEntry.person_id == world.bochnia.proxy.id)).all()
    assert told == ["office_limit"] * 3


@pytest.mark.parametrize("typed_length", ["-1", "1201", "14,5", "czternaście", "٣", "9" * 5000])
def test_a_length_that_is_no_whole_number_is_refused_with_all_lines_kept(signed_in, world, typed_length):
    client = signed_in(world.bochnia.proxy)

    refused = client.post(f"{OFFICE}/terminy", data=shown(client) | {"answer": typed_length, "report": "30"})

    assert errors(refused) == {"answer"}
    page = BeautifulSoup(refused.data, "html.parser")
    assert page.select_one("#report")["value"] == "30"
    assert limits(world.bochnia.office) == STARTER_LIMITS


def test_limits_saved_by_somebody_else_meanwhile_are_not_overwritten(signed_in, world):
    late, early = signed_in(world.bochnia.proxy), signed_in(world.bochnia.deputy)
    loaded = shown(late)
    early.post(f"{OFFICE}/terminy", data=shown(early) | {"answer": "21"})

    answer = late.post(f"{OFFICE}/terminy", data=loaded | {"report": "30"})

    assert answer.status_code == 409
    assert limits(world.bochnia.office)["answer"].value == 21
    assert limits(world.bochnia.office)["report"].value == 14


def test_an_unknown_limit_is_refused(world):
    with scoped(frozenset({world.bochnia.office.id})), pytest.raises(InvalidInput, match="no such limit"):
        service.set_limit(world.bochnia.office, "forever", Limit(1))


# Settings


def settings(client, **fields):
    sent = {"audit_pattern": "A-{yyyy}-{n:02}", "finding_pattern": "{prefix}-{yyyy}-{n:03}"}
    return typed(client, f"{OFFICE}/ustawienia", **sent | fields)


def test_settings_are_changed(signed_in, world):
    settings(signed_in(world.bochnia.proxy), shares_content="y", audit_pattern="AW/{n}/{yyyy}")

    office = db.session.get(Office, world.bochnia.office.id, populate_existing=True)
    assert (office.shares_content, office.audit_pattern) == (True, "AW/{n}/{yyyy}")


@pytest.mark.parametrize("field", ["audit_pattern", "finding_pattern"])
@pytest.mark.parametrize("pattern", ["A-{yyyy}", "A-{n}", "{n}{yyyy}{0.__class__}"])
def test_a_pattern_that_could_give_a_number_twice_is_refused_at_its_field(signed_in, world, field, pattern):
    refused = settings(signed_in(world.bochnia.proxy), **{field: pattern})

    assert errors(refused) == {field}
    assert db.session.get(Office, world.bochnia.office.id, populate_existing=True).audit_pattern == "A-{yyyy}-{n:02}"


def test_a_coordinator_reads_content_only_of_an_office_that_agreed(signed_in, world):
    client = signed_in(world.coordinator)
    before = client.get(f"{OFFICE}/audity").status_code
    settings(signed_in(world.bochnia.proxy), shares_content="y")

    assert (before, client.get(f"{OFFICE}/audity").status_code) == (403, 200)
    assert client.get("/u/sp-leczyca/audity").status_code == 403


# Who may


WHO = """
              proxy  deputy  head  secretary  office_admin  auditor  external  fn_head  coordinator  admin
    urzad     200    200     403   403        200           403      403       403      403          404
    osoby     200    200     200   200        200           200      200       200      403          404
    wylaczenia 200   200     200   200        200           200      200       200      403          404
    dni-wolne 200    200     200   200        200           200      200       200      403          404
    wylaczenia/nowe 200 200  403   403        403           403      403       403      403          404
    dni-wolne/nowe 200 200   403   403        403           403      403       403      403          404
    terminy   200    200     403   403        403           403      403       403      403          404
    ustawienia 200   200     403   403        403           403      403       403      403          404
    komorki/nowa 200 200     403   403        200           403      403       403      403          404
    osoby/nowa 200   200     403   403        200           403      403       403      403          404
    stanowiska/nowe 200 200  403   403        200           403      403       403      403          404
    stanowiska/pelnomocnik 403 403 200 200    403           403      403       403      403          404
"""


def test_each_page_opens_only_for_those_who_may(signed_in, world):
    readers, *lines = [line.split() for line in WHO.strip().splitlines()]
    everybody = {**world.bochnia.people, "coordinator": world.coordinator, "admin": world.admin}
    clients = {reader: signed_in(everybody[reader]) for reader in readers}

    answers = [
        [path, *(str(clients[who].get(f"{OFFICE}/{path}").status_code) for who in readers)] for path, *_ in lines
    ]

    assert answers == lines
    stranger = signed_in(world.leczyca.proxy)
    assert {stranger.get(f"{OFFICE}/{path}").status_code for path, *_ in lines} == {404}


@pytest.mark.parametrize(
    ("reader", "shown"),
    [
        ("proxy", True),
        ("deputy", True),
        ("office_admin", True),
        ("head", False),
        ("secretary", False),
        ("km_head", False),
    ],
)
def test_the_letters_stand_in_the_menu_of_those_who_run_the_office(signed_in, world, reader, shown):
    page = BeautifulSoup(signed_in(world.bochnia.people[reader]).get("/zadania").data, "html.parser")

    assert (f"{OFFICE}/listy" in [link["href"] for link in page.select("nav.tabs a")]) is shown


# Numbers


def test_numbers_follow_the_pattern_and_start_again_each_year(world):
    office = world.bochnia.office
    with scoped(frozenset({office.id})):
        given = [service.next_number(office, "audit", on) for on in (TODAY, TODAY, date(2027, 1, 1), TODAY)]

    assert given == ["A-2026-01", "A-2026-02", "A-2027-01", "A-2026-03"]


def test_kinds_that_print_alike_share_one_counter(world):
    office = world.bochnia.office
    office.finding_pattern = "NZ/{unit}/{n}/{yyyy}"
    with scoped(frozenset({office.id})):
        given = [service.next_number(office, kind, TODAY, prefix=kind, unit="FN") for kind in ("N", "S", "N")]

    assert given == ["NZ/FN/1/2026", "NZ/FN/2/2026", "NZ/FN/3/2026"]


def test_a_pattern_changed_to_and_fro_gives_no_number_twice(world):
    office = world.bochnia.office
    given = []
    with scoped(frozenset({office.id})):
        for pattern in ("A-{yyyy}-{n:02}", "AW/{n}/{yyyy}", "A-{yyyy}-{n:02}"):
            office.audit_pattern = pattern
            given += [service.next_number(office, "audit", TODAY) for _ in range(2)]

    assert given == ["A-2026-01", "A-2026-02", "AW/1/2026", "AW/2/2026", "A-2026-03", "A-2026-04"]


def test_two_at_once_get_two_numbers(app: Flask, world):
    office_id = world.bochnia.office.id
    db.session.commit()

    def take(_place):
        with app.app_context(), clock.at(NOON), scoped(frozenset({office_id})):
            number = service.next_number(db.session.get_one(Office, office_id), "audit", TODAY)
            db.session.commit()
        return number

    with ThreadPoolExecutor(4) as pool:
        given = sorted(pool.map(take, range(12)))

    assert given == [f"A-2026-{number:02}" for number in range(1, 13)]
