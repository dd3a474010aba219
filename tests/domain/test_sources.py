"""Who may decide about a report, and what a report has to say."""

from datetime import date

import pytest

from qms.domain.errors import InvalidInput, NotAllowedNow, NotIndependent, NotPermitted, RuleViolation
from qms.domain.sources import (
    OUTSIDE_AUDITS,
    Fate,
    Source,
    check_deciding,
    check_refusal,
    check_taking,
    check_told,
    is_about_own_work,
)
from qms.domain.standing import Who

TODAY = date(2026, 11, 20)

TOLD = """
    source      what     noticed_on   wrong
    staff       said     2026-11-20   -
    complaint   said     2026-11-01   -
    body        said     2026-11-19   -
    staff       -        2026-11-20   what
    staff       said     -            noticed_on
    staff       said     2026-11-21   noticed_on
    audit       said     2026-11-20   source
"""


@pytest.mark.parametrize("line", [line.split() for line in TOLD.strip().splitlines()[1:]], ids=" ".join)
def test_a_report_says_what_happened_and_when_and_comes_from_no_audit(line: list[str]) -> None:
    source, what, noticed_on, wrong = line
    day = None if noticed_on == "-" else date.fromisoformat(noticed_on)

    def told() -> None:
        check_told(Source(source), what="" if what == "-" else what, noticed_on=day, today=TODAY)

    if wrong == "-":
        told()
        return
    with pytest.raises(InvalidInput) as refused:
        told()
    assert refused.value.field == wrong


def test_every_source_but_the_audit_stands_on_the_form() -> None:
    assert {*OUTSIDE_AUDITS, Source.AUDIT} == set(Source)
    assert OUTSIDE_AUDITS[0] is Source.STAFF


MAY_DECIDE = {Who.PROXY, Who.DEPUTY, Who.UNIT_HEAD}


@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize("who", Who)
def test_the_proxy_the_deputy_and_the_head_of_the_route_decide_while_it_waits(who: Who, fate: Fate) -> None:
    expected: type[RuleViolation] | None = NotPermitted if who not in MAY_DECIDE else None
    if expected is None and fate is not Fate.WAITING:
        expected = NotAllowedNow

    for decide in (check_deciding, _refuse):
        if expected is None:
            decide(fate, frozenset({who}))
            continue
        with pytest.raises(expected):
            decide(fate, frozenset({who}))


def _refuse(fate: Fate, who: frozenset[Who]) -> None:
    check_refusal(fate, who, is_about_own_work=False, reason="It is no matter of the office.")


def test_nobody_refuses_without_a_reason_or_what_is_about_their_own_department() -> None:
    proxy = frozenset({Who.PROXY})

    with pytest.raises(InvalidInput, match="Write the reason"):
        check_refusal(Fate.WAITING, proxy, is_about_own_work=False, reason="")
    with pytest.raises(NotIndependent, match="your own department"):
        check_refusal(Fate.WAITING, proxy, is_about_own_work=True, reason="Nothing happened.")


OWN_WORK = """
    who         works_in  reported_in  is_own
    unit_head   1         1            yes
    unit_head   1         2            no
    unit_head   1         -            yes
    proxy       1         1            yes
    proxy       1         2            no
    proxy       1         -            no
    deputy      1         -            no
"""


@pytest.mark.parametrize("line", [line.split() for line in OWN_WORK.strip().splitlines()[1:]], ids=" ".join)
def test_a_head_reckons_with_own_work_where_a_report_names_no_department(line: list[str]) -> None:
    who, works_in, reported_in, is_own = line
    where = None if reported_in == "-" else int(reported_in)

    assert is_about_own_work(frozenset({Who(who)}), {int(works_in)}, where) is (is_own == "yes")


@pytest.mark.parametrize("needs_answer", [True, False])
@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize("who", [{Who.UNIT_HEAD}, {Who.PROXY}, {Who.UNIT_HEAD, Who.DEPUTY}])
def test_a_head_takes_own_work_only_as_what_has_to_be_answered(
    who: set[Who], *, is_own: bool, needs_answer: bool
) -> None:
    def take() -> None:
        check_taking(Fate.WAITING, frozenset(who), is_about_own_work=is_own, needs_answer=needs_answer)

    if who == {Who.UNIT_HEAD} and is_own and not needs_answer:
        with pytest.raises(NotIndependent, match="as a nonconformity"):
            take()
    else:
        take()
