"""A person's calendar: what waits for them and what comes, in their language.

Whoever has the address reads it, so it says what is due and where to go, and leaves persons and findings out:
a title is told only where it is the names of audited departments.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from flask_babel import gettext

from qms.agenda.queries import Task
from qms.core import calendars
from qms.core.calendars import Entry
from qms.core.i18n import said
from qms.cycle.telling import why
from qms.domain.deadlines import Kind

_TITLED: Final = frozenset({Kind.AUDIT, Kind.AUDIT_REPORT})


def text(tasks: Iterable[Task], *, base_url: str, made_at: datetime) -> bytes:
    """The calendar; `base_url` is the address of this site."""
    entries = [_entry(task, base_url) for task in tasks]
    return calendars.feed(entries, name=gettext("Audit register: my tasks"), made_at=made_at)


def _entry(task: Task, base_url: str) -> Entry:
    duty = task.deadline
    return Entry(
        uid=calendars.uid_of(duty.kind, duty.subject, slug=task.office_slug, base_url=base_url),
        summary=summary(said(task.verb), duty.number, duty.title if duty.kind in _TITLED else ""),
        description=description(why(duty), task.office_name, f"{base_url}{task.path}"),
        first_on=duty.due_on,
        last_on=duty.due_on,
        takes_time=duty.kind is Kind.AUDIT,
    )


def summary(what: str, number: str, title: str = "") -> str:
    """One line: what is to be done, with which number and where."""
    named = f"{what} {number}" if number else what
    return f"{named}: {title}" if title else named


def description(reason: str, office_name: str, link: str) -> str:
    """Why it is that day, for which office, and where to go on."""
    return "\n".join((reason, office_name, gettext("Open after signing in: %(link)s", link=link)))
