"""The first run of an office: its tasks, departments and people of a spreadsheet, invitations held to the end."""

from io import BytesIO

import pytest
import xlsxwriter
from bs4 import BeautifulSoup
from python_calamine import load_workbook
from sqlalchemy import func, select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.domain.invitations import MOST_LETTERS
from qms.offices import service as offices
from qms.offices.models import Department, Office
from qms.people.models import Invitation, Person
from qms.setup import service
from tests.support.application import typed
from tests.support.statements import counted
from tests.support.world import TODAY

OFFICE = "/u/sp-bochnia"
DEPARTMENTS = f"{OFFICE}/komorki/wklej"
PEOPLE = f"{OFFICE}/osoby/wklej"
START = f"{OFFICE}/start"
THREE = """Anna Nowak\ta.nowak@example.com\tOR\tkierownik
Jan Żak\tJ.ZAK@example.com\tFN\tauditor
Ewa Lis\te.lis@example.com\tFN\t"""


@pytest.fixture(autouse=True)
def _in_english(world):
    with scoped(EVERY_OFFICE):
        for person in db.session.scalars(select(Person)):
            person.language = "en"
        db.session.commit()


@pytest.fixture
def proxy(signed_in, world):
    return signed_in(world.bochnia.proxy)


@pytest.fixture
def new_office(world):
    with scoped(EVERY_OFFICE):
        db.session.get(Office, world.bochnia.office.id).set_up_on = None
        db.session.commit()


def main(response):
    return BeautifulSoup(response.data, "html.parser").select_one("main")


def all_of(model, *conditions):
    with scoped(EVERY_OFFICE):
        found = db.session.scalars(select(model).where(*conditions).execution_options(populate_existing=True)).all()
        db.session.commit()
    return found


def letters():
    return [letter.payload["to"] for letter in all_of(Letter, Letter.kind == "invitation")]


def faults(response):
    return {
        row.select_one("th").get_text(strip=True): row.select_one(".error").get_text(" ", strip=True)
        for row in main(response).select("tbody tr")
    }


def workbook(*rows):
    into = BytesIO()
    book = xlsxwriter.Workbook(into)
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return into.getvalue()


# Departments


def test_departments_are_looked_at_first_and_then_added_together(proxy, world):
    pasted = "Symbol\tNazwa\tPodlega\nKD\tKadry i Płace\tBK\nBK\tBiuro Kadr\tOR"

    looked_at = typed(proxy, DEPARTMENTS, pasted=pasted, step="check")
    assert "Add 2 departments" in main(looked_at).get_text()
    assert not all_of(Department, Department.symbol == "KD")

    kept = typed(proxy, DEPARTMENTS, pasted=pasted, step="save")
    assert kept.location == f"{OFFICE}/urzad"
    by_symbol = {each.symbol: each for each in all_of(Department, Department.symbol.in_(("KD", "BK")))}
    assert by_symbol["BK"].parent_id == world.bochnia.departments["OR"].id
    assert by_symbol["KD"].parent_id == by_symbol["BK"].id


def test_one_wrong_row_keeps_all_out_and_what_was_pasted_stays(proxy):
    pasted = "KD\tKadry\t\nFN\tDrugi Finansowy\t\nXX\tNigdzie\tZZ"

    answer = typed(proxy, DEPARTMENTS, pasted=pasted, step="save")

    assert set(faults(answer)) == {"2", "3"}
    assert main(answer).select_one("textarea").get_text().strip() == pasted
    assert not all_of(Department, Department.symbol == "KD")


def test_the_wrong_rows_are_had_as_a_sheet_that_runs_nothing(proxy):
    pasted = 'KD\tKadry\t\n=HYPERLINK("x")\tDrugi\t'

    answer = typed(proxy, DEPARTMENTS, pasted=pasted, step="sheet")

    rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == '=HYPERLINK("x")'
    assert "A formula stands here" in rows[1][3]
    assert rows[1][4] == 2
    assert b"<f>" not in answer.data


@pytest.mark.parametrize(
    "content",
    [
        workbook(["Symbol", "Nazwa"], ["ŻK", "Żłobek"]),
        "Symbol;Nazwa\r\nŻK;Żłobek\r\n".encode("cp1250"),
        "Symbol;Nazwa\r\nŻK;Żłobek\r\n".encode("utf-8-sig"),
        "Symbol;Nazwa\r\nŻK;Żłobek\r\n".encode("utf-16"),
    ],
    ids=["xlsx", "Windows", "UTF-8", "UTF-16"],
)
def test_a_file_is_shown_as_pasted_whatever_it_was_saved_as(proxy, content):
    answer = typed(proxy, DEPARTMENTS, sheet=(BytesIO(content), "komorki.csv"), step="save")

    assert "Żłobek" in main(answer).select_one("textarea").get_text()
    assert "Add 1 department" in main(answer).get_text()
    assert not all_of(Department, Department.symbol == "ŻK")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 not a workbook", "cannot be read as a spreadsheet"),
        (b"\x81\x8d\x8f not text", "cannot be read as a spreadsheet"),
        (b"KD;Kadry\n" * 10_000, "10000 rows"),
        (b"", "no rows"),
    ],
    ids=["broken", "no text", "10,000 rows", "empty"],
)
def test_a_file_that_is_no_such_list_gets_a_sentence(proxy, content, said):
    answer = typed(proxy, DEPARTMENTS, sheet=(BytesIO(content), "komorki.xlsx"), step="check")

    assert answer.status_code == 200
    assert said in main(answer).get_text()


# People


def test_people_are_noted_and_nobody_is_written_to(proxy):
    answer = typed(proxy, PEOPLE, pasted=THREE, from_on="20.11.2026", step="save")

    assert answer.location == f"{OFFICE}/urzad"
    held = {each.email: each for each in all_of(Invitation, Invitation.is_held)}
    assert set(held) == {"a.nowak@example.com", "j.zak@example.com", "e.lis@example.com"}
    assert (held["a.nowak@example.com"].is_head, held["j.zak@example.com"].posts) == (True, ["auditor"])
    assert letters() == []


def test_the_held_invitations_leave_together_once(proxy):
    typed(proxy, PEOPLE, pasted=THREE, from_on="20.11.2026", step="save")

    typed(proxy, f"{OFFICE}/zaproszenia/wyslij")
    again = typed(proxy, f"{OFFICE}/zaproszenia/wyslij")

    assert sorted(letters()) == ["a.nowak@example.com", "e.lis@example.com", "j.zak@example.com"]
    assert "No invitation waits" in main(again).get_text()
    assert not all_of(Invitation, Invitation.is_held)


def test_more_than_an_office_may_write_in_a_day_waits_for_the_next(proxy):
    many = "\n".join(f"Osoba {number}\tosoba{number}@example.com\tFN" for number in range(MOST_LETTERS + 2))
    typed(proxy, PEOPLE, pasted=many, from_on="20.11.2026", step="save")

    typed(proxy, f"{OFFICE}/zaproszenia/wyslij")

    assert len(letters()) == MOST_LETTERS
    assert len(all_of(Invitation, Invitation.is_held)) == 2


def test_a_held_invitation_stays_on_the_list_and_can_be_sent_alone(proxy, world):
    typed(proxy, PEOPLE, pasted=THREE, from_on="20.11.2026", step="save")
    held = next(each for each in all_of(Invitation, Invitation.is_held) if each.email == "e.lis@example.com")

    assert "not invited yet" in main(proxy.get(f"{OFFICE}/urzad")).get_text()
    typed(proxy, f"{OFFICE}/zaproszenia/{held.key}")

    assert letters() == ["e.lis@example.com"]


def test_who_may_not_name_heads_or_give_posts_does_neither_by_pasting(signed_in, world):
    answer = typed(signed_in(world.bochnia.office_admin), PEOPLE, pasted=THREE, from_on="20.11.2026", step="save")

    assert set(faults(answer)) == {"1", "2"}
    assert not all_of(Invitation)


def test_a_post_that_only_one_may_hold_is_refused_by_its_row(proxy):
    answer = typed(proxy, PEOPLE, pasted="Jan Nowy\tj.nowy@example.com\t\tsekretarz", from_on="20.11.2026", step="save")

    assert "Somebody holds this post" in faults(answer)["1"]
    assert not all_of(Invitation)


def test_as_many_statements_for_few_rows_as_for_many(proxy):
    def asked(rows):
        pasted = "\n".join(f"D{number}\tKomórka {number}\tOR" for number in range(rows))
        with counted() as statements:
            typed(proxy, DEPARTMENTS, pasted=pasted, step="check")
        return len(statements)

    assert asked(400) == asked(1)


# The tasks


def test_a_new_office_is_led_from_its_tasks_to_the_end(proxy, world, new_office):
    assert "Set up the office" in main(proxy.get("/zadania")).get_text()
    assert "1 of 6 done" not in main(proxy.get(START)).get_text()

    typed(proxy, START, word="office")
    typed(proxy, START, word="certificate")
    typed(proxy, START, word="limits")
    typed(proxy, PEOPLE, pasted=THREE, from_on="20.11.2026", step="save")
    assert "5 of 6 done" in main(proxy.get(START)).get_text()
    sent = typed(proxy, f"{OFFICE}/zaproszenia/wyslij")
    assert sent.location == START
    assert "6 of 6 done" in main(proxy.get(START)).get_text()

    typed(proxy, START, word="away")
    assert "Set up the office" not in main(proxy.get("/zadania")).get_text()
    assert all_of(Office, Office.id == world.bochnia.office.id)[0].set_up_on == TODAY


@pytest.mark.parametrize("word", ["", "people", "departments", "invitations", "x" * 500])
def test_what_the_register_must_hold_nobody_ticks_off(proxy, new_office, world, word):
    answer = typed(proxy, START, word=word)

    assert "done once the register holds" in main(answer).get_text()
    office = all_of(Office, Office.id == world.bochnia.office.id)[0]
    assert (office.ticked_tasks, office.set_up_on) == ([], None)


def test_only_who_sets_the_office_up_is_led(signed_in, world, new_office):
    for name in ("auditor", "office_admin", "head", "fn_head"):
        assert "Set up the office" not in main(signed_in(getattr(world.bochnia, name)).get("/zadania")).get_text()


def test_who_keeps_the_lists_of_a_new_office_is_led_back_to_a_page_they_may_open(signed_in, world, new_office):
    keeper = signed_in(world.bochnia.office_admin)

    for path in (DEPARTMENTS, PEOPLE, f"{OFFICE}/zaproszenia/wyslij"):
        page = BeautifulSoup(keeper.get(path).data, "html.parser")
        back = [link["href"] for link in page.select("main a[href], nav[aria-label] a[href]")]
        assert f"{OFFICE}/urzad" in back
        assert START not in back
        assert all(keeper.get(each).status_code == 200 for each in back)
    kept = typed(keeper, PEOPLE, pasted=THREE.splitlines()[-1], from_on="20.11.2026", step="save")
    assert kept.location == f"{OFFICE}/urzad"


def test_the_names_of_the_office_are_corrected_and_its_first_task_is_done(proxy, world, new_office):
    typed(
        proxy,
        f"{START}/urzad",
        name="Starostwo Powiatowe Bochni",
        unit="powiat bocheński",
        seat="Bochnia",
        locative="w Bochni",
        head_title="starosta",
        teryt="",
        teryt_as_of="",
    )

    office = all_of(Office, Office.id == world.bochnia.office.id)[0]
    assert (office.name, office.teryt, office.ticked_tasks) == ("Starostwo Powiatowe Bochni", "", ["office"])
    assert "bochni" in office.search_text


def test_an_office_is_opened_with_the_proposal_and_one_short_name(app):
    with scoped(EVERY_OFFICE):
        office = offices.open_office(offices.OfficeFacts(slug="ug-lipowo", name="Urząd Gminy Lipowo"))
        db.session.flush()
        assert office.set_up_on is None
        assert db.session.scalar(select(func.count()).select_from(Office).where(Office.slug == "ug-lipowo")) == 1
        for slug in ("ug-lipowo", "UG Lipowo", "-x", "a" * 61, ""):
            with pytest.raises(service.InvalidInput):
                offices.open_office(offices.OfficeFacts(slug=slug, name="Drugi"))
        db.session.rollback()
