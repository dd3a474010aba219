"""Answering from a letter without signing in: what its link opens, what it never gives, and when it ends."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, current_app
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select

from qms.auth.models import Attempt, hashed
from qms.auth.service import LIMITS
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import BY_LETTER, TrailEntry
from qms.domain.grants import Purpose
from qms.findings import recording, service
from qms.findings.models import Finding, Round
from qms.findings.recording import Upload
from qms.grants.models import Grant
from qms.people import service as people
from qms.people.models import Membership, Person
from tests.support import crowd
from tests.support.cases import Case, acting, ask_whether_acting, later, on, upload
from tests.support.checklists import photo
from tests.support.forms import form_of, shown
from tests.support.forms import send as send_form
from tests.support.ledger import plan, without_trainings
from tests.support.letter_links import AN_ANSWER, HERE, answer, heading, link_of, links_to, press, press_again, stranger
from tests.support.post import later as after
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
ENDED, SENT = "Ten link wygasł", "Wysłano odpowiedź: N-2026-001"


@pytest.fixture
def case(world: World) -> Case:
    return Case(world.bochnia).publish()


@pytest.fixture
def link(case: Case) -> str:
    [found] = links_to(case.where.fn_head)
    return found


def stored(case: Case) -> Round:
    with case.scope():
        found = case.again().rounds[-1]
        db.session.expunge(found)  # read on outside the office's scope
        db.session.commit()
    return found


def draft_of(case: Case) -> dict[str, Any]:
    with case.scope():
        found = case.again().draft or {}
        db.session.commit()
    return found


def rows_of(model: type) -> list[dict[str, object]]:
    with scoped(EVERY_OFFICE):
        found = [dict(row) for row in db.session.execute(select(model.__table__)).mappings()]
        db.session.commit()
    return found


def test_the_letter_leads_to_four_fields_a_check_and_a_receipt(case: Case, link: str) -> None:
    page = stranger().get(link)
    assert heading(page) == "Odpowiedz na N-2026-001"
    assert "Dwa upoważnienia straciły ważność." in page.text

    checked = press(link, **AN_ANSWER)
    assert heading(checked) == "Sprawdź odpowiedź na N-2026-001"
    assert stored(case).answered_at is None
    sent = press_again(link, checked, "confirm")

    assert sent.location == link
    assert heading(stranger().get(link)) == SENT
    round_ = stored(case)
    assert (round_.answered_by_id, round_.cause) == (case.where.fn_head.id, "Nikt nie pilnuje dat.")
    with case.scope():
        [action] = case.again().current_actions
        assert (action.owner_id, action.due_on.isoformat()) == (case.where.fn_head.id, "2026-12-18")
        db.session.commit()


def test_the_copy_goes_to_the_mailbox_and_the_trail_names_it(case: Case, link: str, signed_in: SignIn) -> None:
    answer(link)

    receipts = db.session.scalars(select(Letter).where(Letter.kind == "receipt")).all()
    assert [letter.person_id for letter in receipts] == [case.where.fn_head.id]
    entries = db.session.scalars(select(TrailEntry).where(TrailEntry.via.startswith(BY_LETTER))).all()
    assert {entry.person_id for entry in entries} == {case.where.fn_head.id}
    db.session.commit()
    history = signed_in(case.where.proxy).get(case.address).text
    assert f"link z listu wysłanego na {case.where.fn_head.email}" in history


def test_what_is_lacking_is_said_and_nothing_typed_is_lost(case: Case, link: str) -> None:
    refused = press(link, cause="Tak wyszło.")

    page = BeautifulSoup(refused.data, "html.parser")
    assert len(page.select("[data-error-summary] li")) == 2
    assert page.select_one("[name=cause]").get_text().strip() == "Tak wyszło."
    assert stored(case).answered_at is None


def test_a_draft_waits_behind_the_link_and_behind_the_door(case: Case, link: str, signed_in: SignIn) -> None:
    kept = press(
        link, "draft", cause="Jeszcze nie wiem.", **{"whys-0": "nikt nie pilnuje", "whys-1": "brak zastępstwa"}
    )

    assert "Zapisano szkic" in stranger().get(kept.location).text
    assert draft_of(case)["cause"] == "Jeszcze nie wiem."
    for page in (stranger().get(link), signed_in(case.where.fn_head).get(f"{case.address}/odpowiedz")):
        assert shown(page, "cause").strip() == "Jeszcze nie wiem."
        assert [shown(page, f"whys-{place}") for place in range(3)] == ["nikt nie pilnuje", "brak zastępstwa", ""]


def test_a_page_that_keeps_drafts_by_itself_is_told_the_version(case: Case, link: str) -> None:
    page = stranger().get(link)

    first = press_again(link, page, cause="Raz.", draft="auto", once="a")
    known = str(first.json["version"])
    with after(minutes=1):
        second = press_again(link, page, cause="Dwa.", draft="auto", once="b", version=known)
        stale = press_again(link, page, cause="Trzy.", draft="auto", once="c", version=known)

    assert second.json["version"] > first.json["version"]
    assert draft_of(case)["cause"] == "Dwa."
    assert "Trzy." in stale.text
    assert "Dwa." in stale.text


SCANNERS: tuple[Callable[[FlaskClient, str], object], ...] = (
    lambda browser, path: browser.get(path),
    lambda browser, path: browser.head(path),
    lambda browser, path: browser.get(path, headers={"Sec-Purpose": "prefetch", "User-Agent": "LinkScanner"}),
    lambda browser, path: browser.options(path),
)


@pytest.fixture
def pages(case: Case, link: str) -> list[str]:
    """Every page that the links of letters open: the answer and what can be asked for besides, a doing, a word."""
    with case.scope():
        ask_whether_acting(case.where)
    doing, remark = Case(case.where).publish().answer().accept(), Case(case.where, category="observation").publish()
    with case.scope():
        done = link_of(Purpose.REPORT_DONE, doing.action.key, case.where.fn_clerk, is_new=True)
        word = link_of(Purpose.ANSWER, remark.finding.key, case.where.fn_head)
        db.session.commit()
    besides = ("", "/przekaz", "/wiecej-czasu", "/zastrzezenie")
    return [*(link + each for each in besides), f"/o/wykonane/{done}", f"/o/odpowiedz/{word}"]


def test_two_hundred_openings_of_all_its_pages_change_nothing(app: Flask, pages: list[str]) -> None:
    db.session.rollback()
    before = crowd.contents(app)

    visits = [(visit, path) for path in pages for visit in SCANNERS]
    for number in range(200):
        visit, path = visits[number % len(visits)]
        visit(stranger(), path)

    assert {stranger().get(path).status_code for path in pages} == {200}
    assert crowd.contents(app) == before


def test_a_scanner_that_presses_what_it_finds_sends_nothing(case: Case, pages: list[str]) -> None:
    before = rows_of(Finding)

    for path in pages:
        page = stranger().get(path)
        for button in ("", "confirm"):
            press_again(path, page, button)

    assert rows_of(Finding) == before


def test_the_link_signs_nobody_in_and_sets_no_cookie(case: Case, link: str) -> None:
    browser = stranger()
    pages = [browser.get(link), press(link, browser=browser, **AN_ANSWER), press(link, browser=browser)]

    assert all("Set-Cookie" not in page.headers for page in pages)
    for path in ("/zadania", case.address, f"{case.address}/odpowiedz", f"{case.address}/sprawdz"):
        assert browser.get(path).location.startswith("/logowanie")
    for page in pages:
        inside = [str(each["href"]) for each in BeautifulSoup(page.data, "html.parser").select("a[href]")]
        assert not [path for path in inside if path.startswith("/u/")]


def test_pages_behind_a_link_are_kept_and_found_by_nobody(link: str) -> None:
    for page in (stranger().get(link), stranger().get(link[:-9]), stranger().get("/o/odpo")):
        assert page.headers["Cache-Control"] == "no-store, private"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_form_from_elsewhere_is_shown_again_and_not_taken(case: Case, link: str) -> None:
    fields = form_of(press(link, **AN_ANSWER).data) | {"confirm": "1"}

    for headers in ({"Origin": "https://evil.example.com"}, {"Origin": "null"}, {}):
        shown = stranger().post(link, data=fields, headers=headers)
        assert "Strona była otwarta zbyt długo." in shown.text
    assert stored(case).answered_at is None


def test_a_form_of_another_grant_is_not_taken(case: Case, link: str, world: World) -> None:
    other = Case(world.leczyca).publish()
    [others] = links_to(other.where.fn_head)
    foreign = BeautifulSoup(stranger().get(others).data, "html.parser").select_one("[name=seal]")["value"]

    press(link, "confirm", **(dict(AN_ANSWER) | {"seal": foreign}))

    assert stored(case).answered_at is None


SPOILT: dict[str, Callable[[str], str]] = {
    "cut in half": lambda path: path[: len(path) // 2],
    "cut at the end": lambda path: path[:-1],
    "with rubbish": lambda path: f"{path}%3E",
    "with more": lambda path: f"{path}/x",
    "for another purpose": lambda path: path.replace("odpowiedz", "wykonane"),
    "of another letter": lambda path: path.replace("-1-", "-2-") if "-1-" in path else path[:30],
    "made up": lambda _path: "/o/odpowiedz/" + "0" * 24 + "-1-" + "0" * 40,
    "only the beginning": lambda _path: "/o/odp",
}


def test_a_spoilt_link_leads_to_one_safe_page(link: str) -> None:
    for name, spoil in SPOILT.items():
        path = spoil(link)
        for page in (stranger().get(path), stranger().post(path, data={"confirm": "1"}, headers=dict(HERE))):
            assert (page.status_code, heading(page)) == (410, ENDED), name
            assert "upoważnienia" not in page.text


def leaves(case: Case) -> None:
    people.deactivate(case.where.fn_head, reason="Left.")


def heads_no_more(case: Case) -> None:
    found = select(Membership).where(Membership.person_id == case.where.fn_head.id)
    for each in db.session.scalars(found):
        each.is_head = False


def has_another_mailbox(case: Case) -> None:
    db.session.get_one(Person, case.where.fn_head.id).email = "new@example.com"


def is_cancelled(case: Case) -> None:
    service.cancel(case.again(), "Pomyłka.", by=acting(case.where.proxy), today=TODAY)


@pytest.mark.parametrize("happens", [leaves, heads_no_more, has_another_mailbox, is_cancelled])
def test_a_link_ends_when_its_reader_is_asked_no_more(case: Case, link: str, happens: Callable[[Case], None]) -> None:
    checked = press(link, **AN_ANSWER)
    with case.scope():
        happens(case)
        db.session.commit()

    assert heading(stranger().get(link)) == ENDED
    too_late = press_again(link, checked, "confirm")
    assert (too_late.status_code, heading(too_late)) == (410, ENDED)
    assert stored(case).answered_at is None


def test_a_link_ends_fourteen_days_past_the_due_day(case: Case, link: str) -> None:
    [grant] = rows_of(Grant)
    assert grant["expires_on"] == case.finding.due_on + timedelta(days=14)

    with on(grant["expires_on"]):
        assert stranger().get(link).status_code == 200
    with on(grant["expires_on"] + timedelta(days=1)):
        assert heading(stranger().get(link)) == ENDED


def test_whoever_comes_second_reads_the_answer_and_keeps_their_words(case: Case, link: str) -> None:
    slow = press(link, **(dict(AN_ANSWER) | {"cause": "Co innego."}))
    answer(link)

    late = press_again(link, slow, "confirm")

    assert heading(late) == SENT
    assert "Co innego." in late.text
    assert stored(case).cause == "Nikt nie pilnuje dat."


def test_sending_twice_shows_the_receipt_which_ends_after_thirty_days(case: Case, link: str) -> None:
    checked = press(link, **AN_ANSWER)
    press_again(link, checked, "confirm")

    assert press_again(link, checked, "confirm").location == link
    with on(later(30)):
        assert heading(stranger().get(link)) == SENT
    with on(later(31)):
        assert heading(stranger().get(link)) == ENDED


def test_a_returned_answer_opens_the_old_link_and_comes_with_another(case: Case, link: str) -> None:
    answer(link)
    with case.scope():
        by, until = acting(case.where.proxy), later(14)
        service.return_answer(case.again(), "Dlaczego?", answer_due_on=until, by=by, today=TODAY)
        db.session.commit()

    [newer] = links_to(case.where.fn_head)

    assert newer != link
    for path in (link, newer):
        assert "Dlaczego?" in stranger().get(path).text
    assert len(rows_of(Grant)) == 1


def test_what_is_kept_of_a_letter_holds_no_link(link: str) -> None:
    secret = link.rpartition("-")[2]

    for letter in rows_of(Letter):
        assert secret not in f"{letter['text']}{letter['html']}{letter['payload']}"
        assert "/o/odpowiedz/…" in letter["text"] or letter["kind"] != "findings_published"
    assert secret not in repr(rows_of(Grant))


def test_a_forwarded_link_acts_only_as_the_addressee_whoever_is_signed_in(
    case: Case, link: str, signed_in: SignIn
) -> None:
    proxy = signed_in(case.where.proxy)

    press_again(link, press(link, browser=proxy, **AN_ANSWER), "confirm", browser=proxy)

    assert stored(case).answered_by_id == case.where.fn_head.id


def new_letters() -> list[str]:
    return [str(letter["dedupe"]) for letter in rows_of(Letter) if letter["kind"] == "new_link"]


def ask_for_a_new_link(path: str) -> str:
    shown = form_of(stranger().get(path).data)
    sent = {"link": shown.get("link", [path.removeprefix("/o/")])}  # a receipt has no such button
    return stranger().post("/o/nowy-link", data=sent, headers=dict(HERE)).text


def test_a_new_link_goes_to_the_same_mailbox_and_the_answer_is_the_same_for_every_link(case: Case, link: str) -> None:
    with on(later(60)):
        told = ask_for_a_new_link(link)
        assert len(new_letters()) == 1
        [newer] = links_to(case.where.fn_head)
        assert heading(stranger().get(newer)) == "Odpowiedz na N-2026-001"
        answer(newer, **{"actions-0-due_on": "za 30 dni"})
        assert stored(case).answered_at is not None

        for spoil in (SPOILT["made up"], SPOILT["cut in half"], str):
            assert ask_for_a_new_link(spoil(link)) == told
        assert len(new_letters()) == 1


def test_five_new_links_an_hour_are_enough_for_a_mailbox(link: str) -> None:
    with on(later(60)):
        told = {ask_for_a_new_link(link) for _ in range(7)}

        assert len(told) == 1
        assert len(new_letters()) == 5


def test_the_links_of_one_office_open_nothing_of_another(world: World) -> None:
    ours, theirs = Case(world.bochnia).publish(), Case(world.leczyca).publish()
    [link] = links_to(ours.where.fn_head)

    answer(link)

    assert stored(ours).answered_at is not None
    assert stored(theirs).answered_at is None
    assert current_app.test_client().get(link.replace("/o/", f"/u/{theirs.where.office.slug}/o/")).status_code == 404


def test_a_case_that_is_handed_over_goes_on_to_the_colleague_with_a_link_of_their_own(
    case: Case, link: str, signed_in: SignIn
) -> None:
    head, clerk, proxy = case.where.fn_head, case.where.km_head, case.where.proxy
    press(link, "draft", cause="Tyle wiem.")

    done = press(f"{link}/przekaz", colleague=str(clerk.id))

    assert heading(done) == "Przekazano: N-2026-001"
    assert heading(stranger().get(link)) == ENDED
    assert heading(press(f"{link}/przekaz")) == ENDED
    assert {str(letter["kind"]) for letter in rows_of(Letter)} >= {"handed_over", "handing_over_noted"}
    [newer] = links_to(clerk)
    assert "Tyle wiem." in stranger().get(newer).text
    history = signed_in(proxy).get(case.address).text
    assert f"Odpowiedź przekazano: {clerk.name}." in history
    answer(newer, cause="Nikt nie pilnuje dat.")
    assert stored(case).answered_by_id == clerk.id
    assert head.id != clerk.id


def test_who_was_handed_a_case_answers_signed_in_and_sees_nothing_else(
    case: Case, world: World, signed_in: SignIn
) -> None:
    other = Case(world.bochnia).publish()
    clerk = case.where.km_head
    assert signed_in(clerk).get(f"{case.address}/odpowiedz").status_code == 404

    handed = send_form(signed_in(case.where.fn_head), f"{case.address}/przekaz", colleague=str(clerk.id))

    assert handed.location.endswith(case.address)
    assert signed_in(clerk).get(f"{case.address}/odpowiedz").status_code == 200
    assert "N-2026-001" in signed_in(clerk).get("/zadania").text
    assert signed_in(clerk).get(other.address).status_code == 404
    office = f"/u/{case.where.office.slug}"
    listed = signed_in(clerk).get(f"{office}/ustalenia").text
    assert ("N-2026-001" in listed, "N-2026-002" in listed) == (True, False)
    assert signed_in(clerk).get(f"{office}/szukaj?q=N-2026-001").location.endswith(case.address)
    assert "N-2026-001" not in signed_in(case.where.fn_head).get("/zadania").text


def test_an_answer_goes_back_to_the_head_when_who_was_to_answer_leaves(case: Case, link: str) -> None:
    press(f"{link}/przekaz", colleague=str(case.where.km_head.id))
    assert heading(stranger().get(link)) == ENDED
    with case.scope():
        people.deactivate(db.session.get_one(Person, case.where.km_head.id), reason="Left.")
        db.session.commit()

    assert heading(stranger().get(link)) == "Odpowiedz na N-2026-001"


@pytest.mark.parametrize("chosen", ["", "0", "head", "stranger"])
def test_a_case_goes_to_somebody_of_the_office_who_is_not_asked_yet(
    case: Case, link: str, world: World, chosen: str
) -> None:
    people_by_name = {"head": case.where.fn_head, "stranger": world.leczyca.fn_clerk}
    typed = str(people_by_name[chosen].id) if chosen in people_by_name else chosen

    refused = press(f"{link}/przekaz", colleague=typed)

    assert "Wybierz" in refused.text
    assert not [letter for letter in rows_of(Letter) if letter["kind"] == "handed_over"]


def test_an_office_may_want_everybody_to_sign_in(case: Case, link: str, world: World, signed_in: SignIn) -> None:
    settings = f"/u/{case.where.office.slug}/ustawienia"
    assert send_form(signed_in(case.where.proxy), settings, answers_signed_in="y").status_code == 302

    page = stranger().get(link)

    assert heading(page) == "Zaloguj się, aby odpowiedzieć"
    assert "upoważnienia" not in page.text
    assert f"{case.address}/odpowiedz" in page.text
    assert stranger().post(link, data=dict(AN_ANSWER) | {"confirm": "1"}, headers=dict(HERE)).status_code == 200
    assert stored(case).answered_at is None
    Case(world.bochnia).publish()
    assert links_to(case.where.fn_head) == []


@pytest.fixture
def doing(world: World) -> tuple[Case, str]:
    """A case whose one action is due tomorrow, and the link in the reminder of it."""
    office: OfficeWorld = world.bochnia
    agreed = Case(office).publish().answer(due_on=later(3)).accept()
    links_to(office.fn_head)
    with without_trainings():
        plan(office)
        found = links_to(office.fn_clerk)
    return agreed, found[-1]


def test_an_action_is_reported_done_from_its_reminder(doing: tuple[Case, str], signed_in: SignIn) -> None:
    case, link = doing
    assert link.startswith("/o/wykonane/")
    assert heading(press(link)) == "Zgłoś wykonanie działania"

    press(link, evidence="Założono rejestr.")

    with case.scope():
        case.again()
        assert (case.action.done_note, case.action.reported_by_id) == ("Założono rejestr.", case.where.fn_clerk.id)
        db.session.commit()
    assert heading(stranger().get(link)) == "Zgłoszono wykonanie"
    assert (
        f"link z listu wysłanego na {case.where.fn_clerk.email}" in signed_in(case.where.proxy).get(case.address).text
    )


def test_the_link_of_an_action_ends_with_its_owner(doing: tuple[Case, str]) -> None:
    case, link = doing
    with case.scope():
        people.deactivate(case.where.fn_clerk, reason="Left.")
        db.session.commit()

    assert heading(stranger().get(link)) == ENDED


def knock(door: str, *subject: str) -> None:
    """As often as a door lets anybody through in its time."""
    tries = {"door": door, "subject": hashed(" ".join(subject)), "at": clock.now()}
    db.session.add_all(Attempt(**tries) for _ in range(LIMITS[door][0]))
    db.session.commit()


def test_each_page_behind_a_link_takes_so_much_from_one_machine_and_no_more(case: Case, link: str) -> None:
    knock("letter-machine", "127.0.0.1")

    answered = press(link, **AN_ANSWER)
    handed = press(f"{link}/przekaz", colleague=str(case.where.km_head.id))

    for refused in (answered, handed):
        assert "Za dużo prób." in refused.text
    assert not [letter for letter in rows_of(Letter) if letter["kind"] == "handed_over"]
    assert press(link, "draft", cause="Dalej.").location == f"{link}?zapisano=1"


def test_a_report_from_a_letter_takes_so_much_from_one_machine_and_no_more(doing: tuple[Case, str]) -> None:
    case, link = doing
    knock("letter-machine", "127.0.0.1")

    assert "Za dużo prób." in press(link, evidence="Założono rejestr.").text

    with case.scope():
        case.again()
        assert case.action.done_on is None
        db.session.commit()


def test_drafts_are_limited_for_each_link(case: Case, link: str) -> None:
    [grant] = rows_of(Grant)
    knock("letter-draft", str(grant["key"]))

    assert "Za dużo prób." in press(link, draft="auto", cause="Raz.").text
    assert draft_of(case) == {}


def test_what_fails_while_a_link_is_read_is_told_without_it(
    app: Flask, link: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM letter_grant" in statement:
            raise KeyError(statement)

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", value=False)
    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        page = stranger().get(link)
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)

    assert (page.status_code, "KeyError" in caplog.text) == (500, True)
    assert link.rpartition("-")[2] not in caplog.text + page.text


def with_files(world: World, *shown: Upload) -> tuple[Case, str]:
    """A finding with files, and the link to its answer."""
    case = Case(world.bochnia)
    with case.scope():
        recording.attach(case.again(), shown, by=acting(case.where.auditor))
        db.session.commit()
    case.publish()
    [link] = links_to(case.where.fn_head)
    return case, link


def pictured(link: str) -> list[str]:
    """The addresses of what the page of the answer shows of the finding."""
    page = BeautifulSoup(stranger().get(link).data, "html.parser")
    return [each.get("src") or each["href"] for each in page.select(".shown img, .shown a")]


def test_the_photo_of_the_finding_is_seen_where_it_is_answered(world: World) -> None:
    _, link = with_files(world, Upload("biurko.jpg", photo()), upload())

    whole, small, paper = (stranger().get(each, buffered=True) for each in pictured(link))

    assert (small.mimetype, whole.mimetype, paper.mimetype) == ("image/jpeg", *["application/octet-stream"] * 2)
    assert max(Image.open(BytesIO(small.data)).size) <= 480
    assert "attachment" in whole.headers["Content-Disposition"]
    assert small.headers["Cache-Control"] == "no-store, private"


def test_a_link_shows_the_files_of_its_own_finding_and_only_while_it_is_to_be_answered(world: World) -> None:
    _, link = with_files(world, Upload("biurko.jpg", photo()))
    [address, small] = pictured(link)

    for other in (f"{link}/plik/0", f"{link}/plik/2", f"{link[:-1]}0/plik/1", f"{link}/plik/2/maly"):
        assert stranger().get(other).status_code == 410
    answer(link)
    for each in (address, small):
        assert stranger().get(each).status_code == 410


def test_an_office_that_wants_answers_signed_in_shows_no_files_before(world: World) -> None:
    case, link = with_files(world, Upload("biurko.jpg", photo()))
    addresses = pictured(link)
    with case.scope():
        case.again().office.answers_signed_in = True
        db.session.commit()

    assert [stranger().get(each).status_code for each in addresses] == [410, 410]
