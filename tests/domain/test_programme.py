"""The programme of a year: what may be done with a version, when audits are held, and what counts as done."""

from datetime import date

import pytest

from qms.domain import programme
from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.domain.programme import (
    Audit,
    Change,
    Completion,
    Line,
    Standing,
    State,
    Window,
    changes,
    completion,
    days_window,
    months_window,
    standing,
    window_chosen,
)
from tests.domain.tables import rows

# what may be done with a version in each state
STEPS = """
    state       edit    send    approve    log
    draft       yes     yes     no         no
    sent        no      no      yes        no
    approved    no      no      no         yes
"""
CHECKS = {
    "edit": programme.check_editable,
    "send": lambda state: programme.check_sendable(state, 1),
    "approve": programme.check_sent,
    "log": programme.check_approved,
}


@pytest.mark.parametrize(("state", "edit", "send", "approve", "log"), rows(STEPS))
def test_each_state_allows_what_the_table_says(state, edit, send, approve, log):
    for name, allowed in {"edit": edit, "send": send, "approve": approve, "log": log}.items():
        if allowed == "yes":
            CHECKS[name](State(state))
        else:
            with pytest.raises(NotAllowedNow):
                CHECKS[name](State(state))


def test_an_empty_programme_is_not_sent():
    with pytest.raises(NotAllowedNow):
        programme.check_sendable(State.DRAFT, 0)


# first and last month as chosen, and the days they stand for in 2028
MONTHS = """
    first   last    from          until
    -       -       2028-01-01    2028-12-31
    2       -       2028-02-01    2028-02-29
    -       4       2028-04-01    2028-04-30
    3       6       2028-03-01    2028-06-30
"""


@pytest.mark.parametrize(("first", "last", "since", "until"), rows(MONTHS))
def test_months_stand_for_whole_months(first, last, since, until):
    chosen = [None if each == "-" else int(each) for each in (first, last)]

    found = months_window(2028, *chosen)

    assert found == Window(date.fromisoformat(since), date.fromisoformat(until))


def test_months_the_wrong_way_round_are_refused():
    with pytest.raises(InvalidInput) as refused:
        months_window(2028, 5, 4)
    assert refused.value.field == "last_month"


APRIL = Window(date(2027, 4, 7), date(2027, 4, 8), is_exact=True)
SPRING = Window(date(2027, 3, 1), date(2027, 5, 31))
# the time so far, the months and the days chosen, and what stands then
CHOSEN = [
    (None, (3, 5), (None, None), SPRING),
    (SPRING, (3, 5), (APRIL.first_on, APRIL.last_on), APRIL),
    (SPRING, (3, None), (APRIL.first_on, None), "first_month"),
    (APRIL, (None, None), (APRIL.first_on, APRIL.last_on), APRIL),
    (APRIL, (None, None), (None, None), Window(date(2027, 4, 1), date(2027, 4, 30))),
    (APRIL, (3, 5), (None, None), SPRING),
    (SPRING, (None, None), (None, None), Window(date(2027, 1, 1), date(2027, 12, 31))),
]


@pytest.mark.parametrize(("before", "months", "days", "then"), CHOSEN)
def test_days_stand_in_place_of_months_and_neither_gives_up_the_other_unsaid(before, months, days, then):
    if isinstance(then, Window):
        assert window_chosen(2027, months=months, days=days, before=before) == then
    else:
        with pytest.raises(InvalidInput) as refused:
            window_chosen(2027, months=months, days=days, before=before)
        assert refused.value.field == then


# first and last day, and the field that is refused
DAYS = """
    first         last          refused
    2027-03-01    2027-03-02    -
    2027-03-01    2027-03-01    -
    2027-03-02    2027-03-01    ends_on
    2026-12-31    2027-01-02    starts_on
    2027-12-30    2028-01-03    ends_on
"""


@pytest.mark.parametrize(("first", "last", "refused"), rows(DAYS))
def test_days_lie_in_the_year_of_the_programme(first, last, refused):
    days = date.fromisoformat(first), date.fromisoformat(last)
    if refused == "-":
        assert days_window(2027, *days).is_exact
    else:
        with pytest.raises(InvalidInput) as said:
            days_window(2027, *days)
        assert said.value.field == refused


def test_an_edition_the_office_never_used_is_refused():
    programme.check_edition("9001:2015", {"9001:2015"})
    with pytest.raises(InvalidInput):
        programme.check_edition("9001:2008", {"9001:2015"})


@pytest.mark.parametrize(("year", "allowed"), [(1989, False), (2011, True), (2028, True), (2029, False)])
def test_a_programme_is_made_for_years_at_hand(year, allowed):
    if allowed:
        programme.check_year(year, date(2026, 11, 20))
    else:
        with pytest.raises(NotAllowedNow):
            programme.check_year(year, date(2026, 11, 20))


# On 15 June 2027; the audit's days, whether it is under way or its report is there, and how far the planned one is.
STANDINGS = """
    until         audit                    state       standing
    2027-06-30    -                        -           open
    2027-06-15    -                        -           open
    2027-06-14    -                        -           slipped
    2027-06-30    2027-06-20..2027-06-21   planned     set
    2027-05-31    2027-06-20..2027-06-21   planned     slipped
    2027-05-31    2027-06-15..2027-06-16   planned     under_way
    2027-06-30    2027-06-20..2027-06-21   begun       under_way
    2027-05-31    2027-06-10..2027-06-15   planned     under_way
    2027-05-31    2027-06-10..2027-06-14   planned     done
    2027-05-31    2027-06-20..2027-06-21   finished    done
"""


@pytest.mark.parametrize(("until", "days", "state", "expected"), rows(STANDINGS))
def test_a_planned_audit_stands_as_its_days_and_its_audit_say(until, days, state, expected):
    audit = None
    if days != "-":
        first, last = map(date.fromisoformat, days.split(".."))
        audit = Audit(first, last, is_begun=state == "begun", is_finished=state == "finished")

    found = standing(Window(date(2027, 1, 1), date.fromisoformat(until)), audit, date(2027, 6, 15))

    assert found == Standing(expected)


def test_done_is_counted_of_what_was_planned():
    all_ = [Standing.DONE, Standing.DONE, Standing.SLIPPED, Standing.OPEN, Standing.SET, Standing.UNDER_WAY]

    assert completion(all_) == Completion(done=2, planned=6, slipped=1)


def line(**changed):
    facts = {"units": frozenset({1}), "edition": "9001:2015", "clauses": frozenset({"8.1"})}
    return Line(**(facts | {"window": months_window(2027, 3, None), "lead_id": 5} | changed))


DIFFERENCES = {
    Change.UNITS: line(units=frozenset({1, 2})),
    Change.CLAUSES: line(clauses=frozenset({"8.1", "9.2"})),
    Change.WINDOW: line(window=months_window(2027, 4, None)),
    Change.LEAD: line(lead_id=None),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_what_changed_between_two_versions_is_told_apart(what):
    assert changes({1: line()}, {1: DIFFERENCES[what]}) == [(1, what)]


def test_another_edition_is_a_change_of_clauses():
    assert changes({1: line()}, {1: line(edition="9001:2008")}) == [(1, Change.CLAUSES)]


def test_what_is_new_and_what_is_gone_is_told_by_its_number():
    assert changes({1: line(), 2: line()}, {2: line(), 3: line()}) == [(1, Change.REMOVED), (3, Change.ADDED)]
