"""What an office's limits lead to: tolerance, agreed days, and the duties that follow from a certificate."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.agenda import export
from qms.agenda import queries as agenda
from qms.agenda.words import VERBS, path_of, verb_of
from qms.certificates.models import Certificate
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.transactions import writing
from qms.domain.deadlines import Deadline, Kind, Rule
from qms.domain.errors import InvalidInput
from qms.domain.limits import AGREED, STARTER_LIMITS, Limit, Unit
from qms.findings import service as findings
from qms.offices import service as offices
from qms.people import queries as people
from qms.people.models import Person
from qms.reminders import about
from qms.reminders.models import Reminder
from qms.standards.models import Edition
from tests.support.audits import planned, trained
from tests.support.cases import Case, acting, later
from tests.support.forms import complaint, send
from tests.support.ledger import plan, without_trainings
from tests.support.offices import certify
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
EVER, FAR = date(1990, 1, 1), date(2040, 12, 31)
LIMITS = "/u/sp-bochnia/terminy"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office with nothing due yet, every row open to the test."""
    with without_trainings():
        yield world.bochnia


def set_to(of: OfficeWorld, name: str, limit: Limit) -> None:
    with scoped(EVERY_OFFICE):
        offices.set_limit(of.office, name, limit)
        db.session.commit()


def due(of: OfficeWorld, *kinds: Kind, today: date = TODAY) -> list[Deadline]:
    return agenda.gather([of.office.id], EVER, FAR, today=today, kinds=kinds)


def main(client: FlaskClient, address: str) -> str:
    found = BeautifulSoup(client.get(address).data, "html.parser").main
    assert found is not None
    return " ".join(found.get_text(" ").split())


# --- tolerance


def tolerant(of: OfficeWorld, days: int) -> None:
    """The recertification audit was due yesterday, and the office tolerates some days more."""
    set_to(of, "recertification_audit", Limit(91, counts_back=True, tolerance=days))
    set_to(of, "body_contract", Limit(None))
    with writing():
        certify(of.office, starts=-1000, ends=90)


@pytest.mark.parametrize(("days", "is_overdue"), [(0, True), (1, False)])
def test_a_task_within_its_tolerance_is_not_overdue(
    bochnia: OfficeWorld, signed_in: SignIn, *, days: int, is_overdue: bool
) -> None:
    tolerant(bochnia, days)

    (task,) = [
        each
        for each in agenda.tasks_of(people.actor_of(bochnia.proxy, TODAY), TODAY)
        if each.deadline.kind is Kind.RECERTIFICATION_AUDIT
    ]
    page = main(signed_in(bochnia.proxy), "/zadania")

    assert (task.days_left, task.is_overdue) == (-1, is_overdue)
    assert ("1 dzień po terminie" in page) is is_overdue
    assert ("zostało 0 dni tolerancji" in page) is not is_overdue
    assert (f"Spóźnienie liczy się dopiero po {TODAY:%d.%m.%Y}." in page) is not is_overdue


@pytest.mark.parametrize(("days", "overdue"), [(0, "1"), (1, "0")])
def test_a_coordinator_counts_what_is_past_its_tolerance(
    world: World, signed_in: SignIn, *, days: int, overdue: str
) -> None:
    audit = planned(world.bochnia, starts_on=TODAY - timedelta(days=15), ends_on=TODAY - timedelta(days=15))
    set_to(world.bochnia, "report", Limit(14, tolerance=days))
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, starts=-300, ends=300)
        db.session.commit()
    assert audit.state == "planned"

    page = BeautifulSoup(signed_in(world.coordinator).get("/urzedy/terminy").data, "html.parser")

    counted = {row.select("td")[-1].get_text(strip=True) for row in page.select("main tbody tr")}
    assert counted == {str(int(overdue) + 1)}  # the audit that nobody started is late either way


def test_reminders_of_lateness_wait_for_the_end_of_the_tolerance_and_none_is_lost(bochnia: OfficeWorld) -> None:
    tolerant(bochnia, 60)
    plan(bochnia, TODAY)
    for day in range(1, 75):
        plan(bochnia, later(day))

    of_audit = select(Reminder.step).where(
        Reminder.kind == Kind.RECERTIFICATION_AUDIT, Reminder.person_id == bochnia.proxy.id
    )
    told = list(db.session.scalars(of_audit.order_by(Reminder.id)))

    assert told == ["-7", "+1", "mon:2027-01-25", "mon:2027-02-01"]


# --- a day that people agree on


def test_the_day_of_the_review_is_asked_for_where_the_office_agrees_on_it(world: World, signed_in: SignIn) -> None:
    set_to(world.bochnia, "effectiveness", AGREED)
    case = Case(world.bochnia).publish().answer().accept().do()
    browser, path = signed_in(world.bochnia.auditor), f"{case.address}/weryfikacja"

    missing = send(browser, path, outcome="done", note="Rejestr obejrzany.")
    past = send(browser, path, outcome="done", review_on=f"{later(-1):%d.%m.%Y}")
    contradicting = send(browser, path, outcome="undone", review_on=f"{later(60):%d.%m.%Y}")

    assert complaint(missing, "review_on") == "Błąd:Wpisz dzień uzgodniony dla oceny skuteczności."
    assert "Rejestr obejrzany." in missing.get_data(as_text=True)
    assert complaint(past, "review_on")
    assert complaint(contradicting, "review_on")
    assert send(browser, path, outcome="done", review_on=f"{later(60):%d.%m.%Y}").status_code == 302
    with case.scope():
        assert (case.again().waits_for, case.finding.due_on) == (Kind.EFFECTIVENESS, later(60))
    assert "Dzień uzgodniony." in main(browser, case.address)


def test_an_agreed_day_that_is_put_off_stays_an_agreed_one(world: World) -> None:
    set_to(world.bochnia, "effectiveness", AGREED)
    case = Case(world.bochnia).publish().answer().accept().do()
    with case.scope():
        by = acting(world.bochnia.auditor)
        findings.verify(case.finding, "Widać.", by=by, today=TODAY, review_on=later(30))
        findings.postpone(case.finding, "Za wcześnie.", later(60), by=by, today=TODAY)
        db.session.commit()
        (deadline,) = due(world.bochnia, Kind.EFFECTIVENESS)

    assert (deadline.due_on, deadline.limit) == (later(60), AGREED)


def test_nobody_is_asked_for_a_day_that_the_office_counts(world: World, signed_in: SignIn) -> None:
    case = Case(world.bochnia).publish().answer().accept().do()

    page = signed_in(world.bochnia.auditor).get(f"{case.address}/weryfikacja")

    assert not BeautifulSoup(page.data, "html.parser").select("[name=review_on]")


# --- the page of limits


def test_a_day_of_the_year_and_a_tolerance_are_set_and_told(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)

    answer = send(client, LIMITS, answer="31.01", answer_unit="day_of_year", report_tolerance="5")

    assert answer.status_code == 302
    page = main(client, "/u/sp-bochnia/urzad")
    assert "Pierwszy 31.01" in page
    assert "14 dni, tolerancja 5 dni" in page
    again = BeautifulSoup(client.get(LIMITS).data, "html.parser")
    assert again.select_one("#answer")["value"] == "31.01"
    assert again.select_one("#report_tolerance")["value"] == "5"
    case = Case(world.bochnia).publish()
    with case.scope():
        assert case.again().due_on == date(2027, 2, 1)  # 31 January 2027 is a Sunday
    why = "Pierwszy 31.01 od publikacji ustalenia (20.11.2026). Termin przesunięty z dnia wolnego."
    assert why in main(client, case.address)


@pytest.mark.parametrize("limit", [AGREED, Limit(14, tolerance=1)])
def test_a_limit_that_would_do_nothing_is_not_stored(bochnia: OfficeWorld, limit: Limit) -> None:
    with pytest.raises(InvalidInput):
        offices.set_limit(bochnia.office, "answer", limit)


@pytest.mark.parametrize(
    ("typed", "field", "row"),
    [
        ({"answer": "31.01"}, "answer", "Odpowiedź na niezgodność"),
        ({"answer": "31", "answer_unit": "day_of_year"}, "answer", "Odpowiedź na niezgodność"),
        ({"effectiveness_unit": "agreed"}, "effectiveness", "Ocena skuteczności"),  # three months still stand there
        ({"report_tolerance": "184"}, "report_tolerance", "Raport z auditu"),
        ({"report_tolerance": "-1"}, "report_tolerance", "Raport z auditu"),
        ({"answer_unit": "agreed", "answer": ""}, "answer_unit", "Odpowiedź na niezgodność"),
        (
            {"second_surveillance_unit": "day_of_year", "second_surveillance": "31.01"},
            "second_surveillance_unit",
            "Drugi audit w nadzorze",
        ),
    ],
)
def test_what_cannot_be_a_limit_is_refused_at_its_field_and_the_summary_names_its_row(
    world: World, signed_in: SignIn, *, typed: dict[str, str], field: str, row: str
) -> None:
    answer = send(signed_in(world.bochnia.proxy), LIMITS, **typed, closing="9")

    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 200
    assert page.select_one(f".error-summary a[href='#{field}']").get_text() == f"{row}: {complaint(answer, field)[5:]}"
    assert page.select_one("#closing")["value"] == "9"


def test_an_agreed_day_has_no_length_to_type(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)

    assert send(client, LIMITS, effectiveness="", effectiveness_unit="agreed").status_code == 302
    assert "dzień uzgodniony podawany przy potwierdzaniu wykonania" in main(client, "/u/sp-bochnia/urzad")


def test_a_limit_that_an_office_never_had_stands_empty(world: World, signed_in: SignIn) -> None:
    with scoped(EVERY_OFFICE):
        for row in db.session.scalars(select(offices.OfficeLimit).where(offices.OfficeLimit.name == "answer")):
            db.session.delete(row)
        db.session.commit()

    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(LIMITS).data, "html.parser")

    assert page.select_one("#answer").get("value", "") == ""
    assert page.select_one("#report")["value"] == "14"


# --- duties


def test_the_contract_is_asked_for_until_a_recertification_audit_has_a_day(bochnia: OfficeWorld) -> None:
    with writing():
        certify(bochnia.office, starts=-1000, ends=300)
    (contract,) = due(bochnia, Kind.BODY_CONTRACT)
    planned(bochnia, kind="recertification", body="Biuro", lead_id=None, starts_on=later(200), ends_on=later(201))

    assert (contract.due_on, contract.rule) == (later(30), Rule.BODY_CONTRACT)
    assert due(bochnia, Kind.BODY_CONTRACT) == []


def test_internal_audits_are_asked_for_from_what_is_recorded(bochnia: OfficeWorld) -> None:
    with writing():
        certify(bochnia.office, starts=-400, ends=695)
    planned(bochnia, kind="surveillance", body="Biuro", lead_id=None, starts_on=later(60), ends_on=later(61))
    (asked,) = due(bochnia, Kind.INTERNAL_AUDITS)
    with writing():
        trained(bochnia, bochnia.auditor)
        trained(bochnia, bochnia.second_auditor)
    case = Case(bochnia).publish()

    assert (asked.due_on, asked.rule, asked.counted_from) == (later(30), Rule.INTERNAL_AUDITS_BEFORE_BODY, later(60))
    assert (verb_of(asked), path_of(asked, "sp-bochnia")) == (VERBS[Kind.INTERNAL_AUDITS], "/u/sp-bochnia/audity")
    assert case.audit.state == "finished"
    assert due(bochnia, Kind.INTERNAL_AUDITS) == []


def test_the_page_of_the_certificate_tells_each_duty_once(world: World, signed_in: SignIn) -> None:
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, starts=-400, ends=695)
        db.session.commit()
    client = signed_in(world.bochnia.proxy)

    page = BeautifulSoup(client.get("/u/sp-bochnia/certyfikat").data, "html.parser")

    told = [row.select_one("th").get_text(strip=True) for row in page.select("main table")[0].select("tbody tr")]
    assert told.count("Umowa z jednostką") == 1
    assert told.count("Audit w nadzorze") == 2
    drawn = [point.get_text(" ", strip=True) for point in page.select("figure ol li")]
    assert len([point for point in drawn if "Umowa z jednostką" in point]) == 1


def test_the_agenda_as_rows_carries_the_new_duties(bochnia: OfficeWorld) -> None:
    set_to(bochnia, "second_surveillance", Limit(24, Unit.MONTHS))
    Case(bochnia, kind="stage_2", category="major").publish()
    with writing():
        certify(bochnia.office, starts=-400, ends=695)

    rows = export.rows([bochnia.office.id], EVER, FAR, today=TODAY)

    assert {("surveillance", "C4"), ("body_contract", "C7"), ("major_verification", "C12")} <= {
        (row["kind"], row["rule"]) for row in rows
    }


def test_an_audit_to_the_new_edition_is_asked_for_while_the_old_one_ends(bochnia: OfficeWorld) -> None:
    with writing():
        db.session.get_one(Edition, "9001:2015").certificates_until = later(300)
        db.session.add(
            Edition(code="9001:2029", title_en="New", title_pl="Nowe", pn="", status="current", exclusion_rule="")
        )
        certify(bochnia.office, starts=-300, ends=795)
    (asked,) = due(bochnia, Kind.TRANSITION_AUDIT)
    certificate = db.session.scalars(select(Certificate)).one()

    assert (asked.due_on, asked.rule, asked.is_booked) == (later(120), Rule.TRANSITION_AUDIT, False)
    assert asked.subject == f"transition:{certificate.key}"
    audit = planned(bochnia, kind="surveillance", body="Biuro", lead_id=None, starts_on=later(50), ends_on=later(51))
    assert [each.is_booked for each in due(bochnia, Kind.TRANSITION_AUDIT)] == [False]  # it is to the same edition
    with writing():
        audit.edition_code = "9001:2029"
    assert [each.is_booked for each in due(bochnia, Kind.TRANSITION_AUDIT)] == [True]
    assert due(bochnia, Kind.TRANSITION_AUDIT, today=later(51)) == []


def test_a_certificate_that_ends_before_that_is_not_asked_for_it(bochnia: OfficeWorld) -> None:
    with writing():
        db.session.get_one(Edition, "9001:2015").certificates_until = later(700)
        certify(bochnia.office, starts=-600, ends=495)

    assert due(bochnia, Kind.TRANSITION_AUDIT) == []


def test_majors_of_stage_two_are_verified_within_six_months(bochnia: OfficeWorld) -> None:
    case = Case(bochnia, kind="stage_2", category="major").publish()

    (asked,) = due(bochnia, Kind.MAJOR_VERIFICATION)

    assert (asked.due_on, asked.rule, asked.counted_from) == (date(2027, 5, 20), Rule.MAJOR_VERIFICATION, TODAY)
    assert asked.answers == (bochnia.proxy.id,)
    assert about.place_of(asked.subject) == ("audit", case.audit.key)
    assert agenda.gather([bochnia.office.id], EVER, later(30), today=TODAY, kinds=[Kind.MAJOR_VERIFICATION]) == []
    case.answer().accept().do()
    assert len(due(bochnia, Kind.MAJOR_VERIFICATION)) == 1
    case.verify()
    assert due(bochnia, Kind.MAJOR_VERIFICATION) == []


@pytest.mark.parametrize(("kind", "category"), [("stage_2", "minor"), ("surveillance", "major")])
def test_no_other_finding_is_under_that_limit(bochnia: OfficeWorld, *, kind: str, category: str) -> None:
    Case(bochnia, kind=kind, category=category).publish()

    assert due(bochnia, Kind.MAJOR_VERIFICATION) == []


def test_the_findings_of_stage_two_say_until_when_their_majors_are_to_be_verified(
    world: World, signed_in: SignIn
) -> None:
    case = Case(world.bochnia, kind="stage_2", category="major").publish()

    page = main(signed_in(world.bochnia.proxy), f"/u/sp-bochnia/audity/{case.audit.key}/ustalenia")

    assert "20.05.2027" in page
    assert "6 miesięcy od ostatniego dnia 2. etapu auditu (20.11.2026)." in page


def test_the_page_of_an_audit_says_until_when_notice_and_report_are_due_and_why(
    world: World, signed_in: SignIn
) -> None:
    audit = planned(world.bochnia)
    address = f"/u/sp-bochnia/audity/{audit.key}"
    client = signed_in(world.bochnia.proxy)

    page = main(client, address)
    set_to(world.bochnia, "notice", replace(STARTER_LIMITS["notice"], value=None))
    without = main(client, address)

    assert "Zawiadomienie komórek do 20.11.2026 7 dni przed początkiem auditu (27.11.2026)." in page
    assert "Raport do 14.12.2026 14 dni od ostatniego dnia auditu (28.11.2026)." in page
    assert "Zawiadomienie komórek" not in without


def test_an_audit_of_the_body_has_no_days_of_the_offices_own(world: World, signed_in: SignIn) -> None:
    audit = planned(world.bochnia, kind="surveillance", body="Biuro", lead_id=None)

    page = main(signed_in(world.bochnia.proxy), f"/u/sp-bochnia/audity/{audit.key}")

    assert "Zawiadomienie komórek" not in page
    assert "Raport do" not in page
