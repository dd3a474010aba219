"""Addresses of links in letters: the key of a grant and the number of the letter under one seal.

Nothing secret is stored: the key of a grant follows from what it is for, and the seal from the key.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from qms.core.seals import SEAL, is_sealed, seal
from qms.domain.grants import Purpose
from qms.grants.models import KEY

# Words of the address.
PATHS: Final[Mapping[Purpose, str]] = {Purpose.ANSWER: "odpowiedz", Purpose.REPORT_DONE: "wykonane"}
_TOKEN: Final = re.compile(
    rf"(?P<key>[0-9a-f]{{{KEY}}})-(?P<letter>[0-9]{{1,12}})-(?P<seal>[0-9a-f]{{{SEAL}}})", re.ASCII
)


class Token(NamedTuple):
    """What a link says, once its seal was found right."""

    key: str
    letter_id: int


def key_of(purpose: Purpose, secret: bytes, *subject: object) -> str:
    """The key of the one grant about a subject; letters written at the same moment come to the same."""
    return seal(secret, f"grant:{purpose}:{':'.join(map(str, subject))}")[:KEY]


def path_of(purpose: Purpose, key: str, letter_id: int, *, secret: bytes) -> str:
    """The address, from the root of the site."""
    return f"/o/{PATHS[purpose]}/{key}-{letter_id}-{seal(secret, _said(purpose, key, letter_id))}"


def read(purpose: Purpose, text: str, secret: bytes) -> Token | None:
    """The token of an address; none when it was cut, lengthened, made up or made for something else."""
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        return None
    token = Token(parts["key"], int(parts["letter"]))
    return token if is_sealed(secret, _said(purpose, *token), parts["seal"]) else None


def form_seal(key: str, secret: bytes) -> str:
    """What a form behind the link carries; there is no session to keep one in."""
    return seal(secret, f"form of a grant:{key}")


def _said(purpose: Purpose, key: str, letter_id: int) -> str:
    return f"letter link:{purpose}:{key}:{letter_id}"
