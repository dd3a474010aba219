"""Nobody audits or judges their own work.

Source: ISO 9001:2008, 8.2.2 and ISO 9001:2015, 9.2.2 (objectivity and impartiality of auditors). The check looks at the
days of the audit, not at today, and at one department of the scope at a time: a clerk of one unit may audit another
unit inside the same audit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qms.domain.calendar import add_months
from qms.domain.errors import N_, Notice

RECENT_MONTHS = 12

Period = tuple[date, date]
Parents = Mapping[int, int | None]
"""The department above each department; None or absent at the top."""


@dataclass(frozen=True)
class Membership:
    """Both days belong to it; `to_on` None means that it goes on."""

    person_id: int
    department_id: int
    from_on: date
    to_on: date | None = None
    is_head: bool = False

    def covers(self, period: Period) -> bool:
        start, end = period
        return self.from_on <= end and (self.to_on is None or self.to_on >= start)


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Conflict:
    """Why the person should not audit this department. A warning wants a reason, a block wants another auditor."""

    severity: Severity
    department_id: int
    reason: Notice


OWN_WORK = N_("You own or did one of these actions, so someone else must judge them. Ask the proxy to choose a person.")
BELONGS = N_("This person works in the unit, or in one above or below it. Choose another auditor for this unit.")
SUPERVISES = N_("This person supervises the head of the unit. Choose another auditor for this unit.")
WORKED_THERE = N_("This person worked in the unit in the last %(months)s months. Write why they can still judge it.")
ANSWERS_TO = N_("This person answers to the head of the unit. Write why they can still judge it.")


def check_auditor(
    person_id: int,
    scope: Iterable[int],
    *,
    on: Period,
    memberships: Collection[Membership],
    parents: Parents,
    supervises: Mapping[int, Collection[int]],
    recent_months: int = RECENT_MONTHS,
) -> list[Conflict]:
    """The gravest conflict of the person with each department of the scope; none is an empty list.

    `on` is the first and the last day of the audit; `supervises` gives the persons each person directly supervises.
    """
    office = _Office(memberships, parents, supervises, recent_months)
    found = (office.conflict(person_id, department, on) for department in scope)
    return [conflict for conflict in found if conflict]


@dataclass(frozen=True)
class _Office:
    memberships: Collection[Membership]
    parents: Parents
    supervises: Mapping[int, Collection[int]]
    recent_months: int

    def conflict(self, person_id: int, department: int, on: Period) -> Conflict | None:
        block = self._block(person_id, department, on)
        if block:
            return Conflict(Severity.BLOCK, department, block)
        warning = self._warning(person_id, department, on)
        return Conflict(Severity.WARN, department, warning) if warning else None

    def _block(self, person_id: int, department: int, on: Period) -> Notice | None:
        if self._works_near(person_id, department, on):
            return Notice(BELONGS)
        if self._heads(department, on) & set(self.supervises.get(person_id, ())):
            return Notice(SUPERVISES)
        return None

    def _warning(self, person_id: int, department: int, on: Period) -> Notice | None:
        start, end = on
        recently = (add_months(start, -self.recent_months), end)
        if self._works_near(person_id, department, recently):
            return Notice(WORKED_THERE, {"months": self.recent_months})
        if any(person_id in self.supervises.get(head, ()) for head in self._heads(department, on)):
            return Notice(ANSWERS_TO)
        return None

    def _works_near(self, person_id: int, department: int, period: Period) -> bool:
        own = (each for each in self.memberships if each.person_id == person_id and each.covers(period))
        return any(self._are_in_one_line(each.department_id, department) for each in own)

    def _heads(self, department: int, on: Period) -> set[int]:
        return {
            each.person_id
            for each in self.memberships
            if each.is_head and each.department_id == department and each.covers(on)
        }

    def _are_in_one_line(self, one: int, other: int) -> bool:
        return other in set(_line_up(one, self.parents)) or one in set(_line_up(other, self.parents))


def _line_up(department: int, parents: Parents) -> Iterator[int]:
    """The department and all above it; a circle in the data is walked once."""
    seen: set[int] = set()
    above: int | None = department
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = parents.get(above)


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


def first_free(groups: Iterable[Collection[int]], barred: Collection[int]) -> tuple[int, ...]:
    """Those who may act, of the first group in which somebody may; nobody when all of them are barred."""
    free = (tuple(person_id for person_id in group if person_id not in barred) for group in groups)
    return next(filter(None, free), ())
