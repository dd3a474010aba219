"""Pages of programmes: what they show, what they refuse, and what they cost."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from qms.approvals import queries as approvals
from qms.audits import service as audits
from qms.core.db import db, scoped
from qms.programme import queries, service
from qms.standards import queries as standards
from tests.support.application import typed
from tests.support.audits import clause_ids, trained, wanted
from tests.support.cases import on
from tests.support.exclusions import exclude
from tests.support.forms import send as fill_in
from tests.support.programmes import YEAR, add, approve, newest, planned, send
from tests.support.statements import counted
from tests.support.world import TODAY

PAGE = f"/u/sp-bochnia/audity/program/{YEAR}"


def opened(place):
    return scoped(frozenset({place.office.id}))


def read(browser, path=PAGE):
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.data, "html.parser")


def able(place):
    with opened(place):
        for name in ("auditor", "second_auditor"):
            trained(place, place.people[name])
        db.session.commit()


def test_a_year_without_a_programme_offers_to_suggest_one(world, signed_in):
    page = read(signed_in(world.bochnia.proxy))

    assert "Na rok 2027 nic jeszcze nie zaplanowano" in page.text
    assert page.select_one(f"a[href='{PAGE}/propozycja']")
    assert read(signed_in(world.bochnia.head)).select_one(f"a[href='{PAGE}/propozycja']") is None


def test_a_programme_is_suggested_changed_checked_sent_and_approved_on_its_pages(world, signed_in):
    place = world.bochnia
    able(place)
    browser = signed_in(place.proxy)

    suggested = fill_in(browser, f"{PAGE}/propozycja")
    assert suggested.status_code == 302
    arranged = read(browser, suggested.location)
    assert len(arranged.select("tbody tr")) == 4
    assert "zgodny ze wszystkimi zasadami" in arranged.text
    months = arranged.select("select[name^=month_]")
    checked = fill_in(browser, suggested.location, **{months[0]["name"]: "7", months[1]["name"]: "7"})
    assert checked.status_code == 302
    assert "lipiec" in read(browser, suggested.location).select_one(".notice--warning").text

    send_url = suggested.location.replace("uklad", "wyslij")
    assert fill_in(browser, send_url).status_code == 302
    head = signed_in(place.head)
    approve_url = read(head).select_one("a.button[href$='/zatwierdz']")["href"]
    for page in (read(head), read(head, approve_url)):
        assert "lipiec" in page.select_one(".notice--warning").text, "nobody approves blind"
    assert fill_in(head, send_url.replace("wyslij", "zatwierdz"), order_number="12/2026").status_code == 302
    page = read(browser)
    assert "Wykonano 0 z 4" in page.text
    assert "12/2026" in read(browser, f"{PAGE}/wersje").text
    assert len(page.select("a[href$='/audit']")) == 4


def test_the_plan_is_saved_and_taken_on_to_sending_by_one_button(world, signed_in):
    place = world.bochnia
    entry, browser = add(place), signed_in(place.proxy)
    with opened(place):
        entry = queries.entry_by_key(place.office, entry.key)
        key, month = entry.programme.key, f"month_{entry.key}"
    address = f"/u/sp-bochnia/audity/programy/{key}"

    answer = fill_in(browser, f"{address}/uklad", **{month: "5", "send": "y"})

    assert answer.location == f"{address}/wyslij"
    with opened(place):
        assert list(newest(place).planned[0].window.months) == [5]


def test_late_in_the_year_the_programme_of_the_next_one_is_at_hand(world, signed_in):
    browser = signed_in(world.bochnia.proxy)

    for month, years in ((9, [2026]), (10, [2026, 2027])):
        with on(date(2026, month, 1)):
            links = read(signed_in(world.bochnia.proxy), "/u/sp-bochnia/audity").select("a[href*='/audity/program/']")
        assert [link["href"].rpartition("/")[2] for link in links] == [str(year) for year in years]
    assert len(read(browser, "/u/sp-bochnia/audity?rok=2024").select("a[href*='/audity/program/']")) == 1


def test_only_whose_step_it_is_may_take_it(world, signed_in):
    place = world.bochnia
    entry = add(place)
    send(place)
    with opened(place):
        key = queries.entry_by_key(place.office, entry.key).programme.key
    browser = signed_in(place.secretary)

    assert read(browser).select_one("a[href$='/zatwierdz']") is None
    refused = fill_in(browser, f"/u/sp-bochnia/audity/programy/{key}/zatwierdz")
    assert refused.status_code == 200
    assert "należy do kogoś innego" in refused.text


def in_form(place, **changed):
    fields = {
        "department_ids": [str(place.departments["FN"].id)],
        "edition_code": "9001:2015",
        "clause_ids": [str(each) for each in sorted(clause_ids("8.1", "9.1.3"))],
        "first_month": "3",
        "last_month": "",
        "starts_on": "",
        "ends_on": "",
        "lead_id": str(place.auditor.id),
    }
    db.session.rollback()
    return fields | changed


WRONG = {
    "a day of another year": ({"starts_on": "3.3.2028", "ends_on": "4.3.2028"}, "starts_on", "2027"),
    "days the wrong way round": ({"starts_on": "4.3.2027", "ends_on": "3.3.2027"}, "ends_on", ""),
    "months the wrong way round": ({"first_month": "5", "last_month": "4"}, "last_month", ""),
    "days outside the months": ({"starts_on": "3.4.2027"}, "first_month", "04.2027"),
    "no such day": ({"starts_on": "31.4.2027"}, "starts_on", "31.4.2027"),
    "an edition the office never used": ({"edition_code": "9001:2008", "clause_ids": []}, "clause_ids", ""),
    "nothing ticked": ({"clause_ids": [], "department_ids": []}, "department_ids", ""),
    "no such person": ({"lead_id": "99999"}, "lead_id", ""),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_planned_is_said_at_its_place(world, signed_in, case):
    changed, field, kept = WRONG[case]

    answer = typed(signed_in(world.bochnia.proxy), f"{PAGE}/dodaj", **in_form(world.bochnia, **changed))

    assert answer.status_code == 200
    assert BeautifulSoup(answer.data, "html.parser").select_one(f"#{field}-error").text.strip()
    assert kept in answer.text


def test_an_audit_is_added_changed_and_taken_off_on_its_pages(world, signed_in):
    place = world.bochnia
    browser = signed_in(place.proxy)

    assert typed(browser, f"{PAGE}/dodaj", **in_form(place)).status_code == 302
    assert "marzec" in read(browser).text
    change = read(browser).select_one("a[href$='/zmien']")["href"]
    assert typed(browser, change, **in_form(place, first_month="5", last_month="6")).status_code == 302
    assert "maj – czerwiec" in read(browser).text
    off = change.replace("zmien", "usun")
    assert typed(browser, off, reason=" ").status_code == 200
    assert typed(browser, off, reason="Połączono.").status_code == 302
    assert "Połączono." in read(browser, f"{PAGE}/wersje").text


def test_agreed_days_and_months_do_not_give_up_each_other_unsaid(world, signed_in):
    place = world.bochnia
    browser = signed_in(place.proxy)
    typed(browser, f"{PAGE}/dodaj", **in_form(place, first_month="", starts_on="7.4.2027", ends_on="8.4.2027"))
    change = read(browser).select_one("a[href$='/zmien']")["href"]
    arrange = read(browser).select_one("a[href$='/uklad']")["href"]

    assert "kwiecień, bez uzgodnionych dni" in read(browser, arrange).text.lower()
    assert read(browser, change).select_one("#first_month option").text == "Miesiące uzgodnionych dni"
    typed(browser, change, **in_form(place, first_month=""))
    assert "kwiecień" in read(browser).text


def test_a_planned_audit_is_logged_with_its_days_and_shown_by_its_number(world, signed_in):
    place = world.bochnia
    able(place)
    add(place)
    send(place)
    approve(place, place.head)
    browser = signed_in(place.proxy)
    path = read(browser).select_one("a[href$='/audit']")["href"]

    assert fill_in(browser, path).status_code == 200
    done = fill_in(browser, path, starts_on="9.3.2027", ends_on="10.3.2027")

    assert done.status_code == 302
    page = read(browser)
    assert page.select_one("#poz-1 a.number").text == "A-2027-01"
    assert "09.03.2027" in page.text


def test_what_changed_between_versions_is_said_in_words(world, signed_in):
    place = world.bochnia
    add(place)
    send(place)
    approve(place, place.head)
    with opened(place):
        made = service.start_version(newest(place), reason="Urlop.")
        db.session.flush()
        service.change(made.planned[0], planned(place, month=5, lead_id=place.second_auditor.id))
        service.add(place.office, YEAR, planned(place, "GD"), today=TODAY)
        db.session.commit()

    told = read(signed_in(place.auditor), f"{PAGE}/wersje").text

    assert "Urlop." in told
    assert "Nr 1, inny termin: marzec → maj." in told
    assert "Auditor Sp-Bochnia → Second Auditor Sp-Bochnia" in told
    assert "Nr 2, dodano: Wydział Geodezji." in told


def test_what_the_plan_breaks_is_said_to_whoever_plans_it(world, signed_in):
    place = world.bochnia
    able(place)
    add(place, planned(place, "KM"))  # where the auditor works

    said = read(signed_in(place.proxy)).select_one(".notice--warning").text

    assert "Auditor Sp-Bochnia nie może auditować tej komórki: Wydział Komunikacji" in said
    assert "Wydział Finansowy: brak auditu w programie" in said
    assert read(signed_in(place.head)).select_one(".notice--warning") is None


def test_an_excluded_clause_is_not_applied_and_never_a_gap(world, signed_in):
    place = world.bochnia
    with opened(place):
        clause = next(each for each in standards.clauses("9001:2015") if each.number == "8.3")
        exclude(place.office, clause, justification="Nic.", valid_from=TODAY)
        db.session.commit()

    page = read(signed_in(place.proxy), f"{PAGE}?rozdzial=8")

    assert [cell.text.strip() for cell in page.select(".heat tbody tr")[0].select("td.quiet")] == ["nie dotyczy"] * 6


def test_the_map_counts_held_audits_of_the_cycle_by_chapter_and_by_clause(world, signed_in):
    place = world.bochnia
    with opened(place):
        for day in (date(2026, 3, 3), date(2026, 5, 5)):
            audits.plan(place.office, wanted(place, starts_on=day, ends_on=day), today=TODAY)
        audits.plan(place.office, wanted(place, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1)), today=TODAY)
        db.session.commit()
    browser = signed_in(place.proxy)

    def cells(path):
        row = next(row for row in read(browser, path).select(".heat tbody tr") if "Finansowy" in row.th.text)
        return [" ".join(cell.stripped_strings) for cell in row.select("td")]

    assert cells(PAGE) == ["brak", "brak", "brak", "brak", "2 05.2026", "2 05.2026", "brak"]
    assert cells(f"{PAGE}?rozdzial=8")[0] == "2 05.2026"


def test_the_page_asks_as_often_for_one_audit_as_for_twelve(world, signed_in):
    place = world.bochnia
    add(place)
    browser = signed_in(place.proxy)

    def asked():
        db.session.expire_all()
        with counted() as sent:
            read(browser)
        return len(sent)

    asked()
    for_one = asked()
    for month in range(1, 12):
        add(place, planned(place, ("FN", "GD", "OR")[month % 3], month=month))

    assert asked() == for_one


def test_the_steps_of_approval_are_set_on_their_page(world, signed_in):
    browser = signed_in(world.bochnia.proxy)
    path = "/u/sp-bochnia/kroki-zatwierdzania"

    assert fill_in(browser, path, post_1="proxy").status_code == 200
    assert fill_in(browser, path, verb_2="Zatwierdził").status_code == 200
    assert fill_in(browser, path, verb_1="Sprawdził", post_1="proxy", post_2="secretary").status_code == 302
    assert 'value="Sprawdził"' in browser.get(path).text
    assert fill_in(browser, path, verb_1="", post_1="head_of_office", post_2="").status_code == 302
    with opened(world.bochnia):
        assert [step.post for step in approvals.chain(world.bochnia.office.id)] == ["head_of_office"]


def test_an_unknown_year_or_version_is_not_there(world, signed_in):
    browser = signed_in(world.bochnia.proxy)

    assert browser.get("/u/sp-bochnia/audity/program/1200").status_code == 404
    assert browser.get(f"{PAGE}?wersja=3").status_code == 404
    assert browser.get("/u/sp-bochnia/audity/program/2090/dodaj").status_code == 409
