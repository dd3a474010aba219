"""Planning: what is owed to whom goes into the ledger, and into each person's one letter of the day.

The ledger decides, not the calendar: a step is owed when its day has come and the ledger lacks it. So planning
twice writes nothing more, planning late loses nothing, and any number of planners may run.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from qms.agenda import queries as agenda
from qms.domain.calendar import add_days
from qms.domain.deadlines import Deadline, Kind
from qms.domain.letters import is_escalation
from qms.domain.reminders import Step, longest_lead, owed
from qms.reminders import digests, queries, status
from qms.reminders.days import Day, days_of, earliest
from qms.reminders.rungs import Line, rungs_of

# Certificates are told of a year ahead, answers a week: asking for all alike would read a year of answers.
_NEAR: Final = 60  # days


def plan(office_ids: Collection[int], today: date, *, is_whole: bool = False) -> int:
    """Plan offices up to `today` and return how many lines were new to their ledgers.

    Looks at what may have become due since the day planned last; `is_whole` looks at everything that is open. Sends as
    many statements for a hundred offices as for one where nothing is owed.
    """
    last = queries.lock(office_ids)
    planned = {each: queries.if_past(through, today) for each, through in last.items()}
    waiting = [each for each, through in planned.items() if is_whole or through is None or through < today]
    if not waiting:
        return 0
    days = days_of(waiting, today)
    looks_from = {each: _looks_from(days[each], planned[each], is_whole=is_whole) for each in waiting}
    lines = _lines_owed(days, looks_from, today)
    known = queries.told([line.duty for line in lines])
    new = [line for line in lines if line.key not in known]
    told = {key.matter for key in known}
    digests.write(new, days, calling={line.key for line in new if _is_first_call(line, days, told)})
    for each in waiting:
        if (since := status.told_before(last[each], today)) is not None:
            status.owe(days[each], since)
    queries.mark_planned(waiting, today)
    return len(new)


def _is_first_call(line: Line, days: Mapping[int, Day], told: Collection[tuple[object, ...]]) -> bool:
    """Whether a late matter reaches a superior for the first time: that letter waits for nobody's own hour."""
    duty, day = line.duty, days[line.duty.office_id]
    is_late = duty.is_overdue(day.today) and is_escalation(day.ladders[duty.kind], line.level)
    return is_late and line.key.matter not in told


def _looks_from(day: Day, since: date | None, *, is_whole: bool) -> date:
    return agenda.EVER if is_whole or since is None else earliest(since, day)


def _lines_owed(days: Mapping[int, Day], looks_from: Mapping[int, date], today: date) -> list[Line]:
    steps = [
        (duty, step)
        for duty in duties(days.values(), min(looks_from.values()), until=today)
        if duty.due_on >= looks_from[duty.office_id] and (step := _step_owed(duty, days[duty.office_id]))
    ]
    rungs = rungs_of({duty.office_id for duty, _ in steps}, [duty for duty, _ in steps], today)
    return [line for duty, step in steps for line in rungs[duty.office_id].lines(duty, step)]


def _step_owed(duty: Deadline, day: Day) -> Step | None:
    ladder, tolerance = day.ladders[duty.kind], duty.tolerance
    return owed(ladder, duty.due_on, today=day.today, off=day.off, rolls=day.rolls, tolerance=tolerance)


def duties(
    days: Collection[Day], first: date, *, until: date, kinds: Collection[Kind] = tuple(Kind)
) -> Iterator[Deadline]:
    """What is open in offices on one day and may have its first step by `until`, and some that has not.

    As today sees it: who answers, and what a certificate asks for, may be another thing on a later day.
    """
    leads = {
        kind: max(longest_lead(kind, day.ladders) for day in days)
        for kind in kinds
        if any(day.ladders[kind].has_steps for day in days)
    }
    near = {kind for kind, lead in leads.items() if lead <= _NEAR}
    today, office_ids = next(iter(days)).today, [day.office_id for day in days]
    for alike in filter(None, (near, leads.keys() - near)):
        last = add_days(until, max(leads[kind] for kind in alike))
        yield from agenda.gather(office_ids, first, last, today=today, kinds=alike)
