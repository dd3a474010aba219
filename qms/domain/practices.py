"""Good practice that an office lets others read: what may be offered, and how an offer moves.

Source: ISO 19011:2018, 6.4.8 (findings tell of good practice too); that others read only what an office offered, and
only once the coordinator has read it, is a rule of the register.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.domain.findings import Category, State

OFFERABLE: Final = frozenset({Category.STRENGTH, Category.GOOD_PRACTICE})
FALLEN: Final = frozenset({State.REJECTED, State.CANCELLED})  # of findings; they never stand again


class Sharing(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    SHARED = "shared"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    OFFER = "offer"  # the office, again also after any end: what was changed is read anew
    SHARE = "share"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


LEADS_TO: Final[Mapping[Move, Sharing]] = {
    Move.OFFER: Sharing.OFFERED,
    Move.SHARE: Sharing.SHARED,
    Move.DECLINE: Sharing.DECLINED,
    Move.WITHDRAW: Sharing.WITHDRAWN,
}
OUT: Final = frozenset({Sharing.OFFERED, Sharing.SHARED})  # somebody outside the office may read it
_NOT_OUT: Final[Mapping[Move, str]] = {
    Move.SHARE: N_("The office does not offer this practice any more. Go back to the list."),
    Move.DECLINE: N_("The office does not offer this practice any more. Go back to the list."),
    Move.WITHDRAW: N_("Nobody outside your office reads this practice now. There is nothing to withdraw."),
}


def check_offerable(category: Category, state: State, *, has_clause: bool) -> None:
    """Raises `NotAllowedNow` for what is no good example, or what others would not find by its clause."""
    if category not in OFFERABLE or state in FALLEN:
        raise NotAllowedNow(N_("Only a strength or a good practice that stands can be offered to other offices."))
    if not has_clause:
        raise NotAllowedNow(
            N_(
                "Other offices read good practice by its clause, and this finding names none. "
                "Offer a finding that names a clause."
            )
        )


def as_read(sharing: Sharing, state: State) -> Sharing:
    """Where the offer stands for its readers: a finding that fell takes its offer along."""
    return Sharing.WITHDRAWN if sharing in OUT and state in FALLEN else sharing


def after(state: Sharing, move: Move) -> Sharing:
    """Where the move leads. Raises `NotAllowedNow` when there is nothing to decide on or to withdraw."""
    if move in _NOT_OUT and state not in OUT:
        raise NotAllowedNow(_NOT_OUT[move])
    return LEADS_TO[move]


def check_word(move: Move, word: str) -> None:
    """Raises `InvalidInput` for a refusal that does not say why."""
    if move is Move.DECLINE and not word:
        raise InvalidInput(N_("Write why, so that the office knows what to change."), field="word")
