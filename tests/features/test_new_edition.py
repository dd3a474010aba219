"""An edition nobody has heard of is added by files alone, and everything that editions do works for it."""

import csv
import shutil
from datetime import date
from importlib import resources

import pytest
from bs4 import BeautifulSoup

from qms.audits.service import plan
from qms.core.db import db, scoped
from qms.domain.editions import required
from qms.domain.errors import InvalidInput
from qms.standards import catalogue
from qms.standards import queries as standards
from tests.support.application import typed
from tests.support.audits import clause_ids, trained, wanted
from tests.support.exclusions import exclude
from tests.support.world import SINCE, TODAY

NEW = "9001:2031"
OFFICE = "/u/sp-bochnia"
EDITION = {
    "code": NEW, "title_en": "Quality", "title_pl": "Jakość", "pn": "PN-EN ISO 9001:2031", "published": "2026-01-15",
    "audits_until": "2026-12-31", "certificates_until": "2027-06-30", "status": "announced",
    "exclusion_rule": "chapter-5-8",
}  # fmt: skip
CLAUSES = [
    ("5", "chapter", "", "Przywództwo", {}),
    ("5.1", "leaf", "5", "Przykład z góry", {"question_pl": "Czy kierownictwo daje przykład?"}),
    ("8", "chapter", "", "Usługi", {}),
    ("8.1", "group", "8", "Wspólne", {}),
    ("8.1.1", "leaf", "8.1", "Karta usługi", {"documented_procedure": "1", "maintain": "1"}),
    ("8.2", "leaf", "8", "Projektowanie usług", {"records": "2"}),
    ("9", "chapter", "", "Pomiary", {}),
    ("9.1", "leaf", "9", "Zadowolenie", {"records": "1"}),
]
PLAIN = {"excludable": "yes", "documented_procedure": "0", "records": "0", "maintain": "0", "proxys": "0"}
MAPPED = [("9001:2015", "8.3.2", "8.2"), ("9001:2015", "9.1.2", "9.1"), ("9001:2015", "8.3.2", "8.1.1")]


@pytest.fixture
def files(tmp_path):
    """The catalogue's files with three pieces more."""
    folder = tmp_path / "catalogue"
    shutil.copytree(resources.files("qms.standards") / "data", folder)
    rows = [
        PLAIN | {"edition": NEW, "number": number, "kind": kind, "parent": parent, "title_en": title, "title_pl": title}
        | more for number, kind, parent, title, more in CLAUSES
    ]  # fmt: skip
    links = [
        {"from_edition": edition, "from_number": near, "to_edition": NEW, "to_number": far, "note": ""}
        for edition, near, far in MAPPED
    ]
    for name, added in (("editions.csv", [EDITION]), ("clauses.csv", rows), ("mapping.csv", links)):
        with (folder / name).open(encoding="utf-8") as file:
            columns = csv.DictReader(file).fieldnames
        with (folder / name).open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, columns, restval="").writerows(added)
    return folder


@pytest.fixture
def office(world, files):
    catalogue.load(files)
    with scoped(frozenset({world.bochnia.office.id})):
        trained(world.bochnia, world.bochnia.auditor, NEW)
        db.session.commit()
    return world.bochnia


def of_new(*numbers):
    return clause_ids(*numbers, edition=NEW)


def test_loading_it_twice_adds_nothing(office, files):
    assert catalogue.load(files) == 0


def test_its_clauses_are_shown_with_what_they_ask_for_and_their_counterparts(signed_in, office):
    main = BeautifulSoup(signed_in(office.auditor).get(f"{OFFICE}/norma?wydanie=90012031").data, "html.parser").main

    rows = {row.th.get_text(" ", strip=True): row.get_text(" ", strip=True) for row in main.select("tbody tr")}
    assert [each.get_text(strip=True) for each in main.select("summary")] == ["5 Przywództwo", "8 Usługi", "9 Pomiary"]
    assert "1 udokumentowana procedura" in rows["8.1.1 Karta usługi"]
    assert "2 rodzaje zapisów" in rows["8.2 Projektowanie usług"]
    assert "9001:2015, 8.3.2" in rows["8.2 Projektowanie usług"]
    assert "31.12.2026" in main.get_text()


def test_an_audit_is_planned_and_its_questions_are_asked(office):
    with scoped(frozenset({office.office.id})):
        audit = plan(office.office, wanted(office, edition_code=NEW, clause_ids=of_new("5.1", "9.1")), today=TODAY)
        db.session.flush()

        assert [part.clause.number for part in audit.clauses] == ["5.1", "9.1"]


@pytest.mark.parametrize(
    ("kind", "on", "refused_with"),
    [
        ("internal", date(2026, 1, 14), "was published on 15.01.2026 only"),
        ("internal", date(2027, 2, 1), None),
        ("surveillance", date(2026, 12, 31), None),
        ("surveillance", date(2027, 1, 4), "until 31.12.2026 only"),
    ],
)
def test_audits_keep_within_its_dates(*, office, kind, on, refused_with):
    theirs = {} if kind == "internal" else {"body": "Jednostka Certyfikująca"}
    days = {"starts_on": on, "ends_on": on, "kind": kind}
    of_it = wanted(office, edition_code=NEW, clause_ids=of_new("5.1"), **days, **theirs)

    with scoped(frozenset({office.office.id})):
        if refused_with is None:
            assert plan(office.office, of_it, today=TODAY).edition_code == NEW
            return
        with pytest.raises(InvalidInput) as refusal:
            plan(office.office, of_it, today=TODAY)
    assert refused_with in str(refusal.value)
    assert refusal.value.field == "edition_code"


@pytest.mark.parametrize(("number", "is_allowed"), [("5.1", True), ("8.1", True), ("9.1", False)])
def test_exclusions_follow_its_own_rule(*, office, number, is_allowed):
    clause = next(each for each in standards.clauses(NEW) if each.number == number)

    with scoped(frozenset({office.office.id})):
        if is_allowed:
            assert exclude(office.office, clause, valid_from=SINCE).clause_id == clause.id
            return
        with pytest.raises(InvalidInput, match="only requirements of chapter 5, 8"):
            exclude(office.office, clause, valid_from=SINCE)


def test_changing_the_edition_of_an_audit_proposes_its_counterparts_and_decides_nothing(signed_in, office):
    ticked = {"clause_ids": [str(each) for each in clause_ids("8.3.2", "9.1.2", "4.1")]}

    page = typed(signed_in(office.proxy), f"{OFFICE}/audity/nowy", edition_code=NEW, show="clauses", **ticked)

    shown = BeautifulSoup(page.data, "html.parser")
    chosen = {int(each["value"]) for each in shown.select("[name=clause_ids][checked]")}
    assert chosen == set(of_new("8.1.1", "8.2", "9.1"))
    assert "to propozycja" in shown.main.get_text()


@pytest.mark.parametrize(
    ("edition", "excluded", "procedures", "records"),
    [
        ("9001:2008", (), 6, 21),
        ("9001:2008", ("7.3",), 6, 16),
        ("9001:2008", ("7.3", "7.6"), 6, 13),
        ("9001:2015", (), 0, 21),
        ("9001:2015", ("8.3",), 0, 16),
    ],
)
def test_the_shipped_editions_ask_for_as_many_papers_as_the_standard(*, world, edition, excluded, procedures, records):
    asked = required([clause.papers for clause in standards.clauses(edition)], excluded)

    assert (asked.procedures, asked.records) == (procedures, records)
