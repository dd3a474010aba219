"""Days from the letter of a certification body: entered at its audit, counted for its findings."""

from collections.abc import Iterator
from datetime import date

import pytest

from qms.agenda import queries as agenda
from qms.agenda.queries import EVER
from qms.core.db import db, scoped
from qms.domain.body_terms import STARTER, Term
from qms.domain.deadlines import Deadline, Kind, Rule
from qms.domain.findings import Category
from qms.findings import body
from qms.reminders import about
from tests.support.cases import Case, later
from tests.support.forms import send
from tests.support.world import TODAY, OfficeWorld, World

FAR = date(2030, 1, 1)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def give(case: Case, *, major: Term = STARTER[Category.MAJOR], minor: Term = STARTER[Category.MINOR]) -> None:
    visit = body.visit_by_key(case.where.office, case.audit.key)
    assert visit is not None
    body.set_terms(visit, {Category.MAJOR: major, Category.MINOR: minor}, letter="JC/1")
    db.session.commit()


def due(office: OfficeWorld, kind: Kind, today: date = TODAY) -> list[Deadline]:
    return agenda.gather([office.office.id], EVER, FAR, today=today, kinds=[kind])


@pytest.mark.parametrize(("category", "days"), [("major", 14), ("minor", 30)])
@pytest.mark.parametrize("is_first", [True, False], ids=["before publishing", "after it"])
def test_an_answer_is_due_as_the_letter_says(bochnia: OfficeWorld, *, category: str, days: int, is_first: bool) -> None:
    case = Case(bochnia, kind="surveillance", category=category)
    if is_first:
        give(case)
    case.publish()
    if not is_first:
        give(case)

    (asked,) = due(bochnia, Kind.ANSWER)

    assert (asked.due_on, asked.rule, asked.counted_from) == (later(days), Rule.BODY_ANSWER, TODAY)


def test_what_the_letter_leaves_open_stays_with_the_limit_of_the_office(bochnia: OfficeWorld) -> None:
    case = Case(bochnia, kind="surveillance", category="major").publish()
    before = due(bochnia, Kind.ANSWER)

    give(case, major=Term(evidence_days=90))
    assert due(bochnia, Kind.ANSWER) == before
    give(case)
    give(case, major=Term(evidence_days=60))

    assert due(bochnia, Kind.ANSWER) == before


def test_a_day_that_was_moved_stays_where_it_was_moved_to(bochnia: OfficeWorld) -> None:
    case = Case(bochnia, kind="surveillance", category="major").publish()
    case.finding.due_on, case.finding.due_limit, case.finding.date_moves = later(40), "", 1
    db.session.commit()

    give(case)

    assert case.again().due_on == later(40)


def test_evidence_is_waited_for_until_somebody_verified(bochnia: OfficeWorld) -> None:
    case = Case(bochnia, kind="surveillance", category="major")
    give(case)
    case.publish()

    (asked,) = due(bochnia, Kind.BODY_EVIDENCE)

    assert (asked.due_on, asked.rule) == (later(90), Rule.BODY_EVIDENCE)
    assert asked.answers == (bochnia.proxy.id,)
    assert about.place_of(asked.subject) == ("ustalenie", case.finding.key)
    case.answer().accept().do()
    assert len(due(bochnia, Kind.BODY_EVIDENCE)) == 1
    case.verify()
    assert due(bochnia, Kind.BODY_EVIDENCE) == []


def test_only_findings_of_that_grade_and_audit_ask_for_it(bochnia: OfficeWorld) -> None:
    case = Case(bochnia, kind="surveillance", category="minor")
    give(case, minor=Term(answer_days=30))
    case.publish()
    Case(bochnia, kind="surveillance", category="major").publish()

    assert due(bochnia, Kind.BODY_EVIDENCE) == []


def test_the_next_audit_of_the_same_body_proposes_the_days_of_its_last_letter(bochnia: OfficeWorld) -> None:
    first = Case(bochnia, kind="surveillance", category="major")
    assert body.proposed(first.audit) == STARTER

    give(first, major=Term(7, 45))

    assert body.proposed(Case(bochnia, kind="special", category="minor").audit)[Category.MAJOR] == Term(7, 45)


def test_the_proxy_enters_them_and_the_case_says_why_its_day_is_that_day(world: World, signed_in) -> None:
    case = Case(world.bochnia, kind="surveillance", category="major").publish()
    path = f"/u/sp-bochnia/audity/{case.audit.key}"
    browser = signed_in(world.bochnia.proxy)

    empty = send(browser, f"{path}/terminy-jednostki", **dict.fromkeys(DAYS, ""))
    wrong = send(browser, f"{path}/terminy-jednostki", major_answer_days="siedem", letter="JC/77")
    kept = send(browser, f"{path}/terminy-jednostki", major_answer_days="9", letter="JC/77")

    assert "co najmniej jedną liczbę dni" in empty.text
    assert "siedem" in wrong.text
    assert "JC/77" in wrong.text
    assert kept.status_code == 302
    assert "29.11.2026" in browser.get(path).text
    assert "JC/77" in browser.get(f"{path}/ustalenia").text
    assert "9 dni od ostatniego dnia auditu (20.11.2026)" in browser.get(case.address).text


DAYS = ("major_answer_days", "major_evidence_days", "minor_answer_days", "minor_evidence_days")


def test_an_audit_of_the_office_has_no_such_days(world: World, signed_in) -> None:
    case = Case(world.bochnia).publish()
    browser = signed_in(world.bochnia.proxy)

    assert browser.get(f"/u/sp-bochnia/audity/{case.audit.key}/terminy-jednostki").status_code == 404
    assert "terminy-jednostki" not in browser.get(f"/u/sp-bochnia/audity/{case.audit.key}").text
