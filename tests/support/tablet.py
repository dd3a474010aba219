"""An audit held on a tablet, whose network comes and goes."""

import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from qms.audits.models import Audit
from qms.checklists import queries, service
from qms.checklists.models import AnswerEvent
from qms.core.db import db
from qms.findings.models import Finding
from qms.standards import queries as standards
from tests.support.cases import EDITION, plan_audit
from tests.support.lived import office_found
from tests.support.site import Site
from tests.support.wording import Words

AUDITOR = "auditor@sp-bochnia.example.com"
TABLET = (820, 1180)
# Twenty-four questions in four sections.
CHAPTERS = {"5": 5, "7": 6, "8": 7, "9": 6}
COUNT, SECTIONS, PHOTOS = sum(CHAPTERS.values()), len(CHAPTERS), 3
PATIENCE = 15_000


def prepared(site: Site) -> str:
    """An audit of twenty-four questions; the address of its pages."""
    with site.inside():
        office = office_found("sp-bochnia")
        audit = plan_audit(office)
        for chapter, count in CHAPTERS.items():
            clauses = [each for each in standards.auditable(EDITION) if each.number.startswith(f"{chapter}.")]
            for number in range(count):
                service.add_question(
                    audit,
                    f"Czy jest zapis {chapter}/{number}?",
                    hint="Rejestr",
                    clause_id=clauses[number % 2].id,
                    department_id=office.departments["FN"].id,
                )
        db.session.commit()
        return f"/u/sp-bochnia/audity/{audit.key}"


def stored(site: Site) -> dict[str, int]:
    """How much of what was answered the register holds."""
    with site.inside():
        audit = db.session.scalars(select(Audit).order_by(Audit.id.desc())).first()
        assert audit is not None
        answers, files = queries.answers(audit.id), queries.files(audit.id)
        return {
            "answers": sum(answer.shown is not None for answer in answers.values()),
            "events": db.session.scalar(select(func.count()).select_from(AnswerEvent)) or 0,
            "photos": sum(map(len, files.values())),
            "findings": db.session.scalar(select(func.count()).select_from(Finding)) or 0,
        }


class Question:
    """One question of the section that is open; `place` counts from 0."""

    def __init__(self, page: Page, place: int) -> None:
        self.part = page.locator("[data-question]").nth(place)

    def answer(self, result: str) -> None:
        self.part.locator(f"label:has(input[value={result}])").click()

    def describe(self, text: str) -> None:
        self.part.locator("textarea").fill(text)

    def photograph(self, file: Path) -> None:
        self.part.locator("input[type=file]").first.set_input_files(file)


class Tablet:
    """A tablet whose network comes and goes."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context = site, context
        session = site.session_of(AUDITOR)
        context.add_cookies([{"name": "rejestr", "value": session, "url": site.address}])
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def open(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def is_ready_for_no_network(self, words: Words) -> None:
        expect(self.page.locator("[data-state]")).to_contain_text(
            words("Saved. This audit can be held without a network now."), timeout=PATIENCE
        )

    def has_sent_everything(self) -> None:
        """Until nothing waits on the device."""
        give_up_at = time.monotonic() + 60
        while not self.page.evaluate(IS_NOTHING_WAITING):
            assert time.monotonic() < give_up_at, self.page.locator("main").inner_text()
            self.page.wait_for_timeout(200)


IS_NOTHING_WAITING = """() => new Promise((resolve) => {
  const opening = indexedDB.open("answers");
  opening.onsuccess = () => {
    const counting = opening.result.transaction("waiting").objectStore("waiting").count();
    counting.onsuccess = () => { opening.result.close(); resolve(counting.result === 0); };
  };
})"""


def hold(tablet: Tablet, words: Words, address: str, pictures: Sequence[Path], *, cut_at: int, back_at: int) -> None:
    """Answer everything; the network goes before one question and comes back before another."""
    page, asked, left = tablet.page, 0, list(pictures)
    tablet.open(f"{address}/prowadz/{next(iter(CHAPTERS))}")
    tablet.is_ready_for_no_network(words)
    for chapter, count in CHAPTERS.items():
        for place in range(count):
            if asked == cut_at:
                tablet.context.set_offline(True)
            if asked == back_at:
                tablet.context.set_offline(False)
            one = Question(page, place)
            if place == 0 and left:
                one.answer("nonconformity")
                one.describe(f"Brak zapisu w rozdziale {chapter}.")
                one.photograph(left.pop())
            else:
                one.answer("conformity")
            asked += 1
        page.reload()  # with what waits still there
        expect(page.locator("[data-question] input:checked")).to_have_count(count, timeout=PATIENCE)
        with page.expect_navigation():
            page.get_by_role("button", name=words("Save the section and go on")).click()
    tablet.context.set_offline(False)
    page.reload()
    tablet.has_sent_everything()
