"""People of an office: who adds them, what they are given, how it ends, and what another office learns of it."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.core.trail import TrailEntry
from qms.domain.errors import InvalidInput
from qms.domain.standing import POSTS, Who
from qms.people import colleagues, queries, service
from qms.people.models import Appointment, Invitation, Membership, Person
from qms.policy import offices_of
from tests.support.application import NOON, typed
from tests.support.inputs import inputs
from tests.support.invitations import accept, newest
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY

OFFICE = "/u/sp-bochnia"
DAY = timedelta(days=1)


def add(client, place="sp-bochnia", **changed):
    """Add a person on the page, as it should be but for what is changed."""
    fields = {"name": "Łucja Żak", "email": "l.zak@bochnia.example.com", "department": "", "from_on": "20.11.2026"}
    address = f"/u/{place}/osoby/nowa"
    return client.post(address, data=hidden_fields(client, address) | fields | changed)


def add_and_accept(client, **changed):
    """The same, and the person accepts by the link in the letter."""
    add(client, **changed)
    accept(changed.get("email", "l.zak@bochnia.example.com"))


def hidden_fields(client, address):
    page = BeautifulSoup(client.get(address).data, "html.parser")
    return {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}


def person(email="l.zak@bochnia.example.com"):
    found = db.session.scalar(select(Person).where(Person.email == email).execution_options(populate_existing=True))
    db.session.commit()
    return found


def rows(model, person_id):
    with scoped(EVERY_OFFICE):
        found = db.session.scalars(select(model).where(model.person_id == person_id).order_by(model.id)).all()
        db.session.commit()
    return found


def works_in(someone, on=TODAY):
    """The offices in which the policy gives the person any standing on the day."""
    found = offices_of(queries.actor_of(someone, on))
    db.session.commit()
    return found


def errors(response):
    page = BeautifulSoup(response.data, "html.parser")
    return {each["id"].removesuffix("-error"): each.get_text(" ", strip=True) for each in page.select("main p.error")}


# Adding


def test_an_added_person_gets_an_invitation_and_works_in_the_department_once_it_is_accepted(signed_in, world):
    place = world.bochnia

    answer = add(signed_in(place.proxy), department=place.departments["FN"].key, is_head="y")

    assert answer.location == f"{OFFICE}/urzad"
    assert person() is None
    [letter] = db.session.scalars(select(Letter).where(Letter.kind == "invitation")).all()
    assert (letter.office_id, letter.is_awaited) == (place.office.id, True)
    assert (letter.payload["to"], letter.payload["invited_by"]) == ("l.zak@bochnia.example.com", place.proxy.name)
    db.session.commit()
    accept("l.zak@bochnia.example.com")
    added = person()
    assert (added.name, added.language) == ("Łucja Żak", "pl")
    [work] = rows(Membership, added.id)
    assert (work.department_id, work.is_head, work.from_on) == (place.departments["FN"].id, True, TODAY)


def test_posts_given_with_the_order_count_from_the_first_day(signed_in, world):
    add_and_accept(signed_in(world.bochnia.proxy), posts=["auditor", "office_admin"], order_number="12/2026")

    given = rows(Appointment, person().id)
    assert [(each.post, each.order_number, each.from_on) for each in given] == [
        ("auditor", "12/2026", TODAY),
        ("office_admin", "12/2026", TODAY),
    ]


def test_somebody_with_neither_department_nor_post_is_not_added(signed_in, world):
    refused = add(signed_in(world.bochnia.proxy))

    assert "department" in errors(refused)
    assert person() is None


def test_a_reader_from_the_certification_body_needs_a_last_day(signed_in, world):
    refused = add(signed_in(world.bochnia.proxy), posts=["external_auditor"])

    assert "until_on" in errors(refused)
    assert person() is None


def test_somebody_on_the_list_already_is_not_added_twice(signed_in, world):
    place = world.bochnia

    refused = add(signed_in(place.proxy), email=place.fn_clerk.email, department=place.departments["KM"].key)

    assert "email" in errors(refused)
    assert len(rows(Membership, place.fn_clerk.id)) == 1


def test_a_closed_account_added_again_gets_only_what_it_is_given_now(signed_in, world):
    place, leaver = world.bochnia, world.leczyca.deputy
    service.deactivate(leaver, reason="left")
    db.session.commit()

    with clock.at(NOON + 30 * DAY):
        add_and_accept(
            signed_in(place.proxy), email=leaver.email, name=leaver.name, department=place.departments["FN"].key
        )

        assert person(leaver.email).deactivated_at is None
        assert works_in(leaver, TODAY + 30 * DAY) == {place.office.id}
        ended = [row.until_on for row in (*rows(Membership, leaver.id), *rows(Appointment, leaver.id))]
        assert ended == [TODAY, None, TODAY]


def test_the_same_form_sent_twice_adds_one_person(signed_in, world):
    client, department = signed_in(world.bochnia.proxy), world.bochnia.departments["FN"].key
    sent = hidden_fields(client, f"{OFFICE}/osoby/nowa") | {
        "name": "Jan Kot",
        "email": "j.kot@bochnia.example.com",
        "department": department,
    }

    first, second = (client.post(f"{OFFICE}/osoby/nowa", data=sent | {"from_on": "1.12.2026"}) for _ in range(2))

    assert first.location == second.location
    accept("j.kot@bochnia.example.com")
    assert len(rows(Membership, person("j.kot@bochnia.example.com").id)) == 1


def test_a_department_of_another_office_cannot_be_chosen(signed_in, world):
    refused = add(signed_in(world.bochnia.proxy), department=world.leczyca.departments["FN"].key)

    assert "department" in errors(refused)
    assert person() is None


@pytest.mark.parametrize("case", inputs("person_name"))
def test_a_name_is_kept_as_typed_or_refused_at_its_field(signed_in, world, case):
    if case.value == "\ud800":
        pytest.skip("half a character cannot be sent by a form; tests/domain/test_words.py tries it")
    client = signed_in(world.bochnia.proxy)

    answer = add(client, name=case.value, department=world.bochnia.departments["FN"].key)

    if case.expect == "reject_4xx":
        assert "name" in errors(answer)
        assert newest(Invitation, "l.zak@bochnia.example.com") is None
        return
    accept("l.zak@bochnia.example.com")
    kept = {
        "person_name-003": "Żółć",
        "person_name-015": "=1+1",
        "person_name-031": "JanKowalski",
        "person_name-033": "filip",
    }
    stored = person().name
    assert stored == kept.get(case.id, case.value)
    shown = BeautifulSoup(client.get(f"{OFFICE}/urzad").data, "html.parser")
    assert stored in [each.get_text() for each in shown.select("tbody th a")]
    assert not shown.select("main script, main link")


@pytest.mark.parametrize("case", inputs("email_address"))
def test_an_address_is_brought_to_its_one_form_or_refused_at_its_field(signed_in, world, case):
    answer = add(signed_in(world.bochnia.proxy), email=case.value, department=world.bochnia.departments["FN"].key)

    if case.expect == "reject_4xx":
        assert "email" in errors(answer)
        assert newest(Invitation, case.value[:300]) is None
    else:
        accept(case.value.lower())
        assert person(case.value.lower()).name == "Łucja Żak"


def test_a_refused_form_keeps_everything_typed(signed_in, world):
    department = world.bochnia.departments["KM"].key
    refused = add(signed_in(world.bochnia.proxy), name="  ", email="x", department=department, from_on="31.4.2026")

    page = BeautifulSoup(refused.data, "html.parser")
    assert set(errors(refused)) == {"name", "email", "from_on"}
    assert page.select_one("#email")["value"] == "x"
    assert page.select_one("#from_on")["value"] == "31.4.2026"
    assert page.select_one("#department option[selected]")["value"] == department


# Changing


def test_a_corrected_name_is_sorted_and_told(signed_in, world):
    place = world.bochnia

    typed(signed_in(place.proxy), f"{OFFICE}/osoby/{place.fn_clerk.key}/zmien", name="Anna Żółć")

    changed = person(place.fn_clerk.email)
    assert changed.name == "Anna Żółć"
    with scoped(frozenset({place.office.id})):
        names = [each.person.name for each in colleagues.all_of(place.office, TODAY)]
    assert names[-1] == "Anna Żółć"
    newest = select(TrailEntry).where(TrailEntry.chain == 0).order_by(TrailEntry.seq.desc()).limit(1)
    told = db.session.scalars(newest).one()
    assert (told.about, told.after, told.person_id) == ("person", {"name": "Anna Żółć"}, place.proxy.id)


@pytest.mark.parametrize("also", ["another office", "coordinator", "admin"])
def test_the_name_of_an_account_that_serves_others_too_is_not_changed_here(signed_in, world, also):
    place, shared = world.bochnia, world.bochnia.fn_clerk
    with scoped(EVERY_OFFICE):
        if also == "another office":
            service.join(shared, world.leczyca.departments["FN"], from_on=SINCE)
        shared.is_coordinator, shared.is_admin = also == "coordinator", also == "admin"
        db.session.commit()

    refused = typed(signed_in(place.proxy), f"{OFFICE}/osoby/{shared.key}/zmien", name="Ktoś Inny")

    assert "name" in errors(refused)
    assert "Łęczyc" not in refused.text
    assert person(shared.email).name == "Fn Clerk Sp-Bochnia"


def test_a_name_saved_by_somebody_else_meanwhile_is_not_overwritten(signed_in, world):
    place = world.bochnia
    address = f"{OFFICE}/osoby/{place.fn_clerk.key}/zmien"
    late, early = signed_in(place.proxy), signed_in(place.office_admin)
    loaded = hidden_fields(late, address)
    typed(early, address, name="Wcześniejsza Zmiana")

    answer = late.post(address, data=loaded | {"name": "Późniejsza Zmiana"})

    assert answer.status_code == 409
    assert "Wcześniejsza Zmiana" in answer.text
    assert "Późniejsza Zmiana" in answer.text
    assert person(place.fn_clerk.email).name == "Wcześniejsza Zmiana"


def test_a_move_ends_the_work_so_far_the_day_before(signed_in, world):
    place = world.bochnia
    new = {"department": place.departments["KM"].key, "is_head": "y", "from_on": "1.12.2026"}

    typed(signed_in(place.proxy), f"{OFFICE}/osoby/{place.fn_clerk.key}/przenies", **new)

    work = [
        (each.department_id, each.is_head, each.from_on, each.until_on) for each in rows(Membership, place.fn_clerk.id)
    ]
    assert work == [
        (place.departments["FN"].id, False, SINCE, date(2026, 11, 30)),
        (place.departments["KM"].id, True, date(2026, 12, 1), None),
    ]


def test_a_move_to_the_same_work_is_refused(signed_in, world):
    place = world.bochnia
    same = {"department": place.departments["FN"].key, "from_on": "1.12.2026"}

    refused = typed(signed_in(place.proxy), f"{OFFICE}/osoby/{place.fn_clerk.key}/przenies", **same)

    assert "department" in errors(refused)
    assert len(rows(Membership, place.fn_clerk.id)) == 1


# Ending


def end(client, someone, reason="Zmiana pracy"):
    return typed(client, f"{OFFICE}/osoby/{someone.key}/zakoncz", reason=reason)


def test_ended_access_is_over_at_once_and_the_account_is_closed(signed_in, world):
    place = world.bochnia
    inside = signed_in(place.auditor)

    end(signed_in(place.proxy), place.auditor)

    assert inside.get("/konto").status_code == 302
    assert person(place.auditor.email).deactivated_at == NOON
    assert works_in(place.auditor) == frozenset()
    ended = [row.until_on for row in (*rows(Membership, place.auditor.id), *rows(Appointment, place.auditor.id))]
    assert ended == [TODAY - DAY] * 2
    told = select(TrailEntry.about).where(TrailEntry.reason == "Zmiana pracy")
    assert sorted(db.session.scalars(told)) == ["appointment", "membership", "person"]


def test_somebody_who_works_elsewhere_too_keeps_the_account_and_that_work(signed_in, world):
    place, shared = world.bochnia, world.bochnia.fn_clerk
    with scoped(EVERY_OFFICE):
        service.join(shared, world.leczyca.departments["FN"], from_on=SINCE)
        db.session.commit()
    inside = signed_in(shared)

    answer = end(signed_in(place.proxy), shared)

    assert answer.location == f"{OFFICE}/urzad"
    assert inside.get("/konto").status_code == 200
    assert works_in(shared) == {world.leczyca.office.id}


def test_a_coordinator_on_the_list_of_an_office_is_not_closed_with_it(signed_in, world):
    place = world.bochnia
    with scoped(EVERY_OFFICE):
        service.join(world.coordinator, place.departments["FN"], from_on=SINCE)
        db.session.commit()

    end(signed_in(place.proxy), world.coordinator)

    assert person(world.coordinator.email).deactivated_at is None
    assert works_in(world.coordinator) == frozenset()


def test_what_was_to_begin_later_is_taken_back(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    add_and_accept(client, department=place.departments["FN"].key, posts=["auditor"], from_on="1.12.2026")

    end(client, person())

    assert rows(Membership, person().id) == []
    assert rows(Appointment, person().id) == []


def test_nobody_ends_their_own_access(signed_in, world):
    refused = end(signed_in(world.bochnia.proxy), world.bochnia.proxy)

    assert BeautifulSoup(refused.data, "html.parser").select(".error-summary li")
    assert person(world.bochnia.proxy.email).deactivated_at is None


def test_an_end_without_a_reason_is_refused(signed_in, world):
    refused = end(signed_in(world.bochnia.proxy), world.bochnia.fn_clerk, reason=" ")

    assert "reason" in errors(refused)
    assert person(world.bochnia.fn_clerk.email).deactivated_at is None


# Posts


def appoint(client, post, someone, way="nowe", **changed):
    fields = {"post": post, "person": someone.key, "from_on": "1.12.2026", "order_number": "40/2026"}
    return typed(client, f"{OFFICE}/stanowiska/{way}", **fields | changed)


def test_the_head_of_the_office_appoints_a_deputy_with_the_number_of_the_order(signed_in, world):
    place = world.bochnia

    answer = appoint(signed_in(place.head), "deputy", place.km_head, way="pelnomocnik")

    assert answer.location == f"{OFFICE}/osoby"
    [given] = rows(Appointment, place.km_head.id)
    assert (given.post, given.from_on, given.order_number) == ("deputy", date(2026, 12, 1), "40/2026")


# Who may give which post, by hand and not read from the product.
GIVEN = """
                    proxy  deputy  head  secretary  office_admin  auditor
    proxy           -      -       x     x          -             -
    deputy          -      -       x     x          -             -
    head_of_office  x      x       -     -          -             -
    secretary       x      x       -     -          -             -
    auditor         x      x       -     -          -             -
    office_admin    x      x       -     -          x             -
    external_auditor x     x       -     -          -             -
"""


def test_each_post_is_given_only_by_those_who_may(signed_in, world):
    givers, *lines = [line.split() for line in GIVEN.strip().splitlines()]
    wanted = {giver: {line[0] for line in lines if line[place] == "x"} for place, giver in enumerate(givers, 1)}

    offered = {giver: posts_offered(signed_in(world.bochnia.people[giver])) for giver in givers}

    assert offered == wanted
    assert {line[0] for line in lines} == {post.value for post in POSTS}


def test_as_long_as_nobody_ever_managed_an_office_its_administrator_names_who_does(signed_in, world):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        for held in colleagues.posts(place.office.id):
            if held.post in {"proxy", "deputy", "head_of_office", "secretary"}:
                service.revoke(held, on=held.from_on, reason="x")
        db.session.commit()
    assert posts_offered(signed_in(place.office_admin)) == {"office_admin"}

    with scoped(frozenset({place.office.id})):
        for held in colleagues.posts(place.office.id):
            if held.post in {"proxy", "deputy", "head_of_office", "secretary"}:
                db.session.delete(held)
        db.session.commit()
    assert posts_offered(signed_in(place.office_admin)) == {"head_of_office", "secretary", "office_admin"}


def posts_offered(client):
    ways = [client.get(f"{OFFICE}/stanowiska/{way}") for way in ("nowe", "pelnomocnik")]
    shown = [BeautifulSoup(way.data, "html.parser") for way in ways if way.status_code == 200]
    return {option["value"] for page in shown for option in page.select("#post option") if option["value"]}


def test_a_newcomer_is_made_no_proxy_in_passing_even_by_those_who_may_appoint_one(signed_in, world):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        service.appoint(place.secretary, place.office, Who.OFFICE_ADMIN, from_on=SINCE)
        db.session.commit()

    page = BeautifulSoup(signed_in(place.secretary).get(f"{OFFICE}/osoby/nowa").data, "html.parser")

    assert {box["value"] for box in page.select("input[name=posts]")} == {"head_of_office", "secretary", "office_admin"}


@pytest.mark.parametrize("post", ["proxy", "deputy"])
def test_the_proxy_cannot_make_a_proxy_by_sending_what_the_page_does_not_offer(signed_in, world, post):
    place = world.bochnia

    refused = appoint(signed_in(place.proxy), post, place.km_head)
    added = add(signed_in(place.proxy), posts=[post])

    assert "post" in errors(refused)
    assert "posts" in errors(added)
    assert rows(Appointment, place.km_head.id) == []


def test_nobody_gives_themselves_a_post(signed_in, world):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        [held] = [each for each in colleagues.posts(place.office.id) if each.post == Who.DEPUTY]
        service.revoke(held, on=TODAY - DAY, reason="x")
        db.session.commit()

    refused = appoint(signed_in(place.secretary), "deputy", place.secretary, way="pelnomocnik")

    assert "person" in errors(refused)
    assert [each.post for each in rows(Appointment, place.secretary.id)] == ["secretary"]


def test_the_proxy_may_be_an_auditor_too(signed_in, world):
    appoint(signed_in(world.bochnia.proxy), "auditor", world.bochnia.proxy)

    assert [each.post for each in rows(Appointment, world.bochnia.proxy.id)] == ["proxy", "auditor"]


@pytest.mark.parametrize("post", [Who.PROXY, Who.HEAD_OF_OFFICE, Who.SECRETARY])
def test_one_person_at_a_time_holds_a_post_of_one(world, post):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        [held] = [each for each in colleagues.posts(place.office.id) if each.post == post]
        with pytest.raises(InvalidInput, match="holds this post") as refusal:
            service.appoint(place.km_head, place.office, post, from_on=TODAY)
        service.revoke(held, on=TODAY - DAY, reason="order 41/2026")
        db.session.flush()

        service.appoint(place.km_head, place.office, post, from_on=TODAY)

    assert refusal.value.field == "from_on"


def test_deputies_and_auditors_may_be_several(world):
    place = world.bochnia
    with scoped(frozenset({place.office.id})):
        for post in (Who.DEPUTY, Who.AUDITOR):
            service.appoint(place.km_head, place.office, post, from_on=TODAY)
        db.session.flush()

        assert len(queries.holders(place.office.id, TODAY)[Who.DEPUTY]) == 2


@pytest.mark.parametrize("post", ["proxy", "deputy"])
def test_a_proxy_is_not_appointed_without_the_number_of_the_order(signed_in, world, post):
    refused = appoint(signed_in(world.bochnia.head), post, world.bochnia.km_head, way="pelnomocnik", order_number="")

    assert "order_number" in errors(refused)


def test_a_post_that_ends_before_it_begins_is_refused(signed_in, world):
    refused = appoint(signed_in(world.bochnia.proxy), "auditor", world.bochnia.km_head, until_on="30.11.2026")

    assert "until_on" in errors(refused)
    assert rows(Appointment, world.bochnia.km_head.id) == []


def test_a_person_of_another_office_cannot_be_chosen(signed_in, world):
    refused = appoint(signed_in(world.bochnia.proxy), "auditor", world.leczyca.km_head)

    assert "person" in errors(refused)


def post_of(someone):
    return rows(Appointment, someone.id)[0]


def end_post(client, someone, way="", **changed):
    fields = {"until_on": "30.11.2026", "reason": "order 41/2026"}
    return typed(client, f"{OFFICE}/stanowiska/{way}{post_of(someone).key}/zakoncz", **fields | changed)


def test_the_head_ends_the_post_of_the_proxy_on_a_day(signed_in, world):
    end_post(signed_in(world.bochnia.head), world.bochnia.proxy, way="pelnomocnik/")

    assert post_of(world.bochnia.proxy).until_on == date(2026, 11, 30)
    assert Who.PROXY in queries.actor_of(world.bochnia.proxy, date(2026, 11, 30)).posts[world.bochnia.office.id]
    assert world.bochnia.office.id not in queries.actor_of(world.bochnia.proxy, date(2026, 12, 1)).posts


def test_the_posts_of_proxy_and_deputy_do_not_end_by_the_way_of_other_posts(signed_in, world):
    client = signed_in(world.bochnia.proxy)

    assert end_post(client, world.bochnia.proxy).status_code == 404
    assert end_post(client, world.bochnia.deputy).status_code == 404
    assert end_post(client, world.bochnia.auditor).status_code == 302
    assert end_post(signed_in(world.bochnia.head), world.bochnia.auditor, way="pelnomocnik/").status_code == 404


def test_an_end_does_not_make_a_post_longer(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    end_post(client, world.bochnia.auditor)

    refused = end_post(client, world.bochnia.auditor, until_on="1.12.2026")

    assert "until_on" in errors(refused)
    assert post_of(world.bochnia.auditor).until_on == date(2026, 11, 30)


def test_two_proxies_appointed_at_once_wait_for_each_other(world):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one writer in at a time by itself")
    place = world.bochnia
    with scoped(frozenset({place.office.id})), counted() as sent:
        service.appoint(place.km_head, place.office, Who.SECRETARY, from_on=SINCE - 9 * DAY, until_on=SINCE - DAY)

    [lock] = [place for place, statement in enumerate(sent) if "FROM office" in statement and "FOR UPDATE" in statement]
    [check] = [place for place, statement in enumerate(sent) if "FROM appointment" in statement]
    assert lock < check


def test_a_vacant_post_of_proxy_is_said_first_and_to_whom_it_matters(signed_in, world):
    place = world.bochnia
    end_post(signed_in(place.head), place.proxy, way="pelnomocnik/", until_on="19.11.2026")

    for reader, address in ((place.office_admin, "urzad"), (place.head, "osoby"), (place.secretary, "osoby")):
        page = BeautifulSoup(signed_in(reader).get(f"{OFFICE}/{address}").data, "html.parser")
        assert page.select_one("main .notice--error"), reader.name
    filled = signed_in(world.leczyca.office_admin).get("/u/sp-leczyca/urzad")
    assert not BeautifulSoup(filled.data, "html.parser").select_one("main .notice--error")


# Walls


@pytest.mark.parametrize("page", ["zmien", "adres", "przenies", "zakoncz"])
def test_people_of_another_office_are_not_there(signed_in, world, page):
    client = signed_in(world.bochnia.proxy)

    for someone in (world.leczyca.proxy, world.coordinator):
        assert client.get(f"{OFFICE}/osoby/{someone.key}/{page}").status_code == 404
    assert client.get(f"/u/sp-leczyca/osoby/{world.leczyca.proxy.key}/{page}").status_code == 404
    assert client.get(f"{OFFICE}/osoby/{world.bochnia.km_head.key}/{page}").status_code == 200


def test_posts_of_another_office_are_not_there(signed_in, world):
    client = signed_in(world.bochnia.proxy)
    there = post_of(world.leczyca.auditor).key

    assert client.get(f"{OFFICE}/stanowiska/{there}/zakoncz").status_code == 404
    assert client.get(f"/u/sp-leczyca/stanowiska/{there}/zakoncz").status_code == 404


def test_the_page_of_the_office_names_its_own_people_only(signed_in, world):
    page = signed_in(world.bochnia.proxy).get(f"{OFFICE}/urzad").text

    assert world.bochnia.fn_clerk.email in page
    assert "Sp-Leczyca" not in page
    assert "sp-leczyca" not in page


def test_a_former_colleague_is_neither_listed_nor_found(signed_in, world):
    place = world.bochnia
    client = signed_in(place.proxy)
    end(client, place.fn_clerk)

    assert place.fn_clerk.email not in client.get(f"{OFFICE}/urzad").text
    assert client.get(f"{OFFICE}/osoby/{place.fn_clerk.key}/zmien").status_code == 404


@pytest.mark.parametrize("address", ["/urzad", "/osoby"])
def test_the_pages_cost_the_same_for_many_people(signed_in, world, address):
    place = world.bochnia
    client = signed_in(place.proxy)
    db.session.expire_all()  # as for a new visitor, in both counts
    with counted() as few:
        client.get(f"{OFFICE}{address}")
    with scoped(EVERY_OFFICE):
        for number in range(30):
            someone = service.register(name=f"Osoba {number}", email=f"o{number}@bochnia.example.com")
            service.join(someone, place.departments["KM"], from_on=SINCE)
            service.appoint(someone, place.office, Who.AUDITOR, from_on=SINCE)
        db.session.commit()

    db.session.expire_all()
    with counted() as many:
        assert client.get(f"{OFFICE}{address}").text.count("Osoba") >= 30
    assert len(many) == len(few)
