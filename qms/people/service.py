"""What is done with people: registering, placing in a department, deactivating. Their posts are in `posts`."""

from datetime import date
from typing import Final

from qms.core import clock, text
from qms.core.db import db
from qms.core.trail import because
from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.standing import Concern
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.people import colleagues, notices, queries
from qms.people.models import Appointment, Loan, Membership, Person
from qms.people.posts import GIVEN_BY, appoint, posts_given_by, refuse_backward, replace_proxy, revoke
from qms.policy import Actor, Can, can

__all__ = [
    "GIVEN_BY",
    "appoint",
    "close_department",
    "deactivate",
    "end_at_once",
    "end_work",
    "join",
    "leave",
    "move",
    "posts_given_by",
    "refuse_headship",
    "refuse_same",
    "register",
    "rename",
    "replace_proxy",
    "revoke",
    "set_address",
    "set_name",
]

_TAKEN: Final = N_("Somebody has this address already. Check it or type another.")


def register(*, name: str, email: str, language: str = "pl") -> Person:
    """Make an account, not yet working anywhere. Raises `InvalidInput` when the address has one."""
    if queries.by_email(email) is not None:
        raise InvalidInput(_TAKEN, field="email")
    person = Person(
        name=name,
        email=email,
        language=language,
        sort_key=text.sort_key(_surname_first(name)),
        search_text=text.search_text(name),
    )
    db.session.add(person)
    db.session.flush()
    return person


def _surname_first(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last} {first}"


def rename(person: Person, office: Office, *, name: str, today: date) -> None:
    """Correct a name. Raises `NotPermitted` when the account serves more than this office."""
    if colleagues.is_kept_elsewhere(person, office.id, today):
        message = N_(
            "Your office alone does not keep this name. Ask the administrator of the register: qms user change."
        )
        raise NotPermitted(message, field="name")
    set_name(person, name)


def set_name(person: Person, name: str) -> None:
    """Let a person be called so in every office: for whoever runs the register, or after `rename` found it right."""
    person.name, person.sort_key = name, text.sort_key(_surname_first(name))
    person.search_text = text.search_text(name)


def set_address(person: Person, email: str, *, office: Office | None = None, changed_by: str = "") -> None:
    """Let codes and letters go to another mailbox; end the sessions, and tell the old mailbox.

    Asks nobody: for whoever runs the register, and for a change that its new mailbox has confirmed. Raises
    `InvalidInput` when the address is taken, wherever.
    """
    refuse_same(person, email)
    if queries.by_email(email) is not None:
        raise InvalidInput(_TAKEN, field="email")
    notices.address_changed(person, old=person.email, office=office, changed_by=changed_by)
    person.email, person.reopened_at = email, clock.now()


def refuse_same(person: Person, email: str) -> None:
    """Raises `InvalidInput` for the address the person has anyway."""
    if email == person.email:
        message = N_("The person has this address already. Type the new one, or go back without saving.")
        raise InvalidInput(message, field="email")


def refuse_headship(*, is_head: bool, office_id: int, by: Actor) -> None:
    """Raises `NotPermitted` where it is about a head of a department, and `by` is not one who says who that is."""
    if is_head and not can(by, Can.NAME_HEADS, Concern(office_id=office_id)):
        raise NotPermitted(N_("Who heads a department is changed by the quality proxy. Ask them to record it."))


def join(
    person: Person, department: Department, *, from_on: date, until_on: date | None = None, is_head: bool = False
) -> Membership:
    """Place a person in a department, from a day on. Raises `InvalidInput` when the end is before the start."""
    refuse_backward(from_on, until_on)
    member = Membership(
        office_id=department.office_id,
        person_id=person.id,
        department_id=department.id,
        from_on=from_on,
        until_on=until_on,
        is_head=is_head,
    )
    db.session.add(member)
    return member


def leave(member: Membership, *, on: date) -> None:
    """End a membership; `on` is the last day."""
    refuse_backward(member.from_on, on)
    member.until_on = on


def move(
    person: Person, department: Department, *, from_on: date, is_head: bool = False, by: Actor, today: date
) -> None:
    """Let a person work in this department from a day on, and in no other of the office any more.

    What they did until now ends the day before and stays known, since it decides whom they may audit. Raises
    `InvalidInput` where it could not stay, `NotPermitted` when `by` may not say who heads a department.
    """
    work = colleagues.work_of(person.id, from_on, department.office_id)
    present = [each for each in work if isinstance(each, Membership)]
    if any((each.department_id, each.is_head) == (department.id, is_head) for each in present):
        message = N_("This person does that already. Choose another department, or change whether they head it.")
        raise InvalidInput(message, field="department")
    for each in present:
        _refuse_to_rewrite(each, from_on, today)
        end_at_once(each, from_on)
    headed = is_head or any(each.is_head for each in present)
    refuse_headship(is_head=headed, office_id=department.office_id, by=by)
    join(person, department, from_on=from_on, is_head=is_head)


def _refuse_to_rewrite(member: Membership, from_on: date, today: date) -> None:
    if member.until_on is not None and member.until_on < today:
        message = N_("This person worked in a department until %(until_on)s. Enter a first day after it.")
        raise InvalidInput(message, field="from_on", until_on=member.until_on)
    if from_on <= member.from_on <= today:
        message = N_("What this person does now began on %(since)s. Enter a first day after it.")
        raise InvalidInput(message, field="from_on", since=member.from_on)


def end_work(person: Person, office: Office, *, reason: str, by: Actor, today: date) -> None:
    """End all that a person does in an office, at once; their account too, unless it serves more than this office."""
    if person.id == by.person_id:
        raise NotPermitted(N_("You cannot end your own access. Ask somebody else who keeps the list of people."))
    work = colleagues.work_of(person.id, today, office.id)
    headed = any(isinstance(each, Membership) and each.is_head for each in work)
    refuse_headship(is_head=headed, office_id=office.id, by=by)
    because(reason)
    for dated in work:
        end_at_once(dated, today)
    db.session.flush()
    if not colleagues.is_kept_elsewhere(person, office.id, today):
        deactivate(person, reason=reason)


def end_at_once(dated: Membership | Appointment | Loan, today: date) -> None:
    """The last day was yesterday; what had not begun by then is taken back."""
    if dated.from_on >= today:
        db.session.delete(dated)
    else:
        dated.until_on = add_days(today, -1)


def deactivate(person: Person, *, reason: str) -> None:
    """Close an account: its sessions, codes and waiting letters end with it, its name stays on records."""
    because(reason)
    person.deactivated_at = clock.now()


def close_department(department: Department, *, on: date, reason: str) -> None:
    """Close a department; `on` is its last day. Raises `NotAllowedNow` while something would stay in it."""
    after = add_days(on, 1)
    if any(each.parent_id == department.id for each in offices.departments(department.office_id, after)):
        raise NotAllowedNow(N_("Other departments are part of this one. Move or close them first."))
    if colleagues.is_anybody_in(department, after):
        raise NotAllowedNow(N_("People work in this department after that day. Move them first."), field="closed_on")
    because(reason)
    department.closed_on = on
