"""Processes beside departments in the programme of a year."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.audits.models import AuditProcess
from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput
from qms.domain.programme import Change, changes
from qms.domain.proposal import greedy
from qms.domain.turns import NEVER_SEEN
from qms.offices.models import Process
from qms.people import processes
from qms.people.models import Person
from qms.people.processes import ProcessFacts
from qms.programme import proposing, service
from qms.programme.proposing import Asked
from tests.support.audits import trained
from tests.support.cases import plan_audit
from tests.support.forms import send
from tests.support.programmes import YEAR, add, approve, newest, planned
from tests.support.programmes import send as send_for_approval
from tests.support.world import SINCE, TODAY, OfficeWorld, World

ASKED = Asked(edition_code="9001:2015", most_a_month=3, most_a_lead=6)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def open_process(place: OfficeWorld, name: str = "Pobór podatków", symbol: str = "FN", **facts: int) -> Process:
    units = frozenset({place.departments[symbol].id})
    wanted = ProcessFacts(name=name, symbol=name[:3], department_ids=units, owned_from=SINCE, **facts)
    process = processes.open_process(place.office, wanted)
    db.session.commit()
    return process


def suggested(place: OfficeWorld) -> dict[int, list[str]]:
    """By process, the messages of why its audit was suggested."""
    question = proposing.question(place.office, YEAR, ASKED, today=TODAY)
    programme = proposing.take_over(place.office, question, greedy(question.problem))
    db.session.commit()
    rows = [(part.process_id, entry) for entry in programme.planned for part in entry.processes]
    return {process_id: [each.message for each in service.told_reasons(entry)] for process_id, entry in rows}


def both_trained(place: OfficeWorld) -> None:
    for name in ("auditor", "second_auditor"):
        trained(place, place.people[name])
    db.session.commit()


def test_a_suggestion_takes_each_process_along_and_says_why(bochnia: OfficeWorld) -> None:
    both_trained(bochnia)
    taxes, roads = open_process(bochnia), open_process(bochnia, "Rejestracja pojazdów", "KM")

    found = suggested(bochnia)

    assert set(found) == {taxes.id, roads.id}
    assert all(NEVER_SEEN in reasons for reasons in found.values())


def test_nobody_is_suggested_to_audit_the_process_they_own(bochnia: OfficeWorld) -> None:
    both_trained(bochnia)
    owned = open_process(bochnia, owner_id=bochnia.auditor.id)
    suggested(bochnia)

    entries = [entry for entry in newest(bochnia).planned for part in entry.processes if part.process_id == owned.id]

    assert all(entry.lead_id != bochnia.auditor.id for entry in entries)


def test_a_process_that_is_planned_already_is_not_suggested_again(bochnia: OfficeWorld) -> None:
    both_trained(bochnia)
    taxes = open_process(bochnia)
    add(bochnia, planned(bochnia, "FN", process_ids=frozenset({taxes.id})))

    suggested(bochnia)

    held = [part.process_id for entry in newest(bochnia).planned for part in entry.processes]
    assert held == [taxes.id]


def test_a_process_of_another_office_cannot_be_planned(world: World) -> None:
    with scoped(frozenset({world.leczyca.office.id})):
        theirs = open_process(world.leczyca).id

    with pytest.raises(InvalidInput) as refusal:
        add(world.bochnia, planned(world.bochnia, process_ids=frozenset({theirs})))

    assert refusal.value.field == "process_ids"


def test_a_new_version_keeps_processes_and_a_change_of_them_is_told(bochnia: OfficeWorld) -> None:
    taxes = open_process(bochnia)
    add(bochnia, planned(bochnia, process_ids=frozenset({taxes.id})))
    send_for_approval(bochnia)
    approve(bochnia, bochnia.head)
    old = newest(bochnia).planned[0].compared

    made = service.start_version(newest(bochnia), reason="Zmiana.")
    db.session.commit()
    kept = made.planned[0].compared
    service.change(made.planned[0], planned(bochnia))
    db.session.commit()

    assert changes({1: old}, {1: kept}) == []
    assert changes({1: old}, {1: newest(bochnia).planned[0].compared}) == [(1, Change.PROCESSES)]


def test_the_audit_logged_from_the_programme_is_of_its_processes(world: World, signed_in) -> None:
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        both_trained(place)
        taxes = open_process(place)
    entry = add(place, planned(place, process_ids=frozenset({taxes.id})))
    send_for_approval(place)
    approve(place, place.head)
    browser = signed_in(place.proxy)

    assert "Pobór podatków" in browser.get(f"/u/sp-bochnia/audity/program/{YEAR}").text
    day = date(YEAR, 3, 9).strftime("%d.%m.%Y")
    logged = send(browser, f"/u/sp-bochnia/audity/pozycje/{entry.key}/audit", starts_on=day, ends_on=day)

    assert logged.status_code == 302
    assert "Pobór podatków" in browser.get(logged.location).text


def test_the_map_counts_audits_of_a_process_apart_from_those_of_its_department(
    bochnia: OfficeWorld, signed_in: Callable[[Person], FlaskClient]
) -> None:
    taxes = open_process(bochnia)
    open_process(bochnia, "Wydawanie decyzji")
    held = plan_audit(bochnia)
    plan_audit(bochnia)
    held.processes.append(AuditProcess(office_id=bochnia.office.id, process_id=taxes.id))
    db.session.commit()

    page = signed_in(bochnia.proxy).get(f"/u/{bochnia.office.slug}/audity/program/{TODAY.year}?rozdzial=9")

    cells = {
        row.th.get_text(strip=True): " ".join(row.select("td")[2].stripped_strings)
        for row in BeautifulSoup(page.data, "html.parser").select(".heat tbody tr")
    }
    month = f"{TODAY:%m.%Y}"
    assert cells["Pobór podatków"] == f"1 {month}"
    assert cells["Wydawanie decyzji"] == "brak"
    assert cells["Wydział Finansowy"] == f"2 {month}"
