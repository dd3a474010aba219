"""Everybody who may come to a page of the register, and one thing of each kind for them to come to.

Two offices live alike. In each an audit is under way with a draft, another is published, and its findings wait
at every stage; so a thing of one office has its twin behind the wall.
"""

import mailbox
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

from flask import Flask, current_app
from flask.testing import FlaskClient

from qms.admission import service as admission
from qms.audits import queries as audit_queries
from qms.audits import service as audits
from qms.audits import timetable
from qms.audits.models import Audit
from qms.audits.planning import Plan
from qms.auth import calendar_address, giving_up, sessions
from qms.certificates import service as certificates
from qms.checklists import queries as checklist_queries
from qms.checklists import running
from qms.checklists import service as checklists
from qms.core.db import db, scoped
from qms.discussion import service as discussion
from qms.domain.grants import Purpose
from qms.domain.products import Kind, Remedy
from qms.domain.programme import months_window
from qms.domain.report import Parts
from qms.domain.sources import Route, Source, Way
from qms.domain.standing import Who
from qms.domain.views import Listed
from qms.findings import queries as finding_queries
from qms.findings import service as findings
from qms.findings import views
from qms.findings.models import Finding
from qms.intake import service as intake
from qms.offices import queries as offices_queries
from qms.offices import service as offices
from qms.people import absences, addresses, colleagues, invitations, links, processes
from qms.people import queries as people_queries
from qms.people import service as people_service
from qms.people.models import Person
from qms.people.processes import ProcessFacts
from qms.policy import Reach
from qms.practices import service as practices
from qms.products import service as products
from qms.programme import approving
from qms.programme import service as programmes
from qms.reports import approving as approving_reports
from qms.reports import service as reports
from qms.standards import queries as standards
from qms.training import service as training
from tests.support import world as worlds
from tests.support.cases import EDITION, acting, an_answer, ask_whether_acting, clause_id, later, on, upload, written
from tests.support.exclusions import exclude
from tests.support.letter_links import link_of
from tests.support.papers import give_template
from tests.support.world import SINCE, TODAY, OfficeWorld, World

THEN = TODAY - timedelta(days=120)  # long enough that the day to judge the effect has come
COOKIE = "rejestr"
HIRED = (("idle_auditor", "KM"), ("trainee", "GD"), ("observer", "GD"), ("gd_clerk", "GD"), ("former", "OR"))


@dataclass
class Crowd:
    """The world, where each thing is found, and the session of each person."""

    app: Flask
    world: World
    office_ids: dict[str, int] = field(default_factory=dict)  # by slug
    keys: dict[str, dict[str, str]] = field(default_factory=dict)  # office slug -> name of a thing -> its key
    sessions: dict[str, str] = field(default_factory=dict)  # role -> cookie
    spare: dict[str, str] = field(default_factory=dict)  # the same, for signing out

    def browser(self, role: str) -> FlaskClient:
        """A browser of somebody in that role; of nobody known when there is none."""
        return self._with(self.sessions.get(role))

    def spare_browser(self, role: str) -> FlaskClient:
        """Another browser of the same person, whose session may be ended."""
        return self._with(self.spare.get(role))

    def _with(self, cookie: str | None) -> FlaskClient:
        client = self.app.test_client()
        if cookie is not None:
            client.set_cookie(COOKIE, cookie)
        return client


def gather(app: Flask) -> Crowd:
    """Make people and things in both offices; run inside the app's context, at the hour of the tests."""
    crowd = Crowd(app, worlds.build())
    bochnia, leczyca, letter = crowd.world.bochnia, crowd.world.leczyca, _letter()
    calendar = address_of_calendar(bochnia.proxy)
    letters = giving_up.path_of(giving_up.REMINDERS, bochnia.proxy, app.config["SECRET_KEY"]).rpartition("/")[2]
    for place in (bochnia, leczyca):
        _hire(place)
    with scoped(frozenset({leczyca.office.id})):
        leczyca.office.shares_content = True
        leczyca.office.audit_pattern, leczyca.office.finding_pattern = "AL/{n:02}", "LE/{n:03}"  # known anywhere
        db.session.commit()
    _consent(leczyca, _lend(bochnia, leczyca, leczyca.auditor.email))
    for place, other, third in ((bochnia, leczyca, leczyca.auditor), (leczyca, bochnia, leczyca.idle_auditor)):
        keys = _fill(place, third) | {"letter": letter, "calendar": calendar, "letters": letters}
        crowd.keys[place.office.slug] = keys | {"loan": _lend(other, place, place.km_head.email)}
    roles = roles_in(crowd.world)
    crowd.sessions = {role: sessions.start(person) for role, person in roles.items()}
    crowd.spare = {role: sessions.start(person) for role, person in roles.items()}
    crowd.office_ids = {place.office.slug: place.office.id for place in (bochnia, leczyca)}
    db.session.commit()
    people_service.deactivate(bochnia.people["former"], reason="Left.")
    db.session.commit()
    return crowd


def contents(app: Flask, *, besides: Collection[str] = ()) -> dict[str, list[str]]:
    """Everything stored, by table."""
    with app.app_context(), db.engine.connect() as connection:
        tables = [table for table in db.metadata.sorted_tables if table.name not in besides]
        return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}


def add_cases(place: OfficeWorld) -> None:
    """Another audit under way and another one held, with cases at every stage; whoever calls has opened the office."""
    _drafted(place, place.people["idle_auditor"])
    _published(place, place.people["idle_auditor"])
    db.session.commit()


def roles_in(world: World) -> dict[str, Person]:
    """Who stands how to the things of the first office."""
    here = world.bochnia.people
    return {
        "proxy": here["proxy"],
        "deputy": here["deputy"],
        "head of office": here["head"],
        "secretary": here["secretary"],
        "auditor": here["idle_auditor"],
        "lead": here["auditor"],
        "team": here["second_auditor"],
        "trainee": here["trainee"],
        "observer": here["observer"],
        "unit head": here["fn_head"],
        "other head": here["gd_head"],
        "doer": here["fn_clerk"],
        "employee": here["gd_clerk"],
        "office admin": here["office_admin"],
        "external": here["visitor"],
        "external before": here["past_visitor"],
        "coordinator": world.coordinator,
        "admin": world.admin,
        "deactivated": here["former"],
        "lent": world.leczyca.auditor,
        "foreign proxy": world.leczyca.proxy,
    }


def _hire(place: OfficeWorld) -> None:
    """The people whom the small world of most tests does without."""
    with scoped(frozenset({place.office.id})):
        for name, symbol in HIRED:
            place.people[name] = _register(name, place)
            people_service.join(place.people[name], place.departments[symbol], from_on=SINCE)
        for name in ("visitor", "past_visitor"):
            place.people[name] = _register(name, place)
        _appoint(place, "idle_auditor", Who.AUDITOR)
        _appoint(place, "former", Who.DEPUTY)
        _appoint(place, "visitor", Who.EXTERNAL_AUDITOR, until_on=TODAY)
        _appoint(place, "past_visitor", Who.EXTERNAL_AUDITOR, until_on=TODAY - timedelta(days=1))
        db.session.commit()


def _register(name: str, place: OfficeWorld) -> Person:
    slug = place.office.slug
    return people_service.register(
        name=f"{name.replace('_', ' ').title()} {slug.title()}", email=f"{name}@{slug}.example.com"
    )


def _appoint(place: OfficeWorld, name: str, post: Who, *, until_on: date | None = None) -> None:
    people_service.appoint(place.people[name], place.office, post, from_on=SINCE, until_on=until_on)


def _lend(borrower: OfficeWorld, lender: OfficeWorld, email: str) -> str:
    """Ask another office for an auditor; the key of the request."""
    with scoped(frozenset({borrower.office.id})):
        audits.ask_for_auditor(
            borrower.office,
            lender.office,
            email=email,
            from_on=THEN,
            until_on=later(60),
            by=borrower.proxy.id,
            today=TODAY,
        )
        db.session.commit()
    return audit_queries.requests_to(lender.office)[-1].loan.key


def _consent(lender: OfficeWorld, key: str) -> None:
    with scoped(frozenset({lender.office.id})):
        asked = audit_queries.request_to(lender.office, key)
        assert asked is not None
        audits.consent_to_loan(asked, by=lender.proxy.id, today=TODAY)
        db.session.commit()


def _fill(place: OfficeWorld, third: Person) -> dict[str, str]:
    """One thing of each kind in an office, by the name the tests call it."""
    with scoped(frozenset({place.office.id})):
        keys = _drafted(place, third) | _published(place, third) | _papers(place)
        posts = {post.person_id: post.key for post in colleagues.posts(place.office.id)}
        keys |= {
            "department": place.departments["KM"].key,
            "colleague": place.gd_clerk.key,
            "post": posts[place.idle_auditor.id],
            "proxy post": posts[place.proxy.id],
        }
        keys |= _given(place, third)
        keys |= {"offer": _offered(place, keys["strength"])}
        keys |= {"message": _talked(place, keys["accepted"]), "view": _kept(place)}
        keys |= {"visit": _visited(place).key, "problem": _reported(place)} | _issued_wrongly(place)
        keys |= _awaited(place) | _set_apart(place) | _programmes(place) | {"slot": _timed(place, keys["audit"])}
        give_template(place.office, "raport", place.proxy, "{{ numer }}")
        db.session.commit()
    return keys


def _offered(place: OfficeWorld, key: str) -> str:
    """The key of what the office offers to others of its strengths; the coordinator has not read it yet."""
    strength = finding_queries.by_key(place.office, key)
    assert strength is not None
    text = f"{place.office.slug}: one register for all."
    offer = practices.offer(strength, text, is_named=False, by=acting(place.proxy), today=TODAY)
    db.session.flush()
    return offer.key


def _talked(place: OfficeWorld, key: str) -> str:
    """The key of a message of the proxy about a case; the head of its unit is asked to reply."""
    case = finding_queries.by_key(place.office, key)
    assert case is not None
    words = f"{place.office.slug}: is the register kept by one person?"
    return discussion.write(case, words, place.fn_head.id, by=acting(place.proxy), today=TODAY).key


def _kept(place: OfficeWorld) -> str:
    """The key of a view that the proxy keeps of the register."""
    what = views.Narrowed(Listed.FINDINGS, {"stan": "otwarte", "po_terminie": "y"})
    view = views.keep(place.office, f"{place.office.slug}: late", what, person_id=place.proxy.id, today=TODAY)
    db.session.flush()
    return view.key


def _given(place: OfficeWorld, third: Person) -> dict[str, str]:
    """An audit whose report waits for the head of the office, and one whose report is approved."""
    found = {}
    for state in ("given", "given approved"):
        audit = _planned(place, third, TODAY)
        parts = Parts(conclusion=f"{place.office.slug}: all is well.")
        made = approving_reports.give(audit, parts, by=acting(place.auditor), today=TODAY)
        if state == "given approved":
            approving_reports.approve(made, by=acting(place.head), today=TODAY)
        found[state] = audit.key
    db.session.flush()
    return found


def _visited(place: OfficeWorld) -> Audit:
    """An audit of the certification body to come."""
    wanted = Plan(
        kind="surveillance",
        body="Jednostka Certyfikująca",
        edition_code=EDITION,
        department_ids=frozenset({place.departments["FN"].id}),
        clause_ids=frozenset({clause_id("9.1.3")}),
        starts_on=later(20),
        ends_on=later(20),
        lead_id=place.proxy.id,
    )
    return audits.plan(place.office, wanted, today=TODAY)


def _reported(place: OfficeWorld) -> str:
    """A complaint about which the head of another department decides, reported with a file."""
    route = Route(Way.CASE, place.departments["GD"].id)
    intake.set_routes(place.office, {Source.COMPLAINT: route}, today=TODAY)
    what = f"{place.office.slug}: the answer came late."
    told = intake.Told(what=what, noticed_on=TODAY, source=Source.COMPLAINT)
    return intake.report(place.office, told, upload(), by=acting(place.fn_clerk), today=TODAY).key


def _issued_wrongly(place: OfficeWorld) -> dict[str, str]:
    """A decision to be dealt with, and one that waits for a second look."""
    noted = products.Noted(
        kind=Kind.DECISION,
        description=f"{place.office.slug}: a wrong sum.",
        department_id=place.departments["FN"].id,
        noticed_on=TODAY,
    )
    first, second = (products.note(place.office, noted, by=acting(place.fn_clerk), today=TODAY) for _ in range(2))
    dealt = products.Dealt(kind=Kind.DECISION, remedy=Remedy.RECTIFIED, done="An order was issued.", dealt_on=TODAY)
    products.deal(second, dealt, by=acting(place.fn_clerk), reach=Reach(everything=True), today=TODAY)
    return {"product": first.key, "dealt product": second.key}


def _timed(place: OfficeWorld, key: str) -> str:
    """The key of a row of the timetable of an audit."""
    audit = audit_queries.by_key(place.office, key)
    assert audit is not None
    slot = timetable.add(audit, timetable.Row(day=TODAY, from_time=time(9), to_time=time(10), subject="Opening."))
    db.session.flush()
    return slot.key


def _awaited(place: OfficeWorld) -> dict[str, str]:
    """Somebody invited and another mailbox asked for; neither has been answered."""
    newcomer = invitations.Newcomer(
        name=f"Newcomer of {place.office.slug}",
        email=f"newcomer@{place.office.slug}.example.com",
        department=place.departments["KM"],
        from_on=TODAY,
    )
    by = people_queries.actor_of(place.proxy, TODAY)
    invitation = invitations.invite(place.office, newcomer, by=by, today=TODAY)
    address = f"moved@{place.office.slug}.example.com"
    change = addresses.ask(place.gd_head, place.office, email=address, by=by, today=TODAY)
    found = {"invitation": invitation.key, "address change": change.key}
    ways = (("way in", links.JOIN, invitation), ("new address", links.CONFIRM, change), ("stop", links.STOP, change))
    secret = current_app.config["SECRET_KEY"]
    return found | {name: links.path_of(what, asked.key, secret).rpartition("/")[2] for name, what, asked in ways}


def _set_apart(place: OfficeWorld) -> dict[str, str]:
    """A clause left out, a day off and an absence, on other days in each office: the day is a part of the keys."""
    day = date(2026, 12, 28) + timedelta(days=place.office.id % 2)
    clause = next(each for each in standards.clauses(EDITION) if each.number == "8.3")
    exclusion = exclude(place.office, clause, valid_from=day)
    offices.add_days_off(place.office, from_on=day, until_on=day, note="Between the holidays.")
    absence = absences.note(
        place.office,
        place.gd_clerk,
        from_on=later(300),
        until_on=later(310),
        by=acting(place.gd_clerk),
        today=TODAY,
        substitute_key=place.gd_head.key,
    )
    db.session.flush()
    taxes = ProcessFacts(
        name="Collecting taxes",
        symbol="P-01",
        department_ids=frozenset({place.departments["FN"].id}),
        owner_id=place.fn_head.id,
        owned_from=SINCE,
    )
    process = processes.open_process(place.office, taxes)
    db.session.flush()
    (day_off,) = offices_queries.own_days_off(place.office.id)
    kinds = {
        "kind": offices_queries.finding_kinds(place.office.id)[0].key,
        "cause": offices_queries.cause_kinds(place.office.id)[0].key,
    }
    return kinds | {"exclusion": exclusion.key, "day off": day_off.key, "absence": absence.key, "process": process.key}


def _programmes(place: OfficeWorld) -> dict[str, str]:
    """A programme being prepared, one that waits for the head of the office, and an approved one."""
    by = {person.id: people_queries.actor_of(person, TODAY) for person in (place.proxy, place.head)}
    found: dict[str, str] = {}
    for state, year in (("programme", 2027), ("sent", 2028), ("approved", 2026)):
        wanted = programmes.Wanted(
            edition_code=EDITION,
            department_ids=frozenset({place.departments["FN"].id}),
            clause_ids=frozenset({clause_id("9.1.3")}),
            window=months_window(year, 12, None),
            lead_id=place.auditor.id,
        )
        entry = programmes.add(place.office, year, wanted, today=TODAY)
        found |= {state: entry.programme.key, "to log" if state == "approved" else f"{state} entry": entry.key}
        if state != "programme":
            approving.send(entry.programme, by=by[place.proxy.id], today=TODAY)
        if state == "approved":
            approving.approve(entry.programme, by=by[place.head.id], today=TODAY)
    return found | {"planned": found["programme entry"]}


def _drafted(place: OfficeWorld, third: Person) -> dict[str, str]:
    """An audit under way with a draft that has a file."""
    audit = _planned(place, third, TODAY)
    draft = findings.record(audit, _note(place, "draft"), [upload()], by=acting(place.auditor))
    db.session.flush()
    keys = {"audit": audit.key, "draft": draft.key, "draft file": draft.files[0].key}
    return keys | _asked(place, audit)


def _asked(place: OfficeWorld, audit: Audit) -> dict[str, str]:
    """Questions of the audit from a list of the office and from its clauses; one is answered with a file."""
    rows = [checklists.Row(number="7.5.3.1", text=f"{place.office.slug}: is there a register?", hint="Room 12.")]
    content = checklists.Content(f"{place.office.slug}: papers", rows)
    kept = checklists.create_list(place.office, EDITION, content, by=place.proxy.id, today=TODAY)
    db.session.flush()
    chosen = checklists.Chosen(with_clauses=True, with_earlier=True, list_keys=frozenset({kept.key}))
    checklists.build(audit, chosen)
    db.session.flush()
    question, by = checklist_queries.questions(audit.id)[0].key, acting(place.second_auditor)
    note = f"{place.office.slug}: seen."
    given = running.Given(event_key=str(uuid4()), question_key=question, result="conformity", note=note)
    running.take(audit, given, by=by, today=TODAY)
    photo = upload()
    kept_file = running.GivenFile(event_key=str(uuid4()), question_key=question, name=photo.name, stream=photo.stream)
    running.take_file(audit, kept_file, by=by)
    (file,) = checklist_queries.files(audit.id).popitem()[1]
    return {"question list": kept.key, "answer file": file.key}


def _planned(place: OfficeWorld, third: Person, day: date) -> Audit:
    wanted = Plan(
        edition_code=EDITION,
        department_ids=frozenset({place.departments["FN"].id}),
        clause_ids=frozenset({clause_id("7.5.3.1"), clause_id("9.1.3")}),
        starts_on=day,
        ends_on=day,
        lead_id=place.auditor.id,
        member_ids=frozenset({place.second_auditor.id, third.id}),
        trainee_ids=frozenset({place.trainee.id}),
        observer_ids=frozenset({place.observer.id}),
    )
    return audits.plan(place.office, wanted, today=day)


def _note(place: OfficeWorld, stage: str) -> findings.Written:
    return written(place, clause_id=clause_id("7.5.3.1"), statement=f"{place.office.slug}: {stage}.")


# What was done with each case, in order.
STEPS = {
    "reported": "",
    "returned": "answer give_back",
    "answered": "answer",
    "accepted": "answer accept",
    "done": "answer accept do",
    "verified": "answer accept do verify",
    "judged": "answer accept do verify judge",
    "closed": "answer accept do verify judge close",
}


def _published(place: OfficeWorld, third: Person) -> dict[str, str]:
    """An audit held some months ago, its cases at every stage by now."""
    with on(THEN):
        audit = _planned(place, third, THEN)
        lead = acting(place.auditor, THEN)
        cases = {stage: findings.record(audit, _note(place, stage), by=lead) for stage in STEPS}
        ask_whether_acting(place)
        left = findings.record(audit, replace(_note(place, "left"), category="observation"), by=lead)
        good = findings.record(audit, replace(_note(place, "strength"), category="strength"), by=lead)
        db.session.flush()
        reports.publish(audit, Parts(), by=lead, today=THEN)
        db.session.flush()
    for stage, finding in cases.items():
        walk = Walk(place, finding)
        for step in STEPS[stage].split():
            getattr(walk, step)()
            db.session.flush()
    with on(THEN):
        findings.leave(left, "It is replaced soon.", by=acting(place.fn_head, THEN), today=THEN)
    keys = {stage: finding.key for stage, finding in cases.items()} | {"held": audit.key, "strength": good.key}
    keys["left"] = left.key
    accepted, returned = cases["accepted"], cases["returned"]
    keys |= {
        "answer link": link_of(Purpose.ANSWER, returned.key, place.fn_head),
        "done link": link_of(Purpose.REPORT_DONE, accepted.current_actions[0].key, place.fn_clerk, is_new=True),
    }
    why, by = f"{place.office.slug}: who knows is away.", acting(place.fn_head)
    findings.ask_time(cases["reported"], why, later(40), by=by, today=TODAY)
    findings.object_to(cases["reported"], why, by=by, today=TODAY)
    findings.add_evidence(accepted, [upload()], by=acting(place.fn_clerk))
    db.session.flush()
    return keys | {"action": accepted.current_actions[0].key, "file": accepted.files[0].key}


class Walk:
    """The steps people take with one case, each on the day it would be taken."""

    def __init__(self, place: OfficeWorld, finding: Finding) -> None:
        self.place, self.finding = place, finding

    def answer(self) -> None:
        answer = an_answer(self.place.fn_clerk, THEN + timedelta(days=30))
        with on(THEN):
            findings.send_answer(self.finding, answer, by=acting(self.place.fn_head, THEN), today=THEN)

    def give_back(self) -> None:
        note, by = "Say who checks.", acting(self.place.proxy, THEN)
        findings.return_answer(self.finding, note, answer_due_on=later(7), by=by, today=THEN)

    def accept(self) -> None:
        findings.accept_answer(self.finding, by=acting(self.place.proxy, THEN), today=THEN)

    def do(self) -> None:
        (action,) = self.finding.current_actions
        findings.report_done(action, "Done.", done_on=THEN, by=acting(self.place.fn_clerk, THEN), today=THEN)

    def verify(self) -> None:
        findings.verify(self.finding, "Seen.", by=acting(self.place.auditor, THEN), today=THEN)

    def judge(self) -> None:
        findings.judge_effective(self.finding, "None expired.", by=acting(self.place.auditor), today=TODAY)

    def close(self) -> None:
        findings.close(self.finding, by=acting(self.place.proxy), today=TODAY)


def _papers(place: OfficeWorld) -> dict[str, str]:
    """A certificate that was suspended, and a training of the one who does the actions."""
    certificate = certificates.record(
        place.office,
        certificates.CertificateFacts(
            number=f"{place.office.slug}/1",
            body="Jednostka Certyfikująca",
            edition_code=EDITION,
            decided_on=SINCE,
            valid_from=SINCE,
            valid_until=later(90),
        ),
        today=TODAY,
    )
    certificates.suspend(certificate, on=THEN, reason="A visit was missed.", today=TODAY)
    course = training.TrainingFacts(
        trained_as="auditor",
        edition_code=EDITION,
        title="Auditor wewnętrzny",
        provider="Ośrodek Szkoleń",
        held_on=SINCE,
        validity="without_end",
    )
    recorded = training.record(place.office, place.fn_clerk, course, today=TODAY)
    db.session.flush()
    paper = admission.StatementFacts(ground="experience", from_on=SINCE, until_on=None, shown_by="Zaświadczenie 3/2020")
    confirmed = admission.write_down(place.office, place.fn_clerk, paper)
    keys = {"certificate": certificate.key, "training": recorded.key}
    return keys | {"confirmation": confirmed.key, "admission": "auditor"}


def address_of_calendar(person: Person) -> str:
    """What is secret in the address of somebody's calendar, which is a new one."""
    calendar_address.renew(person)
    db.session.commit()
    token = calendar_address.token_of(person, current_app.config["SECRET_KEY"])
    assert token is not None
    return token


def _letter() -> str:
    """A letter in the local mailbox."""
    letter = EmailMessage()
    letter["To"], letter["Subject"] = "proxy@sp-bochnia.example.com", "Test"
    letter["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    letter.set_content("Test.")
    letter.add_attachment("Test.", filename="test.txt")
    return mailbox.Maildir(Path(current_app.config["MAILBOX"])).add(letter)
