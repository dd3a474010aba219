"""Writing about a case, and striking out what one wrote; the caller commits."""

from datetime import date

from qms.core import clock
from qms.core.db import db
from qms.core.trail import because
from qms.discussion import notices, queries
from qms.discussion.models import Message
from qms.domain.discussion import check_asked, check_strikable
from qms.findings.models import Finding
from qms.policy import Actor


def write(finding: Finding, words: str, asked_id: int | None = None, *, by: Actor, today: date) -> Message:
    """Say something about a case; the questions in it that wait for the writer are answered. Raises `InvalidInput`."""
    if asked_id is not None:
        check_asked(asked_id, {person.id for person in queries.askable(finding, today)} - {by.person_id})
    now = clock.now()
    for question in queries.asked_of(finding, by.person_id):
        question.answered_at = now
    message = Message(
        office_id=finding.office_id,
        finding_id=finding.id,
        author_id=by.person_id,
        written_at=now,
        words=words,
        asked_id=asked_id,
    )
    db.session.add(message)
    db.session.flush()  # the letter names its key
    if asked_id is not None:
        notices.asked(finding, message, asked_id=asked_id, by_name=by.name)
    return message


def strike(message: Message, reason: str) -> None:
    """Take one's word back; it stays to be read, struck out. Raises `NotAllowedNow`."""
    check_strikable(is_struck=message.struck_at is not None)
    because(reason)
    message.struck_at, message.struck_because = clock.now(), reason
