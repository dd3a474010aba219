"""Invitations by e-mail: an office learns nothing of accounts, and whoever reads the mailbox decides."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import current_app
from sqlalchemy import select

from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.domain.invitations import MOST_LETTERS, MOST_TO_ONE
from qms.people import links, queries, service
from qms.people.models import Appointment, Invitation, Loan, Membership
from tests.support.application import NOON, typed
from tests.support.invitations import accept, link, newest, press
from tests.support.mail_server import mail_server
from tests.support.post import send
from tests.support.statements import counted
from tests.support.world import TODAY

OFFICE = "/u/sp-bochnia"
NEW = "l.zak@bochnia.example.com"
DAY = timedelta(days=1)


def invite(client, email=NEW, name="Łucja Żak", **changed):
    fields = {"name": name, "email": email, "from_on": "20.11.2026"} | changed
    return typed(client, f"{OFFICE}/osoby/nowa", **fields)


def shown(response):
    return BeautifulSoup(response.data, "html.parser").select_one("main")


def errors(response):
    return {
        each["id"].removesuffix("-error"): each.get_text(" ", strip=True) for each in shown(response).select("p.error")
    }


def works_in(person):
    with scoped(EVERY_OFFICE):
        found = set(db.session.scalars(select(Membership.office_id).where(Membership.person_id == person.id)))
        db.session.commit()
    return found


# Whose address it is, whether the account is active, and what has to look alike: everything.
ADDRESSES = ("nobody", "elsewhere", "closed elsewhere", "coordinator", "administrator")


def address_of(kind, world):
    stranger = world.leczyca.fn_clerk
    if kind == "closed elsewhere":
        service.deactivate(stranger, reason="left")
        db.session.commit()
    people = {"coordinator": world.coordinator, "administrator": world.admin}
    return "nobody@leczyca.example.com" if kind == "nobody" else people.get(kind, stranger).email


def seen_by(client, email):
    """Every page, letter and line of the trail in which the office can read of it, without the address itself."""
    pages = [shown(client.get(f"{OFFICE}/{page}")) for page in ("urzad", "osoby", "listy", "audity/nowy", "auditorzy")]
    asked = newest(Invitation, email)
    pages.append(shown(client.get(f"{OFFICE}/zaproszenia/{asked.key}")))
    [letter] = db.session.scalars(select(Letter).where(Letter.kind == "invitation")).all()
    told = db.session.scalars(
        select(TrailEntry).where(TrailEntry.chain == asked.office_id, TrailEntry.about == "invitation")
    )
    told = [(each.action, sorted(each.after), each.after.get("person_id")) for each in told][-1:]
    everything = [page.get_text(" ", strip=True) for page in pages]
    everything += [letter.person_id, sorted(letter.payload), letter.state, told]
    db.session.commit()
    return repr(everything).replace(email, "ADDRESS")


@pytest.mark.parametrize("kind", ADDRESSES[1:])
def test_an_invitation_looks_the_same_whether_or_not_the_address_has_an_account(app, signed_in, world, kind):
    def asked(email):
        client = signed_in(world.bochnia.proxy)
        with counted() as statements:
            answer = invite(client, email, department=world.bochnia.departments["FN"].key)
        said = shown(client.get(answer.location)).select_one(".notice").get_text(" ", strip=True)
        seen = seen_by(client, email)
        with scoped(EVERY_OFFICE):
            db.session.delete(db.session.get(Invitation, newest(Invitation, email).id))
            for letter in db.session.scalars(select(Letter).where(Letter.kind == "invitation")):
                db.session.delete(letter)
            db.session.commit()
        return answer.status_code, answer.location, said, seen, len(statements)

    known, unknown = asked(address_of(kind, world)), asked("nobody@leczyca.example.com")

    assert known == unknown


@pytest.mark.parametrize("kind", ADDRESSES)
def test_nobody_is_in_the_office_before_they_accept(signed_in, world, kind):
    place, email = world.bochnia, address_of(kind, world)

    invite(signed_in(place.proxy), email, department=place.departments["FN"].key)

    with scoped(frozenset({place.office.id})):
        assert email not in {each.person.email for each in db.session.scalars(select(Membership))}


def test_who_has_an_account_keeps_it_and_the_office_sees_its_name_once_they_accept(signed_in, world):
    place, known = world.bochnia, world.leczyca.fn_clerk
    client = signed_in(place.proxy)
    invite(client, known.email, name="Ktoś Inny", department=place.departments["FN"].key)
    assert known.name not in client.get(f"{OFFICE}/urzad").text
    page = shown(current_app.test_client().get(link(links.JOIN, known.email)))
    assert known.name in page.get_text()

    answer = accept(known.email)

    assert answer.location == "/logowanie"
    assert works_in(known) == {place.office.id, world.leczyca.office.id}
    office = client.get(f"{OFFICE}/urzad").text
    assert known.name in office
    assert "Ktoś Inny" not in office


def test_the_letter_goes_to_the_address_typed_with_a_link_that_accepts(signed_in, world):
    place = world.bochnia
    invite(signed_in(place.proxy), department=place.departments["FN"].key)

    with mail_server() as server:
        send(server)

    [letter] = server.letters_to(NEW)
    path = link(links.JOIN, NEW)
    assert path in letter.text
    assert "Łucja Żak" in str(letter.message["To"])
    [kept] = db.session.scalars(select(Letter).where(Letter.kind == "invitation")).all()
    assert (kept.payload, kept.text, kept.html, kept.sent_to) == ({}, "", "", NEW)
    db.session.commit()
    assert press(path).status_code == 302


def test_opening_the_link_changes_nothing(signed_in, world):
    invite(signed_in(world.bochnia.proxy), department=world.bochnia.departments["FN"].key)

    for _ in range(2):
        assert current_app.test_client().get(link(links.JOIN, NEW)).status_code == 200

    assert newest(Invitation, NEW).answered_on is None


def test_an_invitation_is_accepted_once(signed_in, world):
    invite(signed_in(world.bochnia.proxy), department=world.bochnia.departments["FN"].key)
    path = link(links.JOIN, NEW)

    press(path)
    again = press(path)

    assert again.location != "/logowanie"
    with scoped(EVERY_OFFICE):
        person_id = newest(Invitation, NEW).person_id
        assert len(db.session.scalars(select(Membership).where(Membership.person_id == person_id)).all()) == 1


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (14, True), (15, False)])
def test_an_invitation_can_be_accepted_for_a_fortnight(signed_in, world, days, is_open):
    invite(signed_in(world.bochnia.proxy), department=world.bochnia.departments["FN"].key)

    with clock.at(NOON + days * DAY):
        answer = current_app.test_client().get(link(links.JOIN, NEW))
        assert bool(shown(answer).select("form.form")) is is_open
        accept(NEW)

    assert (newest(Invitation, NEW).person_id is not None) is is_open


def test_a_withdrawn_invitation_opens_nothing_and_its_letter_does_not_leave(signed_in, world):
    place, client = world.bochnia, signed_in(world.bochnia.proxy)
    invite(client, department=place.departments["FN"].key)
    page = f"{OFFICE}/zaproszenia/{newest(Invitation, NEW).key}"
    fields = {field["name"]: field["value"] for field in shown(client.get(page)).select("form input[type=hidden]")}
    path = link(links.JOIN, NEW)

    client.post(f"{page}/wycofaj", data=fields)

    with mail_server() as server:
        send(server)
    assert server.recipients == []
    assert not shown(current_app.test_client().get(path)).select("form.form")
    assert client.get(page).status_code == 404
    assert NEW not in client.get(f"{OFFICE}/urzad").text


def test_an_invitation_is_sent_again_once_a_day(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    invite(client, department=world.bochnia.departments["FN"].key)
    page = f"{OFFICE}/zaproszenia/{newest(Invitation, NEW).key}"

    assert shown(typed(client, page)).select(".error-summary")
    with clock.at(NOON + 20 * DAY):
        assert typed(signed_in(world.bochnia.proxy), page).status_code == 302
        assert accept(NEW).status_code == 302

    letters = db.session.scalars(select(Letter).where(Letter.kind == "invitation")).all()
    assert len(letters) == 2


def test_an_address_invited_already_is_not_invited_twice_until_its_time_is_over(signed_in, world):
    client, department = signed_in(world.bochnia.proxy), world.bochnia.departments["FN"].key
    invite(client, department=department)

    assert set(errors(invite(client, department=department))) == {"email"}
    with clock.at(NOON + 15 * DAY):
        assert invite(signed_in(world.bochnia.proxy), department=department).status_code == 302


def test_an_address_on_the_own_list_is_refused(signed_in, world):
    place = world.bochnia

    refused = invite(signed_in(place.proxy), place.fn_clerk.email, department=place.departments["KM"].key)

    assert set(errors(refused)) == {"email"}


def test_another_office_sees_nothing_of_an_invitation(signed_in, world):
    invite(signed_in(world.bochnia.proxy), department=world.bochnia.departments["FN"].key)
    key, stranger = newest(Invitation, NEW).key, signed_in(world.leczyca.proxy)

    assert NEW not in stranger.get("/u/sp-leczyca/urzad").text
    assert stranger.get(f"/u/sp-leczyca/zaproszenia/{key}").status_code == 404
    assert stranger.get(f"{OFFICE}/zaproszenia/{key}").status_code == 404


@pytest.mark.parametrize("path", ["zaproszenie", "adres"])
@pytest.mark.parametrize(("spoiled", "status"), [("2222zzzz-" + "0" * 40, 404), ("x", 404), ("", 410)])
def test_a_link_that_was_not_written_by_the_register_leads_nowhere(app, client, path, spoiled, status):
    assert client.get(f"/o/{path}/{spoiled}").status_code == status


def test_what_cannot_be_any_more_is_said_to_the_person_and_nothing_is_saved(signed_in, world):
    place = world.bochnia
    invite(signed_in(place.proxy), department=place.departments["FN"].key)
    with scoped(frozenset({place.office.id})):
        department = db.session.merge(place.departments["FN"])
        department.closed_on = TODAY
        db.session.commit()

    refused = accept(NEW)

    assert shown(refused).select(".error-summary")
    assert newest(Invitation, NEW).answered_on is None


def test_the_trail_says_that_the_person_accepted_by_the_letter(signed_in, world):
    place = world.bochnia
    invite(signed_in(place.proxy), department=place.departments["FN"].key)
    accept(NEW)

    person_id = newest(Invitation, NEW).person_id
    told = select(TrailEntry).where(TrailEntry.chain == place.office.id, TrailEntry.about == "membership")
    last = db.session.scalars(told.order_by(TrailEntry.seq.desc())).first()
    assert (last.person_id, last.via) == (person_id, "letter")


def test_the_page_of_the_office_costs_the_same_for_many_invited(signed_in, world):
    client, department = signed_in(world.bochnia.proxy), world.bochnia.departments["FN"].key
    invite(client, department=department)
    client.get(f"{OFFICE}/urzad")
    with counted() as few:
        client.get(f"{OFFICE}/urzad")
    for number in range(10):
        invite(client, f"o{number}@example.com", department=department)
    client.get(f"{OFFICE}/urzad")
    with counted() as many:
        assert client.get(f"{OFFICE}/urzad").text.count("@example.com") >= 10
    assert len(many) == len(few)


def end(world, whose, *, on=TODAY - DAY):
    """Let somebody's posts in the office end."""
    with scoped(frozenset({world.bochnia.office.id})):
        for post in db.session.scalars(select(Appointment).where(Appointment.person_id == whose.id)):
            post.until_on = on
        db.session.commit()


@pytest.mark.parametrize("how", ["post ended", "account closed"])
def test_who_has_left_brings_nobody_in_until_somebody_else_sends_it_again(signed_in, world, how):
    place = world.bochnia
    invite(signed_in(place.proxy), posts="auditor")
    page = f"{OFFICE}/zaproszenia/{newest(Invitation, NEW).key}"
    end(world, place.proxy)
    if how == "account closed":
        service.deactivate(db.session.merge(place.proxy), reason="left")
        db.session.commit()

    refused = accept(NEW)

    assert "Poproś urząd" in shown(refused).select_one(".error-summary").get_text()
    assert newest(Invitation, NEW).answered_on is None
    assert shown(typed(signed_in(place.office_admin), page)).select(".error-summary")
    with clock.at(NOON + DAY), mail_server() as server:
        assert typed(signed_in(place.deputy), page).status_code == 302
        send(server)
        assert place.deputy.name in server.letters_to(NEW)[-1].text
        assert accept(NEW).status_code == 302


def test_an_invitation_from_before_anybody_managed_the_office_is_not_sent_again_by_its_administrator(signed_in, world):
    place = world.bochnia
    end(world, place.secretary)
    invite(signed_in(place.proxy), posts="secretary")
    page = f"{OFFICE}/zaproszenia/{newest(Invitation, NEW).key}"

    with clock.at(NOON + DAY):
        assert shown(typed(signed_in(place.office_admin), page)).select(".error-summary")


def test_an_office_writes_to_strangers_only_so_often_on_a_day(signed_in, world):
    client, department = signed_in(world.bochnia.proxy), world.bochnia.departments["FN"].key
    for number in range(MOST_LETTERS - 1):
        invite(client, f"o{number}@example.com", department=department)
    typed(client, f"{OFFICE}/osoby/{world.bochnia.fn_clerk.key}/adres", email="last@example.com")

    refused = invite(client, department=department)

    assert "jutro" in shown(refused).select_one(".error-summary").get_text()
    assert shown(typed(client, f"{OFFICE}/osoby/{world.bochnia.km_head.key}/adres", email=NEW)).select(".error-summary")
    assert newest(Invitation, NEW) is None
    with clock.at(NOON + DAY):
        assert invite(signed_in(world.bochnia.proxy), department=department).status_code == 302
    assert len(db.session.scalars(select(Letter).where(Letter.kind == "invitation")).all()) == MOST_LETTERS


def test_an_address_withdrawn_is_not_invited_again_and_again(signed_in, world):
    client, department = signed_in(world.bochnia.proxy), world.bochnia.departments["FN"].key
    for _ in range(MOST_TO_ONE):
        assert invite(client, department=department).status_code == 302
        with scoped(EVERY_OFFICE):
            db.session.get(Invitation, newest(Invitation, NEW).id).ended_on = TODAY
            db.session.commit()

    assert set(errors(invite(client, department=department))) == {"email"}


def test_who_opened_the_page_before_something_changed_is_led_back_to_it(signed_in, world):
    client, browser = signed_in(world.bochnia.proxy), current_app.test_client()
    invite(client, department=world.bochnia.departments["FN"].key)
    path = link(links.JOIN, NEW)
    fields = {item["name"]: item["value"] for item in shown(browser.get(path)).select("form input[type=hidden]")}
    with clock.at(NOON + DAY):
        typed(signed_in(world.bochnia.proxy), f"{OFFICE}/zaproszenia/{newest(Invitation, NEW).key}")

    answer = browser.post(path, data=fields)

    assert answer.location == path
    assert press(path).location == "/logowanie"


def test_an_account_opened_again_serves_neither_the_whole_register_nor_who_was_lent_it(signed_in, world):
    place, email = world.bochnia, world.leczyca.auditor.email
    with scoped(EVERY_OFFICE):
        known = queries.by_email(email)
        known.is_admin = known.is_coordinator = True
        offices = {"office_id": place.office.id, "lender_office_id": world.leczyca.office.id}
        days = {"from_on": TODAY, "until_on": TODAY + 99 * DAY, "asked_on": TODAY, "consented_on": TODAY}
        db.session.add(Loan(email=email, person_id=known.id, asked_by_id=place.proxy.id, **offices, **days))
        service.deactivate(known, reason="left")
        db.session.commit()

    with clock.at(NOON + DAY):
        invite(signed_in(place.proxy), email, department=place.departments["FN"].key)
        accept(email)

    opened = queries.actor_of(queries.by_email(email), TODAY + DAY)
    db.session.commit()
    assert set(opened.departments) == {place.office.id}
    assert (opened.is_admin, opened.is_coordinator, opened.lent_to, opened.posts) == (False, False, frozenset(), {})
