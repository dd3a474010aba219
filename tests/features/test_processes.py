"""Processes of an office: where they run, who answers for them, and what follows for audits."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.errors import InvalidInput
from qms.offices import queries
from qms.offices.models import Process, ProcessOwner
from qms.people import processes
from qms.people.processes import ProcessFacts
from tests.support.application import typed
from tests.support.world import SINCE, TODAY, OfficeWorld

OFFICE = "/u/sp-bochnia"


def facts(place: OfficeWorld, **changed: Any) -> ProcessFacts:
    usual = {
        "name": "Pobór podatków",
        "symbol": "P-01",
        "department_ids": frozenset({place.departments["FN"].id}),
        "owner_id": place.fn_head.id,
        "owned_from": SINCE,
    }
    return ProcessFacts(**(usual | changed))


@pytest.fixture
def taxes(world: Any) -> Process:
    with scoped(EVERY_OFFICE):
        process = processes.open_process(world.bochnia.office, facts(world.bochnia))
        db.session.commit()
    return process


def owners(process_id: int) -> list[tuple[int, str, str]]:
    with scoped(EVERY_OFFICE):
        held = db.session.scalars(select(ProcessOwner).where(ProcessOwner.process_id == process_id).order_by("from_on"))
        found = [(each.person_id, str(each.from_on), str(each.until_on)) for each in held]
        db.session.rollback()
    return found


def test_a_process_is_added_shown_changed_and_closed_on_its_pages(world, signed_in):
    place = world.bochnia
    browser = signed_in(place.office_admin)
    sent = {
        "name": "Wydawanie praw jazdy",
        "symbol": "P-04",
        "department_ids": [str(place.departments["KM"].id)],
        "importance": "3",
        "owner_id": str(place.km_head.id),
        "owned_from": "1.2.2026",
    }

    added = typed(browser, f"{OFFICE}/procesy/nowy", **sent)

    assert added.location == f"{OFFICE}/urzad"
    row = BeautifulSoup(browser.get(f"{OFFICE}/urzad").data, "html.parser").select_one(
        "a[href*='/procesy/']:-soup-contains('praw jazdy')"
    )
    assert row.find_parent("tr").get_text(" ", strip=True).startswith("P-04 Wydawanie praw jazdy Km Head Sp-Bochnia KM")
    with scoped(EVERY_OFFICE):
        (process,) = queries.processes(place.office.id)
        key = process.key
        db.session.rollback()
    assert typed(browser, f"{OFFICE}/procesy/{key}/zmien", **(sent | {"importance": "1"})).status_code == 302
    closed = typed(browser, f"{OFFICE}/procesy/{key}/zamknij", closed_on="19.11.2026", reason="Zarządzenie 40/2026")
    assert closed.status_code == 302
    assert "Wydawanie praw jazdy" not in browser.get(f"{OFFICE}/urzad").text


def test_an_empty_form_says_what_is_missing(world, signed_in):
    page = typed(signed_in(world.bochnia.proxy), f"{OFFICE}/procesy/nowy", name="", symbol="", owned_from="")

    wrong = {each["id"] for each in BeautifulSoup(page.data, "html.parser").select("p.error")}
    assert wrong == {f"{name}-error" for name in ("name", "symbol", "department_ids", "owned_from")}


def test_a_symbol_is_taken_within_its_office_only(world, taxes):
    with scoped(EVERY_OFFICE):
        processes.open_process(world.leczyca.office, facts(world.leczyca))
        with pytest.raises(InvalidInput) as refused:
            processes.open_process(world.bochnia.office, facts(world.bochnia))

    assert refused.value.field == "symbol"


def test_a_new_owner_follows_the_one_before_and_both_stay_known(world, taxes):
    place, taxes_id = world.bochnia, taxes.id
    with scoped(EVERY_OFFICE):
        processes.change_process(taxes, facts(place, owner_id=place.fn_clerk.id, owned_from=date(2026, 6, 1)))
        db.session.commit()

    assert owners(taxes_id) == [
        (place.fn_head.id, str(SINCE), "2026-05-31"),
        (place.fn_clerk.id, "2026-06-01", "None"),
    ]


def test_a_process_may_be_left_without_an_owner(world, taxes):
    taxes_id = taxes.id
    with scoped(EVERY_OFFICE):
        processes.change_process(taxes, facts(world.bochnia, owner_id=None, owned_from=date(2026, 6, 1)))
        db.session.commit()
        assert (processes.owner_of(taxes, date(2026, 5, 31)), processes.owner_of(taxes, TODAY)) == (
            world.bochnia.fn_head.id,
            None,
        )

    assert len(owners(taxes_id)) == 1


def test_the_first_day_of_the_owner_may_be_corrected(world, taxes):
    taxes_id, head = taxes.id, world.bochnia.fn_head.id
    with scoped(EVERY_OFFICE):
        processes.change_process(taxes, facts(world.bochnia, owned_from=date(2025, 1, 1)))
        db.session.commit()

    assert owners(taxes_id) == [(head, "2025-01-01", "None")]


@pytest.mark.parametrize("day", [SINCE, date(2020, 1, 1)])
def test_a_new_owner_does_not_begin_before_the_one_there_is(world, taxes, day):
    place = world.bochnia
    with scoped(EVERY_OFFICE), pytest.raises(InvalidInput, match="Fn Head Sp-Bochnia was the owner") as refused:
        processes.change_process(taxes, facts(place, owner_id=place.fn_clerk.id, owned_from=day))

    assert refused.value.field == "owned_from"


def test_a_change_of_the_owner_alone_makes_a_new_version(world, taxes):
    version = taxes.version
    with scoped(EVERY_OFFICE):
        processes.change_process(taxes, facts(world.bochnia, owner_id=None, owned_from=TODAY))
        db.session.commit()

        assert taxes.version == version + 1
