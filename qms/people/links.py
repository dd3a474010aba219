"""Links in letters by which the owner of a mailbox answers, not signed in: the address is the key to one answer.

Nothing secret is stored: the seal is made anew when the letter is written, and fits that mailbox alone.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import select

from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.seals import SEAL, is_sealed, seal
from qms.domain.invitations import Standing, standing
from qms.people.models import AddressChange, Invitation

_Asked = TypeVar("_Asked", Invitation, AddressChange)

JOIN, CONFIRM, STOP = "zaproszenie", "adres", "zatrzymaj"  # words of the address
# What the letters of a kind let their reader do.
PATH_OF: Final[Mapping[str, str]] = {"invitation": JOIN, "address_confirm": CONFIRM, "address_asked": STOP}
_MODEL_OF: Final[Mapping[str, type[Invitation | AddressChange]]] = {
    JOIN: Invitation,
    CONFIRM: AddressChange,
    STOP: AddressChange,
}
_TOKEN: Final = re.compile(rf"(?P<key>[0-9a-z]{{1,12}})-(?P<seal>[0-9a-f]{{{SEAL}}})", re.ASCII)


def path_of(what: str, key: str, secret: bytes) -> str:
    """The address, from the root of the site."""
    return f"/o/{what}/{key}-{seal(secret, _said(what, key))}"


def by_token(token: str, model: type[_Asked], *, what: str, secret: bytes) -> _Asked | None:
    """What is asked, if the seal is right; open or not."""
    parts = _TOKEN.fullmatch(token)
    if parts is None or not is_sealed(secret, _said(what, parts["key"]), parts["seal"]):
        return None
    with scoped(EVERY_OFFICE):
        return db.session.scalar(select(model).where(model.key == parts["key"]))


def waits(kind: str, key: str, today: date) -> bool:
    """Whether the answer that letters of this kind ask for is still waited for."""
    model = _MODEL_OF[PATH_OF[kind]]
    with scoped(EVERY_OFFICE):
        asked: Any = db.session.scalar(select(model).where(model.key == key))
    return asked is not None and standing(asked, today) is Standing.OPEN


def _said(what: str, key: str) -> str:
    return f"answer:{what}:{key}"
