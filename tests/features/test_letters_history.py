"""What was sent about one matter, and how the post of an office runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select, update

from qms import jobs
from qms.certificates.models import Certificate
from qms.core import clock, runs
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.transactions import writing
from qms.people.models import Person
from qms.reminders import about, failures, health
from qms.reminders.models import Reminder
from tests.support.cases import Case
from tests.support.ledger import nonconformity, plan, training, without_trainings
from tests.support.mail_server import mail_server
from tests.support.offices import certify
from tests.support.post import MONDAY, at, letter, put, send
from tests.support.statements import counted
from tests.support.world import TODAY, World

SignIn = Callable[[Person], FlaskClient]
OFFICE = "/u/sp-bochnia"


def cells(client: FlaskClient, address: str) -> list[list[str]]:
    page = BeautifulSoup(client.get(address).data, "html.parser")
    return [
        [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("th, td")]
        for row in page.select("main tbody tr")
    ]


def test_the_page_of_a_case_tells_each_reminder_with_reader_step_and_fate(world: World, signed_in: SignIn) -> None:
    with without_trainings():
        case = nonconformity(world.bochnia, due_on=MONDAY - timedelta(days=7))
        plan(world.bochnia)
        with mail_server() as server, clock.at(at(TODAY, 10)):
            send(server)
        plan(world.bochnia, MONDAY)
    client = signed_in(world.bochnia.proxy)

    *newer, oldest = cells(client, f"{OFFICE}/listy/o/ustalenie/{case.key}")

    told = " | ".join(" ; ".join(row) for row in (*newer, oldest))
    assert len(newer) == 2
    assert f"{world.bochnia.fn_head.name} odpowiada za to" in told
    assert f"{world.bochnia.proxy.name} pełnomocnik ds. SZJ" in told
    assert "7 dni po terminie" in told
    assert "1 dzień po terminie" in told
    assert oldest[0].startswith("20.11.2026")
    assert "wysłany" in oldest[4]
    assert world.bochnia.fn_head.email in oldest[4]


def test_the_reminders_of_its_actions_stand_with_the_case(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer().accept()
    with without_trainings():
        (action,) = case.finding.current_actions
        plan(world.bochnia, action.due_on)
    client = signed_in(world.bochnia.proxy)

    of_case = cells(client, f"{OFFICE}/listy/o/ustalenie/{case.finding.key}")

    assert of_case != []
    assert of_case == cells(client, f"{OFFICE}/listy/o/dzialanie/{action.key}")


def test_a_certificate_is_one_matter_whatever_its_cycle_asks_for(world: World, signed_in: SignIn) -> None:
    with without_trainings():
        with writing():
            certify(world.bochnia.office, starts=-340, ends=755)
        plan(world.bochnia)
        key = db.session.query(Reminder.subject).first()[0].split(":")[1]

    [row, *_more] = cells(signed_in(world.bochnia.proxy), f"{OFFICE}/listy/o/certyfikat/{key}")

    assert "nadz" in row[2]


@pytest.mark.parametrize(
    "address",
    [
        "ustalenie/2222zzzz",
        "dzialanie/2222zzzz",
        "audit/2222zzzz",
        "certyfikat/2222zzzz",
        "szkolenie/2222zzzz",
        "powolanie/999999",
        "powolanie/999999999999",
        "powolanie/abc",
        "pelnomocnik/999",
        "drzewo/2222zzzz",
        "recertification/2222zzzz",
    ],
)
def test_a_matter_nobody_knows_has_no_page(world: World, signed_in: SignIn, address: str) -> None:
    assert signed_in(world.bochnia.proxy).get(f"{OFFICE}/listy/o/{address}").status_code == 404


def test_a_draft_and_a_matter_of_another_office_have_no_page(world: World, signed_in: SignIn) -> None:
    draft, theirs = Case(world.bochnia), Case(world.leczyca).publish()
    client = signed_in(world.bochnia.proxy)

    for case in (draft, theirs):
        assert client.get(f"{OFFICE}/listy/o/ustalenie/{case.finding.key}").status_code == 404
        assert client.get(f"/u/sp-leczyca/listy/o/ustalenie/{case.finding.key}").status_code == 404


def test_every_subject_a_reminder_may_have_leads_to_a_page(world: World, signed_in: SignIn) -> None:
    """A training, an appointment that ends, an office without a proxy: each has its address."""
    with scoped(EVERY_OFFICE):
        training(world.bochnia, world.bochnia.auditor, until=TODAY + timedelta(days=20))
        posts = {each.post: each for each in about_posts(world)}
        with writing():
            posts["auditor"].until_on = TODAY + timedelta(days=20)
            posts["proxy"].until_on = TODAY - timedelta(days=1)
        plan(world.bochnia)
        subjects = {subject for (subject,) in db.session.query(Reminder.subject)}
    client = signed_in(world.bochnia.deputy)

    assert {subject.partition(":")[0] for subject in subjects} == {"training", "appointment", "proxy"}
    for subject in subjects:
        place = about.place_of(subject)
        assert cells(client, f"{OFFICE}/listy/o/{place.kind}/{place.key}") != [], subject


def about_posts(world: World) -> list[object]:
    from qms.people import colleagues  # noqa: PLC0415 -- one test's own

    return colleagues.posts(world.bochnia.office.id)


def test_a_matter_of_which_nobody_was_reminded_says_so(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()

    page = signed_in(world.bochnia.proxy).get(f"{OFFICE}/listy/o/ustalenie/{case.finding.key}")

    assert "jeszcze nikomu nie przypominano" in page.get_data(as_text=True)


def test_pages_of_cases_and_audits_lead_there_for_who_may_see_letters(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish()
    pages = (case.address, f"{OFFICE}/audity/{case.audit.key}")

    for name, is_shown in (("proxy", True), ("auditor", False), ("fn_head", False)):
        client = signed_in(world.bochnia.people[name])
        for page in pages:
            assert ("/listy/o/" in client.get(page).get_data(as_text=True)) is is_shown


def test_the_list_of_letters_leads_to_the_matters_of_each_digest(world: World, signed_in: SignIn) -> None:
    with without_trainings():
        case = nonconformity(world.bochnia, due_on=TODAY)
        plan(world.bochnia)

    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(f"{OFFICE}/listy").data, "html.parser")

    [link] = page.select("main tbody a")
    assert link["href"] == f"{OFFICE}/listy/o/ustalenie/{case.key}"
    assert link.get_text() == "Odpowiedz na niezgodność, 20.11.2026"


def test_the_page_of_a_matter_takes_as_many_queries_for_one_line_as_for_fifty(world: World, signed_in: SignIn) -> None:
    with without_trainings():
        case = nonconformity(world.bochnia, due_on=TODAY)
    client, counts = signed_in(world.bochnia.proxy), []
    for days in (0, 300):
        with without_trainings():
            plan(world.bochnia, TODAY)
            for week in range(days // 7):
                plan(world.bochnia, MONDAY + timedelta(days=7 * week))
        with counted() as statements:
            rows = cells(client, f"{OFFICE}/listy/o/ustalenie/{case.key}")
        counts.append(len(statements))

    assert len(rows) == 50
    assert counts[0] == counts[1]


# ---------------------------------------------------------------------------------------------- how the post runs


def health_of(client: FlaskClient) -> dict[str, str]:
    page = BeautifulSoup(client.get(f"{OFFICE}/listy").data, "html.parser")
    return {
        row.select_one("dt").get_text(strip=True): row.select_one("dd").get_text(strip=True)  # type: ignore[union-attr]
        for row in page.select("details.fold .summary__row")
    }


def _fail(name: str, answer: str, **values: object) -> None:
    with writing():
        failed = {"state": "failed", "last_error": answer, "sent_to": f"{name}@example.com"} | values
        db.session.execute(update(Letter).where(Letter.dedupe == name).values(**failed))


def test_a_failed_letter_is_shown_with_its_address_why_and_what_to_do(world: World, signed_in: SignIn) -> None:
    for place, name in ((world.bochnia, "ours"), (world.leczyca, "theirs")):
        put(place.fn_head, name, office_id=place.office.id)
        _fail(name, "550 5.1.1 <x>: user unknown")

    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(f"{OFFICE}/listy").data, "html.parser")

    [item] = page.select(".notice li")
    told = item.get_text(" ", strip=True)
    assert world.bochnia.fn_head.name in told
    assert "ours@example.com" in told
    assert "nie ma takiego adresu" in told
    assert "popraw go na jej stronie" in told
    assert "user unknown" not in page.get_text()


EXPLAINED = [
    ("550 5.1.1 no such user", "there is no such address"),
    ("550 No such user here", "there is no such address"),
    ("553 sorry", "there is no such address"),
    ("550 5.7.1 blocked by policy", "refuses letters"),
    ("554 spam message rejected", "refuses letters"),
    ("552 5.2.2 mailbox full", "full or closed"),
    ("452 4.2.2 over quota", "full or closed"),
    ("451 4.7.1 greylisted, try later", "put the letter off"),
    ("cannot be written: KeyError", "could not write"),
    ("TimeoutError: timed out", "did not take the letter"),
    ("", "did not take the letter"),
]


@pytest.mark.parametrize(("answer", "reason"), EXPLAINED)
def test_what_a_mail_server_says_is_told_in_plain_words(answer: str, reason: str) -> None:
    assert reason in failures.explain("failed", answer).reason


def test_a_letter_in_doubt_may_have_arrived() -> None:
    assert "may have arrived" in failures.explain("uncertain", "550 5.1.1 no such user").reason


def test_the_numbers_are_those_of_the_office_and_of_all_only_to_an_administrator(
    world: World, signed_in: SignIn
) -> None:
    for number in range(3):
        put(world.leczyca.fn_head, f"theirs {number}", office_id=world.leczyca.office.id)
    for state in ("queued", "held", "failed", "uncertain"):
        put(world.bochnia.fn_head, state, office_id=world.bochnia.office.id)
        _fail(state, "", state=state)

    own = health_of(signed_in(world.bochnia.proxy))
    assert own["Czekają na wysłanie"].startswith("1 ")
    assert (own["Wstrzymane, aż ktoś je zwolni"], own["Być może dostarczone"]) == ("1", "1")
    assert own["Niedostarczone w ostatnich 30 dniach"] == "1"
    assert "Listy wszystkich urzędów" not in signed_in(world.bochnia.proxy).get(f"{OFFICE}/listy").get_data(
        as_text=True
    )

    with writing():
        world.bochnia.proxy.is_admin = True
    every = health_of(signed_in(world.bochnia.proxy))
    assert every["Czekają na wysłanie"].startswith("4 ")  # the second list of the two


def test_the_page_says_when_the_jobs_last_ran_and_when_they_run_next(world: World, signed_in: SignIn) -> None:
    with writing():
        for name in health.RHYTHM:
            runs.record(name, started_at=clock.now(), outcome="")

    told = health_of(signed_in(world.bochnia.proxy))

    assert told["Zapisywanie, komu i o czym przypomnieć"] == "ostatnio 20.11.2026, 10:00, następnie 20.11.2026, 10:01"
    assert told["Nocne sprawdzanie, czy nikogo nie pominięto"].endswith("następnie 21.11.2026, 4:00")


def test_the_rhythm_told_is_the_one_kept() -> None:
    kept = {name: (job.every, job.after) for name, job in jobs.JOBS.items() if name != "tidy"}  # which writes nothing

    assert kept == health.RHYTHM


def test_a_letter_failed_long_ago_is_history(world: World) -> None:
    put(world.bochnia.fn_head, office_id=world.bochnia.office.id)
    _fail("1", "", created_at=clock.now() - timedelta(days=31))

    with scoped(EVERY_OFFICE):
        assert health.counts(world.bochnia.office.id).failed == 0
        assert health.undelivered(world.bochnia.office.id) == []
    assert letter().state == "failed"


def test_reminders_of_unfinished_internal_audits_stand_with_the_certificate_of_their_cycle(world: World) -> None:
    with scoped(frozenset({world.bochnia.office.id})):
        certify(world.bochnia.office, starts=-300, ends=795)
        db.session.commit()
        certificate = db.session.scalars(select(Certificate)).one()
        place = about.place_of(f"internal_audits:{certificate.key}:7")
        found = about.matter(world.bochnia.office, kind=place.kind, key=place.key)

    assert found is not None
    assert f"internal_audits:{certificate.key}" in found.subjects
