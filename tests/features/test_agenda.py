"""The agenda: every feature's deadlines in one order, who answers for them today, and the page of tasks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.agenda import export, queries
from qms.agenda.words import VERBS, path_of
from qms.audits.models import Audit, AuditMember
from qms.certificates import service as certificates
from qms.certificates.service import CertificateFacts
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.cycle import deadlines as cycle
from qms.domain.deadlines import Deadline, Duty, Kind, Rule
from qms.domain.standing import POSTS, Who
from qms.offices.models import Office
from qms.people import deadlines as people_deadlines
from qms.people import queries as people_queries
from qms.people import service as people
from qms.people.models import Appointment, Person
from qms.policy import Actor
from qms.training.models import Training
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]
EVER, FAR = date(1990, 1, 1), date(2040, 12, 31)
PRINTED = CertificateFacts(
    number="PL/1/2025",
    body="PIHZ Certyfikacja",
    edition_code="9001:2015",
    decided_on=date(2025, 11, 15),
    valid_from=date(2025, 11, 15),
    valid_until=date(2028, 11, 14),
)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office, every row open to the test, nothing due yet."""
    with scoped(EVERY_OFFICE):
        for training in db.session.scalars(select(Training)):
            db.session.delete(training)
        db.session.commit()
        yield world.bochnia


def plan_audit(office: Office, day: date, *people_on_it: Person, number: str = "A-2026-01") -> Audit:
    """An audit on a day; the first person leads it."""
    audit = Audit(office_id=office.id, number=number, edition_code="9001:2015", starts_on=day, ends_on=day)
    for place, person in enumerate(people_on_it):
        role = "auditor" if place else "lead"
        audit.team.append(AuditMember(office_id=office.id, person_id=person.id, role=role))
    db.session.add(audit)
    db.session.flush()
    return audit


def actor_of(person: Person) -> Actor:
    return people_queries.actor_of(person, TODAY)


def posts(place: OfficeWorld, *held: Who) -> list[Appointment]:
    found = select(Appointment).where(Appointment.office_id == place.office.id, Appointment.post.in_(held))
    return list(db.session.scalars(found))


# which posts are vacant, and who then answers for what the proxy answers for
VACANCIES = [
    ((), "proxy"),
    ((Who.PROXY,), "deputy"),
    ((Who.PROXY, Who.DEPUTY), "secretary"),
    ((Who.PROXY, Who.DEPUTY, Who.SECRETARY), "head"),
    ((Who.PROXY, Who.DEPUTY, Who.SECRETARY, Who.HEAD_OF_OFFICE), None),
]


@pytest.mark.parametrize(("vacant", "answers"), VACANCIES)
def test_duties_of_a_vacant_post_go_to_the_next_one(
    bochnia: OfficeWorld, *, vacant: tuple[Who, ...], answers: str | None
) -> None:
    certificates.record(bochnia.office, PRINTED, today=TODAY)
    for appointment in posts(bochnia, *vacant):
        appointment.until_on = TODAY - timedelta(days=1)
    db.session.flush()

    found = queries.gather([bochnia.office.id], EVER, FAR, today=TODAY, kinds=[Kind.CERTIFICATE_END])

    expected = (bochnia.people[answers].id,) if answers else ()
    assert [deadline.answers for deadline in found] == [expected]


def test_a_deactivated_person_answers_for_nothing_and_the_proxy_steps_in(bochnia: OfficeWorld) -> None:
    plan_audit(bochnia.office, TODAY + timedelta(days=7), bochnia.auditor)
    people.deactivate(bochnia.auditor, reason="odejście")
    db.session.flush()

    (found,) = queries.gather([bochnia.office.id], EVER, FAR, today=TODAY, kinds=[Kind.AUDIT])

    assert found.answers == (bochnia.proxy.id,)


def test_a_deactivated_proxy_is_a_vacant_post(bochnia: OfficeWorld) -> None:
    certificates.record(bochnia.office, PRINTED, today=TODAY)
    people.deactivate(bochnia.proxy, reason="odejście")
    db.session.flush()

    found = queries.gather([bochnia.office.id], EVER, FAR, today=TODAY)

    assert {deadline.answers for deadline in found} == {(bochnia.deputy.id,)}


def test_the_days_of_all_features_come_in_one_order(bochnia: OfficeWorld) -> None:
    certificates.record(bochnia.office, PRINTED, today=TODAY)
    plan_audit(bochnia.office, date(2027, 3, 1), bochnia.auditor)
    training = {"trained_as": "auditor", "edition_code": "9001:2015", "title": "Kurs", "provider": "Ośrodek"}
    dated = {"held_on": SINCE, "validity": "until", "valid_until": date(2027, 1, 15)}
    db.session.add(Training(office_id=bochnia.office.id, person_id=bochnia.auditor.id, **training, **dated))
    db.session.flush()

    found = queries.gather([bochnia.office.id], TODAY, FAR, today=TODAY)

    days = [deadline.due_on for deadline in found]
    assert days == sorted(days)
    assert {Kind.QUALIFICATION, Kind.AUDIT, Kind.SURVEILLANCE, Kind.CERTIFICATE_END} <= {each.kind for each in found}


def test_only_the_kinds_and_days_asked_for_are_given(bochnia: OfficeWorld) -> None:
    certificates.record(bochnia.office, PRINTED, today=TODAY)
    plan_audit(bochnia.office, date(2027, 3, 1), bochnia.auditor)

    kinds = [Kind.AUDIT, Kind.CERTIFICATE_END]
    ever = queries.gather([bochnia.office.id], EVER, FAR, today=TODAY, kinds=kinds)
    spring = queries.gather([bochnia.office.id], date(2027, 1, 1), date(2027, 6, 30), today=TODAY)

    assert [deadline.kind for deadline in ever] == kinds
    assert [deadline.kind for deadline in spring] == [Kind.AUDIT]


def test_every_kind_has_a_source_a_verb_and_a_page() -> None:
    sourced = [kind for kinds, _ in queries.SOURCES for kind in kinds]

    assert sorted(sourced) == sorted(Kind)
    assert set(VERBS) == set(Kind)
    for kind in Kind:
        path = path_of(deadline_of(kind), "sp-bochnia")
        assert path.startswith("/u/sp-bochnia/")
        assert "{" not in path


def deadline_of(kind: Kind) -> Deadline:
    return Deadline(
        kind=kind,
        office_id=1,
        subject="finding:k7f3q9",
        title="",
        number="",
        due_on=TODAY,
        rule=Rule.ACTION,
        counted_from=TODAY,
        duty=Duty.PROXY,
        url_key="k7f3q9",
    )


def test_the_cost_does_not_depend_on_offices_or_rows(world: World) -> None:
    both = [world.bochnia.office.id, world.leczyca.office.id]
    with scoped(EVERY_OFFICE):
        certificates.record(world.bochnia.office, PRINTED, today=TODAY)
        plan_audit(world.bochnia.office, date(2027, 3, 1), world.bochnia.auditor)
        with counted() as for_one:
            queries.gather(both[:1], EVER, FAR, today=TODAY)
        for place in (world.bochnia, world.leczyca):
            certificates.record(place.office, replace(PRINTED, number="2", replaces=True), today=TODAY)
            for count in range(9):
                plan_audit(place.office, date(2027, 4, 1), place.auditor, number=f"A-{count}")

        with counted() as for_many:
            found = queries.gather(both, EVER, FAR, today=TODAY)

    assert len(found) > 20
    assert len(for_many) == len(for_one)


def test_each_kind_is_waited_for_as_long_as_its_first_reminder_leads(bochnia: OfficeWorld) -> None:
    certificates.record(bochnia.office, PRINTED, today=TODAY)
    plan_audit(bochnia.office, TODAY + timedelta(days=44), bochnia.auditor, number="near")
    plan_audit(bochnia.office, TODAY + timedelta(days=45), bochnia.auditor, number="far")

    found = queries.waiting([bochnia.office.id], TODAY)

    assert [deadline.number for deadline in found] == ["PL/1/2025", "near"]
    assert found[0].due_on == date(2026, 11, 15)


def test_tasks_of_two_offices_are_merged_late_ones_first(world: World) -> None:
    with scoped(EVERY_OFFICE):
        people.appoint(world.bochnia.auditor, world.leczyca.office, Who.DEPUTY, from_on=SINCE)
        for appointment in posts(world.leczyca, Who.PROXY):
            appointment.until_on = SINCE
        plan_audit(world.bochnia.office, TODAY + timedelta(days=3), world.bochnia.auditor)
        certificates.record(world.leczyca.office, PRINTED, today=TODAY)
        db.session.commit()

    tasks = queries.tasks_of(actor_of(world.bochnia.auditor), TODAY)

    assert [(task.deadline.kind, task.is_overdue, task.days_left) for task in tasks[:2]] == [
        (Kind.SURVEILLANCE, True, -5),
        (Kind.AUDIT, False, 3),
    ]
    assert [task.office_name for task in tasks[:2]] == [world.leczyca.office.name, world.bochnia.office.name]
    assert tasks[0].path == "/u/sp-leczyca/certyfikat"


def test_a_lent_auditor_has_the_tasks_of_the_office_that_borrows(world: World) -> None:
    with scoped(EVERY_OFFICE):
        audit = plan_audit(world.bochnia.office, TODAY + timedelta(days=3), world.leczyca.auditor)
        audit.team[0].is_lent = True
        db.session.commit()

    tasks = queries.tasks_of(actor_of(world.leczyca.auditor), TODAY)

    assert f"/u/sp-bochnia/audity/{audit.key}" in [task.path for task in tasks]


def test_somebody_without_an_office_has_no_tasks(world: World) -> None:
    assert queries.tasks_of(actor_of(world.coordinator), TODAY) == []
    assert queries.next_task_of(actor_of(world.coordinator), TODAY) is None


def test_the_nearest_date_is_named_when_nothing_waits(bochnia: OfficeWorld) -> None:
    plan_audit(bochnia.office, TODAY + timedelta(days=90), bochnia.second_auditor)

    assert queries.tasks_of(actor_of(bochnia.second_auditor), TODAY) == []
    task = queries.next_task_of(actor_of(bochnia.second_auditor), TODAY)

    assert task is not None
    assert task.deadline.due_on == TODAY + timedelta(days=90)


def test_the_figures_count_this_year_and_leave_out_what_was_cancelled(bochnia: OfficeWorld) -> None:
    plan_audit(bochnia.office, date(2026, 3, 2), bochnia.auditor, number="held")
    plan_audit(bochnia.office, date(2026, 12, 1), bochnia.auditor, number="to come")
    plan_audit(bochnia.office, date(2025, 3, 2), bochnia.auditor, number="last year")
    plan_audit(bochnia.office, date(2026, 4, 2), bochnia.auditor, number="not held").state = "cancelled"
    db.session.flush()

    found = queries.figures_of(bochnia.office.id, TODAY)

    assert (found.audits_held, found.audits_planned) == (1, 2)
    assert (found.open_cases, found.overdue_actions) == (0, 0)


def test_the_export_is_plain_and_complete(bochnia: OfficeWorld) -> None:
    certificates.record(bochnia.office, PRINTED, today=TODAY)
    db.session.commit()

    rows = export.rows([bochnia.office.id], date(2028, 11, 1), date(2028, 11, 30), today=TODAY)

    (certificate,) = db.session.scalars(select(certificates.Certificate))
    assert json.loads(json.dumps(rows)) == [
        {
            "office": "sp-bochnia",
            "kind": "certificate_end",
            "subject": f"certificate:{certificate.key}",
            "due_on": "2028-11-14",
            "rule": "C1",
            "counted_from": "2028-11-14",
            "answers": ["proxy@sp-bochnia.example.com"],
        }
    ]


def ends(place: OfficeWorld, today: date = TODAY) -> list[tuple[str, str, tuple[int, ...]]]:
    found = people_deadlines.due_between([place.office.id], EVER, FAR, today=today)
    return [(deadline.kind, deadline.due_on.isoformat(), deadline.answers) for deadline in found]


def test_an_appointment_that_ends_is_told_to_its_holder_while_nobody_follows(bochnia: OfficeWorld) -> None:
    (proxy,) = posts(bochnia, Who.PROXY)
    proxy.until_on = date(2027, 1, 31)
    db.session.flush()
    told = [(Kind.APPOINTMENT, "2027-01-31", (bochnia.proxy.id,))]

    assert ends(bochnia) == told
    assert ends(bochnia, date(2027, 1, 31)) == told
    people.appoint(bochnia.deputy, bochnia.office, Who.PROXY, from_on=date(2027, 2, 1))
    db.session.flush()
    assert ends(bochnia) == []


def test_an_auditor_is_followed_by_nobody_but_themselves(bochnia: OfficeWorld) -> None:
    appointment = next(each for each in posts(bochnia, Who.AUDITOR) if each.person_id == bochnia.auditor.id)
    appointment.until_on = date(2027, 1, 31)
    db.session.flush()

    assert ends(bochnia) == [(Kind.APPOINTMENT, "2027-01-31", (bochnia.auditor.id,))]
    people.appoint(bochnia.auditor, bochnia.office, Who.AUDITOR, from_on=date(2027, 2, 1))
    db.session.flush()
    assert ends(bochnia) == []


def test_an_office_without_a_proxy_says_since_when(bochnia: OfficeWorld) -> None:
    (proxy,) = posts(bochnia, Who.PROXY)
    people.revoke(proxy, on=date(2026, 10, 31), reason="zarządzenie 9/2026")
    db.session.flush()

    (found,) = people_deadlines.due_between([bochnia.office.id], EVER, FAR, today=TODAY)

    assert (found.kind, found.due_on, found.duty) == (Kind.PROXY_VACANT, date(2026, 11, 1), Duty.SECRETARY)
    (resolved,) = queries.gather([bochnia.office.id], EVER, FAR, today=TODAY, kinds=[Kind.PROXY_VACANT])
    assert resolved.answers == (bochnia.secretary.id,)


def test_a_proxy_whose_account_was_closed_left_the_post_vacant(bochnia: OfficeWorld) -> None:
    people.deactivate(bochnia.proxy, reason="odejście")
    db.session.flush()

    assert ends(bochnia) == []
    assert ends(bochnia, TODAY + timedelta(days=1)) == [(Kind.PROXY_VACANT, "2026-11-21", ())]


def test_an_office_that_never_had_a_proxy_counts_from_its_first_post(bochnia: OfficeWorld) -> None:
    for appointment in posts(bochnia, Who.PROXY):
        db.session.delete(appointment)
    db.session.flush()

    assert ends(bochnia) == [(Kind.PROXY_VACANT, SINCE.isoformat(), ())]


def test_an_office_without_anybody_is_not_reproached(bochnia: OfficeWorld) -> None:
    for appointment in posts(bochnia, *POSTS):
        db.session.delete(appointment)
    db.session.flush()

    assert ends(bochnia) == []


def main_of(client: FlaskClient, address: str = "/zadania") -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").select_one("main")


def test_the_page_lists_late_tasks_first_and_says_why_that_day(world: World, signed_in: SignIn) -> None:
    with scoped(EVERY_OFFICE):
        world.bochnia.proxy.language = "en"
        certificates.record(world.bochnia.office, PRINTED, today=TODAY)
        plan_audit(world.bochnia.office, TODAY + timedelta(days=2), world.bochnia.proxy)
        db.session.commit()

    page = main_of(signed_in(world.bochnia.proxy))

    rows = page.select("li.task")
    assert page.h1.text == "To do: 2 things"
    assert ["task--late" in row["class"] for row in rows] == [True, False]
    assert "Arrange the surveillance audit: PIHZ Certyfikacja" in rows[0].text
    assert "12 months after the certification decision (15.11.2025)." in rows[0].text
    assert rows[0].a["href"] == "/u/sp-bochnia/certyfikat"


def test_who_runs_the_system_sees_how_it_stands_and_others_do_not(world: World, signed_in: SignIn) -> None:
    with scoped(EVERY_OFFICE):
        certificates.record(world.bochnia.office, PRINTED, today=TODAY)
        db.session.commit()

    for who, sees in {"proxy": True, "head": True, "secretary": True, "auditor": False, "fn_clerk": False}.items():
        page = main_of(signed_in(world.bochnia.people[who]))
        assert bool(page.select("figure")) is sees
        assert len(page.select(".big-number")) == (3 if sees else 0)


def test_twenty_tasks_are_shown_and_then_all(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    for count in range(23):
        plan_audit(bochnia.office, TODAY + timedelta(days=1), bochnia.second_auditor, number=f"A-{count}")
    db.session.commit()
    client = signed_in(bochnia.second_auditor)

    first = main_of(client)
    everything = main_of(client, "/zadania?wszystkie=1")

    assert len(first.select("li.task")) == 20
    assert first.select_one("a[href='/zadania?wszystkie=1']")
    assert len(everything.select("li.task")) == 23
    assert not everything.select_one("a[href='/zadania?wszystkie=1']")


def test_when_nothing_waits_the_page_names_the_nearest_date(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    bochnia.second_auditor.language = "en"
    plan_audit(bochnia.office, TODAY + timedelta(days=90), bochnia.second_auditor)
    db.session.commit()

    page = main_of(signed_in(bochnia.second_auditor))

    assert page.h1.text == "Nothing is waiting for you"
    assert "18.02.2027" in page.text
    assert page.select_one("a[href^='/u/sp-bochnia/audity/']")


def test_the_page_is_there_for_everybody_signed_in(world: World, signed_in: SignIn) -> None:
    for person in (world.coordinator, world.admin, *world.bochnia.people.values()):
        assert main_of(signed_in(person)).h1


def test_nothing_of_another_office_is_among_the_tasks(world: World, signed_in: SignIn) -> None:
    with scoped(EVERY_OFFICE):
        certificates.record(world.leczyca.office, PRINTED, today=TODAY)
        db.session.commit()

    page = main_of(signed_in(world.bochnia.proxy))

    assert "leczyca" not in str(page)
    assert not cycle.KINDS & {task.deadline.kind for task in queries.tasks_of(actor_of(world.bochnia.proxy), TODAY)}


def test_the_page_costs_as_many_queries_for_many_tasks_as_for_one(world: World, signed_in: SignIn) -> None:
    def plan(count: int) -> None:
        with scoped(EVERY_OFFICE):
            for _ in range(count):
                plan_audit(world.bochnia.office, TODAY, world.bochnia.proxy, number=f"A-{next(numbers)}")
            db.session.commit()
        db.session.expire_all()

    numbers = iter(range(99))
    client = signed_in(world.bochnia.proxy)
    plan(1)
    with counted() as for_one:
        client.get("/zadania?wszystkie=1")
    plan(30)

    with counted() as for_many:
        page = main_of(client, "/zadania?wszystkie=1")

    assert len(page.select("li.task")) > 30
    assert len(for_many) == len(for_one)
