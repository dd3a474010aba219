"""The certificates an office had over the years: entered through the pages, read and counted as they were lived."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from qms.certificates import service
from qms.certificates.models import Certificate
from qms.core.db import db, scoped
from qms.cycle.course import Course, open_deadlines
from qms.cycle.queries import gaps, history, state_of
from qms.domain.certification import CertificateStatus
from qms.domain.limits import STARTER_LIMITS
from qms.standards.models import Edition
from tests.support.application import typed
from tests.support.world import TODAY

PAGE = "/u/sp-bochnia/certyfikat"
NEW = f"{PAGE}/nowy"
TYPED = {"body": "PIHZ Certyfikacja", "is_initial": "False", "rules": "2011", "rhythm_months": ""}

# edition, body, decision, first and last day as somebody may type them from old papers
LIVED = [
    ("9001:2000", "PIHZ", "30.9.2002", "30.9.2002", "29.9.2005"),
    ("9001:2000", "PIHZ", "2005", "wrzesień 2005", "29.9.2008"),
    ("9001:2000", "PIHZ", "30.9.2008", "30.9.2008", "29.9.2011"),  # the edition ended on 14.11.2010
    ("9001:2008", "PIHZ", "30.9.2011", "30.9.2011", "29.9.2014"),
    ("9001:2008", "Inna jednostka", "30.9.2014", "30.9.2014", "29.3.2017"),  # thirty months, of another body
    ("14001:2015", "Inna jednostka", "1.6.2017", "1.6.2017", "31.5.2020"),
    ("9001:2015", "Inna jednostka", "10.2.2024", "połowa lutego 2024", "14.2.2027"),
]


def record(client, number, row, **more):
    edition, body, decided, begins, ends = row
    days = {"decided_on": decided, "valid_from": begins, "valid_until": ends}
    return typed(client, NEW, **(TYPED | days | {"number": number, "edition_code": edition, "body": body} | more))


@pytest.fixture
def lived(world, signed_in):
    """The history, entered by the proxy."""
    client = signed_in(world.bochnia.proxy)
    answers = [record(client, f"C/{place}", row) for place, row in enumerate(LIVED)]
    assert [answer.status_code for answer in answers] == [302] * len(LIVED)
    return client


def courses(world):
    """By their numbers, what the register makes of the office's certificates."""
    with scoped(frozenset({world.bochnia.office.id})):
        return {each.certificate.number: each for each in history(world.bochnia.office.id)}


def test_old_periods_are_entered_as_they_are_known_and_shown_so(world, lived):
    page = BeautifulSoup(lived.get(PAGE).data, "html.parser")
    rows = [row.get_text(" ", strip=True) for row in page.select("table")[-1].select("tbody tr")]

    assert len(rows) == len(LIVED)
    assert any("wrzesień 2005" in row and "29.09.2008" in row for row in rows)
    assert any("połowa lutego 2024" in row for row in rows)
    again = BeautifulSoup(lived.get(f"{PAGE}/{courses(world)['C/1'].certificate.key}/zmien").data, "html.parser")
    assert again.select_one("#valid_from")["value"] == "wrzesień 2005"


def test_only_days_that_no_certificate_can_cover_are_a_gap(world, lived):
    found = gaps(courses(world).values(), "9001")

    assert [(gap.first_on, gap.last_on) for gap in found] == [
        (date(2010, 11, 15), date(2011, 9, 29)),  # the edition had ended, whatever was printed
        (date(2017, 3, 30), date(2024, 2, 10)),  # up to the first day that the middle of February can mean
    ]


def test_another_standard_takes_no_part_in_what_the_office_holds(world, lived):
    office = world.bochnia.office
    with scoped(frozenset({office.id})):
        standing = state_of([office.id], TODAY)[office.id]

    assert (standing.certificate, standing.status) == ("C/6", CertificateStatus.VALID)
    assert courses(world)["C/4"].followed_on == date(2024, 2, 11)
    assert "ISO 14001:2015" in BeautifulSoup(lived.get(PAGE).data, "html.parser").get_text()


WRONG = [
    ("days of another", ("9001:2008", "P", "01.01.2015", "01.01.2015", "31.12.2017"), "valid_from", "Zaznacz niżej"),
    ("days of a later one", ("9001:2000", "P", "01.01.2002", "01.01.2002", "31.12.2002"), "valid_until", "C/0"),
    ("a day that is none", ("9001:2015", "P", "29.02.2020", "29.02.2020", "29.2.2023"), "valid_until", "29.2.2023"),
    ("a decision after the end", ("9001:2008", "P", "01.01.2018", "01.05.2017", "31.12.2017"), "valid_until", ""),
    ("to 2008, in 2019", ("9001:2008", "P", "01.02.2019", "01.02.2019", "31.01.2022"), "edition_code", "14.09.2018"),
    ("part of a day to come", ("9001:2015", "P", "01.03.2021", "01.03.2021", "2027"), "valid_until", ""),
    ("a year for all three", ("9001:2000", "P", "2001", "2001", "2001"), "valid_until", ""),
    ("words", ("9001:2008", "P", "dawno temu", "01.05.2017", "31.12.2017"), "decided_on", "2005"),
]


@pytest.mark.parametrize(("row", "field", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_cannot_have_been_is_refused_and_stays_as_it_was_typed(lived, row, *, field, sentence):
    answer = record(lived, "X", row, scope="Cały urząd")
    page = BeautifulSoup(answer.data, "html.parser")

    assert answer.status_code == 200
    assert sentence in page.select_one(f"#{field}-error").get_text()
    kept = [page.select_one(f"#{name}")["value"] for name in ("decided_on", "valid_from", "valid_until")]
    assert kept == list(row[2:])
    assert page.select_one("#scope").text.strip() == "Cały urząd"


def test_one_that_takes_the_place_of_the_one_before_it_may_overlap_it(world, lived):
    row = ("9001:2008", "PIHZ", "1.3.2016", "1.3.2016", "28.2.2019")

    assert record(lived, "X", row, replaces="y").status_code == 302
    earlier = courses(world)["C/4"]
    assert earlier.status(date(2016, 2, 29)) is CertificateStatus.VALID
    assert earlier.status(date(2016, 3, 1)) is CertificateStatus.SUPERSEDED


def test_a_leap_day_and_three_years_later_end_on_the_last_of_february(lived):
    assert record(lived, "X", ("9001:2015", "PIHZ", "29.2.2020", "29.2.2020", "28.2.2023")).status_code == 302


def test_each_suspension_stays_known(world, lived):
    with scoped(frozenset({world.bochnia.office.id})):
        kept = courses(world)["C/6"].certificate
        for event, month in (("suspended", date(2025, 3, 1)), ("restored", date(2025, 4, 1)), ("suspended", THIS_YEAR)):
            service.EVENTS[event](kept, on=month, reason="Pismo.", today=TODAY)
        db.session.commit()
    days = ("2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01", "2026-02-28", "2026-03-01")
    found = courses(world)["C/6"]
    told = " ".join(found.status(date.fromisoformat(on)) for on in days)

    assert told == "valid suspended suspended valid valid suspended"
    with scoped(frozenset({world.bochnia.office.id})):
        service.take_back(found.certificate, reason="Pomyłka.")
        db.session.commit()
        assert (found.certificate.suspended_on, found.certificate.restored_on) == (date(2025, 3, 1), date(2025, 4, 1))
        assert found.certificate.earlier_suspensions == []


THIS_YEAR = date(2026, 3, 1)


def test_the_end_that_the_body_printed_on_a_suspension_is_counted(world, lived):
    address = f"{PAGE}/{courses(world)['C/6'].certificate.key}/zdarzenie"
    suspended = {"event": "suspended", "on": "1.11.2026", "reason": "Pismo."}

    refused = typed(lived, address, **suspended, until="31.10.2026")
    assert BeautifulSoup(refused.data, "html.parser").select_one("#until-error")
    assert typed(lived, address, **suspended, until="31.1.2027").status_code == 302
    asked = {each.rule: each.due_on for each in open_deadlines(courses(world)["C/6"], TODAY)}
    assert asked["C11"] == date(2027, 1, 31)
    assert "Znaku nie wolno używać" in BeautifulSoup(lived.get(PAGE).data, "html.parser").get_text()


# What is asked for on each day of the years, with no visit ever recorded; by hand, from one day to the next.
REMINDED = """
    30.9.2008   C1 29.9.2011, C3 31.12.2009, C3 31.12.2010, C5 1.7.2011, C7 2.1.2011
    30.9.2011   C1 29.9.2014, C3 31.12.2012, C3 31.12.2013, C5 1.7.2014, C7 2.1.2014
    30.9.2014   C1 29.9.2017, C3 31.12.2015, C3 31.12.2016, C5 1.7.2017, C7 2.1.2017
    30.9.2017   C1 29.9.2017, C10 29.3.2018
    30.3.2018
"""
PRINTED = [("2008", "2011"), ("2011", "2014"), ("2014", "2017")]


def test_on_each_day_of_the_years_the_right_things_are_asked_for():
    by_hand = [(a_day(line.split()[0]), line.split(maxsplit=1)[1:]) for line in REMINDED.strip().splitlines()]
    until = date(2018, 12, 31)

    wrong = [
        f"{today}: {asked_on(today)}"
        for (first, meant), (after, _) in zip(by_hand, [*by_hand[1:], (until, [])], strict=True)
        for today in (first + timedelta(days=past) for past in range((after - first).days))
        if asked_on(today) != "".join(meant)
    ]
    assert wrong == []


def a_day(text):
    first, month, year = map(int, text.split("."))
    return date(year, month, first)


def asked_on(today):
    """As the register asked on that day: a certificate is known from its decision on."""
    known = [(a_day(f"30.9.{begins}"), a_day(f"29.9.{ends}")) for begins, ends in PRINTED]
    known = [(begins, ends) for begins, ends in known if begins <= today]
    found = []
    for place, (begins, ends) in enumerate(known):
        facts = {"office_id": 1, "number": "C", "edition_code": "9001:2008", "rules": "2011", "is_initial": False}
        kept = Certificate(**facts, key="k", decided_on=begins, valid_from=begins, valid_until=ends)
        kept.edition = Edition(code="9001:2008", certificates_until=None)
        follower = known[place + 1][0] if place + 1 < len(known) else None
        found += open_deadlines(Course(kept, follower, limits=STARTER_LIMITS), today)
    return ", ".join(sorted(f"{each.rule} {each.due_on.day}.{each.due_on.month}.{each.due_on.year}" for each in found))
