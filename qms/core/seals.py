"""Seals of secret addresses: nothing secret is stored, and nobody without the register's own secret can make one."""

import hashlib
import hmac
from typing import Final

SEAL: Final = 40  # hexadecimal digits: 160 bits


def seal(secret: bytes, said: str) -> str:
    """The seal over what an address is for; the same text under another secret has another."""
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:SEAL]


def is_sealed(secret: bytes, said: str, given: str) -> bool:
    """Whether the seal is the right one; takes the same time for each wrong one."""
    return is_same(given, seal(secret, said))


def is_same(given: str, right: str) -> bool:
    """Whether a seal that was sent is the right one, in the same time for each wrong one."""
    return hmac.compare_digest(given.encode(), right.encode())
