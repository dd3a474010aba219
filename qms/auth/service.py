"""Signing in: a code by e-mail, a password as the second way.

The code is six digits, kept as a hash, for 15 minutes, five tries, one use, and only in the browser that
asked. Whoever asks for an unknown address gets the same answer in the same time. Limits are counted in
the database, so that they hold over all processes, and pass with time; those of one computer are narrow and
those of one address wide, so that a stranger does not lock the owner of the address out.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select

from qms.auth import notices, sessions
from qms.auth.models import Attempt, SignInCode, hashed
from qms.core import clock
from qms.core.db import db
from qms.domain import passwords
from qms.domain.errors import N_, InvalidInput, NotAllowedNow
from qms.people import queries as people
from qms.people.models import Person

CODE_LIFE: Final = timedelta(minutes=15)
CODE_TRIES: Final = 5
PASSWORD_LENGTH: Final = 12
_PASSWORD_LONGEST: Final = 200

# door -> (tries, in which time). "here" is one machine trying one person; a machine may be the gateway of an office.
LIMITS: Final = {
    "code-here": (5, timedelta(hours=1)),
    "code-address": (20, timedelta(hours=1)),
    "code-machine": (100, timedelta(hours=1)),
    "try-machine": (300, timedelta(hours=1)),
    "letter-machine": (300, timedelta(hours=1)),
    "letter-draft": (600, timedelta(hours=1)),
    "new-link-machine": (20, timedelta(hours=1)),
    "new-link-address": (5, timedelta(hours=1)),
    "password-here": (10, timedelta(minutes=15)),
    "password-address": (50, timedelta(minutes=15)),
}
_ATTEMPTS_KEPT: Final = timedelta(days=1)
_WRONG_CODE: Final = N_("This code does not fit. Check the digits, or ask for a new code.")
_TOO_MANY: Final = N_("Too many tries. Wait %(minutes)s minutes and try again.")
_WRONG_PASSWORD: Final = N_("The address and password do not fit. Check both, or sign in with a code.")


def limit(door: str, *subject: str) -> None:
    """Count a try at a door. Raises `NotAllowedNow` past the limit, saying how long to wait.

    A refused try is not counted, or whoever keeps trying would keep the door shut for everybody.
    """
    most, window = LIMITS[door]
    whose, since = hashed(" ".join(subject)), clock.now() - window
    here = (Attempt.door == door, Attempt.subject == whose, Attempt.at > since)
    if (db.session.scalar(select(func.count()).select_from(Attempt).where(*here)) or 0) >= most:
        raise NotAllowedNow(_TOO_MANY, minutes=int(window.total_seconds() // 60))
    db.session.add(Attempt(door=door, subject=whose, at=clock.now()))


def ask_for_code(email: str, *, browser: str, machine: str) -> None:
    """Send a code to the person of this address; for an unknown address do all the same but send."""
    limit("code-machine", machine)
    limit("code-here", machine, email)
    limit("code-address", email)
    person = people.by_email(email)
    if person is not None and person.deactivated_at is not None:
        person = None
    code = _new_code(person, browser=browser)
    if person is not None:
        notices.send_code(person.id, code)


def code_on_console(person: Person) -> str:
    """A code to be read out by the administrator when mail is down; fits any browser."""
    return _new_code(person, browser=None)


def _new_code(person: Person | None, *, browser: str | None) -> str:
    code = f"{secrets.randbelow(10**6):06}"
    row = SignInCode(
        person_id=person.id if person else None,
        code_hash="",
        browser_hash=hashed(browser) if browser else None,
        expires_at=clock.now() + CODE_LIFE,
    )
    db.session.add(row)
    db.session.flush()
    row.code_hash = row.hash_of(code)
    return code


def sign_in_with_code(email: str, code: str, *, browser: str, machine: str) -> Person | None:
    """The person whose code this is, or none; a wrong try counts against every open code of the browser.

    Raises `NotAllowedNow` when this machine tried too often. The caller commits, also after a failure.
    """
    limit("try-machine", machine)
    digits = "".join(character for character in code if character.isascii() and character.isdigit())
    open_codes = _open_codes(email, browser)
    found = None
    for row in open_codes:
        row.tries += 1
        if hmac.compare_digest(row.code_hash, row.hash_of(digits)):
            found = row
    if found is None:
        return None
    for row in open_codes:  # a code asked for twice leaves no second one lying in the mailbox
        row.used_at = clock.now()
    return db.session.get(Person, found.person_id)


def _open_codes(email: str, browser: str) -> list[SignInCode]:
    found = (
        select(SignInCode, Person.reopened_at)
        .join(Person, Person.id == SignInCode.person_id)
        .where(
            Person.email == email,
            Person.deactivated_at.is_(None),
            (SignInCode.browser_hash == hashed(browser)) | SignInCode.browser_hash.is_(None),
            SignInCode.expires_at > clock.now(),
            SignInCode.used_at.is_(None),
            SignInCode.tries < CODE_TRIES,
        )
        .order_by(SignInCode.id)
        .with_for_update(of=SignInCode)
    )
    return [
        row
        for row, reopened_at in db.session.execute(found)
        if reopened_at is None or row.expires_at - CODE_LIFE >= reopened_at
    ]


def wrong_code() -> InvalidInput:
    """What is said to a wrong, used or late code: always the same."""
    return InvalidInput(_WRONG_CODE, field="code")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex(16))


# Each hashing takes 64 MB and a tenth of a second: one at a time, so that a flood of tries fills no memory.
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True)
class Knock:
    """A counted try with a password: whose it may be, and the hash to compare with, nobody's if there is none."""

    person_id: int | None
    password_hash: str


def knock(email: str, *, machine: str) -> Knock:
    """Count a try with a password. Raises `NotAllowedNow` past a limit.

    The caller commits before comparing: a hashing takes so long that no other writer should wait for it.
    """
    limit("try-machine", machine)
    limit("password-here", machine, email)
    limit("password-address", email)
    person = people.by_email(email)
    if person is None or person.deactivated_at is not None or not person.password_hash:
        return Knock(None, _nobodys_hash())
    return Knock(person.id, person.password_hash)


def opens(tried: Knock, password: str) -> bool:
    """Whether the password fits; takes the same time for an unknown address. Touches no database."""
    try:
        with _ONE_AT_A_TIME:
            _hasher().verify(tried.password_hash, _as_kept(password))
    except (VerificationError, InvalidHashError):
        return False
    return tried.person_id is not None


def _as_kept(password: str) -> str:
    """One form for all keyboards: some send ą as one character, some as two."""
    return unicodedata.normalize("NFC", password[: 4 * _PASSWORD_LONGEST])


def wrong_password() -> InvalidInput:
    """What is said to a wrong password or address: always the same."""
    return InvalidInput(_WRONG_PASSWORD, field="password")


def set_password(person: Person, password: str) -> None:
    """Set the second way in; ends no session. Raises `InvalidInput` for a short or easily guessed one."""
    kept = _as_kept(password)
    if len(kept) < PASSWORD_LENGTH or len(kept) > _PASSWORD_LONGEST or "\0" in kept:
        message = N_("Choose a password of %(least)s to %(most)s characters. Several words are easiest to remember.")
        raise InvalidInput(message, field="password", least=PASSWORD_LENGTH, most=_PASSWORD_LONGEST)
    if passwords.is_easily_guessed(kept, about=(person.name, person.email)):
        raise InvalidInput(N_("This password is easy to guess. Join several unrelated words."), field="password")
    with _ONE_AT_A_TIME:
        person.password_hash = _hasher().hash(kept)


def tidy(now: datetime) -> None:
    """Drop codes, sessions and tries that are of no use any more."""
    db.session.execute(delete(SignInCode).where(SignInCode.expires_at < now - CODE_LIFE))
    db.session.execute(delete(Attempt).where(Attempt.at < now - _ATTEMPTS_KEPT))
    sessions.tidy(now)
