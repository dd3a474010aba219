"""Lists as sheets: what the page shows and no more, harmless, as Polish Excel opens it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from qms.findings import exported
from tests.features.test_findings_register import copies, rows
from tests.support.cases import Case, later, on
from tests.support.sheets import csv_rows, has_formula, text_of, xlsx_cells
from tests.support.statements import counted

LIST = "/u/sp-bochnia/ustalenia"
FORMULA = '=HYPERLINK("https://evil.example";"x")'


@pytest.fixture
def case(world: Any) -> Case:
    return Case(world.bochnia).publish().answer().accept()


def sheet(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return csv_rows(answer)


def test_a_sheet_holds_what_the_pages_show_in_their_order(case, signed_in):
    copies(case, 60, stage=5, state="closed", closed_on=later(0))
    Case(case.where).publish()
    client = signed_in(case.where.proxy)

    pages = [*rows(client, f"{LIST}?strona=1"), *rows(client, f"{LIST}?strona=2")]
    _, *whole = sheet(client, f"{LIST}.csv")
    _, *narrowed = sheet(client, f"{LIST}.csv?stan=otwarte&strona=2")

    assert [row[0] for row in whole] == pages
    assert [row[0] for row in narrowed] == rows(client, f"{LIST}?stan=otwarte")


@pytest.mark.parametrize(("who", "seen"), [("proxy", 1), ("fn_head", 1), ("fn_clerk", 1), ("gd_head", 0)])
def test_people_save_only_what_they_see(case, signed_in, who, seen):
    assert len(sheet(signed_in(case.where.people[who]), f"{LIST}.csv")) == 1 + seen


def test_another_office_has_neither_the_sheet_nor_its_rows(case, world, signed_in):
    other = signed_in(world.leczyca.proxy)
    Case(world.leczyca).publish()

    assert [other.get(f"{LIST}.{ending}").status_code for ending in ("csv", "xlsx")] == [404, 404]
    assert case.where.fn_head.name not in str(sheet(other, "/u/sp-leczyca/ustalenia.csv"))


def test_polish_excel_opens_it_right(case, signed_in):
    answer = signed_in(case.where.proxy).get(f"{LIST}.csv")
    line = dict(zip(*csv_rows(answer), strict=True))

    assert answer.data.startswith(b"\xef\xbb\xbfNumer;")
    assert answer.data.count(b"\r\n") == answer.data.count(b"\n") == 2
    assert answer.headers["Content-Disposition"] == f"attachment; filename=ustalenia-sp-bochnia-{later(0)}.csv"
    assert (line["Zgłoszono"], line["Termin"]) == (str(later(0)), str(later(30)))
    assert line["Osoby wykonujące działania"] == case.where.fn_clerk.name


def test_days_late_are_counted_once_the_day_has_passed(case, signed_in):
    told = []
    for days in (30, 33):
        with on(later(days)):
            told.append(dict(zip(*sheet(signed_in(case.where.proxy), f"{LIST}.csv"), strict=True)))

    assert [line["Dni po terminie"] for line in told] == ["", "3"]


def test_no_formula_comes_alive(case, signed_in):
    copies(case, 1, statement=FORMULA, number="+1")
    client = signed_in(case.where.proxy)

    line = next(row for row in sheet(client, f"{LIST}.csv") if row[0] == "'+1")
    cells = [cell for row in xlsx_cells(client.get(f"{LIST}.xlsx")) for cell in row]

    assert line[1] == f"'{FORMULA}"
    assert FORMULA in [text_of(cell) for cell in cells]
    assert not any(map(has_formula, cells))


def test_days_and_numbers_of_a_workbook_can_be_reckoned_with(case, signed_in):
    head, row = xlsx_cells(signed_in(case.where.proxy).get(f"{LIST}.xlsx"))
    kinds = dict(zip(map(text_of, head), (cell.get("t") for cell in row), strict=False))

    assert (kinds["Numer"], kinds["Zgłoszono"], kinds["Termin"]) == ("inlineStr", None, None)


def test_a_workbook_says_what_it_is_a_list_of(case, signed_in):
    answer = signed_in(case.where.proxy).get(f"{LIST}.xlsx?stan=otwarte")
    told = [text_of(row[1]) for row in xlsx_cells(answer, page=2)]

    assert told[0] == case.where.office.name
    assert told[2:] == ["Otwarte sprawy", "1"]


def test_a_sheet_ends_where_it_says(case, signed_in, monkeypatch):
    copies(case, 5)
    monkeypatch.setattr(exported, "MOST", 3)
    client = signed_in(case.where.proxy)

    assert len(sheet(client, f"{LIST}.csv")) == 1 + 3
    assert "najwyżej 3" in " ".join(text_of(row[1]) for row in xlsx_cells(client.get(f"{LIST}.xlsx"), page=2))
    assert "do 3 wierszy" in " ".join(client.get(LIST).get_data(as_text=True).split())


def test_a_sheet_of_many_takes_as_many_statements_as_one_of_few(case, signed_in):
    client = signed_in(case.where.proxy)
    client.get(f"{LIST}.csv")
    with counted() as few:
        client.get(f"{LIST}.csv")
    copies(case, 300)
    with counted() as many:
        client.get(f"{LIST}.csv")

    assert len(many) == len(few)


def test_a_case_of_another_office_is_in_no_sheet_even_by_its_department(world, signed_in):
    here, there = Case(world.bochnia).publish(), Case(world.leczyca).publish()
    key = there.where.departments["FN"].key

    assert [row[0] for row in sheet(signed_in(here.where.proxy), f"{LIST}.csv?komorka={key}")[1:]] == ["N-2026-001"]
