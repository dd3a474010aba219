from dataclasses import replace
from datetime import date

import pytest

from qms.domain.certification import (
    CertFacts,
    Due,
    InternalAudits,
    RuleVersion,
    certificate_end,
    first_surveillance,
    internal_audits_before,
    major_verification,
    recertification_audit,
    recertification_decision,
    restoration_end,
    second_surveillance_target,
    status,
    surveillance_due,
    suspension_end,
    transition_audit,
)
from qms.domain.deadlines import Rule
from qms.domain.errors import InvalidInput
from qms.domain.limits import NOT_SET, Limit, Unit
from qms.domain.printed_days import check_validity, early_beginning, unusual_validity


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


AUTUMN = CertFacts(
    decided_on=date(2025, 11, 15),
    stage2_ended_on=date(2025, 10, 20),
    valid_from=date(2025, 11, 15),
    valid_until=date(2028, 11, 14),
)
JANUARY = CertFacts(
    decided_on=date(2026, 1, 10),
    stage2_ended_on=date(2025, 12, 3),
    valid_from=date(2026, 1, 10),
    valid_until=date(2029, 1, 9),
)
DZIERZONIOW = CertFacts(
    decided_on=date(2011, 9, 30),
    valid_from=date(2011, 9, 30),
    valid_until=date(2014, 9, 29),
    rule_version=RuleVersion.V2011,
    is_initial=False,
)


def surveillance(cert: CertFacts, *performed: str, **options: bool) -> list[str]:
    due = surveillance_due(cert, [date.fromisoformat(text) for text in performed], **options)
    return [f"{each.due_on} {each.rule}" for each in due]


@pytest.mark.parametrize(
    ("cert", "performed", "still_due"),
    [
        (AUTUMN, [], ["2026-11-15 C2", "2027-12-31 C3"]),
        (AUTUMN, ["2026-10-01"], ["2027-12-31 C3"]),
        (AUTUMN, ["2026-10-01", "2027-10-01"], []),
        # Before the year began: the first is done, and the calendar year still wants its own.
        (AUTUMN, ["2025-12-20"], ["2026-12-31 C3", "2027-12-31 C3"]),
        # Too late for 2026, which cannot be made up any more.
        (AUTUMN, ["2027-01-10"], []),
        (AUTUMN, ["2025-11-15"], ["2026-12-31 C3", "2027-12-31 C3"]),
        (AUTUMN, ["2025-06-01"], ["2026-11-15 C2", "2027-12-31 C3"]),  # of the cycle before
        (JANUARY, [], ["2027-01-10 C2", "2027-12-31 C3"]),
        (JANUARY, ["2026-11-20"], ["2027-12-31 C3"]),
        (JANUARY, ["2026-11-20", "2027-11-20"], []),
        (DZIERZONIOW, [], ["2012-12-31 C3", "2013-12-31 C3"]),
        (DZIERZONIOW, ["2012-09-10"], ["2013-12-31 C3"]),
        (replace(AUTUMN, rule_version=RuleVersion.V2011), [], ["2026-10-20 C2'", "2027-12-31 C3"]),
        (replace(AUTUMN, decided_on=None), [], []),
        (replace(AUTUMN, valid_until=None), [], []),
    ],
)
def test_surveillance_is_due_within_a_year_and_in_each_calendar_year(
    cert: CertFacts, performed: list[str], still_due: list[str]
) -> None:
    assert surveillance(cert, *performed) == still_due


@pytest.mark.parametrize(
    ("cert", "limit", "performed", "expected"),
    [
        (AUTUMN, Limit(24, Unit.MONTHS, tolerance=90), [], "2026-11-15 C2 +0, 2027-11-15 C4 +46"),  # up to 31 December
        (AUTUMN, Limit(24, Unit.MONTHS, tolerance=30), [], "2026-11-15 C2 +0, 2027-11-15 C4 +30"),
        (AUTUMN, Limit(24, Unit.MONTHS), ["2027-03-01"], ""),  # one audit serves both
        (AUTUMN, NOT_SET, [], "2026-11-15 C2 +0, 2027-12-31 C3 +0"),
        (AUTUMN, Limit(36, Unit.MONTHS), [], "2026-11-15 C2 +0, 2027-12-31 C3 +0"),  # no audit is needed that year
        (JANUARY, Limit(24, Unit.MONTHS), [], "2027-01-10 C2 +0, 2027-12-31 C3 +0"),  # the earlier of the two
        (DZIERZONIOW, Limit(24, Unit.MONTHS), [], "2012-12-31 C3 +0, 2013-09-30 C4 +0"),
        (DZIERZONIOW, Limit(24, Unit.MONTHS), ["2012-05-01"], "2013-09-30 C4 +0"),
    ],
)
def test_the_second_surveillance_aims_at_its_anniversary_and_ends_with_its_year(
    cert: CertFacts, limit: Limit, performed: list[str], *, expected: str
) -> None:
    due = surveillance_due(cert, [date.fromisoformat(text) for text in performed], second=limit)

    assert ", ".join(f"{each.due_on} {each.rule} +{each.tolerance}" for each in due) == expected


def test_the_year_of_recertification_has_no_surveillance() -> None:
    moved_up = replace(AUTUMN, recertification_planned_on=date(2027, 12, 1))

    assert surveillance(moved_up) == ["2026-11-15 C2", "2026-12-31 C3"]
    assert not any(due.startswith("2028") for due in surveillance(JANUARY))


def test_some_bodies_count_the_year_of_the_decision() -> None:
    assert surveillance(replace(AUTUMN, is_initial=False), counts_decision_year=True)[0] == "2025-12-31 C3"


def test_only_the_initial_cycle_counts_twelve_months() -> None:
    assert first_surveillance(AUTUMN).due_on == date(2026, 11, 15)
    assert first_surveillance(replace(AUTUMN, is_initial=False)) is None
    assert first_surveillance(replace(AUTUMN, decided_on=None)) is None


@pytest.mark.parametrize(
    ("due", "on", "rule", "counted_from"),
    [
        (certificate_end(AUTUMN), "2028-11-14", "C1", "2028-11-14"),
        (second_surveillance_target(AUTUMN, Limit(24, Unit.MONTHS)), "2027-11-15", "C4", "2025-11-15"),
        (recertification_audit(AUTUMN), "2028-08-16", "C5", "2028-11-14"),
        (recertification_decision(AUTUMN), "2028-11-14", "C6", "2028-11-14"),
        (internal_audits_before(date(2026, 10, 1)), "2026-09-01", "C8", "2026-10-01"),
        (restoration_end(AUTUMN), "2029-05-14", "C10", "2028-11-14"),
        (suspension_end(replace(AUTUMN, suspended_on=date(2026, 8, 31))), "2027-02-28", "C11", "2026-08-31"),
        (major_verification(date(2025, 10, 20)), "2026-04-20", "C12", "2025-10-20"),
        (transition_audit(date(2018, 9, 14)), "2018-03-18", "C14", "2018-09-14"),
    ],
)
def test_each_limit_says_its_day_and_where_it_comes_from(*, due: Due, on: str, rule: str, counted_from: str) -> None:
    assert (due.due_on, due.rule, due.counted_from) == (day(on), Rule(rule), day(counted_from))


def test_what_is_not_known_or_not_set_has_no_limit() -> None:
    unknown = CertFacts()

    assert certificate_end(unknown) is None
    assert second_surveillance_target(unknown, Limit(24, Unit.MONTHS)) is None
    assert recertification_audit(unknown) is None
    assert recertification_audit(AUTUMN, NOT_SET) is None
    assert recertification_decision(unknown) is None
    assert restoration_end(unknown) is None
    assert suspension_end(unknown) is None


def test_a_limit_of_the_office_stays_with_its_day() -> None:
    assert recertification_audit(AUTUMN, Limit(30, counts_back=True)).limit == Limit(30, counts_back=True)


def test_a_printed_end_of_suspension_wins_over_the_usual_months() -> None:
    printed = replace(AUTUMN, suspended_on=date(2026, 8, 31), suspended_until=date(2026, 12, 1))

    assert suspension_end(printed).due_on == date(2026, 12, 1)
    assert suspension_end(replace(printed, suspended_until=None), months=3).due_on == date(2026, 11, 30)


def test_an_edition_that_ends_on_the_same_day_changes_nothing() -> None:
    assert certificate_end(replace(AUTUMN, edition_ends_on=AUTUMN.valid_until)) == certificate_end(AUTUMN)


def test_an_edition_that_ends_first_ends_the_certificate() -> None:
    to_2008 = replace(AUTUMN, edition_ends_on=date(2018, 9, 14), valid_until=date(2019, 3, 1))

    assert (certificate_end(to_2008).due_on, certificate_end(to_2008).rule) == (date(2018, 9, 14), Rule.EDITION_END)


@pytest.mark.parametrize(
    ("today", "change", "expected"),
    [
        ("2025-11-14", {}, "in_preparation"),
        ("2025-11-15", {}, "valid"),
        ("2028-11-14", {}, "valid"),  # the last day is a valid day
        ("2028-11-15", {}, "expired_restorable"),
        ("2029-05-14", {}, "expired_restorable"),
        ("2029-05-15", {}, "expired_final"),
        ("2026-06-01", {"valid_until": None}, "in_preparation"),
        ("2026-06-01", {"valid_from": None}, "in_preparation"),
        ("2026-06-01", {"suspended_on": "2026-06-01"}, "suspended"),
        ("2026-05-31", {"suspended_on": "2026-06-01"}, "valid"),
        ("2027-06-01", {"suspended_on": "2026-06-01", "suspended_until": "2026-12-01"}, "suspended"),
        ("2026-08-01", {"suspended_on": "2026-06-01", "resumed_on": "2026-08-01"}, "valid"),
        ("2026-07-31", {"suspended_on": "2026-06-01", "resumed_on": "2026-08-01"}, "suspended"),
        ("2028-12-01", {"suspended_on": "2026-06-01"}, "expired_restorable"),
        ("2026-06-01", {"withdrawn_on": "2026-06-01"}, "withdrawn"),
        ("2026-05-31", {"withdrawn_on": "2026-06-01"}, "valid"),
        ("2030-01-01", {"withdrawn_on": "2026-06-01"}, "withdrawn"),
        ("2026-06-01", {"superseded_on": "2026-06-01"}, "superseded"),
        ("2026-06-01", {"superseded_on": "2026-05-01", "withdrawn_on": "2026-05-01"}, "withdrawn"),
        ("2027-01-01", {"edition_ends_on": "2027-01-01"}, "valid"),
        ("2027-01-02", {"edition_ends_on": "2027-01-01"}, "expired_final"),  # nothing to restore to
        ("2028-11-20", {"edition_ends_on": "2028-11-16"}, "expired_final"),
        ("2028-11-16", {"edition_ends_on": "2028-11-16"}, "expired_restorable"),
    ],
)
def test_the_status_follows_from_the_dates(today: str, change: dict[str, str | None], expected: str) -> None:
    cert = replace(AUTUMN, **{name: day(text) for name, text in change.items()})

    assert status(cert, date.fromisoformat(today)) == expected


@pytest.mark.parametrize(
    ("valid_until", "is_unusual"),
    [("2028-11-13", True), ("2028-11-14", False), ("2028-11-15", False), ("2028-11-16", False), ("2028-11-17", True)],
)
def test_three_years_give_or_take_a_day_are_usual(*, valid_until: str, is_unusual: bool) -> None:
    assert (unusual_validity(replace(AUTUMN, valid_until=day(valid_until))) is not None) is is_unusual


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"valid_until": "2025-11-14"}, "end before it begins"),
        ({"valid_from": None, "valid_until": "2025-11-14"}, "end before the decision"),
        ({"decided_on": "2028-11-15"}, "end before the decision"),
    ],
)
def test_a_certificate_that_ends_before_it_begins_is_refused(change: dict[str, str | None], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        check_validity(replace(AUTUMN, **{name: day(text) for name, text in change.items()}))
    assert refusal.value.field == "valid_until"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": "2010-01-01"}, "valid_from"),
        ({"valid_from": "2022-11-14"}, "valid_from"),
        ({"valid_from": "2022-11-15"}, None),
        ({"valid_from": "2028-11-15", "valid_until": "2031-11-14"}, None),
        ({"valid_from": "2028-11-16", "valid_until": "2031-11-15"}, "valid_from"),
        ({"valid_until": "2035-11-15"}, None),
        ({"valid_until": "2035-11-16"}, "valid_until"),
        ({"valid_until": "2099-11-14"}, "valid_until"),
        ({"valid_from": None, "valid_until": "2099-11-14"}, None),
    ],
)
def test_days_years_apart_from_each_other_are_typed_wrong(change: dict[str, str | None], field: str | None) -> None:
    cert = replace(AUTUMN, **{name: day(text) for name, text in change.items()})

    if field is None:
        check_validity(cert)
        return
    with pytest.raises(InvalidInput, match="Check") as refusal:
        check_validity(cert)
    assert refusal.value.field == field


@pytest.mark.parametrize(("valid_from", "is_remarked_on"), [("2025-11-14", True), ("2025-11-15", False)])
def test_a_beginning_before_the_decision_is_remarked_on(*, valid_from: str, is_remarked_on: bool) -> None:
    cert = replace(AUTUMN, valid_from=day(valid_from))

    assert (early_beginning(cert) is not None) is is_remarked_on


def test_a_restored_certificate_may_begin_later_and_end_with_its_old_cycle() -> None:
    check_validity(replace(AUTUMN, valid_from=date(2026, 3, 1), decided_on=date(2026, 3, 1)))
    check_validity(replace(AUTUMN, valid_from=AUTUMN.valid_until, decided_on=AUTUMN.valid_until))


@pytest.mark.parametrize("known", ["valid_from", "valid_until", "decided_on"])
def test_one_day_alone_contradicts_nothing(known: str) -> None:
    alone = replace(CertFacts(), **{known: date(2026, 3, 1)})

    check_validity(alone)
    assert unusual_validity(alone) is None
    assert early_beginning(alone) is None


# The body came last on 10.5.2026 and comes again on 12.4.2027.
@pytest.mark.parametrize(
    ("open_on", "held_on", "are_finished"),
    [
        (None, None, False),
        (None, "2026-05-10", False),
        (None, "2026-05-11", True),
        ("2027-04-11", "2027-02-01", False),
        ("2027-04-12", "2027-02-01", True),
        ("2027-03-01", None, False),
    ],
)
def test_internal_audits_are_finished_when_some_were_held_since_the_body_came_and_none_is_open(
    open_on: str | None, *, held_on: str | None, are_finished: bool
) -> None:
    found = InternalAudits(day(open_on), day(held_on))

    assert found.are_finished(since=date(2026, 5, 10), before=date(2027, 4, 12)) is are_finished
