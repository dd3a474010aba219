"""What is done with people: registering, placing in a department, deactivating. Their posts are in `posts`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from qms.core import clock, text
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.core.trail import because
from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.standing import Concern, Who
from qms.offices import queries as offices
from qms.offices.models import Department, Office
from qms.people import colleagues, notices, queries
from qms.people.models import Appointment, Membership, Person
from qms.people.posts import GIVEN_BY, appoint, posts_given_by, refuse_backward, replace_proxy, revoke
from qms.policy import Actor, Can, can

__all__ = [
    "GIVEN_BY",
    "Newcomer",
    "appoint",
    "change_address",
    "close_department",
    "deactivate",
    "end_work",
    "invite",
    "join",
    "leave",
    "move",
    "posts_given_by",
    "register",
    "rename",
    "replace_proxy",
    "revoke",
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
        message = N_("Your office alone does not keep this name. The administrator of the register can change it.")
        raise NotPermitted(message, field="name")
    person.name, person.sort_key = name, text.sort_key(_surname_first(name))
    person.search_text = text.search_text(name)


def change_address(person: Person, office: Office, *, email: str, by: Actor, today: date) -> None:
    """Let codes and letters go to another mailbox; end the sessions, and tell the old mailbox.

    Whoever reads the mailbox signs in as the person. So nobody does it for themselves, where a slip would lock them
    out, nor for an account that serves more than this office, nor for more rights over content than their own.
    Raises `NotPermitted` then, and `InvalidInput` when the address is taken, wherever.
    """
    _refuse_readdressing(person, office, by=by, today=today)
    if email == person.email:
        message = N_("The person has this address already. Type the new one, or go back without saving.")
        raise InvalidInput(message, field="email")
    if queries.by_email(email) is not None:
        raise InvalidInput(_TAKEN, field="email")
    notices.address_changed(person, office, old=person.email, changed_by=by.name)
    person.email, person.reopened_at = email, clock.now()


def _refuse_readdressing(person: Person, office: Office, *, by: Actor, today: date) -> None:
    if person.id == by.person_id:
        message = N_("You cannot change your own address. Ask somebody else who keeps the list of people.")
        raise NotPermitted(message, field="email")
    if colleagues.is_kept_elsewhere(person, office.id, today):
        message = N_("Your office alone does not keep this account. The administrator of the register can change it.")
        raise NotPermitted(message, field="email")
    work = colleagues.work_of(person.id, today, office.id)
    posts = {Who(each.post) for each in work if isinstance(each, Appointment)}
    if posts - {Who.OFFICE_ADMIN} and not can(by, Can.KEEP_TRAINING, Concern(office_id=office.id)):
        message = N_("This person has a post with rights over audits. Ask the proxy to change the address.")
        raise NotPermitted(message, field="email")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What is typed about somebody who is added to an office."""

    name: str
    email: str
    department: Department | None
    is_head: bool = False
    posts: tuple[Who, ...] = ()
    from_on: date
    until_on: date | None = None
    order_number: str = ""


def invite(office: Office, newcomer: Newcomer, *, by: Actor, today: date) -> None:
    """Add somebody to an office and write to them.

    Whether the address had an account elsewhere is not told: that account keeps its name, all else is the same.
    Raises `InvalidInput` when they are on this office's list already, or would do nothing in it.
    """
    if newcomer.department is None and not newcomer.posts:
        raise InvalidInput(N_("Choose a department or at least one post."), field="department")
    person = queries.by_email(newcomer.email)
    if person is None:
        person = register(name=newcomer.name, email=newcomer.email)
    elif person.deactivated_at is not None:
        _reopen(person, person.deactivated_at)
    elif colleagues.work_of(person.id, today, office.id):
        message = N_("This person is on the list of your office already. Change their entry there.")
        raise InvalidInput(message, field="email")
    _place(person, office, newcomer, by=by)
    notices.invite(person, office, invited_by=by.name, today=today)


def _place(person: Person, office: Office, newcomer: Newcomer, *, by: Actor) -> None:
    from_on, until_on = newcomer.from_on, newcomer.until_on
    if newcomer.department is not None:
        join(person, newcomer.department, from_on=from_on, until_on=until_on, is_head=newcomer.is_head)
    for post in newcomer.posts:
        appoint(
            person,
            office,
            post,
            from_on=from_on,
            until_on=until_on,
            order_number=newcomer.order_number,
            by=by.person_id,
        )


def _reopen(person: Person, deactivated_at: datetime) -> None:
    """The account works again; the password, and what its owner did in any office, stay ended."""
    person.deactivated_at, person.reopened_at, person.password_hash = None, clock.now(), None
    day_after = add_days(clock.day_of(deactivated_at), 1)
    with scoped(EVERY_OFFICE):
        for dated in colleagues.work_of(person.id, day_after):
            _end_at_once(dated, day_after)
        db.session.flush()


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


def move(person: Person, department: Department, *, from_on: date, is_head: bool = False) -> None:
    """Let a person work in this department from a day on, and in no other of the office any more."""
    work = colleagues.work_of(person.id, from_on, department.office_id)
    present = [each for each in work if isinstance(each, Membership)]
    if any((each.department_id, each.is_head) == (department.id, is_head) for each in present):
        message = N_("This person does that already. Choose another department, or change whether they head it.")
        raise InvalidInput(message, field="department")
    for each in present:
        _end_at_once(each, from_on)
    join(person, department, from_on=from_on, is_head=is_head)


def end_work(person: Person, office: Office, *, reason: str, by: int, today: date) -> None:
    """End all that a person does in an office, at once; their account too, unless it serves more than this office."""
    if person.id == by:
        raise NotPermitted(N_("You cannot end your own access. Ask somebody else who keeps the list of people."))
    because(reason)
    for dated in colleagues.work_of(person.id, today, office.id):
        _end_at_once(dated, today)
    db.session.flush()
    if not colleagues.is_kept_elsewhere(person, office.id, today):
        deactivate(person, reason=reason)


def _end_at_once(dated: Membership | Appointment, today: date) -> None:
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
