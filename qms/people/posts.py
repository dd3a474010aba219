"""Posts of an office: who gives them, who may not get them, how they end."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Select, or_, select

from qms.core.db import db
from qms.core.trail import because
from qms.domain.calendar import add_days
from qms.domain.errors import N_, InvalidInput, NotPermitted
from qms.domain.standing import Concern, Who
from qms.offices.models import Office
from qms.people.models import Appointment, Person
from qms.policy import Actor, Can, can

_MANAGING: Final = frozenset({Who.HEAD_OF_OFFICE, Who.SECRETARY})
_ONE_AT_A_TIME = frozenset({Who.PROXY, Who.HEAD_OF_OFFICE, Who.SECRETARY})

# Which permission it takes to give a post. Rights over content are given by those who have them.
GIVEN_BY: Final[Mapping[Who, Can]] = {
    Who.PROXY: Can.APPOINT_PROXY,
    Who.DEPUTY: Can.APPOINT_PROXY,
    Who.HEAD_OF_OFFICE: Can.MANAGE_PEOPLE,
    Who.SECRETARY: Can.MANAGE_PEOPLE,
    Who.AUDITOR: Can.KEEP_TRAINING,
    Who.OFFICE_ADMIN: Can.MANAGE_PEOPLE,
    Who.EXTERNAL_AUDITOR: Can.KEEP_TRAINING,
}


def posts_given_by(actor: Actor, office: Office) -> list[Who]:
    """The posts of the office that the actor may give.

    Who manages the office is said by those who have rights over audits themselves; by whoever keeps the list of people
    only as long as nobody ever had any.
    """
    concern = Concern(office_id=office.id)
    given = [post for post, permission in GIVEN_BY.items() if can(actor, permission, concern)]
    if can(actor, Can.NAME_HEADS, concern) or not _was_managed(office.id):
        return given
    return [post for post in given if post not in _MANAGING]


def _was_managed(office_id: int) -> bool:
    """Whether anybody ever held a post with rights over everything in the office."""
    held = select(Appointment.id).where(
        Appointment.office_id == office_id, Appointment.post.in_({*_MANAGING, Who.PROXY, Who.DEPUTY})
    )
    return db.session.scalar(held.limit(1)) is not None


def appoint(
    person: Person,
    office: Office,
    post: Who,
    *,
    from_on: date,
    until_on: date | None = None,
    order_number: str = "",
    by: int | None = None,
) -> Appointment:
    """Give a post.

    Raises `InvalidInput` when another person holds a post that only one may hold, `NotPermitted` when somebody
    (`by`) gives a post to themselves: only the proxy does, and only that of auditor.
    """
    refuse_backward(from_on, until_on)
    if person.id == by and post is not Who.AUDITOR:
        message = N_("Nobody gives themselves a post. Ask somebody else to record this appointment.")
        raise NotPermitted(message, field="person")
    refuse_held(office.id, post, from_on=from_on, until_on=until_on)
    appointment = Appointment(
        office_id=office.id,
        person_id=person.id,
        post=post,
        from_on=from_on,
        until_on=until_on,
        order_number=order_number,
    )
    db.session.add(appointment)
    return appointment


def revoke(appointment: Appointment, *, on: date, reason: str) -> None:
    """End a post; `on` is the last day. Raises `InvalidInput` when it has ended by then anyway."""
    refuse_backward(appointment.from_on, on)
    if appointment.until_on is not None and on > appointment.until_on:
        message = N_("This post ends on %(until_on)s. Enter that day or an earlier one.")
        raise InvalidInput(message, field="until_on", until_on=appointment.until_on)
    because(reason)
    appointment.until_on = on


def replace_proxy(person: Person, office: Office, *, from_on: date, order_number: str) -> Appointment:
    """Appoint a new proxy; the one before serves until the day before."""
    for held in db.session.scalars(_overlapping(office.id, Who.PROXY, from_on=from_on)):
        revoke(held, on=add_days(from_on, -1), reason=order_number)
    db.session.flush()  # the old post has to end before the new one is checked against it
    return appoint(person, office, Who.PROXY, from_on=from_on, order_number=order_number)


def refuse_backward(from_on: date, until_on: date | None) -> None:
    """Raises `InvalidInput` when a time would end before it begins."""
    if until_on is not None and until_on < from_on:
        raise InvalidInput(N_("The last day is before the first. Enter a later last day."), field="until_on")


def refuse_held(office_id: int, post: Who, *, from_on: date, until_on: date | None) -> None:
    """Raises `InvalidInput` when somebody holds a post in that time that only one may hold."""
    if post not in _ONE_AT_A_TIME:
        return
    lock(office_id)
    if db.session.scalar(_overlapping(office_id, post, from_on=from_on, until_on=until_on)) is not None:
        message = N_("Somebody holds this post in that time. End their appointment first or choose other days.")
        raise InvalidInput(message, field="from_on")


def lock(office_id: int) -> None:
    """Of two people who write the same at once, the second waits here and then finds what the first wrote."""
    db.session.execute(select(Office.id).where(Office.id == office_id).with_for_update())


def _overlapping(office_id: int, post: Who, *, from_on: date, until_on: date | None = None) -> Select[Appointment]:
    found = select(Appointment).where(
        Appointment.office_id == office_id,
        Appointment.post == post,
        or_(Appointment.until_on.is_(None), Appointment.until_on >= from_on),
    )
    return found if until_on is None else found.where(Appointment.from_on <= until_on)
