"""A person's tasks are asked of the database by person: they are the deadlines for which the person answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from qms import jobs
from qms.agenda import queries
from qms.audits.models import AuditMember
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.findings.models import Action, Finding
from qms.people import queries as people
from qms.people.models import Appointment, Membership, Person
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


CHANGES: dict[str, Spoil] = {
    "nothing": lambda: None,
    "heads left": _deactivate(Membership),
    "leads left": _deactivate(AuditMember),
    "owners left": _deactivate(Action),
    "leads own actions": _make_leads_do_the_work,
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


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_nightly_job_lets_sqlite_find_the_actions_of_a_case_without_reading_its_office(app: Flask):
    crowd.gather(app)
    jobs.run_job("tidy", TODAY)
    asked = "EXPLAIN QUERY PLAN SELECT description FROM action WHERE office_id = 1 AND finding_id = 1"
    assert "ix_action_finding_id" in db.session.execute(text(asked)).one()[-1]
