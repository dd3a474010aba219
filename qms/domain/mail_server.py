"""How a mail server is written in one line."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_LOOKS_LIKE: Final = "a mail server looks like smtp://name:password@host:587 or smtps://host:465"


@dataclass(frozen=True)
class Server:
    """Where and how to reach a mail server."""

    host: str
    port: int
    user: str | None
    password: str
    is_tls_from_start: bool
    is_tls_required: bool


def parse_url(url: str) -> Server:
    """Read `smtp://name:password@host:587`, `smtps://host` or, for a server on this machine, `smtp://host:25?tls=off`.

    Raises `ValueError` saying what is wrong.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        wants = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError(_LOOKS_LIKE) from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or port == 0:
        raise ValueError(_LOOKS_LIKE)
    is_from_start = parts.scheme == "smtps"
    if wants not in ({}, {"tls": ["on"]}, {"tls": ["off"]}) or (is_from_start and wants == {"tls": ["off"]}):
        raise ValueError("the only option of a mail server is ?tls=off, and not with smtps")
    return Server(
        host=parts.hostname,
        port=port or (465 if is_from_start else 587),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        is_tls_from_start=is_from_start,
        is_tls_required=wants != {"tls": ["off"]},
    )
