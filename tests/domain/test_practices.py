"""What may be offered to other offices, and how an offer moves."""

import pytest

from qms.domain.errors import InvalidInput, NotAllowedNow
from qms.domain.findings import Category, State
from qms.domain.practices import Move, Sharing, after, as_read, check_offerable, check_word
from tests.domain.tables import cells

TABLE = """
                offer      share     decline    withdraw
    offered     offered    shared    declined   withdrawn
    shared      offered    shared    declined   withdrawn
    declined    offered    -         -          -
    withdrawn   offered    -         -          -
"""


@pytest.mark.parametrize(("state", "move", "leads_to"), cells(TABLE))
def test_an_offer_moves_only_as_the_table_says(state: str, move: str, leads_to: str) -> None:
    if leads_to == "-":
        with pytest.raises(NotAllowedNow):
            after(Sharing(state), Move(move))
    else:
        assert after(Sharing(state), Move(move)) == leads_to


@pytest.mark.parametrize("state", [State.REPORTED, State.CANCELLED, State.REJECTED])
@pytest.mark.parametrize("category", Category)
def test_only_what_stands_and_others_can_take_over_is_offered(category: Category, state: State) -> None:
    if category in {"strength", "good_practice"} and state == "reported":
        check_offerable(category, state, has_clause=True)
        with pytest.raises(NotAllowedNow, match="names none"):
            check_offerable(category, state, has_clause=False)
    else:
        with pytest.raises(NotAllowedNow):
            check_offerable(category, state, has_clause=True)


READ = """
                reported    rejected    cancelled
    offered     offered     withdrawn   withdrawn
    shared      shared      withdrawn   withdrawn
    declined    declined    declined    declined
    withdrawn   withdrawn   withdrawn   withdrawn
"""


@pytest.mark.parametrize(("sharing", "state", "read"), cells(READ))
def test_a_finding_that_fell_takes_its_offer_along(sharing: str, state: str, read: str) -> None:
    assert as_read(Sharing(sharing), State(state)) == read


def test_a_refusal_says_why_and_a_publication_need_not() -> None:
    check_word(Move.SHARE, "")
    check_word(Move.DECLINE, "Name no street.")
    with pytest.raises(InvalidInput, match="Write why"):
        check_word(Move.DECLINE, "")
