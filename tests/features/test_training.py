"""Training: what is recorded, who sees whose, what it qualifies for, and when it has to be renewed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.paging import PER_PAGE
from qms.domain.competence import AuditorRole, Validity
from qms.domain.errors import RuleViolation
from qms.domain.limits import NOT_SET, Limit, Unit
from qms.domain.standing import Who
from qms.offices import service as offices
from qms.offices.models import Office
from qms.people import service as people
from qms.people.models import Appointment, Person
from qms.training import deadlines, queries, service
from qms.training.models import Training
from qms.training.service import TrainingFacts
from tests.support.application import typed
from tests.support.statements import counted
from tests.support.world import SINCE, TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]

COURSE = TrainingFacts(
    trained_as="auditor",
    edition_code="9001:2015",
    title="Auditor wewnętrzny",
    provider="Ośrodek Szkoleń",
    held_on=date(2025, 3, 14),
    validity="without_end",
)
AS_TYPED = {
    "trained_as": "auditor",
    "edition_code": "9001:2015",
    "title": "Auditor wewnętrzny",
    "provider": "Ośrodek Szkoleń",
    "held_on": "14.3.2025",
    "validity": "until",
    "valid_until": "13.3.2028",
}
LIST, NEW = "/u/sp-bochnia/szkolenia", "/u/sp-bochnia/szkolenia/nowe"
EVER, FAR = date(1990, 1, 1), date(2040, 12, 31)


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office, its rows open to the test, nobody trained yet."""
    with scoped(frozenset({world.bochnia.office.id})):
        for training in db.session.scalars(select(Training)):
            db.session.delete(training)
        db.session.commit()
        yield world.bochnia


def stored(office: Office) -> list[Training]:
    db.session.expire_all()
    with scoped(frozenset({office.id})):
        return list(db.session.scalars(select(Training).order_by(Training.id)))


def test_the_proxy_records_who_was_trained(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    client = signed_in(bochnia.proxy)

    answer = typed(client, NEW, **AS_TYPED, person=bochnia.fn_clerk.key, place="Kraków")

    (found,) = stored(bochnia.office)
    assert answer.status_code == 302
    assert (found.person_id, found.valid_until) == (bochnia.fn_clerk.id, date(2028, 3, 13))
    assert found.place == "Kraków"


WRONG = [
    ("nobody", {"person": ""}, "person"),
    ("a day that does not exist", {"held_on": "30.2.2025"}, "held_on"),
    ("a day to come", {"held_on": "1.3.2027"}, "held_on"),
    ("an end before the training", {"valid_until": "13.3.2025"}, "valid_until"),
    ("a promised end that is missing", {"valid_until": ""}, "valid_until"),
    ("an end of what has none", {"validity": "without_end"}, "validity"),
    ("an end that nobody knows", {"validity": "unknown"}, "validity"),
    ("a text of 100,000 characters", {"title": "a" * 100_000}, "title"),
    ("a control character", {"provider": "Ośrodek\x00"}, "provider"),
    ("an edition nobody knows", {"edition_code": "9001:1994"}, "edition_code"),
    ("an edition that is only announced", {"edition_code": "9001:2026"}, "edition_code"),
    ("an edition not yet published", {"held_on": "14.9.2015", "valid_until": "14.9.2018"}, "edition_code"),
]


@pytest.mark.parametrize(("changed", "field"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_cannot_be_is_refused_at_its_place_with_everything_typed_still_there(
    bochnia: OfficeWorld, signed_in: SignIn, *, changed: dict[str, str], field: str
) -> None:
    client = signed_in(bochnia.proxy)

    answer = typed(client, NEW, **({"person": bochnia.fn_clerk.key, "place": "Nowy Sącz"} | AS_TYPED | changed))

    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 200
    assert page.select_one(f"#{field}-error")
    assert page.select_one("#place")["value"] == "Nowy Sącz"
    assert stored(bochnia.office) == []


def test_a_training_on_the_day_of_publication_is_taken(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    days = {"held_on": "15.9.2015", "valid_until": "14.9.2018"}

    answer = typed(signed_in(bochnia.proxy), NEW, **(AS_TYPED | days | {"person": bochnia.fn_clerk.key}))

    assert answer.status_code == 302


@pytest.mark.parametrize("code", ["9001:1994", "9001:2026"])
def test_whatever_form_is_sent_the_edition_is_one_in_use(bochnia: OfficeWorld, code: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        service.record(bochnia.office, bochnia.auditor, replace(COURSE, edition_code=code), today=TODAY)

    assert refusal.value.field == "edition_code"


def test_somebody_of_another_office_cannot_be_chosen(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)
    stranger = world.leczyca.auditor

    page = client.get(NEW).get_data(as_text=True)
    answer = typed(client, NEW, **AS_TYPED, person=stranger.key)

    assert stranger.key not in page
    assert BeautifulSoup(answer.data, "html.parser").select_one("#person-error")
    with scoped(frozenset({world.bochnia.office.id})), pytest.raises(RuleViolation):
        service.record(world.bochnia.office, stranger, COURSE, today=TODAY)


def test_a_correction_keeps_the_person(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    training = service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    db.session.commit()
    address = f"/u/sp-bochnia/szkolenia/{training.key}/zmien"

    answer = typed(signed_in(bochnia.proxy), address, **AS_TYPED, person=bochnia.fn_clerk.key)

    (found,) = stored(bochnia.office)
    assert answer.status_code == 302
    assert (found.person_id, found.validity) == (bochnia.auditor.id, "until")


def test_a_form_opened_before_somebody_else_saved_is_not_saved_over_it(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    training = service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    db.session.commit()
    address = f"/u/sp-bochnia/szkolenia/{training.key}/zmien"
    late = signed_in(bochnia.deputy)
    page = BeautifulSoup(late.get(address).data, "html.parser")
    hidden = {item["name"]: item.get("value", "") for item in page.select("main input[type=hidden]")}
    typed(signed_in(bochnia.proxy), address, **(AS_TYPED | {"title": "Kurs A"}))

    answer = late.post(address, data=hidden | AS_TYPED | {"title": "Kurs B"})

    assert answer.status_code == 409
    assert [found.title for found in stored(bochnia.office)] == ["Kurs A"]


def test_two_choices_side_by_side_are_told_in_words(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    training = service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    db.session.commit()
    address = f"/u/sp-bochnia/szkolenia/{training.key}/zmien"
    late = signed_in(bochnia.deputy)
    page = BeautifulSoup(late.get(address).data, "html.parser")
    hidden = {item["name"]: item.get("value", "") for item in page.select("main input[type=hidden]")}
    typed(signed_in(bochnia.proxy), address, **(AS_TYPED | {"trained_as": "proxy"}))

    answer = late.post(address, data=hidden | AS_TYPED)

    shown = BeautifulSoup(answer.data, "html.parser").select(".version .prose")
    assert [text.get_text() for text in shown] == ["Auditor wewnętrzny", "Pełnomocnik ds. SZJ"]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("proxy", "all"),
        ("head", "all"),
        ("auditor", "all"),
        ("external", "all"),
        ("fn_clerk", "own"),
        ("gd_head", "own"),
        ("office_admin", "own"),
    ],
)
def test_everybody_sees_their_own_training_and_readers_of_the_office_see_all(
    bochnia: OfficeWorld, signed_in: SignIn, *, who: str, sees: str
) -> None:
    for person in bochnia.people.values():
        service.record(bochnia.office, person, COURSE, today=TODAY)
    db.session.commit()
    names = [person.name for person in bochnia.people.values()]
    own = bochnia.people[who].name

    page = BeautifulSoup(signed_in(bochnia.people[who]).get(LIST).data, "html.parser")

    shown = [head.get_text(strip=True) for head in page.select("tbody th")]
    assert sorted(shown) == (sorted(names) if sees == "all" else [own])


def test_a_coordinator_without_the_consent_of_the_office_sees_no_training(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.coordinator).get(LIST).status_code == 403


def test_nobody_of_another_office_finds_them(world: World, signed_in: SignIn) -> None:
    (training, *_) = stored(world.bochnia.office)
    client = signed_in(world.leczyca.proxy)
    addresses = [LIST, NEW, f"/u/sp-bochnia/szkolenia/{training.key}/zmien"]

    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert client.get(f"/u/sp-leczyca/szkolenia/{training.key}/zmien").status_code == 404


@pytest.mark.parametrize(("who", "codes"), [("proxy", [200, 200]), ("auditor", [403, 403]), ("fn_clerk", [404, 404])])
def test_only_the_proxy_and_the_deputy_keep_training(
    world: World, signed_in: SignIn, *, who: str, codes: list[int]
) -> None:
    (training, *_) = stored(world.bochnia.office)
    client = signed_in(world.bochnia.people[who])

    addresses = [NEW, f"/u/sp-bochnia/szkolenia/{training.key}/zmien"]

    assert [client.get(address).status_code for address in addresses] == codes


def test_the_list_costs_as_many_queries_for_many_rows_as_for_one(bochnia: OfficeWorld, signed_in: SignIn) -> None:
    client = signed_in(bochnia.proxy)
    service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    db.session.commit()
    db.session.expire_all()  # as for a new visitor, in both counts
    with counted() as for_one:
        client.get(LIST)
    with scoped(EVERY_OFFICE):
        for person in list(bochnia.people.values()) * 6:
            service.record(bochnia.office, person, COURSE, today=TODAY)
        db.session.commit()

    db.session.expire_all()
    with counted() as for_many:
        page = BeautifulSoup(client.get(LIST).data, "html.parser")

    assert len(page.select("tbody tr")) == PER_PAGE
    assert page.select_one(".pager a[rel=next]")["href"] == f"{LIST}?strona=2"
    assert len(for_many) == len(for_one)


def test_a_page_beyond_the_last_is_the_last(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.bochnia.proxy)

    assert client.get(f"{LIST}?strona=99").status_code == 200
    assert client.get(f"{LIST}?strona=x").status_code == 200


def test_a_course_for_auditors_qualifies_and_one_for_proxies_does_not(bochnia: OfficeWorld) -> None:
    service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    service.record(bochnia.office, bochnia.proxy, replace(COURSE, trained_as="proxy"), today=TODAY)

    found = queries.qualifications(bochnia.office.id, [bochnia.auditor.id, bochnia.proxy.id])

    ((person_id, (held,)),) = found.items()
    assert person_id == bochnia.auditor.id
    assert held.supports(AuditorRole.LEAD, TODAY, "9001:2015")
    assert held.validity is Validity.NONE


def test_a_lent_auditor_brings_the_training_of_the_own_office(world: World) -> None:
    lent = world.leczyca.auditor
    with scoped(frozenset({world.bochnia.office.id})):
        elsewhere = queries.qualifications(None, [lent.id])
        here = queries.qualifications(world.bochnia.office.id, [lent.id])

    assert [held.edition for held in elsewhere[lent.id]] == ["9001:2015"]
    assert here == {}


def due_days(office: Office, first: date = EVER, last: date = FAR) -> list[tuple[str, str]]:
    with scoped(EVERY_OFFICE):
        found = deadlines.due_between([office.id], first, last, today=TODAY)
    return sorted((deadline.due_on.isoformat(), deadline.rule.value) for deadline in found)


def held(*changes: dict[str, Any]) -> list[TrainingFacts]:
    return [replace(COURSE, **change) for change in changes]


until = "until"
RENEWALS: list[tuple[str, list[TrainingFacts], list[tuple[str, str]]]] = [
    ("nothing recorded", [], []),
    (
        "a printed end",
        held({"validity": until, "valid_until": date(2027, 1, 31)}),
        [("2027-01-31", "T1")],
    ),
    ("no end: the office's limit of 36 months", held({}), [("2028-03-14", "T2")]),
    ("an unknown end: the office's limit", held({"validity": "unknown"}), [("2028-03-14", "T2")]),
    ("held on a leap day", held({"held_on": date(2024, 2, 29)}), [("2027-02-28", "T2")]),
    (
        "only the latest counts",
        held({"validity": until, "valid_until": date(2027, 1, 31)}, {"held_on": date(2026, 5, 4)}),
        [("2029-05-04", "T2")],
    ),
    (
        "a printed end in the past is late, not gone",
        held({"validity": until, "valid_until": date(2026, 3, 1)}),
        [("2026-03-01", "T1")],
    ),
    ("a past edition needs no renewal", held({"edition_code": "9001:2008"}), []),
    ("a course for a post not held", held({"trained_as": "proxy"}), []),
]


@pytest.mark.parametrize(("facts", "expected"), [case[1:] for case in RENEWALS], ids=[case[0] for case in RENEWALS])
def test_training_of_an_auditor_is_to_be_renewed(
    bochnia: OfficeWorld, *, facts: list[TrainingFacts], expected: list[tuple[str, str]]
) -> None:
    for each in facts:
        service.record(bochnia.office, bochnia.auditor, each, today=TODAY)

    assert due_days(bochnia.office) == expected


def test_each_limit_of_an_office_is_counted_in_its_own_unit(bochnia: OfficeWorld) -> None:
    service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    counted_by = {}
    for limit in (Limit(700), Limit(12, Unit.MONTHS), Limit(10, Unit.WORKING_DAYS), NOT_SET):
        offices.set_limit(bochnia.office, "refresher", limit)
        counted_by[limit] = due_days(bochnia.office)

    assert [[day for day, _rule in days] for days in counted_by.values()] == [
        ["2027-02-12"],
        ["2026-03-14"],
        ["2025-03-28"],
        [],
    ]


def test_the_range_of_days_is_kept_to_at_both_ends(bochnia: OfficeWorld) -> None:
    service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    day = date(2028, 3, 14)

    assert due_days(bochnia.office, day, day) == [("2028-03-14", "T2")]
    assert due_days(bochnia.office, date(2028, 3, 15), FAR) == []
    assert due_days(bochnia.office, EVER, date(2028, 3, 13)) == []


def test_nobody_is_asked_to_renew_what_they_no_longer_need(bochnia: OfficeWorld) -> None:
    service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)
    service.record(bochnia.office, bochnia.second_auditor, COURSE, today=TODAY)
    service.record(bochnia.office, bochnia.fn_clerk, COURSE, today=TODAY)
    posts = select(Appointment).where(Appointment.person_id == bochnia.auditor.id)
    people.revoke(db.session.scalars(posts).one(), on=date(2026, 11, 19), reason="zarządzenie 8/2026")
    people.deactivate(bochnia.second_auditor, reason="odejście")
    db.session.flush()

    assert due_days(bochnia.office) == []


def test_who_answers_is_the_person_and_the_subject_is_the_training(bochnia: OfficeWorld) -> None:
    training = service.record(bochnia.office, bochnia.auditor, COURSE, today=TODAY)

    (found,) = deadlines.due_between([bochnia.office.id], EVER, FAR, today=TODAY)

    assert found.answers == (bochnia.auditor.id,)
    assert found.subject == f"training:{training.key}"
    assert found.counted_from == COURSE.held_on


def test_the_number_of_queries_does_not_depend_on_offices_or_rows(world: World) -> None:
    both = [world.bochnia.office.id, world.leczyca.office.id]
    with scoped(EVERY_OFFICE):
        service.record(world.bochnia.office, world.bochnia.auditor, COURSE, today=TODAY)
        with counted() as for_one:
            deadlines.due_between(both[:1], EVER, FAR, today=TODAY)
        offices.set_limit(world.leczyca.office, "refresher", Limit(24, Unit.MONTHS))
        for place in (world.bochnia, world.leczyca):
            for person in place.people.values():
                service.record(place.office, person, COURSE, today=TODAY)
                people.appoint(person, place.office, Who.AUDITOR, from_on=SINCE)
        db.session.flush()

        with counted() as for_many:
            found = deadlines.due_between(both, EVER, FAR, today=TODAY)

    assert len(found) > 20
    assert len(for_many) == len(for_one)


def test_a_training_that_a_later_one_replaced_is_not_shown_as_late(bochnia: OfficeWorld, signed_in: Any) -> None:
    old, new = date(2020, 1, 2), date(2025, 1, 2)
    for held_on, until in ((old, date(2023, 1, 1)), (new, date(2030, 1, 1))):
        course = replace(COURSE, held_on=held_on, validity=Validity.UNTIL, valid_until=until)
        service.record(bochnia.office, bochnia.km_head, course, today=TODAY)
    db.session.commit()

    rows = BeautifulSoup(signed_in(bochnia.proxy).get("/u/sp-bochnia/szkolenia").data, "html.parser").select("tr")

    told = {held: row.get_text() for row in rows for held in ("02.01.2020", "02.01.2025") if held in row.get_text()}
    assert "zastąpione przez nowsze" in told["02.01.2020"]
    assert "zastąpione" not in told["02.01.2025"]
