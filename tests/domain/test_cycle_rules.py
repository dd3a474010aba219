"""The rules of the cycle as a table that a quality manager can check: from these days, by this rule, that day."""

from datetime import date

import pytest

from qms.domain import certification as rules
from qms.domain.certification import CertFacts, Due, RuleVersion
from qms.domain.limits import STARTER_LIMITS, Limit, Unit


def day(text: str) -> date:
    first, month, year = text.split(".")
    return date(int(year), int(month), int(first))


def certificate(decided: str, ends: str, rule_version: str = "2015", *, stage2: str = "-") -> CertFacts:
    return CertFacts(
        decided_on=day(decided),
        valid_from=day(decided),
        valid_until=day(ends),
        stage2_ended_on=None if stage2 == "-" else day(stage2),
        rule_version=RuleVersion(rule_version),
    )


# By calendar years: the decision, the printed end, the rules, the last day of stage 2, the visits held; what is left.
# C2: 12 months after the decision (2015); C2': after the last day of stage 2 (2011); C3: once in each calendar year.
BY_YEARS = [
    ("15.11.2025", "14.11.2028", "2015", "-", "", "C2 15.11.2026, C3 31.12.2027"),
    ("15.11.2025", "14.11.2028", "2011", "20.10.2025", "", "C2' 20.10.2026, C3 31.12.2027"),
    ("15.11.2025", "14.11.2028", "2011", "-", "", "C3 31.12.2026, C3 31.12.2027"),  # that day is not known
    ("10.1.2026", "9.1.2029", "2015", "-", "", "C2 10.1.2027, C3 31.12.2027"),  # recertification is due in 2028
    ("10.1.2026", "9.1.2029", "2011", "3.12.2025", "", "C2' 3.12.2026, C3 31.12.2027"),
    ("29.2.2024", "28.2.2027", "2015", "-", "", "C2 28.2.2025, C3 31.12.2025"),  # a leap day
    ("31.8.2024", "30.8.2027", "2015", "-", "", "C2 31.8.2025, C3 31.12.2026"),
    ("31.12.2024", "30.12.2027", "2015", "-", "", "C2 31.12.2025, C3 31.12.2026"),
    ("15.11.2025", "14.11.2028", "2015", "-", "20.2.2026", "C3 31.12.2027"),  # early, and it counts
    ("15.11.2025", "14.11.2028", "2015", "-", "10.1.2027", ""),  # late for 2026, which cannot be made up
    ("15.11.2025", "14.11.2028", "2015", "-", "15.11.2026", "C3 31.12.2027"),  # on the last day
    ("12.12.2007", "11.6.2010", "2011", "1.11.2007", "", "C2' 1.11.2008, C3 31.12.2009"),  # thirty months
]


@pytest.mark.parametrize(("decided", "ends", "version", "stage2", "held", "left"), BY_YEARS)
def test_surveillance_by_calendar_years(*, decided, ends, version, stage2, held, left):
    found = certificate(decided, ends, version, stage2=stage2)

    assert told(rules.surveillance_due(found, [day(each) for each in held.split()])) == left


# By months: the decision, the printed end, months and tolerance, the visits held; what is asked for next.
BY_MONTHS = [
    ("15.11.2025", "14.11.2028", 12, 0, "", "C2 15.11.2026"),  # the rules' own limit comes on the same day
    ("15.11.2025", "14.11.2028", 12, 30, "", "C2 15.11.2026"),  # no contract gives the first one more time
    ("15.11.2025", "14.11.2028", 12, 30, "18.11.2026", "C3' 18.11.2027 +30"),  # 12 months and 3 days: late, counted on
    ("15.11.2025", "14.11.2028", 12, 0, "20.8.2026", "C3' 20.8.2027"),  # an early one moves the next
    ("15.11.2025", "14.11.2028", 12, 0, "20.8.2026 20.8.2027", "C3' 20.8.2028"),  # 452 days before the end
    ("15.11.2025", "14.11.2028", 12, 0, "20.8.2026 23.8.2027", ""),  # recertification comes next
    ("15.11.2025", "14.11.2028", 6, 0, "", "C3' 15.5.2026"),
    ("15.11.2025", "14.11.2028", 6, 14, "10.5.2026", "C3' 10.11.2026 +14"),
    ("31.8.2025", "30.8.2028", 6, 0, "", "C3' 28.2.2026"),  # the end of a month
    ("31.8.2023", "30.8.2026", 6, 0, "", "C3' 29.2.2024"),
    ("29.2.2024", "28.2.2027", 12, 0, "29.2.2024", "C2 28.2.2025"),  # that of the decision's own day is of stage 2
]


@pytest.mark.parametrize(("decided", "ends", "months", "tolerance", "held", "asked"), BY_MONTHS)
def test_surveillance_by_months(*, decided, ends, months, tolerance, held, asked):
    rhythm = Limit(months, Unit.MONTHS, tolerance=tolerance)
    found = CertFacts(**{**vars(certificate(decided, ends)), "rhythm": rhythm})

    assert told(rules.surveillance_due(found, [day(each) for each in held.split()])) == asked


def told(due: list[Due]) -> str:
    return ", ".join(
        f"{each.rule} {each.due_on.day}.{each.due_on.month}.{each.due_on.year}"
        + (f" +{each.tolerance}" if each.tolerance else "")
        for each in due
    )


AUTUMN = certificate("15.11.2025", "14.11.2028")
MARCH = certificate("1.9.2025", "31.8.2028")  # six months after its end is the last of February
LEAP = certificate("1.3.2025", "29.2.2028")
ENDS_FIRST = CertFacts(**{**vars(certificate("1.5.2016", "30.4.2019")), "edition_ends_on": day("14.9.2018")})
LIMIT = STARTER_LIMITS

# What, from which certificate, the rule, the day.
ONE_DAY_EACH = [
    ("the certificate ends", rules.certificate_end(AUTUMN), "C1 14.11.2028"),
    ("its edition ends first", rules.certificate_end(ENDS_FIRST), "C13 14.9.2018"),
    ("recertification audit", rules.recertification_audit(AUTUMN), "C5 16.8.2028"),
    ("recertification audit, a leap year", rules.recertification_audit(LEAP), "C5 1.12.2027"),
    ("decision of recertification", rules.recertification_decision(AUTUMN), "C6 14.11.2028"),
    ("internal audits before the body", rules.internal_audits_before(day("31.3.2028")), "C8 1.3.2028"),
    ("restoration", rules.restoration_end(AUTUMN), "C10 14.5.2029"),
    ("restoration, the end of a month", rules.restoration_end(MARCH), "C10 28.2.2029"),
    ("restoration from a leap day", rules.restoration_end(LEAP), "C10 29.8.2028"),
    ("verification of majors", rules.major_verification(day("31.8.2025")), "C12 28.2.2026"),
    ("verification of majors, a leap year", rules.major_verification(day("31.8.2027")), "C12 29.2.2028"),
    ("audit to the new edition", rules.transition_audit(day("14.9.2018")), "C14 18.3.2018"),
]


@pytest.mark.parametrize(("due", "expected"), [row[1:] for row in ONE_DAY_EACH], ids=[row[0] for row in ONE_DAY_EACH])
def test_each_other_rule_leads_to_one_day(due, expected):
    assert told([due]) == expected
