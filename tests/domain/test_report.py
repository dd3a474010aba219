"""What a report has to say, and what may change of it."""

from dataclasses import replace

import pytest

from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.domain.findings import Category
from qms.domain.report import (
    LEAD_PUBLISHES,
    UNWRITTEN,
    Given,
    Parts,
    changed,
    check_amendment,
    check_approved,
    check_not_given,
    check_pending,
    check_says_something,
    check_sent,
    counts,
    doubt_about_approver,
    gaps,
)
from qms.domain.scale import Called

WHOLE = Parts(
    conclusion="Works.",
    unaudited="The archive.",
    obstacles="One leave.",
    differing_opinions="None.",
    distribution="All",
)
NOTHING = Parts()

SAYS = """
    conclusion  findings  publishable  stops
    written     0         yes          no
    written     3         yes          no
    none        3         yes          no
    none        0         no           yes
"""
CASES = [line.split() for line in SAYS.strip().splitlines()[1:]]


@pytest.mark.parametrize(("conclusion", "findings", "publishable", "stops"), CASES)
def test_a_report_needs_a_finding_or_a_conclusion(conclusion, findings, publishable, stops):
    parts = replace(WHOLE, conclusion="Works." if conclusion == "written" else "")

    found = gaps(parts, findings=int(findings))

    assert ("yes" if any(gap.stops for gap in found) else "no") == stops
    if publishable == "yes":
        check_says_something(parts.conclusion, findings=int(findings))
    else:
        with pytest.raises(InvalidInput) as refused:
            check_says_something(parts.conclusion, findings=int(findings))
        assert refused.value.field == "conclusion"


def test_a_whole_report_lacks_nothing():
    assert gaps(WHOLE, findings=0) == []


@pytest.mark.parametrize("part", UNWRITTEN)
def test_each_empty_part_is_named_with_the_place_to_write_it(part):
    [gap] = gaps(replace(WHOLE, **{part: ""}), findings=1)

    assert (gap.part, gap.message, gap.stops) == (part, UNWRITTEN[part], False)


def test_gaps_come_in_the_order_of_the_form():
    assert [gap.part for gap in gaps(NOTHING, findings=0)] == list(UNWRITTEN)


def test_an_amendment_changes_something():
    with pytest.raises(NotAllowedNow):
        check_amendment(WHOLE, replace(WHOLE), findings=1)


def test_an_amendment_may_not_leave_a_report_that_says_nothing():
    with pytest.raises(InvalidInput):
        check_amendment(WHOLE, replace(WHOLE, conclusion=""), findings=0)


def test_what_an_amendment_changed_is_named_in_order():
    after = replace(WHOLE, distribution="Nobody", conclusion="Works well.")

    check_amendment(WHOLE, after, findings=1)

    assert changed(WHOLE, after) == ("conclusion", "distribution")


MAJOR, MINOR, PLAIN = Called(Category.MAJOR), Called(Category.MINOR), Called(Category.NONCONFORMITY)
REMARK, THREAT = Called(Category.OBSERVATION, "Uwaga"), Called(Category.POTENTIAL, "Zagrożenie")


@pytest.mark.parametrize(
    ("scale", "found", "counted"),
    [
        ([PLAIN, REMARK], [PLAIN, PLAIN], [(PLAIN, 2), (REMARK, 0)]),
        ([REMARK, MAJOR, MINOR], [MINOR, MAJOR, MINOR], [(REMARK, 0), (MAJOR, 1), (MINOR, 2)]),
        ([MAJOR, MINOR], [], [(MAJOR, 0), (MINOR, 0)]),
        # The office changed its scale after this audit: what was found then is counted as it was called then.
        ([MAJOR, MINOR], [THREAT, PLAIN, THREAT], [(MAJOR, 0), (MINOR, 0), (THREAT, 2), (PLAIN, 1)]),
    ],
)
def test_findings_are_counted_by_kind_in_the_order_of_the_scale(scale, found, counted):
    assert counts(found, scale) == counted


# what may be done with an issue that was given for approval
GIVEN = """
    state      approve  give-back  publish
    sent       yes      yes        no
    approved   no       yes        yes
    returned   no       no         no
    published  no       no         no
"""
CHECKS = (check_sent, check_pending, check_approved)
CELLS = [
    (line.split()[0], check, may)
    for line in GIVEN.strip().splitlines()[1:]
    for check, may in zip(CHECKS, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("state", "check", "may"), CELLS)
def test_each_state_of_what_was_given_allows_what_the_table_says(state, check, may):
    if may == "yes":
        check(Given(state))
    else:
        with pytest.raises(NotAllowedNow):
            check(Given(state))


@pytest.mark.parametrize("waits_for", ["proxy", "secretary", "head_of_office", LEAD_PUBLISHES])
def test_what_waits_for_anybody_is_not_changed(waits_for):
    check_not_given("")
    with pytest.raises(NotAllowedNow):
        check_not_given(waits_for)


def test_approving_ones_own_report_is_doubted_and_never_refused():
    assert doubt_about_approver(7, 7) is not None
    assert doubt_about_approver(7, 8) is None
