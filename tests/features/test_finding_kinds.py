"""The office's own kinds of finding: on their pages, on findings, in filters and on papers."""

import pytest
from bs4 import BeautifulSoup

from qms.core.db import db, scoped
from qms.findings import queries as finding_queries
from qms.findings import service as findings
from qms.offices import queries
from tests.support.application import typed
from tests.support.cases import Case, acting, an_answer, later, plan_audit, written
from tests.support.statements import counted

OFFICE = "/u/sp-bochnia"
SCALE = f"{OFFICE}/skala"
REMARK = {"meaning": "observation", "name": "Uwaga auditora", "symbol": "U", "place": "2", "is_used": "y"}


def kinds(place):
    db.session.rollback()
    with scoped(frozenset({place.office.id})):
        return queries.finding_kinds(place.office.id)


def key(place, meaning):
    return next(each.key for each in kinds(place) if each.meaning == meaning)


def add(client, **changed):
    return typed(client, f"{SCALE}/nowy", **REMARK | changed)


def change(client, place, meaning, **wanted):
    row = next(each for each in kinds(place) if each.meaning == meaning)
    kept = {"name": row.name or row.meaning, "symbol": row.symbol, "place": str(row.place)}
    ticks = {name: "y" for name in ("is_used", "is_graded") if getattr(row, name)}
    fields = {name: value for name, value in (kept | ticks | wanted).items() if value is not None}
    return typed(client, f"{SCALE}/{row.key}/zmien", **fields)


def errors(response):
    page = BeautifulSoup(response.data, "html.parser")
    return {
        each["id"].removesuffix("-error"): each.get_text(" ", strip=True)
        for each in page.select("main p.error:not([hidden])")
    }


def told(client, path):
    return BeautifulSoup(client.get(path).data, "html.parser").main.get_text(" ", strip=True)


@pytest.fixture
def proxy(signed_in, world):
    return signed_in(world.bochnia.proxy)


def test_an_office_starts_with_the_whole_proposal(proxy):
    page = BeautifulSoup(proxy.get(SCALE).data, "html.parser")
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")][:3] for row in page.select("tbody tr")]

    assert rows == [
        ["Niezgodność", "Niezgodność", "N"],
        ["Spostrzeżenie", "Spostrzeżenie", "S"],
        ["Potencjał do doskonalenia", "Potencjał do doskonalenia", "P"],
        ["Mocna strona", "Mocna strona", "M"],
        ["Niezgodność potencjalna", "Niezgodność potencjalna", "PN"],
        ["Dobra praktyka", "Dobra praktyka", "DP"],
    ]


def test_a_kind_is_added_at_its_place_and_the_others_make_room(proxy, world):
    add(proxy)

    found = kinds(world.bochnia)
    assert [(each.place, each.symbol) for each in found][:3] == [(1, "N"), (2, "U"), (3, "S")]
    assert (found[1].name, found[1].meaning) == ("Uwaga auditora", "observation")


def test_another_office_keeps_its_own(proxy, world):
    add(proxy)

    assert [each.symbol for each in kinds(world.leczyca)] == ["N", "S", "P", "M", "PN", "DP"]


def test_a_finding_bears_the_name_it_was_written_under(proxy, signed_in, world):
    place = world.bochnia
    change(proxy, place, "observation", name="Uwaga", symbol="U")
    case = Case(place, category="observation").publish()
    change(proxy, place, "observation", name="Obserwacja", symbol="O")

    assert case.finding.number == "U-2026-001"
    for path in (case.address, f"{OFFICE}/ustalenia", f"{OFFICE}/audity/{case.audit.key}/raport"):
        assert "Uwaga" in told(proxy, path), path
    assert "Uwaga" in told(proxy, f"{case.address}/karta")
    assert Case(place, category="observation").publish().finding.number == "O-2026-001"


def test_a_finding_without_an_own_name_is_called_in_the_reader_s_language(signed_in, world):
    case = Case(world.bochnia, category="observation").publish()
    world.bochnia.proxy.language = "en"
    db.session.commit()
    reader = signed_in(world.bochnia.proxy)

    assert case.finding.category_name == ""
    assert "Observation" in told(reader, case.address)


def test_the_filter_of_the_register_says_the_names_of_the_office(proxy, world):
    change(proxy, world.bochnia, "observation", name="Uwaga")
    add(proxy, name="Zalecenie auditora")

    page = BeautifulSoup(proxy.get(f"{OFFICE}/ustalenia").data, "html.parser")
    said = {option["value"]: option.get_text() for option in page.select("select[name=rodzaj] option")}
    assert said["spostrzezenia"] == "Zalecenie auditora / Uwaga"
    assert said["dobre-praktyki"] == "Dobra praktyka"


def test_two_kinds_of_one_meaning_are_told_apart_on_the_form_and_in_the_draft(proxy, signed_in, world):
    place = world.bochnia
    add(proxy, place="3")
    code = f"observation-{next(each.key for each in kinds(place) if each.symbol == 'U')}"
    audit = plan_audit(place)
    auditor, new = signed_in(place.auditor), f"{OFFICE}/audity/{audit.key}/ustalenia/nowe"
    wanted = written(place, code)
    sent = {name: getattr(wanted, name) or "" for name in ("clause_id", "department_id", "category", "statement")}

    typed(auditor, new, **sent)

    with scoped(frozenset({place.office.id})):
        (draft,) = finding_queries.drafts_of(audit)
    assert (draft.category, draft.category_name) == ("observation", "Uwaga auditora")
    page = BeautifulSoup(auditor.get(f"{OFFICE}/szkice/{draft.key}/zmien").data, "html.parser")
    assert page.select_one("input[name=category][checked]")["value"] == code


def test_what_is_no_longer_used_is_not_offered_but_stays_on_findings(proxy, signed_in, world):
    place = world.bochnia
    case = Case(place, category="observation").publish()
    change(proxy, place, "observation", is_used=None)
    audit = plan_audit(place)

    page = signed_in(place.auditor).get(f"{OFFICE}/audity/{audit.key}/ustalenia/nowe")

    offered = [each["value"] for each in BeautifulSoup(page.data, "html.parser").select("input[name=category]")]
    assert offered == ["nonconformity", "opportunity", "strength"]
    assert "Spostrzeżenie" in told(proxy, case.address)


def test_grades_are_asked_for_where_the_office_says_so_and_by_a_body_always(proxy, world):
    change(proxy, world.bochnia, "nonconformity", is_graded="y", major_name="Istotna", minor_name="Drobna")

    assert Case(world.bochnia, category="minor").publish().finding.category_name == "Drobna"
    assert Case(world.leczyca, kind="surveillance", category="major").publish().finding.category == "major"


def asked_in_answer(case, head):
    """Which parts of an answer its page asks for, beside the actions and what is folded away."""
    page = BeautifulSoup(head.get(f"{case.address}/odpowiedz").data, "html.parser")
    asked = (each["name"] for each in page.main.select("textarea") if not each.find_parent("details"))
    return {name for name in asked if not name.startswith("actions")}


def test_the_answer_to_a_nonconformity_asks_what_was_put_right(signed_in, world):
    case = Case(world.bochnia).publish()

    asked = asked_in_answer(case, signed_in(world.bochnia.fn_head))
    assert asked == {"correction", "no_correction_reason", "cause"}


def test_a_potential_nonconformity_is_answered_but_has_nothing_to_put_right(proxy, world, signed_in):
    place = world.bochnia
    change(proxy, place, "potential", is_used="y")
    case = Case(place, category="potential").publish()

    assert (case.finding.number, case.finding.waits_for) == ("PN-2026-001", "answer")
    assert asked_in_answer(case, signed_in(place.fn_head)) == {"cause"}
    with case.scope():
        answer = findings.Answer(cause="Brak zastępstwa.", actions=an_answer(place.fn_clerk, later(30)).actions)
        findings.send_answer(case.finding, answer, by=acting(place.fn_head), today=case.finding.reported_on)
        db.session.commit()
    assert case.finding.waits_for == "decision_on_answer"


def test_what_has_not_happened_is_asked_why_it_could(proxy, world, signed_in):
    place = world.bochnia
    change(proxy, place, "potential", is_used="y")
    case = Case(place, category="potential").publish()

    asked = signed_in(place.fn_head).get(f"{case.address}/odpowiedz").text
    told = proxy.get(case.address).text
    case.answer()

    assert "dlaczego może do tego dojść i co się zmieni" in told
    for page in (asked, proxy.get(case.address).text, proxy.get(f"{case.address}/karta").text):
        assert "Dlaczego może do tego dojść" in page
        assert "Dlaczego to się stało" not in page


REFUSED = [
    ({"name": "spostrzeżenie"}, "name"),
    ({"name": "Observation"}, "name"),
    ({"name": "x" * 61}, "name"),
    ({"name": "x" * 250}, "name"),
    ({"symbol": "ABCDE"}, "symbol"),
    ({"symbol": "S-1"}, "symbol"),
    ({"name": ""}, "name"),
    ({"symbol": ""}, "symbol"),
    ({"meaning": ""}, "meaning"),
    ({"meaning": "major"}, "meaning"),
    ({"place": "0"}, "place"),
    ({"place": "x"}, "place"),
]


@pytest.mark.parametrize(("wrong", "field"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_what_the_scale_cannot_hold_is_refused_in_a_sentence_and_nothing_typed_is_lost(proxy, world, wrong, field):
    refused = add(proxy, **wrong)

    assert refused.status_code == 200
    assert set(errors(refused)) == {field}
    sent = REMARK | wrong
    page = BeautifulSoup(refused.data, "html.parser")
    assert [page.select_one(f"input[name={name}]")["value"] for name in ("name", "symbol")] == [
        sent["name"],
        sent["symbol"],
    ]
    assert len(kinds(world.bochnia)) == 6


def test_the_last_kind_of_nonconformity_stays_in_use(proxy, world):
    refused = change(proxy, world.bochnia, "nonconformity", is_used=None)

    assert "Najpierw dodaj inny" in errors(refused)["is_used"]
    assert kinds(world.bochnia)[0].is_used


def test_two_people_who_change_one_kind_do_not_overwrite_each_other(proxy, world):
    path = f"{SCALE}/{key(world.bochnia, 'observation')}/zmien"
    page = BeautifulSoup(proxy.get(path).data, "html.parser")
    stale = {each["name"]: each.get("value", "") for each in page.select("main form input[type=hidden]")}
    change(proxy, world.bochnia, "observation", name="Uwaga")

    answer = proxy.post(path, data=stale | {"name": "Obserwacja", "symbol": "S", "place": "2", "is_used": "y"})

    assert answer.status_code == 409
    assert next(each.name for each in kinds(world.bochnia) if each.meaning == "observation") == "Uwaga"


def test_the_page_of_kinds_costs_the_same_for_six_and_for_sixteen(proxy, world):
    with counted() as few:
        proxy.get(SCALE)
    for number in range(10):
        add(proxy, name=f"Uwaga {number}")

    with counted() as many:
        proxy.get(SCALE)
    assert len(many) == len(few)
