"""Where a request comes from, as the server and the trusted proxies (`QMS_TRUSTED_PROXIES`) tell."""

from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, request

_THIS_COMPUTER: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OF_A_PROXY: Final = ("forwarded", "x-forwarded", "via", "x-real-ip")


def machine() -> str:
    """Which machine asks; of an IPv6 address the network, since a computer has as many as it likes there.

    What a proxy tells may be no address, or one with a port; such a text is as good a name as another.
    """
    told = request.remote_addr or "?"
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv4Address):
        return told
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


def reads_the_mailbox() -> bool:
    """Whether who asks sits at this computer, and the letters of it are there to be read.

    A register that has a public address shows them to nobody, since the visitors of a proxy on this computer may all
    seem to sit at it; one that forwards says so in a header of its own.
    """
    config = current_app.config
    is_local = urlsplit(config["BASE_URL"]).hostname in _THIS_COMPUTER
    return config["MAILBOX_IS_OPEN"] and is_local and _is_loopback() and not _came_through_a_proxy()


def _is_loopback() -> bool:
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _came_through_a_proxy() -> bool:
    return any(name.lower().startswith(_OF_A_PROXY) for name, _ in request.headers)
