"""What became of the sign-in codes in letters, for the local mailbox: nothing that would help to guess one."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from qms.auth.models import SignInCode
from qms.auth.service import CODE_LIFE, CODE_TRIES
from qms.core import clock
from qms.core.db import db
from qms.people.models import Person


@dataclass(frozen=True)
class Fate:
    """Whether a code still lets somebody in, and until when; `good_until` is none once it does not."""

    good_until: datetime | None = None
    is_used: bool = False


GONE: Final = Fate()


def fates(codes: Collection[tuple[str, str]]) -> dict[tuple[str, str], Fate]:
    """The fate of each code, given with the address it was sent to."""
    rows = _rows_of({address for address, _ in codes})
    return {(address, code): _fate(rows[address], code) for address, code in codes}


def _rows_of(addresses: Collection[str]) -> dict[str, list[tuple[SignInCode, Person]]]:
    kept = select(SignInCode, Person).join(Person, Person.id == SignInCode.person_id)
    found: dict[str, list[tuple[SignInCode, Person]]] = defaultdict(list)
    for row, person in db.session.execute(kept.where(Person.email.in_(addresses)).order_by(SignInCode.id.desc())):
        found[person.email].append((row, person))
    return found


def _fate(rows: list[tuple[SignInCode, Person]], code: str) -> Fate:
    row, person = next((pair for pair in rows if pair[0].code_hash == pair[0].hash_of(code)), (None, None))
    if row is None or person is None:
        return GONE  # tidied away some time after it ended
    if row.used_at is not None:
        return Fate(is_used=True)
    is_before_reopening = person.reopened_at is not None and row.expires_at - CODE_LIFE < person.reopened_at
    is_over = row.expires_at <= clock.now() or row.tries >= CODE_TRIES
    return GONE if is_over or is_before_reopening or person.deactivated_at else Fate(row.expires_at)
