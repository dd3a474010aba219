from datetime import date

import pytest

from qms.domain.independence import (
    Facts,
    Item,
    ItemKind,
    Membership,
    check_auditor,
    first_free,
    is_last_free,
    units,
    unresolved,
)

# The office is 1; Finance 2 with Taxes 3 and Accounts 4 in it; Geodesy 5 stands beside Finance.
OFFICE, FINANCE, TAXES, ACCOUNTS, GEODESY = 1, 2, 3, 4, 5
PARENTS = {FINANCE: OFFICE, TAXES: FINANCE, ACCOUNTS: FINANCE, GEODESY: OFFICE, OFFICE: None}
ANNA, HEAD_OF_TAXES = 10, 20
AUDIT = (date(2026, 11, 16), date(2026, 11, 18))


def conflicts(department: int | None, scope: list[int], **change: object) -> list[tuple[str, int]]:
    """Conflicts of Anna, a member of the department since 2020, as severity and department."""
    membership = Membership(ANNA, department or 0, date(2020, 1, 1), change.pop("to_on", None))
    head = Membership(HEAD_OF_TAXES, TAXES, date(2020, 1, 1), is_head=True)
    facts = Facts(memberships=[membership, head], **{"parents": PARENTS, **change})
    found = check_auditor(ANNA, units(scope), on=AUDIT, facts=facts)
    return [(str(conflict.severity), conflict.item.id) for conflict in found]


@pytest.mark.parametrize(
    ("works_in", "audits", "is_blocked"),
    [
        (TAXES, TAXES, True),
        (FINANCE, TAXES, True),  # the unit above
        (TAXES, FINANCE, True),  # the unit below
        (OFFICE, TAXES, True),  # two levels above
        (TAXES, ACCOUNTS, False),  # beside
        (GEODESY, TAXES, False),
        (None, TAXES, False),  # from outside
    ],
)
def test_nobody_audits_their_own_line_of_units(*, works_in: int | None, audits: int, is_blocked: bool) -> None:
    assert conflicts(works_in, [audits]) == ([("block", audits)] if is_blocked else [])


def test_a_block_is_for_one_unit_of_the_scope_and_not_for_the_audit() -> None:
    assert conflicts(TAXES, [TAXES, GEODESY]) == [("block", TAXES)]


@pytest.mark.parametrize(
    ("left_on", "expected"),
    [
        ("2026-11-18", [("block", TAXES)]),
        ("2026-11-16", [("block", TAXES)]),  # the first day of the audit
        ("2026-11-15", [("warn", TAXES)]),
        ("2025-11-16", [("warn", TAXES)]),
        ("2025-11-15", []),
    ],
)
def test_work_there_in_the_last_twelve_months_is_a_warning(left_on: str, expected: list[tuple[str, int]]) -> None:
    assert conflicts(TAXES, [TAXES], to_on=date.fromisoformat(left_on)) == expected


def test_the_office_sets_how_long_former_work_is_remembered() -> None:
    left_a_year_ago = {"to_on": date(2025, 11, 20)}

    assert conflicts(TAXES, [TAXES], recent_months=6, **left_a_year_ago) == []
    assert conflicts(TAXES, [TAXES], recent_months=24, **left_a_year_ago) == [("warn", TAXES)]
    assert conflicts(TAXES, [TAXES], recent_months=0, to_on=date(2026, 11, 15)) == []


def test_who_joins_the_unit_during_the_audit_is_blocked_and_afterwards_is_not() -> None:
    def found(from_on: date) -> int:
        facts = Facts(memberships=[Membership(ANNA, TAXES, from_on)], parents=PARENTS)
        return len(check_auditor(ANNA, units([TAXES]), on=AUDIT, facts=facts))

    assert found(date(2026, 11, 18)) == 1
    assert found(date(2026, 11, 19)) == 0


def test_the_supervisor_of_the_head_is_blocked_and_the_subordinate_is_warned() -> None:
    assert conflicts(GEODESY, [TAXES], supervises={ANNA: {HEAD_OF_TAXES}}) == [("block", TAXES)]
    assert conflicts(GEODESY, [TAXES], supervises={HEAD_OF_TAXES: {ANNA}}) == [("warn", TAXES)]
    assert conflicts(GEODESY, [ACCOUNTS], supervises={ANNA: {HEAD_OF_TAXES}}) == []


@pytest.mark.parametrize(
    "head",
    [
        Membership(HEAD_OF_TAXES, TAXES, date(2020, 1, 1)),  # a clerk, not the head
        Membership(HEAD_OF_TAXES, TAXES, date(2020, 1, 1), date(2026, 11, 15), is_head=True),  # no longer the head
    ],
)
def test_only_the_head_of_those_days_counts(head: Membership) -> None:
    facts = Facts(memberships=[head], parents=PARENTS, supervises={ANNA: {HEAD_OF_TAXES}})

    assert check_auditor(ANNA, units([TAXES]), on=AUDIT, facts=facts) == []


FIRST, SECOND = units([TAXES, GEODESY])
CLAUSE = Item(ItemKind.CLAUSE, 9)
BEN, EVE = 11, 12  # beside Anna, who leads


@pytest.mark.parametrize(
    ("scope", "blocks", "permitted", "left"),
    [
        ([FIRST, SECOND], [], [], []),
        ([FIRST, SECOND], [(ANNA, FIRST)], [], []),  # Ben judges it
        ([FIRST, SECOND], [(ANNA, FIRST), (BEN, FIRST)], [], [(ANNA, FIRST)]),  # nobody does
        ([FIRST, SECOND], [(ANNA, FIRST), (BEN, FIRST)], [(ANNA, FIRST)], []),
        ([FIRST, SECOND], [(ANNA, FIRST), (BEN, SECOND)], [], []),  # each judges what the other must not
        ([FIRST, SECOND], [(BEN, FIRST), (BEN, SECOND)], [], [(BEN, FIRST), (BEN, SECOND)]),  # nothing left for Ben
        ([FIRST], [(EVE, FIRST)], [], [(EVE, FIRST)]),  # nothing left to learn
        ([FIRST], [(ANNA, FIRST)], [], [(ANNA, FIRST)]),  # nothing left to lead
        ([FIRST, CLAUSE], [(BEN, FIRST)], [], [(BEN, FIRST)]),  # a clause is judged in units, not beside them
        ([FIRST, CLAUSE], [(ANNA, CLAUSE)], [], []),
        ([FIRST, CLAUSE], [(ANNA, CLAUSE), (BEN, CLAUSE)], [], [(ANNA, CLAUSE)]),
    ],
)
def test_a_team_gets_round_a_block_when_somebody_else_of_it_may_judge(
    scope: list[Item], blocks: list[tuple[int, Item]], permitted: list[tuple[int, Item]], left: list[tuple[int, Item]]
) -> None:
    assert unresolved(scope, blocks, lead=ANNA, auditors=[BEN], learners=[EVE], permitted=permitted) == left


def test_a_circle_of_departments_does_not_go_round_for_ever() -> None:
    circle = {TAXES: FINANCE, FINANCE: TAXES}

    assert conflicts(GEODESY, [TAXES], parents=circle) == []


@pytest.mark.parametrize(
    ("groups", "barred", "asked"),
    [
        ([[1], [2, 3], [4]], set(), (1,)),
        ([[1], [2, 3], [4]], {1}, (2, 3)),
        ([[1], [2, 3], [4]], {1, 2}, (3,)),
        ([[1], [2, 3], [4]], {1, 2, 3}, (4,)),
        ([[1], [2, 3], [4]], {1, 2, 3, 4}, ()),
        ([[], [], [4]], {1}, (4,)),
        ([], {1}, ()),
    ],
)
def test_the_first_group_is_asked_in_which_somebody_took_no_part(
    groups: list[list[int]], barred: set[int], asked: tuple[int, ...]
) -> None:
    assert first_free(groups, barred) == asked


@pytest.mark.parametrize(
    ("groups", "barred", "is_last"),
    [
        ([[1], [2]], set(), True),
        ([[1, 3], [2]], set(), False),
        ([[1, 3], [2]], {3}, True),
        ([[1, 3], [2]], {1, 3}, False),
        ([[2], [1]], {2}, True),
        ([[2], [1]], set(), False),
        ([[], []], set(), False),
    ],
)
def test_somebody_is_the_last_one_where_nobody_else_of_those_asked_is_free(
    *, groups: list[list[int]], barred: set[int], is_last: bool
) -> None:
    assert is_last_free(1, groups, barred) is is_last
