"""The two offices with something of everything in them: what a tour of the pages goes through."""

from datetime import date, time, timedelta
from uuid import uuid4

from qms import jobs
from qms.admission import queries as admitted
from qms.admission import service as admission
from qms.audits import queries as audit_queries
from qms.audits import service as audits
from qms.audits import timetable
from qms.audits.models import Audit
from qms.audits.planning import Plan
from qms.certificates import service as certificates
from qms.checklists import devices, running
from qms.checklists import queries as checklist_queries
from qms.checklists import service as checklists
from qms.checklists.service import Chosen
from qms.core.db import db, scoped
from qms.discussion import service as discussion
from qms.domain import body_terms
from qms.domain.admission import drawn_up
from qms.domain.practices import Move
from qms.domain.report import Parts
from qms.domain.views import Listed
from qms.findings import body, views
from qms.findings import service as findings
from qms.findings.service import Planned
from qms.offices import queries as offices
from qms.offices import service as office_service
from qms.people import addresses, invitations, processes
from qms.people import queries as people
from qms.people.invitations import Newcomer
from qms.people.models import Person
from qms.people.processes import ProcessFacts
from qms.practices import service as practices
from qms.programme import service as programme_service
from qms.reports import approving
from qms.requirements.service import end_exclusion, name_clauses
from qms.standards import queries as standards
from qms.training import service as training
from tests.support import programmes
from tests.support.cases import Case, acting, an_answer, ask_whether_acting, later, on, plan_audit, upload, written
from tests.support.checklists import answer, content, given, given_file, make_list, photo
from tests.support.exclusions import exclude
from tests.support.papers import give_template
from tests.support.reported import report
from tests.support.world import SINCE, TODAY, OfficeWorld, World

TOUR_DAY = later(40)  # a working Wednesday: some things are late by then, others are not


def live_in(world: World) -> None:
    """Bring cases to every stage, record papers, borrow an auditor, send the letters of the tour's day."""
    office = world.bochnia
    _cases(office)
    with scoped(frozenset({office.office.id})):
        _papers(office)
        _set_apart(office)
        _awaited(office)
        _plans(office)
        report(office)
        late = views.Narrowed(Listed.FINDINGS, {"po_terminie": "y"})
        views.keep(office.office, "Po terminie", late, person_id=office.proxy.id, today=TODAY)
        _begins(office)
        give_template(office.office, "karta", office.proxy, "{{ tytul }}")
        db.session.commit()
    _programmes(office)
    _loans(world)
    _practices(office, world.coordinator)
    with on(TOUR_DAY):
        jobs.run_job("plan", TOUR_DAY)
        jobs.run_job("send", TOUR_DAY)


def office_found(slug: str) -> OfficeWorld:
    """One of the two offices as it is stored; whoever calls has opened it."""
    office = offices.by_slug(slug)
    assert office is not None
    found = OfficeWorld(office)
    found.departments = {each.symbol: each for each in offices.departments(office.id)}
    found.people = {each.email.partition("@")[0]: each for each in people.people_of(office.id, TODAY)}
    return found


def _begins(office: OfficeWorld) -> None:
    """Its list of first tasks was not put away, and one invitation waits."""
    office.office.set_up_on = None
    at, address = office.departments["FN"], "e.lis@bochnia.example.com"
    newcomer = Newcomer(name="Ewa Lis", email=address, department=at, from_on=TODAY)
    invitations.hold(office.office, newcomer, by=acting(office.proxy), today=TODAY)


def _cases(office: OfficeWorld) -> None:
    _move(plan_audit(office, symbols=("OR",)), later(129))
    _asked(Case(office).audit, office)
    Case(office, category="observation").publish()
    _objected(Case(office).publish())
    for steps in (("answer",), ("answer", "accept"), ("answer", "accept", "do")):
        _talked(_walk(Case(office).publish(), *steps))
    _walk(Case(office).publish(), "answer", "accept", "do", "verify")
    _walk(Case(office).publish(), "answer", "accept", "do", "verify", "judge")
    _walk(Case(office).publish(), "answer", "accept", "do", "verify").judge(by="second_auditor")
    _returned(Case(office).publish())
    _short_of_time(Case(office, kind="special", category="minor").publish())
    _ineffective(_walk(Case(office).publish(), "answer", "accept", "do", "verify"))
    _cancelled(Case(office).publish())
    _given_days(Case(office, kind="special", category="major").publish())
    _with_files(Case(office))
    _given(Case(office))
    _given(Case(office), approved_by=office.head)
    _whether_acting(office)


def _whether_acting(office: OfficeWorld) -> None:
    """Observations of which only that is asked: not answered, left, acted on and done."""
    with scoped(frozenset({office.office.id})):
        ask_whether_acting(office)
        db.session.commit()
    _, left, acted = (Case(office, category="observation").publish() for _ in range(3))
    with left.scope():
        findings.leave(left.finding, "Rejestr zniknie z nowym rokiem.", by=acting(office.fn_head), today=TODAY)
        db.session.commit()
    with acted.scope():
        what = Planned("Dopisać pole w rejestrze.", office.fn_clerk.id, later(20))
        findings.act(acted.finding, [what], by=acting(office.fn_head), today=TODAY)
        db.session.commit()
    acted.do()


def _practices(office: OfficeWorld, coordinator: Person) -> None:
    """One strength that all offices read, one that waits for the coordinator, one declined, and one nobody offered."""
    for move in (Move.SHARE, None, Move.DECLINE):
        case = Case(office, category="strength").publish()
        with case.scope():
            text = "Jeden rejestr dla całego wydziału."
            offer = practices.offer(case.finding, text, is_named=True, by=acting(office.proxy), today=TODAY)
            db.session.flush()
            if move is not None:
                practices.decide(offer, move, "Napisz, ile to trwało.", by=acting(coordinator), today=TODAY)
            db.session.commit()
    Case(office, category="strength").publish()


def _short_of_time(case: Case) -> None:
    """A finding of a body, whose answer the head of the department wants more time for."""
    with case.scope():
        by = acting(case.where.fn_head)
        findings.ask_time(case.finding, "Kto to zna, wraca w styczniu.", later(60), by=by, today=TODAY)
        db.session.commit()


def _talked(case: Case) -> None:
    """The proxy asks twice, and strikes the first question out."""
    with case.scope():
        by, head = acting(case.where.proxy), case.where.fn_head.id
        first = discussion.write(case.finding, "Kto prowadzi rejestr?", head, by=by, today=TODAY)
        discussion.strike(first, "Pomyłka.")
        discussion.write(case.finding, "Kto prowadzi ten rejestr?", head, by=by, today=TODAY)
        db.session.commit()


def _objected(case: Case) -> None:
    with case.scope():
        findings.object_to(case.finding, "Rejestr był w szafie.", by=acting(case.where.fn_head), today=TODAY)
        db.session.commit()


def _given_days(case: Case) -> None:
    """The days of the certification body's letter; those of its other audit nobody entered yet."""
    with case.scope():
        visit = body.visit_by_key(case.where.office, case.audit.key)
        assert visit is not None
        body.set_terms(visit, body_terms.STARTER, letter="JC/12/2026")
        db.session.commit()


def _asked(audit: Audit, office: OfficeWorld) -> None:
    """Questions of an audit under way, one answered by two people, and a list that the office keeps."""
    with scoped(frozenset({office.office.id})):
        kept = make_list(office)
        checklists.change_list(kept, content(), by=office.proxy.id, today=TODAY)
        chosen = Chosen(with_clauses=True, with_earlier=False, list_keys=frozenset({kept.key}))
        checklists.build(audit, chosen)
        db.session.commit()
        devices.hear(audit, str(uuid4()), 2, by=acting(office.auditor))  # and is silent until the day of the tour
        question = checklist_queries.questions(audit.id)[0]
        answer(audit, given(question), "second_auditor", where=office)
        answer(audit, given(question, "observation", "Wpisy są późno."), where=office)
        running.take_file(audit, given_file(question, "rejestr.jpg", photo()), by=acting(office.auditor))
        db.session.commit()


def _move(audit: Audit, day: date) -> None:
    """To a day that is still to come on every day the tests live on."""
    with scoped(frozenset({audit.office_id})):
        audit.starts_on = audit.ends_on = day
        db.session.commit()


def _walk(case: Case, *steps: str) -> Case:
    for step in steps:
        getattr(case, step)()
    return case


def _returned(case: Case) -> None:
    case.answer()
    with case.scope():
        note, by = "Dopisz, kto sprawdza daty.", acting(case.where.proxy)
        findings.return_answer(case.finding, note, answer_due_on=later(14), by=by, today=TODAY)
        db.session.commit()


def _ineffective(case: Case) -> None:
    due_on = case.finding.due_on or TODAY
    with case.scope(), on(due_on):
        by = acting(case.where.proxy, due_on)
        findings.judge_ineffective(case.finding, "Znów jedno wygasło.", by=by, today=due_on)
        db.session.commit()


def _cancelled(case: Case) -> None:
    with case.scope():
        findings.cancel(case.finding, "Ustalenie wpisane dwa razy.", by=acting(case.where.proxy), today=TODAY)
        db.session.commit()


def _with_files(case: Case) -> None:
    with case.scope():
        draft = written(case.where, statement="Brak wpisu w rejestrze.")
        findings.record(case.audit, draft, [upload(), upload("notatka.pdf")], by=acting(case.where.auditor))
        db.session.commit()
    case.publish()
    with case.scope():
        answer = an_answer(case.where.fn_clerk, later(14))
        findings.save_answer(case.finding, answer, by=acting(case.where.fn_head), today=TODAY)
        db.session.commit()


def _given(case: Case, *, approved_by: Person | None = None) -> None:
    """A report that waits for approval; with somebody who approves, for the lead auditor."""
    with case.scope():
        given = approving.give(case.audit, Parts(conclusion="Działa."), by=acting(case.where.auditor), today=TODAY)
        if approved_by is not None:
            approving.approve(given, by=acting(approved_by), today=TODAY)
        db.session.commit()


def _papers(office: OfficeWorld) -> None:
    paper = admission.StatementFacts(ground="consent", from_on=later(-400), until_on=None, shown_by="OR.0142.3.2025")
    admission.write_down(office.office, office.auditor, paper)
    asked = admitted.rule_by_key(office.office, "asystent")
    if asked is not None:
        admission.draw_up(asked, drawn_up([["consent", "experience"], ["service"]], 12))
    for number, decided_on, ends_on, edition in (
        ("1/2021", date(2021, 6, 15), date(2024, 6, 14), "9001:2015"),
        ("1/2024", date(2024, 6, 10), date(2027, 6, 14), "9001:2015"),
    ):
        facts = certificates.CertificateFacts(
            number=number,
            body="Jednostka Certyfikująca",
            edition_code=edition,
            decided_on=decided_on,
            valid_from=decided_on,
            valid_until=ends_on,
            is_initial=number == "1/2021",
            scope="Zadania powiatu",
            replaces=number == "1/2024",  # renewed four days early
        )
        certificate = certificates.record(office.office, facts, today=TODAY)
    certificates.suspend(certificate, on=later(-60), reason="Nieodbyty nadzór.", today=TODAY)
    certificates.restore(certificate, on=later(-30), reason="Nadzór odbyty.", today=TODAY)
    for validity in ("without_end", "unknown"):
        course = training.TrainingFacts(
            trained_as="proxy",
            edition_code="9001:2015",
            title="Pełnomocnik systemu zarządzania jakością",
            provider="Ośrodek Szkoleń",
            held_on=date(2024, 3, 1),
            validity=validity,
        )
        training.record(office.office, office.proxy, course, today=TODAY)


def _set_apart(office: OfficeWorld) -> None:
    """A clause left out, another left out for a time, and days on which only this office is closed."""
    clauses = {each.number: each for each in standards.clauses("9001:2015")}
    exclude(office.office, clauses["8.3"], valid_from=later(-300))
    over = exclude(office.office, clauses["8.5.5"], justification="Brak.", valid_from=later(-300))
    end_exclusion(over, on=later(-30), reason="Urząd prowadzi teraz serwis.")
    name_clauses(office.office, {clauses["8.4"].id: "Zakupy i zlecanie usług"})
    office_service.add_days_off(office.office, from_on=later(33), until_on=later(41), note="Przerwa świąteczna")


def _awaited(office: OfficeWorld) -> None:
    """Somebody invited and another mailbox asked for, shortly before the tour."""
    day = TOUR_DAY - timedelta(days=1)
    newcomer = invitations.Newcomer(
        name="Łucja Żak", email="l.zak@example.com", department=office.departments["KM"], from_on=day
    )
    with on(day):
        invitations.invite(office.office, newcomer, by=acting(office.proxy), today=day)
        addresses.ask(office.km_head, office.office, email="km@example.com", by=acting(office.proxy), today=day)
        db.session.flush()


def _plans(office: OfficeWorld) -> None:
    """A process, and an audit of it with hours whose team waits for a permit of the head."""
    units = frozenset({office.departments["KM"].id})
    licences = ProcessFacts(
        name="Wydawanie praw jazdy",
        symbol="P-04",
        department_ids=units,
        importance=3,
        owner_id=office.km_head.id,
        owned_from=SINCE,
    )
    process = processes.open_process(office.office, licences)
    course = training.TrainingFacts(
        trained_as="auditor",
        edition_code="9001:2015",
        title="Auditor wewnętrzny",
        provider="Ośrodek Szkoleń",
        held_on=SINCE,
        validity="without_end",
    )
    training.record(office.office, office.auditor, course, today=TODAY)
    db.session.flush()
    make_list(office, process_ids=frozenset({process.id}))
    day = later(130)
    wanted = Plan(
        edition_code="9001:2015",
        department_ids=units,
        process_ids=frozenset({process.id}),
        clause_ids=frozenset(each.id for each in standards.clauses("9001:2015") if each.number == "8.5.1"),
        starts_on=day,
        ends_on=day,
        lead_id=office.auditor.id,
        observer_ids=frozenset({office.fn_clerk.id}),
        method="hybrid",
        places="Rynek 1, sala 4",
        criteria="Ustawa o kierujących pojazdami",
        auditees="Kierownik wydziału",
        team_reason="Nikt inny nie zna tej dziedziny.",
        asks_head=True,
    )
    audit = audits.plan(office.office, wanted, today=TODAY)
    opening = timetable.Row(day=day, from_time=time(9), to_time=time(9, 30), subject="Spotkanie otwierające")
    timetable.add(audit, opening)


def _programmes(office: OfficeWorld) -> None:
    """One being prepared, one that waits for the head of the office, and an approved one that was changed once."""
    for year in (2027, 2028, 2026):
        programmes.add(office, programmes.planned(office, year=year, month=12), year=year)
        programmes.add(office, programmes.planned(office, "KM", year=year, month=None), year=year)
    programmes.send(office, 2028)
    programmes.send(office, 2026)
    programmes.approve(office, office.head, 2026, order_number="12/2026")
    with scoped(frozenset({office.office.id})):
        made = programme_service.start_version(programmes.newest(office, 2026), reason="Urlop auditora.")
        db.session.flush()
        programme_service.remove(made.planned[1], reason="Połączono dwa audity.")
        db.session.commit()
    programmes.send(office, 2026)
    programmes.approve(office, office.head, 2026)


def _loans(world: World) -> None:
    """One auditor lent, one asked for, and one that the other office asks of us."""
    ours, theirs = world.bochnia, world.leczyca
    for borrower, lender, name in ((ours, theirs, "auditor"), (theirs, ours, "auditor"), (ours, theirs, "km_head")):
        with scoped(frozenset({borrower.office.id})):
            audits.ask_for_auditor(
                borrower.office,
                lender.office,
                email=lender.people[name].email,
                from_on=TODAY,
                until_on=later(60),
                by=borrower.proxy.id,
                today=TODAY,
            )
            db.session.commit()
    with scoped(frozenset({theirs.office.id})):
        asked = audit_queries.requests_to(theirs.office)[0]
        audits.consent_to_loan(asked, by=theirs.proxy.id, today=TODAY)
        db.session.commit()
