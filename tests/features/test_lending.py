"""Auditors asked for and lent: both proxies agree, and neither office learns more of the other than that."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qms.audits import queries, service
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.outbox import Letter
from qms.domain.errors import InvalidInput, NotAllowedNow, NotQualified
from qms.people.models import Appointment, Loan, Membership, Person
from qms.reminders.rendering import Around, render
from tests.support import crowd as crowds
from tests.support.application import typed
from tests.support.audits import END, START, planned, wanted
from tests.support.world import TODAY, World


def asked(world: World, email: str = "auditor@sp-leczyca.example.com", **days: date) -> Loan:
    with scoped(frozenset({world.bochnia.office.id})):
        loan = service.ask_for_auditor(
            world.bochnia.office,
            world.leczyca.office,
            email=email,
            by=world.bochnia.proxy.id,
            today=TODAY,
            **{"from_on": TODAY, "until_on": END} | days,
        )
        db.session.commit()
    return loan


def lent(world: World, **days: date) -> Loan:
    loan = asked(world, **days)
    with scoped(frozenset({world.leczyca.office.id})):
        request = queries.request_to(world.leczyca.office, loan.key)
        service.consent_to_loan(request, by=world.leczyca.proxy.id, today=TODAY)
        db.session.commit()
    return loan


def plan_with_lent(world: World, **changed: Any) -> Any:
    return planned(world.bochnia, lead_id=world.leczyca.auditor.id, **changed)


def test_a_lent_auditor_may_lead_on_the_days_of_the_loan(world):
    lent(world)

    audit = plan_with_lent(world)

    assert [(member.person_id, member.is_lent) for member in audit.team] == [(world.leczyca.auditor.id, True)]


@pytest.mark.parametrize("days", [{"from_on": START + timedelta(days=1)}, {"until_on": START}])
def test_a_lent_auditor_may_not_audit_on_other_days(world, days):
    lent(world, **days)

    with pytest.raises(InvalidInput, match="lends you on these days"):
        plan_with_lent(world)


def test_the_lenders_proxy_is_asked_by_letter_and_the_asker_is_told_the_answer(world):
    lent(world)

    letters = {each.kind: each for each in db.session.scalars(select(Letter).where(Letter.kind.like("loan%")))}
    assert letters["loan_asked"].person_id == world.leczyca.proxy.id
    assert letters["loan_answered"].person_id == world.bochnia.proxy.id
    assert letters["loan_answered"].payload["is_lent"] is True
    for each in letters.values():
        assert render(each.kind, each.payload, Around("pl")).subject


def test_an_auditor_who_was_only_asked_for_may_not_audit(world):
    asked(world)

    with pytest.raises(InvalidInput, match="lends you"):
        plan_with_lent(world)


def test_a_lent_auditor_is_offered_beside_the_own_ones(world):
    lent(world)

    with scoped(frozenset({world.bochnia.office.id})):
        offered = [person.email for person in queries.possible_auditors(world.bochnia.office.id, START)]
        later = [person.email for person in queries.possible_auditors(world.bochnia.office.id, END + timedelta(days=1))]

    assert "auditor@sp-leczyca.example.com" in offered
    assert "auditor@sp-leczyca.example.com" not in later


def test_a_loan_is_consented_to_for_an_auditor_of_the_lending_office_only(world):
    loan = asked(world, email="fn_clerk@sp-leczyca.example.com")

    with scoped(frozenset({world.leczyca.office.id})):
        request = queries.request_to(world.leczyca.office, loan.key)
        with pytest.raises(InvalidInput, match="No auditor of this office") as refused:
            service.consent_to_loan(request, by=world.leczyca.proxy.id, today=TODAY)

    assert refused.value.field == "answer"
    assert (loan.person_id, loan.consented_on) == (None, None)


def test_a_request_is_answered_once(world):
    loan = lent(world)

    with scoped(frozenset({world.leczyca.office.id})):
        request = queries.request_to(world.leczyca.office, loan.key)
        for answer in (
            lambda: service.decline_loan(request, today=TODAY),
            lambda: service.consent_to_loan(request, by=world.leczyca.proxy.id, today=TODAY),
        ):
            with pytest.raises(NotAllowedNow, match="answered already"):
                answer()


def test_nobody_asks_the_own_office_or_for_days_that_end_before_they_begin(world):
    place = world.bochnia
    facts = {"email": "x@example.com", "from_on": START, "until_on": END, "by": place.proxy.id, "today": TODAY}

    with scoped(frozenset({place.office.id})):
        with pytest.raises(InvalidInput, match="your own office") as own:
            service.ask_for_auditor(place.office, place.office, **facts)
        with pytest.raises(InvalidInput, match="later last day") as backward:
            service.ask_for_auditor(place.office, world.leczyca.office, **facts | {"until_on": TODAY})

    assert (own.value.field, backward.value.field) == ("lender", "until_on")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [("Urząd Miasta", "No office"), ("starostwo", "More than one"), ("???", "No office")],
)
def test_an_office_that_is_not_meant_plainly_is_asked_for_again(words, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        service.lender_named(words)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("words", ["łęczycy", "starostwo lecz", "Starostwo Powiatowe w Łęczycy"])
def test_an_office_is_found_by_words_of_its_name(words):
    assert service.lender_named(words).slug == "sp-leczyca"


@pytest.mark.parametrize("email", ["auditor@sp-leczyca.example.com", "nobody@sp-leczyca.example.com"])
def test_who_asks_learns_nothing_about_whether_the_address_is_known(world, signed_in, email):
    browser = signed_in(world.bochnia.proxy)

    answer = typed(
        browser, "/u/sp-bochnia/auditorzy/popros", lender="Łęczycy", email=email, from_on="27.11.2026", until_on="jutro"
    )
    assert "27.11.2026" in answer.text  # the last day came before the first; what was typed is still there
    answer = typed(
        browser,
        "/u/sp-bochnia/auditorzy/popros",
        lender="Łęczycy",
        email=email,
        from_on="27.11.2026",
        until_on="28.11.2026",
    )

    assert answer.status_code == 302
    page = browser.get("/u/sp-bochnia/auditorzy").text
    assert email in page
    assert "Auditor Sp-Leczyca" not in page


def test_the_proxy_of_the_other_office_lends_on_a_page_of_their_own(world, signed_in):
    key = asked(world).key
    address = f"/u/sp-leczyca/auditorzy/{key}"
    lender, borrower = signed_in(world.leczyca.proxy), signed_in(world.bochnia.proxy)

    assert "Starostwo Powiatowe w Bochni" in lender.get("/u/sp-leczyca/auditorzy").text
    assert borrower.get(f"/u/sp-bochnia/auditorzy/{key}").status_code == 404
    assert typed(lender, address, answer="").status_code == 200
    assert typed(lender, address, answer="consent").status_code == 302

    assert "Starostwo Powiatowe w Bochni" not in lender.get("/u/sp-leczyca/auditorzy").text
    assert lender.get(address).status_code == 200
    assert "Auditor Sp-Leczyca" in borrower.get("/u/sp-bochnia/auditorzy").text


def test_declining_tells_who_asked_only_that(world, signed_in):
    key = asked(world).key

    assert typed(signed_in(world.leczyca.proxy), f"/u/sp-leczyca/auditorzy/{key}", answer="decline").status_code == 302

    page = signed_in(world.bochnia.proxy).get("/u/sp-bochnia/auditorzy").text
    assert "Auditor Sp-Leczyca" not in page
    assert "20.11.2026" in page


def test_a_lent_auditor_sees_the_audit_and_no_list(world, signed_in):
    lent(world)
    key = plan_with_lent(world).key
    other = planned(world.bochnia).key
    browser = signed_in(world.leczyca.auditor)

    assert browser.get(f"/u/sp-bochnia/audity/{key}").status_code == 200
    for address in ("audity", f"audity/{other}", f"audity/{key[::-1]}", "auditorzy"):
        assert browser.get(f"/u/sp-bochnia/{address}").status_code == 404


def test_a_lent_auditor_is_checked_like_an_own_one(world):
    lent(world)
    with scoped(frozenset({world.bochnia.office.id})):
        plan = wanted(world.bochnia, lead_id=world.leczyca.auditor.id, edition_code="9001:2015")
        assert service.plan(world.bochnia.office, plan, today=TODAY).team[0].warning == ""
    lent(world, until_on=date(2027, 2, 1))

    with pytest.raises(NotQualified, match="not valid on that day"):
        plan_with_lent(world, starts_on=date(2027, 1, 20), ends_on=date(2027, 1, 20))


def test_a_lent_auditor_sees_an_audit_through_and_its_cases_while_the_loan_runs(app):
    crowd = crowds.gather(app)
    keys, lent_one = crowd.keys["sp-bochnia"], crowd.browser("lent")
    open_audit, case = f"/u/sp-bochnia/audity/{keys['audit']}", f"/u/sp-bochnia/ustalenia/{keys['done']}"

    assert [lent_one.get(path).status_code for path in (open_audit, case, f"{case}/weryfikacja")] == [200] * 3
    _end_loans()
    assert [lent_one.get(path).status_code for path in (open_audit, case, f"{case}/weryfikacja")] == [200, 404, 404]


@pytest.mark.parametrize("role", ["lead", "team", "trainee"])
def test_who_left_the_office_comes_to_none_of_its_audits(app, role):
    crowd = crowds.gather(app)
    keys, browser = crowd.keys["sp-bochnia"], crowd.browser(role)
    paths = [f"/u/sp-bochnia/audity/{keys['audit']}", f"/u/sp-bochnia/ustalenia/{keys['done']}"]
    paths.append(f"{paths[0]}/ustalenia")
    assert [browser.get(path).status_code for path in paths] == [200] * 3

    _leave(crowd.world.bochnia.people[{"lead": "auditor", "team": "second_auditor"}.get(role, role)])

    assert [browser.get(path).status_code for path in paths] == [404] * 3


def _end_loans() -> None:
    with scoped(EVERY_OFFICE):
        for loan in db.session.scalars(select(Loan).where(Loan.person_id.is_not(None))):
            loan.until_on = TODAY - timedelta(days=1)
        db.session.commit()


def _leave(person: Person) -> None:
    with scoped(EVERY_OFFICE):
        for table in (Membership, Appointment):
            for row in db.session.scalars(select(table).where(table.person_id == person.id)):
                row.until_on = TODAY - timedelta(days=1)
        db.session.commit()
