"""The office's catalogue of causes: kept on its page, named by answers, mended by the proxy; what is found by it."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput
from qms.findings import service
from qms.findings.service import Answer, Planned
from qms.offices import queries as offices
from qms.offices.models import CauseKind
from qms.people.models import Person
from tests.support.application import typed
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, form_of, send, shown
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
OFFICE = "/u/sp-bochnia"
LIST = f"{OFFICE}/przyczyny"


def causes(place: OfficeWorld) -> list[CauseKind]:
    db.session.rollback()
    with scoped(frozenset({place.office.id})):
        return offices.cause_kinds(place.office.id)


def key(place: OfficeWorld, starter: str) -> str:
    return next(each.key for each in causes(place) if each.starter == starter)


def told(client: FlaskClient, path: str) -> str:
    main = BeautifulSoup(client.get(path, follow_redirects=True).data, "html.parser").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def change(client: FlaskClient, place: OfficeWorld, starter: str, **wanted: str) -> None:
    path = f"{LIST}/{key(place, starter)}/zmien"
    kept = {"name": shown(client.get(path), "name"), "place": "8", "is_used": "y"}
    fields = {name: value for name, value in (kept | wanted).items() if value}
    assert typed(client, path, **fields).status_code == 302


def answered(case: Case, cause_key: str) -> Case:
    with case.scope():
        plan = (Planned("Założyć rejestr.", case.where.fn_clerk.id, later(30)),)
        answer = Answer(correction="Odnowiono.", cause="Nikt nie pilnuje dat.", cause_key=cause_key, actions=plan)
        service.send_answer(case.again(), answer, by=acting(case.where.fn_head), today=TODAY)
        db.session.commit()
    return case


def test_an_office_keeps_its_own_list_and_others_keep_theirs(world: World, signed_in: SignIn) -> None:
    proxy = signed_in(world.bochnia.proxy)

    twice = send(proxy, f"{LIST}/nowa", name="brak  ZASTĘPSTWA", place="1", is_used="y")
    typed(proxy, f"{LIST}/nowa", name="Zła pogoda", place="1", is_used="y")
    change(proxy, world.bochnia, "tools", name="Sprzęt", is_used="")

    assert "Inna przyczyna ma już tę nazwę" in complaint(twice, "name")
    kept = [(each.place, each.name, each.is_used) for each in causes(world.bochnia) if each.name]
    assert kept == [(1, "Zła pogoda", True), (8, "Sprzęt", False)]
    assert "Zła pogoda do wyboru" in told(proxy, LIST)
    assert [each.name for each in causes(world.leczyca)] == [""] * 8


def test_an_answer_names_a_cause_the_proxy_mends_it_and_the_register_is_narrowed_by_it(
    world: World, signed_in: SignIn
) -> None:
    place, proxy = world.bochnia, signed_in(world.bochnia.proxy)
    named, mended = key(place, "no_substitute"), key(place, "unchecked")
    case = answered(Case(place).publish(), named)
    other = answered(Case(place).publish(), named)
    change(proxy, place, "no_substitute", name="Urlop bez zastępcy", is_used="")

    offered = proxy.get(f"{case.address}/sprawdz")
    assert send(proxy, f"{case.address}/sprawdz", decision="accept", cause_key=mended).status_code == 302

    assert form_of(offered.data)["cause_key"] == [named]  # no longer used, and still what was said
    assert "Rodzaj przyczyny Brak sprawdzenia lub nadzoru" in told(proxy, case.address)
    assert "zmieniono rodzaj przyczyny na: Brak sprawdzenia lub nadzoru." in told(proxy, case.address)
    assert "Brak sprawdzenia lub nadzoru" in told(proxy, f"{case.address}/karta")
    narrowed = told(proxy, f"{OFFICE}/ustalenia?przyczyna={named}")
    assert (other.finding.number in narrowed, case.finding.number in narrowed) == (True, False)
    sheet = proxy.get(f"{OFFICE}/ustalenia.csv?przyczyna={named}").get_data(as_text=True)
    assert "Urlop bez zastępcy" in sheet
    assert "Brak sprawdzenia" not in sheet


def test_a_cause_no_longer_used_is_chosen_by_no_new_answer_and_a_foreign_one_by_none(
    world: World, signed_in: SignIn
) -> None:
    place = world.bochnia
    unused = key(place, "tools")
    change(signed_in(place.proxy), place, "tools", is_used="")
    case = Case(place).publish()

    for wrong in (unused, key(world.leczyca, "tools")):
        with pytest.raises(InvalidInput) as refused:
            answered(case, wrong)
        assert refused.value.field == "cause_key"
        db.session.rollback()


def test_a_new_round_has_a_cause_of_its_own(world: World) -> None:
    case = answered(Case(world.bochnia).publish(), key(world.bochnia, "tools")).accept().do().verify()
    with case.scope():
        service.judge_ineffective(case.finding, "Wróciło.", by=acting(world.bochnia.auditor), today=TODAY)
        db.session.commit()

    first, second = case.again().rounds
    assert (case.finding.cause_key, second.cause_key, bool(first.cause_key)) == (None, None, True)


FIELDS = {
    "correction": "Odnowiono.",
    "cause": "",
    "actions-0-description": "Rejestr.",
    "actions-0-due_on": "27.3.2027",
}
WAYS = {
    "why after why": ({"whys-0": "nikt nie pilnuje", "whys-1": "brak zastępstwa"}, "2. brak zastępstwa"),
    "headings": ({"headings-1": "Nie ma instrukcji."}, "Metoda: Nie ma instrukcji."),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_way_to_a_cause_is_sent_shown_printed_and_stands_in_its_fields_again(
    world: World, signed_in: SignIn, way: str
) -> None:
    fields, line = WAYS[way]
    case, head = Case(world.bochnia).publish(), signed_in(world.bochnia.fn_head)
    proxy, path = signed_in(world.bochnia.proxy), f"{case.address}/odpowiedz"

    check = send(head, path, **FIELDS, **fields)
    sent = head.post(path, data=form_of(check.data) | {"confirm": "1"})

    assert line in BeautifulSoup(check.data, "html.parser").get_text()
    assert sent.status_code == 302
    for page in (case.address, f"{case.address}/sprawdz", f"{case.address}/karta", f"{OFFICE}/ustalenia.csv"):
        assert line in proxy.get(page).get_data(as_text=True), page
    assert send(proxy, f"{case.address}/sprawdz", decision="return", reason="Dlaczego?").status_code == 302
    again = head.get(path)
    assert {name: shown(again, name) for name in fields} == fields
    assert shown(again, "cause").strip() == ""
    assert line in proxy.get(case.address).get_data(as_text=True)  # among what was returned


def test_five_whys_leave_room_for_a_sixth_and_both_ways_at_once_are_refused_with_nothing_lost(
    world: World, signed_in: SignIn
) -> None:
    case, head = Case(world.bochnia).publish(), signed_in(world.bochnia.fn_head)
    path = f"{case.address}/odpowiedz"
    whys = {f"whys-{place}": f"powód {place}" for place in range(5)}

    refused = send(head, path, **FIELDS, **whys, **{"headings-0": "Nie ma przeszkolonych."})

    assert "Zostaw jedno z nich" in complaint(refused, "cause")
    assert (shown(refused, "whys-4"), shown(refused, "headings-0").strip()) == ("powód 4", "Nie ma przeszkolonych.")
    head.post(path, data=form_of(refused.data) | {"draft": "1"})
    assert [shown(head.get(path), name) for name in ("whys-4", "whys-5")] == ["powód 4", ""]


def test_a_cause_that_ends_at_a_person_is_met_with_a_hint_and_sent_all_the_same(
    world: World, signed_in: SignIn
) -> None:
    case, head = Case(world.bochnia).publish(), signed_in(world.bochnia.fn_head)
    path, hint = f"{case.address}/odpowiedz", "Zapytaj jeszcze raz, dlaczego mogło do tego dojść"

    told = send(head, path, **FIELDS | {"cause": "Rejestr nie przypomina o datach."})
    hinted = send(head, path, **FIELDS | {"cause": "Błąd ludzki."})

    assert (hint in told.get_data(as_text=True), hint in hinted.get_data(as_text=True)) == (False, True)
    assert head.post(path, data=form_of(hinted.data) | {"confirm": "1"}).status_code == 302
    assert case.again().rounds[-1].cause == "Błąd ludzki."
