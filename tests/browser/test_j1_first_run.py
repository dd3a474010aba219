"""J1: from nothing to the first useful day: 16 presses, seven fields, two pastes; nobody hears of it before the end."""

import pytest
from sqlalchemy import func, select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.domain.standing import Who
from qms.offices import service as offices
from qms.offices.known import known_offices
from qms.people import service as people
from tests.support.site import Site
from tests.support.visitor import Visitor
from tests.support.world import TODAY

pytestmark = pytest.mark.browser

PROXY = "p.start@brzeziny.example.com"
DEPARTMENTS = "Symbol\tNazwa\tPodlega\nOR\tReferat Organizacyjny\t\nKD\tKadry\tOR\nFN\tReferat Finansowy\t"
PEOPLE = "Anna Nowak\ta.nowak@brzeziny.example.com\tOR\tkierownik\nJan Żak\tj.zak@brzeziny.example.com\tFN\tauditor"


@pytest.fixture
def new_office(site: Site, language: str) -> Site:
    """A site with an office that has a proxy and nothing else."""
    with site.inside(), scoped(EVERY_OFFICE):
        office = offices.open_office(next(each for each in known_offices() if each.slug == "sp-brzeziny"))
        proxy = people.register(name="Piotr Start", email=PROXY, language=language)
        people.appoint(proxy, office, Who.PROXY, from_on=TODAY)
        db.session.commit()
    return site


def invitations(site: Site) -> int:
    """How many letters with an invitation there are, sent or not."""
    with site.inside(), scoped(EVERY_OFFICE):
        return db.session.scalar(select(func.count()).select_from(Letter).where(Letter.kind == "invitation")) or 0


@pytest.mark.parametrize("way", [{}, {"java_script_enabled": False}], ids=["mouse", "no script"])
def test_j1_takes_16_presses_seven_fields_and_two_pastes(new_office, somebody, way):
    proxy = somebody(PROXY, **way)
    _ = proxy.words

    proxy.press(_("Set up the office"))
    proxy.press(_("The data are right"))
    go_on(proxy, "Record the certificate")
    proxy.fill(_("Certificate number"), "AC 1234")
    proxy.fill(_("Certification body"), "PCBC")
    proxy.select(_("Edition of the standard"), "ISO 9001:2015")
    proxy.fill(_("Day of the decision"), "16.09.2025")
    proxy.fill(_("First day of validity"), "16.09.2025")
    proxy.fill(_("Last day of validity"), "15.09.2028")
    proxy.choose(_("A recertification"))
    proxy.press(_("Save"))
    proxy.press(_("My tasks"))
    proxy.press(_("Set up the office"))

    go_on(proxy, "Add the departments")
    paste(proxy, DEPARTMENTS, _.count("Add %(num)d department", "Add %(num)d departments", 3))
    go_on(proxy, "Add the people")
    paste(proxy, PEOPLE, _.count("Add %(num)d person", "Add %(num)d people", 2))
    proxy.press(_("Leave them as they are"))
    assert invitations(new_office) == 0
    go_on(proxy, "Send the invitations")
    proxy.press(_.count("Send %(num)d invitation", "Send %(num)d invitations", 2))
    proxy.press(_("Put this list away"))

    assert invitations(new_office) == len(PEOPLE.splitlines())
    assert (proxy.clicks, proxy.fields) == (16, 7 + 2)


def go_on(proxy: Visitor, task: str) -> None:
    """To the task that comes next, by its button."""
    proxy.press(proxy.words("Next: %(task)s", task=proxy.words(task)))


def paste(proxy: Visitor, cells: str, add: str) -> None:
    """Cells of a spreadsheet, looked at and then kept."""
    proxy.fill(proxy.words("Cells copied from the spreadsheet"), cells)
    proxy.press(proxy.words("Check the rows"))
    proxy.press(add)
