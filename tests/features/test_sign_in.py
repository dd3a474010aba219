"""The door: codes by e-mail, passwords, sessions, and everything that must not open it."""

import statistics
import time
from datetime import time as hour
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from qms.auth import service, sessions
from qms.auth.models import Attempt, SignedIn, SignInCode
from qms.core import clock
from qms.core.db import db, scoped
from qms.core.outbox import Letter
from qms.people import service as people
from tests.support.application import NOON, typed
from tests.support.cases import acting
from tests.support.inputs import inputs
from tests.support.invitations import accept

PASSWORD = "cztery konie na moście"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def person(world):
    return world.bochnia.proxy


@pytest.fixture
def with_password(person):
    service.set_password(person, PASSWORD)
    db.session.commit()
    return person


def ask(client, email, **address):
    return typed(client, "/logowanie", email=email, **address)


def enter(client, code):
    return typed(client, "/logowanie/kod", code=code)


def letters():
    found = db.session.scalars(select(Letter).where(Letter.kind == "sign_in_code").order_by(Letter.id)).all()
    db.session.commit()
    return found


def code_of(person):
    """The code of the newest letter to the person."""
    newest = [letter for letter in letters() if letter.person_id == person.id][-1]
    return newest.payload["code"]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def is_signed_in(client):
    return client.get("/konto").status_code == 200


def said(response):
    page = BeautifulSoup(response.data, "html.parser")
    return " ".join(each.get_text(" ", strip=True) for each in page.select(".error-summary li"))


# Codes


def test_a_code_from_the_letter_signs_in_and_leads_to_the_tasks(client, person):
    asked = ask(client, person.email)
    assert asked.status_code == 302
    assert not is_signed_in(client)

    entered = enter(client, code_of(person))

    assert (entered.status_code, entered.location) == (302, "/zadania")
    assert is_signed_in(client)


def test_the_letter_with_the_code_is_awaited_and_may_leave_at_once_also_at_night(client, person):
    night = NOON + 13 * HOUR
    with clock.at(night):
        ask(client, person.email)

    letter = letters()[-1]
    assert letter.is_awaited
    assert letter.not_before == night.astimezone(letter.not_before.tzinfo)


def test_the_code_may_be_typed_with_spaces_and_the_address_in_any_case(client, person):
    ask(client, f"  {person.email.upper()} ")
    code = code_of(person)

    enter(client, f" {code[:3]} {code[3:]} ")

    assert is_signed_in(client)


def test_a_wrong_code_is_refused_and_the_next_try_on_the_same_page_counts(client, person):
    ask(client, person.email)
    code = code_of(person)
    page = BeautifulSoup(enter(client, wrong(code)).data, "html.parser")
    assert not is_signed_in(client)

    hidden = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    client.post("/logowanie/kod", data=hidden | {"code": code})

    assert is_signed_in(client)


def test_the_fifth_wrong_try_burns_the_code(client, person):
    ask(client, person.email)
    code = code_of(person)
    for _ in range(service.CODE_TRIES):
        enter(client, wrong(code))

    refused = enter(client, code)

    assert not is_signed_in(client)
    assert "code" in said(refused).lower() or "kod" in said(refused).lower()


def test_four_wrong_tries_do_not(client, person):
    ask(client, person.email)
    code = code_of(person)
    for _ in range(service.CODE_TRIES - 1):
        enter(client, wrong(code))

    enter(client, code)

    assert is_signed_in(client)


@pytest.mark.parametrize(("waited", "opens"), [(15 * MINUTE - timedelta(seconds=1), True), (15 * MINUTE, False)])
def test_a_code_is_valid_for_15_minutes(client, person, waited, opens):
    ask(client, person.email)
    code = code_of(person)

    with clock.at(NOON + waited):
        enter(client, code)

        assert is_signed_in(client) is opens


def test_a_code_works_once(client, person):
    ask(client, person.email)
    code = code_of(person)
    enter(client, code)
    client.post("/wyloguj")
    with client.session_transaction() as session:
        session["email"] = person.email

    enter(client, code)

    assert not is_signed_in(client)


def test_signing_in_uses_up_every_code_the_browser_asked_for(client, person):
    ask(client, person.email)
    first = code_of(person)
    ask(client, person.email)
    enter(client, code_of(person))
    client.post("/wyloguj")
    with client.session_transaction() as session:
        session["email"] = person.email

    enter(client, first)

    assert not is_signed_in(client)


def test_a_code_opens_only_in_the_browser_that_asked(app, client, person):
    ask(client, person.email)
    stranger = app.test_client()
    with stranger.session_transaction() as session:
        session["email"] = person.email

    enter(stranger, code_of(person))

    assert not is_signed_in(stranger)


def test_a_code_opens_only_the_account_it_was_sent_to(client, world, person):
    ask(client, person.email)
    with client.session_transaction() as session:
        session["email"] = world.bochnia.head.email

    enter(client, code_of(person))

    assert not is_signed_in(client)


def test_a_code_from_the_console_fits_any_browser_once(app, client, person):
    code = service.code_on_console(person)
    db.session.commit()
    for browser in (client, app.test_client()):
        with browser.session_transaction() as session:
            session["email"] = person.email
        enter(browser, code)

    assert is_signed_in(client)
    assert not is_signed_in(browser)


def test_the_code_itself_is_not_kept(client, person):
    ask(client, person.email)
    code = code_of(person)

    kept = db.session.scalars(select(SignInCode)).one()
    assert code not in (kept.code_hash, kept.browser_hash)
    assert len(kept.code_hash) == 64


# What a stranger learns


def test_an_unknown_a_known_and_a_closed_address_get_the_same_answer(app, world):
    people.deactivate(world.bochnia.deputy, reason="left")
    db.session.commit()
    seen = {}
    for email in ("nobody@sp-bochnia.example.com", world.bochnia.proxy.email, world.bochnia.deputy.email):
        client = app.test_client()
        asked = ask(client, email)
        shown = client.get("/logowanie/kod").text.replace(email, "ADDRESS")
        page = BeautifulSoup(shown, "html.parser")
        seen[asked.status_code, asked.location, page.main.get_text(" ", strip=True)] = email

    assert len(seen) == 1
    assert [letter.person_id for letter in letters()] == [world.bochnia.proxy.id]


def test_an_unknown_address_uses_up_tries_like_a_known_one(client, world):
    most, _ = service.LIMITS["code-here"]
    for email in ("nobody@sp-bochnia.example.com", world.bochnia.proxy.email):
        answers = [ask(client, email).status_code for _ in range(most + 1)]
        assert answers == [302] * most + [200]


def test_a_wrong_password_takes_as_long_for_an_unknown_address(app, with_password):
    def seconds(email):
        taken = []
        for _ in range(3):
            client = app.test_client()
            began = time.perf_counter()
            typed(client, "/logowanie/haslo", email=email, password="not this one at all")
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)

    known, unknown = seconds(with_password.email), seconds("nobody@sp-bochnia.example.com")

    assert unknown > known / 2


def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(client, with_password, world):
    tries = [
        (with_password.email, "wrong password x"),
        ("nobody@x.example.com", PASSWORD),
        (world.bochnia.head.email, PASSWORD),
    ]

    answers = {said(typed(client, "/logowanie/haslo", email=email, password=word)) for email, word in tries}

    assert len(answers) == 1
    assert answers != {""}


# Limits


def test_one_computer_gets_five_codes_an_hour_for_a_person_then_waits(client, person):
    most, window = service.LIMITS["code-here"]
    for _ in range(most):
        assert ask(client, person.email).status_code == 302

    refused = ask(client, person.email)
    assert "60" in said(refused)
    assert len(letters()) == most

    with clock.at(NOON + window + MINUTE):
        assert ask(client, person.email).status_code == 302


def test_a_stranger_who_uses_up_their_tries_does_not_lock_the_person_out(app, client, with_password):
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(service.LIMITS["code-here"][0] + 1):
        ask(stranger, with_password.email)
    for _ in range(service.LIMITS["password-here"][0] + 1):
        knock(with_password.email, "203.0.113.9")

    assert ask(client, with_password.email).status_code == 302
    typed(client, "/logowanie/haslo", email=with_password.email, password=PASSWORD)
    assert is_signed_in(client)


def knock(email, machine):
    """A counted try without the tenth of a second that comparing takes."""
    try:
        service.knock(email, machine=machine)
    except service.NotAllowedNow:
        db.session.rollback()
        return False
    db.session.commit()
    return True


@pytest.mark.parametrize(("door", "spread"), [("password-here", 1), ("password-address", 10)])
def test_tries_with_a_password_are_limited_by_computer_and_by_address(with_password, door, spread):
    most, window = service.LIMITS[door]
    for place in range(most):
        assert knock(with_password.email, f"198.51.100.{place % spread}")

    assert not knock(with_password.email, f"198.51.100.{99 if spread > 1 else 0}")
    with clock.at(NOON + window + MINUTE):
        assert knock(with_password.email, "198.51.100.0")


def test_the_code_page_limits_tries_of_one_computer_over_all_addresses(client, person, monkeypatch):
    monkeypatch.setitem(service.LIMITS, "try-machine", (3, HOUR))
    ask(client, person.email)
    code = code_of(person)
    for _ in range(3):
        enter(client, wrong(code))

    refused = enter(client, code)

    assert "60" in said(refused)
    assert not is_signed_in(client)


def test_codes_asked_by_one_computer_are_limited_over_all_addresses(client, monkeypatch):
    monkeypatch.setitem(service.LIMITS, "code-machine", (3, HOUR))
    answers = [ask(client, f"person{number}@sp-bochnia.example.com").status_code for number in range(4)]

    assert answers == [302, 302, 302, 200]


def test_codes_for_one_address_are_limited_over_all_computers(app, person, monkeypatch):
    monkeypatch.setitem(service.LIMITS, "code-address", (3, HOUR))
    answers = []
    for number in range(4):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        answers.append(ask(client, person.email).status_code)

    assert answers == [302, 302, 302, 200]


def test_a_failed_try_stays_counted(client, person):
    ask(client, person.email)
    enter(client, wrong(code_of(person)))
    typed(client, "/logowanie/haslo", email=person.email, password="whatever it is")

    doors = db.session.execute(select(Attempt.door, func.count()).group_by(Attempt.door)).all()
    assert {door: count for door, count in doors if "try" in door or "password" in door} == {
        "try-machine": 2,
        "password-here": 1,
        "password-address": 1,
    }
    assert db.session.scalars(select(SignInCode.tries)).all() == [1]


def test_neighbours_in_one_ipv6_network_count_as_one_computer(app, person, monkeypatch):
    monkeypatch.setitem(service.LIMITS, "code-machine", (1, HOUR))
    answers = []
    for number in range(2):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{number + 1}"
        answers.append(ask(client, person.email).status_code)

    assert answers == [302, 200]


# Passwords


def test_a_password_is_a_second_way_in(client, with_password):
    answer = typed(client, "/logowanie/haslo", email=with_password.email, password=PASSWORD)

    assert answer.location == "/zadania"
    assert is_signed_in(client)


def test_after_a_wrong_password_the_right_one_on_the_same_page_counts(client, with_password):
    refused = typed(client, "/logowanie/haslo", email=with_password.email, password="wrong password x")
    page = BeautifulSoup(refused.data, "html.parser")
    hidden = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}

    client.post("/logowanie/haslo", data=hidden | {"email": with_password.email, "password": PASSWORD})

    assert is_signed_in(client)


def test_a_password_typed_on_another_keyboard_is_the_same_password(client, person):
    service.set_password(person, "cztery konie na mos\u0301cie")
    db.session.commit()

    typed(client, "/logowanie/haslo", email=person.email, password=PASSWORD)

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "case", [each for each in inputs("password_and_token") if each.values[0].expect == "accept_roundtrip"]
)
def test_a_long_or_spaced_password_is_kept_as_typed(client, signed_in, person, case):
    typed(signed_in(person), "/konto/haslo", password=case.value)

    typed(client, "/logowanie/haslo", email=person.email, password=case.value)

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "password",
    [
        "cztery\0konie na moście",
        "haslo\0reszta1234",
        "UrzadMiejski2026!",
        "kózka niebi",
        "x" * 201,
        "sp-bochnia-proxy",
    ],
    ids=["NUL", "NUL and a common word", "office words", "eleven characters", "long", "the person's own address"],
)
def test_a_bad_password_is_refused_with_a_sentence_at_the_field(signed_in, person, password):
    refused = typed(signed_in(person), "/konto/haslo", password=password)

    page = BeautifulSoup(refused.data, "html.parser")
    assert page.select_one("#password-error")
    db.session.refresh(person)
    assert person.password_hash is None


def test_a_password_is_set_only_shortly_after_signing_in(signed_in, person):
    client = signed_in(person)

    with clock.at(NOON + 16 * MINUTE):
        refused = typed(client, "/konto/haslo", password=PASSWORD)

    assert "15" in said(refused)
    db.session.refresh(person)
    assert person.password_hash is None


def test_setting_a_password_ends_the_other_sessions_of_the_person_only(signed_in, world, person):
    here, elsewhere, somebody = signed_in(person), signed_in(person), signed_in(world.bochnia.head)

    typed(here, "/konto/haslo", password=PASSWORD)

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(somebody)


# Where one lands


@pytest.mark.parametrize("case", inputs("redirect_next"))
def test_signing_in_goes_on_only_to_a_page_of_this_site(client, person, case):
    ask(client, person.email, dalej=case.value)

    landed = enter(client, code_of(person))

    assert landed.location == (case.value if case.expect == "follow" else "/zadania")


@pytest.mark.parametrize(("address", "lands_on"), [("/pomoc", "/pomoc"), ("//evil.example", "/zadania")])
def test_so_does_signing_in_with_a_password(client, with_password, address, lands_on):
    landed = typed(client, "/logowanie/haslo", email=with_password.email, password=PASSWORD, dalej=address)

    assert landed.location == lands_on


def test_a_page_asked_for_before_signing_in_comes_after_it(client, person):
    turned_away = client.get("/konto/haslo?x=1")
    page = BeautifulSoup(client.get(turned_away.location).data, "html.parser")
    hidden = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    client.post("/logowanie", data=hidden | {"email": person.email})

    assert enter(client, code_of(person)).location == "/konto/haslo?x=1"


# Sessions


def test_a_session_cookie_put_into_the_browser_beforehand_opens_nothing(client, person):
    client.set_cookie("rejestr", "chosen-by-a-stranger")
    ask(client, person.email)
    enter(client, code_of(person))

    token = client.get_cookie("rejestr").value
    assert token != "chosen-by-a-stranger"
    assert sessions.person_of("chosen-by-a-stranger") is None


def test_signing_in_again_ends_the_session_the_browser_had(client, signed_in, world, person):
    shared = signed_in(world.bochnia.head)
    old = shared.get_cookie("rejestr").value
    ask(shared, person.email)
    enter(shared, code_of(person))

    client.set_cookie("rejestr", old)
    assert not is_signed_in(client)
    assert is_signed_in(shared)


def test_what_the_form_cookie_held_before_signing_in_is_gone_after(client, person):
    with client.session_transaction() as session:
        session["planted"] = "x"
    ask(client, person.email)
    enter(client, code_of(person))

    with client.session_transaction() as session:
        assert "planted" not in session
        assert "email" not in session


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_its_token_is_not_kept(client, person):
    ask(client, person.email)
    enter(client, code_of(person))

    cookie = client.get_cookie("rejestr")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.expires is None
    assert db.session.scalars(select(SignedIn.token_hash)).all() != [cookie.value]


def test_over_https_the_cookie_is_bound_to_this_host(app, client, person, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", value=True)
    ask(client, person.email)

    cookie = enter(client, code_of(person)).headers.getlist("Set-Cookie")
    bound = next(each for each in cookie if each.startswith("__Host-rejestr="))
    assert "Secure" in bound
    assert "Path=/" in bound
    assert "Domain" not in bound


@pytest.mark.parametrize(("idle", "is_open"), [(2 * HOUR - MINUTE, True), (2 * HOUR, False)])
def test_a_session_ends_after_two_hours_without_a_page(signed_in, person, idle, is_open):
    client = signed_in(person)

    with clock.at(NOON + idle):
        assert is_signed_in(client) is is_open


def test_a_session_in_use_lasts_twelve_hours_and_no_longer(signed_in, person):
    client = signed_in(person)
    for hours in range(1, 12):
        with clock.at(NOON + hours * HOUR):
            assert is_signed_in(client)

    with clock.at(NOON + 12 * HOUR - MINUTE):
        assert is_signed_in(client)
    with clock.at(NOON + 12 * HOUR):
        assert not is_signed_in(client)


def test_signing_out_ends_the_session_for_a_copied_cookie_too(app, signed_in, person):
    client = signed_in(person)
    copied = app.test_client()
    copied.set_cookie("rejestr", client.get_cookie("rejestr").value)

    answer = client.post("/wyloguj")

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie("rejestr") is None
    assert not is_signed_in(client)
    assert not is_signed_in(copied)


def test_looking_at_the_sign_out_address_signs_nobody_out(signed_in, person):
    client = signed_in(person)

    assert client.get("/wyloguj").status_code == 405
    assert is_signed_in(client)


def test_pages_of_somebody_signed_in_are_not_kept_by_any_cache(signed_in, client, person):
    assert signed_in(person).get("/konto").headers["Cache-Control"] == "no-store, private"
    assert client.get("/logowanie").headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/logowanie", "/logowanie/haslo", "/wyloguj", "/jezyk"])
def test_a_form_sent_from_another_site_is_refused(app, client, person, address, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)

    answer = client.post(address, data={"email": person.email, "password": PASSWORD, "language": "en"})

    assert answer.status_code == 400
    assert letters() == []


# Accounts that are closed


def test_a_closed_account_is_out_at_once_and_cannot_come_back_in(client, signed_in, with_password):
    inside = signed_in(with_password)
    ask(client, with_password.email)
    code = code_of(with_password)
    people.deactivate(with_password, reason="left")
    db.session.commit()

    by_code = enter(client, code)
    by_password = typed(client, "/logowanie/haslo", email=with_password.email, password=PASSWORD)

    assert (by_code.status_code, by_password.status_code) == (200, 200)
    assert not is_signed_in(inside)
    assert not is_signed_in(client)


def test_an_account_opened_again_brings_back_no_session_code_or_password(client, signed_in, world, with_password):
    inside = signed_in(with_password)
    ask(client, with_password.email)
    code, place = code_of(with_password), world.bochnia
    with scoped(frozenset({place.office.id})):
        people.end_work(with_password, place.office, reason="left", by=acting(place.deputy), today=clock.today())
        db.session.commit()

    with clock.at(NOON + MINUTE):
        back = {"name": with_password.name, "email": with_password.email, "department": place.departments["FN"].key}
        added = typed(signed_in(place.office_admin), "/u/sp-bochnia/osoby/nowa", **back, from_on="20.11.2026")
        assert added.status_code == 302
        accept(with_password.email)

    with clock.at(NOON + 2 * MINUTE):
        assert not is_signed_in(inside)
        enter(client, code)
        typed(client, "/logowanie/haslo", email=with_password.email, password=PASSWORD)
        assert not is_signed_in(client)

        ask(client, with_password.email)
        enter(client, code_of(with_password))
        assert is_signed_in(client)


# Tidying


def test_codes_tries_and_sessions_that_are_of_no_use_are_dropped(client, person):
    ask(client, person.email)
    enter(client, code_of(person))

    with clock.at(NOON + 20 * MINUTE):
        service.tidy(clock.now())
        assert db.session.scalar(select(func.count()).select_from(SignInCode)) == 1
    with clock.at(NOON + timedelta(days=2)):
        service.tidy(clock.now())

    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (SignInCode, Attempt, SignedIn)]
    assert counts == [0, 0, 0]


# Own settings


def test_the_language_chosen_in_the_account_is_that_of_pages_and_letters(signed_in, person):
    client = signed_in(person)
    typed(client, "/konto", language="en", wants_digest="nie", letters_at="09:00", wants_status="nie")

    db.session.refresh(person)
    assert (person.language, person.wants_digest, person.letters_at) == ("en", False, hour(9))
    assert 'lang="en"' in client.get("/konto").text


@pytest.mark.parametrize(
    "wrong", [{"letters_at": "03:00"}, {"letters_at": "99:99"}, {"wants_digest": "perhaps"}, {"wants_status": ""}]
)
def test_letters_come_only_at_hours_and_in_ways_there_are(signed_in, person, wrong):
    chosen = {"language": "pl", "wants_digest": "tak", "letters_at": "07:30", "wants_status": "nie"} | wrong

    assert typed(signed_in(person), "/konto", **chosen).status_code == 200

    db.session.refresh(person)
    assert (person.wants_digest, person.letters_at) == (True, hour(7, 30))


def test_a_stranger_chooses_a_language_and_stays_on_the_page(client):
    answer = client.post("/jezyk", data={"language": "en", "next": "/pomoc"})

    assert answer.location == "/pomoc"
    assert 'lang="en"' in client.get("/pomoc").text


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "/%2fevil.example",
        "/\t/evil.example",
        "https:evil.example",
        "/a/../b",
        "/a\n",
    ],
)
def test_choosing_a_language_leads_to_no_other_site(client, address):
    answer = client.post("/jezyk", data={"language": "en", "next": address})

    assert answer.location == "/"
