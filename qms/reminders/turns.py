"""Days on which what is already written down changes whom a reminder goes to, or what there is to remind of.

Between two of them a duty that nobody does stays as it is, so looking ahead reads the agenda once for each of them and
not once a day.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, or_, select

from qms.audits.models import Audit
from qms.core.db import db
from qms.cycle import deadlines as cycle
from qms.cycle.course import Course
from qms.cycle.queries import courses
from qms.domain.calendar import add_days
from qms.domain.certification import restoration_end
from qms.domain.deadlines import Kind
from qms.people.models import Absence, Appointment, Membership

_EVERY: Final = frozenset(Kind)
_OF_CASES: Final = frozenset({Kind.ANSWER, Kind.DECISION_ON_ANSWER, Kind.VERIFICATION, Kind.EFFECTIVENESS})
_OF_AUDITS: Final = frozenset({Kind.AUDIT, Kind.AUDIT_REPORT}) | cycle.KINDS
_READERS_ONLY: Final[frozenset[Kind]] = frozenset()

Turn = tuple[date, frozenset[Kind]]


def turns(office_id: int, after: date, last: date) -> dict[date, frozenset[Kind]]:
    """The days after the first up to the last one, each with the kinds of duties to read again."""
    found: dict[date, frozenset[Kind]] = defaultdict(frozenset)
    for day, kinds in (*_of_people(office_id, after, last), *_of_audits(office_id, after, last)):
        found[day] |= kinds
    for course in courses([office_id], today=after):
        for day in _of_course(course):
            found[day] |= cycle.KINDS
    return {day: kinds for day, kinds in found.items() if after < day <= last}


def _of_people(office_id: int, after: date, last: date) -> Iterator[Turn]:
    """Posts, departments and absences that begin or are over."""
    dated: tuple[tuple[Any, frozenset[Kind]], ...] = (
        (Appointment, _EVERY),
        (Membership, _OF_CASES),
        (Absence, _READERS_ONLY),
    )
    for table, kinds in dated:
        is_near = or_(table.from_on.between(after, last), table.until_on.between(add_days(after, -1), last))
        for from_on, until_on in db.session.execute(
            select(table.from_on, table.until_on).where(table.office_id == office_id, is_near)
        ):
            yield from_on, kinds
            if until_on is not None and until_on < date.max:
                yield add_days(until_on, 1), kinds


def _of_audits(office_id: int, after: date, last: date) -> Iterator[Turn]:
    """Nobody prepares one that has begun; its last day makes a report due, and a body's audit one that was held."""
    is_near = and_(Audit.starts_on <= last, Audit.ends_on >= add_days(after, -1))
    dates = select(Audit.starts_on, Audit.ends_on).where(Audit.office_id == office_id, Audit.state != "cancelled")
    for starts_on, ends_on in db.session.execute(dates.where(is_near).distinct()):
        for day in (add_days(starts_on, 1), ends_on, add_days(ends_on, 1)):
            yield day, _OF_AUDITS


def _of_course(course: Course) -> Iterator[date]:
    """The days on which the status of a certificate may change."""
    certificate, restoration = course.certificate, restoration_end(course.facts)
    first_days = (certificate.valid_from, certificate.suspended_on, certificate.restored_on, certificate.withdrawn_on)
    earlier = (day for each in certificate.earlier_suspensions for day in (each.from_on, each.lifted_on))
    last_days = (course.end.due_on, course.facts.edition_ends_on, restoration.due_on if restoration else None)
    yield from (day for day in (*first_days, *earlier, course.followed_on) if day is not None)
    yield from (add_days(day, 1) for day in last_days if day is not None)
