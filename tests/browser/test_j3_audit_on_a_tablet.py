"""J3: an audit is held on a tablet, and without a script on anything. Without a network: tests/faults."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.tablet import (
    AUDITOR,
    CHAPTERS,
    COUNT,
    IS_NOTHING_WAITING,
    PATIENCE,
    SECTIONS,
    TABLET,
    Question,
    prepared,
    stored,
)
from tests.support.wording import Words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_j3_an_audit_of_24_questions_takes_29_taps_and_a_finding_three_more(site, somebody, words):
    address = prepared(site)
    auditor = somebody(AUDITOR, size=TABLET)
    auditor.open(address)
    auditor.start_counting()

    auditor.press(words("Run the audit"))
    for count in CHAPTERS.values():
        for place in range(count):
            Question(auditor.page, place).answer("conformity")
            auditor.clicks += 1
        here = auditor.path
        auditor.press(words("Save the section and go on"))
        auditor.page.wait_for_url(lambda url, here=here: not url.endswith(here))

    assert auditor.clicks == 1 + COUNT + SECTIONS
    auditor.sees(words("Everything is answered."))
    assert stored(site)["answers"] == COUNT

    auditor.open(f"{address}/prowadz/7")
    before = auditor.clicks
    Question(auditor.page, 0).answer("nonconformity")
    Question(auditor.page, 0).part.locator("textarea").click()
    auditor.page.keyboard.type("Brak rejestru w pokoju 12.")
    auditor.clicks += 2
    auditor.press(words("Save the section and go on"))
    auditor.page.wait_for_url(re.compile("prowadz/8"))
    assert auditor.clicks - before == 3
    expect(auditor.page.locator("[data-state]")).to_contain_text(words("Saved"), timeout=PATIENCE)
    assert stored(site)["findings"] == 1


def test_j3_without_a_script_each_section_is_an_ordinary_form(site, somebody, words, pictures):
    address = prepared(site)
    auditor = somebody(AUDITOR, size=TABLET, java_script_enabled=False)
    auditor.open(f"{address}/prowadz/5")

    Question(auditor.page, 0).answer("conformity")
    finding = Question(auditor.page, 1)
    finding.answer("observation")
    finding.describe("Cele bez mierników od roku.")
    finding.photograph(pictures[0])
    auditor.press(words("Save the section and go on"))

    assert auditor.path.endswith("prowadz/7")
    found = stored(site)
    assert [found[each] for each in ("answers", "events", "photos", "findings")] == [2, 2, 1, 1]


SMALL = """least => [...document.querySelectorAll("main :is(a, button, label:has(input[type=radio]))")]
  .filter((each) => each.checkVisibility() && !each.closest(".hidden, .quiet") && each.offsetHeight < least)
  .map((each) => `${each.innerText}: ${each.offsetHeight}`)"""


def test_j3_everything_is_large_enough_for_a_finger_on_a_phone_too(site, somebody):
    address = prepared(site)
    auditor = somebody(AUDITOR, size=(320, 640))
    for page in ("5", "koniec"):
        auditor.open(f"{address}/prowadz/{page}")
        assert auditor.page.evaluate(SMALL, 44) == []


def test_j3_a_page_that_needs_a_network_is_said_to_and_the_questions_stay(serve, world_folder, tablet_of):
    words, site = Words("pl"), serve(world_folder)
    tablet = tablet_of(site)
    tablet.open(f"{prepared(site)}/prowadz/5")
    tablet.is_ready_for_no_network(words)
    tablet.context.set_offline(True)

    tablet.page.get_by_role("link", name=words("Add a finding")).click()

    expect(tablet.page.locator("[data-state]")).to_contain_text("Ta strona wymaga sieci", timeout=PATIENCE)
    Question(tablet.page, 0).answer("conformity")
    expect(tablet.page.locator("[data-state]")).to_contain_text("1 odpowiedź czeka", timeout=PATIENCE)


def test_j3_signing_out_warns_while_answers_wait_and_forgets_the_pages(serve, world_folder, tablet_of):
    words, site = Words("pl"), serve(world_folder)
    address = prepared(site)
    tablet = tablet_of(site)
    tablet.open(f"{address}/prowadz/5")
    tablet.is_ready_for_no_network(words)
    tablet.page.route("**/zdarzenia", lambda route: route.abort())
    Question(tablet.page, 0).answer("conformity")
    expect(tablet.page.locator("[data-state]")).to_contain_text("1 odpowiedź czeka", timeout=PATIENCE)

    tablet.page.locator(".menu summary").click()
    leave = tablet.page.get_by_role("button", name=words("Sign out"))
    leave.click()
    expect(tablet.page.get_by_role("alert")).to_contain_text("1 odpowiedź czeka na tym urządzeniu")
    leave.click()
    tablet.page.wait_for_url(re.compile("/logowanie"))

    assert tablet.page.evaluate("caches.keys()") == []
    assert not tablet.page.evaluate(IS_NOTHING_WAITING), "the answer is still there to be sent"


def test_j3_counts_and_the_last_page_follow_what_waits_on_the_device(serve, world_folder, tablet_of):
    words, site = Words("pl"), serve(world_folder)
    address = prepared(site)
    tablet = tablet_of(site)
    tablet.open(f"{address}/prowadz/9")
    tablet.is_ready_for_no_network(words)
    tablet.context.set_offline(True)
    page = tablet.page

    for place in range(CHAPTERS["9"]):
        Question(page, place).answer("conformity")
    Question(page, 0).answer("nonconformity")
    Question(page, 0).describe("Brak.")
    expect(page.locator("[data-progress]")).to_have_text("Gotowe: 6 z 24", timeout=PATIENCE)
    expect(
        page.get_by_role("link", name=f"{words('Chapter %(chapter)s', chapter='9')} ({words('answered')})")
    ).to_be_visible()

    page.get_by_role("link", name=words("The end")).click()
    expect(page.locator("[data-state]")).to_contain_text("6 odpowiedzi czeka", timeout=PATIENCE)
    shows_the_last_page(page)
    tablet.context.set_offline(False)
    tablet.has_sent_everything()
    shows_the_last_page(page)

    tablet.context.set_offline(True)
    tablet.open(f"{address}/prowadz/5")  # its copy was made before any answer
    expect(page.locator("[data-progress]")).to_have_text("Gotowe: 6 z 24", timeout=PATIENCE)


def shows_the_last_page(page: Page) -> None:
    expect(page.locator("[data-progress]")).to_have_text("Gotowe: 6 z 24", timeout=PATIENCE)
    expect(page.get_by_text("Zostało 18 pytań")).to_be_visible()
    expect(page.locator("[data-list=left] li:visible")).to_have_count(18)
    expect(page.get_by_text("1 opis do dokończenia")).to_be_visible()
    expect(page.locator("[data-list=brief] li:visible")).to_have_count(1)
