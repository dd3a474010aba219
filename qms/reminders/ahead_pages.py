"""The page of what will be sent: to whom, about what and why, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from qms.agenda.words import verb_of
from qms.core import clock
from qms.core.access import guard
from qms.core.paging import PER_PAGE, start
from qms.cycle import telling as cycle
from qms.domain.calendar import add_days, next_working_day
from qms.domain.errors import N_
from qms.offices import queries as offices
from qms.offices.models import Office
from qms.people import queries as people
from qms.policy import Can
from qms.reminders import about, ahead, queries, status, telling
from qms.reminders.ahead import Coming
from qms.reminders.days import days_of
from qms.reminders.pages import bp, where

NEXT_DAY: Final = "jutro"
_DAYS: Final = {"miesiac": 30, "rok": 365}
PERIODS: Final = {
    NEXT_DAY: N_("Next working day"),
    "miesiac": N_("Next 30 days"),
    "rok": N_("Next 12 months"),
}


@bp.get("/u/<slug>/listy/plan")
@guard(Can.SEE_LETTERS)
def plan(office: Office) -> ResponseReturnValue:
    """What leaves in a while, if nothing gets done before."""
    asked = request.args.get("okres", NEXT_DAY)
    period = asked if asked in PERIODS else NEXT_DAY
    last = _last_day(office.id, period, clock.today())
    coming = _coming(office.id, last, clock.today())
    told = _status(office.id, last, clock.today())
    shown = where(len(coming), lambda page: url_for("reminders.plan", slug=office.slug, okres=period, strona=page))
    lines = coming[start(shown["number"]) :][:PER_PAGE]
    return render_template(
        "reminders/plan.html",
        days=[(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: line.day)],
        names=people.names({*_named(lines), *_named(told.readers)}),
        status=told,
        where=shown,
        period=period,
        periods=PERIODS,
        verb_of=verb_of,
        why=cycle.why,
        telling=telling,
        place_of=about.place_of,
    )


def _named(lines: Sequence[Coming | status.Reader]) -> set[int]:
    return {each for line in lines for each in (line.person_id, line.instead_of_id) if each is not None}


@dataclass(frozen=True)
class Status:
    """The next letter about how the office stands: when it leaves and to whom; to nobody when it is not in sight."""

    day: date
    readers: list[status.Reader]


def _status(office_id: int, last: date, today: date) -> Status:
    """As planning of that day will write it, if nobody takes another post meanwhile."""
    since = status.told_before(queries.last_planned(office_id), today)
    day = status.next_day(days_of([office_id], today)[office_id], since)
    is_in_sight = day <= last and status.facts(office_id, today) is not None
    return Status(day, status.readers_of(days_of([office_id], day)[office_id]) if is_in_sight else [])


def _last_day(office_id: int, period: str, today: date) -> date:
    tomorrow = add_days(today, 1)
    return (
        next_working_day(tomorrow, offices.days_off(office_id))
        if period == NEXT_DAY
        else add_days(today, _DAYS[period])
    )


def _coming(office_id: int, last: date, today: date) -> list[Coming]:
    """What is written and waits, and what planning will add, up to a day, in order."""
    written = [line for line in ahead.waiting(office_id, today=today) if line.day <= last]
    coming = [*written, *ahead.preview(office_id, today, last, today=today)]
    return sorted(
        coming, key=lambda line: (line.day, line.duty.due_on, line.duty.kind, line.duty.subject, line.person_id)
    )
