"""An audit held on a tablet, whose network comes and goes."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Self

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import bindparam, select

from qms.audits.models import Audit
from qms.checklists import queries, service
from qms.checklists.models import AnswerDevice, AnswerEvent
from qms.core.db import db
from qms.findings import queries as findings
from qms.standards import queries as standards
from tests.support.cases import EDITION, plan_audit
from tests.support.lived import office_found
from tests.support.site import Site
from tests.support.wording import Words

AUDITOR, SECOND_AUDITOR = "auditor@sp-bochnia.example.com", "second_auditor@sp-bochnia.example.com"
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
    """How much of what was answered in the newest audit the register holds."""
    with site.inside():
        audit = db.session.scalars(select(Audit).order_by(Audit.id.desc())).first()
        assert audit is not None
        devices = db.session.scalars(select(AnswerDevice).where(AnswerDevice.audit_id == audit.id)).all()
        answers, files = queries.answers(audit.id), queries.files(audit.id)
        given = Counter(tuple(row) for row in db.session.execute(_SAID, {"audit_id": audit.id}))
        return {
            "answers": sum(answer.shown is not None for answer in answers.values()),
            "events": given.total(),
            "doubled": given.total() - len(given),
            "people": len({person_id for _, person_id, _, _ in given}),
            "devices": len(devices),
            "waiting": sum(each.waiting_count for each in devices),
            "photos": sum(map(len, files.values())),
            "findings": len(findings.drafts_of(audit)),
        }


_SAID = select(AnswerEvent.question_id, AnswerEvent.person_id, AnswerEvent.result, AnswerEvent.note).where(
    AnswerEvent.audit_id == bindparam("audit_id")
)


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

    def __init__(self, site: Site, context: BrowserContext, person: str = AUDITOR) -> None:
        self.site, self.context = site, context
        session = site.session_of(person)
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


@dataclass(frozen=True, kw_only=True)
class Course:
    """What befalls an audit: before which question the network goes and comes back, after which the page is reloaded.

    `company` is how many questions of each section a second auditor answers at once on a tablet of their own.
    """

    cut_at: int
    back_at: int
    reloads_after: frozenset[int]
    company: int

    @classmethod
    def drawn(cls, number: int) -> Self:
        """By lot, the same for the same number."""
        lot = Random(number)  # noqa: S311 - a course to be drawn again, no secret
        cut_at = lot.randrange(COUNT)
        reloads_after = frozenset(lot.sample(range(COUNT), 3))
        company = lot.choice([0, 0, 2, 4])
        return cls(
            cut_at=cut_at, back_at=lot.randrange(cut_at + 1, COUNT + 2), reloads_after=reloads_after, company=company
        )


@dataclass
class Held:
    """An audit on its way through the questions of one tablet, and of a second one beside it."""

    tablet: Tablet
    words: Words
    address: str
    course: Course
    pictures: list[Path]
    beside: Tablet | None = None
    asked: int = 0

    def run(self) -> None:
        """Answer everything, and wait until nothing is left on either tablet."""
        self.tablet.open(f"{self.address}/prowadz/{next(iter(CHAPTERS))}")
        self.tablet.is_ready_for_no_network(self.words)
        for chapter, count in CHAPTERS.items():
            self._answer_beside(chapter)
            for place in range(count):
                self._answer(chapter, place)
            self._go_on(count)
        self.tablet.context.set_offline(False)
        for tablet in filter(None, (self.tablet, self.beside)):
            tablet.page.reload()
            tablet.has_sent_everything()

    def _answer(self, chapter: str, place: int) -> None:
        if self.asked == self.course.cut_at:
            self.tablet.context.set_offline(True)
        if self.asked == self.course.back_at:
            self.tablet.context.set_offline(False)
        one = Question(self.tablet.page, place)
        if place == 0 and self.pictures:
            one.answer("nonconformity")
            one.describe(f"Brak zapisu w rozdziale {chapter}.")
            one.photograph(self.pictures.pop())
            expect(one.part.locator("[data-kept]")).to_contain_text("zdjęcie", timeout=PATIENCE)
        else:
            one.answer("conformity")
        if self.asked in self.course.reloads_after:
            self.tablet.page.reload()
        self.asked += 1

    def _answer_beside(self, chapter: str) -> None:
        """The last questions of the section, otherwise, while the first tablet begins with it."""
        if self.beside is None:
            return
        self.beside.open(f"{self.address}/prowadz/{chapter}")
        for place in range(CHAPTERS[chapter] - self.course.company, CHAPTERS[chapter]):
            Question(self.beside.page, place).answer("not_applicable")

    def _go_on(self, count: int) -> None:
        page = self.tablet.page
        page.reload()  # with what waits still there
        expect(page.locator("[data-question] input:checked")).to_have_count(count, timeout=PATIENCE)
        with page.expect_navigation():
            page.get_by_role("button", name=self.words("Save the section and go on")).click()
