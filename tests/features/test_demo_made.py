"""Demonstration data on an empty database, whichever it is: a lived history, and synthetic masses to measure with."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qms import demo
from qms.agenda import queries as agenda
from qms.audits import service as planning
from qms.audits.models import Audit
from qms.audits.planning import Plan
from qms.core import runs, trail
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.deadlines import Kind
from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.domain.findings import Stage, State, stage_of
from qms.findings import queries as findings
from qms.findings import recording
from qms.findings.models import Action, Finding, Round
from qms.findings.recording import Written
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.people import queries as people
from qms.people.models import Person
from qms.standards import queries as standards
from tests.support.cases import on
from tests.support.world import TODAY

AFTER_CHRISTMAS = date(2028, 1, 3)


@pytest.fixture(autouse=True)
def _every_office(app: Flask) -> Iterator[None]:
    with scoped(EVERY_OFFICE):
        yield


@pytest.fixture
def synthesise() -> Callable[..., None]:
    def make(offices: int, audits: int, findings: int, **more: Any) -> None:
        demo.synthesise(offices=offices, audits=audits, findings=findings, on=TODAY, say=lambda _: None, **more)

    return make


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(select(model)))


@pytest.mark.timeout(600)  # four years take a while where other tests run beside
def test_the_history_can_end_after_holidays_and_says_how_far_it_is():
    said: list[str] = []
    with on(AFTER_CHRISTMAS):
        demo.live(on=AFTER_CHRISTMAS, say=said.append)

    waiting = {finding.waits_for for finding in all_of(Finding)} - {None}
    assert {finding.state for finding in all_of(Finding)} == set(State)
    assert waiting == {
        Kind.ANSWER,
        Kind.DECISION_ON_ANSWER,
        Kind.ACTION,
        Kind.VERIFICATION,
        Kind.EFFECTIVENESS,
        Kind.CLOSING,
    }
    assert [office.id for office in all_of(Office) if trail.first_broken(office.id) is not None] == []
    assert len(said) > 8


def test_a_day_too_early_for_the_present_edition_is_refused_and_nothing_is_left():
    with pytest.raises(InvalidInput, match="later day"):
        demo.live(on=date(2020, 1, 1), say=lambda _: None)

    assert count(Office) == 0


# ------------------------------------------------------------------------------------------------ to measure with


def test_synthetic_offices_are_as_large_as_asked_and_each_finding_has_an_action(synthesise):
    synthesise(6, 5, 20)

    assert (count(Office), count(Audit), count(Finding)) == (6, 30, 600)
    assert 590 <= count(Action) <= 600
    assert runs.note("demo") == TODAY.isoformat()


def test_the_first_office_can_have_a_share_of_everything(synthesise):
    synthesise(5, 10, 4, share_of_first=0.4)

    sizes = [count(Finding, Finding.office_id == office.id) for office in all_of(Office)]
    assert sizes == [80, 32, 32, 28, 28]


def test_one_synthetic_office_has_everything_itself(synthesise):
    synthesise(1, 3, 5, share_of_first=0.4)

    assert count(Finding) == 15


def test_synthetic_findings_spread_over_states_and_say_what_the_rules_say(synthesise):
    synthesise(4, 20, 20)

    found = Counter(finding.state for finding in all_of(Finding))
    sent = {each.finding_id: each.answered_at is not None for each in all_of(Round)}
    assert set(found) == set(State) - {State.DRAFT}
    for finding in all_of(Finding):
        is_case = finding.id in sent
        stage = stage_of(State(finding.state), is_answer_sent=sent[finding.id]) if is_case else None
        assert finding.stage == stage
        assert (finding.due_on is None) is (finding.waits_for is None)
        assert finding.waits_for is None or finding.stage in {*Stage} - {Stage.CLOSED, Stage.CANCELLED}


def test_nothing_synthetic_happens_after_the_last_day(synthesise):
    synthesise(3, 10, 10)

    days = [day for each in all_of(Round) for day in (each.accepted_on, each.verified_on, each.judged_on)]
    days += [day for finding in all_of(Finding) for day in (finding.reported_on, finding.closed_on)]
    days += [action.done_on for action in all_of(Action)]
    assert max(day for day in days if day) <= TODAY


def test_nobody_judges_their_own_work_in_synthetic_offices_either(synthesise):
    synthesise(2, 10, 10)

    owners = {action.finding_id: action.owner_id for action in all_of(Action)}
    judged = [each for each in all_of(Round) if each.verified_by_id]
    assert judged
    assert all(each.verified_by_id not in {owners.get(each.finding_id), each.answered_by_id} for each in judged)


def test_deadlines_of_synthetic_offices_lie_around_the_day(synthesise):
    synthesise(2, 10, 10)
    ids = [office.id for office in all_of(Office)]

    due = agenda.gather(ids, date(2026, 10, 1), date(2027, 1, 10), today=TODAY)

    assert {deadline.due_on < TODAY for deadline in due} == {True, False}
    assert {Kind.ANSWER, Kind.ACTION, Kind.VERIFICATION, Kind.EFFECTIVENESS} <= {deadline.kind for deadline in due}


def test_people_can_go_on_where_synthetic_data_ends(synthesise):
    """Numbers and keys of rows are counted on, on a database that counts by itself too."""
    synthesise(1, 4, 6)
    office = offices.by_slug("proba-0001")
    assert office is not None
    [department] = db.session.scalars(select(Department).where(Department.symbol == "FIRST"))
    lead = db.session.scalars(select(Person).where(Person.name.startswith("Second Auditor"))).one()
    clause = standards.auditable("9001:2015")[0]
    wanted = Plan(
        edition_code="9001:2015",
        department_ids=frozenset({department.id}),
        clause_ids=frozenset({clause.id}),
        starts_on=TODAY,
        ends_on=TODAY,
        lead_id=lead.id,
    )
    by = people.actor_of(lead, TODAY)

    audit = planning.plan(office, wanted, today=TODAY)
    db.session.flush()
    draft = Written(
        clause_id=clause.id,
        department_id=department.id,
        category="nonconformity",
        evidence="Rejestr.",
        statement="Brak wpisu.",
    )
    recording.record(audit, draft, by=by)
    [published] = recording.publish(audit, conclusion="", by=by, today=TODAY)
    db.session.commit()

    taken = [number for number in db.session.scalars(select(Finding.number)) if number.startswith("N-2026-")]
    assert published.number == f"N-2026-{len(taken):03}"
    assert findings.by_key(office, published.key) is published


def test_a_database_in_use_takes_no_synthetic_data(world, synthesise):
    with pytest.raises(NotAllowedNow, match="empty database"):
        synthesise(1, 1, 1)
