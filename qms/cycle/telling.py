"""The cycle told in the reader's language: a sentence first, then the picture, then the table of its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from qms.audits.models import Audit
from qms.core import whys
from qms.core.i18n import days_away, said
from qms.cycle.course import Course
from qms.cycle.milestones import Event, Milestone
from qms.cycle.picture import Label, Picture, placed
from qms.cycle.queries import state
from qms.cycle.words import (
    AGREED_TOO_LATE,
    AT_MOST,
    DAYS_LEFT,
    DONE,
    EDITION_IS_OVER,
    ENDED,
    EVENTS,
    MARK_IS_HIDDEN,
    MARK_MAY_BE_USED,
    ONCE_A_YEAR,
    SENTENCES,
    STATUSES,
    verb_of,
)
from qms.domain import certification
from qms.domain.certification import CertificateStatus, Due, restoration_end
from qms.domain.dates import format_date
from qms.domain.deadlines import RULE_WORDS, Deadline, Rule, days_left

WHOLE_LINE = 100


def why(due: Due | Deadline) -> str:
    """Why it is that day, for example "14 days after the finding was published (5.11.2026)."."""
    return whys.why(due.rule, due.limit, counted_from=due.counted_from, due_on=due.due_on)


def status(course: Course, today: date) -> str:
    return said(STATUSES[course.status(today)])


def sentence(course: Course, today: date) -> str:
    """How the certificate stands, in words that come before any picture."""
    end, status_now = course.end, course.status(today)
    if status_now is CertificateStatus.VALID:
        left = days_left(end.due_on, today)
        valid: str = ngettext(*DAYS_LEFT, left, day=format_date(end.due_on))
        return valid
    if status_now is CertificateStatus.EXPIRED_FINAL and end.rule is Rule.EDITION_END:
        return said(EDITION_IS_OVER, end=end.due_on, printed=course.certificate.valid_until)
    return said(SENTENCES[status_now], **_days(course))


def mark(course: Course, today: date) -> str:
    """Whether the office may use the mark of certification on the day."""
    return said(MARK_MAY_BE_USED if certification.may_refer_to(course.status(today)) else MARK_IS_HIDDEN)


def rhythm(course: Course) -> str:
    """How often the body comes, by the contract."""
    limit = course.certificate.rhythm
    return said(AT_MOST, limit=whys.length(limit)) if limit.is_set else said(ONCE_A_YEAR)


def _days(course: Course) -> dict[str, date | None]:
    certificate, window = course.certificate, restoration_end(course.facts)
    return {
        "begins": certificate.valid_from,
        "end": course.end.due_on,
        "suspended": certificate.suspended_on,
        "withdrawn": certificate.withdrawn_on,
        "restorable": window.due_on if window else None,
    }


@dataclass(frozen=True)
class Row:
    """One line of the table of days."""

    label: str
    day: date
    state: str
    why: str
    audit: Audit | None


def rows(milestones: Sequence[Milestone], today: date) -> list[Row]:
    """Each day with its state in words and why it is that day."""
    return [_row(milestone, today) for milestone in milestones]


def _row(milestone: Milestone, today: date) -> Row:
    return Row(
        label=gettext(EVENTS[milestone.event]),
        day=milestone.day,
        state=_state(milestone, today),
        why=_why_then(milestone),
        audit=milestone.audit,
    )


def _why_then(milestone: Milestone) -> str:
    """Why it is that day; of an audit that has one, by which day it has to be, too."""
    due = milestone.due
    if due is None:
        return ""
    if milestone.audit is None:
        return why(due)
    agreed = AGREED_TOO_LATE if milestone.audit.ends_on > due.due_on else RULE_WORDS[Rule.AGREED_WITH_BODY]
    return f"{said(agreed, counted_from=due.due_on)} {why(due)}"


def _state(milestone: Milestone, today: date) -> str:
    if milestone.is_done:
        return said(ENDED if milestone.event is Event.END else DONE)
    tolerance = milestone.due.tolerance if milestone.due and not milestone.audit else 0
    return days_away(days_left(milestone.day, today), tolerance)


@dataclass(frozen=True)
class Strip:
    """What `templates/cycle/_strip.html` shows."""

    sentence: str
    picture: Picture
    step: str = ""
    step_due_on: date | None = None
    step_days_left: int | None = None
    step_tolerance: int = 0
    step_why: str = ""


def strip(course: Course, milestones: Sequence[Milestone], today: date) -> Strip:
    """How the certificate stands, its days from the decision on as a line, and what comes next."""
    first, last = course.certificate.decided_on, max(milestone.day for milestone in milestones)
    drawn = [milestone for milestone in milestones if milestone.day >= first]
    now = Label(_along(today, first, last), gettext("today"), day="", state="today")
    step = state(course, today).next_step
    return Strip(
        sentence=sentence(course, today),
        picture=Picture(placed([*(_label(milestone, first, last) for milestone in drawn), now])),
        step=said(verb_of(step)) if step else "",
        step_due_on=step.due_on if step else None,
        step_days_left=days_left(step.due_on, today) if step else None,
        step_tolerance=step.tolerance if step else 0,
        step_why=why(step) if step else "",
    )


def _label(milestone: Milestone, first: date, last: date) -> Label:
    return Label(
        at=_along(milestone.day, first, last),
        words=gettext(EVENTS[milestone.event]),
        day=format_date(milestone.day),
        state=_drawn_as(milestone),
    )


def _drawn_as(milestone: Milestone) -> str:
    if milestone.event in {Event.END, Event.RESTORATION_END, Event.WITHDRAWN}:
        return "end"
    return "done" if milestone.is_done else "planned"


def _along(day: date, first: date, last: date) -> float:
    whole = max(1, (last - first).days)
    return round(min(1, max(0, (day - first).days / whole)) * WHOLE_LINE, 1)
