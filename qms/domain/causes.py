"""An office's own catalogue of causes: what kinds of causes it counts, so that it sees which come back.

Source: ISO 9001:2015, 9.1.3 and 10.2.1, and ISO 9001:2008, 8.4: causes are analysed together and not one by one only.
The eight that an office starts with are this register's proposal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qms.domain.errors import N_, InvalidInput
from qms.domain.scale import folded

LONGEST_NAME: Final = 60
MOST: Final = 40


class Starter(StrEnum):
    UNCLEAR_RULE = "unclear_rule"
    UNTRAINED = "untrained"
    NO_SUBSTITUTE = "no_substitute"
    WORKLOAD = "workload"
    UNCHECKED = "unchecked"
    INFORMATION = "information"
    TOOLS = "tools"
    CHANGE = "change"


WORDS: Final[Mapping[str, str]] = {
    Starter.UNCLEAR_RULE: N_("No rule, or an unclear one"),
    Starter.UNTRAINED: N_("Missing training or knowledge"),
    Starter.NO_SUBSTITUTE: N_("No substitute for somebody away"),
    Starter.WORKLOAD: N_("Too much work for the time"),
    Starter.UNCHECKED: N_("Nobody checked or kept watch"),
    Starter.INFORMATION: N_("Information did not reach the right person"),
    Starter.TOOLS: N_("Equipment, form or computer program"),
    Starter.CHANGE: N_("Change of the law or of the organisation"),
}


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One row of the catalogue. Without a name of its own it is one of the proposal, in the reader's language."""

    starter: str = ""
    name: str = ""
    is_used: bool = True


STARTER: Final = tuple(Cause(starter=each.value) for each in Starter)

Words = Mapping[str, Collection[str]]
"""How the product calls each cause of the proposal, in each of its languages."""


def settled(cause: Cause, words: Words) -> Cause:
    """The same, without a name that is the product's own words anyway."""
    if cause.starter and folded(cause.name) in {folded(each) for each in words[cause.starter]}:
        return Cause(starter=cause.starter, is_used=cause.is_used)
    return cause


def check(cause: Cause, others: Sequence[Cause], words: Words) -> None:
    """Whether the cause may stand beside the others. Raises `InvalidInput` with what to do instead."""
    if len(others) >= MOST:
        message = N_("The list has %(most)s causes already. Change one that is no longer used.")
        raise InvalidInput(message, most=MOST)
    if len(cause.name) > LONGEST_NAME:
        message = N_("The name is too long. Use at most %(limit)s characters.")
        raise InvalidInput(message, field="name", limit=LONGEST_NAME)
    taken = {folded(name) for other in others for name in _said(other, words)}
    if any(folded(name) in taken for name in _said(cause, words)):
        message = N_("Another cause has this name. Type a different one, so that nobody mistakes them.")
        raise InvalidInput(message, field="name")


def _said(cause: Cause, words: Words) -> Collection[str]:
    return (cause.name,) if cause.name else words[cause.starter]
