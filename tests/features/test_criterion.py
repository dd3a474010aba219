"""With what the effect will be judged is said before the work: proposed with the answer, agreed on by the proxy."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.core.db import db
from qms.domain.grants import Purpose
from qms.findings import service
from qms.findings.service import Answer, Planned
from qms.people.models import Person
from tests.support.application import typed
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, send, shown
from tests.support.letter_links import answer, link_of
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]
PROPOSED = "Po kwartale żadne upoważnienie nie jest nieważne."
AGREED = "Po kwartale z dziesięciu upoważnień ważne są wszystkie."


def told(client: FlaskClient, path: str) -> str:
    main = BeautifulSoup(client.get(path, follow_redirects=True).data, "html.parser").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def answered_without_one(case: Case) -> Case:
    with case.scope():
        plan = (Planned("Założyć rejestr.", case.where.fn_clerk.id, later(30)),)
        whole = Answer(correction="Odnowiono.", cause="Nikt nie pilnuje dat.", actions=plan)
        service.send_answer(case.finding, whole, by=acting(case.where.fn_head), today=TODAY)
        db.session.commit()
    return case


def test_what_the_unit_proposes_in_its_letter_is_agreed_on_read_by_the_judge_and_printed(
    world: World, signed_in: SignIn
) -> None:
    case = Case(world.bochnia).publish()
    with case.scope():
        secret = link_of(Purpose.ANSWER, case.finding.key, world.bochnia.fn_head)
        answer(f"/o/odpowiedz/{secret}", criterion=PROPOSED)
    proxy = signed_in(world.bochnia.proxy)

    offered = proxy.get(f"{case.address}/sprawdz")
    typed(proxy, f"{case.address}/sprawdz", decision="accept", criterion=AGREED)
    case.again()
    case.do().verify()

    assert shown(offered, "criterion") == PROPOSED
    for path in (f"{case.address}/skutecznosc", case.address, f"{case.address}/karta"):
        assert AGREED in told(signed_in(world.bochnia.auditor), path), path
    assert "Razem z planem uzgodniono, jak będzie oceniana skuteczność." in told(proxy, case.address)


def test_a_major_nonconformity_is_not_accepted_before_it_is_said_how_its_effect_is_judged(
    world: World, signed_in: SignIn
) -> None:
    case = answered_without_one(Case(world.bochnia, kind="surveillance", category="major").publish())
    lighter = answered_without_one(Case(world.bochnia, kind="surveillance", category="minor").publish())
    proxy = signed_in(world.bochnia.proxy)

    refused = send(proxy, f"{case.address}/sprawdz", decision="accept", criterion="")

    assert complaint(refused, "criterion").startswith("Błąd:Napisz, jak")
    assert case.again().state == "in_analysis"
    assert send(proxy, f"{case.address}/sprawdz", decision="accept", criterion=AGREED).status_code == 302
    assert send(proxy, f"{lighter.address}/sprawdz", decision="accept", criterion="").status_code == 302
    assert [case.again().state, lighter.again().state] == ["planned", "planned"]


def test_an_answer_is_returned_with_its_criterion_as_it_was_and_with_no_other(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer()
    proxy = signed_in(world.bochnia.proxy)
    returned = {"decision": "return", "reason": "Dlaczego?"}

    refused = send(proxy, f"{case.address}/sprawdz", **returned, criterion=AGREED)
    assert complaint(refused, "criterion")
    assert shown(refused, "criterion") == AGREED
    assert send(proxy, f"{case.address}/sprawdz", **returned).status_code == 302
    assert case.again().rounds[-1].criterion == PROPOSED
