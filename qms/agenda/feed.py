"""A person's calendar: what waits for them and what comes, in their language.

Whoever has the address reads it, so it says what is due and where to go, and leaves persons and findings out:
a title is told only where it is the names of audited departments, and of a timetable its hours alone.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from flask_babel import gettext

from qms.agenda.queries import Task
from qms.audits import known as audits
from qms.audits.known import Course
from qms.core import calendars, i18n
from qms.core.calendars import Entry
from qms.core.db import scoped
from qms.core.i18n import said
from qms.cycle.telling import why
from qms.domain.deadlines import Deadline, Kind

_TITLED: Final = frozenset({Kind.AUDIT, Kind.AUDIT_REPORT})


def text(tasks: Collection[Task], *, base_url: str, made_at: datetime) -> bytes:
    """The calendar; `base_url` is the address of this site."""
    held = {_name(task) for task in tasks if task.deadline.kind is Kind.AUDIT}
    with scoped(frozenset(office_id for office_id, _ in held)):
        courses = audits.courses(held)
    entries = [_entry(task, base_url, courses.get(_name(task))) for task in tasks]
    return calendars.feed(entries, name=gettext("Audit register: my tasks"), made_at=made_at)


def _name(task: Task) -> tuple[int, str]:
    return task.deadline.office_id, task.deadline.url_key


def _entry(task: Task, base_url: str, course: Course | None) -> Entry:
    duty = task.deadline
    course = course if duty.kind is Kind.AUDIT else None
    return Entry(
        uid=calendars.uid_of(duty.kind, duty.subject, slug=task.office_slug, base_url=base_url),
        summary=summary(said(task.verb), duty.number, duty.title if duty.kind in _TITLED else ""),
        description=description(_reason(duty, course), task.office_name, f"{base_url}{task.path}"),
        place="; ".join(course.places) if course else "",
        first_on=duty.due_on,
        last_on=course.ends_on if course else duty.due_on,
        takes_time=duty.kind is Kind.AUDIT,
    )


def _reason(duty: Deadline, course: Course | None) -> str:
    """Why it is that day; of an audit its hours too."""
    hours = (f"{i18n.day(day)}, {first:%H:%M}–{last:%H:%M}" for day, first, last in (course.hours if course else ()))
    return "\n".join([why(duty), *hours])


def summary(what: str, number: str, title: str = "") -> str:
    """One line: what is to be done, with which number and where."""
    named = f"{what} {number}" if number else what
    return f"{named}: {title}" if title else named


def description(reason: str, office_name: str, link: str) -> str:
    """Why it is that day, for which office, and where to go on."""
    return "\n".join((reason, office_name, gettext("Open after signing in: %(link)s", link=link)))
