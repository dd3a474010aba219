"""A finding that concerns several departments."""

import pytest

from qms.domain.concerned import check_concerned, check_writer
from qms.domain.errors import InvalidInput, NotIndependent

FN, GD, KM = 1, 2, 3
KNOWN = frozenset({FN, GD, KM})


@pytest.mark.parametrize("concerned", [frozenset(), {GD}, {GD, KM}])
def test_one_department_answers_and_others_are_concerned(concerned):
    check_concerned(FN, concerned, KNOWN)


@pytest.mark.parametrize(("concerned", "says"), [({FN}, "answers already"), ({GD, FN}, "answers"), ({GD, 9}, "there")])
def test_the_one_that_answers_and_one_that_is_gone_are_refused(concerned, says):
    with pytest.raises(InvalidInput, match=says) as refusal:
        check_concerned(FN, concerned, KNOWN)

    assert refusal.value.field == "concerned_ids"


# Who writes it: own departments, those concerned, those with a permit, and whether it may be written.
WRITERS = [
    ({KM}, {GD}, set(), True),
    (set(), {GD}, set(), True),
    ({GD}, {GD}, set(), False),
    ({KM, GD}, {GD, FN}, set(), False),
    ({GD}, {GD}, {GD}, True),
    ({GD, FN}, {GD, FN}, {GD}, False),
]


@pytest.mark.parametrize(("own", "concerned", "permitted", "may"), WRITERS)
def test_nobody_writes_a_finding_about_a_department_of_their_own(*, own, concerned, permitted, may):
    if may:
        check_writer(own, concerned, permitted=permitted)
        return
    with pytest.raises(NotIndependent, match="own work"):
        check_writer(own, concerned, permitted=permitted)
