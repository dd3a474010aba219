"""Letters about a programme: to whom its next step belongs, and to whoever sent it."""

from collections.abc import Collection
from typing import Any

from qms.core import outbox
from qms.people import queries as people
from qms.programme.models import Programme


def ask_to_approve(programme: Programme, to: Collection[int], *, sent_by: str) -> None:
    """Tell those who may take the next step that it waits for one of them."""
    _tell("programme_waits", programme, to, sent_by=sent_by, count=len(programme.planned))


def tell_outcome(programme: Programme, to: Collection[int], *, returned_because: str = "") -> None:
    """Tell who sent it that the programme is approved, or why it came back."""
    _tell("programme_decided", programme, to, returned_because=returned_because, is_approved=not returned_because)


def _tell(kind: str, programme: Programme, to: Collection[int], **told: Any) -> None:
    path = f"/u/{programme.office.slug}/audity/program/{programme.year}"
    payload = {"year": programme.year, "issue": programme.issue, "path": path, **told}
    for person_id in people.active_people(to):
        # The version tells two sendings of one programme apart.
        dedupe = f"{kind}:{programme.key}:{programme.version}:{person_id}"
        outbox.put(kind, person_id=person_id, dedupe=dedupe, office_id=programme.office_id, payload=payload)
