"""The address under which a person gives up letters that come by themselves, without signing in (RFC 8058).

It stands in the head of those letters, so a mail program can offer a button. Whoever gets hold of one can do nothing
but what the letter's reader can undo under their account; it is good as long as the account.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from qms.core.seals import SEAL, is_sealed, seal
from qms.people import queries as people
from qms.people import reading
from qms.people.models import Person

REMINDERS, STATUS = "przypomnienia", "stan"  # words of the address
GIVE_UP: Final[Mapping[str, Callable[[Person], None]]] = {
    REMINDERS: reading.take_reminders_weekly,
    STATUS: reading.give_up_status,
}
IS_GIVEN_UP: Final[Mapping[str, Callable[[Person], bool]]] = {
    REMINDERS: reading.takes_reminders_weekly,
    STATUS: reading.gave_up_status,
}
_TOKEN: Final = re.compile(rf"(?P<key>[0-9a-z]{{1,12}})-(?P<seal>[0-9a-f]{{{SEAL}}})", re.ASCII)


def path_of(what: str, person: Person, secret: bytes) -> str:
    """The address, from the root of the site."""
    return f"/o/listy/{what}/{person.key}-{seal(secret, _said(what, person))}"


def person_of(what: str, token: str, secret: bytes) -> Person | None:
    """Who gives these letters up, unless the account is closed."""
    parts = _TOKEN.fullmatch(token)
    person = people.by_key(parts["key"]) if parts and what in GIVE_UP else None
    if parts is None or person is None or person.deactivated_at is not None:
        return None
    return person if is_sealed(secret, _said(what, person), parts["seal"]) else None


def _said(what: str, person: Person) -> str:
    return f"give up:{what}:{person.id}"
