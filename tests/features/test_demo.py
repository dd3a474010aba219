"""The demonstration: a history that could have happened, with something to do for everybody on its last day."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from qms import demo
from qms.agenda import queries as agenda
from qms.audits.models import Audit, AuditMember
from qms.certificates.models import Certificate
from qms.core import clock, runs, trail
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry, TrailHead
from qms.cycle import queries as cycle
from qms.demo.cast import email
from qms.domain.calendar import is_working_day
from qms.domain.certification import CertificateStatus
from qms.domain.deadlines import Kind
from qms.domain.errors import NotAllowedNow
from qms.domain.findings import Category, Stage, State
from qms.domain.standing import Who
from qms.findings.models import Action, Finding, Round
from qms.offices.models import Office
from qms.people import queries as people
from qms.people.models import Appointment, Loan, Membership, Person
from qms.reminders.models import Reminder
from qms.training.models import Training
from tests.support.site import open_app
from tests.support.world import TODAY

LAST_DAY = clock.moment(TODAY, time(0))


@pytest.fixture(scope="module")
def told(demo_folder: Path) -> Iterator[Flask]:
    """The demonstration as `make run` makes it, to be read only."""
    app = open_app(demo_folder)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def history(told: Flask) -> Iterator[Flask]:
    with clock.at(datetime.combine(TODAY, time(10), clock.WARSAW)), scoped(EVERY_OFFICE):
        yield told
        db.session.rollback()


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(select(model)))


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


pytestmark = pytest.mark.usefixtures("history")

# ------------------------------------------------------------------------------------------------- what there is


def test_twenty_offices_with_eight_invented_people_each():
    working = select(Membership.office_id, Membership.person_id).union(
        select(Appointment.office_id, Appointment.person_id)
    )
    by_office = Counter(office_id for office_id, _ in db.session.execute(working))

    assert Counter(by_office.values()) == {8: 20}
    assert all(person.email.endswith("@example.com") for person in all_of(Person))
    assert all(office.is_demo for office in all_of(Office))
    assert all(post.order_number for post in all_of(Appointment))


def test_some_thirty_audits_and_a_hundred_and_twenty_findings_over_four_years():
    audits, recent = count(Audit), count(Audit, Audit.starts_on >= date(2022, 11, 1))

    assert 28 <= recent <= audits <= 45
    assert 110 <= count(Finding) <= 150
    assert count(Audit, Audit.starts_on < date(2023, 11, 20), Audit.starts_on >= date(2022, 11, 1)) > 0


def test_every_state_and_every_stage_is_there():
    findings = all_of(Finding)

    assert {finding.state for finding in findings} == set(State)
    assert {finding.stage for finding in findings} == {*Stage, None}
    assert {finding.category for finding in findings} >= {*Category} - {Category.MAJOR}
    assert {audit.state for audit in all_of(Audit)} == {"planned", "under_way", "finished", "cancelled"}


def test_audits_of_2008_are_in_the_years_they_lived_in():
    old = [audit for audit in all_of(Audit) if audit.edition_code == "9001:2008"]
    certificates = [each for each in all_of(Certificate) if each.edition_code == "9001:2008"]

    assert len(old) >= 3
    assert {audit.starts_on.year for audit in old} <= {2012, 2013, 2014, 2015}
    assert {audit.published_at.year for audit in old} <= {2012, 2013, 2014, 2015}
    assert certificates
    assert all(each.valid_until.year <= 2016 for each in certificates)


def test_one_certificate_lapsed_and_one_ends_soon():
    states = cycle.state_of([office.id for office in all_of(Office)], TODAY).values()

    statuses = Counter(state.status for state in states)
    assert statuses[CertificateStatus.EXPIRED_RESTORABLE] == 1
    assert statuses[CertificateStatus.VALID] == 18
    assert [state.days_left for state in states if state.days_left and 0 < state.days_left <= 90]


def test_one_office_has_no_proxy():
    ids = {office.id: office.slug for office in all_of(Office)}

    vacant = [office_id for office_id, held in people.holders_of(ids, TODAY).items() if not held.get(Who.PROXY)]

    assert [ids[office_id] for office_id in vacant] == ["ug-mszana-dolna"]


def test_one_auditor_is_lent_with_consent_and_leads_there():
    [loan] = all_of(Loan)
    led = db.session.scalars(select(AuditMember).where(AuditMember.is_lent)).all()

    assert loan.consented_on is not None
    assert [(member.person_id, member.role, member.office_id) for member in led] == [
        (loan.person_id, "lead", loan.office_id)
    ]


def test_a_training_expires_soon_one_has_no_end_and_one_an_unknown_end():
    trainings = [each for each in all_of(Training) if each.edition_code == "9001:2015" and each.trained_as == "auditor"]

    assert {each.validity for each in trainings} == {"until", "without_end", "unknown"}
    assert [each for each in trainings if each.valid_until and 0 < (each.valid_until - TODAY).days <= 30]


# ------------------------------------------------------------------------------------------ that it may have been


def test_nobody_judged_their_own_work():
    owners = {(action.finding_id, action.round_number): set[int | None]() for action in all_of(Action)}
    for action in all_of(Action):
        owners[action.finding_id, action.round_number] |= {action.owner_id, action.reported_by_id}
    judged = [each for each in all_of(Round) if each.verified_by_id]

    assert len(judged) > 40
    for each in judged:
        involved = owners[each.finding_id, each.number] | {each.answered_by_id}
        assert not {each.verified_by_id, each.judged_by_id} - {None} & involved


def test_numbers_run_without_gaps():
    numbers: dict[tuple[int, str], list[int]] = {}
    for finding in all_of(Finding):
        if finding.number:
            series, _, place = finding.number.rpartition("-")
            numbers.setdefault((finding.office_id, series), []).append(int(place))

    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())


def test_every_chain_of_the_trail_is_whole_and_says_who_acted():
    chains = db.session.scalars(select(TrailHead.chain)).all()

    assert len(chains) == 21
    assert [chain for chain in chains if trail.first_broken(chain) is not None] == []
    assert count(TrailEntry, TrailEntry.chain > 0, TrailEntry.person_id.is_(None)) == 0


def test_the_trail_goes_forward_in_time():
    moments: dict[int, list[datetime]] = {}
    for chain, at in db.session.execute(
        select(TrailEntry.chain, TrailEntry.at).order_by(TrailEntry.chain, TrailEntry.seq)
    ):
        moments.setdefault(chain, []).append(at)

    assert all(found == sorted(found) for found in moments.values())


def test_people_work_on_working_days_and_nothing_has_happened_yet_that_is_to_come():
    worked = [
        *(day for audit in all_of(Audit) for day in (audit.starts_on, audit.ends_on)),
        *(day for each in all_of(Round) for day in (each.accepted_on, each.verified_on, each.judged_on)),
        *(day for finding in all_of(Finding) for day in (finding.reported_on, finding.closed_on)),
        *(day for action in all_of(Action) for day in (action.done_on, action.due_on)),
    ]
    done = [action.done_on for action in all_of(Action) if action.done_on]

    assert [day for day in worked if day and not is_working_day(day)] == []
    assert max(done) < TODAY
    assert max(entry.at for entry in all_of(TrailEntry)) < clock.now()


def test_every_text_was_filled_in():
    words = [
        *(text for each in all_of(Finding) for text in (each.statement, each.evidence, each.requirement)),
        *(text for each in all_of(Round) for text in (each.correction, each.cause)),
        *(text for each in all_of(Action) for text in (each.description, each.done_note)),
    ]

    assert [text for text in words if re.search(r"[{}]|audyt", text)] == []
    assert all(each.statement for each in all_of(Finding))
    assert all(each.evidence and each.requirement for each in all_of(Finding) if each.audit_id)


# ----------------------------------------------------------------------------------------- what is to do on the day


def test_every_kind_of_step_waits_somewhere_some_late_and_some_in_time():
    waiting = [finding for finding in all_of(Finding) if finding.waits_for]

    kinds = {Kind.ANSWER, Kind.DECISION_ON_ANSWER, Kind.ACTION, Kind.VERIFICATION, Kind.EFFECTIVENESS, Kind.CLOSING}
    assert {finding.waits_for for finding in waiting} == kinds
    assert {finding.waits_for for finding in waiting if finding.due_on >= TODAY} == kinds
    assert len([finding for finding in waiting if finding.due_on < TODAY]) >= 8


def test_everybody_named_at_the_start_can_sign_in():
    addresses = [address for _, address in demo.people_to_try()]

    assert len(addresses) == len(set(addresses)) >= 8
    assert all(people.by_email(address) for address in addresses)


@pytest.mark.parametrize(
    ("slug", "role"),
    [
        ("sp-bochnia", "proxy"),
        ("sp-bochnia", "deputy"),
        ("sp-bochnia", "secretary"),
        ("sp-bochnia", "first_head"),
        ("sp-bochnia", "first_auditor"),
        ("sp-bochnia", "second_auditor"),
        ("um-lowicz", "first_auditor"),
    ],
)
def test_those_who_work_find_something_to_do(slug, role):
    person = people.by_email(email(slug, role))
    assert person is not None

    assert agenda.tasks_of(people.actor_of(person, TODAY), TODAY)


def test_the_proxy_of_bochnia_finds_answers_to_check_and_cases_to_close():
    proxy = people.by_email(email("sp-bochnia", "proxy"))
    assert proxy is not None

    kinds = {task.deadline.kind for task in agenda.tasks_of(people.actor_of(proxy, TODAY), TODAY)}

    assert kinds >= {Kind.DECISION_ON_ANSWER, Kind.CLOSING, Kind.RECERTIFICATION_AUDIT}


# --------------------------------------------------------------------------------------------------------- letters


def test_letters_of_the_past_are_history_and_wait_for_nobody():
    past = db.session.scalars(select(Letter).where(Letter.not_before < LAST_DAY)).all()

    assert len(past) > 300
    assert {letter.state for letter in past} <= {"sent", "void"}
    assert all(letter.sent_at == letter.not_before for letter in past if letter.state == "sent")


def test_no_letter_was_sent_before_it_was_written():
    sent = {letter.id: letter for letter in all_of(Letter) if letter.sent_at}
    lines = [line for line in all_of(Reminder) if line.letter_id in sent]

    assert len(lines) > 20
    assert [letter for letter in sent.values() if letter.sent_at < letter.created_at] == []
    assert [line for line in lines if sent[line.letter_id].sent_at < line.planned_at] == []


def test_letters_of_the_last_weeks_can_be_read():
    recent = select(Letter).where(Letter.not_before < LAST_DAY, Letter.not_before > LAST_DAY - timedelta(days=80))

    letters = [letter for letter in db.session.scalars(recent) if letter.state == "sent"]
    assert len(letters) > 60
    assert {letter.kind for letter in letters} >= {"digest", "findings_published", "answer_received", "audit_notice"}
    assert all(letter.subject and letter.text and letter.sent_to for letter in letters)


def test_the_reminders_of_the_last_day_are_planned():
    lived = [office for office in all_of(Office) if count(Finding, Finding.office_id == office.id)]

    assert len(lived) == 6
    assert {office.planned_through for office in lived} == {TODAY}
    assert count(Reminder, Reminder.outcome == "told") > 20


def test_the_register_knows_that_it_holds_sample_data():
    assert runs.note("demo") == TODAY.isoformat()


def test_a_second_demonstration_is_refused():
    with pytest.raises(NotAllowedNow, match="empty database"):
        demo.live(on=TODAY, say=lambda _: None)
