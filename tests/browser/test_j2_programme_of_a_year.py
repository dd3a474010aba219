"""J2: the proxy plans the year, the head approves it, and its first audit is logged."""

import re

import pytest

from qms.offices import service as offices
from tests.support.audits import trained
from tests.support.lived import office_found
from tests.support.site import Site
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROXY, HEAD, FN_HEAD = (f"{name}@sp-bochnia.example.com" for name in ("proxy", "head", "fn_head"))
YEAR, AUDITS = 2027, 9
DAY = "15.03.2027"
MARCH = {"pl": "Marzec", "en": "March"}
DEPARTMENT = "Wydział Finansowy"


@pytest.fixture
def nine_departments(site: Site) -> None:
    """An office of nine departments whose auditors are trained for long."""
    with site.inside():
        place = office_found("sp-bochnia")
        for number in range(AUDITS - len(place.departments)):
            offices.open_department(place.office, name=f"Referat {number + 1}", symbol=f"R{number + 1}")
        for name in ("auditor", "second_auditor"):
            trained(place, place.people[name])


@pytest.mark.usefixtures("nine_departments")
def test_j2_nine_audits_of_a_year_are_planned_in_six_clicks_and_approved_in_two(somebody):
    proxy = somebody(PROXY)
    plan_the_year(proxy)
    approve(somebody(HEAD))
    log_the_first_audit(proxy)


def plan_the_year(proxy: Visitor) -> None:
    """From the page everybody lands on; one change beside the six clicks, and nothing that has to be filled in."""
    _ = proxy.words
    proxy.press(_("Audits"))
    proxy.press(_("Programme %(year)s", year=YEAR))
    proxy.press(_("Suggest a programme"))
    proxy.press(_("Suggest"))
    proxy.sees(_("Audits suggested: %(count)s. Look through them and change what you want.", count=AUDITS))
    assert proxy.page.locator("tbody tr").count() == AUDITS
    proxy.select(_("Month of no. %(number)s", number=1), MARCH[_.language])
    proxy.press(_("Save and send for approval"))
    proxy.sees(_.count("%(num)d audit is planned.", "%(num)d audits are planned.", AUDITS))
    proxy.press(_("Send"))
    proxy.sees(_("Sent. Whoever is to approve it gets a letter."))
    assert (proxy.clicks, proxy.fields) == (6, 1)


def approve(head: Visitor) -> None:
    """From the letter."""
    _ = head.words
    head.page = head.find_letter(HEAD, _("Approve the audit programme of %(year)s", year=YEAR))
    head.press(re.compile(rf"program.{YEAR}$"))
    head.start_counting()
    head.press(_("Approve"))
    head.press(_("Approve"))
    head.sees(_("The programme is approved."))
    assert (head.clicks, head.fields) == (2, 0)


def log_the_first_audit(proxy: Visitor) -> None:
    """The days of a planned audit; the rest is known from the programme."""
    _ = proxy.words
    proxy.open(f"/u/sp-bochnia/audity/program/{YEAR}")
    proxy.start_counting()
    row = proxy.page.get_by_role("row").filter(has_text=DEPARTMENT).filter(has_text=_("Agree on the days"))
    number = row.get_by_role("rowheader").inner_text()
    proxy.press(re.compile(rf"{re.escape(_('Agree on the days'))}.*\b{number}$"))
    proxy.fill(_("First day"), DAY)
    proxy.fill(_("Last day"), DAY)
    proxy.press(_("Save the audit"))
    proxy.sees(_("Audit %(number)s saved.", number="A-2027-01"))
    assert (proxy.clicks, proxy.fields) == (2, 2)
    letter = proxy.find_letter(FN_HEAD, re.compile(DEPARTMENT))
    assert letter.get_by_role("link", name=re.compile("termin.ics")).count() == 1
