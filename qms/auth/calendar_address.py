"""The secret address of a person's calendar: whoever has it reads the calendar without signing in.

It is the key of the person and a seal over a number that only rises. So nothing secret is stored, and the next
number takes the address away from whoever has it.
"""

import re
from typing import Final

from qms.core.seals import SEAL, is_sealed, seal
from qms.people import queries as people
from qms.people.models import Person

_TOKEN: Final = re.compile(rf"(?P<key>[0-9a-z]{{1,12}})-(?P<seal>[0-9a-f]{{{SEAL}}})", re.ASCII)


def token_of(person: Person, secret: bytes) -> str | None:
    """What stands in the address; none while the person has not asked for one."""
    return f"{person.key}-{seal(secret, _said(person))}" if person.calendar_serial else None


def person_of(token: str, secret: bytes) -> Person | None:
    """Whose calendar it is, unless the address was changed or the account closed."""
    parts = _TOKEN.fullmatch(token)
    person = people.by_key(parts["key"]) if parts else None
    if parts is None or person is None:
        return None
    is_open = person.calendar_serial > 0 and person.deactivated_at is None
    return person if is_sealed(secret, _said(person), parts["seal"]) and is_open else None


def renew(person: Person) -> None:
    """Give the person a new address; the one before leads nowhere from now on."""
    person.calendar_serial += 1


def _said(person: Person) -> str:
    return f"calendar:{person.id}:{person.calendar_serial}"
