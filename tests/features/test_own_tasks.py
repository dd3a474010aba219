"""A person's tasks are asked of the database by person: they are the deadlines for which the person answers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from qms import jobs
from qms.agenda import queries
from qms.audits.models import AuditMember
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.deadlines import Kind
from qms.domain.findings import Step
from qms.domain.standing import Who
from qms.findings.facts import offered
from qms.findings.models import Action, Finding
from qms.offices.models import Department, Office
from qms.people import queries as people
from qms.people.models import Appointment, Loan, Membership, Person
from tests.support import crowd
from tests.support.world import TODAY

Spoil = Callable[[], None]


def _deactivate(*who: type) -> Spoil:
    """Close the accounts of everybody who stands in such a row."""

    def spoil() -> None:
        for kind in who:
            column = kind.owner_id if kind is Action else kind.person_id
            only = {Membership: [Membership.is_head], AuditMember: [AuditMember.role == "lead"]}.get(kind, [])
            for person in db.session.scalars(select(Person).where(Person.id.in_(select(column).where(*only)))):
                person.deactivated_at = clock.now()

    return spoil


def _make_leads_do_the_work() -> None:
    for action in db.session.scalars(select(Action)):
        audit_id = db.session.get_one(Finding, action.finding_id).audit_id
        leads = select(AuditMember.person_id).where(AuditMember.audit_id == audit_id, AuditMember.role == "lead")
        action.owner_id = db.session.scalars(leads).one()


def _leave_posts_vacant() -> None:
    for post in db.session.scalars(select(Appointment).where(Appointment.post.in_(["proxy", "deputy"]))):
        post.until_on = TODAY - timedelta(days=1)


def _end_memberships() -> None:
    for membership in db.session.scalars(select(Membership).where(Membership.is_head)):
        membership.until_on = TODAY - timedelta(days=1)


def _give_the_work_to(*names: str) -> Spoil:
    """Let these people own an action each of every case, so that none of them may judge it."""

    def spoil() -> None:
        for finding in db.session.scalars(select(Finding).where(Finding.round_number > 0)).all():
            for name in names:
                person = _person(name, finding.office_id)
                action = Action(office_id=finding.office_id, finding_id=finding.id, owner_id=person.id, due_on=TODAY)
                action.round_number, action.description, action.done_on = finding.round_number, "Przekazano.", TODAY
                db.session.add(action)

    return spoil


def _hand_answers_to(name: str) -> Spoil:
    def spoil() -> None:
        for finding in db.session.scalars(select(Finding)).all():
            finding.answerer_id = _person(name, finding.office_id).id

    return spoil


def _person(name: str, office_id: int) -> Person:
    slug = db.session.get_one(Office, office_id).slug
    return db.session.scalars(select(Person).where(Person.email.like(f"{name}@%{slug}%"))).one()


def _move_the_proxies_into_every_unit() -> None:
    proxies = db.session.scalars(select(Appointment).where(Appointment.post == "proxy")).all()
    for proxy in proxies:
        for unit in db.session.scalars(select(Department).where(Department.office_id == proxy.office_id)):
            where = {"office_id": proxy.office_id, "department_id": unit.id, "person_id": proxy.person_id}
            db.session.add(Membership(**where, from_on=TODAY - timedelta(days=30)))


def _let_leads_head_the_units() -> None:
    """As happens between the finding and its review, in a small office."""
    for finding in db.session.scalars(select(Finding)).all():
        leads = select(AuditMember.person_id).where(
            AuditMember.audit_id == finding.audit_id, AuditMember.role == "lead"
        )
        headship = Membership(office_id=finding.office_id, department_id=finding.department_id, is_head=True)
        headship.person_id, headship.from_on = db.session.scalars(leads).one(), TODAY - timedelta(days=30)
        db.session.add(headship)


def _leave_the_office(*roles: str) -> Spoil:
    """Let everybody with such a part in an audit leave the offices they were in."""

    def spoil() -> None:
        left = select(AuditMember.person_id).where(AuditMember.role.in_(roles), AuditMember.is_lent.is_(False))
        for table in (Membership, Appointment):
            for row in db.session.scalars(select(table).where(table.person_id.in_(left))):
                row.until_on = TODAY - timedelta(days=1)

    return spoil


def _let_lent_auditors_lead(*, until_on: date | None = None, are_closed: bool = False) -> Spoil:
    """Instead of those who lead; the loan ends or the account is closed where it says so."""

    def spoil() -> None:
        lent = db.session.scalars(select(AuditMember).where(AuditMember.is_lent)).all()
        for member in lent:
            beside = (AuditMember.audit_id == member.audit_id, AuditMember.role == "lead")
            db.session.scalars(select(AuditMember).where(*beside)).one().role = "auditor"
            db.session.flush()
            member.role = "lead"
            if are_closed:
                db.session.get_one(Person, member.person_id).deactivated_at = clock.now()
        for loan in db.session.scalars(select(Loan).where(Loan.person_id.is_not(None))):
            loan.until_on = until_on or loan.until_on
        assert lent

    return spoil


def _leave_only_the_head() -> None:
    _leave_the_office("lead", "auditor")()
    _let_lent_auditors_lead(until_on=TODAY - timedelta(days=1))()
    _give_the_work_to("proxy", "deputy")()


CHANGES: dict[str, Spoil] = {
    "nothing": lambda: None,
    "heads left": _deactivate(Membership),
    "leads left": _deactivate(AuditMember),
    "owners left": _deactivate(Action),
    "leads left the office": _leave_the_office("lead"),
    "teams left the office": _leave_the_office("lead", "auditor", "trainee"),
    "only the head is left": _leave_only_the_head,
    "lent leads": _let_lent_auditors_lead(),
    "lent leads, the loan is over": _let_lent_auditors_lead(until_on=TODAY - timedelta(days=1)),
    "lent leads left": _let_lent_auditors_lead(are_closed=True),
    "leads own actions": _make_leads_do_the_work,
    "auditors own actions": _give_the_work_to("auditor", "second_auditor", "idle_auditor"),
    "all own actions": _give_the_work_to("auditor", "second_auditor", "idle_auditor", "proxy", "deputy"),
    "answers are the proxy's": _hand_answers_to("proxy"),
    "answers are the lead's": _hand_answers_to("auditor"),
    "leads head the units": _let_leads_head_the_units,
    "proxies in the unit": _move_the_proxies_into_every_unit,
    "no proxy": _leave_posts_vacant,
    "units without heads": _end_memberships,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("later", [0, 60])
def test_a_persons_tasks_are_the_deadlines_for_which_the_person_answers(app: Flask, change: str, later: int):
    today = TODAY + timedelta(days=later)
    crowd.gather(app)
    with scoped(EVERY_OFFICE):
        CHANGES[change]()
        db.session.commit()
        everything = queries.waiting([1, 2], today)
        active = db.session.scalars(select(Person).where(Person.deactivated_at.is_(None))).all()
        found = {}
        for person in active:
            own = [each for each in everything if person.id in each.answers]
            tasks = queries.tasks_of(people.actor_of(person, today), today)
            found[person.id] = [task.deadline.subject for task in tasks]
            assert found[person.id] == [each.subject for each in own], person.name
            shown = queries.waiting_for(people.actor_of(person, today), today, most=2)
            assert ([task.deadline.subject for task in shown.tasks], shown.total) == (found[person.id][:2], len(own))
    assert any(found.values())


STEPS = {
    Kind.DECISION_ON_ANSWER: (Step.ACCEPT_ANSWER, Step.TAKE_NOTE),
    Kind.VERIFICATION: (Step.VERIFY, Step.CONFIRM),
    Kind.EFFECTIVENESS: (Step.JUDGE_INEFFECTIVE,),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_is_asked_to_judge_may_do_it(app: Flask, change: str):
    crowd.gather(app)
    with scoped(EVERY_OFFICE):
        CHANGES[change]()
        db.session.commit()
        judged = [each for each in queries.waiting([1, 2], TODAY) if each.kind in STEPS]
        for deadline in judged:
            finding = db.session.scalars(select(Finding).where(Finding.key == deadline.url_key)).one()
            for person_id in deadline.answers:
                actor = people.actor_of(db.session.get_one(Person, person_id), TODAY)
                posts = actor.posts.get(deadline.office_id, frozenset())
                appoints = deadline.kind == Kind.DECISION_ON_ANSWER and Who.HEAD_OF_OFFICE in posts
                step = STEPS[deadline.kind][deadline.is_light]
                assert appoints or step in offered(finding, by=actor, today=TODAY), deadline
    assert {deadline.kind for deadline in judged} == set(STEPS)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_nightly_job_lets_sqlite_find_the_actions_of_a_case_without_reading_its_office(app: Flask):
    crowd.gather(app)
    jobs.run_job("tidy", TODAY)
    asked = "EXPLAIN QUERY PLAN SELECT description FROM action WHERE office_id = 1 AND finding_id = 1"
    assert "ix_action_finding_id" in db.session.execute(text(asked)).one()[-1]
