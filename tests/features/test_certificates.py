"""Certificates: what is recorded, what is refused, what is remarked on, and who may see and change it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from qms.certificates import queries, service
from qms.certificates.models import Certificate
from qms.certificates.service import CertificateFacts
from qms.core.db import db, scoped
from qms.core.trail import TrailEntry
from qms.cycle.deadlines import due_between
from qms.domain.deadlines import Deadline
from qms.domain.errors import NotAllowedNow, RuleViolation
from qms.offices.models import Office
from qms.people.models import Person
from tests.support.application import typed
from tests.support.ledger import ledger, outcomes, plan, without_trainings
from tests.support.mail_server import mail_server
from tests.support.post import send
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]

PRINTED = CertificateFacts(
    number="PL/1234/2025",
    body="PIHZ Certyfikacja",
    edition_code="9001:2015",
    decided_on=date(2025, 11, 15),
    valid_from=date(2025, 11, 15),
    valid_until=date(2028, 11, 14),
)
AS_TYPED = {
    "number": "PL/1234/2025",
    "body": "PIHZ Certyfikacja",
    "edition_code": "9001:2015",
    "decided_on": "15.11.2025",
    "valid_from": "15.11.2025",
    "valid_until": "14.11.2028",
    "is_initial": "True",
    "rules": "2015",
}
NEW = "/u/sp-bochnia/certyfikat/nowy"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office, its rows open to the test."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


@pytest.fixture
def certificate(bochnia: OfficeWorld) -> Certificate:
    found = service.record(bochnia.office, PRINTED, today=TODAY)
    db.session.commit()
    return found


@pytest.fixture
def no_trainings(world: World) -> Iterator[None]:
    """Nothing is owed but what the test makes."""
    with without_trainings():
        yield


def stored(office: Office) -> list[Certificate]:
    db.session.expire_all()
    with scoped(frozenset({office.id})):
        return list(db.session.scalars(select(Certificate)))


def deadlines_of(office: Office) -> list[Deadline]:
    ahead = TODAY + timedelta(days=400)
    with scoped(frozenset({office.id})):
        return due_between([office.id], TODAY - timedelta(days=400), ahead, today=TODAY)


def words_of(answer: TestResponse) -> str:
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


def test_the_proxy_records_what_is_printed(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)

    answer = typed(client, NEW, **AS_TYPED, scope="Obsługa mieszkańców powiatu")

    (found,) = stored(world.bochnia.office)
    assert answer.status_code == 302
    assert answer.location == "/u/sp-bochnia/certyfikat"
    assert (found.decided_on, found.valid_until) == (date(2025, 11, 15), date(2028, 11, 14))
    assert found.is_initial
    assert found.scope == "Obsługa mieszkańców powiatu"


WRONG = [
    ("an end before the decision", {"valid_until": "14.11.2025", "valid_from": "1.11.2025"}, "valid_until"),
    ("an end on the day of the decision", {"valid_until": "15.11.2025"}, "valid_until"),
    ("an end before the beginning", {"valid_from": "15.11.2028"}, "valid_until"),
    ("a day that does not exist", {"valid_until": "31.4.2028"}, "valid_until"),
    ("a decision not made yet", {"decided_on": "15.11.2027"}, "decided_on"),
    ("stage 2 after the decision", {"stage2_ended_on": "16.11.2025"}, "stage2_ended_on"),
    ("an edition that had ended", {"edition_code": "9001:2008"}, "edition_code"),
    (
        "an edition not yet published",
        {"decided_on": "1.1.2015", "valid_from": "1.1.2015", "valid_until": "31.12.2017"},
        "edition_code",
    ),
    ("a beginning fifteen years before the decision", {"valid_from": "1.1.2010"}, "valid_from"),
    ("an end that nobody alive will see", {"valid_until": "14.11.2099"}, "valid_until"),
    ("no number", {"number": " "}, "number"),
    ("a number of 100,000 characters", {"number": "9" * 100_000}, "number"),
    ("a control character", {"body": "PIHZ\x1b[31m"}, "body"),
    ("rules nobody works by", {"rules": "1999"}, "rules"),
]


@pytest.mark.parametrize(("changed", "field"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_cannot_be_is_refused_at_its_place_with_everything_typed_still_there(
    world: World, signed_in: SignIn, changed: dict[str, Any], *, field: str
) -> None:
    client = signed_in(world.bochnia.proxy)

    answer = typed(client, NEW, **(AS_TYPED | {"scope": "Cały urząd"} | changed))

    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 200
    assert page.select_one(f"#{field}-error"), words_of(answer)
    assert page.select_one("[data-error-summary] li")
    assert page.select_one("#scope").text.strip() == "Cały urząd"
    assert stored(world.bochnia.office) == []


def test_the_same_certificate_is_not_recorded_twice(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    typed(client, NEW, **AS_TYPED)

    answer = typed(client, NEW, **AS_TYPED)

    assert BeautifulSoup(answer.data, "html.parser").select_one("#number-error")
    assert len(stored(world.bochnia.office)) == 1


def test_two_offices_may_have_certificates_of_one_number(world: World, signed_in: SignIn) -> None:
    typed(signed_in(world.bochnia.proxy), NEW, **AS_TYPED)

    answer = typed(signed_in(world.leczyca.proxy), "/u/sp-leczyca/certyfikat/nowy", **AS_TYPED)

    assert answer.status_code == 302


REMARKABLE = [
    ("three years less a day", {}, 0),
    ("three years", {"valid_until": date(2028, 11, 15)}, 0),
    ("three years and two days", {"valid_until": date(2028, 11, 17)}, 1),
    ("two years", {"valid_until": date(2027, 11, 14)}, 1),
    ("a beginning before the decision", {"valid_from": date(2025, 11, 14), "valid_until": date(2028, 11, 13)}, 1),
    ("the older rules without the last day of stage 2", {"rules": "2011"}, 1),
    ("the older rules with that day", {"rules": "2011", "stage2_ended_on": date(2025, 10, 20)}, 0),
    ("the older rules for a renewal", {"rules": "2011", "is_initial": False}, 0),
    (
        "an end beyond the edition's",
        {
            "edition_code": "9001:2008",
            "decided_on": date(2016, 5, 1),
            "valid_from": date(2016, 5, 1),
            "valid_until": date(2019, 4, 30),
        },
        1,
    ),
]


@pytest.mark.parametrize(("changed", "count"), [case[1:] for case in REMARKABLE], ids=[case[0] for case in REMARKABLE])
def test_what_is_odd_is_remarked_on_and_not_refused(bochnia: OfficeWorld, changed: dict[str, Any], count: int) -> None:
    facts = replace(PRINTED, **changed)

    recorded = service.record(bochnia.office, facts, today=TODAY)

    assert recorded.valid_until == facts.valid_until
    assert len(service.remarks(facts)) == count


def test_a_remark_is_shown_once_the_certificate_is_saved(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)

    typed(client, NEW, **(AS_TYPED | {"valid_until": "14.11.2027"}))
    page = BeautifulSoup(client.get("/u/sp-bochnia/certyfikat").data, "html.parser")

    assert page.select_one(".notice--warning")
    assert len(stored(world.bochnia.office)) == 1


def test_a_correction_keeps_the_certificate_and_its_key(
    world: World, signed_in: SignIn, certificate: Certificate
) -> None:
    client = signed_in(world.bochnia.proxy)

    answer = typed(client, f"/u/sp-bochnia/certyfikat/{certificate.key}/zmien", **(AS_TYPED | {"body": "DNV"}))

    (found,) = stored(world.bochnia.office)
    assert answer.status_code == 302
    assert (found.key, found.body) == (certificate.key, "DNV")


def test_a_form_opened_before_somebody_else_saved_is_not_saved_over_it(
    world: World, signed_in: SignIn, certificate: Certificate
) -> None:
    address = f"/u/sp-bochnia/certyfikat/{certificate.key}/zmien"
    late = signed_in(world.bochnia.deputy)
    page = BeautifulSoup(late.get(address).data, "html.parser")
    hidden = {item["name"]: item.get("value", "") for item in page.select("main input[type=hidden]")}
    typed(signed_in(world.bochnia.proxy), address, **(AS_TYPED | {"body": "DNV"}))

    answer = late.post(address, data=hidden | AS_TYPED | {"body": "TÜV"})

    assert answer.status_code == 409
    assert "DNV" in words_of(answer)
    assert 'value="TÜV"' in answer.get_data(as_text=True)
    assert [found.body for found in stored(world.bochnia.office)] == ["DNV"]


# what was recorded before, what is recorded now (event and day), whether it is refused
EVENTS = [
    ([], ("suspended", "2026-03-01"), True),
    ([], ("suspended", "2025-11-14"), False),  # before it began
    ([], ("suspended", "2026-11-21"), False),  # has not come yet
    ([], ("restored", "2026-03-01"), False),  # was never suspended
    ([], ("withdrawn", "2026-03-01"), True),
    ([("suspended", "2026-03-01")], ("suspended", "2026-04-01"), False),
    ([("suspended", "2026-03-01")], ("restored", "2026-04-01"), True),
    ([("suspended", "2026-03-01")], ("restored", "2026-02-28"), False),  # before the suspension
    ([("suspended", "2026-03-01")], ("withdrawn", "2026-04-01"), True),
    ([("suspended", "2026-03-01"), ("restored", "2026-04-01")], ("suspended", "2026-05-01"), True),
    ([("suspended", "2026-03-01"), ("restored", "2026-04-01")], ("restored", "2026-05-01"), False),
    ([("withdrawn", "2026-03-01")], ("suspended", "2026-04-01"), False),
    ([("withdrawn", "2026-03-01")], ("withdrawn", "2026-04-01"), False),
]


def happen(certificate: Certificate, event: str, day: str) -> None:
    service.EVENTS[event](certificate, on=date.fromisoformat(day), reason="Pismo jednostki", today=TODAY)


def days_of(certificate: Certificate) -> tuple[date | None, ...]:
    return certificate.suspended_on, certificate.restored_on, certificate.withdrawn_on


@pytest.mark.parametrize(("before", "now", "may_happen"), EVENTS)
def test_a_certificate_is_suspended_restored_and_withdrawn_in_that_order(
    certificate: Certificate, before: list[tuple[str, str]], now: tuple[str, str], *, may_happen: bool
) -> None:
    for event, day in before:
        happen(certificate, event, day)
    known = days_of(certificate)

    if may_happen:
        happen(certificate, *now)
        assert days_of(certificate) != known
    else:
        with pytest.raises(RuleViolation):
            happen(certificate, *now)
        assert days_of(certificate) == known


def test_the_last_event_can_be_taken_back(certificate: Certificate) -> None:
    happen(certificate, "suspended", "2026-03-01")
    happen(certificate, "withdrawn", "2026-04-01")

    service.take_back(certificate, reason="pomyłka")
    assert days_of(certificate) == (date(2026, 3, 1), None, None)
    service.take_back(certificate, reason="pomyłka")
    assert days_of(certificate) == (None, None, None)
    with pytest.raises(RuleViolation):
        service.take_back(certificate, reason="pomyłka")


def test_the_pages_record_an_event_and_take_it_back(world: World, signed_in: SignIn, certificate: Certificate) -> None:
    client = signed_in(world.bochnia.proxy)
    place = f"/u/sp-bochnia/certyfikat/{certificate.key}"

    typed(client, f"{place}/zdarzenie", event="suspended", on="1.3.2026", reason="Pismo 12/2026")
    (found,) = stored(world.bochnia.office)
    assert found.suspended_on == date(2026, 3, 1)
    typed(client, f"{place}/cofnij-wpis", reason="Inny urząd")

    (found,) = stored(world.bochnia.office)
    assert found.suspended_on is None


def test_an_event_that_cannot_happen_now_is_not_offered(
    world: World, signed_in: SignIn, certificate: Certificate
) -> None:
    client = signed_in(world.bochnia.proxy)
    address = f"/u/sp-bochnia/certyfikat/{certificate.key}/zdarzenie"

    answer = typed(client, address, event="restored", on="1.3.2026", reason="Pismo 12/2026")

    page = BeautifulSoup(answer.data, "html.parser")
    assert {item["value"] for item in page.select("input[name=event]")} == {"suspended", "withdrawn"}
    assert page.select_one("#event-error")


def pages_of(slug: str, key: str) -> list[str]:
    place = f"/u/{slug}/certyfikat"
    return [f"{place}/nowy", f"{place}/{key}/zmien", f"{place}/{key}/zdarzenie", f"{place}/{key}/cofnij-wpis"]


def test_only_the_proxy_and_the_deputy_keep_certificates(
    world: World, signed_in: SignIn, certificate: Certificate
) -> None:
    allowed = {"proxy": 200, "deputy": 200}
    for who in ("proxy", "deputy", "head", "secretary", "auditor", "fn_clerk", "external"):
        client = signed_in(world.bochnia.people[who])
        codes = [client.get(address).status_code for address in pages_of("sp-bochnia", certificate.key)]
        assert codes == [allowed.get(who, 403)] * 4, who


def test_nobody_of_another_office_finds_them(world: World, signed_in: SignIn, certificate: Certificate) -> None:
    client = signed_in(world.leczyca.proxy)

    assert [client.get(each).status_code for each in pages_of("sp-bochnia", certificate.key)] == [404] * 4
    assert client.get(f"/u/sp-leczyca/certyfikat/{certificate.key}/zmien").status_code == 404


def test_a_correction_cannot_take_the_number_of_another_certificate(
    bochnia: OfficeWorld, certificate: Certificate
) -> None:
    later = replace(PRINTED, number="PL/2/2026", valid_from=TODAY - timedelta(days=9), replaces=True)
    other = service.record(bochnia.office, later, today=TODAY)

    with pytest.raises(RuleViolation):
        service.correct(other, PRINTED, today=TODAY)

    assert other.number == "PL/2/2026"
    service.correct(certificate, PRINTED, today=TODAY)


def test_the_history_is_newest_first(bochnia: OfficeWorld, certificate: Certificate) -> None:
    earlier = replace(PRINTED, number="1", decided_on=date(2022, 11, 2), valid_from=date(2022, 11, 15))
    service.record(bochnia.office, replace(earlier, valid_until=date(2025, 11, 14)), today=TODAY)

    assert [each.number for each in queries.history(bochnia.office.id)] == [certificate.number, "1"]
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 2


def test_the_second_certificate_of_an_office_is_taken_for_a_recertification(world, signed_in):
    client = signed_in(world.bochnia.proxy)

    def preset() -> str:
        page = BeautifulSoup(client.get(NEW).data, "html.parser")
        return page.select_one("[name=is_initial][checked]")["value"]

    assert preset() == "True"
    typed(client, NEW, **AS_TYPED, scope="Obsługa mieszkańców powiatu")
    assert preset() == "False"


ENDING = replace(
    PRINTED, decided_on=date(2023, 12, 20), valid_from=date(2023, 12, 20), valid_until=TODAY + timedelta(days=30)
)


@pytest.mark.usefixtures("no_trainings")
def test_nothing_that_followed_from_a_removed_certificate_stays_owed(
    world: World, bochnia: OfficeWorld, signed_in: SignIn
) -> None:
    certificate = service.record(bochnia.office, ENDING, today=TODAY)
    db.session.commit()
    plan(world.bochnia)
    owed, planned = deadlines_of(bochnia.office), ledger()
    address = f"/u/sp-bochnia/certyfikat/{certificate.key}/usun"

    assert typed(signed_in(bochnia.proxy), address, reason="Wpisano dwa razy.").status_code == 302
    with mail_server() as server:
        send(server)

    assert owed != []
    assert planned != []
    assert deadlines_of(bochnia.office) == []
    assert server.recipients == []
    with scoped(frozenset({bochnia.office.id})):
        assert set(outcomes()) == {"done"}


def test_a_removed_certificate_stays_on_the_list_of_removed_ones_and_in_the_trail(
    world: World, signed_in: SignIn, certificate: Certificate
) -> None:
    client, row_id = signed_in(world.bochnia.proxy), str(certificate.id)

    answer = typed(client, f"/u/sp-bochnia/certyfikat/{certificate.key}/usun", reason="Certyfikat innego urzędu.")
    told = words_of(client.get(answer.location))
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "deleted")).one()

    assert stored(world.bochnia.office) == []
    assert (entry.about, entry.row_id, entry.reason) == ("certificate", row_id, "Certyfikat innego urzędu.")
    for said in ("PL/1234/2025", "14.11.2028", world.bochnia.proxy.name, "Certyfikat innego urzędu."):
        assert said in told
    history = f"/u/sp-bochnia/listy/o/certyfikat/{entry.before['key']}"
    assert client.get(history).status_code == 200


def test_a_removed_certificate_can_be_recorded_anew(world: World, signed_in: SignIn, certificate: Certificate) -> None:
    client = signed_in(world.bochnia.proxy)
    typed(client, f"/u/sp-bochnia/certyfikat/{certificate.key}/usun", reason="Pomyłka.")

    assert typed(client, NEW, **AS_TYPED).status_code == 302
    assert len(stored(world.bochnia.office)) == 1


@pytest.mark.parametrize(("days", "may"), [(0, True), (90, True), (91, False)])
def test_a_certificate_is_removed_while_it_is_new_and_corrected_later(
    bochnia: OfficeWorld, certificate: Certificate, *, days: int, may: bool
) -> None:
    day = TODAY + timedelta(days=days)

    if may:
        service.remove(certificate, reason="Pomyłka.", today=day)
        db.session.commit()
    else:
        with pytest.raises(NotAllowedNow, match="Correct what is wrong"):
            service.remove(certificate, reason="Pomyłka.", today=day)

    assert (stored(bochnia.office) == []) is may


def test_a_certificate_with_an_event_is_not_removed_and_the_page_leads_to_taking_it_back(
    world: World, signed_in: SignIn, certificate: Certificate
) -> None:
    with scoped(frozenset({world.bochnia.office.id})):
        happen(certificate, "suspended", "2026-01-10")
        db.session.commit()
        with pytest.raises(NotAllowedNow, match="Take that back first"):
            service.remove(certificate, reason="Pomyłka.", today=TODAY)
    address = f"/u/sp-bochnia/certyfikat/{certificate.key}"

    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(f"{address}/usun").data, "html.parser").main

    assert page.select("form[method=post]") == []
    assert page.select_one(f"a[href='{address}/cofnij-wpis']")


def test_a_removal_needs_a_reason(world: World, signed_in: SignIn, certificate: Certificate) -> None:
    answer = typed(signed_in(world.bochnia.proxy), f"/u/sp-bochnia/certyfikat/{certificate.key}/usun", reason=" ")

    assert BeautifulSoup(answer.data, "html.parser").select_one("#reason-error")
    assert len(stored(world.bochnia.office)) == 1
