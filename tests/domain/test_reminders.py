from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.calendar import is_working_day
from qms.domain.deadlines import Kind
from qms.domain.errors import InvalidInput
from qms.domain.reminders import (
    LADDERS,
    NO_LADDER,
    Ladder,
    Level,
    is_quiet,
    longest_lead,
    next_try_at,
    owed,
    recipients_of,
    resolve,
    send_at,
    step_days,
    steps_typed,
)
from tests.domain.examples import few

WEDNESDAY = date(2026, 11, 18)
ANSWER = LADDERS[Kind.ANSWER]


def told(kind: Kind, offset: int) -> str:
    return " ".join(recipients_of(LADDERS[kind], offset))


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        (Kind.CERTIFICATE_END, "-365 -270 -180 -90 -60 -30 -14 -7 -1 +1"),
        (Kind.RECERTIFICATION_AUDIT, "-120 -90 -60 -30 -14 -7 +1"),
        (Kind.RECERTIFICATION_DECISION, "-120 -90 -60 -30 -14 -7 +1"),
        (Kind.SURVEILLANCE, "-120 -90 -60 -30 -14 -7 +1"),
        (Kind.BODY_CONTRACT, "-90 -30 -14 +1"),
        (Kind.TRANSITION_AUDIT, "-730 -365 -270 -180 -90 -60 -30"),
        (Kind.INTERNAL_AUDITS, "-30 -14 -7 -1 +1"),
        (Kind.MAJOR_VERIFICATION, "-90 -60 -30 -14 -7 +1"),
        (Kind.BODY_EVIDENCE, "-30 -14 -7 -3 0 +1 +7"),
        (Kind.AUDIT, "-30 -14 -7 -1 +1"),
        (Kind.AUDIT_REPORT, "-3 0 +1 +7"),
        (Kind.ANSWER, "-7 -3 0 +1 +7 +14"),
        (Kind.DECISION_ON_ANSWER, "-3 0 +1 +7"),
        (Kind.ACTION, "-14 -7 -1 0 +1 +7 +14 +30"),
        (Kind.VERIFICATION, "-7 0 +1 +7"),
        (Kind.EFFECTIVENESS, "-14 -7 0 +1"),
        (Kind.CLOSING, "0 +1"),
        (Kind.QUALIFICATION, "-180 -90 -30 +1"),
        (Kind.APPOINTMENT, "-180 -90 -30 +1"),
        (Kind.PROXY_VACANT, "0"),
        (Kind.PRODUCT_CHECK, "-3 0 +1 +7"),
    ],
)
def test_each_kind_has_its_steps(kind: Kind, steps: str) -> None:
    assert [step.name for step in step_days(LADDERS[kind], WEDNESDAY)] == steps.split()


def test_every_kind_of_deadline_has_a_ladder() -> None:
    assert set(LADDERS) == set(Kind)


@pytest.mark.parametrize(
    ("kind", "offset", "levels"),
    [
        (Kind.CERTIFICATE_END, -365, "person proxy secretary"),
        (Kind.CERTIFICATE_END, -90, "person proxy secretary"),
        (Kind.CERTIFICATE_END, -60, "person proxy secretary head"),
        (Kind.SURVEILLANCE, -60, "person proxy"),
        (Kind.SURVEILLANCE, -30, "person proxy head"),
        (Kind.BODY_CONTRACT, -90, "person proxy"),
        (Kind.BODY_CONTRACT, -30, "person proxy secretary"),
        (Kind.BODY_CONTRACT, 1, "person proxy secretary"),
        (Kind.BODY_CONTRACT, 30, "person proxy secretary head"),
        (Kind.TRANSITION_AUDIT, -730, "person proxy head"),
        (Kind.MAJOR_VERIFICATION, -60, "person proxy"),
        (Kind.MAJOR_VERIFICATION, -30, "person proxy head"),
        (Kind.BODY_EVIDENCE, 0, "person proxy"),
        (Kind.BODY_EVIDENCE, 1, "person proxy secretary"),
        (Kind.BODY_EVIDENCE, 7, "person proxy secretary head"),
        (Kind.AUDIT, -30, "person proxy"),
        (Kind.AUDIT_REPORT, 1, "person"),
        (Kind.AUDIT_REPORT, 7, "person proxy"),
        (Kind.ANSWER, 0, "person"),
        (Kind.ANSWER, 1, "person"),
        (Kind.ANSWER, 7, "person proxy"),
        (Kind.ANSWER, 14, "person proxy secretary"),
        (Kind.ANSWER, 40, "person proxy secretary"),
        (Kind.ACTION, 14, "person proxy"),
        (Kind.ACTION, 30, "person proxy head"),
        (Kind.PROXY_VACANT, 0, "secretary head"),
    ],
)
def test_lateness_climbs_the_office(kind: Kind, offset: int, levels: str) -> None:
    assert told(kind, offset) == levels


@pytest.mark.parametrize(
    ("today", "step"),
    [
        ("2026-11-10", None),
        ("2026-11-11", None),
        ("2026-11-12", "-7"),
        ("2026-11-15", "-7"),
        ("2026-11-16", "-3"),
        ("2026-11-18", "-3"),
        ("2026-11-19", "0"),
        ("2026-11-20", "+1"),
        ("2026-11-25", "+1"),
        ("2026-11-26", "+7"),
        ("2026-12-03", "+14"),
        ("2026-12-06", "+14"),
        ("2026-12-07", "mon:2026-12-07"),
        ("2026-12-13", "mon:2026-12-07"),
        ("2026-12-14", "mon:2026-12-14"),
        ("2027-03-28", "mon:2027-03-22"),
        ("2027-03-29", "mon:2027-03-22"),  # Easter Monday
        ("2027-03-30", "mon:2027-03-29"),
    ],
)
def test_the_newest_step_is_owed_from_its_day_until_the_next(today: str, step: str | None) -> None:
    due = owed(ANSWER, date(2026, 11, 19), today=date.fromisoformat(today))

    assert (due and due.name) == step


def test_steps_missed_during_an_outage_come_as_one() -> None:
    after_two_weeks = owed(LADDERS[Kind.ACTION], WEDNESDAY, today=WEDNESDAY + timedelta(days=14))

    assert after_two_weeks is not None
    assert (after_two_weeks.name, after_two_weeks.recipients) == ("+14", (Level.PERSON, Level.PROXY))


@pytest.mark.parametrize(
    ("due", "step", "on"),
    [
        ("2026-11-22", "0", "2026-11-20"),  # a Sunday: the Friday before
        ("2026-11-22", "+1", "2026-11-23"),
        ("2026-11-20", "+1", "2026-11-23"),  # a Saturday: the Monday after
        ("2026-12-25", "0", "2026-12-23"),
        ("2026-12-25", "+1", "2026-12-28"),
    ],
)
def test_a_step_on_a_day_off_moves_to_the_working_day_on_its_side(due: str, step: str, on: str) -> None:
    days = {each.name: each.on for each in step_days(ANSWER, date.fromisoformat(due))}

    assert days[step] == date.fromisoformat(on)


def test_steps_after_the_due_day_wait_for_the_end_of_the_tolerance() -> None:
    until, tolerance = WEDNESDAY + timedelta(days=40), 14
    plain = step_days(ANSWER, WEDNESDAY, until=until, rolls=False)
    tolerant = step_days(ANSWER, WEDNESDAY, until=until, rolls=False, tolerance=tolerance)

    moved = {each.name: (each.on - same.on).days for each, same in zip(tolerant, plain, strict=False)}
    assert {name: days for name, days in moved.items() if not name.startswith("mon")} == {
        "-7": 0,
        "-3": 0,
        "0": 0,
        "+1": tolerance,
        "+7": tolerance,
        "+14": tolerance,
    }
    assert tolerant[-1].on == date(2026, 12, 28) == until
    assert [each.name for each in tolerant if each.name.startswith("mon")] == ["mon:2026-12-21", "mon:2026-12-28"]
    assert owed(ANSWER, WEDNESDAY, today=WEDNESDAY + timedelta(days=14), tolerance=tolerance).name == "0"
    assert owed(ANSWER, WEDNESDAY, today=WEDNESDAY + timedelta(days=15), tolerance=tolerance).name == "+1"


def test_days_off_of_the_office_count_too() -> None:
    off = {WEDNESDAY, WEDNESDAY + timedelta(days=1)}
    days = {step.name: step.on for step in step_days(ANSWER, WEDNESDAY, off)}

    assert (days["0"], days["+1"]) == (date(2026, 11, 17), date(2026, 11, 20))
    assert owed(ANSWER, WEDNESDAY, today=date(2026, 11, 17), off=off).name == "0"


def test_mondays_of_a_certificate_end_with_its_restoration() -> None:
    ladder, ended_on = LADDERS[Kind.CERTIFICATE_END], date(2026, 6, 14)

    assert owed(ladder, ended_on, today=date(2026, 12, 31)).name == "mon:2026-12-14"
    assert step_days(ladder, ended_on, until=date(2026, 6, 30))[-1].name == "mon:2026-06-29"


def test_papers_of_people_are_asked_for_every_fourth_monday() -> None:
    steps = step_days(LADDERS[Kind.QUALIFICATION], WEDNESDAY, until=WEDNESDAY + timedelta(days=40))

    assert [step.name for step in steps[-2:]] == ["mon:2026-11-23", "mon:2026-12-21"]


def test_a_ladder_may_have_no_mondays() -> None:
    ladder = Ladder((3,), (1,), {Level.PERSON: -3}, every_weeks=None)

    assert owed(ladder, WEDNESDAY, today=date(2027, 11, 18)).name == "+1"


@few
@given(
    kind=st.sampled_from(Kind),
    due=st.dates(date(2025, 1, 1), date(2035, 12, 31)),
    late=st.integers(-400, 200),
)
def test_steps_come_in_order_on_working_days_within_the_lead(kind: Kind, due: date, late: int) -> None:
    today = due + timedelta(days=late)
    steps = step_days(LADDERS[kind], due, until=today)
    step = owed(LADDERS[kind], due, today=today)

    assert [each.on for each in steps] == sorted(each.on for each in steps)
    assert len({each.name for each in steps}) == len(steps)
    assert all(is_working_day(each.on) for each in steps)
    assert (due - steps[0].on).days <= longest_lead(kind)
    assert step is None or step.on <= today
    assert (step is None) is (today < steps[0].on)


@pytest.mark.parametrize(
    ("levels", "holders", "told"),
    [
        ("person", {"person": [1]}, {1}),
        ("person proxy", {"person": [1], "proxy": [2, 3]}, {1, 2, 3}),
        ("proxy", {"proxy": [], "secretary": [4], "head": [5]}, {4}),
        ("proxy", {"head": [5]}, {5}),
        ("person proxy", {"person": [1], "secretary": [4]}, {1, 4}),
        ("person proxy", {"secretary": [4]}, {4}),
        ("head", {"proxy": [2], "secretary": [4]}, {4}),
        ("head", {"person": [1], "proxy": [2]}, {2}),
        ("person", {}, set()),
    ],
)
def test_the_share_of_a_vacant_post_goes_up_and_from_the_top_down(
    levels: str, holders: dict[str, list[int]], told: set[int]
) -> None:
    by_level = {Level(level): persons for level, persons in holders.items()}

    assert resolve([Level(level) for level in levels.split()], by_level) == told


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("2026-11-20", "2026-11-20T06:30"),
        ("2026-07-20", "2026-07-20T05:30"),
        ("2027-03-26", "2027-03-26T06:30"),
        ("2027-03-29", "2027-03-29T05:30"),
    ],
)
def test_letters_leave_at_half_past_seven_in_poland_in_winter_and_summer(day: str, at: str) -> None:
    assert send_at(date.fromisoformat(day)) == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_a_person_may_choose_the_hour() -> None:
    assert send_at(date(2026, 11, 20), time(12, 15)) == datetime(2026, 11, 20, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-11-20T05:59", True),
        ("2026-11-20T06:00", False),
        ("2026-11-20T18:59", False),
        ("2026-11-20T19:00", True),
        ("2026-07-20T05:00", False),
        ("2026-07-20T18:00", True),
        ("2026-11-19T23:30", True),
        ("2026-11-22T11:00", True),
        ("2026-11-11T11:00", True),
    ],
)
def test_nights_and_days_off_are_quiet(*, at: str, quiet: bool) -> None:
    assert is_quiet(datetime.fromisoformat(at).replace(tzinfo=UTC)) is quiet


def test_a_day_off_of_the_office_is_quiet() -> None:
    assert is_quiet(datetime(2026, 11, 20, 11, tzinfo=UTC), {date(2026, 11, 20)})


def test_a_letter_is_tried_for_four_hours_and_then_given_up() -> None:
    failed_at = datetime(2026, 11, 20, 7, tzinfo=UTC)

    assert next_try_at(1, failed_at) == failed_at + timedelta(minutes=5)
    assert next_try_at(47, failed_at) == failed_at + timedelta(minutes=5)
    assert next_try_at(48, failed_at) is None


def test_an_office_may_leave_each_step_on_its_day() -> None:
    sunday = date(2026, 11, 22)
    days = {step.name: step.on for step in step_days(ANSWER, sunday, until=date(2026, 12, 26), rolls=False)}

    assert (days["0"], days["-3"], days["+7"]) == (sunday, date(2026, 11, 19), date(2026, 11, 29))
    assert owed(ANSWER, sunday, today=sunday, rolls=False).name == "0"


def test_a_cleared_ladder_has_no_step_ever() -> None:
    assert step_days(NO_LADDER, WEDNESDAY, until=WEDNESDAY + timedelta(days=900)) == []
    assert owed(NO_LADDER, WEDNESDAY, today=WEDNESDAY + timedelta(days=900)) is None


@pytest.mark.parametrize(
    ("typed", "days"),
    [("14, 7, 1", (14, 7, 1)), ("1 7 14", (14, 7, 1)), ("7;7", (7,)), ("", ()), (" 0 ", (0,)), ("730", (730,))],
)
def test_days_of_steps_are_typed_with_commas(typed: str, days: tuple[int, ...]) -> None:
    assert steps_typed(typed, field="before") == days


@pytest.mark.parametrize("typed", ["a week", "7,5.5", "-7", "731", "1,2,3,4,5,6,7,8,9,10,11,12,13", "\u0667", "9" * 8])
def test_other_words_for_days_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        steps_typed(typed, field="before")
    assert refused.value.field == "before"
