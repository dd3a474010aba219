"""What a page asks of the database does not depend on how much there is, and it counts no further than it shows."""

from collections.abc import Callable
from datetime import timedelta

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.audits.models import Audit, AuditDepartment, AuditMember
from qms.core.db import db, scoped
from qms.domain.products import Kind
from qms.findings.models import Action
from qms.findings.own_deadlines import COUNTED
from qms.intake import service as intake
from qms.intake.service import Told
from qms.people.models import Person
from qms.products import service as products
from qms.products.service import Noted
from tests.support.cases import Case, acting, later
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]


def give_work(case: Case, count: int) -> None:
    """So many actions of one case to the clerk, all due today."""
    with case.scope():
        agreed = case.again()
        told = {"office_id": agreed.office_id, "round_number": agreed.round_number, "description": "Przeszkolić."}
        owner = case.where.fn_clerk.id
        db.session.add_all(Action(finding_id=agreed.id, owner_id=owner, due_on=TODAY, **told) for _ in range(count))
        db.session.commit()


def heading(page: BeautifulSoup) -> str:
    return " ".join(page.h1.text.split())


def read(browser: FlaskClient, path: str) -> tuple[BeautifulSoup, int]:
    """The page, opened once before so that everything is warm, and how many statements it took."""
    browser.get(path)
    with counted() as statements:
        page = BeautifulSoup(browser.get(path).data, "html.parser")
    return page, len(statements)


def test_tasks_take_as_many_queries_for_one_as_for_more_than_are_counted(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer(due_on=later(1)).accept()
    browser = signed_in(world.bochnia.fn_clerk)
    few, for_few = read(browser, "/zadania")

    give_work(case, COUNTED)
    many, for_many = read(browser, "/zadania")
    everything, _ = read(browser, "/zadania?wszystkie=1")

    assert for_many == for_few
    assert heading(few) == "Do zrobienia: 1 sprawa"
    assert str(COUNTED) in heading(many)
    assert str(COUNTED + 1) not in many.main.text
    assert heading(everything) == f"Do zrobienia: {COUNTED + 1} spraw"


def hold_audits(office: OfficeWorld, count: int, *, since: int) -> None:
    for number in range(count):
        day = TODAY + timedelta(days=since + number)
        audit = Audit(office_id=office.office.id, number=f"{day}", edition_code="9001:2015", starts_on=day, ends_on=day)
        audit.team.append(AuditMember(office_id=office.office.id, person_id=office.auditor.id, role="lead"))
        for symbol in ("FN", "OR"):
            unit = office.departments[symbol]
            audit.departments.append(AuditDepartment(office_id=office.office.id, department_id=unit.id))
        db.session.add(audit)
    db.session.commit()


def test_audits_take_as_many_queries_for_none_as_for_sixty(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.bochnia.proxy)
    list_ = f"/u/{world.bochnia.office.slug}/audity?rok={TODAY.year}"
    none, for_none = read(browser, list_)

    with scoped(frozenset({world.bochnia.office.id})):
        hold_audits(world.bochnia, 60, since=-40)
    many, for_many = read(browser, list_)

    assert for_many == for_none
    assert none is not None
    assert len(many.select("tbody tr")) == 50
    units = [row.select("td")[0].text.strip() for row in many.select("tbody tr")]
    assert all(unit.count(",") == 1 for unit in units), "each audit has two units on one line"


def test_what_was_reported_and_issued_wrongly_takes_as_many_queries_for_one_as_for_many(
    world: World, signed_in: SignIn
) -> None:
    lists = ("/u/sp-bochnia/zgloszenia", "/u/sp-bochnia/wyroby-niezgodne")
    browser = signed_in(world.bochnia.proxy)
    _report_and_note(world.bochnia, 1)
    for_one = [read(browser, path)[1] for path in lists]

    _report_and_note(world.bochnia, 4)

    assert [read(browser, path)[1] for path in lists] == for_one


def _report_and_note(place: OfficeWorld, count: int) -> None:
    unit, by = place.departments["FN"].id, acting(place.fn_clerk)
    noted = Noted(kind=Kind.DECISION, description="Zła kwota.", department_id=unit, noticed_on=TODAY)
    with scoped(frozenset({place.office.id})):
        for _ in range(count):
            intake.report(
                place.office, Told(what="Zła kwota.", noticed_on=TODAY, department_id=unit), by=by, today=TODAY
            )
            products.note(place.office, noted, by=by, today=TODAY)
        db.session.commit()
