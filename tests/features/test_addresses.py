"""Another mailbox of a person: asked for by the office, counted once confirmed there, stopped from the old one."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import current_app
from sqlalchemy import select

from qms.auth import service as auth
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.domain.standing import Who
from qms.people import links, queries, service
from qms.people.models import AddressChange, Appointment, Membership, Person
from tests.support.application import NOON, typed
from tests.support.invitations import confirm, link, newest, press
from tests.support.mail_server import mail_server
from tests.support.post import send
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY

OFFICE = "/u/sp-bochnia"
NEW = "nowy@bochnia.example.com"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def ask(client, someone, email=NEW):
    return typed(client, f"{OFFICE}/osoby/{someone.key}/adres", email=email)


def shown(response):
    return BeautifulSoup(response.data, "html.parser").select_one("main")


def errors(response):
    return {
        each["id"].removesuffix("-error"): each.get_text(" ", strip=True) for each in shown(response).select("p.error")
    }


def person(email=NEW):
    found = db.session.scalar(select(Person).where(Person.email == email).execution_options(populate_existing=True))
    db.session.commit()
    return found


def test_a_confirmed_address_signs_in_and_the_old_one_is_told(signed_in, world):
    place, someone, old = world.bochnia, world.bochnia.fn_clerk, world.bochnia.fn_clerk.email
    inside = signed_in(someone)

    with clock.at(NOON + MINUTE):
        answer = ask(signed_in(place.proxy), someone)
        assert answer.location == f"{OFFICE}/osoby/{someone.key}/zmien"
        assert (person(), inside.get("/konto").status_code) == (None, 200)
        with mail_server() as server:
            send(server)
        assert sorted(server.recipients) == sorted([old, NEW])
        assert link(links.CONFIRM, NEW) in server.letters_to(NEW)[0].text
        assert link(links.STOP, NEW) in server.letters_to(old)[0].text
        assert NEW not in server.letters_to(old)[0].text

        assert confirm(NEW).location == "/logowanie"

        assert inside.get("/konto").status_code == 302
        assert (person().id, person(old)) == (someone.id, None)
        with mail_server() as server:
            send(server)
        assert server.recipients == [old]
        assert place.proxy.name in server.taken[0].text
    told = select(TrailEntry).where(TrailEntry.via == "letter", TrailEntry.about == "person")
    assert db.session.scalars(told).one().after["email"] == NEW


def test_a_code_sent_to_the_old_address_no_longer_opens_the_account(signed_in, world):
    place, someone, old = world.bochnia, world.bochnia.fn_clerk, world.bochnia.fn_clerk.email
    auth.ask_for_code(old, browser="b", machine="m")
    code = db.session.scalars(select(Letter).where(Letter.kind == "sign_in_code")).one().payload["code"]
    db.session.commit()

    with clock.at(NOON + MINUTE):
        ask(signed_in(place.proxy), someone)
        confirm(NEW)

        for address in (old, NEW):
            assert auth.sign_in_with_code(address, code, browser="b", machine="m") is None


def seen_by(client, someone, email):
    pages = [shown(client.get(f"{OFFICE}/{page}")) for page in (f"osoby/{someone.key}/zmien", "listy")]
    letters = db.session.scalars(select(Letter).where(Letter.kind.like("address_%")).order_by(Letter.id)).all()
    rows = [(letter.kind, letter.person_id, sorted(letter.payload), letter.not_before) for letter in letters]
    db.session.commit()
    return repr([page.get_text(" ", strip=True) for page in pages] + rows).replace(email, "ADDRESS")


@pytest.mark.parametrize("whose", ["km_head of the own office", "fn_clerk of another", "coordinator", "closed account"])
def test_asking_looks_the_same_whoever_has_the_new_address(signed_in, world, whose):
    place, others = world.bochnia, {"coordinator": world.coordinator, "fn_clerk of another": world.leczyca.fn_clerk}
    owner = others.get(whose, place.km_head if "own" in whose else world.leczyca.km_head)
    if whose == "closed account":
        service.deactivate(owner, reason="left")
        db.session.commit()

    def asked(email):
        client = signed_in(place.proxy)
        with counted() as statements:
            answer = ask(client, place.fn_clerk, email)
        seen = seen_by(client, place.fn_clerk, email)
        with scoped(EVERY_OFFICE):
            db.session.delete(db.session.get(AddressChange, newest(AddressChange, email).id))
            for letter in db.session.scalars(select(Letter).where(Letter.kind.like("address_%"))):
                db.session.delete(letter)
            db.session.commit()
        return answer.status_code, answer.location, seen, len(statements)

    taken, free = asked(owner.email), asked("nobody@leczyca.example.com")

    assert taken == free


def test_a_taken_address_is_said_to_its_mailbox_alone(signed_in, world):
    place, owner = world.bochnia, world.leczyca.km_head
    ask(signed_in(place.proxy), place.fn_clerk, owner.email)

    refused = confirm(owner.email)

    assert shown(refused).select(".error-summary")
    assert person(owner.email).id == owner.id
    assert owner.name not in signed_in(place.proxy).get(f"{OFFICE}/osoby/{place.fn_clerk.key}/zmien").text


# Whoever reads the mailbox signs in as the person: the administrator of an office gains no rights over content so.
# The days are those after which the new mailbox is written to.
@pytest.mark.parametrize(
    ("by", "whose", "days"),
    [
        ("proxy", "proxy", None),
        ("proxy", "deputy", 0),
        ("proxy", "head", 0),
        ("proxy", "auditor", 0),
        ("proxy", "fn_clerk", 0),
        ("deputy", "proxy", 0),
        ("office_admin", "fn_clerk", 3),
        ("office_admin", "office_admin", None),
        ("office_admin", "proxy", None),
        ("office_admin", "deputy", None),
        ("office_admin", "head", None),
        ("office_admin", "auditor", None),
        ("office_admin", "fn_head", None),
    ],
)
def test_nobody_gets_more_rights_over_audits_by_changing_an_address(signed_in, world, by, whose, days):
    place = world.bochnia

    answer = ask(signed_in(place.people[by]), place.people[whose])

    if days is None:
        assert shown(answer).select(".error-summary")
        assert newest(AddressChange, NEW) is None
        return
    assert answer.status_code == 302
    for later in (days - 1, days):
        with clock.at(NOON + later * DAY):
            page = current_app.test_client().get(link(links.CONFIRM, NEW))
            assert bool(shown(page).select("form.form")) is (later >= days)
    with clock.at(NOON + days * DAY):
        assert confirm(NEW).status_code == 302
    assert person().id == place.people[whose].id


def test_the_new_mailbox_is_written_to_only_when_it_may_answer(signed_in, world):
    place, old = world.bochnia, world.bochnia.fn_clerk.email
    ask(signed_in(place.office_admin), place.fn_clerk)

    with mail_server() as server:
        send(server)
        assert server.recipients == [old]
        with clock.at(NOON + 3 * DAY):
            send(server)
    assert server.recipients == [old, NEW]


def test_the_old_mailbox_stops_it_and_nothing_is_written_to_the_new_one(signed_in, world):
    place, someone = world.bochnia, world.bochnia.fn_clerk
    ask(signed_in(place.office_admin), someone)
    confirming = link(links.CONFIRM, NEW)

    assert press(link(links.STOP, NEW)).location == "/logowanie"

    with clock.at(NOON + 3 * DAY), mail_server() as server:
        send(server)
        assert server.recipients == []
        assert not shown(current_app.test_client().get(confirming)).select("form.form")
    assert person() is None


def test_one_link_does_not_do_the_work_of_the_other(signed_in, world):
    ask(signed_in(world.bochnia.proxy), world.bochnia.fn_clerk)

    swapped = link(links.STOP, NEW).replace("zatrzymaj", "adres")

    assert current_app.test_client().get(swapped).status_code == 404


def test_the_office_withdraws_it(signed_in, world):
    place, someone, client = world.bochnia, world.bochnia.fn_clerk, signed_in(world.bochnia.proxy)
    ask(client, someone)
    page = shown(client.get(f"{OFFICE}/osoby/{someone.key}/zmien"))
    form = page.select_one("form.inline")
    path = link(links.CONFIRM, NEW)

    client.post(form["action"], data={field["name"]: field["value"] for field in form.select("input[type=hidden]")})

    assert not shown(current_app.test_client().get(path)).select("form.form")
    assert NEW not in client.get(f"{OFFICE}/osoby/{someone.key}/zmien").text
    assert ask(client, someone).status_code == 302
    assert person(place.fn_clerk.email).id == someone.id


def test_one_address_waits_at_a_time(signed_in, world):
    client, someone = signed_in(world.bochnia.proxy), world.bochnia.fn_clerk
    ask(client, someone)

    refused = ask(client, someone, "inny@bochnia.example.com")

    assert set(errors(refused)) == {"email"}
    with clock.at(NOON + 15 * DAY):
        assert ask(signed_in(world.bochnia.proxy), someone, "inny@bochnia.example.com").status_code == 302


@pytest.mark.parametrize("typed_in", ["", "x", "FN_CLERK@sp-bochnia.example.com"])
def test_no_address_a_wrong_one_and_the_present_one_are_refused(signed_in, world, typed_in):
    refused = ask(signed_in(world.bochnia.proxy), world.bochnia.fn_clerk, typed_in)

    assert set(errors(refused)) == {"email"}
    assert db.session.scalars(select(Letter)).all() == []


@pytest.mark.parametrize("also", ["another office", "coordinator", "admin"])
@pytest.mark.parametrize("is_late", [False, True])
def test_the_address_of_an_account_that_serves_others_too_is_not_changed_here(signed_in, world, also, is_late):
    place, shared = world.bochnia, world.bochnia.fn_clerk
    if is_late:
        ask(signed_in(place.proxy), shared)
    with scoped(EVERY_OFFICE):
        if also == "another office":
            service.join(db.session.merge(shared), world.leczyca.departments["FN"], from_on=SINCE)
        account = queries.by_email(shared.email)
        account.is_coordinator, account.is_admin = also == "coordinator", also == "admin"
        db.session.commit()

    refused = confirm(NEW) if is_late else ask(signed_in(place.proxy), shared)

    assert shown(refused).select(".error-summary")
    assert "Łęczyc" not in refused.text
    assert person() is None


def test_the_page_says_first_what_happens(signed_in, world):
    page = signed_in(world.bochnia.proxy).get(f"{OFFICE}/osoby/{world.bochnia.fn_clerk.key}/adres")

    said = shown(page).select_one(".notice").get_text(" ", strip=True)
    assert "stamtąd można zatrzymać zmianę" in said


def end_posts(place, whose):
    with scoped(frozenset({place.office.id})):
        for post in db.session.scalars(select(Appointment).where(Appointment.person_id == whose.id)):
            post.until_on = TODAY - DAY
        db.session.commit()


@pytest.mark.parametrize("meanwhile", ["became auditor", "heads", "asker left", "left"])
def test_a_change_counts_only_while_whoever_asked_could_ask_for_it(signed_in, world, meanwhile):
    place, someone = world.bochnia, world.bochnia.fn_clerk
    ask(signed_in(place.office_admin), someone)
    with scoped(frozenset({place.office.id})):
        own = db.session.scalars(select(Membership).where(Membership.person_id == someone.id)).one()
        if meanwhile == "became auditor":
            service.appoint(db.session.merge(someone), place.office, Who.AUDITOR, from_on=TODAY)
        own.is_head = meanwhile == "heads"
        own.until_on = TODAY if meanwhile == "left" else None
        db.session.commit()
    if meanwhile == "asker left":
        end_posts(place, place.office_admin)

    with clock.at(NOON + 3 * DAY):
        refused = confirm(NEW)

    assert shown(refused).select(".error-summary")
    assert person() is None


def test_what_another_office_asked_for_once_stands_in_nobodys_way(signed_in, world):
    someone, other = world.bochnia.fn_clerk, world.leczyca
    ask(signed_in(world.bochnia.proxy), someone)
    with scoped(EVERY_OFFICE):
        db.session.scalars(select(Membership).where(Membership.person_id == someone.id)).one().until_on = TODAY - DAY
        service.join(db.session.merge(someone), other.departments["FN"], from_on=TODAY)
        db.session.commit()

    asked = typed(signed_in(other.proxy), f"/u/sp-leczyca/osoby/{someone.key}/adres", email="i@leczyca.example.com")

    assert asked.status_code == 302
    assert shown(confirm(NEW)).select(".error-summary")
    assert confirm("i@leczyca.example.com").status_code == 302
