"""Letters about an account; they are awaited or urgent, so they are sent at any hour."""

from datetime import date
from typing import Any

from qms.core import clock, outbox
from qms.domain.reminders import send_at
from qms.offices.models import Office
from qms.people.models import AddressChange, Invitation, Person
from qms.policy import Actor


def invite(invitation: Invitation, office: Office, *, by: Actor, today: date) -> bool:
    """Queue the invitation, kept under its sender as its reader may have no account; false when one left today."""
    return outbox.put(
        "invitation",
        person_id=by.person_id,
        office_id=office.id,
        dedupe=f"invitation:{invitation.key}:{today.isoformat()}",
        payload={
            "to": invitation.email,
            "to_name": invitation.name,
            "language": "pl",
            "office": office.name,
            "invited_by": by.name,
            "expires_on": invitation.expires_on.isoformat(),
            "asked": invitation.key,
        },
        is_awaited=True,
    )


def ask_address(change: AddressChange, office: Office, *, asked_by: str) -> None:
    """Tell the mailbox of now that another one is asked for; and ask the new one, on the day it may answer."""
    said = {"office": office.name, "asked_by": asked_by, "asked": change.key, "opens_on": change.opens_on.isoformat()}
    said |= {"expires_on": change.expires_on.isoformat()}
    about: dict[str, Any] = {"person_id": change.person_id, "office_id": office.id, "is_awaited": True}
    outbox.put("address_asked", dedupe=f"address_asked:{change.key}", payload=said, **about)
    at = send_at(change.opens_on) if change.opens_on > change.asked_on else None
    outbox.put(
        "address_confirm", dedupe=f"address_confirm:{change.key}", payload=said | {"to": change.email}, at=at, **about
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
