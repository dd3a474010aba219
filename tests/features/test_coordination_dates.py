"""The coordinator's days of certificates: every office's, the nearest first, and nothing of what is inside."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.people.models import Person
from tests.support.cases import Case, later
from tests.support.ledger import nonconformity
from tests.support.offices import an_office, certify
from tests.support.statements import counted
from tests.support.world import World

DATES = "/urzedy/terminy"
SignIn = Callable[[Person], FlaskClient]


def rows(client: FlaskClient, address: str = DATES) -> list[list[str]]:
    page = client.get(address)
    assert page.status_code == 200
    found = BeautifulSoup(page.data, "html.parser").select("main tbody tr")
    return [[" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("th, td")] for row in found]


@pytest.fixture
def offices(world: World) -> None:
    """One certificate ended a month ago and may still be restored, one ends in a month, one in two years."""
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, starts=-1065, ends=30)
        certify(world.leczyca.office, starts=-300, ends=795)
        certify(an_office("Łódź"), starts=-1126, ends=-31)
        db.session.commit()


def test_days_stand_in_order_with_office_what_why_and_days_left(offices: None, world: World, signed_in: SignIn) -> None:
    found = rows(signed_in(world.coordinator))

    ends = [row for row in found if row[1] == "Odnów certyfikat"]
    assert [row[0] for row in ends] == ["Urząd Miasta Łódź", "Starostwo Powiatowe w Bochni"]
    assert ends[0][2] == "20.10.2026 31 dni po terminie"
    assert ends[1][2] == "20.12.2026 za 30 dni"
    assert ends[1][3] == "Ostatni dzień ważności podany na certyfikacie."
    assert [row[0] for row in found if "nadz" in row[1]][-1] == "Starostwo Powiatowe w Łęczycy"


def test_other_overdue_things_of_an_office_are_counted_not_named(
    offices: None, world: World, signed_in: SignIn
) -> None:
    Case(world.bochnia).publish()
    with scoped(EVERY_OFFICE):
        for days in (-3, 3):
            nonconformity(world.bochnia, due_on=later(days))

    client = signed_in(world.coordinator)

    assert {row[0]: row[4] for row in rows(client)} == {
        "Starostwo Powiatowe w Bochni": "1",
        "Starostwo Powiatowe w Łęczycy": "0",
        "Urząd Miasta Łódź": "0",
    }
    page = client.get(DATES).get_data(as_text=True)
    everybody = {person.name for person in db.session.scalars(select(Person))} - {world.coordinator.name}
    assert not [name for name in everybody if name in page]
    assert "upoważnie" not in page


def test_fifty_days_a_page_and_as_many_queries_for_one_office_as_for_sixty(world: World, signed_in: SignIn) -> None:
    client, counts = signed_in(world.coordinator), []
    for number in range(60):
        with scoped(EVERY_OFFICE):
            certify(an_office(f"Miasto{number}", number), starts=-1065, ends=30)
            db.session.commit()
        if number in {0, 59}:
            with counted() as statements:
                found = rows(client)
            counts.append(len(statements))

    assert len(found) == 50
    assert counts[0] == counts[1]
    assert rows(client, f"{DATES}?strona=2") != found
    assert rows(client, f"{DATES}?strona=9999") == rows(client, f"{DATES}?strona=99999")


@pytest.mark.parametrize("name", ["proxy", "head", "office_admin", "external"])
def test_people_of_an_office_do_not_know_that_there_is_such_a_page(world: World, signed_in: SignIn, name: str) -> None:
    assert signed_in(world.bochnia.people[name]).get(DATES).status_code == 404


def test_the_list_of_offices_leads_there(world: World, signed_in: SignIn) -> None:
    assert f'href="{DATES}"' in signed_in(world.coordinator).get("/urzedy").get_data(as_text=True)


def test_with_no_certificate_at_all_the_page_says_so(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.coordinator)

    assert rows(client) == []
    assert "żaden certyfikat niczego nie wymaga" in client.get(DATES).get_data(as_text=True)
