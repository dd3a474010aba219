"""Calendars in other people's programs: a feed by a secret address, and what letters bring; read back by `vobject`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.agenda import queries as agenda
from qms.audits import service as audits
from qms.audits import timetable
from qms.audits.models import Audit
from qms.audits.planning import Plan
from qms.audits.timetable import Row
from qms.auth import calendar_address
from qms.certificates.models import Certificate
from qms.core import calendars, clock
from qms.core.calendars import Entry
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.seals import seal
from qms.core.trail import TrailEntry
from qms.core.transactions import writing
from qms.cycle.deadlines import KINDS
from qms.domain.deadlines import Kind
from qms.findings.models import Action, Finding
from qms.people import service as people_service
from qms.people.models import Person
from tests.support import crowd as crowds
from tests.support.application import NOON, typed
from tests.support.cases import EDITION, Case, clause_id, later
from tests.support.crowd import Crowd, address_of_calendar
from tests.support.ledger import nonconformity, plan, without_trainings
from tests.support.mail_server import MailServer, mail_server
from tests.support.offices import certify
from tests.support.post import later as after
from tests.support.post import put, reader, send
from tests.support.world import TODAY, OfficeWorld, World

HOST = "localhost"  # of the base address of the tests
SignIn = Callable[[Person], FlaskClient]


def events(text: bytes) -> dict[str, Any]:
    """What another program finds in a calendar, by UID; none of them twice."""
    found = list(vobject.readOne(text.decode()).contents.get("vevent", []))
    by_uid = {event.uid.value: event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def days(event: Any) -> tuple[date, date]:
    """The first day and the first day after."""
    assert {event.dtstart.value_param, event.dtend.value_param} == {"DATE"}
    return event.dtstart.value, event.dtend.value


def feed(client: FlaskClient, token: str) -> bytes:
    answer = client.get(f"/kal/{token}.ics")
    assert answer.status_code == 200
    return answer.data


def told(event: Any) -> str:
    return f"{event.summary.value}\n{event.description.value}"


@pytest.fixture
def crowd(app: Flask) -> Crowd:
    return crowds.gather(app)


def everybody() -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.deactivated_at.is_(None)).order_by(Person.id)))


def answered_by(person: Person) -> dict[str, date]:
    """UID and day of all that the person answers for until 400 days from now, as the agenda of all offices has it."""
    with scoped(EVERY_OFFICE):
        due = agenda.gather([1, 2], agenda.EVER, later(400), today=TODAY)
    slugs = {1: "sp-bochnia", 2: "sp-leczyca"}
    return {
        f"{duty.kind}-{duty.subject}-{slugs[duty.office_id]}@{HOST}": duty.due_on
        for duty in due
        if person.id in duty.answers
    }


def test_every_duty_of_a_person_is_read_back_on_its_day_by_another_program(crowd: Crowd, client: FlaskClient) -> None:
    planned(crowd.world.bochnia)
    kinds = set()
    for person in everybody():
        found = events(feed(client, address_of_calendar(person)))

        assert {uid: days(event)[0] for uid, event in found.items()} == answered_by(person), person.name
        lasting = {uid for uid, event in found.items() if days(event)[1] - days(event)[0] > timedelta(days=1)}
        assert all(uid.startswith(f"{Kind.AUDIT}-") for uid in lasting)
        kinds |= {uid.partition("-")[0] for uid in found}
    assert kinds >= {Kind.AUDIT, Kind.ANSWER, Kind.ACTION, Kind.EFFECTIVENESS, Kind.QUALIFICATION, Kind.CERTIFICATE_END}


def test_an_entry_says_what_why_and_where_in_the_language_of_the_person(crowd: Crowd, client: FlaskClient) -> None:
    clerk, proxy = crowd.world.bochnia.fn_clerk, crowd.world.bochnia.proxy
    action, certificate = (crowd.keys["sp-bochnia"][name] for name in ("action", "certificate"))
    case = crowd.keys["sp-bochnia"]["accepted"]
    with scoped(EVERY_OFFICE):
        number = db.session.scalars(select(Finding.number).where(Finding.key == case)).one()
    proxy.language = "en"

    polish = events(feed(client, address_of_calendar(clerk)))[f"action-action:{action}-sp-bochnia@{HOST}"]
    english = events(feed(client, address_of_calendar(proxy)))[
        f"certificate_end-certificate:{certificate}-sp-bochnia@{HOST}"
    ]

    assert polish.summary.value == f"Wykonaj działanie {number}"
    assert polish.description.value.split("\n") == [
        "Dzień uzgodniony dla tego działania.",
        "Starostwo Powiatowe w Bochni",
        f"Otwórz po zalogowaniu: http://localhost/u/sp-bochnia/ustalenia/{case}",
    ]
    assert "The last day of validity printed on the certificate." in english.description.value


def test_the_calendar_names_no_person_and_quotes_no_finding(crowd: Crowd, client: FlaskClient) -> None:
    with scoped(EVERY_OFFICE):
        typed_in = [
            *db.session.scalars(select(Finding.statement)),
            *db.session.scalars(select(Action.description)),
            *db.session.scalars(select(Person.name)),
            *db.session.scalars(select(Person.email)),
        ]
    for person in everybody():
        text = "\n".join(told(event) for event in events(feed(client, address_of_calendar(person))).values())

        assert [words for words in typed_in if words in text] == []
    with scoped(EVERY_OFFICE):
        titles = " ".join(duty.title for duty in agenda.gather([1, 2], agenda.EVER, later(400), today=TODAY))
    assert any(words in titles for words in typed_in), "the agenda's titles hold what a calendar leaves out"


def test_nothing_of_an_office_comes_into_the_calendar_of_another(crowd: Crowd, client: FlaskClient) -> None:
    ours = feed(client, address_of_calendar(crowd.world.bochnia.proxy))
    theirs = feed(client, address_of_calendar(crowd.world.leczyca.proxy))

    assert {uid.rpartition("@")[0][-11:] for uid in events(ours)} == {"-sp-bochnia"}
    assert {uid.rpartition("@")[0][-11:] for uid in events(theirs)} == {"-sp-leczyca"}
    assert "Łęczyc".encode() not in ours


def test_a_moved_day_keeps_the_name_of_the_thing(crowd: Crowd, client: FlaskClient) -> None:
    token = address_of_calendar(crowd.world.bochnia.fn_clerk)
    uid = f"action-action:{crowd.keys['sp-bochnia']['action']}-sp-bochnia@{HOST}"
    before = days(events(feed(client, token))[uid])[0]

    with scoped(EVERY_OFFICE):
        action = db.session.scalars(select(Action).where(Action.key == crowd.keys["sp-bochnia"]["action"])).one()
        action.due_on = before + timedelta(days=9)
        db.session.commit()

    assert days(events(feed(client, token))[uid])[0] == before + timedelta(days=9)


def test_the_feed_is_kept_by_nobody_and_asked_for_every_six_hours(world: World, client: FlaskClient) -> None:
    token = address_of_calendar(world.bochnia.proxy)
    answer = client.get(f"/kal/{token}.ics")
    calendar = vobject.readOne(answer.text)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert token not in str(answer.headers)
    assert calendar.contents["x-wr-calname"][0].value == "Rejestr auditów: moje zadania"
    assert calendar.contents["refresh-interval"][0].value == "PT6H"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in answer.text
    assert calendar.contents["x-wr-timezone"][0].value == "Europe/Warsaw"


@pytest.mark.parametrize("year", [2026, 2027, 2036, 2049])
def test_the_zone_told_with_it_is_that_of_poland(year: int) -> None:
    text = calendars.feed([], name="Terminy", made_at=NOON).decode()
    zone = vobject.readOne(text).vtimezone.gettzinfo()

    for day in range(366):
        noon = datetime(year, 1, 1, 12) + timedelta(days=day)  # noqa: DTZ001 - the clock on the wall
        assert noon.replace(tzinfo=zone).utcoffset() == noon.replace(tzinfo=clock.WARSAW).utcoffset(), noon


LONG = "Wydział Gospodarki Nieruchomościami, Zagospodarowania Przestrzennego; Ochrony Środowiska \\ żółć " * 2


def test_lines_are_short_and_whole_letters_and_commas_survive() -> None:
    text = calendars.attachment([an_entry(summary=LONG[:190], description=f"{LONG}\n{LONG}")], made_at=NOON)

    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None and b"\n" not in line and b"\r" not in line for line in lines)
    (event,) = events(text).values()
    assert told(event) == f"{LONG[:190]}\n{LONG}\n{LONG}"


@pytest.mark.parametrize("typed_in", ["Zły\r\nEND:VEVENT", "a\u2028b\x85c", "\ud800\x00\x0b", "x" * 5000])
def test_nothing_typed_into_a_name_can_break_out_of_its_line(typed_in: str) -> None:
    text = calendars.attachment([an_entry(summary=typed_in, description="a\nb")], made_at=NOON)

    (event,) = events(text).values()
    assert event.uid.value == "1@x"
    assert len(text.decode().splitlines()) == text.count(b"\r\n")


def an_entry(**changed: Any) -> Entry:
    facts = {"uid": "1@x", "summary": "Audit", "description": "", "first_on": TODAY, "last_on": TODAY}
    return Entry(**(facts | changed))


@pytest.mark.parametrize(
    ("last_on", "day_after"),
    [(date(2028, 2, 28), date(2028, 2, 29)), (date(2026, 12, 31), date(2027, 1, 1)), (TODAY, later(1))],
)
def test_the_last_day_is_the_one_before_the_end(last_on: date, day_after: date) -> None:
    text = calendars.attachment([an_entry(first_on=date(2026, 3, 1), last_on=last_on)], made_at=NOON)

    (event,) = events(text).values()
    assert days(event) == (date(2026, 3, 1), day_after)
    assert event.dtstamp.value == NOON.astimezone(UTC)


# --- the secret address


def test_only_the_address_itself_opens_the_calendar(world: World, client: FlaskClient) -> None:
    anna, jan = world.bochnia.proxy, world.leczyca.proxy
    token, other = address_of_calendar(anna), address_of_calendar(jan)
    seal = token.partition("-")[2]
    wrong = [
        anna.key,
        f"{anna.key}-",
        f"{anna.key}-{other.partition('-')[2]}",
        f"{jan.key}-{seal}",
        f"{token[:-1]}{'0' if token[-1] != '0' else '1'}",
        token[:-1],
        token.upper(),
        f"{token}0",
        f"nobody22-{seal}",
        f"-{seal}",
        "ż-ż",
        "%00",
        seal,
    ]

    assert [client.get(f"/kal/{each}.ics").status_code for each in wrong] == [404] * len(wrong)
    assert len(seal) * 4 == 160
    assert client.get(f"/kal/{token}.ics").status_code == 200
    assert client.get(f"/kal/{token}").status_code == 404


def test_who_never_asked_for_an_address_has_none(app: Flask, world: World, client: FlaskClient) -> None:
    secret, person = app.config["SECRET_KEY"], world.bochnia.proxy
    sealed = seal(secret, f"calendar:{person.id}:0")
    unasked = f"{person.key}-{sealed}"

    assert calendar_address.token_of(person, secret) is None
    assert client.get(f"/kal/{unasked}.ics").status_code == 404


def test_the_address_ends_with_the_account(world: World, client: FlaskClient) -> None:
    person = world.bochnia.fn_clerk
    token = address_of_calendar(person)
    with scoped(EVERY_OFFICE):
        people_service.deactivate(person, reason="Left.")
        db.session.commit()

    assert client.get(f"/kal/{token}.ics").status_code == 404


def test_a_person_gets_an_address_on_the_page_of_the_account_and_changes_it(
    world: World, client: FlaskClient, signed_in: SignIn
) -> None:
    browser = signed_in(world.bochnia.proxy)
    assert BeautifulSoup(browser.get("/konto").data, "html.parser").select_one("#calendar") is None

    addresses = []
    for _ in range(2):
        answer = typed(browser, "/konto/kalendarz")
        assert answer.location == "/konto#kalendarz"
        addresses.append(BeautifulSoup(browser.get("/konto").data, "html.parser").select_one("#calendar")["value"])

    first, second = (address.removeprefix("http://localhost") for address in addresses)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_the_same_form_sent_twice_changes_the_address_once(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.bochnia.proxy)
    page = BeautifulSoup(browser.get("/konto/kalendarz").data, "html.parser")
    hidden = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}

    answers = [browser.post("/konto/kalendarz", data=hidden) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/konto#kalendarz"] * 2
    assert db.session.get_one(Person, world.bochnia.proxy.id, populate_existing=True).calendar_serial == 1


def test_reading_changes_nothing_and_nothing_else_can_be_done(crowd: Crowd, client: FlaskClient) -> None:
    token = address_of_calendar(crowd.world.bochnia.proxy)
    db.session.rollback()  # SQLite lets one at a time in
    before = crowds.contents(crowd.app)

    feed(client, token)
    refused = [client.open(f"/kal/{token}.ics", method=method).status_code for method in ("POST", "PUT", "DELETE")]

    assert refused == [405] * 3
    assert client.get("/zadania").status_code == 302
    assert crowds.contents(crowd.app) == before


def test_the_secret_stands_in_no_log_and_in_no_record(
    app: Flask,
    world: World,
    client: FlaskClient,
    *,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = address_of_calendar(world.bochnia.proxy)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", 0)
    monkeypatch.delitem(app.config, "BASE_URL")

    assert client.get(f"/kal/{token}.ics").status_code == 500

    assert "KeyError" in caplog.text
    assert token.partition("-")[2] not in caplog.text
    stored = [str(vars(entry)) for entry in db.session.scalars(select(TrailEntry))]
    assert any("calendar_serial" in entry for entry in stored)
    assert token.partition("-")[2] not in str(crowds.contents(app))


# --- what letters bring


def planned(office: OfficeWorld, *, days_long: int = 2) -> Audit:
    with scoped(frozenset({office.office.id})):
        audit = audits.plan(office.office, a_plan(office, later(14), days_long=days_long), today=TODAY)
        db.session.commit()
    return audit


def a_plan(office: OfficeWorld, starts_on: date, *, days_long: int) -> Plan:
    return Plan(
        kind="internal",
        edition_code=EDITION,
        department_ids=frozenset({office.departments["FN"].id}),
        clause_ids=frozenset({clause_id("7.5.1")}),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days_long - 1),
        lead_id=office.auditor.id,
        member_ids=frozenset(),
    )


def brought(server: MailServer, recipient: str) -> list[bytes]:
    """The calendars that letters brought, in the order of the letters."""
    parts = [part for letter in server.letters_to(recipient) for part in letter.message.iter_attachments()]
    assert {part.get_content_type() for part in parts} <= {"text/calendar"}
    assert {part.get_filename() for part in parts} <= {"termin.ics"}
    assert all(part["Content-Type"].params == {"charset": "utf-8", "method": "PUBLISH"} for part in parts)
    return [part.get_payload(decode=True) for part in parts]


def test_the_notice_of_an_audit_brings_its_days(world: World) -> None:
    office = world.bochnia
    audit = planned(office)

    with mail_server() as server:
        send(server)

    for person in (office.fn_head, office.auditor):
        (text,) = brought(server, person.email)
        assert vobject.readOne(text.decode()).contents["method"][0].value == "PUBLISH"
        ((uid, event),) = events(text).items()
        assert uid == f"audit-audit:{audit.key}-sp-bochnia@{HOST}"
        assert days(event) == (later(14), later(16))
        assert event.summary.value == f"Audit {audit.number}: Wydział Finansowy"
        assert f"http://localhost/u/sp-bochnia/audity/{audit.key}" in event.description.value
        assert event.transp.value == "OPAQUE"
    letter = server.letters_to(office.fn_head.email)[0]
    assert letter.message.get_content_type() == "multipart/mixed"
    assert audit.number in letter.text
    assert audit.number in letter.html


def test_the_feed_knows_the_audit_by_the_name_the_letter_gave_it(world: World, client: FlaskClient) -> None:
    planned(world.bochnia)
    with mail_server() as server:
        send(server)
    (text,) = brought(server, world.bochnia.auditor.email)

    assert events(text).keys() <= events(feed(client, address_of_calendar(world.bochnia.auditor))).keys()


def test_the_feed_tells_all_days_of_an_audit_with_its_place_and_hours_and_nobodys_name(
    world: World, client: FlaskClient
) -> None:
    office = world.bochnia
    audit = planned(office)
    with scoped(frozenset({office.office.id})):
        audit.places = "ul. Kazimierza Wielkiego 31, sala 5\nMeet"
        for from_, until, subject in ((9, 10, "Spotkanie otwierające"), (10, 13, "Rozmowa: Fn Clerk")):
            row = Row(day=audit.starts_on, from_time=time(from_), to_time=time(until), subject=subject)
            timetable.add(audit, row)
        first, last = audit.starts_on, audit.ends_on
        db.session.commit()

    found = events(feed(client, address_of_calendar(office.auditor))).values()
    (event,) = [each for each in found if audit.number in each.summary.value]

    assert days(event) == (first, last + timedelta(days=1))
    assert event.location.value == "ul. Kazimierza Wielkiego 31, sala 5; Meet"
    assert f"{first:%d.%m.%Y}, 09:00–13:00" in event.description.value
    assert "Fn Clerk" not in told(event)


def test_a_moved_audit_replaces_the_one_before_and_a_cancelled_one_takes_it_out(world: World) -> None:
    office = world.bochnia
    audit = planned(office)
    with scoped(frozenset({office.office.id})), mail_server() as server:
        send(server)
        for days_on in (21, 28):
            wanted = a_plan(office, later(days_on), days_long=1)
            audits.change(audit, wanted, today=TODAY, reason="Choroba.")
            send(server)
        audits.cancel(audit, reason="Zwolnienie.", today=TODAY)
        send(server)

    for person in (office.fn_head, office.auditor):
        found = [next(iter(events(text).values())) for text in brought(server, person.email)]
        assert len({event.uid.value for event in found}) == 1
        assert [days(event)[0] for event in found] == [later(14), later(21), later(28), later(28)]
        sequence = [int(event.sequence.value) for event in found]
        assert sequence == sorted(set(sequence))
        assert ["status" in event.contents for event in found] == [False, False, False, True]
        assert found[-1].status.value == "CANCELLED"


def test_the_accepted_plan_brings_each_owner_the_days_of_their_own_actions(world: World, client: FlaskClient) -> None:
    office = world.bochnia
    case = Case(office).publish().answer(due_on=later(30)).accept()
    with case.scope():
        (action,) = case.again().current_actions

    with mail_server() as server:
        send(server)

    texts = {name: brought(server, office.people[name].email) for name in ("fn_clerk", "fn_head")}
    ((uid, event),) = events(texts["fn_clerk"][-1]).items()
    assert uid == f"action-action:{action.key}-sp-bochnia@{HOST}"
    assert days(event) == (later(30), later(31))
    assert event.transp.value == "TRANSPARENT"
    assert action.description not in told(event)
    assert uid in events(feed(client, address_of_calendar(office.fn_clerk)))
    assert not any("action" in uid for text in texts["fn_head"] for uid in events(text)), "they do none of it"


def test_a_digest_brings_the_days_of_the_certificate_it_tells_of_under_their_names_in_the_feed(
    world: World, client: FlaskClient
) -> None:
    office = world.bochnia
    with without_trainings():
        with writing():
            certify(office.office, starts=-700, ends=60)
        nonconformity(office, due_on=TODAY)
        plan(office)
        with mail_server() as server:
            send(server)

    (text,) = brought(server, office.proxy.email)
    found = events(text)
    assert {uid.partition("-")[0] for uid in found} >= {"certificate_end"}
    assert {uid.partition("-")[0] for uid in found} <= {kind.value for kind in KINDS}
    end = next(event for uid, event in found.items() if uid.startswith("certificate_end"))
    assert days(end) == (later(60), later(61))
    assert "http://localhost/u/sp-bochnia/certyfikat" in end.description.value
    assert found.keys() <= events(feed(client, address_of_calendar(office.proxy))).keys()
    assert brought(server, office.fn_head.email) == []


def test_a_digest_tried_again_is_the_same_to_the_last_byte_though_a_matter_was_done_meanwhile(world: World) -> None:
    office = world.bochnia
    with without_trainings():
        with writing():
            certify(office.office, starts=-700, ends=60)
            office.proxy.email = "drops@example.com"
        case = nonconformity(office, due_on=TODAY - timedelta(days=7))
        plan(office)
        with mail_server() as server:
            send(server)
            with writing():
                case.waits_for = case.due_on = None
                (certificate,) = db.session.scalars(select(Certificate))
                certificate.valid_until = later(900)
            with after(minutes=30):
                send(server)

    first, second = server.letters_to("drops@example.com")
    assert first.message.as_bytes() == second.message.as_bytes()


def test_a_letter_tried_again_is_the_same_to_the_last_byte(world: World) -> None:
    office = world.bochnia.office
    person = reader("drops")
    told_of = {"number": "A/1", "department": "Wydział Finansowy", "path": "/u/sp-bochnia/audity/1", "sequence": 3}
    told_of |= {"starts_on": "2026-12-01", "ends_on": "2026-12-02", "uid_of": "audit:1", "lead": "A", "clauses": []}
    put(person, kind="audit_notice", payload=told_of | {"role": "team"}, office_id=office.id)

    with mail_server() as server:
        send(server)
        with after(minutes=30):
            send(server)

    first, second = server.letters_to(person.email)
    assert first.message.as_bytes() == second.message.as_bytes()
    assert events(brought(server, person.email)[1]).keys() == {f"audit-audit:1-sp-bochnia@{HOST}"}


def test_other_letters_and_those_queued_before_calendars_bring_none(world: World) -> None:
    old = {"number": "A/1", "department": "Wydział Finansowy", "path": "/u/x", "role": "team", "lead": ""}
    old |= {"starts_on": "2026-12-01", "ends_on": "2026-12-02", "clauses": []}
    put(world.bochnia.proxy, "old", kind="audit_notice", payload=old, office_id=world.bochnia.office.id)
    put(world.bochnia.proxy, "test", office_id=world.bochnia.office.id)

    with mail_server() as server:
        send(server)

    assert len(server.taken) == 2
    assert brought(server, world.bochnia.proxy.email) == []
    assert {letter.message.get_content_type() for letter in server.taken} == {"multipart/alternative"}
