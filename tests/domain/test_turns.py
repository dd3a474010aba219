"""Which process goes along with which audit of the year, and why."""

from datetime import date

import pytest

from qms.domain.turns import LONG_UNSEEN, NEVER_SEEN, Turn, pressing, reasons, shared_out

TODAY = date(2026, 11, 20)
RECENT, OLD = date(2026, 5, 20), date(2024, 5, 20)


def turn(process: int, units: str, *, owners: str = "", last_on: date | None = None, importance: int = 2) -> Turn:
    return Turn(
        process=process,
        name=f"P-{process}",
        units=frozenset(map(int, units.split())),
        owners=frozenset(map(int, owners.split())),
        last_on=last_on,
        importance=importance,
    )


# visits as unit:lead, and the processes that each gets
SHARED = {
    "to the unit it runs through": ([turn(1, "7")], "5:90 7:90", [[], [1]]),
    "to the one with fewer": ([turn(1, "5 7"), turn(2, "5 7")], "5:90 7:90", [[1], [2]]),
    "the longest unseen first": ([turn(1, "5", last_on=RECENT), turn(2, "5", last_on=OLD)], "5:90", [[2, 1]]),
    "the important one first": ([turn(1, "5", importance=1), turn(2, "5", importance=3)], "5:90", [[2, 1]]),
    "never to its owner": ([turn(1, "5 7", owners="90")], "5:90 7:91", [[], [1]]),
    "nowhere when its owner leads all": ([turn(1, "5", owners="90")], "5:90", [[]]),
    "nowhere when it runs through none": ([turn(1, "8")], "5:90", [[]]),
    "also where nobody leads yet": ([turn(1, "5", owners="90")], "5:-", [[1]]),
}


@pytest.mark.parametrize("case", SHARED)
def test_each_process_goes_along_with_one_audit(case: str) -> None:
    turns, visits, expected = SHARED[case]
    led = [
        (int(unit), None if lead == "-" else int(lead)) for unit, _, lead in (v.partition(":") for v in visits.split())
    ]

    found = shared_out(turns, led, TODAY)

    assert [[each.process for each in found.get(place, [])] for place in range(len(led))] == expected


def test_processes_press_the_audit_they_go_along_with_to_be_early() -> None:
    turns = [turn(1, "5"), turn(2, "5", last_on=RECENT), turn(3, "7", importance=3)]

    assert pressing(turns, [5, 7], TODAY) == {5: 36 + 6, 7: 54}


@pytest.mark.parametrize(
    ("last_on", "expected"), [(None, [NEVER_SEEN]), (OLD, [LONG_UNSEEN]), (RECENT, [])], ids=["never", "old", "recent"]
)
def test_a_process_long_unseen_is_a_reason(last_on: date | None, expected: list[str]) -> None:
    assert [each.message for each in reasons([turn(1, "5", last_on=last_on)], TODAY)] == expected
