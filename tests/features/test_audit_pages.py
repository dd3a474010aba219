"""Pages of audits: what they show and to whom, and what becomes of what was typed."""

from datetime import date, timedelta
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.audits import service
from qms.audits.models import Audit
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.people.models import Person
from tests.support.application import typed
from tests.support.audits import clause_ids, planned, trained
from tests.support.statements import counted
from tests.support.world import TODAY, World

LIST = "/u/sp-bochnia/audity"


def in_form(world: World, **changed: Any) -> dict[str, Any]:
    """What the form of a good audit sends."""
    fields = {
        "kind": "internal",
        "department_ids": [str(world.bochnia.departments["FN"].id)],
        "edition_code": "9001:2015",
        "clause_ids": [str(each) for each in sorted(clause_ids("8.1", "9.2.2"))],
        "starts_on": "30.11.2026",
        "ends_on": "1 grudnia 2026",
        "lead_id": str(world.bochnia.auditor.id),
        "objective": "Czy ścieżka działa.",
    } | changed
    db.session.rollback()
    return fields


def stored() -> list[Audit]:
    with scoped(EVERY_OFFICE):
        found = list(db.session.scalars(select(Audit).order_by(Audit.id)))
        db.session.rollback()
    return found


def count() -> int:
    return len(stored())


def person(world: World, name: str) -> Person:
    return getattr(world.leczyca, name[8:]) if name.startswith("leczyca_") else getattr(world.bochnia, name)


# Who may open: the list, a form for a new audit, an audit of the finance department, the form for changing it.
ACCESS = {
    "proxy": (200, 200, 200, 200),
    "deputy": (200, 200, 200, 200),
    "head": (200, 403, 200, 403),
    "secretary": (200, 403, 200, 403),
    "auditor": (200, 403, 200, 403),
    "second_auditor": (200, 403, 200, 403),
    "external": (200, 403, 200, 403),
    "office_admin": (200, 404, 404, 404),
    "fn_head": (200, 404, 200, 403),
    "gd_head": (200, 404, 404, 404),
    "fn_clerk": (200, 404, 404, 404),
    "leczyca_proxy": (404, 404, 404, 404),
    "leczyca_auditor": (404, 404, 404, 404),
}


def test_each_page_opens_to_those_it_is_for(world, signed_in):
    key = planned(world.bochnia).key

    def answers(browser: FlaskClient) -> tuple[int, ...]:
        return tuple(browser.get(f"{LIST}{rest}").status_code for rest in ("", "/nowy", f"/{key}", f"/{key}/zmien"))

    assert {name: answers(signed_in(person(world, name))) for name in ACCESS} == ACCESS


def test_a_list_is_narrowed_to_what_the_reader_may_open(world, signed_in):
    planned(world.bochnia)
    planned(world.bochnia, department_ids=frozenset({world.bochnia.departments["OR"].id}))

    def listed(browser: FlaskClient) -> int:
        return len(BeautifulSoup(browser.get(LIST).data, "html.parser").select("main tbody tr"))

    shown = {"proxy": 2, "second_auditor": 2, "fn_head": 1, "fn_clerk": 0}
    assert {name: listed(signed_in(person(world, name))) for name in shown} == shown


def test_a_list_asks_the_database_as_often_for_many_audits_as_for_one(world, signed_in):
    both = frozenset(world.bochnia.departments[each].id for each in ("FN", "OR"))
    planned(world.bochnia)
    for month in range(1, 9):
        day = date(2025, month, 3)
        planned(world.bochnia, department_ids=both, starts_on=day, ends_on=day)
    browser = signed_in(world.bochnia.proxy)

    def shown_and_asked(year: int) -> tuple[int, int]:
        db.session.remove()
        with counted() as sent:
            page = BeautifulSoup(browser.get(f"{LIST}?rok={year}").data, "html.parser")
        return len(page.select("main tbody tr")), len(sent)

    (one, asked), (many, asked_for_many) = shown_and_asked(2026), shown_and_asked(2025)

    assert (one, many) == (1, 8)
    assert asked_for_many == asked


def test_a_year_without_audits_says_so_and_an_odd_address_still_answers(world, signed_in):
    planned(world.bochnia)
    browser = signed_in(world.bochnia.proxy)

    for query in ("rok=2019", "rok=x&strona=y", "rok=999999&strona=99999999999999999999", "strona=-1"):
        assert browser.get(f"{LIST}?{query}").status_code == 200
    assert "A-2026-01" in BeautifulSoup(browser.get(f"{LIST}?rok=2019").data, "html.parser").select_one(".card").text


def test_what_the_form_sends_is_saved_once(world, signed_in):
    fields = in_form(world)
    browser = signed_in(world.bochnia.proxy)
    page = BeautifulSoup(browser.get(f"{LIST}/nowy").data, "html.parser")
    fields |= {item["name"]: item["value"] for item in page.select("main form input[type=hidden]")}

    first, second = (browser.post(f"{LIST}/nowy", data=fields) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    (audit,) = stored()
    assert (audit.number, audit.objective) == ("A-2026-01", "Czy ścieżka działa.")


def test_somebody_of_the_audited_department_is_refused_with_the_reason_and_nothing_typed_is_lost(world, signed_in):
    fields = in_form(world, department_ids=[str(world.bochnia.departments["KM"].id)])

    answer = typed(signed_in(world.bochnia.proxy), f"{LIST}/nowy", **fields)

    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 200
    assert "Wydział Komunikacji" in page.select_one("#lead_id-error").text
    assert page.select_one("[data-error-summary] a")["href"] == "#lead_id"
    assert page.select_one("#lead_id option[selected]").text == "Auditor Sp-Bochnia (KM)"
    assert page.select_one("#objective").text.strip() == "Czy ścieżka działa."
    assert len(page.select("[name=clause_ids][checked]")) == 2
    assert count() == 0


WRONG = {
    "no such day": ({"starts_on": "31.4.2027"}, "starts_on", "31.4.2027"),
    "two readings": ({"starts_on": "01/02/2027"}, "starts_on", "01/02/2027"),
    "nothing ticked": ({"clause_ids": [], "department_ids": []}, "clause_ids", ""),
    "too long": ({"objective": "x" * 100_000}, "objective", "x" * 100),
    "control characters": ({"objective": "a\x00b"}, "objective", ""),
    "a person not in the list": ({"lead_id": "999999"}, "lead_id", ""),
    "not a number": ({"clause_ids": ["x"]}, "clause_ids", ""),
    "no kind": ({"kind": "party"}, "kind", ""),
}


def test_bad_input_gets_a_sentence_at_its_place(world, signed_in, subtests):
    browser = signed_in(world.bochnia.proxy)
    for case, (changed, field, kept) in WRONG.items():
        with subtests.test(case):
            answer = typed(browser, f"{LIST}/nowy", **in_form(world, **changed))

            assert answer.status_code == 200
            assert BeautifulSoup(answer.data, "html.parser").select_one(f"#{field}-error").text.strip()
            assert kept in answer.text
            assert count() == 0


def test_an_edition_that_was_made_up_is_refused_and_not_taken_for_another(world, signed_in):
    answer = typed(signed_in(world.bochnia.proxy), f"{LIST}/nowy", **in_form(world, edition_code="9001:2026"))

    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one("#edition_code-error").text.endswith("Wybierz jeszcze raz.")
    assert count() == 0


def test_the_clauses_of_another_edition_are_shown_without_saving_or_complaining(world, signed_in):
    fields = in_form(world, edition_code="9001:2008", show="clauses", ends_on="")

    answer = typed(signed_in(world.bochnia.proxy), f"{LIST}/nowy", **fields)

    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one("[data-error-summary]") is None
    assert "8.2.2 " in " ".join(label.text for label in page.select("fieldset#clause_ids label"))
    assert "Customer satisfaction" in page.text or "Zadowolenie klienta" in page.text
    assert page.select_one("#starts_on")["value"] == "30.11.2026"
    assert count() == 0


def test_a_past_edition_is_noted_beside_the_criteria(world, signed_in):
    with scoped(EVERY_OFFICE):
        trained(world.bochnia, world.bochnia.auditor, "9001:2008")
        db.session.commit()
    key = planned(world.bochnia, edition_code="9001:2008", clause_ids=clause_ids("8.2.2", edition="9001:2008")).key

    assert "14.09.2018" in signed_in(world.bochnia.proxy).get(f"{LIST}/{key}").text


def test_a_form_loaded_before_somebody_changed_the_team_is_not_saved_over_it(world, signed_in):
    audit = planned(world.bochnia)
    key = audit.key
    browser = signed_in(world.bochnia.proxy)
    fields = in_form(world, starts_on="27.11.2026", ends_on="28.11.2026", objective="Mine")
    page = BeautifulSoup(browser.get(f"{LIST}/{key}/zmien").data, "html.parser")
    fields |= {item["name"]: item["value"] for item in page.select("main form input[type=hidden]")}

    theirs = in_form(
        world, starts_on="27.11.2026", ends_on="28.11.2026", member_ids=[str(world.bochnia.second_auditor.id)]
    )
    db.session.rollback()
    assert typed(signed_in(world.bochnia.deputy), f"{LIST}/{key}/zmien", **theirs).status_code == 302
    answer = browser.post(f"{LIST}/{key}/zmien", data=fields)

    assert answer.status_code == 409
    assert "Mine" in answer.text
    with scoped(EVERY_OFFICE):
        assert len(db.session.get(Audit, 1).team) == 2


def test_an_audit_is_moved_and_cancelled_on_its_pages(world, signed_in):
    key = planned(world.bochnia).key
    browser = signed_in(world.bochnia.proxy)
    fields = in_form(world, starts_on="7.12.2026", ends_on="7.12.2026")

    refused = typed(browser, f"{LIST}/{key}/zmien", **fields)
    assert BeautifulSoup(refused.data, "html.parser").select_one("#reason-error")
    assert typed(browser, f"{LIST}/{key}/zmien", **fields, reason="Grypa").status_code == 302
    assert "07.12.2026" in browser.get(f"{LIST}/{key}").text

    assert typed(browser, f"{LIST}/{key}/odwolaj", reason=" ").status_code == 200
    assert typed(browser, f"{LIST}/{key}/odwolaj", reason="Powódź").status_code == 302
    assert "Powódź" in browser.get(f"{LIST}/{key}").text
    assert browser.get(f"{LIST}/{key}/zmien").status_code == 409


def test_the_team_is_shown_with_what_was_warned_of(world, signed_in):
    audit = planned(world.bochnia, member_ids=frozenset({world.bochnia.office_admin.id}))
    key = audit.key

    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(f"{LIST}/{key}").data, "html.parser")

    rows = [item.text for item in page.select("dl.summary li")]
    assert any("Auditor Sp-Bochnia" in row for row in rows)
    assert any(
        "Office Admin Sp-Bochnia" in row and len(row) > len("Office Admin Sp-Bochnia, auditor") + 20 for row in rows
    )


def test_the_next_audit_is_the_one_that_runs_or_comes_first(world, signed_in):
    with scoped(EVERY_OFFICE):
        over = planned(world.bochnia, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=8))
        cancelled = planned(world.bochnia, starts_on=TODAY, ends_on=TODAY)
        service.cancel(cancelled, reason="Flood.", today=TODAY)
        running = planned(world.bochnia, starts_on=TODAY - timedelta(days=1), ends_on=TODAY)
        numbers = (over.number, running.number)
        db.session.commit()

    card = BeautifulSoup(signed_in(world.bochnia.proxy).get(LIST).data, "html.parser").select_one(".card")

    assert numbers[1] in card.text
    assert numbers[0] not in card.text


def test_the_list_says_of_which_kind_each_audit_is(world, signed_in):
    planned(world.bochnia)
    planned(world.bochnia, kind="surveillance", body="Jednostka")

    listed = BeautifulSoup(signed_in(world.bochnia.proxy).get(LIST).data, "html.parser").select("main tbody tr")

    kinds = [row.select_one("[data-label='Rodzaj i kryteria']").get_text(" ", strip=True) for row in listed]
    assert kinds == ["Audit w nadzorze 9001:2015, 2 punkty", "Audit wewnętrzny 9001:2015, 2 punkty"]


def test_a_part_of_a_clause_bears_the_title_of_the_clause(world, signed_in):
    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(f"{LIST}/nowy").data, "html.parser")
    labels = [label.get_text(" ", strip=True) for label in page.select("fieldset#clause_ids label")]

    assert [label for label in labels if label.startswith("9.2")] == [
        "9.2 Audit wewnętrzny",
        "9.2.1 Audit wewnętrzny",
        "9.2.2 Audit wewnętrzny",
    ]
