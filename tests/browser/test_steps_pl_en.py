"""The main job in a browser, from signing in to the closed case, in Polish and in English."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from qms import jobs
from qms.agenda.words import VERBS
from qms.core.db import db
from qms.core.outbox import Letter
from qms.domain.deadlines import Kind
from tests.support.browser import PHONE
from tests.support.cases import PDF, Case, on
from tests.support.lived import office_found
from tests.support.visitor import Visitor

pytestmark = pytest.mark.browser

BOCHNIA = "sp-bochnia.example.com"
PROXY, AUDITOR, HEAD, DOER = (f"{name}@{BOCHNIA}" for name in ("proxy", "auditor", "fn_head", "fn_clerk"))
COORDINATOR = "coordinator@program.example.com"
OFFICE = "/u/sp-bochnia"
TODAY = "20.11.2026"
THREE_MONTHS_LATER = date(2027, 3, 1)
A_MONDAY = date(2027, 3, 22)
NUMBER = "N-2026-001"
# The others have nothing due in the demonstration.
REMINDED = set(Kind) - {
    Kind.RECERTIFICATION_DECISION,
    Kind.TRANSITION_AUDIT,
    Kind.INTERNAL_AUDITS,
    Kind.MAJOR_VERIFICATION,
    Kind.APPOINTMENT,
    Kind.PROXY_VACANT,
    Kind.CLOSING,  # ten older matters fill the proxy's letter of that day
}
STATEMENT = "Dwa upoważnienia straciły ważność."


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    file = tmp_path / "rejestr upoważnień.pdf"
    file.write_bytes(PDF)
    return file


def test_the_main_job_from_the_door_to_the_closed_case(site, somebody, evidence):
    proxy = somebody()
    proxy.sign_in(PROXY)
    log_an_audit(proxy)
    record_findings(somebody(AUDITOR), evidence)
    answer(somebody(HEAD), cause="Tak wyszło.")
    return_the_answer(proxy)
    answer_again(somebody(HEAD))
    accept_the_answer(proxy)
    report_done(somebody(DOER), evidence)
    confirm_the_work(somebody(AUDITOR))
    record_papers(proxy)
    three_months_pass(site)
    proxy.enter(PROXY)
    read_the_reminder(proxy)
    judge_the_effect(somebody(AUDITOR), done="Rejestr działa od dziś.")
    close_the_case(proxy)

    ours = sorted({path for path in proxy.visited if path.startswith(OFFICE)})
    assert len(ours) > 5
    assert answers_to(somebody("proxy@sp-leczyca.example.com"), ours) == {404}
    coordinator = somebody(COORDINATOR)
    assert answers_to(coordinator, ours) <= {403, 404}
    read_the_counts(coordinator)


def test_steps_two_to_four_without_javascript_on_a_phone(somebody, evidence):
    by_phone = {"size": PHONE, "java_script_enabled": False}

    log_an_audit(somebody(PROXY, **by_phone))
    record_findings(somebody(AUDITOR, **by_phone), evidence)
    answer(somebody(HEAD, **by_phone), cause="Nikt nie pilnuje dat ważności.")
    accept_the_answer(somebody(PROXY, **by_phone))
    report_done(somebody(HEAD, **by_phone), evidence)
    confirm_the_work(somebody(AUDITOR, **by_phone))


def test_j5_the_effect_is_judged_in_three_clicks_and_two_fields(site, somebody):
    with site.inside():
        case = Case(office_found("sp-bochnia")).publish().answer().accept().do().verify()
        assert case.finding.waits_for == "effectiveness"
    site.move_to(THREE_MONTHS_LATER)

    judge_the_effect(somebody(AUDITOR), done="Założono rejestr.")


def test_j7_the_days_of_the_cycle_follow_from_those_on_the_certificate(somebody):
    proxy = somebody(PROXY)

    record_papers(proxy)

    proxy.press(proxy.words("Certificate"))
    proxy.sees("10.06.2025", "31.12.2026", "16.03.2027", "14.06.2027")


def test_j8_a_number_leads_the_coordinator_to_the_offices_it_counts(site, somebody):
    with site.inside():
        Case(office_found("sp-bochnia")).publish()
    site.move_to(THREE_MONTHS_LATER)
    coordinator = somebody(COORDINATOR)
    coordinator.press(coordinator.words("Offices"))
    coordinator.start_counting()

    coordinator.press(coordinator.words("with overdue nonconformities"))

    rows = coordinator.page.locator("main tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Starostwo Powiatowe w Bochni")
    assert (coordinator.clicks, coordinator.fields) == (1, 0)


def test_reminders_of_every_kind_come_to_the_mailbox(serve, lived_folder, words, browser_of):
    site = serve(lived_folder, on=A_MONDAY, language=words.language)
    with site.inside(), on(A_MONDAY):
        jobs.run_job("plan", A_MONDAY)
        digests = select(func.count(Letter.id)).where(Letter.kind == "digest", Letter.state != "void")
        planned = db.session.scalar(digests)
        db.session.rollback()
    reader = Visitor(site, browser_of(words.language), words)

    told = reader.letters_of(f"{A_MONDAY:%d.%m.%Y}", at_least=planned)

    missing = [kind for kind in REMINDED if words(VERBS[kind]) not in told]
    assert missing == []


def log_an_audit(proxy: Visitor) -> None:
    _ = proxy.words
    proxy.press(_("Audits"))
    proxy.press(_("Add an audit"))
    proxy.choose("Wydział Komunikacji")
    proxy.unfold("7 ")
    proxy.choose("7.5.2")
    proxy.fill(_("First day"), TODAY)
    proxy.fill(_("Last day"), TODAY)
    proxy.select(_("Lead auditor"), "Auditor Sp-Bochnia (KM)")
    proxy.press(_("Save the audit"))
    why = _(
        "%(person)s works in %(item)s, or in a department above or below it, and would audit their own work. "
        "Choose another person, add an auditor who may judge it, or ask the head of the office for a permit.",
        person="Auditor Sp-Bochnia",
        item="Wydział Komunikacji",
    )
    proxy.sees(why)
    proxy.page.get_by_role("checkbox", name="Wydział Komunikacji").uncheck()
    proxy.choose("Wydział Finansowy")
    proxy.press(_("Save the audit"))
    proxy.sees(_("Audit %(number)s saved.", number="A-2026-01"))


def record_findings(auditor: Visitor, evidence: Path) -> None:
    _ = auditor.words
    auditor.press(re.compile(re.escape(_("Prepare and hold the audit"))))
    auditor.press(_("Record findings"))
    for category, statement in (("Nonconformity", STATEMENT), ("Observation", "Rejestr jest w trzech plikach.")):
        auditor.press(_("Add a finding"))
        auditor.fill(_("Statement"), statement)
        auditor.choose(_(category))
        auditor.select(_("Clause"), "7.5.2")
        auditor.fill(_("Requirement"), "Upoważnienia są aktualne.")
        auditor.fill(_("Evidence"), "Rejestr upoważnień, poz. 4 i 7.")
        auditor.attach(_("Files"), evidence)
        auditor.press(_("Save"))
        auditor.sees(statement)
    auditor.press(_("Check and publish the report"))
    auditor.fill(_("Conclusion of the audit"), "System działa, jeden obszar wymaga poprawy.")
    auditor.press(_("Publish the report"))
    auditor.sees(NUMBER)


def answer(head: Visitor, *, cause: str) -> None:
    """From the letter, by its link; J4 is counted in a test of its own."""
    _ = head.words
    letter = head.find_letter(HEAD, re.compile(NUMBER))
    head.open(letter.locator("main a[href*='/o/odpowiedz/']").first.get_attribute("href") or "")
    head.fill(_("What was put right at once"), "Odnowiono oba upoważnienia.")
    head.fill(_("Why it happened"), cause)
    head.fill(_("What you will change"), "Założyć rejestr z przypomnieniami.")
    head.fill(_("By when"), "18.12.2026")
    head.press(_("Check your reply"))
    head.sees("Odnowiono oba upoważnienia.", cause, STATEMENT)
    head.press(_("Send reply"))
    head.sees(_("Reply sent: %(number)s", number=NUMBER))


def return_the_answer(proxy: Visitor) -> None:
    _ = proxy.words
    proxy.open("/zadania")
    proxy.press(re.compile(re.escape(_("Check the answer"))))
    proxy.press(_("Check the answer"))
    proxy.choose(_("Return for completion"))
    proxy.fill(_("What is missing"), "Napisz, dlaczego nikt tego nie zauważył.")
    proxy.press(_("Save the decision"))
    proxy.sees(_("Answer returned. The unit gets a letter with your note."))


def answer_again(head: Visitor) -> None:
    _ = head.words
    head.press(re.compile(re.escape(_("Answer the nonconformity"))))
    head.sees("Napisz, dlaczego nikt tego nie zauważył.")
    head.press(_("Write the answer"))
    head.fill(_("Why it happened"), "Nikt nie pilnuje dat ważności.")
    head.select(_("Who will do it"), "Fn Clerk")
    head.press(_("Check your reply"))
    head.press(_("Send reply"))


def accept_the_answer(proxy: Visitor) -> None:
    _ = proxy.words
    proxy.open("/zadania")
    proxy.press(re.compile(re.escape(_("Check the answer"))))
    proxy.press(_("Check the answer"))
    proxy.choose(_("Accept plan"))
    proxy.press(_("Save the decision"))
    proxy.sees(_("Plan accepted. Those who do the actions get a letter."))


def report_done(doer: Visitor, evidence: Path) -> None:
    _ = doer.words
    doer.press(re.compile(re.escape(_("Carry out the action"))))
    doer.press(_("Report as done"))
    doer.fill(_("What was done"), "Rejestr działa od dziś.")
    doer.attach(_("Files"), evidence)
    doer.press(_("Report as done"))
    doer.sees(_("Reported as done. It is checked by %(names)s, until %(day)s.").partition("%")[0])


def confirm_the_work(auditor: Visitor) -> None:
    _ = auditor.words
    auditor.press(re.compile(re.escape(_("Check that the actions were done"))))
    auditor.press(_("Confirm the work"))
    auditor.choose(_("Yes, it was done"))
    auditor.fill(_("What you looked at"), "Rejestr z wpisami z tego miesiąca.")
    auditor.press(_("Save"))
    auditor.sees(_("Confirmed. Whether it helped is judged later."))


def record_papers(proxy: Visitor) -> None:
    _ = proxy.words
    proxy.press(_("Certificate"))
    proxy.press(_("Add a certificate"))
    proxy.fill(_("Certificate number"), "PL-1/2024")
    proxy.fill(_("Certification body"), "Jednostka Certyfikująca")
    proxy.select(_("Edition of the standard"), "ISO 9001:2015")
    for label, day in (
        ("Day of the decision", "10.6.2024"),
        ("First day of validity", "15.6.2024"),
        ("Last day of validity", "14.6.2027"),
    ):
        proxy.fill(_(label), day)
    proxy.press(_("Save"))
    proxy.sees("PL-1/2024", "14.06.2027")
    proxy.press(_("Training"))
    proxy.press(_("Add a training"))
    proxy.select(_("Person"), "Km Head")
    proxy.choose(_("Internal auditor"))
    proxy.fill(_("Title of the training"), "Auditor wewnętrzny ISO 9001:2015")
    proxy.fill(_("Held by"), "Ośrodek Szkoleń")
    proxy.fill(_("Place"), "Kraków")
    proxy.fill(_("Last day of the training"), "5.10.2026")
    proxy.select(_("Edition of the standard"), "ISO 9001:2015")
    proxy.choose(_("Until a day"))
    proxy.fill(_("Last day of validity"), "5.10.2029")
    proxy.press(_("Save"))
    proxy.sees("Km Head Sp-Bochnia", "05.10.2029")


def three_months_pass(site) -> None:
    site.move_to(THREE_MONTHS_LATER)
    with site.inside(), on(THREE_MONTHS_LATER):
        jobs.run_job("plan", THREE_MONTHS_LATER)


def read_the_reminder(proxy: Visitor) -> None:
    _ = proxy.words
    text = proxy.letter(PROXY, f"{THREE_MONTHS_LATER:%d.%m.%Y}")
    assert _("Judge whether it worked") in text
    assert NUMBER in text


def judge_the_effect(auditor: Visitor, *, done: str) -> None:
    _ = auditor.words
    auditor.press(re.compile(re.escape(_("Judge whether it worked"))))
    auditor.press(_("Judge the effect"))
    auditor.sees(STATEMENT, done)
    auditor.choose(_("Yes"))
    auditor.fill(_("What you checked and what it showed"), "Przez trzy miesiące nic nie wygasło.")
    auditor.press(_("Save the judgement"))
    auditor.sees(_("Saved. The proxy closes the case."))
    assert (auditor.clicks, auditor.fields) == (3, 2)


def close_the_case(proxy: Visitor) -> None:
    _ = proxy.words
    proxy.open("/zadania")
    proxy.press(re.compile(re.escape(_("Close the case"))))
    proxy.press(_("Close the case"))
    proxy.press(_("Close the case"))
    proxy.sees(_("The case is closed."))


def answers_to(visitor: Visitor, paths: list[str]) -> set[int]:
    return {visitor.context.request.get(visitor.site.address + path).status for path in paths}


def read_the_counts(coordinator: Visitor) -> None:
    coordinator.press(coordinator.words("Offices"))
    row = coordinator.page.locator("main tbody tr").filter(has_text="Starostwo Powiatowe w Bochni")
    expect(row).to_contain_text("14.06.2027")
    assert row.locator("td").all_inner_texts()[3:5] == ["0", "0"]
