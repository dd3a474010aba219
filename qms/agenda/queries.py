"""Every feature's deadlines in one place, and who answers for each today."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import bindparam, func, select

from qms.agenda.words import path_of, verb_of
from qms.audits import deadlines as audits
from qms.audits.models import Audit, AuditMember
from qms.core.db import EVERY_OFFICE, db, scoped
from qms.cycle import deadlines as cycle
from qms.cycle.course import Course, open_deadlines
from qms.cycle.queries import histories
from qms.domain.calendar import add_days
from qms.domain.deadlines import Deadline, Duty, Kind, days_left
from qms.domain.standing import Who
from qms.findings import body_deadlines, stage_two
from qms.findings import deadlines as findings
from qms.findings import own_deadlines as own_findings
from qms.findings import queries as finding_queries
from qms.findings.own_deadlines import Days, Reader
from qms.offices import queries as offices
from qms.people import deadlines as people_deadlines
from qms.people import queries as people
from qms.policy import Actor, audits_in, offices_of
from qms.products import deadlines as products
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
    (stage_two.KINDS, stage_two.due_between),
    (body_deadlines.KINDS, body_deadlines.due_between),
    (cycle.KINDS, cycle.due_between),
    (products.KINDS, products.due_between),
)

# All but findings, of which an office has so many that they are asked for by person, and the cycle, which is read
# whole because the page shows it as well.
_SMALL_SOURCES: Final = tuple(
    source for source in SOURCES if source[1] not in {findings.due_between, cycle.due_between}
)

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
    return _in_order(_answered(found, people.holders_of(office_ids, today), today))


def waiting(office_ids: Collection[int], today: date) -> list[Deadline]:
    """What is late or near enough to be reminded of, in order of the due day; each source asked for its own window."""
    found = _within(_ends(today, office_ids), SOURCES, office_ids, first=EVER, today=today)
    return _in_order(_answered(found, people.holders_of(office_ids, today), today))


def _ends(today: date, office_ids: Collection[int]) -> dict[Kind, date]:
    """Per kind, as far ahead as the first reminder of it reaches in any of these offices."""
    return {kind: add_days(today, days) for kind, days in offices.longest_leads(office_ids).items()}


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


def _answered(found: list[Deadline], holders: Mapping[int, Mapping[Who, list[int]]], today: date) -> list[Deadline]:
    """With those who answer today: nobody whose account is closed, and for an action nobody who left the office."""
    active = people.active_ids({person_id for deadline in found for person_id in deadline.answers})
    actions = [deadline for deadline in found if deadline.kind is Kind.ACTION]
    owners = {person_id for action in actions for person_id in action.answers}
    here = people.present({action.office_id for action in actions}, owners, today) if owners else set()

    def answers_now(deadline: Deadline, person_id: int) -> bool:
        is_here = deadline.kind is not Kind.ACTION or (deadline.office_id, person_id) in here
        return is_here and person_id in active

    return [
        replace(deadline, answers=named or _first_held(holders[deadline.office_id], deadline.duty or Duty.PROXY))
        for deadline in found
        for named in [tuple(each for each in deadline.answers if answers_now(deadline, each))]
    ]


def _first_held(holders: Mapping[Who, list[int]], duty: Duty) -> tuple[int, ...]:
    return next((tuple(holders[post]) for post in STANDING_IN[duty] if holders.get(post)), ())


@dataclass(frozen=True)
class Task:
    """One thing a person has to do; `verb` is a message to translate, `path` the page where it is done."""

    deadline: Deadline
    verb: str
    path: str
    office_name: str
    office_slug: str
    days_left: int
    is_overdue: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for a person, late things first: as much of it as was asked for, and how much there is in all.

    `more_than` is where counting stopped; the total then says nothing. `courses` are the certificates of the person's
    offices, from which some of it was read.
    """

    tasks: list[Task]
    total: int
    courses: Mapping[int, list[Course]]
    more_than: int | None = None


def tasks_of(actor: Actor, today: date) -> list[Task]:
    """What waits for the person in every office where they work or are lent to, late things first."""
    return waiting_for(actor, today).tasks


def waiting_for(actor: Actor, today: date, *, most: int | None = None) -> Waiting:
    """The same, no more than `most` of it and the number of all."""
    return _due_from(actor, None, first=EVER, today=today, most=most)


def next_task_of(actor: Actor, today: date) -> Task | None:
    """The nearest thing to come for somebody for whom nothing waits yet."""
    coming = _due_from(actor, _in_a_year(today), first=today, today=today, most=1)
    return coming.tasks[0] if coming.tasks else None


def due_within_a_year(actor: Actor, today: date, *, most: int) -> list[Task]:
    """What waits for the person and what comes, the first `most` of it."""
    return _due_from(actor, _in_a_year(today), first=EVER, today=today, most=most).tasks


def _in_a_year(today: date) -> dict[Kind, date]:
    return dict.fromkeys(Kind, add_days(today, _A_YEAR_AHEAD))


def _due_from(actor: Actor, ends: Mapping[Kind, date] | None, *, first: date, today: date, most: int | None) -> Waiting:
    """Until these days, or as far ahead as reminders reach."""
    office_ids = _offices_with_tasks(actor)
    with scoped(office_ids):
        ends = _ends(today, office_ids) if ends is None else ends
        courses = histories(office_ids)
        small = _within(ends, _SMALL_SOURCES, office_ids, first=first, today=today)
        small += [each for each in _of_cycle(courses, today) if first <= each.due_on <= ends[each.kind]]
        holders = people.holders_of(office_ids, today)
        own = [each for each in _answered(small, holders, today) if actor.person_id in each.answers]
        reader = _reader(actor, holders)
        cases, total = own_findings.due_from(reader, office_ids, Days(first, ends, today), most=most)
        total += len(own)
        counted = total if most is None else max(most, own_findings.COUNTED)
        shown = _tasks(_in_order([*own, *cases])[:most], today)
        return Waiting(shown, total, courses, counted if total > counted else None)


def _of_cycle(courses: Mapping[int, list[Course]], today: date) -> Iterator[Deadline]:
    return (each for row in courses.values() for course in row for each in open_deadlines(course, today))


def _reader(actor: Actor, holders: Mapping[int, Mapping[Who, list[int]]]) -> Reader:
    """The person, with the offices where they hold the posts that findings are asked of, or stand in for them."""

    def offices_where(holders_in: Callable[[Mapping[Who, list[int]]], Collection[int]]) -> frozenset[int]:
        return frozenset(each for each, held in holders.items() if actor.person_id in holders_in(held))

    return Reader(
        actor.person_id,
        is_here=offices_of(actor),
        audits_in=audits_in(actor),
        is_proxy=offices_where(lambda holders: holders.get(Who.PROXY, ())),
        is_deputy=offices_where(lambda holders: holders.get(Who.DEPUTY, ())),
        for_proxy=offices_where(lambda holders: _first_held(holders, Duty.PROXY)),
        for_head=offices_where(lambda holders: _first_held(holders, Duty.HEAD_OF_OFFICE)),
    )


# Asked on the page everybody lands on, and so written once.
_LENT_TO: Final = (
    select(AuditMember.office_id).where(AuditMember.person_id == bindparam("person_id"), AuditMember.is_lent).distinct()
)


def _offices_with_tasks(actor: Actor) -> frozenset[int]:
    with scoped(EVERY_OFFICE):
        return offices_of(actor) | frozenset(db.session.scalars(_LENT_TO, {"person_id": actor.person_id}))


def _tasks(own: list[Deadline], today: date) -> list[Task]:
    named = {office.id: office for office in offices.by_ids({deadline.office_id for deadline in own})} if own else {}
    return [
        Task(
            deadline,
            verb_of(deadline),
            path_of(deadline, named[deadline.office_id].slug),
            named[deadline.office_id].name,
            named[deadline.office_id].slug,
            days_left(deadline.due_on, today),
            deadline.is_overdue(today),
        )
        for deadline in own
    ]


@dataclass(frozen=True)
class Figures:
    """The numbers of an office; audits are those of this year that were not cancelled."""

    open_cases: int
    """Nonconformities alone; potential ones are counted apart."""
    open_potential: int
    overdue_actions: int
    audits_held: int
    audits_planned: int


_AUDITS_OF_YEAR: Final = select(
    func.count().filter((Audit.state == "finished") | (Audit.ends_on < bindparam("today"))), func.count()
).where(
    Audit.office_id == bindparam("office_id"),
    Audit.starts_on.between(bindparam("first"), bindparam("last")),
    Audit.state != "cancelled",
)


def figures_of(office_id: int, today: date) -> Figures:
    """The numbers for whoever runs or directs the system of an office."""
    year = {"first": date(today.year, 1, 1), "last": date(today.year, 12, 31)}
    held, planned = db.session.execute(_AUDITS_OF_YEAR, year | {"office_id": office_id, "today": today}).one()
    cases = finding_queries.counts(office_id, today)
    return Figures(cases.open, cases.potential, cases.overdue_actions, held, planned)
