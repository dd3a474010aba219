"""Who may lead an audit on which days, and what a programme breaks."""

from datetime import date

import pytest

from qms.domain.competence import Appointment, AuditorRole, Qualification, Validity
from qms.domain.independence import Membership
from qms.domain.programme import days_window, months_window
from qms.domain.proposal import Limits
from qms.domain.staffing import Auditor, Planned, Rule, Staff, check

SINCE, EDITION = date(2020, 1, 1), "9001:2015"
FN, OR, KM = 1, 2, 3
ANNA, JAN, HEAD = 10, 11, 12


def trained(until=date(2030, 1, 1), edition=EDITION):
    return Qualification(
        role=AuditorRole.LEAD, edition=edition, held_on=SINCE, validity=Validity.UNTIL, valid_until=until
    )


def staff(*, jan=None, heads=None):
    jan = jan or Auditor(JAN, (Appointment(SINCE),), (trained(),))
    return Staff(
        auditors={ANNA: Auditor(ANNA, (Appointment(SINCE),), (trained(),)), JAN: jan},
        memberships=[
            Membership(ANNA, FN, SINCE, date(2027, 6, 10)),
            Membership(ANNA, KM, date(2027, 6, 11)),
            Membership(JAN, OR, SINCE),
            Membership(HEAD, KM, SINCE, is_head=True),
        ],
        parents={FN: None, OR: None, KM: None},
        heads_of_office=heads or {},
    )


# Anna leaves FN on 10 June 2027 for KM. Who is to lead where and when, and the rule that is broken.
LEADS = """
    lead    unit    when                      broken
    anna    fn      2027-05                   independence
    anna    fn      2027-06                   independence
    anna    fn      2027-06-10..2027-06-11    independence
    anna    fn      2027-06-11..2027-06-12    -
    anna    fn      2027-05..2027-07          -
    anna    km      2027-05                   -
    anna    km      2027-06                   independence
    anna    or      2027-06                   -
    jan     or      2027-06                   independence
    jan     fn      2027-06                   -
    nobody  fn      2027-06                   qualification
"""
PEOPLE, UNITS = {"anna": ANNA, "jan": JAN, "nobody": 99}, {"fn": FN, "or": OR, "km": KM}


def window(when):
    first, _, last = when.partition("..")
    if len(first) > len("2027-05"):
        return days_window(2027, date.fromisoformat(first), date.fromisoformat(last))
    return months_window(2027, int(first[5:]), int(last[5:]) if last else None)


def planned(number=1, unit="fn", when="2027-03", lead="jan"):
    lead_id = PEOPLE[lead] if lead else None
    return Planned(number=number, units=frozenset({UNITS[unit]}), edition=EDITION, window=window(when), lead_id=lead_id)


ROOMY = Limits(9, 9)


@pytest.mark.parametrize(("lead", "unit", "when", "broken"), [line.split() for line in LEADS.strip().splitlines()[1:]])
def test_leads_are_checked_on_the_days_or_in_every_month_that_is_possible(lead, unit, when, broken):
    found = check([planned(unit=unit, when=when, lead=lead)], staff=staff(), limits=ROOMY, units=[])

    assert [breach.rule for breach in found] == ([] if broken == "-" else [Rule(broken)])
    assert {breach.number for breach in found} <= {1}


# until when Jan is appointed, until when trained, for which edition, and in which months he is free to lead in FN
ABLE = """
    appointed     trained       edition      free
    2030-01-01    2030-01-01    9001:2015    4,5,6
    2027-05-31    2030-01-01    9001:2015    4,5
    2027-05-30    2030-01-01    9001:2015    4
    2030-01-01    2027-06-29    9001:2015    4,5
    2030-01-01    2030-01-01    9001:2008    -
"""


@pytest.mark.parametrize(
    ("appointed", "until", "edition", "free"), [line.split() for line in ABLE.strip().splitlines()[1:]]
)
def test_a_month_is_free_when_the_lead_may_lead_on_each_of_its_days(appointed, until, edition, free):
    courses = (trained(date.fromisoformat(until), edition),)
    jan = Auditor(JAN, (Appointment(SINCE, date.fromisoformat(appointed)),), courses)

    found = staff(jan=jan).free([FN], 2027, [4, 5, 6], edition=EDITION)

    months = [month for month, able in found[FN].items() if JAN in able]
    assert months == ([] if free == "-" else [int(month) for month in free.split(",")])


def test_the_head_of_the_office_does_not_audit_departments_whose_heads_answer_to_them():
    rules = staff(heads={6: [JAN]})

    found = check([planned(unit="km", when="2027-06")], staff=rules, limits=ROOMY, units=[])

    assert [(breach.rule, breach.unit, breach.lead) for breach in found] == [(Rule.INDEPENDENCE, KM, JAN)]


def test_an_audit_without_a_lead_breaks_nothing_yet():
    assert check([planned(lead="")], staff=staff(), limits=ROOMY, units=[FN]) == []


def test_months_and_leads_that_are_too_full_are_named_once():
    many = [planned(number=number, when="2027-03") for number in range(1, 5)]

    found = check(many, staff=staff(), limits=Limits(3, 2), units=[])

    assert [(breach.rule, breach.month, breach.lead, breach.most) for breach in found] == [
        (Rule.MONTH_FULL, 3, None, 3),
        (Rule.LEAD_FULL, None, JAN, 2),
    ]


def test_an_audit_with_open_months_fills_none():
    many = [planned(number=number, when="2027-03..2027-04") for number in range(1, 5)]

    assert check(many, staff=staff(), limits=Limits(1, 9), units=[]) == []


def test_a_department_that_nobody_visits_is_named():
    found = check([planned(unit="fn")], staff=staff(), limits=ROOMY, units=[FN, OR])

    assert [(breach.rule, breach.unit) for breach in found] == [(Rule.UNIT_MISSING, OR)]
