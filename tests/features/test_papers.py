"""Every paper of the register: the same words as page, PDF and Word file, read back letter by letter and tag by tag."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import time
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from qms.approvals import service as approvals
from qms.audits import queries as audits
from qms.audits import timetable
from qms.audits.models import Audit
from qms.checklists import queries as checklists
from qms.checklists import service as checklist_service
from qms.core import clock
from qms.core.db import db, scoped
from qms.domain.approval import Step
from qms.domain.report import Parts
from qms.domain.standing import Who
from qms.findings import service as findings
from qms.offices.models import Office
from qms.papers import making
from qms.papers.paper import Fact, Field, Paper, Rows, Section
from qms.people.models import Person
from qms.programme import service as programme_service
from qms.reports import service as reports
from qms.reports.models import KINDS
from tests.support import programmes
from tests.support.application import typed
from tests.support.audits import wanted
from tests.support.capabilities import NOT_RUN
from tests.support.cases import Case, acting, plan_audit, upload, written
from tests.support.checklists import CLAUSES, answer, given
from tests.support.papers import LETTERS, document, run_together, words_of
from tests.support.pdf import decorations, structure_of, untagged_texts, words_of_pdf
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]

TITLES = {
    "raport": ("Raport z auditu A-2026-01", "Report of audit A-2026-01"),
    "karta": ("Karta niezgodności N-2026-001", "Nonconformity card N-2026-001"),
    "program": (
        "Program auditów wewnętrznych na 2026 r., wersja 1",
        "Programme of internal audits for 2026, version 1",
    ),
    "plan": ("Plan auditu A-2026-02", "Plan of audit A-2026-02"),
    "lista": ("Lista pytań kontrolnych auditu A-2026-02", "Question sheet of audit A-2026-02"),
}
# Letters of the language, ligatures, a word that may break only at its own hyphen, and what is no markup.
NAME = f"Wydział {LETTERS}: oficjalny efekt"
HARD = f"{LETTERS} – oficjalny efekt, afisz, flaga, biało-czerwony „cudzysłów”, 50 % & <b>nie znacznik</b> #let x = 1"


def printed(where: OfficeWorld) -> dict[str, str]:
    """One paper of each kind, with every hard text in it, by its address."""
    case, slug = _reported(where), where.office.slug
    audit = _planned(where)
    here = f"/u/{slug}/audity/{audit.key}"
    return {
        "raport": f"/u/{slug}/audity/{case.audit.key}/raport",
        "karta": f"{case.address}/karta",
        "program": f"/u/{slug}/audity/programy/{_approved(where)}/pismo",
        "plan": f"{here}/plan",
        "lista": f"{here}/pytania/lista",
    }


def _reported(where: OfficeWorld) -> Case:
    case, by = Case(where), acting(where.auditor)
    parts = Parts(conclusion=HARD, unaudited="Archiwum.", obstacles="", differing_opinions="", distribution="Starosta")
    with case.scope():
        findings.change(case.finding, written(where, statement=HARD), [upload("rejestr.pdf")], by=by)
        reports.publish(case.audit, parts, by=by, today=TODAY)
        db.session.commit()
    return case


def _planned(where: OfficeWorld, *, result: str = "observation") -> Audit:
    """An audit with hours and questions, one of them answered."""
    audit = plan_audit(where, symbols=("FN", "GD"))
    with scoped(frozenset({where.office.id})):
        audit.objective = HARD
        row = timetable.Row(day=TODAY, from_time=time(9), to_time=time(10, 30), subject="Spotkanie otwierające")
        timetable.add(audit, row)
        checklist_service.build(audit, CLAUSES)
        db.session.commit()
        (first, *_) = checklists.questions(audit.id)
    answer(audit, given(first, result, HARD), where=where)
    return audit


def _approved(where: OfficeWorld) -> str:
    """The key of a programme with an order, whose verb is hard to print."""
    with scoped(frozenset({where.office.id})):
        where.departments["FN"].name = NAME
        approvals.set_chain(where.office, [Step("Sprawdzono", Who.PROXY), Step("Zatwierdzono", Who.HEAD_OF_OFFICE)])
        db.session.commit()
    programmes.add(where, programmes.planned(where, year=2026, month=12), year=2026)
    programmes.send(where, 2026)
    programmes.approve(where, where.proxy, 2026)
    programmes.approve(where, where.head, 2026, order_number="12/2026")
    with scoped(frozenset({where.office.id})):
        return programmes.newest(where, 2026).key


def reader_of(kind: str, where: OfficeWorld) -> Person:
    """Questions are the team's own."""
    return where.auditor if kind == "lista" else where.proxy


def said_on(page: BeautifulSoup) -> list[str]:
    parts = page.main.select("h1, h2, h3, dt, dd, th, td")
    return [part.get_text() for part in parts if not part.find_parent("details")]


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_page_pdf_and_word_file_say_the_same_words_and_no_letter_is_lost(
    world: World, signed_in: SignIn, kind: str, language: str
) -> None:
    here, reader = printed(world.bochnia)[kind], reader_of(kind, world.bochnia)
    reader.language = language
    client = signed_in(reader)

    page = BeautifulSoup(client.get(here).data, "html.parser")
    made = client.get(f"{here}.pdf").data

    assert page.h1.get_text() == TITLES[kind][language == "en"]
    assert PdfReader(BytesIO(made)).trailer["/Root"]["/Lang"] == language
    for words in map(run_together, (words_of_pdf(made), words_of(client.get(f"{here}.docx").data))):
        assert run_together(NAME if kind == "program" else HARD) in words
        assert [text for text in said_on(page) if run_together(text) not in words] == []
        assert "{{" not in words
        assert "{%" not in words


@pytest.mark.parametrize("kind", KINDS)
def test_a_screen_reader_finds_its_way_through_every_pdf(world: World, signed_in: SignIn, kind: str) -> None:
    here, client = printed(world.bochnia)[kind], signed_in(reader_of(kind, world.bochnia))
    made = client.get(f"{here}.pdf").data

    root, tags = PdfReader(BytesIO(made)).trailer["/Root"], structure_of(made)
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert PdfReader(BytesIO(made)).metadata.title == TITLES[kind][0]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode(), "as the compiler checked it"
    assert heading_faults([tag.kind for tag in tags.under("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")]) == []
    tables = list(tags.under("/Table"))
    assert tables
    assert [fault for table in tables for fault in table_faults(table)] == []
    assert [tag.kind for tag in tags.under("/Figure", "/Formula") if not tag.has_alternative] == []
    assert untagged_texts(made) == []
    assert decorations(made), "the head and the foot of each page are not read aloud"


def heading_faults(levels: list[str]) -> list[str]:
    """What is wrong with the order of headings: one of the first level, and none skipped on the way down."""
    ranks = [int(level[2:]) for level in levels]
    faults = [] if ranks.count(1) == 1 and ranks[0] == 1 else ["not one heading of the first level, at the top"]
    return faults + [f"{low} after {high}" for high, low in pairwise(ranks) if low > high + 1]


def table_faults(table) -> list[str]:
    """What is wrong with a table: a first row of headings that say their direction, and rows of one length."""
    head, *others = list(table.under("/TR"))
    faults = [] if all(cell.kind == "/TH" and cell.scope for cell in head.children) else ["no headings"]
    return faults + ["a row of another length" for row in others if len(row.children) != len(head.children)]


@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_shows_the_same_words(world: World, signed_in: SignIn, tmp_path: Path, kind: str) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip(f"{NOT_RUN}tests of Word files (LibreOffice is not installed)")
    here, client = printed(world.bochnia)[kind], signed_in(reader_of(kind, world.bochnia))
    (tmp_path / "paper.docx").write_bytes(client.get(f"{here}.docx").data)

    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, "--headless", profile, "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "paper.docx")], check=True, capture_output=True, timeout=120)

    words = run_together((tmp_path / "paper.txt").read_text(encoding="utf-8-sig"))
    page = BeautifulSoup(client.get(here).data, "html.parser")
    assert [text for text in said_on(page) if run_together(text) not in words] == []


def test_what_has_nothing_to_say_takes_no_heading(app: Flask) -> None:
    sections = (Section("Mówi", (Fact("a", "A", "Coś"),)), Section("Milczy", (Fact("b", "B", ""),)))
    paper = Paper("plan", "pl", "Urząd", "1", "Tytuł", "", sections)

    assert [section.heading for section in paper.said] == ["Mówi"]
    assert "Milczy" not in words_of(making.word(paper, None))
    assert words_of(making.word(paper, document("{{ b }}{{ a }}"))).strip() == "Coś", (
        "its fields are there all the same"
    )


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_is_empty_opens_no_page_of_its_own(app: Flask) -> None:
    column = (Field("kto", "Kto"),)

    def pages(room: int, *last: Rows) -> int:
        table = Rows("t", "", column, (*(("Ewa",),) * 28, ("",)), room=room)
        paper = Paper("plan", "pl", "Urząd", "1", "Tytuł", "", (Section("Osoby", (table, *last)),))
        return len(PdfReader(BytesIO(making.pdf(paper, made_at=clock.now()))).pages)

    silent = Rows("s", "", column, ())
    assert [pages(room, silent) for room in range(40, 52)] == [pages(room) for room in range(40, 52)]


# templates


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_given_back_as_it_is_serves_every_paper_of_its_kind(
    world: World, signed_in: SignIn, kind: str
) -> None:
    """Also one that has less to say than the sample: no own work, no case, no version replaced."""
    here, proxy = printed(world.bochnia)[kind], signed_in(world.bochnia.proxy)
    templates = f"/u/sp-bochnia/wzory-pism/{kind}"

    taken = typed(proxy, templates, template=(BytesIO(proxy.get(f"{templates}/wzor.docx").data), "wzor.docx"))
    made = signed_in(reader_of(kind, world.bochnia)).get(f"{here}.docx")

    assert taken.status_code == 302
    assert TITLES[kind][0] in words_of(made.data)


def test_the_card_of_an_observation_takes_the_template_of_cards(world: World, signed_in: SignIn) -> None:
    client, case = signed_in(world.bochnia.proxy), Case(world.bochnia, category="observation").publish()
    here = "/u/sp-bochnia/wzory-pism/karta"
    typed(client, here, template=(BytesIO(client.get(f"{here}/wzor.docx").data), "wzor.docx"))

    assert "Karta ustalenia" in words_of(client.get(f"{case.address}/karta.docx").data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_a_paper_does_not_have_is_named(world: World, signed_in: SignIn, kind: str) -> None:
    given_back = (BytesIO(document("{{ nazwa_urzedu }}")), "wzor.docx")

    page = typed(signed_in(world.bochnia.proxy), f"/u/sp-bochnia/wzory-pism/{kind}", template=given_back)

    assert "„nazwa_urzedu”" in BeautifulSoup(page.data, "html.parser").select_one(".error-summary").get_text()


# the programme


def programme_text(
    world: World, signed_in: SignIn, office: Office, year: int = 2026, *, issue: int | None = None
) -> str:
    with scoped(frozenset({office.id})):
        found = programmes.queries.version(office, year, issue)
        assert found is not None
    page = signed_in(world.bochnia.proxy).get(f"/u/sp-bochnia/audity/programy/{found.key}/pismo")
    return BeautifulSoup(page.data, "html.parser").main.get_text(" ", strip=True)


def test_a_programme_says_how_far_its_approval_is(world: World, signed_in: SignIn) -> None:
    where = world.bochnia
    programmes.add(where, programmes.planned(where, year=2026, month=12), year=2026)
    drafted = programme_text(world, signed_in, where.office)
    programmes.send(where, 2026)
    sent = programme_text(world, signed_in, where.office)
    programmes.approve(where, where.head, 2026, order_number="12/2026")
    approved = programme_text(world, signed_in, where.office)

    assert "Projekt. Program nie jest jeszcze zatwierdzony." in drafted
    assert "Czeka na zatwierdzenie." in sent
    assert "Opracowanie Proxy Sp-Bochnia" in approved
    assert "Numer zarządzenia 12/2026" in approved
    assert "Head Sp-Bochnia" in approved
    for mark in ("nie jest jeszcze", "Czeka na", "Już nie obowiązuje"):
        assert mark not in approved


def test_a_version_that_was_replaced_says_by_which_and_each_what_it_changed(world: World, signed_in: SignIn) -> None:
    where = world.bochnia
    _approved(where)
    with scoped(frozenset({where.office.id})):
        made = programme_service.start_version(programmes.newest(where, 2026), reason="Urlop auditora.")
        db.session.flush()
        programme_service.add(where.office, 2026, programmes.planned(where, "KM", year=2026, month=11), today=TODAY)
        db.session.commit()
        assert made.issue == 2
    between = programme_text(world, signed_in, where.office, issue=1)
    programmes.send(where, 2026)
    for person in (where.proxy, where.head):
        programmes.approve(where, person, 2026)

    assert "Już nie obowiązuje" not in between, "until the next one is approved"
    assert "zastąpiła go wersja 2" in programme_text(world, signed_in, where.office, issue=1)
    newest = programme_text(world, signed_in, where.office)
    assert "Urlop auditora." in newest
    assert "dodano: Wydział Komunikacji" in newest.replace("Nr 2 ", "")


# the plan


def test_a_plan_tells_the_order_of_the_programme_it_is_of(world: World, signed_in: SignIn) -> None:
    where = world.bochnia
    _approved(where)
    with scoped(frozenset({where.office.id})):
        (entry,) = programmes.newest(where, 2026).planned
        audit = programme_service.log_audit(entry, wanted(where), today=TODAY)
        db.session.commit()

    page = signed_in(where.fn_head).get(f"/u/sp-bochnia/audity/{audit.key}/plan")

    told = BeautifulSoup(page.data, "html.parser").main.get_text(" ", strip=True)
    assert "Program roku 2026, wersja 1, poz. 1" in told
    assert "Numer zarządzenia 12/2026" in told


def test_the_plan_of_an_audit_called_off_says_so(world: World, signed_in: SignIn) -> None:
    audit = plan_audit(world.bochnia)
    with scoped(frozenset({world.bochnia.office.id})):
        audit.state = "cancelled"
        db.session.commit()

    page = signed_in(world.bochnia.proxy).get(f"/u/sp-bochnia/audity/{audit.key}/plan")

    assert "Ten audit odwołano." in page.get_data(as_text=True)


# the question sheet


def sheet(world: World, signed_in: SignIn, audit: Audit) -> BeautifulSoup:
    page = signed_in(world.bochnia.auditor).get(f"/u/sp-bochnia/audity/{audit.key}/pytania/lista")
    return BeautifulSoup(page.data, "html.parser")


def answers_on(page: BeautifulSoup) -> list[str]:
    return [row.select("td")[-2].get_text(" ", strip=True) for row in page.select_one("table").select("tbody tr")]


def test_a_sheet_has_room_to_write_until_the_audit_is_over(world: World, signed_in: SignIn) -> None:
    where = world.bochnia
    audit = _planned(where, result="conformity")

    open_sheet = sheet(world, signed_in, audit)
    with scoped(frozenset({where.office.id})):
        found = audits.by_key(where.office, audit.key)
        reports.publish(found, Parts(conclusion="Dobrze."), by=acting(where.auditor), today=TODAY)
        db.session.commit()
    closed = sheet(world, signed_in, audit)

    assert answers_on(open_sheet)[0].startswith("Zgodność\nAuditor Sp-Bochnia")
    assert set(answers_on(open_sheet)[1:]) == {""}
    assert set(answers_on(closed)[1:]) == {"Bez odpowiedzi."}
    assert "Możliwe odpowiedzi" in open_sheet.main.get_text()
    assert "Możliwe odpowiedzi" not in closed.main.get_text()


# costs


def test_papers_take_as_many_queries_for_much_as_for_little(world: World, signed_in: SignIn) -> None:
    where = world.bochnia
    addresses = printed(where)
    little = {kind: statements(signed_in, where, kind, addresses[kind]) for kind in ("program", "plan", "lista")}
    with scoped(frozenset({where.office.id})):
        programme_service.start_version(programmes.newest(where, 2026), reason="Więcej.")
        db.session.flush()
        for month in range(1, 12):
            more = programmes.planned(where, "KM", year=2026, month=month)
            programme_service.add(where.office, 2026, more, today=TODAY)
        audit = audits.by_key(where.office, addresses["plan"].split("/")[4])
        for number in range(20):
            checklist_service.add_question(
                audit,
                f"Pytanie {number}?",
                hint="",
                clause_id=audit.clauses[0].clause_id,
                department_id=where.departments["GD"].id,
            )
            row = timetable.Row(day=TODAY, from_time=time(11, number), to_time=time(11, number + 1), subject="Rozmowa")
            timetable.add(audit, row)
        addresses["program"] = f"/u/sp-bochnia/audity/programy/{programmes.newest(where, 2026).key}/pismo"
        db.session.commit()

    much = {kind: statements(signed_in, where, kind, addresses[kind]) for kind in ("program", "plan", "lista")}

    assert much == little


def statements(signed_in: SignIn, where: OfficeWorld, kind: str, path: str) -> int:
    """How many statements a page takes, opened once before so that everything is warm."""
    client = signed_in(reader_of(kind, where))
    client.get(path)
    with counted() as found:
        assert client.get(path).status_code == 200
    return len(found)
