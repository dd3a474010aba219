"""What anybody reports: who reads it, who decides, and the life of a case that no audit found."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.agenda import calls
from qms.checklists import earlier as asked_again
from qms.core import clock
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.domain.errors import InvalidInput, NotIndependent, RuleViolation
from qms.domain.sources import Route, Source, Way
from qms.findings import earlier, queries, repeats
from qms.findings import service as findings
from qms.findings.models import Finding
from qms.findings.opening import Taken
from qms.intake import service
from qms.intake.models import Problem
from qms.intake.service import Told
from qms.people import service as people
from qms.people.models import Appointment, Membership, Person
from qms.policy import Reach
from tests.support.cases import PDF, acting, an_answer, clause_id, later, on, plan_audit, upload
from tests.support.forms import send
from tests.support.letter_links import heading, links_to, stranger
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
LIST = "/u/sp-bochnia/zgloszenia"
WHAT = "Decyzję wysłano pod zły adres."


@pytest.fixture
def bochnia(world: World):
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def reported(place: OfficeWorld, by: str = "fn_clerk", **told: Any) -> Problem:
    known = {"what": WHAT, "noticed_on": TODAY, "department_id": place.departments["FN"].id} | told
    problem = service.report(place.office, Told(**known), upload(), by=acting(place.people[by]), today=TODAY)
    db.session.commit()
    return problem


def take(place: OfficeWorld, problem: Problem, by: str = "proxy", **changed: Any) -> Finding:
    with scoped(frozenset({place.office.id})):
        return _take(place, problem, by=by, **changed)


def _take(place: OfficeWorld, problem: Problem, *, by: str, **changed: Any) -> Finding:
    known = {
        "department_id": place.departments["FN"].id,
        "category": "nonconformity",
        "statement": WHAT,
        "requirement": "Instrukcja kancelaryjna, § 12.",
    }
    service.take(problem, Taken(**known | changed), by=acting(place.people[by]), today=TODAY)
    db.session.commit()
    (found,) = queries.whole(place.office, [problem.finding_id or 0])
    return found


def letters(kind: str) -> dict[int, dict[str, Any]]:
    return {each.person_id: each.payload for each in db.session.scalars(select(Letter).where(Letter.kind == kind))}


def text_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return " ".join(BeautifulSoup(answer.data, "html.parser").main.get_text(" ").split())


def test_an_employee_reports_on_one_page_and_alone_sees_what_became_of_it(world: World, signed_in: SignIn) -> None:
    place, clerk = world.bochnia, signed_in(world.bochnia.fn_clerk)

    sent = send(clerk, f"{LIST}/nowe", what=WHAT, files=[(BytesIO(PDF), "skan.pdf")])

    path = sent.headers["Location"]
    assert "ZG-2026-001" in text_of(clerk, path)
    with clerk.get(f"{path}/plik") as file:
        assert file.data == PDF
    assert "ZG-2026-001" in text_of(clerk, LIST)
    neighbour = signed_in(place.gd_head)
    assert neighbour.get(path).status_code == neighbour.get(f"{path}/plik").status_code == 404
    assert "ZG-2026-001" not in text_of(neighbour, LIST)
    assert letters("problem_reported").keys() == {place.proxy.id}
    with scoped(frozenset({place.office.id})):
        assert calls.DECIDE in {each.verb for each in calls.calls_on(acting(place.proxy), clock.now())}
        assert calls.DECIDE not in {each.verb for each in calls.calls_on(acting(place.gd_head), clock.now())}


def test_a_case_without_audit_and_clause_goes_its_whole_way_and_every_page_shows_it(
    world: World, bochnia: OfficeWorld, signed_in: SignIn
) -> None:
    problem = reported(bochnia, source=Source.COMPLAINT, outer_number="OR.1510.7.2026")
    finding = take(bochnia, problem)
    proxy, clerk = signed_in(bochnia.proxy), signed_in(bochnia.fn_clerk)
    case = f"/u/sp-bochnia/ustalenia/{finding.key}"
    assert letters("case_opened").keys() == {bochnia.fn_head.id}
    [link] = links_to(bochnia.fn_head)
    assert heading(stranger().get(link)) == f"Odpowiedz na {finding.number}"
    assert letters("problem_decided")[bochnia.fn_clerk.id]["became"] == finding.number

    for step in (_answer, _accept, _do, _verify, _close):
        with scoped(frozenset({bochnia.office.id})):
            step(bochnia, finding)
            db.session.commit()
        for path in (case, f"{case}/karta", f"{case}/karta.docx", "/u/sp-bochnia/ustalenia?zrodlo=skarga", "/zadania"):
            assert proxy.get(path).status_code == 200, (step.__name__, path)
        assert finding.number in text_of(clerk, f"{LIST}/{problem.key}")

    assert "Etap: Zamknięt" in text_of(clerk, f"{LIST}/{problem.key}")
    assert problem.number in text_of(proxy, case)
    assert finding.number in text_of(proxy, "/u/sp-bochnia/ustalenia?zrodlo=skarga")
    assert finding.number not in text_of(proxy, "/u/sp-bochnia/ustalenia?zrodlo=audit")
    assert clerk.get(case).status_code == 200  # they did its action


def _answer(place: OfficeWorld, finding: Finding) -> None:
    findings.send_answer(finding, an_answer(place.fn_clerk, later(5)), by=acting(place.fn_head), today=TODAY)


def _accept(place: OfficeWorld, finding: Finding) -> None:
    findings.accept_answer(finding, by=acting(place.proxy), today=TODAY)


def _do(place: OfficeWorld, finding: Finding) -> None:
    findings.report_done(finding.current_actions[0], "Zrobione.", done_on=TODAY, by=acting(place.fn_clerk), today=TODAY)


def _verify(place: OfficeWorld, finding: Finding) -> None:
    findings.verify(finding, "Obejrzane.", by=acting(place.proxy), today=TODAY)


def _close(place: OfficeWorld, finding: Finding) -> None:
    day = finding.due_on or TODAY
    with on(day):
        findings.judge_effective(finding, "Nie wróciło.", by=acting(place.proxy, day), today=day)


def test_a_nonconformity_needs_a_clause_or_a_requirement_in_words_and_an_observation_neither(
    bochnia: OfficeWorld,
) -> None:
    with pytest.raises(RuleViolation, match="Choose a clause, or write what should be so"):
        take(bochnia, reported(bochnia), requirement="")
    db.session.rollback()
    with pytest.raises(InvalidInput, match="exact requirement"):
        take(bochnia, reported(bochnia), clause_id=clause_id("7"))
    db.session.rollback()

    assert take(bochnia, reported(bochnia), requirement="", category="observation").waits_for is None
    assert take(bochnia, reported(bochnia), requirement="", clause_id=clause_id("7.5.3.1")).waits_for == "answer"


def test_a_refused_report_stays_with_the_reason_for_whoever_reported_it(
    world: World, bochnia: OfficeWorld, signed_in: SignIn
) -> None:
    problem = reported(bochnia)
    path = f"{LIST}/{problem.key}"

    assert send(signed_in(bochnia.proxy), f"{path}/odmow", reason="To sprawa sądu.").status_code == 302

    assert "To sprawa sądu." in text_of(signed_in(bochnia.fn_clerk), path)
    assert letters("problem_decided")[bochnia.fn_clerk.id]["reason"] == "To sprawa sądu."
    for step in ("odmow", "przyjmij"):  # too late: led to what was decided
        assert signed_in(bochnia.deputy).get(f"{path}/{step}").headers["Location"] == path


def test_nobody_makes_a_report_about_their_own_department_go_away(bochnia: OfficeWorld) -> None:
    problem = reported(bochnia, department_id=bochnia.departments["OR"].id)

    with pytest.raises(NotIndependent):
        service.refuse(problem, "Nic się nie stało.", by=acting(bochnia.proxy), today=TODAY)

    assert problem.fate == "waiting"


def test_the_head_of_the_department_that_a_route_names_decides_beside_the_proxy(
    world: World, bochnia: OfficeWorld, signed_in: SignIn
) -> None:
    geodesy = Route(Way.OBSERVATION, bochnia.departments["GD"].id)
    service.set_routes(bochnia.office, {Source.COMPLAINT: geodesy}, today=TODAY)
    problem = reported(bochnia, source=Source.COMPLAINT)
    path = f"{LIST}/{problem.key}/przyjmij"

    assert letters("problem_reported").keys() == {bochnia.gd_head.id}
    assert calls.DECIDE in {each.verb for each in calls.calls_on(acting(bochnia.gd_head), clock.now())}
    assert calls.DECIDE not in {each.verb for each in calls.calls_on(acting(bochnia.proxy), clock.now())}
    page = BeautifulSoup(signed_in(bochnia.gd_head).get(path).data, "html.parser")
    assert page.select_one("[name=category][checked]")["value"] == "observation"
    assert signed_in(bochnia.proxy).get(path).status_code == 200
    assert signed_in(bochnia.km_head).get(path).status_code == 404  # not even that there is one
    assert signed_in(bochnia.secretary).get(path).status_code == 403
    assert take(bochnia, problem, by="gd_head", category="observation").number


def test_a_case_without_audit_is_rejected_without_a_lead_auditor_and_looked_at_by_later_audits(
    bochnia: OfficeWorld,
) -> None:
    finding, other = take(bochnia, reported(bochnia)), take(bochnia, reported(bochnia))
    audit = plan_audit(bochnia)
    with scoped(frozenset({bochnia.office.id})):
        assert {finding.id, other.id} <= {each.id for each in earlier.open_before(audit, Reach(everything=True))}
        assert asked_again.last_findings(audit, [bochnia.departments["FN"].id]) == []
        assert repeats.alike_before(other) == repeats.alike_since(finding) == []  # nothing says that they are alike

        (other,) = queries.whole(bochnia.office, [other.id])
        findings.reject(other, "Nie stoi.", has_lead_consent=False, by=acting(bochnia.deputy), today=TODAY)

    assert other.state == "rejected"


def test_the_body_takes_its_own_back_and_two_sign_its_major_one(bochnia: OfficeWorld) -> None:
    finding = take(bochnia, reported(bochnia, source=Source.BODY), category="major")

    with pytest.raises(RuleViolation, match="cannot be rejected here"):
        findings.reject(finding, "Nie stoi.", has_lead_consent=True, by=acting(bochnia.deputy), today=TODAY)


def test_routes_are_kept_and_a_source_without_one_goes_to_the_proxy(world: World, signed_in: SignIn) -> None:
    place, proxy = world.bochnia, signed_in(world.bochnia.proxy)
    unit = str(place.departments["OR"].id)

    assert send(proxy, f"{LIST}/zasady", decides_appeal=unit, way_appeal="observation").status_code == 302

    page = BeautifulSoup(proxy.get(f"{LIST}/zasady").data, "html.parser")
    chosen = {each["name"]: each.select_one("[selected]")["value"] for each in page.select("main select")}
    assert (chosen["decides_appeal"], chosen["way_appeal"]) == (unit, "observation")
    assert (chosen["decides_survey"], chosen["way_survey"]) == ("", "case")


def is_called(person: Person) -> bool:
    return calls.DECIDE in {each.verb for each in calls.calls_on(acting(person), clock.now())}


def let_geodesy_decide(place: OfficeWorld) -> None:
    geodesy = Route(Way.OBSERVATION, place.departments["GD"].id)
    service.set_routes(place.office, {Source.COMPLAINT: geodesy}, today=TODAY)


def test_what_waits_for_a_head_who_left_waits_for_the_proxy(bochnia: OfficeWorld) -> None:
    let_geodesy_decide(bochnia)
    reported(bochnia, source=Source.COMPLAINT)
    assert not is_called(bochnia.proxy)

    member = db.session.scalars(select(Membership).where(Membership.person_id == bochnia.gd_head.id)).one()
    people.leave(member, on=TODAY - timedelta(days=1))
    db.session.commit()

    assert is_called(bochnia.proxy)
    assert not is_called(bochnia.gd_head)


def test_where_nobody_may_decide_the_letter_asks_for_a_proxy(bochnia: OfficeWorld) -> None:
    proxies = {Appointment.office_id == bochnia.office.id, Appointment.post.in_(["proxy", "deputy"])}
    for each in db.session.scalars(select(Appointment).where(*proxies)):
        each.until_on = TODAY - timedelta(days=1)

    reported(bochnia)

    assert {person: told["people_path"] for person, told in letters("problem_reported").items()} == {
        bochnia.secretary.id: "/u/sp-bochnia/osoby"
    }


@pytest.mark.parametrize("reported_in", ["GD", "FN", None])
def test_the_head_of_the_route_does_not_make_a_report_about_their_own_work_go_away(
    bochnia: OfficeWorld, reported_in: str | None
) -> None:
    let_geodesy_decide(bochnia)
    units = {symbol: unit.id for symbol, unit in bochnia.departments.items()} | {None: None}
    problem = reported(bochnia, source=Source.COMPLAINT, department_id=units[reported_in])
    answering = units["GD"] if reported_in == "FN" else units["FN"]

    for lighter in ("observation", "product"):
        with pytest.raises(NotIndependent, match="as a nonconformity"):
            take(bochnia, problem, by="gd_head", category=lighter, department_id=answering)
    if reported_in is None:
        with pytest.raises(NotIndependent):
            service.refuse(problem, "Nic się nie stało.", by=acting(bochnia.gd_head), today=TODAY)

    assert problem.fate == "waiting"
    assert take(bochnia, problem, by="gd_head", department_id=answering).waits_for == "answer"


@pytest.mark.parametrize("shows_file", [True, False])
def test_a_case_names_who_took_it_and_shows_the_file_only_where_that_was_wished(
    world: World, signed_in: SignIn, *, shows_file: bool
) -> None:
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        problem = reported(place)
    known = {"category": "nonconformity", "department_id": str(place.departments["FN"].id), "requirement": "§ 12."}
    ticked = {"shows_file": "y"} if shows_file else {}
    proxy, path = signed_in(place.proxy), f"{LIST}/{problem.key}/przyjmij"
    assert "auditorzy" in text_of(proxy, path)  # the form says who would see it

    assert send(proxy, path, **known, **ticked).status_code == 302

    with scoped(frozenset({place.office.id})):
        finding = db.session.scalars(select(Finding)).one()
    for page in ("", "/karta"):
        shown = signed_in(place.auditor).get(f"/u/sp-bochnia/ustalenia/{finding.key}{page}").text
        assert place.fn_clerk.name not in shown
        assert place.proxy.name in shown
        assert page or ("register.pdf" in shown) is shows_file
