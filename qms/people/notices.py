"""The letter that invites a person; they wait for it, so it is sent at any hour."""

from datetime import date

from qms.core import outbox
from qms.offices.models import Office
from qms.people.models import Person


def invite(person: Person, office: Office, *, invited_by: str, today: date) -> None:
    """Queue the invitation; one a day and office at most."""
    outbox.put(
        "invitation",
        person_id=person.id,
        office_id=office.id,
        dedupe=f"invitation:{office.id}:{person.id}:{today.isoformat()}",
        payload={"office": office.name, "invited_by": invited_by, "path": "/logowanie"},
        is_awaited=True,
    )
