"""Histories of certificates as offices lived them: the status on each day of the years, against intervals by hand."""

from datetime import date, timedelta

import pytest

from qms.domain.certification import CertFacts, CertificateStatus, RuleVersion, may_refer_to, status


def day(text: str) -> date:
    first, month, year = text.split(".")
    return date(int(year), int(month), int(first))


def certificate(begins: str, ends: str, **changed: object) -> CertFacts:
    known = {"decided_on": day(begins), "valid_from": day(begins), "valid_until": day(ends)}
    return CertFacts(**{**known, "rule_version": RuleVersion.V2011, "is_initial": False} | changed)


# Each certificate with what it was, from the day on which that began to the next such day; written by hand.
HISTORIES: dict[str, tuple[CertFacts, str]] = {
    "2002, a day short of three years": (
        certificate("30.9.2002", "29.9.2005", superseded_on=day("30.9.2005"), edition_ends_on=day("14.11.2010")),
        "1.1.2002 in_preparation, 30.9.2002 valid, 30.9.2005 superseded",
    ),
    "2008, to the edition that came a month later to an end of its own": (
        certificate("30.9.2008", "29.9.2011", edition_ends_on=day("14.11.2010"), superseded_on=day("30.9.2011")),
        "1.1.2008 in_preparation, 30.9.2008 valid, 15.11.2010 expired_final, 30.9.2011 superseded",
    ),
    "2011, lapsed and never renewed": (
        certificate("30.9.2011", "29.9.2014"),
        "1.1.2011 in_preparation, 30.9.2011 valid, 30.9.2014 expired_restorable, 30.3.2015 expired_final",
    ),
    "thirty months": (
        certificate("12.12.2007", "11.6.2010", superseded_on=day("12.6.2010")),
        "1.12.2007 in_preparation, 12.12.2007 valid, 12.6.2010 superseded",
    ),
    "2016, cut short by the end of its edition": (
        certificate("1.5.2016", "30.4.2019", edition_ends_on=day("14.9.2018")),
        "1.1.2016 in_preparation, 1.5.2016 valid, 15.9.2018 expired_final",
    ),
    "another body's, in the middle of the cycle": (
        certificate("10.6.2014", "9.6.2017", superseded_on=day("1.3.2016")),
        "1.1.2014 in_preparation, 10.6.2014 valid, 1.3.2016 superseded",
    ),
    "suspended twice, then withdrawn": (
        certificate(
            "1.2.2020",
            "31.1.2023",
            earlier_suspensions=((day("1.3.2021"), day("15.4.2021")),),
            suspended_on=day("1.12.2021"),
            withdrawn_on=day("1.6.2022"),
        ),
        "1.2.2020 valid, 1.3.2021 suspended, 15.4.2021 valid, 1.12.2021 suspended, 1.6.2022 withdrawn",
    ),
    "suspended and restored on the last day of a leap February": (
        certificate("29.2.2024", "28.2.2027", suspended_on=day("29.2.2024"), resumed_on=day("1.3.2024")),
        "29.2.2024 suspended, 1.3.2024 valid, 1.3.2027 expired_restorable, 29.8.2027 expired_final",
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_certificate_has_the_right_status_on_each_day_of_its_years(name):
    facts, by_hand = HISTORIES[name]
    expected = [(day(line.split()[0]), line.split()[1]) for line in by_hand.split(",")]
    until = expected[-1][0] + timedelta(days=1000)

    wrong = [
        f"{today}: {status(facts, today)}, by hand {meant}"
        for (first, meant), (after, _) in zip(expected, [*expected[1:], (until, "")], strict=True)
        for today in (first + timedelta(days=past) for past in range((after - first).days))
        if status(facts, today) != meant
    ]
    assert wrong == []


@pytest.mark.parametrize("each", CertificateStatus)
def test_the_mark_is_used_only_while_the_certificate_is_valid(each):
    assert may_refer_to(each) is (each == "valid")
