"""Every feature's deadlines in one place, and who answers for each today."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import func, select

from qms.agenda.words import VERBS, path_of
from qms.audits import deadlines as audits
from qms.audits.models import Audit, AuditMember
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.cycle import deadlines as cycle
from qms.domain.calendar import add_days
from qms.domain.deadlines import Deadline, Duty, Kind, days_left, is_overdue
from qms.domain.reminders import longest_lead
from qms.domain.standing import Who
from qms.findings import deadlines as findings
from qms.findings import own_deadlines as own_findings
from qms.findings import queries as finding_queries
from qms.findings.own_deadlines import Days, Reader
from qms.offices import queries as offices
from qms.people import deadlines as people_deadlines
from qms.people import queries as people
from qms.policy import Actor, offices_of
from qms.training import deadlines as training

DueBetween = Callable[..., Collection[Deadline]]
Source = tuple[frozenset[Kind], DueBetween]

SOURCES: Final[tuple[Source, ...]] = (
    (people_deadlines.KINDS, people_deadlines.due_between),
    (training.KINDS, training.due_between),
    (frozenset({Kind.AUDIT, Kind.AUDIT_REPORT}), audits.due_between),
    (
        frozenset(
            {
                Kind.ANSWER,
                Kind.DECISION_ON_ANSWER,
                Kind.ACTION,
                Kind.VERIFICATION,
                Kind.EFFECTIVENESS,
                Kind.CLOSING,
            }
        ),
        findings.due_between,
    ),
    (cycle.KINDS, cycle.due_between),
)

# All but findings, of which an office has so many that they are asked for by person.
_SMALL_SOURCES: Final = tuple(source for source in SOURCES if source[1] is not findings.due_between)

# A vacant post's duties go to the next one in the row, so that no deadline is left without a reader.
_INSTEAD_OF_PROXY: Final = (Who.PROXY, Who.DEPUTY, Who.SECRETARY, Who.HEAD_OF_OFFICE)
STANDING_IN: Final[Mapping[Duty, tuple[Who, ...]]] = {
    Duty.PROXY: _INSTEAD_OF_PROXY,
    Duty.UNIT_HEAD: _INSTEAD_OF_PROXY,
    Duty.LEAD_AUDITOR: _INSTEAD_OF_PROXY,
    Duty.SECRETARY: (Who.SECRETARY, Who.HEAD_OF_OFFICE, Who.PROXY, Who.DEPUTY),
    Duty.HEAD_OF_OFFICE: (Who.HEAD_OF_OFFICE, Who.SECRETARY, Who.PROXY, Who.DEPUTY),
}

EVER: Final = date(1990, 1, 1)
_A_YEAR_AHEAD: Final = 400


def gather(
    office_ids: Collection[int],
    first: date,
    last: date,
    *,
    today: date,
    kinds: Collection[Kind] | None = None,
) -> list[Deadline]:
    """What is due from the first to the last day and still open, in order of the due day.

    `answers` are the people who answer today: those the feature named, as long as their accounts are active, else the
    holder of the duty's post or who stands in for a vacant one. The offices have to be in scope.
    """
    wanted = frozenset(Kind) if kinds is None else frozenset(kinds)
    found = [
        deadline
        for of_source, due_between in SOURCES
        if of_source & wanted
        for deadline in due_between(office_ids, first, last, today=today)
        if deadline.kind in wanted
    ]
    return _in_order(_answered(found, office_ids, today))


def windows(today: date) -> dict[Kind, tuple[date, date]]:
    """Per kind, the due days that matter today: everything late, and as far ahead as its first reminder reaches."""
    return {kind: (EVER, add_days(today, longest_lead(kind))) for kind in Kind}


def waiting(office_ids: Collection[int], today: date) -> list[Deadline]:
    """What is late or near enough to be reminded of, in order of the due day; each source asked for its own window."""
    found = _within(_ends(today), SOURCES, office_ids, first=EVER, today=today)
    return _in_order(_answered(found, office_ids, today))


def _ends(today: date) -> dict[Kind, date]:
    return {kind: last for kind, (_, last) in windows(today).items()}


def _within(
    ends: Mapping[Kind, date], sources: Iterable[Source], office_ids: Collection[int], *, first: date, today: date
) -> list[Deadline]:
    return [
        deadline
        for of_source, due_between in sources
        for deadline in due_between(office_ids, first, max(ends[kind] for kind in of_source), today=today)
        if deadline.due_on <= ends[deadline.kind]
    ]


def _in_order(deadlines: Iterable[Deadline]) -> list[Deadline]:
    return sorted(deadlines, key=lambda deadline: (deadline.due_on, deadline.kind, deadline.number, deadline.subject))


def _answered(found: list[Deadline], office_ids: Collection[int], today: date) -> list[Deadline]:
    if not found:
        return []
    active = people.active_people({person_id for deadline in found for person_id in deadline.answers}).keys()
    holders = people.holders_of(office_ids, today)
    return [replace(deadline, answers=_answering(deadline, active, holders[deadline.office_id])) for deadline in found]


def _answering(deadline: Deadline, active: Collection[int], holders: Mapping[Who, list[int]]) -> tuple[int, ...]:
    named = tuple(person_id for person_id in deadline.answers if person_id in active)
    if named:
        return named
    return _first_held(holders, deadline.duty or Duty.PROXY)


def _first_held(holders: Mapping[Who, list[int]], duty: Duty) -> tuple[int, ...]:
    return next((tuple(holders[post]) for post in STANDING_IN[duty] if holders.get(post)), ())


@dataclass(frozen=True)
class Task:
    """One thing a person has to do; `verb` is a message to translate, `path` the page where it is done."""

    deadline: Deadline
    verb: str
    path: str
    office_name: str
    days_left: int
    is_overdue: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for a person, late things first: as much of it as was asked for, and how much there is in all."""

    tasks: list[Task]
    total: int


def tasks_of(actor: Actor, today: date) -> list[Task]:
    """What waits for the person in every office where they work or are lent to, late things first."""
    return waiting_for(actor, today).tasks


def waiting_for(actor: Actor, today: date, *, most: int | None = None) -> Waiting:
    """The same, no more than `most` of it and the number of all."""
    return _due_from(actor, _ends(today), first=EVER, today=today, most=most)


def next_task_of(actor: Actor, today: date) -> Task | None:
    """The nearest thing to come for somebody for whom nothing waits yet."""
    in_a_year = dict.fromkeys(Kind, add_days(today, _A_YEAR_AHEAD))
    coming = _due_from(actor, in_a_year, first=today, today=today, most=1)
    return coming.tasks[0] if coming.tasks else None


def _due_from(actor: Actor, ends: Mapping[Kind, date], *, first: date, today: date, most: int | None) -> Waiting:
    office_ids = _offices_with_tasks(actor)
    with scoped(office_ids):
        small = _within(ends, _SMALL_SOURCES, office_ids, first=first, today=today)
        own = [each for each in _answered(small, office_ids, today) if actor.person_id in each.answers]
        reader = Reader(actor.person_id, _stands_in(actor, office_ids, today))
        cases, total = own_findings.due_from(reader, office_ids, Days(first, ends, today), most=most)
        return Waiting(_tasks(_in_order([*own, *cases])[:most], today), len(own) + total)


def _stands_in(actor: Actor, office_ids: Collection[int], today: date) -> frozenset[int]:
    """The offices where the duties of the proxy fall to the person."""
    if not actor.posts:
        return frozenset()
    held = people.holders_of(office_ids, today)
    return frozenset(each for each in office_ids if actor.person_id in _first_held(held[each], Duty.PROXY))


def _offices_with_tasks(actor: Actor) -> frozenset[int]:
    lent = select(AuditMember.office_id).where(AuditMember.person_id == actor.person_id, AuditMember.is_lent)
    with scoped(EVERY_OFFICE):
        return offices_of(actor) | frozenset(db.session.scalars(lent.distinct()))


def _tasks(own: list[Deadline], today: date) -> list[Task]:
    named = {office.id: office for office in offices.by_ids({deadline.office_id for deadline in own})} if own else {}
    return [
        Task(
            deadline,
            VERBS[deadline.kind],
            path_of(deadline, named[deadline.office_id].slug),
            named[deadline.office_id].name,
            days_left(deadline.due_on, today),
            is_overdue(deadline.due_on, today),
        )
        for deadline in own
    ]


@dataclass(frozen=True)
class Figures:
    """The three numbers of an office; audits are those of this year that were not cancelled."""

    open_cases: int
    overdue_actions: int
    audits_held: int
    audits_planned: int


def figures_of(office_id: int, today: date) -> Figures:
    """The numbers for whoever runs or directs the system of an office."""
    of_year = Audit.starts_on.between(date(today.year, 1, 1), date(today.year, 12, 31))
    is_held = (Audit.state == "finished") | (Audit.ends_on < today)
    held, planned = db.session.execute(
        select(func.count().filter(is_held), func.count()).where(
            Audit.office_id == office_id, of_year, Audit.state != "cancelled"
        )
    ).one()
    cases = finding_queries.counts([office_id], today)[office_id]
    return Figures(cases.open, cases.overdue_actions, held, planned)
