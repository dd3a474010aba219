"""Letters about an account; they are awaited or urgent, so they are sent at any hour."""

from datetime import date

from qms.core import clock, outbox
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


def address_changed(person: Person, *, old: str, office: Office | None = None, changed_by: str = "") -> None:
    """Tell the mailbox a person had until now that another one takes its place.

    `changed_by` is somebody of the office; without both, whoever runs the register did it.
    """
    outbox.put(
        "address_changed",
        person_id=person.id,
        office_id=office.id if office else None,
        dedupe=f"address_changed:{person.id}:{clock.now().isoformat()}",
        payload={"to": old, "office": office.name if office else "", "changed_by": changed_by},
        is_awaited=True,
    )
