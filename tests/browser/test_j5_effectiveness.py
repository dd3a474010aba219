"""J5: months after the work an auditor judges whether it helped: three presses, two fields; nothing closes without."""

import re

import pytest
from sqlalchemy import select

from qms.core.db import db
from qms.findings.models import Finding
from tests.support.cases import Case
from tests.support.lived import office_found
from tests.support.site import Site
from tests.support.visitor import Visitor

pytestmark = pytest.mark.browser

AUDITOR = "auditor@sp-bochnia.example.com"
PHONE = (360, 640)


@pytest.fixture
def case(site: Site) -> str:
    """The key of a case whose work is confirmed, on the day its effect is to be judged."""
    with site.inside():
        case = Case(office_found("sp-bochnia")).publish().answer().accept().do().verify("second_auditor")
        judged_from = case.finding.due_on
        key = case.finding.key
    assert judged_from is not None
    site.move_to(judged_from)
    return key


def test_j5_takes_three_presses_and_two_fields_on_a_phone(site, somebody, case):
    auditor = somebody(AUDITOR, size=PHONE)

    judge(auditor, "Yes")

    assert (auditor.clicks, auditor.fields) == (3, 2)
    assert auditor.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    auditor.sees(auditor.words("Saved. The proxy closes the case."))
    assert stands(site, case) == ("effectiveness_check", "closing", 1)


@pytest.mark.parametrize("way", [{"by_keyboard": True}, {"java_script_enabled": False}], ids=["keyboard", "no script"])
def test_j5_by_keyboard_alone_and_without_javascript(site, somebody, case, way):
    judge(somebody(AUDITOR, size=PHONE, **way), "Yes")

    assert stands(site, case) == ("effectiveness_check", "closing", 1)


def test_what_did_not_help_goes_back_to_the_department_and_stays_open(site, somebody, case):
    judge(somebody(AUDITOR, size=PHONE), "No")

    assert stands(site, case) == ("in_analysis", "answer", 2)


def judge(reader: Visitor, outcome: str) -> None:
    """From the tasks to the judgement."""
    _ = reader.words
    reader.press(re.compile(re.escape(_("Judge whether it worked"))))
    reader.press(_("Judge the effect"))
    reader.sees("Dwa upoważnienia straciły ważność.", "Założono rejestr.")
    reader.choose(_(outcome))
    reader.fill(_("What you checked and what it showed"), "Przejrzano rejestr z trzech miesięcy.")
    reader.press(_("Save the judgement"))


def stands(site: Site, key: str) -> tuple[str, str | None, int]:
    """Where the case stands, what it waits for, and in which round."""
    with site.inside():
        finding = db.session.scalars(select(Finding).where(Finding.key == key)).one()
        return (finding.state, finding.waits_for, finding.round_number)
