"""Nobody audits or judges their own work.

Source: ISO 9001:2008, 8.2.2 ("auditors shall not audit their own work") and ISO 9001:2015, 9.2.2 (objectivity and
impartiality of auditors); ISO 19011 on small organisations: where independence is hard, remove bias as far as possible
and say so. The check looks at the days of the audit, not at today, and at one item of the scope at a time: a clerk of
one unit may audit another unit inside the same audit.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from qms.domain.calendar import add_months
from qms.domain.errors import N_

RECENT_MONTHS = 12
LONGEST_MEMORY = 24
"""Months that former work may be remembered at most; none is allowed too."""

Period = tuple[date, date]
Parents = Mapping[int, int | None]
"""The department above each department; None or absent at the top."""

OWN_WORK = N_("You own or did one of these actions, so someone else must judge them. Ask the proxy to choose a person.")


class ItemKind(StrEnum):
    UNIT = "unit"
    PROCESS = "process"
    CLAUSE = "clause"


class Item(NamedTuple):
    """One thing that an audit covers, and that somebody may or may not judge."""

    kind: ItemKind
    id: int


def units(ids: Iterable[int]) -> list[Item]:
    return [Item(ItemKind.UNIT, each) for each in ids]


@dataclass(frozen=True)
class Membership:
    """Both days belong to it; `to_on` None means that it goes on."""

    person_id: int
    department_id: int
    from_on: date
    to_on: date | None = None
    is_head: bool = False

    def covers(self, period: Period) -> bool:
        return _touches(self.from_on, self.to_on, period)


@dataclass(frozen=True)
class Ownership:
    """That somebody answers for a process; both days belong to it, `to_on` None means that it goes on."""

    person_id: int
    process_id: int
    from_on: date
    to_on: date | None = None

    def covers(self, period: Period) -> bool:
        return _touches(self.from_on, self.to_on, period)


def _touches(from_on: date, to_on: date | None, period: Period) -> bool:
    start, end = period
    return from_on <= end and (to_on is None or to_on >= start)


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"


class Ground(StrEnum):
    """Why somebody should not judge an item."""

    BELONGS = "belongs"
    SUPERVISES = "supervises"
    OWNS = "owns"
    SUPERVISES_OWNER = "supervises_owner"
    PROXYS_PROCESS = "proxys_process"
    PROXYS_CLAUSE = "proxys_clause"
    WORKED_THERE = "worked_there"
    ANSWERS_TO = "answers_to"
    OWNED = "owned"
    ANSWERS_TO_OWNER = "answers_to_owner"
    TAKES_PART = "takes_part"


@dataclass(frozen=True)
class Conflict:
    """Why the person should not audit this item. A warning wants a reason, a block wants another auditor."""

    severity: Severity
    item: Item
    ground: Ground


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules need to know of an office; days are compared here, so history may be given whole.

    `supervises` gives the persons each person directly supervises on the days of the audit, `runs_through` the
    departments of each process, `proxies` the proxy and the deputies of those days, `proxys_clauses` the clauses that
    their own work is to meet.
    """

    memberships: Collection[Membership] = ()
    parents: Parents = field(default_factory=dict)
    supervises: Mapping[int, Collection[int]] = field(default_factory=dict)
    ownerships: Collection[Ownership] = ()
    runs_through: Mapping[int, Collection[int]] = field(default_factory=dict)
    proxies: Collection[int] = ()
    proxys_clauses: Collection[int] = ()
    recent_months: int = RECENT_MONTHS
    warns_only: bool = False


def check_auditor(person_id: int, scope: Iterable[Item], *, on: Period, facts: Facts) -> list[Conflict]:
    """The gravest conflict of the person with each item of the scope; none is an empty list.

    `on` is the first and the last day of the audit.
    """
    found = (_conflict(item, _Case(person_id, item.id, on, facts)) for item in scope)
    return [conflict for conflict in found if conflict]


def _conflict(item: Item, case: "_Case") -> Conflict | None:
    for severity, ground, applies in _RULES[item.kind]:
        if applies(case):
            return Conflict(Severity.WARN if case.facts.warns_only else severity, item, ground)
    return None


@dataclass(frozen=True)
class _Case:
    """A person before an item, over the days of an audit."""

    person_id: int
    item_id: int
    on: Period
    facts: Facts

    @property
    def recently(self) -> Period:
        start, end = self.on
        return (add_months(start, -self.facts.recent_months), end)

    @property
    def is_proxy(self) -> bool:
        return self.person_id in self.facts.proxies

    def works_near(self, departments: Collection[int], period: Period) -> bool:
        own = (each for each in self.facts.memberships if each.person_id == self.person_id and each.covers(period))
        return any(self._are_in_one_line(each.department_id, other) for each in own for other in departments)

    def works_in(self, departments: Collection[int], period: Period) -> bool:
        own = (each for each in self.facts.memberships if each.person_id == self.person_id and each.covers(period))
        return any(each.department_id in departments for each in own)

    def heads(self) -> set[int]:
        return {
            each.person_id
            for each in self.facts.memberships
            if each.is_head and each.department_id == self.item_id and each.covers(self.on)
        }

    def owners(self, period: Period) -> set[int]:
        return {
            each.person_id for each in self.facts.ownerships if each.process_id == self.item_id and each.covers(period)
        }

    def supervises(self, others: Collection[int]) -> bool:
        return bool(set(others) & set(self.facts.supervises.get(self.person_id, ())))

    def answers_to(self, others: Collection[int]) -> bool:
        return any(self.person_id in self.facts.supervises.get(other, ()) for other in others)

    def _are_in_one_line(self, one: int, other: int) -> bool:
        parents = self.facts.parents
        return other in set(_line_up(one, parents)) or one in set(_line_up(other, parents))


_Rule = tuple[Severity, Ground, Callable[[_Case], bool]]

# In this order: the first that applies is the gravest.
_RULES: Final[Mapping[ItemKind, tuple[_Rule, ...]]] = {
    ItemKind.UNIT: (
        (Severity.BLOCK, Ground.BELONGS, lambda case: case.works_near({case.item_id}, case.on)),
        (Severity.BLOCK, Ground.SUPERVISES, lambda case: case.supervises(case.heads())),
        (Severity.WARN, Ground.WORKED_THERE, lambda case: case.works_near({case.item_id}, case.recently)),
        (Severity.WARN, Ground.ANSWERS_TO, lambda case: case.answers_to(case.heads())),
    ),
    ItemKind.PROCESS: (
        (Severity.BLOCK, Ground.OWNS, lambda case: case.person_id in case.owners(case.on)),
        (
            Severity.BLOCK,
            Ground.PROXYS_PROCESS,  # proxy and deputies do one work between them
            lambda case: case.is_proxy and bool(case.owners(case.on) & set(case.facts.proxies)),
        ),
        (Severity.BLOCK, Ground.SUPERVISES_OWNER, lambda case: case.supervises(case.owners(case.on))),
        (Severity.WARN, Ground.OWNED, lambda case: case.person_id in case.owners(case.recently)),
        (Severity.WARN, Ground.ANSWERS_TO_OWNER, lambda case: case.answers_to(case.owners(case.on))),
        (
            Severity.WARN,
            Ground.TAKES_PART,  # no block: some processes run through every department
            lambda case: case.works_in(case.facts.runs_through.get(case.item_id, ()), case.on),
        ),
    ),
    ItemKind.CLAUSE: (
        (
            Severity.BLOCK,
            Ground.PROXYS_CLAUSE,
            lambda case: case.is_proxy and case.item_id in case.facts.proxys_clauses,
        ),
    ),
}


def _line_up(department: int, parents: Parents) -> Iterator[int]:
    """The department and all above it; a circle in the data is walked once."""
    seen: set[int] = set()
    above: int | None = department
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = parents.get(above)


Barred = tuple[int, Item]
"""A person and an item that they must not judge, unless the head of the office permits it."""


def unresolved(
    scope: Collection[Item],
    blocks: Collection[Barred],
    *,
    lead: int,
    auditors: Collection[int],
    learners: Collection[int] = (),
    permitted: Collection[Barred] = (),
) -> list[Barred]:
    """The blocks that the team cannot get round, in the order of the scope; an empty list when it may hold the audit.

    A block is got round when another auditor of the team may judge the item, and the person judges something else.
    `auditors` are those who judge beside the lead; `learners` judge nothing alone. Clauses are judged in units and
    processes, so they are nobody's only work.
    """
    barred = set(blocks) - set(permitted)
    places = [item for item in scope if item.kind is not ItemKind.CLAUSE]
    left = [(lead, item) for item in scope if all((each, item) in barred for each in (lead, *auditors))]
    for person_id in (lead, *auditors, *learners):
        if places and all((person_id, item) in barred for item in places):
            left += [(person_id, item) for item in places]
    return list(dict.fromkeys(left))


def supervision(
    memberships: Collection[Membership], parents: Parents, on: Period, *, heads_of_office: Collection[int]
) -> dict[int, set[int]]:
    """Whom each person directly supervises on these days.

    A head supervises the people of the department and the heads right below it; the head of the office, the heads of
    the departments that have none above them.
    """
    serving = [each for each in memberships if each.covers(on)]
    bosses: dict[int | None, set[int]] = defaultdict(set, {None: set(heads_of_office)})
    for each in serving:
        if each.is_head:
            bosses[each.department_id].add(each.person_id)
    found: dict[int, set[int]] = defaultdict(set)
    for each in serving:
        above = parents.get(each.department_id) if each.is_head else each.department_id
        for boss in bosses.get(above, set()) - {each.person_id}:
            found[boss].add(each.person_id)
    return found


def is_last_free(person_id: int, groups: Iterable[Collection[int]], barred: Collection[int]) -> bool:
    """Whether this person alone is left of those whose turn it is to act."""
    return first_free(groups, barred) == (person_id,)


def first_free(groups: Iterable[Collection[int]], barred: Collection[int]) -> tuple[int, ...]:
    """Those who may act, of the first group in which somebody may; nobody when all of them are barred."""
    free = (tuple(person_id for person_id in group if person_id not in barred) for group in groups)
    return next(filter(None, free), ())
