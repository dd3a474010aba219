"""Letters of signing in: awaited by the person, so sent at any hour."""

import secrets

from qms.core import outbox


def send_code(person_id: int, code: str) -> None:
    """Queue the letter with the code; the code is wiped from the queue once it is sent."""
    outbox.put(
        "sign_in_code",
        person_id=person_id,
        dedupe=f"code:{person_id}:{secrets.token_hex(8)}",
        payload={"code": code},
        is_awaited=True,
    )
