"""J4: the head of a department answers from the letter: three presses, four fields, no password."""

import re

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from qms.core.db import db
from qms.findings.models import Finding
from tests.support.cases import Case
from tests.support.lived import office_found
from tests.support.site import Site
from tests.support.visitor import Visitor

pytestmark = pytest.mark.browser

HEAD, CLERK = (f"{name}@sp-bochnia.example.com" for name in ("fn_head", "fn_clerk"))
PHONE = (360, 640)
NUMBER = "N-2026-001"


@pytest.fixture
def case(site: Site) -> str:
    """The key of a case whose letter is on its way."""
    with site.inside():
        return Case(office_found("sp-bochnia")).publish().finding.key


def test_j4_takes_three_presses_and_four_fields_on_a_phone(site, somebody, case):
    head = somebody(size=PHONE)

    answer(head)

    assert (head.clicks, head.fields) == (3, 4)
    assert not [path for path in head.visited if path.startswith(("/logowanie", "/u/"))]
    assert head.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert [cookie["name"] for cookie in head.context.cookies()] == []
    assert head.letter(HEAD, re.compile(NUMBER))
    with site.inside():
        assert answered(case) == (HEAD, "Nikt nie pilnuje dat.")


def test_j4_by_keyboard_alone(site, somebody, case):
    answer(somebody(size=PHONE, by_keyboard=True))

    with site.inside():
        assert answered(case)[0] == HEAD


def test_j4_without_javascript(site, somebody, case):
    answer(somebody(size=PHONE, java_script_enabled=False))

    with site.inside():
        assert answered(case)[0] == HEAD


def test_a_draft_is_kept_while_somebody_types_and_opens_again(somebody, case):
    head = somebody(size=PHONE)
    open_letter(head)
    head.fill(head.words("Why it happened"), "Jeszcze piszę.")

    expect(head.page.locator("[data-draft-state]")).to_contain_text(re.compile(r"\d"), timeout=20_000)
    other = somebody(size=PHONE)
    open_letter(other)

    expect(other.page.get_by_label(other.words("Why it happened"))).to_have_value("Jeszcze piszę.")


def test_an_answer_sent_while_its_draft_is_being_kept_leaves_after_the_draft(site, somebody, case):
    head, held = somebody(size=PHONE), []

    def hold(route: Route) -> None:
        if route.request.resource_type == "fetch":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    open_letter(head)
    head.page.route("**/o/odpowiedz/**", hold)
    fill(head)
    for _ in range(100):
        if not held:
            head.page.wait_for_timeout(200)
    head.press(head.words("Check your reply"))
    for route, kept in held:
        route.fulfill(response=kept)
    head.press(head.words("Send reply"))

    head.sees(head.words("Reply sent: %(number)s", number=NUMBER))


def open_letter(head: Visitor) -> None:
    """The local mailbox stands in for the mail program; pressing the link in the letter is the first press."""
    letter = head.find_letter(HEAD, re.compile(NUMBER))
    link = letter.locator("main a[href*='/o/odpowiedz/']").first
    address = link.get_attribute("href")
    letter.close()
    head.context.clear_cookies()  # those of the mailbox
    head.start_counting()
    head.open(address)
    head.clicks += 1


def answer(head: Visitor) -> None:
    _ = head.words
    open_letter(head)
    fill(head)
    head.press(_("Check your reply"))
    head.sees("Nikt nie pilnuje dat.", "Fn Head Sp-Bochnia")
    head.press(_("Send reply"))
    head.sees(_("Reply sent: %(number)s", number=NUMBER))


def fill(head: Visitor) -> None:
    _ = head.words
    head.fill(_("What was put right at once"), "Odnowiono upoważnienia.")
    head.fill(_("Why it happened"), "Nikt nie pilnuje dat.")
    head.fill(_("What you will change"), "Rejestr z przypomnieniami.")
    head.fill(_("By when"), "18.12.2026")


def answered(key: str) -> tuple[str, str]:
    """Who answered, by their address, and the cause they gave."""
    round_ = db.session.scalars(select(Finding).where(Finding.key == key)).one().rounds[-1]
    return (round_.answered_by.email if round_.answered_by else "", round_.cause)
