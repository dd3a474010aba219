"""What whoever is to answer a case asks for besides answering: more time, or that the finding be taken back.

Neither stops the clock: the day to answer stands until a later one is granted. Who decides is the office's own rule:
the proxy, or the deputy where the case is about the proxy's own unit; the secretary once the day was moved before.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

from qms.domain.independence import first_free
from qms.domain.standing import Who


class Kind(StrEnum):
    MORE_TIME = "more_time"
    OBJECTION = "objection"


class Fate(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Nobody decided: the answer came, or the case ended, while it waited."""


_FIRST: Final = (Who.PROXY, Who.DEPUTY)
_LATER: Final = (Who.SECRETARY,)
# Who can appoint somebody to decide, and whoever is there where that post is vacant.
_AT_LAST: Final = (Who.HEAD_OF_OFFICE, Who.SECRETARY, Who.PROXY, Who.DEPUTY)
DECIDING: Final = frozenset({*_FIRST, *_LATER, *_AT_LAST})

Holders = Mapping[Who, Sequence[int]]


def deciders(kind: Kind, moves: int, *, holders: Holders, barred: Collection[int]) -> tuple[int, ...]:
    """Who is asked to decide, after the day was moved so many times; `barred` are those whom the case is about."""
    posts = _LATER if kind is Kind.MORE_TIME and moves else _FIRST
    free = first_free([holders.get(post, ()) for post in posts], barred)
    return free or next((tuple(holders[post]) for post in _AT_LAST if holders.get(post)), ())
