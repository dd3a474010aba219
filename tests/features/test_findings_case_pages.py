"""The pages of a case tell what was, who is next and what is wrong: all at once, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from qms.core.db import db, scoped
from qms.core.files import StoredFile
from qms.core.trail import TrailEntry
from qms.findings import returned, service
from qms.findings.models import Evidence
from qms.findings.service import Answer, Planned
from qms.people import service as people
from qms.people.models import Membership, Person
from tests.support.application import typed
from tests.support.cases import PDF, Case, acting, later, on, upload, written
from tests.support.forms import complaint, send, shown
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
NOTE = "Dlaczego nikt tego nie zauważył?"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office in whose walls a test stands."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def main(answer: TestResponse) -> BeautifulSoup:
    found = BeautifulSoup(answer.data, "html.parser").main
    assert found is not None
    return found


def text(found: BeautifulSoup) -> str:
    return " ".join(found.get_text(" ").split())


def sentences(answer: TestResponse) -> list[str]:
    return [item.get_text(strip=True) for item in main(answer).select("[data-error-summary] li")]


def give_back(case: Case, browser: FlaskClient) -> None:
    assert send(browser, f"{case.address}/sprawdz", decision="return", reason=NOTE).status_code == 302


def send_plan(case: Case, cause: str, *actions: str) -> None:
    with case.scope():
        plan = tuple(Planned(each, case.where.fn_clerk.id, later(30)) for each in actions)
        answer = Answer(correction="Odnowiono.", cause=cause, actions=plan)
        service.send_answer(case.again(), answer, by=acting(case.where.fn_head), today=TODAY)
        db.session.commit()


@pytest.mark.parametrize("reader", ["proxy", "fn_head", "auditor", "head"])
def test_a_returned_answer_stays_on_the_case_with_who_returned_it_and_why(
    world: World, signed_in: SignIn, reader: str
) -> None:
    case = Case(world.bochnia).publish()
    send_plan(case, "Tak wyszło.", "Założyć rejestr.")
    give_back(case, signed_in(world.bochnia.proxy))

    page = main(signed_in(world.bochnia.people[reader]).get(case.address))

    assert f"Odpowiedź zwrócono 20.11.2026, {world.bochnia.proxy.name}: {NOTE}" in text(page)
    assert "Jeszcze nikt nie odpowiedział" not in text(page)
    [earlier] = (each for each in page.select("details.fold") if "zwrócona" in each.summary.get_text())
    assert earlier.summary.get_text() == "Odpowiedź z 20.11.2026, zwrócona 20.11.2026"
    assert all(each in text(earlier) for each in ("Tak wyszło.", "Założyć rejestr.", world.bochnia.fn_clerk.name))


def test_what_the_unit_writes_after_a_return_is_its_own_until_it_is_sent(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer()
    give_back(case, signed_in(world.bochnia.proxy))
    unit = signed_in(world.bochnia.fn_head)
    send(unit, f"{case.address}/odpowiedz", cause="Tylko szkic.", draft="1")

    assert "Tylko szkic." in text(main(unit.get(case.address)))
    for who in ("proxy", "auditor", "head"):
        page = text(main(signed_in(world.bochnia.people[who]).get(case.address)))
        assert "Tylko szkic." not in page
        assert "Nikt nie pilnuje dat ważności." in page


@pytest.mark.parametrize(("who", "whose"), [("proxy", "Twoja uwaga z 20.11.2026"), ("deputy", "Odpowiedź zwrócono")])
def test_the_next_answer_is_decided_on_with_the_note_and_the_earlier_answer_at_hand(
    world: World, signed_in: SignIn, who: str, whose: str
) -> None:
    case = Case(world.bochnia).publish()
    send_plan(case, "Tak wyszło.", "Założyć rejestr.", "Przeszkolić.")
    give_back(case, signed_in(world.bochnia.proxy))
    send_plan(case, "Nikt nie pilnuje.", "Założyć rejestr z przypomnieniami.")

    page = main(signed_in(world.bochnia.people[who]).get(f"{case.address}/sprawdz"))

    note, earlier, form = page.select_one(".notice"), page.select_one("details.fold"), page.select_one("form.form")
    assert note is not None
    assert earlier is not None
    assert form is not None
    assert whose in text(note)
    assert NOTE in text(note)
    assert all(each in text(earlier) for each in ("Tak wyszło.", "Założyć rejestr.", "Przeszkolić."))
    assert "Nikt nie pilnuje." not in text(earlier)
    assert [each for each in page.find_all(["form", "details"]) if each in (earlier, form)] == [earlier, form]


def test_each_returned_answer_keeps_the_plan_it_had(bochnia: OfficeWorld) -> None:
    case = Case(bochnia).publish()
    plans = {"Raz.": ("A", "B", "C"), "Dwa.": ("A2",), "Trzy.": ("A3", "D")}
    for cause, plan in plans.items():
        send_plan(case, cause, *plan)
        service.return_answer(case.finding, cause, answer_due_on=None, by=acting(bochnia.proxy), today=TODAY)
        db.session.commit()
    send_plan(case, "Cztery.", "A4")

    told = returned.of_case(case.again())[1]

    found = [(each.cause, each.note, [action.description for action in each.actions]) for each in told]
    assert found == [(cause, cause, list(plan)) for cause, plan in reversed(plans.items())]


def test_a_case_whose_answer_was_never_returned_tells_of_none(bochnia: OfficeWorld) -> None:
    case = Case(bochnia).publish().answer().accept().do().verify()
    service.judge_ineffective(case.finding, "Nie.", by=acting(bochnia.proxy), today=TODAY)
    db.session.commit()

    assert returned.of_case(case.again()) == {}


def test_all_that_an_answer_lacks_is_said_at_once(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    path, unit = f"{case.address}/odpowiedz", signed_in(world.bochnia.fn_head)
    bad_day = {"actions-0-description": "Rejestr.", "actions-0-due_on": "31.4.2027"}

    for pressed in ({}, {"confirm": "1"}):
        blank, half = send(unit, path, **pressed), send(unit, path, **bad_day, **pressed)

        assert "Popraw 3 pola" in text(main(blank))
        assert complaint(blank, "correction")
        assert complaint(blank, "cause")
        assert main(blank).select_one("#actions p.error") is not None
        assert all(complaint(half, field) for field in ("correction", "cause", "actions-0-due_on"))
        assert len(sentences(half)) == 3
    draft = send(unit, path, cause="Szkic.", draft="1")
    assert draft.status_code == 302


STEPS = {
    "weryfikacja": (
        lambda case: case.answer().accept().do(),
        "auditor",
        {"outcome": "undone"},
        {"undone": "Wskaż działania, których nie wykonano.", "reason": ""},
    ),
    "skutecznosc": (
        lambda case: case.answer().accept().do().verify(),
        "auditor",
        {"outcome": "later"},
        {"new_due_on": "", "reason": ""},
    ),
    "odrzuc": (lambda case: case, "proxy", {}, {"reason": "", "lead_consent": ""}),
}


@pytest.mark.parametrize("step", STEPS)
def test_all_that_a_step_lacks_is_said_at_once(world: World, signed_in: SignIn, step: str) -> None:
    bring, who, chosen, fields = STEPS[step]
    case = bring(Case(world.bochnia).publish())

    answer = send(signed_in(world.bochnia.people[who]), f"{case.address}/{step}", **chosen)

    assert [field for field in fields if not complaint(answer, field)] == []
    assert len(sentences(answer)) == len(fields)


def test_a_draft_says_all_that_it_lacks_before_the_report(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia)
    with case.scope():
        case.finding.statement = case.finding.evidence = ""
        db.session.commit()
    lead = signed_in(world.bochnia.auditor)

    for page in ("raport/szkic", "ustalenia"):
        told = text(main(lead.get(f"/u/sp-bochnia/audity/{case.audit.key}/{page}")))
        assert "Napisz, co stwierdzono" in told
        assert "Opisz dowód" in told


def heading_of_refusal(answer: TestResponse, case: Case) -> str:
    page = main(answer)
    assert answer.status_code == 409
    assert page.select_one(f'a[href="{case.address}"]') is not None
    assert page.h1 is not None
    return page.h1.get_text()


def test_an_answer_sent_again_from_the_page_before_leads_to_the_case_and_loses_no_word(
    world: World, signed_in: SignIn
) -> None:
    case = Case(world.bochnia).publish().answer()

    answer = signed_in(world.bochnia.fn_head).post(
        f"{case.address}/odpowiedz",
        data={"cause": "Długi tekst.", "actions-0-description": "Rejestr.", "version": str(case.finding.version)},
    )

    assert heading_of_refusal(answer, case) == "Tego kroku nie można teraz wykonać"
    assert all(each in text(main(answer)) for each in ("Odpowiedź jest już wysłana.", "Długi tekst.", "Rejestr."))
    assert "Jeszcze nie zapisano" not in text(main(answer))


def test_a_step_taken_by_another_meanwhile_leads_to_the_case_and_loses_no_word(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer()
    stale = str(case.finding.version)
    case.accept("deputy")

    answer = signed_in(world.bochnia.proxy).post(
        f"{case.address}/sprawdz", data={"decision": "return", "reason": NOTE, "version": stale}
    )

    assert heading_of_refusal(answer, case) == "Tego kroku nie można teraz wykonać"
    assert NOTE in text(main(answer))


def test_an_action_reported_by_two_sendings_leads_to_the_case(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer().accept().do()
    path = f"/u/sp-bochnia/dzialania/{case.action.key}/wykonane"

    answer = signed_in(world.bochnia.fn_clerk).post(
        path, data={"evidence": "Gotowe.", "version": str(case.action.version)}
    )

    assert heading_of_refusal(answer, case) == "Tego kroku nie można teraz wykonać"
    assert "Gotowe." in text(main(answer))


def test_whoever_reports_an_action_is_asked_for_the_day_and_told_all_that_is_wrong_at_once(
    world: World, signed_in: SignIn
) -> None:
    case = Case(world.bochnia).publish().answer().accept()
    doer, path = signed_in(world.bochnia.fn_clerk), f"/u/sp-bochnia/dzialania/{case.action.key}/wykonane"

    offered = main(doer.get(path)).select_one("#done_on")["value"]
    refused = main(typed(doer, path, done_on="jutro", evidence=""))

    assert offered == TODAY.strftime("%d.%m.%Y")
    assert [each["id"] for each in refused.select(".error:not([hidden])")] == ["done_on-error", "evidence-error"]
    assert refused.select_one("#done_on")["value"] == later(1).strftime("%d.%m.%Y")
    assert case.again().current_actions[0].done_on is None


def test_the_history_says_when_an_action_was_done_that_was_reported_later(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer().accept()
    path = f"/u/sp-bochnia/dzialania/{case.action.key}/wykonane"

    with on(later(4)):
        doer = signed_in(world.bochnia.fn_clerk)
        assert typed(doer, path, done_on=TODAY.strftime("%d.%m.%Y"), evidence="Gotowe.").status_code == 302
        told = text(main(doer.get(case.address)))

    assert f"Zgłoszono wykonanie (wykonano {TODAY:%d.%m.%Y}): {case.action.description}" in told


# What contradicts the chosen answer: where, who, what is chosen, in which field stands what it does not go with.
CONTRADICTIONS = {
    "ticked as not done, and done": ("done", "weryfikacja", "auditor", {"outcome": "done"}, "undone"),
    "why it is not done, and done": ("done", "weryfikacja", "auditor", {"outcome": "done"}, "reason"),
    "a note, and accepted": ("answered", "sprawdz", "proxy", {"decision": "accept"}, "reason"),
    "what was seen, and too early": ("verified", "skutecznosc", "auditor", {"outcome": "later"}, "how_shown"),
    "why too early, and judged": ("verified", "skutecznosc", "auditor", {"outcome": "no"}, "reason"),
    "another day, and judged": ("verified", "skutecznosc", "auditor", {"outcome": "no"}, "new_due_on"),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_an_answer_that_contradicts_itself_is_refused_at_the_field_and_stays_on_the_page(
    world: World, signed_in: SignIn, what: str
) -> None:
    stage, step, who, chosen, field = CONTRADICTIONS[what]
    case = Case(world.bochnia).publish().answer()
    if stage != "answered":
        case.accept().do()
    if stage == "verified":
        case.verify()
    before = case.finding.version
    value = {"undone": str(case.action.id), "new_due_on": "1.6.2027"}.get(field, "Tekst.")

    answer = send(signed_in(world.bochnia.people[who]), f"{case.address}/{step}", **chosen, **{field: value})

    assert answer.status_code == 200
    assert complaint(answer, field)
    kept = main(answer).select(f"[name={field}][checked]") if field == "undone" else shown(answer, field)
    assert kept
    with case.scope():
        assert case.again().version == before


WAITS = {
    "answer": (lambda case: case, "Do 04.12.2026 odpowiada Fn Head"),
    "decision": (lambda case: case.answer(), "Odpowiedź przyjmie albo zwróci Proxy"),
    "action": (lambda case: case.answer().accept(), "Kto wykonuje działania: Fn Clerk"),
    "verification": (lambda case: case.answer().accept().do(), "Wykonanie sprawdzi Auditor"),
    "effectiveness": (
        lambda case: case.answer().accept().do().verify(),
        "Skuteczność oceni Auditor Sp-Bochnia do 22.02.2027.",
    ),
}


@pytest.mark.parametrize("wait", WAITS)
def test_what_is_needed_now_names_who_does_it_and_until_when(world: World, signed_in: SignIn, wait: str) -> None:
    bring, sentence = WAITS[wait]
    case = bring(Case(world.bochnia).publish())

    assert sentence in text(main(signed_in(world.bochnia.head).get(case.address)))


def test_the_register_does_not_call_work_that_nobody_confirmed_ready_to_be_judged(
    world: World, signed_in: SignIn
) -> None:
    Case(world.bochnia).publish().answer().accept().do()

    row = main(signed_in(world.bochnia.proxy).get("/u/sp-bochnia/ustalenia")).select_one("tbody tr")

    assert row is not None
    assert "Wykonanie do potwierdzenia" in text(row)


def test_that_the_actions_helped_is_offered_from_the_day_of_the_review_on(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer().accept().do().verify()
    browser, path = signed_in(world.bochnia.auditor), f"{case.address}/skutecznosc"

    def offered(browser: FlaskClient) -> tuple[str, list[str]]:
        way = main(browser.get(case.address)).select_one(f'a[href="{path}"]')
        choices = main(browser.get(path)).select("[name=outcome]")
        return text(way) if way else "", [str(each["value"]) for each in choices]

    early, forced = offered(browser), send(browser, path, outcome="yes", how_shown="Pomogło.")
    with on(case.finding.due_on):
        due = offered(signed_in(world.bochnia.auditor))

    assert early == ("Nie pomogło albo odłóż ocenę", ["no", "later"])
    assert due == ("Oceń skuteczność", ["yes", "no", "later"])
    assert "Dzień oceny skuteczności jeszcze nie nadszedł" in sentences(forced)[0]


def test_a_file_of_a_draft_can_be_taken_off_before_the_report(world: World, signed_in: SignIn) -> None:
    case, other = Case(world.bochnia), Case(world.bochnia)
    with case.scope():
        for each in (case, other):
            service.change(each.finding, written(world.bochnia), [upload()], by=acting(world.bochnia.auditor))
        service.change(case.finding, written(world.bochnia), [upload("b.pdf")], by=acting(world.bochnia.auditor))
        db.session.commit()
        wrong, right = case.finding.files
        kept = [right.id, other.finding.files[0].id]
        ticked, evidence_id, file_id = [str(wrong.id), str(kept[1])], str(wrong.id), str(wrong.file_id)
    lead, path = signed_in(world.bochnia.auditor), f"/u/sp-bochnia/szkice/{case.finding.key}/zmien"

    answer = send(lead, path, removed_files=ticked)

    assert answer.status_code == 302
    with case.scope():
        db.session.expire_all()
        assert db.session.scalars(select(Evidence.id).order_by(Evidence.id)).all() == sorted(kept)
        assert len(db.session.scalars(select(StoredFile)).all()) == 2
        told = select(TrailEntry.about, TrailEntry.row_id, TrailEntry.person_id).where(TrailEntry.action == "deleted")
        assert {tuple(row) for row in db.session.execute(told)} == {
            ("evidence", evidence_id, world.bochnia.auditor.id),
            ("stored_file", file_id, world.bochnia.auditor.id),
        }
    assert main(lead.get(path)).select_one("[name=removed_files]") is not None


def test_a_refused_file_is_not_asked_for_again_and_a_good_one_is(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia)
    browser, path = signed_in(world.bochnia.auditor), f"/u/sp-bochnia/szkice/{case.finding.key}/zmien"
    program, page = (BytesIO(b"MZ" + b"\0" * 64), "prog.exe"), (BytesIO(b"<html>"), "strona.html")

    alone = send(browser, path, files=[program, page])
    both = send(browser, path, files=[(BytesIO(PDF), "dobry.pdf"), (BytesIO(b"MZ" + b"\0" * 64), "prog.exe")])

    assert "Nie dodano: prog.exe, strona.html" in text(main(alone))
    assert "Wybierz te pliki ponownie" not in text(main(alone))
    assert "Nie dodano: prog.exe" in text(main(both))
    assert "Wybierz te pliki ponownie: dobry.pdf" in text(main(both))


def test_whoever_reports_an_action_done_learns_what_comes_next(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    send_plan(case, "Nikt nie pilnuje.", "A", "B")
    case.accept()
    doer, told = signed_in(world.bochnia.fn_clerk), []

    for action in case.finding.current_actions:
        path = f"/u/sp-bochnia/dzialania/{action.key}/wykonane"
        assert send(doer, path, done_on="dziś", evidence="Gotowe.").status_code == 302
        told.append(text(main(doer.get(case.address))))

    assert "Zgłoszono wykonanie. W tej sprawie zostało do wykonania jeszcze 1 działanie." in told[0]
    assert "Zgłoszono wykonanie. Sprawdzi: Auditor Sp-Bochnia, do 04.12.2026." in told[1]


def test_further_actions_unfold_one_by_one_and_only_filled_ones_stand_open(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    path, unit = f"{case.address}/odpowiedz", signed_in(world.bochnia.fn_head)

    blank = main(unit.get(path)).select("#actions details.fold")
    filled = main(send(unit, path, **{"actions-2-description": "Rejestr."})).select("#actions details.fold")

    assert [each.summary.get_text() for each in blank] == [f"Dodaj działanie {number}" for number in (2, 3, 4)]
    assert [each.has_attr("open") for each in blank] == [False, False, False]
    assert [each.has_attr("open") for each in filled] == [False, True, False]


@pytest.mark.parametrize("step", ["weryfikacja", "skutecznosc"])
def test_what_was_found_is_called_so_once(world: World, signed_in: SignIn, step: str) -> None:
    case = Case(world.bochnia).publish().answer().accept().do()
    if step == "skutecznosc":
        case.verify()

    page = main(signed_in(world.bochnia.auditor).get(f"{case.address}/{step}"))

    assert text(page).count("Co stwierdzono") == 1


def test_a_unit_without_a_head_is_said_with_the_way_to_name_one_for_who_may(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    with case.scope():
        (headship,) = db.session.scalars(select(Membership).where(Membership.person_id == world.bochnia.fn_head.id))
        people.leave(headship, on=TODAY - timedelta(days=1))
        db.session.commit()

    proxy, auditor = (signed_in(world.bochnia.people[who]) for who in ("proxy", "auditor"))
    pages = [main(browser.get(case.address)) for browser in (proxy, auditor)]
    ways = [[way["href"] for way in page.select("a.button")] for page in pages]

    assert all("Nikt nie kieruje teraz tą komórką, więc nikt nie może odpowiedzieć." in text(page) for page in pages)
    assert ("/u/sp-bochnia/urzad" in ways[0], "/u/sp-bochnia/urzad" in ways[1]) == (True, False)
    assert proxy.get("/u/sp-bochnia/urzad").status_code == 200
    assert "Wskaż, kto kieruje komórką" in proxy.get("/zadania").get_data(as_text=True)

    with case.scope():
        department = world.bochnia.departments["FN"]
        people.move(
            world.bochnia.fn_clerk, department, from_on=TODAY, is_head=True, by=acting(world.bochnia.proxy), today=TODAY
        )
        db.session.commit()
    assert "Nikt nie kieruje" not in text(main(proxy.get(case.address)))
    assert "Wskaż, kto kieruje" not in proxy.get("/zadania").get_data(as_text=True)
