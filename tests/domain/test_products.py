"""The steps of what was issued wrongly, cell by cell, and what has to be said about it."""

from datetime import date

import pytest

from qms.domain.errors import InvalidInput, NotAllowedNow, NotIndependent, NotPermitted
from qms.domain.products import STEPS, Remedy, State, Step, after, check_dealt
from qms.domain.standing import Who
from tests.domain.tables import cells

TODAY = date(2026, 11, 20)

LEADS_TO = """
            noticed     dealt_with  verified
deal        dealt_with  -           -
confirm     -           verified    -
send_back   -           noticed     -
"""
WHO_MAY = """
            proxy  deputy  unit_head  reporter  auditor  head_of_office  secretary  employee  concerned_head
deal        yes    yes     yes        yes       -        -               -          -         -
confirm     yes    yes     yes        -         yes      -               -          -         -
send_back   yes    yes     yes        -         yes      -               -          -         -
"""
PROXY = frozenset({Who.PROXY})


@pytest.mark.parametrize(("step", "state", "to"), cells(LEADS_TO))
def test_each_step_leads_from_one_state(step: str, state: str, to: str) -> None:
    if to != "-":
        assert after(Step(step), State(state), who=PROXY, is_own_work=False) == to
        return
    with pytest.raises(NotAllowedNow):
        after(Step(step), State(state), who=PROXY, is_own_work=False)


@pytest.mark.parametrize(("step", "who", "may"), cells(WHO_MAY))
def test_each_step_has_its_people(step: str, who: str, may: str) -> None:
    state = STEPS[Step(step)].from_state
    if may == "yes":
        assert after(Step(step), state, who=frozenset({Who(who)}), is_own_work=False)
        return
    with pytest.raises(NotPermitted):
        after(Step(step), state, who=frozenset({Who(who)}), is_own_work=False)


def test_nobody_looks_again_at_what_they_dealt_with_themselves() -> None:
    for step in (Step.CONFIRM, Step.SEND_BACK):
        with pytest.raises(NotIndependent):
            after(step, State.DEALT_WITH, who=PROXY, is_own_work=True)
    assert after(Step.DEAL, State.NOTICED, who=PROXY, is_own_work=True)


DEALT = """
    remedy      allowed   dealt_on     wrong
    rectified   -         2026-11-20   -
    concession  starosta  2026-11-10   -
    concession  -         2026-11-10   allowed_by
    repeated    starosta  2026-11-10   allowed_by
    changed     -         2026-11-21   dealt_on
    changed     -         2026-11-09   dealt_on
"""


@pytest.mark.parametrize("line", [line.split() for line in DEALT.strip().splitlines()[1:]], ids=" ".join)
def test_a_concession_alone_has_somebody_who_allowed_it_and_nothing_is_done_before_it_was_noticed(
    line: list[str],
) -> None:
    remedy, allowed, dealt_on, wrong = line

    def dealt() -> None:
        said = {"allowed_by": "" if allowed == "-" else allowed, "dealt_on": date.fromisoformat(dealt_on)}
        check_dealt(Remedy(remedy), **said, noticed_on=date(2026, 11, 10), today=TODAY)

    if wrong == "-":
        dealt()
        return
    with pytest.raises(InvalidInput) as refused:
        dealt()
    assert refused.value.field == wrong
