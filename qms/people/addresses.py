"""Changing the mailbox of a person: asked for by their office, counted once whoever reads the new one confirms it.

Whether the new address has an account is told to that mailbox alone. Whoever reads a mailbox signs in as the person;
so the old one hears of it at once and can stop it, and where somebody without rights over audits asks, the new one is
written to only after a few days.
"""

from datetime import date
from typing import Final

from sqlalchemy import select

from qms.core.db import db
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.invitations import Standing, last_day, opens_on, standing
from qms.domain.standing import Concern, Who
from qms.offices.models import Office
from qms.people import colleagues, notices, queries, service
from qms.people.askers import asker, refuse_flood
from qms.people.models import AddressChange, Appointment, Membership, Person
from qms.policy import Actor, Can, can

_CLOSED: Final = N_("This change of address is no longer open. Ask your office to record it again.")


def ask(person: Person, office: Office, *, email: str, by: Actor, today: date) -> AddressChange:
    """Ask for another mailbox.

    Nobody asks for themselves, where a slip would lock them out, nor for an account that serves more than this office,
    nor for more rights over content than their own: `NotPermitted`. Raises `InvalidInput` for the address the person
    has, and while an earlier request waits.
    """
    _refuse_asking(person, office, by=by, today=today)
    service.refuse_same(person, email)
    refuse_flood(office.id)
    _make_room(office, person, today)
    opens = opens_on(today, is_trusted=can(by, Can.KEEP_TRAINING, Concern(office_id=office.id)))
    change = AddressChange(
        office_id=office.id,
        person_id=person.id,
        email=email,
        asked_by_id=by.person_id,
        asked_on=today,
        opens_on=opens,
        expires_on=last_day(opens),
    )
    db.session.add(change)
    db.session.flush()
    notices.ask_address(change, office, asked_by=by.name)
    return change


def _make_room(office: Office, person: Person, today: date) -> None:
    """One open request a person; one that ran out gives way."""
    earlier = of_person(office.id, person.id)
    if earlier is None:
        return
    if standing(earlier, today) is Standing.OPEN:
        message = N_("Another address waits for its confirmation already. Withdraw it on the page of the person first.")
        raise InvalidInput(message, field="email")
    withdraw(earlier, today=today)
    db.session.flush()


def of_person(office_id: int, person_id: int) -> AddressChange | None:
    """The request about a person that nobody has answered or ended."""
    return db.session.scalar(
        select(AddressChange).where(
            AddressChange.office_id == office_id,
            AddressChange.person_id == person_id,
            AddressChange.answered_on.is_(None),
            AddressChange.ended_on.is_(None),
        )
    )


def by_key(office: Office, key: str) -> AddressChange | None:
    """An unanswered request of the office."""
    change = db.session.scalar(
        select(AddressChange).where(AddressChange.office_id == office.id, AddressChange.key == key)
    )
    return change if change is not None and not (change.answered_on or change.ended_on) else None


def withdraw(change: AddressChange, *, today: date) -> None:
    """The links in its letters open nothing any more."""
    change.ended_on = today


def stop(change: AddressChange, *, today: date) -> None:
    """From the old mailbox: this is not wanted. Raises `NotAllowedNow` when it is over."""
    if standing(change, today) is not Standing.OPEN:
        raise NotAllowedNow(_CLOSED)
    withdraw(change, today=today)


def confirm(change: AddressChange, *, today: date) -> None:
    """From the new mailbox: letters and codes come here from now on.

    Raises `NotAllowedNow` when it is not open, when whoever asked could not ask any more, or when this address has an
    account of its own.
    """
    person = change.person
    if standing(change, today, opens_on=change.opens_on) is not Standing.OPEN or person.deactivated_at is not None:
        raise NotAllowedNow(_CLOSED)
    if colleagues.is_kept_elsewhere(person, change.office_id, today):
        raise NotAllowedNow(
            N_("The account serves more than this office by now. Ask the administrator of the register.")
        )
    _refuse_outdated(change, today)
    if queries.by_email(change.email) is not None:
        message = N_("This address has an account of its own. Sign in with it, or tell your office another address.")
        raise NotAllowedNow(message)
    service.set_address(person, change.email, office=change.office, changed_by=change.asked_by.name)
    change.answered_on = today


def _refuse_outdated(change: AddressChange, today: date) -> None:
    """What was asked for somebody without rights opens no account that has them by now."""
    by = asker(change.asked_by, change.office_id, today)
    if by is None or not colleagues.work_of(change.person_id, today, change.office_id):
        raise NotAllowedNow(_CLOSED)
    try:
        _refuse_asking(change.person, change.office, by=by, today=today)
    except NotPermitted as refusal:  # its words are for whoever asks
        raise NotAllowedNow(_CLOSED) from refusal


def _refuse_asking(person: Person, office: Office, *, by: Actor, today: date) -> None:
    if person.id == by.person_id:
        message = N_("You cannot change your own address. Ask somebody else who keeps the list of people.")
        raise NotPermitted(message, field="email")
    if colleagues.is_kept_elsewhere(person, office.id, today):
        message = N_(
            "Your office alone does not keep this account. Ask the administrator of the register: qms user change."
        )
        raise NotPermitted(message, field="email")
    work = colleagues.work_of(person.id, today, office.id)
    posts = {Who(each.post) for each in work if isinstance(each, Appointment)}
    heads = any(isinstance(each, Membership) and each.is_head for each in work)
    service.refuse_headship(is_head=heads, office_id=office.id, by=by)
    if posts - {Who.OFFICE_ADMIN} and not can(by, Can.KEEP_TRAINING, Concern(office_id=office.id)):
        message = N_("This person has a post with rights over audits. Ask the proxy to change the address.")
        raise NotPermitted(message, field="email")
