"""The monthly letter that tells the management of an office how it stands and what changed in the month before.

It is owed from the first working day of a month until it is written, once for each office and month, also when that
day moves because the office changes its days off. Planning that comes late finds the month of its own day owed and no
other, so an outage brings one letter. The figures are those of the day of planning, which the letter names.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from sqlalchemy import select

from qms.agenda import queries as agenda
from qms.agenda.queries import Figures
from qms.core import clock, outbox
from qms.core.db import db
from qms.core.outbox import Letter
from qms.cycle import queries as cycle
from qms.cycle.queries import Standing
from qms.cycle.words import STATUSES
from qms.domain.calendar import add_days, add_months, next_working_day
from qms.domain.certification import CertificateStatus
from qms.domain.letters import month_opens_on
from qms.domain.reminders import Level, send_at
from qms.domain.standing import Who
from qms.findings.queries import FIGURED
from qms.people import queries as people
from qms.people import reading
from qms.reminders import changes
from qms.reminders.days import Day
from qms.reminders.rungs import rungs_of

KIND: Final = "monthly_status"
WARNING_DAYS: Final = 90  # from here on the end of a certificate needs a person
# A deputy stands in the row of the proxy, while nobody is the proxy.
_LEVELS: Final = (Level.HEAD, Level.SECRETARY, Level.PROXY)
_GET_IT_ANYWAY: Final = frozenset({Level.HEAD, Level.SECRETARY})


@dataclass(frozen=True)
class Reader:
    """Who gets the letter, in which post, and instead of whom."""

    person_id: int
    level: Level
    instead_of_id: int | None

    @property
    def holder_id(self) -> int:
        """Who holds the post, and chose whether the letter comes."""
        return self.person_id if self.instead_of_id is None else self.instead_of_id


def told_before(last_planned: date | None, today: date) -> date | None:
    """Since when a letter may be owed; None for an office that was never planned, which begins with the next month.

    A day still to come was written under a wrong clock: then this month's letter is owed unless it was written.
    """
    if last_planned is None or last_planned <= today:
        return last_planned
    return add_days(today.replace(day=1), -1)


def owe(day: Day, since: date) -> None:
    """Queue the letters of a month that opened after the day planned last."""
    if not (since < month_opens_on(day.today, day.off) <= day.today) or is_written(day.office_id, day.today):
        return
    if next_working_day(day.today, day.off).month != day.today.month:  # it would leave with the letter of the next one
        return
    readers = readers_of(day)
    told = facts(day.office_id, day.today) if readers else None
    if told is not None:
        _put(day, readers, told)


def next_day(day: Day, since: date | None) -> date:
    """The day on which the next of these letters leaves."""
    opens_on = month_opens_on(day.today, day.off)
    if since is not None and since < opens_on and not is_written(day.office_id, day.today):
        return max(opens_on, next_working_day(day.today, day.off))
    return month_opens_on(add_months(day.today.replace(day=1), 1), day.off)


def is_written(office_id: int, today: date) -> bool:
    """Whether the letters of this month are queued already, whatever has become of them."""
    first = today.replace(day=1)
    since, until = (clock.moment(day, time.min) for day in (first, add_months(first, 1)))
    found = select(Letter.id).where(
        Letter.office_id == office_id, Letter.created_at >= since, Letter.created_at < until, Letter.kind == KIND
    )
    return db.session.scalar(found.limit(1)) is not None


def readers_of(day: Day) -> list[Reader]:
    """The head of the office and the secretary unless they gave it up; the proxy only if they asked for it."""
    rungs = rungs_of([day.office_id], (), day.today)[day.office_id]
    asked = [Reader(reader, level, away) for level in _LEVELS for reader, away in rungs.in_post(level).items()]
    habits = reading.habits({person_id for each in asked for person_id in (each.holder_id, each.person_id)})
    wanted = [
        each
        for each in asked
        if habits[each.holder_id].has_status(is_given=each.level in _GET_IT_ANYWAY)
        and habits[each.person_id].has_status(is_given=True)
    ]
    return list({each.person_id: each for each in reversed(wanted)}.values())


def facts(office_id: int, today: date) -> dict[str, Any] | None:
    """What the letter says, as plain data; none when the office has nothing in its registers."""
    month = add_months(today.replace(day=1), -1)
    figures = agenda.figures_of(office_id, today)
    certificate = cycle.state_of([office_id], today)[office_id]
    changed = changes.between(office_id, month, add_days(today.replace(day=1), -1))
    has_certificate = certificate.certificate is not None
    if not (has_certificate or figures.open_cases or figures.audits_planned or any(changed.values())):
        return None
    late = changes.late_cases(office_id, today)
    has_proxy = bool(people.holders(office_id, today).get(Who.PROXY))
    return {
        "month_on": month.isoformat(),
        "as_of_on": today.isoformat(),
        "year": today.year,
        "changed": changed,
        "late_cases": late,
        **vars(figures),
        "most_counted": FIGURED,
        "certificate": _certificate(certificate) if has_certificate else None,
        "worries": _worries(certificate, figures, late_cases=late, has_proxy=has_proxy),
        "overview_path": "/zadania",
    }


def _certificate(standing: Standing) -> dict[str, Any]:
    return {
        "status": STATUSES[standing.status],
        "ends_on": standing.ends_on.isoformat() if standing.ends_on else None,
        "days_left": standing.days_left,
    }


def _worries(standing: Standing, figures: Figures, *, late_cases: int, has_proxy: bool) -> list[str]:
    """What needs a person, the gravest first."""
    is_near = standing.days_left is not None and standing.days_left <= WARNING_DAYS
    is_lost = standing.status not in {CertificateStatus.VALID, CertificateStatus.IN_PREPARATION}
    found = {
        "certificate": standing.certificate is not None and (is_lost or is_near),
        "late": bool(late_cases or figures.overdue_actions),
        "no_proxy": not has_proxy,
    }
    return [name for name, is_so in found.items() if is_so]


def _put(day: Day, readers: list[Reader], told: dict[str, Any]) -> None:
    habits = reading.habits({reader.person_id for reader in readers})
    names = people.names({reader.instead_of_id for reader in readers if reader.instead_of_id is not None})
    leaves_on = next_working_day(day.today, day.off)
    for reader in readers:
        own = {"level": reader.level.value, "instead_of": names.get(reader.instead_of_id or 0)}
        outbox.put(
            KIND,
            person_id=reader.person_id,
            office_id=day.office_id,
            dedupe=f"{KIND}:{day.office_id}:{told['month_on']}:{reader.person_id}",
            payload=told | own,
            at=send_at(leaves_on, habits[reader.person_id].letters_at),
        )
