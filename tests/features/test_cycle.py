"""The certification cycle of an office: its days by the rules, its state on any day, its page."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qms.audits.models import Audit
from qms.certificates import service
from qms.certificates.models import Certificate
from qms.certificates.service import CertificateFacts
from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.i18n import said
from qms.cycle import course, deadlines, milestones, queries, telling
from qms.cycle.words import AGREED_TOO_LATE
from qms.domain.certification import CertificateStatus, InternalAudits
from qms.domain.deadlines import Deadline, Duty, Kind
from qms.domain.limits import NOT_SET, STARTER_LIMITS, Limit, Unit
from qms.offices import service as offices
from qms.offices.models import Office
from qms.people.models import Person
from qms.standards.models import Edition
from tests.support.statements import counted
from tests.support.world import TODAY, OfficeWorld, World

SignIn = Callable[[Person], FlaskClient]

# The end is a day short of three years, as many bodies print it.
AUTUMN = CertificateFacts(
    number="PL/1/2025",
    body="PIHZ Certyfikacja",
    edition_code="9001:2015",
    decided_on=date(2025, 11, 15),
    valid_from=date(2025, 11, 15),
    valid_until=date(2028, 11, 14),
)
JANUARY = replace(AUTUMN, decided_on=date(2026, 1, 10), valid_from=date(2026, 1, 10), valid_until=date(2029, 1, 9))
LAPSED = replace(AUTUMN, decided_on=date(2023, 5, 13), valid_from=date(2023, 5, 13), valid_until=date(2026, 5, 12))
OF_2008 = replace(
    AUTUMN,
    edition_code="9001:2008",
    decided_on=date(2016, 5, 1),
    valid_from=date(2016, 5, 1),
    valid_until=date(2019, 4, 30),
)
EVER, FAR = date(1990, 1, 1), date(2040, 12, 31)
PAGE = "/u/sp-bochnia/certyfikat"


@pytest.fixture
def bochnia(world: World) -> Iterator[OfficeWorld]:
    """The office, its rows open to the test."""
    with scoped(frozenset({world.bochnia.office.id})):
        yield world.bochnia


def certify(office: Office, facts: CertificateFacts, **events: date) -> Certificate:
    found = service.record(office, facts, today=TODAY)
    for name, day in events.items():
        setattr(found, name, day)
    db.session.flush()
    return found


def visit(office: Office, kind: str, day: date, *, state: str = "planned") -> Audit:
    published_at = clock.now() if state == "finished" else None
    number = f"{kind} {day} {state}"
    audit = Audit(office_id=office.id, number=number, kind=kind, edition_code="9001:2015", published_at=published_at)
    audit.starts_on, audit.ends_on, audit.state = day, day, state
    db.session.add(audit)
    db.session.flush()
    return audit


def on_paper(facts: CertificateFacts, held: list[tuple[str, date]], **events: date) -> course.Course:
    """A course that no database knows: its rules are tried without one."""
    certificate = Certificate(key="k7f3q9", office_id=1, **asdict(facts), **events)
    certificates_until = date(2018, 9, 14) if facts.edition_code == "9001:2008" else None
    certificate.edition = Edition(code=facts.edition_code, certificates_until=certificates_until)
    dated = ({"kind": kind, "starts_on": day, "ends_on": day} for kind, day in held)
    audits = tuple(Audit(**each, state="planned", edition_code=facts.edition_code) for each in dated)
    return course.Course(certificate, audits=audits, limits=STARTER_LIMITS)


def asked(office: Office, today: date, *, days: tuple[date, date] = (EVER, FAR)) -> list[str]:
    return lines(deadlines.due_between([office.id], *days, today=today))


def lines(found: Iterable[Deadline]) -> list[str]:
    return sorted(f"{deadline.due_on} {deadline.rule} {deadline.kind}" for deadline in found)


END_OF_AUTUMN = ["2028-02-18 C7 body_contract", "2028-08-16 C5 recertification_audit", "2028-11-14 C1 certificate_end"]
END_OF_JANUARY = ["2028-04-14 C7 body_contract", "2028-10-11 C5 recertification_audit", "2029-01-09 C1 certificate_end"]
OLD_VISITS = [
    ("surveillance", date(2024, 5, 6)),
    ("surveillance", date(2025, 5, 5)),
    ("recertification", date(2026, 2, 9)),
]


def test_a_booked_audit_is_no_longer_to_be_arranged() -> None:
    booked = [("surveillance", date(2026, 11, 10)), ("recertification", date(2028, 12, 1))]
    found = lines(each for each in course.open_deadlines(on_paper(AUTUMN, booked), date(2026, 6, 1)) if each.is_booked)

    assert found == ["2026-11-10 C15 surveillance"]  # the other one is booked for later than it has to be


def test_the_agreed_day_counts_once_it_is_agreed_and_the_table_still_says_the_limit(bochnia: OfficeWorld) -> None:
    day = date(2026, 6, 1)
    found = on_paper(AUTUMN, [("surveillance", date(2026, 9, 3)), ("surveillance", date(2028, 1, 5))])
    (first,) = [each for each in course.open_deadlines(found, day) if each.is_booked]
    rows = [row for row in telling.rows(milestones.milestones(found, day), day) if row.audit]

    assert (first.due_on, first.counted_from) == (date(2026, 9, 3), date(2026, 11, 15))
    assert [row.day for row in rows] == [date(2026, 9, 3), date(2028, 1, 5)]
    assert "15.11.2026" in rows[0].why
    assert said(AGREED_TOO_LATE, counted_from=date(2027, 12, 31)) in rows[1].why


def test_an_audit_that_is_being_held_is_not_late() -> None:
    found = on_paper(AUTUMN, [("surveillance", date(2026, 9, 3))])
    found.audits[0].ends_on = date(2026, 9, 5)

    (held,) = [each for each in course.open_deadlines(found, date(2026, 9, 4)) if each.is_booked]

    assert not held.is_overdue(date(2026, 9, 4))


def test_a_recertification_audit_of_the_first_half_belongs_to_the_certificate_before() -> None:
    """Else the visits of the years up to the end would not be asked for."""
    found = on_paper(AUTUMN, [("recertification", date(2026, 3, 5))])

    assert lines(course.open_deadlines(found, date(2026, 1, 1))) == [
        "2026-11-15 C2 surveillance",
        "2027-12-31 C3 surveillance",
        *END_OF_AUTUMN,
    ]


COURSES: list[tuple[str, CertificateFacts, list[tuple[str, date]], date, list[str]]] = [
    (
        "nothing held yet",
        AUTUMN,
        [],
        date(2026, 6, 1),
        ["2026-11-15 C2 surveillance", "2027-12-31 C3 surveillance", *END_OF_AUTUMN],
    ),
    (
        "the first one held",
        AUTUMN,
        [("surveillance", date(2026, 10, 1))],
        date(2026, 11, 20),
        ["2027-12-31 C3 surveillance", *END_OF_AUTUMN],
    ),
    (
        "only planned is not held",
        AUTUMN,
        [("surveillance", date(2026, 12, 1))],
        date(2026, 11, 20),
        [
            "2026-11-01 C8 internal_audits",
            "2026-11-15 C2 surveillance",
            "2027-12-31 C3 surveillance",
            *END_OF_AUTUMN,
        ],
    ),
    (
        "too late for its year, which cannot be made up",
        AUTUMN,
        [("surveillance", date(2027, 1, 10))],
        date(2027, 2, 1),
        END_OF_AUTUMN,
    ),
    (
        "both held, the recertification too",
        AUTUMN,
        [
            ("surveillance", date(2026, 10, 1)),
            ("surveillance", date(2027, 10, 1)),
            ("recertification", date(2028, 8, 1)),
        ],
        date(2028, 9, 1),
        ["2028-11-14 C1 certificate_end"],
    ),
    (
        "decided in January: the recertification audit is already in the year before the end",
        JANUARY,
        [],
        date(2026, 6, 1),
        ["2027-01-10 C2 surveillance", "2027-12-31 C3 surveillance", *END_OF_JANUARY],
    ),
    (
        "by the older rules, counted from the last day of stage 2",
        replace(AUTUMN, rules="2011", stage2_ended_on=date(2025, 10, 20)),
        [],
        date(2026, 6, 1),
        ["2026-10-20 C2' surveillance", "2027-12-31 C3 surveillance", *END_OF_AUTUMN],
    ),
    (
        "a renewal has no first surveillance, only one in each year",
        replace(AUTUMN, is_initial=False),
        [],
        date(2026, 6, 1),
        ["2026-12-31 C3 surveillance", "2027-12-31 C3 surveillance", *END_OF_AUTUMN],
    ),
    (
        "decided on a leap day",
        replace(AUTUMN, decided_on=date(2024, 2, 29), valid_from=date(2024, 2, 29), valid_until=date(2027, 2, 28)),
        [],
        date(2024, 6, 1),
        [
            "2025-02-28 C2 surveillance",
            "2025-12-31 C3 surveillance",
            "2026-06-03 C7 body_contract",
            "2026-11-30 C5 recertification_audit",
            "2027-02-28 C1 certificate_end",
        ],
    ),
    ("the last day is a valid day", LAPSED, OLD_VISITS, date(2026, 5, 12), ["2026-05-12 C1 certificate_end"]),
    (
        "lapsed: late, and half a year to restore it",
        LAPSED,
        [],
        date(2026, 5, 13),
        ["2026-05-12 C1 certificate_end", "2026-11-12 C10 recertification_decision"],
    ),
    ("lost for good", LAPSED, [], date(2026, 11, 13), []),
    (
        "of the edition of 2008: its end comes first",
        OF_2008,
        [("surveillance", date(2017, 4, 20)), ("recertification", date(2018, 5, 7))],
        date(2018, 9, 1),
        ["2018-03-18 C14 transition_audit", "2018-09-14 C13 certificate_end"],
    ),
    ("of the edition of 2008, the day after", OF_2008, [], date(2018, 9, 15), []),
]


@pytest.mark.parametrize(
    ("facts", "held", "today", "expected"), [case[1:] for case in COURSES], ids=[case[0] for case in COURSES]
)
def test_the_cycle_asks_for_what_is_still_to_be_done(
    facts: CertificateFacts, held: list[tuple[str, date]], *, today: date, expected: list[str]
) -> None:
    assert lines(course.open_deadlines(on_paper(facts, held), today)) == expected


def test_what_is_stored_is_asked_for_by_the_same_rules(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    visit(bochnia.office, "surveillance", date(2026, 10, 1))

    assert asked(bochnia.office, TODAY) == ["2027-12-31 C3 surveillance", *END_OF_AUTUMN]


@pytest.mark.parametrize(
    ("today", "second"),
    [
        (date(2027, 11, 15), "2027-11-15 C4 surveillance"),
        (date(2027, 12, 15), "2027-11-15 C4 surveillance"),
        (date(2027, 12, 16), "2027-12-31 C3 surveillance"),  # what the contract aims at was missed, the rules go on
    ],
)
def test_the_day_of_the_contract_stands_for_the_year_until_it_is_missed(today: date, second: str) -> None:
    visited = on_paper(AUTUMN, [("surveillance", date(2026, 10, 1))])
    by_contract = STARTER_LIMITS | {"second_surveillance": Limit(24, Unit.MONTHS, tolerance=30)}

    assert lines(course.open_deadlines(replace(visited, limits=by_contract), today))[0] == second


def test_a_stored_certificate_of_a_past_edition_ends_with_it(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, OF_2008)

    assert "2018-09-14 C13 certificate_end" in asked(bochnia.office, date(2018, 9, 1))
    assert asked(bochnia.office, TODAY) == []


def test_a_missed_visit_is_asked_for_until_it_is_held_or_the_certificate_ends(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    late = "2026-11-15 C2 surveillance"

    assert late in asked(bochnia.office, date(2027, 5, 1))
    assert late not in asked(bochnia.office, date(2028, 11, 15))


def test_a_visit_counts_once_its_report_is_published_or_its_day_has_come(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    still, agreed = "2026-11-15 C2 surveillance", "2026-11-10 C15 surveillance"
    cancelled = visit(bochnia.office, "surveillance", date(2026, 11, 10), state="cancelled")

    assert still in asked(bochnia.office, TODAY)
    cancelled.state = "planned"
    db.session.flush()
    assert still not in asked(bochnia.office, TODAY)
    assert agreed in asked(bochnia.office, date(2026, 11, 9))


def test_an_internal_audit_is_no_surveillance(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    visit(bochnia.office, "internal", date(2026, 10, 1))

    assert "2026-11-15 C2 surveillance" in asked(bochnia.office, TODAY)


def test_a_cleared_limit_asks_for_nothing(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    offices.set_limit(bochnia.office, "recertification_audit", NOT_SET)
    db.session.flush()

    assert not [line for line in asked(bochnia.office, TODAY) if "recertification_audit" in line]


def test_the_office_may_set_its_own_limit(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    offices.set_limit(bochnia.office, "recertification_audit", Limit(4, Unit.MONTHS, counts_back=True))
    db.session.flush()

    assert "2028-07-14 C5 recertification_audit" in asked(bochnia.office, TODAY)


def test_a_suspension_has_an_end_of_its_own_until_it_is_lifted(bochnia: OfficeWorld) -> None:
    found = certify(bochnia.office, AUTUMN, suspended_on=date(2026, 8, 31))
    ends = "2027-02-28 C11 recertification_decision"

    assert ends in asked(bochnia.office, TODAY)
    found.restored_on = date(2026, 11, 1)
    db.session.flush()
    assert ends not in asked(bochnia.office, TODAY)


@pytest.mark.parametrize("event", ["withdrawn_on", "followed"])
def test_a_certificate_that_is_over_asks_for_nothing(bochnia: OfficeWorld, event: str) -> None:
    certificate = certify(bochnia.office, replace(AUTUMN, number="old"))
    if event == "withdrawn_on":
        certificate.withdrawn_on = TODAY
    else:
        certify(bochnia.office, replace(AUTUMN, number="new", decided_on=TODAY, valid_from=TODAY, replaces=True))
    db.session.flush()

    found = deadlines.due_between([bochnia.office.id], EVER, FAR, today=TODAY)

    assert {deadline.number for deadline in found} == ({"new"} if event == "followed" else set())


def test_only_days_of_the_range_are_given(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    end = AUTUMN.valid_until

    assert asked(bochnia.office, TODAY, days=(end, end)) == ["2028-11-14 C1 certificate_end"]
    assert asked(bochnia.office, TODAY, days=(end + timedelta(days=1), FAR)) == []


def test_each_deadline_is_of_the_proxy_and_has_a_subject_of_its_own(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN, suspended_on=TODAY)

    found = deadlines.due_between([bochnia.office.id], EVER, FAR, today=TODAY)

    assert {deadline.duty for deadline in found} == {Duty.PROXY}
    assert len({(deadline.kind, deadline.subject) for deadline in found}) == len(found) == 6
    assert all(len(deadline.subject) <= 60 for deadline in found)


STATES: list[tuple[str, dict[str, Any], str, CertificateStatus, int | None]] = [
    ("before it begins", {}, "2025-11-14", CertificateStatus.IN_PREPARATION, 1096),
    ("on its first day", {}, "2025-11-15", CertificateStatus.VALID, 1095),
    ("on its last day", {}, "2028-11-14", CertificateStatus.VALID, 0),
    ("the day after", {}, "2028-11-15", CertificateStatus.EXPIRED_RESTORABLE, -1),
    ("half a year later", {}, "2029-05-14", CertificateStatus.EXPIRED_RESTORABLE, -181),
    ("later still", {}, "2029-05-15", CertificateStatus.EXPIRED_FINAL, -182),
    ("suspended", {"suspended_on": date(2026, 1, 5)}, "2026-01-05", CertificateStatus.SUSPENDED, 1044),
    (
        "restored",
        {"suspended_on": date(2026, 1, 5), "restored_on": date(2026, 2, 5)},
        "2026-02-05",
        CertificateStatus.VALID,
        1013,
    ),
    ("withdrawn", {"withdrawn_on": date(2026, 1, 5)}, "2026-01-05", CertificateStatus.WITHDRAWN, 1044),
]


@pytest.mark.parametrize(
    ("events", "today", "status", "days_left"), [case[1:] for case in STATES], ids=[case[0] for case in STATES]
)
def test_the_state_is_read_from_the_days(
    events: dict[str, date], today: str, *, status: CertificateStatus, days_left: int
) -> None:
    state = queries.state(on_paper(AUTUMN, [], **events), date.fromisoformat(today))

    assert (state.status, state.days_left) == (status, days_left)


@pytest.mark.parametrize("facts", [AUTUMN, OF_2008], ids=["2015", "of an edition that ended"])
@pytest.mark.parametrize(("events", "today"), [case[1:3] for case in STATES], ids=[case[0] for case in STATES])
def test_a_list_of_offices_says_what_the_certificates_own_page_says(
    bochnia: OfficeWorld, facts: CertificateFacts, events: dict[str, date], *, today: str
) -> None:
    certify(bochnia.office, facts, **events)
    day = date.fromisoformat(today)

    listed = queries.state_of([bochnia.office.id], day)[bochnia.office.id]
    (found,) = queries.history(bochnia.office.id)

    own_page = queries.state(found, day)
    assert (listed.certificate, listed.status) == (own_page.certificate, own_page.status)
    assert (listed.ends_on, listed.days_left) == (own_page.ends_on, own_page.days_left)


def test_an_office_without_a_certificate_is_preparing_for_one(bochnia: OfficeWorld) -> None:
    state = queries.state_of([bochnia.office.id], TODAY)[bochnia.office.id]

    assert state == queries.Standing(CertificateStatus.IN_PREPARATION)


def test_the_certificate_in_use_gives_way_on_the_first_day_of_the_next_one(bochnia: OfficeWorld) -> None:
    ending = date(2026, 11, 30)
    old = replace(AUTUMN, number="old", decided_on=date(2023, 12, 1), valid_from=date(2023, 12, 1), valid_until=ending)
    new = replace(AUTUMN, number="new", decided_on=TODAY, valid_from=date(2026, 12, 1), valid_until=date(2029, 11, 30))
    certify(bochnia.office, old)
    certify(bochnia.office, new)

    def in_use(today: date) -> tuple[str, CertificateStatus]:
        state = queries.state_of([bochnia.office.id], today)[bochnia.office.id]
        current = queries.current(queries.history(bochnia.office.id), today)
        assert state.certificate is not None
        assert current is not None
        assert current.certificate.number == state.certificate
        return state.certificate, state.status

    assert in_use(ending) == ("old", CertificateStatus.VALID)
    assert in_use(date(2026, 12, 1)) == ("new", CertificateStatus.VALID)
    before, now = queries.history(bochnia.office.id)[1], queries.history(bochnia.office.id)[0]
    assert before.status(date(2026, 12, 1)) is CertificateStatus.SUPERSEDED
    assert now.followed_on is None


def test_the_next_step_is_the_nearest_thing_asked_for(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    visit(bochnia.office, "surveillance", date(2026, 10, 1))

    (found,) = queries.history(bochnia.office.id)
    state = queries.state(found, TODAY)

    assert state.next_step is not None
    assert (state.next_step.due_on, state.next_step.kind) == (date(2027, 12, 31), "surveillance")


def test_the_number_of_queries_does_not_depend_on_the_number_of_offices(world: World) -> None:
    both = [world.bochnia.office.id, world.leczyca.office.id]
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, AUTUMN)
        with counted() as for_one:
            queries.state_of(both[:1], TODAY)
            deadlines.due_between(both[:1], EVER, FAR, today=TODAY)
        for place in (world.bochnia, world.leczyca):
            certify(place.office, replace(JANUARY, replaces=True))
            certify(place.office, replace(AUTUMN, number="x", valid_from=date(2026, 3, 1), replaces=True))
            visit(place.office, "surveillance", date(2026, 10, 1))
            visit(place.office, "recertification", date(2028, 10, 1))

        with counted() as for_many:
            states = queries.state_of(both, TODAY)
            deadlines.due_between(both, EVER, FAR, today=TODAY)

    assert {state.status for state in states.values()} == {CertificateStatus.VALID}
    assert len(for_many) == len(for_one)


def test_a_booked_audit_stands_beside_the_day_it_has_to_meet(bochnia: OfficeWorld) -> None:
    certify(bochnia.office, AUTUMN)
    visit(bochnia.office, "surveillance", date(2026, 10, 1))
    booked = visit(bochnia.office, "surveillance", date(2027, 9, 1))
    (found,) = queries.history(bochnia.office.id)

    told = [(row.event, row.day, row.is_done, row.audit) for row in milestones.milestones(found, TODAY)]

    assert (milestones.Event.SURVEILLANCE, date(2027, 9, 1), False, booked) in told
    assert [day for _, day, *_ in told] == sorted(day for _, day, *_ in told)


def text_of(client: FlaskClient, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").select_one("main").get_text(" ", strip=True)


def test_the_page_says_in_words_what_the_picture_shows(world: World, signed_in: SignIn) -> None:
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, AUTUMN)
        world.bochnia.proxy.language = "en"
        db.session.commit()
    client = signed_in(world.bochnia.proxy)

    page = BeautifulSoup(client.get(PAGE).data, "html.parser")

    told = page.select_one("figure figcaption").get_text(strip=True)
    assert told == "Valid until 14.11.2028. 725 days left."
    assert len(page.select("figure ol li")) == len(page.select("figure svg.cycle__point")) == 6
    assert [row.select_one("td[data-label='Day']").text for row in page.select("table")[0].select("tbody tr")] == [
        "15.11.2025",
        "15.11.2026",
        "31.12.2027",
        "18.02.2028",
        "16.08.2028",
        "14.11.2028",
    ]
    assert "90 days before the certificate ends (14.11.2028)." in page.get_text()
    assert "One surveillance audit in each calendar year after the decision (15.11.2025)." in page.get_text()


def test_without_a_certificate_the_page_says_what_to_do(world: World, signed_in: SignIn) -> None:
    page = BeautifulSoup(signed_in(world.bochnia.proxy).get(PAGE).data, "html.parser")

    assert page.select_one(f"main a[href='{PAGE}/nowy']")
    assert not BeautifulSoup(signed_in(world.bochnia.auditor).get(PAGE).data, "html.parser").select_one("main a.button")


@pytest.mark.parametrize(
    ("facts", "events"),
    [
        (LAPSED, {}),
        (OF_2008, {}),
        (AUTUMN, {"suspended_on": TODAY}),
        (AUTUMN, {"suspended_on": TODAY, "restored_on": TODAY}),
        (AUTUMN, {"withdrawn_on": TODAY}),
        (replace(AUTUMN, decided_on=TODAY, valid_from=TODAY + timedelta(days=9)), {}),
    ],
)
def test_the_page_tells_every_state(
    world: World, signed_in: SignIn, *, facts: CertificateFacts, events: dict[str, date]
) -> None:
    with scoped(EVERY_OFFICE):
        certify(world.bochnia.office, facts, **events)
        db.session.commit()

    assert text_of(signed_in(world.bochnia.proxy))


def test_everybody_who_works_in_the_office_may_read_it(world: World, signed_in: SignIn) -> None:
    readers = [
        world.bochnia.people[who] for who in ("proxy", "head", "auditor", "fn_clerk", "external", "office_admin")
    ]

    assert [signed_in(reader).get(PAGE).status_code for reader in readers] == [200] * 6


def test_others_may_not(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.leczyca.proxy).get(PAGE).status_code == 404
    assert signed_in(world.coordinator).get(PAGE).status_code == 403
    assert signed_in(world.admin).get(PAGE).status_code == 404


def test_internal_audits_are_to_be_finished_thirty_days_before_the_body_comes() -> None:
    """AUTUMN was decided on 15.11.2025; 12.10.2026 less 30 days is 12.9.2026."""
    paper = on_paper(AUTUMN, [("surveillance", date(2026, 10, 12)), ("recertification", date(2028, 6, 1))])
    held = replace(paper, internal_audits=InternalAudits(held_on=date(2026, 4, 20)))
    still_open = replace(held, internal_audits=InternalAudits(open_on=date(2026, 9, 1), held_on=date(2026, 4, 20)))

    def due_of(course_: course.Course, today: date) -> list[str]:
        found = course.open_deadlines(course_, today)
        return lines(each for each in found if each.kind is Kind.INTERNAL_AUDITS)

    assert due_of(paper, date(2026, 6, 1)) == ["2026-09-12 C8 internal_audits"]
    assert due_of(still_open, date(2026, 6, 1)) == ["2026-09-12 C8 internal_audits"]
    assert due_of(held, date(2026, 6, 1)) == []
    assert due_of(held, date(2026, 10, 12)) == ["2028-05-02 C8 internal_audits"]
    assert due_of(on_paper(AUTUMN, []), date(2026, 6, 1)) == []
    assert due_of(replace(paper, limits={}), date(2026, 6, 1)) == []


def test_the_end_of_the_internal_audits_is_a_day_of_the_cycle_until_they_are_finished() -> None:
    paper = on_paper(AUTUMN, [("surveillance", date(2026, 10, 12))])
    held = replace(paper, internal_audits=InternalAudits(held_on=date(2026, 4, 20)))

    def told(course_: course.Course) -> list[tuple[date, bool]]:
        days = milestones.milestones(course_, date(2026, 6, 1))
        return [(each.day, each.is_done) for each in days if each.event is milestones.Event.INTERNAL_AUDITS]

    assert told(paper) == [(date(2026, 9, 12), False)]
    assert told(held) == []
