"""Reports that the office approves before they are published: the steps, what is frozen meanwhile, what is printed."""

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.agenda.words import path_of, verb_of
from qms.approvals import service as approvals
from qms.audits import deadlines
from qms.audits.models import Audit
from qms.checklists import queries as checklists
from qms.checklists import service as checklist_service
from qms.core import clock
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.domain.approval import Step, VacantPost
from qms.domain.deadlines import Deadline, Kind
from qms.domain.errors import NotAllowedNow, NotPermitted, RuleViolation
from qms.domain.report import Parts
from qms.domain.standing import Who
from qms.findings import service as findings
from qms.people.models import Person
from qms.reports import approving, queries, service
from qms.reports.models import GivenReport
from tests.support.application import typed
from tests.support.cases import Case, acting, plan_audit, written
from tests.support.checklists import CLAUSES, answer, given
from tests.support.ledger import plan
from tests.support.mail_server import mail_server
from tests.support.pdf import words_of_pdf
from tests.support.post import at, send
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]

PARTS = Parts(conclusion="System działa.", distribution="Starosta")
BOTH = (Step("Sprawdzono", Who.PROXY), Step("Zatwierdzono", Who.HEAD_OF_OFFICE))


def approving_office(where: OfficeWorld, *steps: Step) -> OfficeWorld:
    """The office, which from now on approves reports by these steps."""
    with scoped(frozenset({where.office.id})):
        approvals.set_chain(where.office, steps or BOTH, approves_reports=True)
        db.session.commit()
    return where


def give(case: Case, parts: Parts = PARTS, *, reason: str = "", by: str = "auditor") -> GivenReport:
    with case.scope():
        made = approving.give(case.audit, parts, by=acting(case.where.people[by]), today=TODAY, reason=reason)
        db.session.commit()
    return made


def approve(case: Case, *people: str, order_number: str = "") -> None:
    for name in people:
        with case.scope():
            found = queries.given_of(case.audit)
            approving.approve(found, by=acting(case.where.people[name]), today=TODAY, order_number=order_number)
            db.session.commit()


def publish(case: Case) -> None:
    with case.scope():
        approving.publish(queries.given_of(case.audit), by=acting(case.where.auditor), today=TODAY)
        db.session.commit()


def letters(kind: str) -> dict[int, dict[str, object]]:
    return {each.person_id: each.payload for each in db.session.scalars(select(Letter).where(Letter.kind == kind))}


def address(audit: Audit) -> str:
    return f"/u/sp-bochnia/audity/{audit.key}/raport"


def text_of(client: FlaskClient, path: str) -> str:
    return BeautifulSoup(client.get(path).data, "html.parser").main.get_text(" ", strip=True)


# the way of a report


def test_a_report_waits_for_each_step_in_turn_and_the_lead_publishes_it(world: World) -> None:
    case = Case(approving_office(world.bochnia))

    given = give(case)
    asked_first = set(letters("report_waits"))
    approve(case, "proxy")
    asked_then = set(letters("report_waits"))
    approve(case, "head", order_number="7/2026")
    waits_for = case.audit.report_waits_for
    publish(case)

    assert asked_first == {world.bochnia.proxy.id}
    assert asked_then == {world.bochnia.proxy.id, world.bochnia.head.id}
    assert letters("report_decided")[world.bochnia.auditor.id]["is_approved"] is True
    assert waits_for == "lead"
    assert (case.audit.state, case.audit.report_waits_for, given.state) == ("finished", "", "published")
    assert case.finding.number
    with case.scope():
        assert [issue.parts for issue in queries.issues_of(case.audit)] == [PARTS]


def test_a_report_given_back_is_changed_and_given_again(world: World, signed_in: SignIn) -> None:
    case = Case(approving_office(world.bochnia))
    give(case)
    with case.scope():
        returned = queries.given_of(case.audit)
        approving.give_back(returned, reason="Dopisz zakres.", by=acting(world.bochnia.proxy))
        db.session.commit()
    page = text_of(signed_in(world.bochnia.auditor), f"{address(case.audit)}/szkic")

    again = give(case, Parts(conclusion="System działa w całości."))

    assert letters("report_decided")[world.bochnia.auditor.id]["returned_because"] == "Dopisz zakres."
    assert "Dopisz zakres." in page
    assert (again.number, again.state, case.audit.report_waits_for) == (1, "sent", "proxy")


def test_an_amendment_goes_the_same_way_and_the_report_in_force_stays_until_then(world: World) -> None:
    case = Case(approving_office(world.bochnia))
    give(case)
    approve(case, "proxy", "head")
    publish(case)

    better = Parts(conclusion="Lepiej.", distribution="Starosta")
    given = give(case, better, reason="Poprawka.")
    before = case.audit.conclusion
    approve(case, "proxy", "head")
    publish(case)

    assert (given.number, before) == (2, "System działa.")
    assert case.audit.conclusion == "Lepiej."
    with case.scope():
        assert [(issue.number, issue.reason) for issue in queries.issues_of(case.audit)] == [(1, ""), (2, "Poprawka.")]


def test_without_the_setting_a_report_is_published_at_once(world: World) -> None:
    case = Case(world.bochnia).publish()

    assert case.audit.state == "finished"
    assert letters("report_waits") == {}


def test_an_audit_of_a_certification_body_is_not_ours_to_approve(world: World) -> None:
    case = Case(approving_office(world.bochnia), kind="surveillance", category="major").publish()

    assert case.audit.state == "finished"


# what is refused


def test_the_lead_does_not_go_round_the_steps(world: World) -> None:
    case = Case(approving_office(world.bochnia))

    with case.scope(), pytest.raises(NotAllowedNow, match="approves reports first"):
        service.publish(case.audit, PARTS, by=acting(world.bochnia.auditor), today=TODAY)
    give(case)
    for early in (lambda: publish(case), lambda: give(case)):
        with pytest.raises(NotAllowedNow):
            early()
    assert case.audit.state == "under_way"


@pytest.mark.parametrize("who", ["head", "secretary", "auditor"])
def test_a_step_is_taken_by_its_post_only(world: World, who: str) -> None:
    case = Case(approving_office(world.bochnia))
    give(case)

    with pytest.raises(NotPermitted):
        approve(case, who)


def test_only_the_lead_gives_a_report(world: World) -> None:
    case = Case(approving_office(world.bochnia))

    with pytest.raises(NotPermitted):
        give(case, by="second_auditor")


def test_a_report_is_not_given_to_a_post_that_nobody_holds(world: World) -> None:
    case = Case(approving_office(world.bochnia, Step("", Who.SECRETARY)))
    with case.scope():
        db.session.execute(
            db.text("DELETE FROM appointment WHERE office_id = :office AND post = 'secretary'"),
            {"office": world.bochnia.office.id},
        )
        db.session.commit()

    with pytest.raises(VacantPost):
        give(case)
    assert case.audit.report_waits_for == ""


def test_what_could_not_be_published_is_not_given(world: World) -> None:
    audit = plan_audit(approving_office(world.bochnia))

    with scoped(frozenset({audit.office_id})), pytest.raises(RuleViolation):
        approving.give(audit, Parts(), by=acting(world.bochnia.auditor), today=TODAY)
    assert (audit.report_waits_for, audit.state) == ("", "planned")


FROZEN = {
    "a new finding": lambda case, by: findings.record(case.audit, written(case.where), by=by),
    "another text": lambda case, by: findings.change(case.finding, written(case.where, statement="Inne."), by=by),
    "a draft taken back": lambda case, by: findings.withdraw(case.finding, by=by, today=TODAY),
    "another conclusion": lambda case, by: service.save_draft(case.audit, Parts(conclusion="Inny."), by=by),
}


@pytest.mark.parametrize("what", FROZEN)
def test_nothing_of_the_report_changes_while_it_waits(world: World, what: str) -> None:
    case = Case(approving_office(world.bochnia))
    give(case)

    with case.scope(), pytest.raises(NotAllowedNow, match="given for approval"):
        FROZEN[what](case, acting(world.bochnia.auditor))


def test_an_answer_that_comes_meanwhile_is_kept_and_says_that_the_report_stays(world: World) -> None:
    where = approving_office(world.bochnia)
    case = Case(where)
    with case.scope():
        checklist_service.build(case.audit, CLAUSES)
        db.session.commit()
    give(case)

    with case.scope():
        question = checklists.questions(case.audit.id)[0]
        taken = answer(case.audit, given(question, "observation", "Wpisy są późno."), where=where)

        assert "given for approval" in str(taken.remark)
        assert checklists.answers(case.audit.id)[question.id].shown.note == "Wpisy są późno."


# doubts, tasks and what is printed


def test_two_steps_by_one_person_and_ones_own_report_are_pointed_out(world: World) -> None:
    where = approving_office(world.bochnia, Step("", Who.HEAD_OF_OFFICE), Step("", Who.HEAD_OF_OFFICE))
    case = Case(where)
    given = give(case)
    with case.scope():
        first = approving.doubt_about(given, acting(where.head))
        own = approving.doubt_about(given, acting(where.auditor))
    approve(case, "head")
    with case.scope():
        second = approving.doubt_about(queries.given_of(case.audit), acting(where.head))

    assert first is None
    assert "your own report" in own.message
    assert "two steps" in second.message


def report_tasks(case: Case) -> list[Deadline]:
    with case.scope():
        due = deadlines.due_between([case.audit.office_id], TODAY, date(2027, 12, 31), today=TODAY)
    return [each for each in due if each.kind is Kind.AUDIT_REPORT]


def reporting(case: Case) -> list[tuple[object, ...]]:
    """Who answers for publishing the report."""
    return [(each.answers, each.duty) for each in report_tasks(case)]


def test_the_task_goes_to_whom_the_report_waits_for(world: World) -> None:
    case = Case(approving_office(world.bochnia))
    lead = world.bochnia.auditor.id
    found = [reporting(case)]
    give(case)
    found.append(reporting(case))
    approve(case, "proxy")
    found.append(reporting(case))
    approve(case, "head")
    found.append(reporting(case))

    assert [each[0][1] for each in found] == [None, "proxy", "head_of_office", None]
    assert found[0][0][0] == found[3][0][0] == (lead,)


def asked_for(case: Case) -> list[tuple[str, str]]:
    """What the task about the report says, and where it leads."""
    return [(verb_of(each), path_of(each, "sp-bochnia")) for each in report_tasks(case)]


def test_who_approves_is_asked_to_approve_and_led_to_the_given_report(world: World, signed_in: SignIn) -> None:
    case = Case(approving_office(world.bochnia))
    publishes = ("Publish the report", f"/u/sp-bochnia/audity/{case.audit.key}")
    approves = ("Approve the report, or give it back", f"{address(case.audit)}/zatwierdzanie")
    before = asked_for(case)
    give(case)
    tasks = text_of(signed_in(world.bochnia.proxy), "/zadania")
    while_it_waits = asked_for(case)
    approve(case, "proxy", "head")

    assert (before, while_it_waits, asked_for(case)) == ([publishes], [approves], [publishes])
    assert "Zatwierdź raport albo go zwróć" in tasks


def test_a_reminder_asks_to_approve_the_report_too(world: World) -> None:
    case = Case(approving_office(world.bochnia))
    give(case)
    [task] = report_tasks(case)

    with clock.at(at(task.due_on, 10)), mail_server() as server, case.scope():
        plan(world.bochnia, task.due_on)
        send(server)

    texts = " ".join(each.text for each in server.letters_to(world.bochnia.proxy.email))
    assert "Zatwierdź raport albo go zwróć" in texts
    assert f"{address(case.audit)}/zatwierdzanie" in texts
    assert "Opublikuj raport" not in texts


def test_an_approval_goes_on_when_the_lead_has_left(world: World) -> None:
    case = Case(approving_office(world.bochnia))
    give(case)
    world.bochnia.auditor.deactivated_at = clock.now()
    db.session.commit()

    [(verb, _)] = asked_for(case)
    assert verb == "Approve the report, or give it back"


def test_who_approved_is_printed_in_the_report(world: World, signed_in: SignIn) -> None:
    case = Case(approving_office(world.bochnia))
    client = signed_in(world.bochnia.proxy)
    give(case)
    waiting = text_of(client, f"{address(case.audit)}/zatwierdzanie")
    approve(case, "proxy", "head", order_number="7/2026")
    publish(case)

    page = text_of(client, address(case.audit))
    pdf = words_of_pdf(client.get(f"{address(case.audit)}.pdf").data)

    assert "Wydanie 1, przekazane do zatwierdzenia. Jeszcze nieopublikowane." in waiting
    assert "jeszcze nie" in waiting
    for words in (page, pdf):
        for told in ("Sprawdzono", "Zatwierdzono", "Head Sp-Bochnia", "7/2026"):
            assert told in words, told
        assert "przekazane do zatwierdzenia" not in words


# pages


def test_the_pages_lead_from_the_draft_to_the_published_report(world: World, signed_in: SignIn) -> None:
    where = approving_office(world.bochnia)
    case, here = Case(where), ""
    here = address(case.audit)
    lead, proxy, head = signed_in(where.auditor), signed_in(where.proxy), signed_in(where.head)

    sent = typed(lead, f"{here}/szkic", conclusion="System działa.")
    again = lead.get(f"{here}/szkic")
    seen = text_of(proxy, f"/u/sp-bochnia/audity/{case.audit.key}")
    first = typed(proxy, f"{here}/zatwierdzanie/zatwierdz")
    second = typed(head, f"{here}/zatwierdzanie/zatwierdz", order_number="7/2026")
    done = typed(lead, f"{here}/zatwierdzanie/opublikuj")

    assert sent.location == again.location == first.location == second.location == f"{here}/zatwierdzanie"
    assert "Raport czeka na zatwierdzenie." in seen
    assert done.location == f"/u/sp-bochnia/audity/{case.audit.key}"
    assert case.audit.state == "finished"
    assert lead.get(f"{here}/zatwierdzanie").location == here


def test_whose_step_it_is_sees_the_button_and_others_do_not(world: World, signed_in: SignIn) -> None:
    where = approving_office(world.bochnia)
    case = Case(where)
    give(case)
    here = f"{address(case.audit)}/zatwierdzanie"

    def ways(person: Person) -> list[str]:
        page = BeautifulSoup(signed_in(person).get(here).data, "html.parser")
        return [link["href"].rpartition("/")[2] for link in page.main.select(".buttons a")][2:]

    assert ways(where.proxy) == ["zatwierdz", "zwroc"]
    assert ways(where.head) == ["zwroc"]
    assert ways(where.auditor) == ["zwroc"]
    assert ways(where.second_auditor) == []
    assert signed_in(where.fn_head).get(here).status_code == 403, "the unit reads the report once it is published"


def test_giving_back_asks_for_a_reason_and_a_late_press_is_told(world: World, signed_in: SignIn) -> None:
    where = approving_office(world.bochnia)
    case = Case(where)
    give(case)
    here = f"{address(case.audit)}/zatwierdzanie"
    proxy = signed_in(where.proxy)

    asked = typed(proxy, f"{here}/zwroc")
    returned = typed(proxy, f"{here}/zwroc", reason="Dopisz zakres.")
    late = proxy.get(f"{here}/zatwierdz")

    assert asked.status_code == 200
    assert returned.location == f"/u/sp-bochnia/audity/{case.audit.key}"
    assert late.status_code == 409
    assert "nie czeka na zatwierdzenie" in late.get_data(as_text=True)


def test_the_setting_stands_with_the_steps(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)

    typed(client, "/u/sp-bochnia/kroki-zatwierdzania", post_1="head_of_office", approves_reports="y")
    page = BeautifulSoup(client.get("/u/sp-bochnia/kroki-zatwierdzania").data, "html.parser")

    assert world.bochnia.office.approves_reports
    assert page.select_one("#approves_reports").has_attr("checked")
