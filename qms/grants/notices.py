"""The letter with a new link, for whoever holds one that has ended."""

from typing import Any

from qms.core import outbox
from qms.core.db import new_key
from qms.domain.grants import Purpose, named
from qms.findings.notices import path_of
from qms.grants.queries import Asked


def send_new_link(asked: Asked) -> None:
    """Write to the reader's own mailbox, and to no other."""
    finding = asked.finding
    is_answer = asked.purpose is Purpose.ANSWER
    key = asked.action.key if asked.action else finding.key
    payload: dict[str, Any] = {
        "number": finding.number,
        "is_answer": is_answer,
        "path": path_of(finding) + ("/odpowiedz" if is_answer else ""),
        **named(asked.purpose, finding.office_id, key, is_new=True),
    }
    outbox.put(
        "new_link",
        person_id=asked.person.id,
        dedupe=f"new_link:{key}:{new_key()}",
        office_id=finding.office_id,
        payload=payload,
        is_awaited=True,
    )
