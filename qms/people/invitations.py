"""Asking somebody into an office by e-mail, and what their acceptance brings.

Whether the address has an account, here or elsewhere, is looked up only once its owner accepts: nothing the office
sees, and no time it takes, can depend on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, raiseload

from qms.core import clock
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput, NotAllowedNow, NotPermitted
from qms.domain.invitations import Standing, check_invited, last_day, standing
from qms.domain.standing import Concern, Who
from qms.offices.models import Department, Office
from qms.people import colleagues, notices, queries, service
from qms.people.askers import asker, letters_left, refuse_flood
from qms.people.models import Appointment, Invitation, Loan, Membership, Person
from qms.people.posts import GIVEN_BY, appoint, posts_given_by, refuse_backward, refuse_held
from qms.policy import Actor, Can, can

_CLOSED: Final = N_("This invitation is no longer open. Ask your office to send a new one.")
_NOT_GIVEN: Final = N_("Whoever invited you may not give this any more. Ask your office to send the invitation again.")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What is typed about somebody who is invited to an office."""

    name: str
    email: str
    department: Department | None
    is_head: bool = False
    posts: tuple[Who, ...] = ()
    from_on: date
    until_on: date | None = None
    order_number: str = ""


def invite(office: Office, newcomer: Newcomer, *, by: Actor, today: date) -> Invitation:
    """Ask the owner of an address into an office.

    Raises `InvalidInput` when that address is on this office's own list, invited already, or would do nothing here;
    `NotPermitted` for rights that `by` may not give; `NotAllowedNow` past the letters of a day.
    """
    refuse_flood(office.id)
    invitation = _prepare(office, newcomer, by=by, today=today)
    notices.invite(invitation, office, by=by, today=today)
    return invitation


def hold(office: Office, newcomer: Newcomer, *, by: Actor, today: date) -> Invitation:
    """Note whom to ask, and keep the letter back until `send_held`. Raises as `invite` does."""
    invitation = _prepare(office, newcomer, by=by, today=today)
    invitation.is_held = True
    return invitation


def _prepare(office: Office, newcomer: Newcomer, *, by: Actor, today: date) -> Invitation:
    if newcomer.department is None and not newcomer.posts:
        raise InvalidInput(N_("Choose a department or at least one post."), field="department")
    _refuse_known(office, newcomer.email, today)
    refuse_backward(newcomer.from_on, newcomer.until_on)
    service.refuse_headship(is_head=newcomer.is_head, office_id=office.id, by=by)
    for post in newcomer.posts:
        refuse_held(office.id, post, from_on=newcomer.from_on, until_on=newcomer.until_on)
    return _write(office, newcomer, by=by, today=today)


def held(office_id: int) -> Sequence[Invitation]:
    """Those whose letters wait, in the order they were typed."""
    found = _unanswered(office_id).where(Invitation.is_held).order_by(Invitation.id)
    shown = (joinedload(Invitation.department), raiseload("*", sql_only=True))
    return db.session.scalars(found.options(*shown)).all()


def send_held(office: Office, *, by: Actor, today: date) -> tuple[int, int]:
    """Send the letters that wait, as many as an office may within a day: how many were sent, and how many wait on.

    Raises `NotAllowedNow` when none may be sent today, `NotPermitted` for rights that `by` may not give.
    """
    waiting_ones = held(office.id)
    if not waiting_ones:
        raise NotAllowedNow(N_("No invitation waits. Add the people first."))
    free = letters_left(office.id)
    for invitation in waiting_ones[:free]:
        _refuse_giving(by, invitation)
        invitation.is_held, invitation.asked_by_id = False, by.person_id
        invitation.expires_on = last_day(today)
        notices.invite(invitation, office, by=by, today=today)
    return len(waiting_ones[:free]), len(waiting_ones[free:])


def addresses_of(office_id: int, today: date) -> frozenset[str]:
    """Who is on the list of the office, or was asked and may still answer, by their addresses."""
    works = [select(dated.person_id).where(dated.office_id == office_id, _lasts(dated, today)) for dated in _WORK]
    here = select(Person.email).where(Person.deactivated_at.is_(None), or_(*(Person.id.in_(each) for each in works)))
    asked = _unanswered(office_id).where(or_(Invitation.is_held, Invitation.expires_on >= today))
    return frozenset(db.session.scalars(here)) | {each.email for each in db.session.scalars(asked)}


def _refuse_known(office: Office, email: str, today: date) -> None:
    """Looks at this office's own people and invitations alone, by the same statements whatever the address."""
    works = [select(dated.person_id).where(dated.office_id == office.id, _lasts(dated, today)) for dated in _WORK]
    here = select(Person.id).where(
        Person.email == email,
        Person.deactivated_at.is_(None),
        or_(*(Person.id.in_(each) for each in works)),
    )
    if db.session.scalar(here) is not None:
        message = N_("This person is on the list of your office already. Change their entry there.")
        raise InvalidInput(message, field="email")
    invited = select(func.count()).select_from(Invitation)
    of_day = invited.where(Invitation.office_id == office.id, Invitation.email == email, Invitation.asked_on == today)
    check_invited(db.session.scalar(of_day) or 0)
    asked = db.session.scalar(_unanswered(office.id).where(Invitation.email == email))
    if asked is None:
        return
    if standing(asked, today) is Standing.OPEN:
        message = N_("This address has an invitation that waits for an answer. Open it on the list and send it again.")
        raise InvalidInput(message, field="email")
    asked.ended_on = today
    db.session.flush()  # one open invitation an address: the old one ends before the new one begins


_WORK: Final = (Membership, Appointment)


def _lasts(dated: Any, today: date) -> ColumnElement[bool]:  # noqa: ANN401 - a class with until_on
    return or_(dated.until_on.is_(None), dated.until_on >= today)


def _unanswered(office_id: int) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.office_id == office_id, Invitation.answered_on.is_(None), Invitation.ended_on.is_(None)
    )


def _write(office: Office, newcomer: Newcomer, *, by: Actor, today: date) -> Invitation:
    invitation = Invitation(
        office_id=office.id,
        name=newcomer.name,
        email=newcomer.email,
        department_id=newcomer.department.id if newcomer.department else None,
        is_head=newcomer.is_head and newcomer.department is not None,
        posts=[post.value for post in newcomer.posts],
        order_number=newcomer.order_number,
        from_on=newcomer.from_on,
        until_on=newcomer.until_on,
        asked_by_id=by.person_id,
        asked_on=today,
        expires_on=last_day(today),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


def waiting(office_id: int, today: date) -> Sequence[Invitation]:
    """Who was asked and has not answered, as the office typed it; those not sent yet, and run out lately, too."""
    is_shown = or_(Invitation.is_held, Invitation.expires_on >= add_days(today, -_SHOWN_DAYS))
    found = _unanswered(office_id).where(is_shown)
    shown = (joinedload(Invitation.department), raiseload("*", sql_only=True))
    return db.session.scalars(found.options(*shown).order_by(Invitation.name, Invitation.id)).all()


_SHOWN_DAYS: Final = 90  # after which an invitation nobody answered is of no interest any more


def by_key(office: Office, key: str) -> Invitation | None:
    """An unanswered invitation of the office."""
    return db.session.scalar(_unanswered(office.id).where(Invitation.key == key))


def send_again(invitation: Invitation, *, by: Actor, today: date) -> None:
    """Write once more and let it wait longer; whoever sends it asks for it from now on.

    Raises `NotAllowedNow` when a letter left today already, `NotPermitted` for rights that `by` may not give.
    """
    refuse_flood(invitation.office_id)
    _refuse_giving(by, invitation)
    invitation.expires_on, invitation.asked_by_id = last_day(today), by.person_id
    invitation.is_held = False
    if not notices.invite(invitation, invitation.office, by=by, today=today):
        raise NotAllowedNow(N_("This invitation was sent today already. Ask the person, or send it again tomorrow."))


def _refuse_giving(by: Actor, invitation: Invitation) -> None:
    service.refuse_headship(is_head=invitation.is_head, office_id=invitation.office_id, by=by)
    if not {Who(post) for post in invitation.posts} <= set(posts_given_by(by, invitation.office)):
        raise NotPermitted(N_("This invitation gives a post that you may not give. Ask the proxy to send it again."))


def withdraw(invitation: Invitation, *, today: date) -> None:
    """The link in the letter opens nothing any more."""
    invitation.ended_on = today


def account_of(invitation: Invitation, today: date) -> Person:
    """The account of whoever accepts, made or opened again if need be.

    Raises `NotAllowedNow` when the invitation is not open.
    """
    if standing(invitation, today) is not Standing.OPEN:
        raise NotAllowedNow(_CLOSED)
    person = queries.by_email(invitation.email)
    if person is None:
        return service.register(name=invitation.name, email=invitation.email)
    if person.deactivated_at is not None:
        _reopen(person, person.deactivated_at)
    return person


def accept(invitation: Invitation, person: Person, today: date) -> None:
    """Let the person do in the office what they were asked for. Raises `InvalidInput` when that cannot be any more."""
    by = asker(invitation.asked_by, invitation.office_id, today)
    if by is None or not _may_give(by, invitation):
        raise NotAllowedNow(_NOT_GIVEN)
    if colleagues.work_of(person.id, today, invitation.office_id):
        raise NotAllowedNow(N_("You are on the list of this office already. Sign in with this address."))
    until_on = invitation.until_on
    department = db.session.get(Department, invitation.department_id) if invitation.department_id else None
    if department is not None and department.closed_on is not None:
        raise NotAllowedNow(N_("The department is being closed. Ask your office to send a new invitation."))
    if department is not None:
        service.join(person, department, from_on=invitation.from_on, until_on=until_on, is_head=invitation.is_head)
    for post in invitation.posts:
        appoint(
            person,
            invitation.office,
            Who(post),
            from_on=invitation.from_on,
            until_on=until_on,
            order_number=invitation.order_number,
            by=invitation.asked_by_id,
        )
    invitation.answered_on, invitation.person_id = today, person.id


def _may_give(by: Actor, invitation: Invitation) -> bool:
    needed = {GIVEN_BY[Who(post)] for post in invitation.posts} | ({Can.NAME_HEADS} if invitation.is_head else set())
    return all(can(by, each, Concern(office_id=invitation.office_id)) for each in needed)


def _reopen(person: Person, deactivated_at: datetime) -> None:
    """The account works again; the password, what its owner did in any office, and for all of them, stay ended."""
    person.deactivated_at, person.reopened_at, person.password_hash = None, clock.now(), None
    person.is_admin = person.is_coordinator = False
    day_after = add_days(clock.day_of(deactivated_at), 1)
    with scoped(EVERY_OFFICE):
        lent = select(Loan).where(Loan.person_id == person.id, Loan.until_on >= day_after)
        for dated in [*colleagues.work_of(person.id, day_after), *db.session.scalars(lent)]:
            service.end_at_once(dated, day_after)
        db.session.flush()
