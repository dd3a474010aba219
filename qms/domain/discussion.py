"""The talk about a case: what was written stays as it was; its author may strike it out, and a question waits."""

from collections.abc import Container
from typing import Final

from qms.domain.errors import N_, InvalidInput, NotAllowedNow

LONGEST: Final = 4000  # characters of a message
LONGEST_REASON: Final = 300


def check_asked(asked_id: int | None, askable: Container[int]) -> None:
    """Refuse to ask somebody who could not read or answer the question. Raises `InvalidInput`."""
    if asked_id is not None and asked_id not in askable:
        message = N_("This person does not take part in the talk about this case. Choose somebody else, or nobody.")
        raise InvalidInput(message, field="asked_id")


def check_strikable(*, is_struck: bool) -> None:
    """Refuse to strike out twice; whose the message is, the policy asks. Raises `NotAllowedNow`."""
    if is_struck:
        raise NotAllowedNow(N_("This message was struck out already. You have nothing to do."))


def is_waiting(*, is_asked: bool, is_answered: bool, is_struck: bool) -> bool:
    """Whether somebody is still asked to reply: until they write in the case, or the question is struck out."""
    return is_asked and not (is_answered or is_struck)
