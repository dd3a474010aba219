"""The letter to whoever is asked to reply, as plain data."""

from typing import Final

from qms.core import outbox
from qms.discussion.models import Message
from qms.findings.models import Finding
from qms.findings.notices import path_of

ASKED: Final = "message_asked"


def asked(finding: Finding, message: Message, *, asked_id: int, by_name: str) -> None:
    """Tell who is asked what the question is and where to answer it."""
    payload = {
        "number": finding.number,
        "asked_by": by_name,
        "words": message.words,
        "message": message.key,
        "path": path_of(finding) + "/rozmowa",
    }
    dedupe = f"{ASKED}:{message.office_id}:{message.key}"
    outbox.put(ASKED, person_id=asked_id, dedupe=dedupe, office_id=finding.office_id, payload=payload)
