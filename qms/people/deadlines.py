"""When a post has to be given again: an appointment that ends (P1), an office without a proxy (P2)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select

from qms.core import clock
from qms.core.db import db
from qms.domain.calendar import add_days
from qms.domain.deadlines import Deadline, Duty, Kind, Rule
from qms.domain.standing import Who
from qms.offices.models import Office
from qms.people.models import Appointment, Person

KINDS: Final = frozenset({Kind.APPOINTMENT, Kind.PROXY_VACANT})
_DATED_POSTS: Final = (Who.PROXY, Who.DEPUTY, Who.AUDITOR)


def due_between(office_ids: Collection[int], first: date, last: date, *, today: date) -> list[Deadline]:
    """Appointments about to end that nobody follows, and offices whose post of proxy is empty."""
    terms = _terms(office_ids, today)
    ending = [term for term in terms if term.until_on is not None and max(first, today) <= term.until_on <= last]
    return [*_renewals(ending, terms), *_vacant(office_ids, terms, today=today, days=(first, last))]


# The terms that still run or are to come, and every proxy's, so that a vacancy is known to its first day.
# Written once, because building a statement takes longer than running it.
_TERMS: Final = (
    select(
        Appointment.id,
        Appointment.office_id,
        Appointment.post,
        Appointment.person_id,
        Appointment.order_number,
        Appointment.from_on,
        Appointment.until_on,
        Person.key,
        Person.name,
        Person.deactivated_at,
    )
    .join(Person, Person.id == Appointment.person_id)
    .where(
        Appointment.office_id.in_(bindparam("office_ids", expanding=True)),
        Appointment.post.in_(_DATED_POSTS),
        or_(Appointment.post == Who.PROXY, Appointment.until_on.is_(None), Appointment.until_on >= bindparam("today")),
    )
)


def _terms(office_ids: Collection[int], today: date) -> Sequence[Any]:
    return db.session.execute(_TERMS, {"office_ids": list(office_ids), "today": today}).all()


def _renewals(ending: Iterable[Any], terms: Sequence[Any]) -> Iterator[Deadline]:
    """One that has ended is over, by plan or by revocation; if it left the office without a proxy, that is told."""
    for term in ending:
        if term.deactivated_at is None and not any(_follows(later, term) for later in terms):
            yield Deadline(
                kind=Kind.APPOINTMENT,
                office_id=term.office_id,
                subject=f"appointment:{term.id}",
                title=term.name,
                number=term.order_number,
                due_on=term.until_on,
                rule=Rule.APPOINTMENT_END,
                counted_from=term.until_on,
                answers=(term.person_id,),
                url_key=term.key,
            )


def _follows(later: Any, term: Any) -> bool:  # noqa: ANN401 - rows of the statement above
    """Whether somebody holds the post afterwards: the same person, or for the proxy, anybody."""
    is_same_post = (later.office_id, later.post) == (term.office_id, term.post)
    is_fitting = later.person_id == term.person_id or term.post == Who.PROXY
    return is_same_post and is_fitting and (later.until_on is None or later.until_on > term.until_on)


def _vacant(
    office_ids: Collection[int], terms: Iterable[Any], *, today: date, days: tuple[date, date]
) -> Iterator[Deadline]:
    vacancies = _vacancies(office_ids, terms, today)
    told = {office_id: since for office_id, since in vacancies.items() if days[0] <= since <= days[1]}
    names = _office_names(told) if told else {}
    for office_id, since in told.items():
        yield Deadline(
            kind=Kind.PROXY_VACANT,
            office_id=office_id,
            subject=f"proxy:{office_id}",
            title=names[office_id],
            number="",
            due_on=since,
            rule=Rule.PROXY_VACANT,
            counted_from=since,
            duty=Duty.SECRETARY,
        )


def _vacancies(office_ids: Collection[int], terms: Iterable[Any], today: date) -> dict[int, date]:
    """Per office without a proxy today, since which day.

    An office that never had one counts from its first appointment of anybody: before it, nobody was there to appoint.
    """
    last_days = _last_days_of_proxies(terms, today)
    never = [office_id for office_id in office_ids if office_id not in last_days]
    since = _first_posts(never, today) if never else {}
    for office_id, ends in last_days.items():
        latest = max(ends)
        if latest < today:
            since[office_id] = add_days(latest, 1)
    return since


def _last_days_of_proxies(terms: Iterable[Any], today: date) -> dict[int, list[date]]:
    """Per office, the last days of every proxy so far; a term ends with the account of its holder."""
    ends: dict[int, list[date]] = defaultdict(list)
    for term in terms:
        if term.post == Who.PROXY and term.from_on <= today:
            closed_on = clock.day_of(term.deactivated_at) if term.deactivated_at else date.max
            ends[term.office_id].append(min(term.until_on or date.max, closed_on))
    return ends


def _first_posts(office_ids: Collection[int], today: date) -> dict[int, date]:
    first = select(Appointment.office_id, func.min(Appointment.from_on)).where(Appointment.office_id.in_(office_ids))
    found = db.session.execute(first.where(Appointment.from_on <= today).group_by(Appointment.office_id))
    return dict(found.all())


def _office_names(office_ids: Collection[int]) -> dict[int, str]:
    return dict(db.session.execute(select(Office.id, Office.name).where(Office.id.in_(office_ids))).all())
