"""The register of what was issued wrongly: noticed, dealt with, looked at again by somebody else."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db, scoped
from qms.domain.errors import InvalidInput, NotIndependent
from qms.domain.products import Kind, Remedy
from qms.domain.sources import Source
from qms.findings.opening import Taken
from qms.intake import service as intake
from qms.people.models import Person
from qms.policy import Reach
from qms.products import queries, service
from qms.products.models import Product
from qms.products.service import Dealt, Noted
from tests.support.cases import Case, acting
from tests.support.forms import send
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
LIST = "/u/sp-bochnia/wyroby-niezgodne"
EVERYTHING = Reach(everything=True)


@pytest.fixture
def bochnia(world: World):
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def noted(place: OfficeWorld, by: str = "fn_clerk") -> Product:
    facts = Noted(
        kind=Kind.DECISION,
        description="Zła kwota podatku.",
        department_id=place.departments["FN"].id,
        noticed_on=TODAY,
        sign="FN.3120.7.2026",
    )
    product = service.note(place.office, facts, by=acting(place.people[by]), today=TODAY)
    db.session.commit()
    found = queries.by_key(place.office, product.key)
    assert found is not None
    return found


def deal(place: OfficeWorld, product: Product, *, by: str = "fn_clerk", case: str = "") -> None:
    dealt = Dealt(kind=Kind.DECISION, remedy=Remedy.RECTIFIED, done="Postanowienie.", dealt_on=TODAY, case=case)
    service.deal(product, dealt, by=acting(place.people[by]), reach=EVERYTHING, today=TODAY)
    db.session.commit()


def text_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return " ".join(BeautifulSoup(answer.data, "html.parser").main.get_text(" ").split())


def test_a_wrong_decision_goes_from_note_to_second_look_on_three_forms(world: World, signed_in: SignIn) -> None:
    place, clerk = world.bochnia, signed_in(world.bochnia.fn_clerk)
    unit = str(place.departments["FN"].id)

    path = send(clerk, f"{LIST}/nowy", kind="decision", description="Zła kwota.", department_id=unit).headers[
        "Location"
    ]
    done = {"remedy": "rectified", "done": "Postanowienie z 20.11.", "dealt_on": "20.11.2026"}
    assert send(clerk, f"{path}/korekta", **done).status_code == 302
    assert "FN" not in clerk.get(f"{path}/sprawdz").headers.get("Location", "")
    assert clerk.get(f"{path}/sprawdz").status_code == 403  # who dealt with it only noticed it
    head = signed_in(place.fn_head)
    assert send(head, f"{path}/sprawdz", outcome="right", verification="Akta obejrzane.").status_code == 302

    shown = text_of(head, path)
    assert all(each in shown for each in ("WN-2026-001", "art. 113 KPA", "Akta obejrzane.", place.fn_head.name))
    assert "WN-2026-001" in text_of(signed_in(place.proxy), LIST)
    assert "WN-2026-001" in text_of(clerk, LIST)
    assert "WN-2026-001" not in text_of(signed_in(place.gd_head), LIST)
    assert signed_in(place.gd_head).get(path).status_code == 404


def test_whoever_dealt_with_it_does_not_look_again_and_what_is_still_wrong_goes_back(bochnia: OfficeWorld) -> None:
    product = noted(bochnia)
    deal(bochnia, product, by="fn_head")

    with pytest.raises(NotIndependent):
        service.verify(product, "Dobrze.", is_right=True, by=acting(bochnia.fn_head), today=TODAY)
    service.verify(product, "Kwota nadal zła.", is_right=False, by=acting(bochnia.proxy), today=TODAY)
    db.session.commit()

    assert (product.state, product.remedy, product.verification) == ("noticed", "", "Kwota nadal zła.")
    deal(bochnia, product, by="proxy")  # who sent it back may put it right, and then another one looks
    with pytest.raises(NotIndependent):
        service.verify(product, "Dobrze.", is_right=True, by=acting(bochnia.proxy), today=TODAY)


def test_it_is_linked_to_a_case_by_its_number_and_to_no_other(world: World, bochnia: OfficeWorld) -> None:
    case = Case(bochnia).publish()
    with scoped(frozenset({bochnia.office.id})):
        product = noted(bochnia)
        with pytest.raises(InvalidInput, match="No case has this number"):
            deal(bochnia, product, case="N-1999-001")
        deal(bochnia, product, case=case.finding.number or "")

        assert product.finding_id == case.finding.id


def test_its_case_stays_linked_when_it_is_dealt_with_again_also_by_who_may_not_see_that_case(
    world: World, signed_in: SignIn
) -> None:
    place, case = world.bochnia, Case(world.bochnia).publish()
    number = case.finding.number or ""
    with scoped(frozenset({place.office.id})):
        product = noted(place)
        deal(place, product, case=number)
        service.verify(product, "Kwota nadal zła.", is_right=False, by=acting(place.proxy), today=TODAY)
        db.session.commit()
    clerk, path = signed_in(place.fn_clerk), f"{LIST}/{product.key}/korekta"
    form = BeautifulSoup(clerk.get(path).data, "html.parser")
    assert form.select_one("[name=case]")["value"] == number

    assert send(clerk, path, remedy="rectified", done="Drugie postanowienie.", dealt_on="20.11.2026").status_code == 302

    assert number in text_of(signed_in(place.proxy), f"{LIST}/{product.key}")


def test_a_report_may_become_something_issued_wrongly(bochnia: OfficeWorld) -> None:
    told = intake.Told(what="Zła kwota.", noticed_on=TODAY, source=Source.APPEAL, outer_number="OR.1.2026")
    problem = intake.report(bochnia.office, told, by=acting(bochnia.fn_clerk), today=TODAY)
    taken = Taken(department_id=bochnia.departments["FN"].id, category="product", statement="Zła kwota podatku.")

    number = intake.take(problem, taken, by=acting(bochnia.proxy), today=TODAY)
    db.session.commit()

    assert problem.product is not None
    assert (problem.product.number, problem.product.sign, problem.product.source) == (number, "OR.1.2026", "appeal")
    assert problem.product.noticed_by_id == bochnia.fn_clerk.id
