"""The register of findings: what it shows to whom, how it is narrowed, and that its cost does not grow."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.agenda import routes as agenda_pages
from qms.core import clock, paging
from qms.core.db import db, scoped
from qms.findings import queries, register, service
from qms.findings.models import Finding
from qms.findings.register import Filters
from qms.offices import service as offices
from qms.policy import Reach
from tests.support.cases import Case, acting, later, on, plan_audit, written
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld

LIST = "/u/sp-bochnia/ustalenia"
EVERYTHING = Reach(everything=True)


def rows(client: FlaskClient, address: str = LIST) -> list[str]:
    """The numbers on the page, in order."""
    page = client.get(address)
    assert page.status_code == 200
    return [link.text for link in BeautifulSoup(page.data, "html.parser").select("tbody th a")]


def copies(case: Case, count: int, **changed: Any) -> None:
    """Many published findings like that of the case."""
    with case.scope():
        db.session.add_all(
            Finding(
                office_id=case.finding.office_id,
                recorded_by_id=case.finding.recorded_by_id,
                changed_at=clock.now(),
                **(
                    {
                        "audit_id": case.finding.audit_id,
                        "department_id": case.finding.department_id,
                        "clause_id": case.finding.clause_id,
                        "number": f"X-{place:06}",
                        "category": "nonconformity",
                        "statement": f"Ustalenie {place}",
                        "search_text": f" ustalenie {place}",
                        "state": "reported",
                        "stage": 1,
                        "reported_on": date(2025, 3, 1),
                    }
                    | changed
                ),
            )
            for place in range(count)
        )
        db.session.commit()


@pytest.fixture
def three(world: Any) -> OfficeWorld:
    """An office with a case to answer, one to be checked and an observation of another department."""
    Case(world.bochnia).publish()
    Case(world.bochnia).publish().answer()
    audit = plan_audit(world.bochnia, symbols=("GD",), lead="auditor", member=None)
    with scoped(frozenset({world.bochnia.office.id})):
        note = written(world.bochnia, "observation", "GD", statement="Łączność z Łęczycą bywa słaba.")
        service.record(audit, note, by=acting(world.bochnia.auditor))
        service.publish(audit, conclusion="", by=acting(world.bochnia.auditor), today=TODAY)
        db.session.commit()
    return world.bochnia


FILTERS = {
    "": ["S-2026-001", "N-2026-002", "N-2026-001"],
    "?stan=odpowiedz": ["N-2026-001"],
    "?stan=sprawdzenie": ["N-2026-002"],
    "?stan=otwarte": ["N-2026-002", "N-2026-001"],
    "?stan=zamkniete": [],
    "?rodzaj=niezgodnosci": ["N-2026-002", "N-2026-001"],
    "?rodzaj=spostrzezenia": ["S-2026-001"],
    "?rok=2026": ["S-2026-001", "N-2026-002", "N-2026-001"],
    "?rok=2025": [],
    "?q=lacznosc": ["S-2026-001"],
    "?q=ŁĘCZ": ["S-2026-001"],
    "?q=upoważn+waznosc": ["N-2026-002", "N-2026-001"],
    "?q=poważn": [],
    "?q=%25": ["S-2026-001", "N-2026-002", "N-2026-001"],
    "?po_terminie=y": [],
    "?stan=otwarte&rodzaj=spostrzezenia": [],
    "?rok=x&stan=x&rodzaj=x&komorka=x&strona=x": ["S-2026-001", "N-2026-002", "N-2026-001"],
    "?strona=-5": ["S-2026-001", "N-2026-002", "N-2026-001"],
    "?strona=999999999999": [],
    "?rok=99999999999999999999": ["S-2026-001", "N-2026-002", "N-2026-001"],
}


def test_the_register_is_narrowed_by_what_the_address_says(three, signed_in):
    client = signed_in(three.proxy)

    assert {address: rows(client, LIST + address) for address in FILTERS} == FILTERS


def test_it_is_narrowed_to_a_department(three, signed_in):
    assert rows(signed_in(three.proxy), f"{LIST}?komorka={three.departments['GD'].key}") == ["S-2026-001"]


def test_overdue_cases_are_those_whose_day_has_passed(three, signed_in):
    with on(later(10)):  # the decision was due after seven days, the answer is due after fourteen
        assert rows(signed_in(three.proxy), f"{LIST}?po_terminie=y") == ["N-2026-002"]


def test_each_filter_can_be_taken_off(three, signed_in):
    page = signed_in(three.proxy).get(f"{LIST}?stan=otwarte&rok=2026&next=//evil.example&_external=1")

    links = [link["href"] for link in BeautifulSoup(page.data, "html.parser").select("a.chip")]
    assert links == [f"{LIST}?stan=otwarte", f"{LIST}?rok=2026"]


@pytest.mark.parametrize("typed", ["N-2026-001", "n-2026-001", " N-2026-001 "])
def test_a_number_leads_straight_to_its_case(three, signed_in, typed):
    answer = signed_in(three.proxy).get(LIST, query_string={"q": typed})

    assert answer.status_code == 302
    assert "/ustalenia/" in answer.location


def test_a_number_one_may_not_see_leads_nowhere(three, signed_in):
    client = signed_in(three.gd_head)

    assert rows(client, f"{LIST}?q=N-2026-001") == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("proxy", 3),
        ("head", 3),
        ("secretary", 3),
        ("auditor", 3),
        ("external", 3),
        ("fn_head", 2),
        ("gd_head", 1),
        ("km_head", 0),
        ("fn_clerk", 1),
    ],
)
def test_people_see_what_concerns_them(three, signed_in, who, seen):
    assert len(rows(signed_in(three.people[who]))) == seen


@pytest.mark.parametrize("who", ["proxy", "fn_head", "auditor", "office_admin"])
def test_another_office_finds_no_register(three, world, signed_in, who):
    assert signed_in(world.leczyca.people[who]).get(LIST).status_code == 404


def test_units_to_filter_by_are_only_those_one_may_see(three, signed_in):
    page = BeautifulSoup(signed_in(three.gd_head).get(LIST).data, "html.parser")

    assert [option.text for option in page.select("#komorka option")][1:] == ["Wydział Geodezji"]


def test_the_register_sends_as_many_statements_for_many_findings_as_for_one(world, signed_in):
    case = Case(world.bochnia).publish()
    client = signed_in(world.bochnia.proxy)
    client.get(LIST)

    db.session.expire_all()
    with counted() as one:
        client.get(LIST)
    copies(case, 120)
    db.session.expire_all()
    with counted() as many:
        assert len(rows(client)) == 50

    assert len(many) == len(one)


def test_it_is_read_page_by_page(world, signed_in):
    case = Case(world.bochnia).publish()
    copies(case, 119)
    client = signed_in(world.bochnia.proxy)

    pages = [rows(client, f"{LIST}?strona={number}") for number in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert len({number for page in pages for number in page}) == 120
    assert pages[0][0] == case.finding.number


def test_beyond_a_thousand_it_stops_counting(world, signed_in, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 100)
    case = Case(world.bochnia).publish()
    copies(case, 130)

    page = queries_page(case, Filters())
    text = signed_in(world.bochnia.proxy).get(f"{LIST}?strona=3").get_data(as_text=True)

    assert (page.total, page.has_next) == (101, True)
    assert "z ponad 100" in " ".join(text.split())
    assert "strona=2" in text
    assert "strona=4" not in text


def test_words_are_looked_for_in_the_newest_findings(world, monkeypatch):
    monkeypatch.setattr(register, "SEARCHED", 100)
    case = Case(world.bochnia).publish()
    copies(case, 130)
    copies(case, 1, number="OLD-1", search_text=" dawne", reported_on=date(2024, 3, 1))

    found = queries_page(case, Filters(words="ustalenie"))
    old = queries_page(case, Filters(words="dawne"))
    whole = queries_page(case, Filters(words="upoważnienia", year=2026))

    assert (found.total, found.searched_since) == (130, date(2025, 3, 1))
    assert (old.total, old.searched_since) == (0, date(2025, 3, 1))
    assert (whole.total, whole.searched_since) == (1, None)


def queries_page(case: Case, filters: Filters) -> register.Page:
    with case.scope():
        return register.page(case.finding.office_id, EVERYTHING, filters)


def test_open_cases_and_overdue_actions_of_an_office_are_counted(world):
    Case(world.bochnia).publish().answer(due_on=later(5)).accept()
    Case(world.bochnia).publish()
    Case(world.bochnia, category="strength").publish()
    Case(world.leczyca).publish()

    with scoped(frozenset({world.bochnia.office.id})), counted() as sent:
        assert queries.counts(world.bochnia.office.id, later(6)) == queries.Counts(
            open=2, potential=0, overdue_actions=1
        )
        assert queries.counts(world.bochnia.office.id, later(5)) == queries.Counts(
            open=2, potential=0, overdue_actions=0
        )

    assert len(sent) == 6


def test_counting_stops_where_a_number_says_no_more(world, signed_in, monkeypatch):
    for _ in range(3):
        Case(world.bochnia).publish()
    monkeypatch.setattr(queries, "FIGURED", 1)
    monkeypatch.setattr(agenda_pages, "FIGURED", 1)

    assert "ponad 1" in " ".join(signed_in(world.bochnia.proxy).get("/zadania").get_data(as_text=True).split())
    with scoped(frozenset({world.bochnia.office.id})):
        assert queries.counts(world.bochnia.office.id, TODAY).open == 2


def test_names_of_departments_are_no_markup(world, signed_in):
    with scoped(frozenset({world.bochnia.office.id})):
        offices.open_department(world.bochnia.office, name="<script>alert(1)</script>", symbol="XX")
        db.session.commit()
    Case(world.bochnia).publish()

    assert "<script>alert" not in signed_in(world.bochnia.proxy).get(LIST).get_data(as_text=True)
