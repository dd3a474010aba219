"""A finding that concerns several departments: who reads it, who answers, and where it stands."""

import pytest
from bs4 import BeautifulSoup

from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotIndependent, NotPermitted
from qms.findings import queries, service
from tests.support.application import typed
from tests.support.audits import letters
from tests.support.cases import Case, acting, an_answer, later, plan_audit, written
from tests.support.statements import counted
from tests.support.world import TODAY

OFFICE = "/u/sp-bochnia"


@pytest.fixture
def place(world):
    return world.bochnia


def concerning(where, *symbols, category="nonconformity"):
    """A published finding of the finance department that concerns others too."""
    case = Case(where, category=category)
    ids = frozenset(where.departments[each].id for each in symbols)
    with case.scope():
        service.change(case.finding, written(where, category, concerned_ids=ids), by=acting(where.auditor))
        db.session.commit()
    return case.publish()


def rows(client, query=""):
    page = BeautifulSoup(client.get(f"{OFFICE}/ustalenia{query}").data, "html.parser")
    return [row.select_one("td[data-label=Komórka]").get_text(" ", strip=True) for row in page.select("main tbody tr")]


def test_the_head_of_a_concerned_department_reads_it_and_does_nothing_about_it(signed_in, place):
    alone, shared = Case(place).publish(), concerning(place, "GD")
    reader = signed_in(place.gd_head)

    assert [reader.get(each.address).status_code for each in (alone, shared)] == [404, 200]
    assert [reader.get(f"{shared.address}/{step}").status_code for step in ("odpowiedz", "termin", "karta")] == [
        403,
        403,
        200,
    ]
    assert "Napisz odpowiedź" not in reader.get(shared.address).get_data(as_text=True)
    answer = an_answer(place.gd_head, later(30))
    with shared.scope(), pytest.raises(NotPermitted):
        service.send_answer(shared.finding, answer, by=acting(place.gd_head), today=TODAY)


def test_the_head_of_the_leading_department_answers(place):
    shared = concerning(place, "GD").answer()

    assert shared.finding.waits_for == "decision_on_answer"


def test_heads_of_other_departments_and_offices_see_nothing(signed_in, world, place):
    shared = concerning(place, "GD")

    assert signed_in(place.km_head).get(shared.address).status_code == 404
    assert signed_in(world.leczyca.gd_head).get(shared.address).status_code == 404


def test_the_register_of_a_concerned_department_lists_it_once(signed_in, place):
    Case(place).publish()
    concerning(place, "GD", "OR")

    assert rows(signed_in(place.gd_head)) == ["Wydział Finansowy i 2 inne"]


def test_the_filter_by_department_finds_what_concerns_it(signed_in, place):
    Case(place).publish()
    concerning(place, "GD")

    proxy = signed_in(place.proxy)
    assert rows(proxy, f"?komorka={place.departments['GD'].key}") == ["Wydział Finansowy i 1 inna"]
    assert len(rows(proxy, f"?komorka={place.departments['FN'].key}")) == 2


def test_page_report_and_card_name_all_of_them(signed_in, place):
    shared = concerning(place, "GD", "OR")
    proxy = signed_in(place.proxy)

    for path in (
        shared.address,
        f"{shared.address}/karta",
        f"{OFFICE}/audity/{shared.audit.key}/raport",
        f"{OFFICE}/audity/{shared.audit.key}/ustalenia",
    ):
        said = proxy.get(path).get_data(as_text=True)
        assert all(place.departments[each].name in said for each in ("FN", "GD", "OR")), path


def test_the_heads_of_concerned_departments_hear_of_the_report(place):
    concerning(place, "GD")

    assert letters("report_published")[place.gd_head.id]["post"] == "unit_head"
    assert set(letters("findings_published")) == {place.fn_head.id}


def test_an_auditor_does_not_write_about_a_department_of_their_own(place):
    case = Case(place)
    ids = frozenset({next(iter(acting(place.auditor).departments[place.office.id]))})

    with case.scope(), pytest.raises(NotIndependent):
        service.change(case.finding, written(place, concerned_ids=ids), by=acting(place.auditor))
    with case.scope():
        place.office.warns_only = True
        service.change(case.finding, written(place, concerned_ids=ids), by=acting(place.auditor))


@pytest.mark.parametrize("symbol", ["FN", None])
def test_the_department_that_answers_and_one_of_another_office_are_refused(world, place, symbol):
    case = Case(place)
    other = place.departments[symbol] if symbol else world.leczyca.departments["GD"]

    with case.scope(), pytest.raises(InvalidInput):
        service.change(case.finding, written(place, concerned_ids=frozenset({other.id})), by=acting(place.auditor))


def test_the_form_keeps_what_was_ticked_and_says_what_is_wrong(signed_in, place):
    audit = plan_audit(place)
    auditor, new = signed_in(place.auditor), f"{OFFICE}/audity/{audit.key}/ustalenia/nowe"
    wanted = written(place)
    sent = {name: getattr(wanted, name) for name in ("clause_id", "department_id", "category", "statement")}

    refused = typed(auditor, new, **sent, concerned_ids=str(place.departments["FN"].id))
    page = BeautifulSoup(refused.data, "html.parser")
    assert "Ta komórka już odpowiada" in page.select_one("#concerned_ids-error").text
    assert page.select_one("details[open] input[name=concerned_ids][checked]")

    typed(auditor, new, **sent, concerned_ids=str(place.departments["GD"].id))
    with scoped(frozenset({place.office.id})):
        (draft,) = queries.drafts_of(audit)
        assert [each.department.name for each in draft.concerned] == [place.departments["GD"].name]
    page = BeautifulSoup(auditor.get(f"{OFFICE}/szkice/{draft.key}/zmien").data, "html.parser")
    ticked = [each["value"] for each in page.select("input[name=concerned_ids][checked]")]
    assert ticked == [str(place.departments["GD"].id)]


def test_lists_cost_the_same_whether_findings_concern_one_department_or_many(signed_in, place):
    reader = signed_in(place.gd_head)
    concerning(place, "GD")
    with counted() as few:
        rows(reader)
    for _ in range(4):
        concerning(place, "GD", "OR")

    with counted() as many:
        assert len(rows(reader)) == 5
    assert len(many) == len(few)
